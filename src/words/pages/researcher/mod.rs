//! The pages of a researcher: the workplace around each page, and one file per part of the work.
//!
//! Addresses are paths below [`DeskStudy::base`], `/studies/{id}`, or below the thing's own path. Every form carries
//! [`Desk::csrf`] in the field `_csrf` (E31) and [`Desk::key`] in the field `key`.

mod account;
mod agenda;
mod archive;
mod availability;
mod batches;
mod calendars;
mod closing;
mod consent;
mod consent_points;
mod consent_versions;
mod copying;
mod entrance;
mod exports;
mod guide_editor;
mod guides;
mod import;
mod incoming;
mod interviews;
mod invitations;
mod leaving;
mod letters;
mod mailbox;
mod municipalities;
mod proposals;
mod respondents;
mod second_factor;
mod settings;
mod settings_form;
mod settings_held;
mod sheet;
mod span;
mod strata;
mod studies;
mod study_overview;
mod subject_log;
mod team;
mod why_not;

pub use account::{Account, SessionRow, SignIn, SignInLink, TokenRow};
pub use agenda::{
    Agenda, AgendaBook, AgendaTime, Arrangement, BlockRelease, Board, BoardDay, BoardRow, Column, Grid, Hour,
    Item, ItemInterview, Refused, Scale,
};
pub use archive::Archive;
pub use availability::{
    AvailabilityForm, BlockForm, BlockRow, DayRow, ExceptionForm, ExceptionRow, HolidayRow, RangeRow,
    StudyTimes, TravelForm, WayRow,
};
pub use batches::{BatchPage, BatchRow};
pub use calendars::{CalendarLeaves, CalendarRow, Calendars};
pub use closing::{Closing, ClosingGroup, ClosingLeft};
pub use consent::{
    ConsentEditor, ConsentFormRow, ConsentForms, ConsentItemRow, ConsentView, ReplacingNotice,
    consent_messages,
};
pub use consent_points::PointRow;
pub use consent_versions::{AskedItem, ChangedSide, ConsentChanges, GivenList, GivenRow, OtherForm};
pub use copying::{CopyForm, CopyPart};
pub use entrance::{Doorstep, ForgotPassword, Join, LinkGone, NewPassword, SetUp};
pub use exports::{ColumnRow, ExportRow, Exports};
pub use guide_editor::{
    GuideEditor, GuideFields, GuideMarkdown, GuideOrigin, QuestionFields, Run, SectionFields,
    folded_messages, guide_messages,
};
pub use guides::{
    GuideMatrix, GuideOutline, GuideRow, GuideView, Guides, MatrixColumn, MatrixRow, OutlineQuestion,
    OutlineSection,
};
pub use import::{EarlierImport, Import, ImportColumn, ImportColumns, ImportFault, ImportPreview, ImportRow};
pub use incoming::{IncomingDetail, IncomingList, IncomingRow, MailIn};
pub use interviews::{
    AnswerRow, InterviewDetail, InterviewList, InterviewRow, MeetingRow, ReminderRow, Replan,
};
pub use invitations::{Candidate, FilterOfList, Invitations, Outcome, Skipped};
pub use leaving::MemberLeaves;
pub use letters::{
    LetterDetail, LetterList, LetterRow, Offer, WordingDraft, WordingForm, WordingGroup, WordingReset,
    WordingRow, Wordings,
};
pub use mailbox::{Mailbox, MailboxLetter, MailboxRow};
pub use municipalities::{MunicipalityList, MunicipalityRow};
pub use proposals::{Holder, ProposalCard, ProposalList, ProposalPage, ProposedMoment};
pub use respondents::{
    ConsentGiven, Contact, Erase, HistoryRow, RespondentDetail, RespondentForm, RespondentList, RespondentRow,
};
pub use second_factor::{FactorState, SecondFactor, SignInCode};
pub use settings::{Settings, SettingsCard, SettingsPart};
pub use settings_form::{LeadChoice, NewStudy, SettingsForm};
pub use sheet::{SheetAnswer, SheetConsentLine, SheetPage, SheetQuestion, SheetSection, TalkClock};
pub use span::{Span, SpanUnit};
pub use strata::{StrataForm, StratumInput};
pub use studies::{Home, StudyCard};
pub use study_overview::{
    Attention, Caption, FunnelView, MapClass, MapPlace, NextInterview, StratumFill, StudyOverview, Task,
    TileMap, edges, outside_strata,
};
pub use subject_log::{LogRow, SubjectLog};
pub use team::{InvitedRow, MemberRow, OwnLink, Team};
pub use why_not::{VerdictRow, WhyNot, WhyNotAnswer};

use serde::Serialize;

use super::shared::Notice;
use crate::domain::access::{Right, Role};

/// What surrounds every page of a researcher who is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Desk {
    /// Path and query of this page without `lang`, for the language link.
    pub here: String,
    /// Who is signed in, by name.
    pub user: String,
    /// The same by id, under which a browser keeps what is theirs.
    pub user_id: String,
    /// The token against cross-site requests, for the field `_csrf`.
    pub csrf: String,
    /// The one-shot key of the forms of this page, for the field `key`.
    pub key: String,
    /// What was just done.
    pub notice: Option<Notice>,
    /// The study that the page belongs to, if it belongs to one.
    pub study: Option<DeskStudy>,
}

/// The study that a page belongs to, and what the reader may do in it.
#[derive(Debug, Clone, Serialize)]
pub struct DeskStudy {
    /// `/studies/{id}`.
    pub base: String,
    /// The study's name.
    pub title: String,
    /// The part of the study that the page belongs to.
    pub section: Section,
    /// Since when recruitment is closed, if it is.
    pub closed_at: Option<String>,
    /// Since when nothing can be changed, if it is in the archive.
    pub archived_at: Option<String>,
    /// Whether letters become files on the server, since it knows no mail server.
    pub keeps_mail: bool,
    /// What the reader may do: the rights of the access table, by the names of the sections they open. Nothing in the
    /// archive.
    pub may: May,
    /// What the reader may see, in the archive too.
    pub sees: Sees,
}

/// The rights of the reader in a study, as the pages ask for them.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of the access table")]
pub struct May {
    /// Change the study, its strata and its members.
    pub change_study: bool,
    /// Write and publish consent forms.
    pub publish_consent: bool,
    /// See and change names and addresses.
    pub contacts: bool,
    /// See the outbox, invite, change wordings.
    pub letters: bool,
    /// Change one's own availability.
    pub plan: bool,
    /// Move, cancel and close interviews; keep sheets.
    pub interviews: bool,
    /// Write and publish guides.
    pub guides: bool,
}

/// What only some members see of a study.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sees {
    /// Its settings, and what happened to whose data.
    pub study: bool,
    /// Names and addresses.
    pub contacts: bool,
    /// The outbox and the wordings.
    pub letters: bool,
}

impl Sees {
    /// What a role sees.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        Self {
            study: role.may(Right::ChangeStudy),
            contacts: role.may(Right::Contacts),
            letters: role.may(Right::Letters),
        }
    }
}

impl May {
    /// What nobody may do in the archive.
    pub const NOTHING: Self = Self {
        change_study: false,
        publish_consent: false,
        contacts: false,
        letters: false,
        plan: false,
        interviews: false,
        guides: false,
    };

    /// What a role may do.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        Self {
            change_study: role.may(Right::ChangeStudy),
            publish_consent: role.may(Right::PublishConsent),
            contacts: role.may(Right::Contacts),
            letters: role.may(Right::Letters),
            plan: role.may(Right::PlanSelf),
            interviews: role.may(Right::Interviews),
            guides: role.may(Right::Guides),
        }
    }
}

/// The parts of a study, in the order of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// The overview.
    Overview,
    /// The respondents.
    Respondents,
    /// Invitations and reminders.
    Invitations,
    /// The outbox and the wordings.
    Letters,
    /// The consent forms.
    Consent,
    /// The hours in which interviews can be booked.
    Availability,
    /// The weeks and days: hours, interviews, and what else takes time.
    Agenda,
    /// The interviews and their sheets.
    Interviews,
    /// The interview guides.
    Guides,
    /// The members.
    Team,
    /// Settings and strata.
    Settings,
}

/// One choice of a list to pick from.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// Invented surroundings for samples.
fn desk(section: Option<Section>, below: &str) -> Desk {
    let base = "/studies/01890000-0000-7000-8000-000000000000";
    Desk {
        here: format!("{base}{below}"),
        user: "Noor Verhoeven".to_owned(),
        user_id: "01890000-0000-7000-8000-000000000001".to_owned(),
        csrf: "csrf".to_owned(),
        key: "3f1c".to_owned(),
        notice: None,
        study: section.map(|section| DeskStudy {
            base: base.to_owned(),
            title: "Beleid maken in het sociaal domein".to_owned(),
            section,
            closed_at: None,
            archived_at: None,
            keeps_mail: false,
            may: May::of(Role::Owner),
            sees: Sees::of(Role::Owner),
        }),
    }
}

/// Invented surroundings in the archive.
fn desk_of_archive(section: Section, below: &str) -> Desk {
    let mut desk = desk(Some(section), below);
    if let Some(study) = &mut desk.study {
        study.may = May::NOTHING;
        study.archived_at = Some("1 mrt 2027, 10.00".to_owned());
    }
    desk
}

/// Invented surroundings of somebody who only looks on.
fn desk_of_reader(section: Section, below: &str) -> Desk {
    let mut desk = desk(Some(section), below);
    if let Some(study) = &mut desk.study {
        study.may = May::of(Role::Reader);
        study.sees = Sees::of(Role::Reader);
    }
    desk
}
