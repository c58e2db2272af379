//! What pages of both sides share: messages beside fields, notices, paging, problems.

use std::str::FromStr;

use serde::Serialize;

use super::Sample;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::{field_message, phrase, problem_sentence, problem_title, word};

/// What is wrong with one field of a form that is shown again.
#[derive(Debug, Clone, Serialize)]
pub struct FieldMessage {
    /// The name of the field, which is also the id of its control.
    pub field: String,
    /// What the field is called, for the summary at the top: `label.<field>` in the words.
    pub label: Option<String>,
    /// The sentence beside it.
    pub message: String,
}

impl FieldMessage {
    /// The messages of a refused form, in the order of the problems.
    #[must_use]
    pub fn all(language: Language, problems: &[FieldProblem]) -> Vec<Self> {
        let message = |problem: &FieldProblem| Self {
            field: problem.field.clone(),
            label: label(language, &problem.field),
            message: sentence(language, problem),
        };
        problems.iter().map(message).collect()
    }
}

/// What is wrong with a field: in words of its own, `field_at.<field>.<code>`, where there are some, since what helps
/// is to say what to do there. A field of a row is known by its last name.
fn sentence(language: Language, problem: &FieldProblem) -> String {
    let name = problem.field.rsplit('.').next().unwrap_or_default();
    let key = format!("field_at.{name}.{}", problem.code.as_str());
    let own = word(language, &key);
    if own == key { field_message(language, problem) } else { own }
}

/// What a field is called where its control is not beside it. A field of a row is called by the number of the row.
fn label(language: Language, field: &str) -> Option<String> {
    let key = format!("label.{field}");
    let label = word(language, &key);
    if label != key {
        return Some(label);
    }
    let index: u64 = field.split('.').find_map(|part| part.parse().ok())?;
    Some(phrase(language, "label.row", &serde_json::json!({ "number": index.saturating_add(1) })))
}

/// What a form was opened with, so that it overwrites nothing that was changed since without the reader's knowing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Seen {
    /// The entity tag of what was shown, for the field `as_seen`.
    pub tag: String,
    /// What holds now, in whole lines, where that has changed since.
    pub now: Option<Vec<String>>,
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What has just been done; the next page says so and what follows from it (`done.<name>` in the words).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Deed { $($(#[$doc])* $variant),+ }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as in `?done=`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

deeds! {
    /// Consent was given.
    Consented = "consented",
    /// An interview was booked.
    Booked = "booked",
    /// Nothing was booked, since there is an interview already.
    Standing = "standing",
    /// The interview was moved.
    Moved = "moved",
    /// Moments were proposed.
    Proposed = "proposed",
    /// The interview was called off.
    Cancelled = "cancelled",
    /// The respondent declined.
    Declined = "declined",
    /// The respondent named a colleague.
    Referred = "referred",
    /// The respondent objected to mail.
    OptedOut = "opted_out",
    /// The respondent withdrew.
    Withdrawn = "withdrawn",
    /// A study was made.
    StudyCreated = "study_created",
    /// A study was copied.
    StudyCopied = "study_copied",
    /// A study was closed.
    Closed = "closed",
    /// A study was put into the archive.
    Archived = "archived",
    /// A study was taken out of the archive.
    Unarchived = "unarchived",
    /// A closed study was opened again.
    Reopened = "reopened",
    /// Something was changed and kept.
    Saved = "saved",
    /// A draft of a form or guide was kept, which holds for nobody until it is published.
    Drafted = "drafted",
    /// What is known of a respondent was corrected.
    Corrected = "corrected",
    /// A form or guide was published.
    Published = "published",
    /// A respondent was added.
    Added = "added",
    /// A respondent was added who objected to mail, or withdrew, before.
    AddedObjecting = "added_objecting",
    /// Respondents were imported.
    Imported = "imported",
    /// A list that was not imported was thrown away.
    ListDropped = "list_dropped",
    /// What was prepared for many respondents was thrown away.
    BatchDropped = "batch_dropped",
    /// Invitations were put into the outbox.
    Invited = "invited",
    /// Reminders were put into the outbox.
    Reminded = "reminded",
    /// A letter is tried again.
    Retried = "retried",
    /// Somebody told what a message means that waited.
    MailSettled = "mail_settled",
    /// A test letter was put into the outbox.
    TestSent = "test_sent",
    /// A wording went back to ours.
    Reset = "reset",
    /// A respondent has a new personal link.
    LinkMade = "link_made",
    /// A respondent was erased.
    Erased = "erased",
    /// One of the moments that a respondent proposed was accepted.
    ProposalAccepted = "proposal_accepted",
    /// None of them was.
    ProposalDeclined = "proposal_declined",
    /// The researcher moved an interview.
    Replanned = "replanned",
    /// The researcher booked an interview for somebody.
    BookedFor = "booked_for",
    /// Hours were opened on a date.
    Opened = "opened",
    /// Time is kept free.
    Blocked = "blocked",
    /// Time that was kept free is given back.
    Released = "released",
    /// The researcher called an interview off.
    CalledOff = "called_off",
    /// An interview was held.
    Held = "held",
    /// A respondent did not come.
    NoShow = "no_show",
    /// A join link was set.
    LinkSet = "link_set",
    /// An interview has another second interviewer, or none.
    SecondSet = "second_set",
    /// Microsoft is asked for a meeting again.
    MeetingAsked = "meeting_asked",
    /// Whoever made the appointment is told of it no longer.
    DelegateRemoved = "delegate_removed",
    /// Somebody became a member.
    MemberAdded = "member_added",
    /// Somebody is a member no more.
    MemberRemoved = "member_removed",
    /// The password was changed.
    PasswordChanged = "password_changed",
    /// A session was ended.
    SessionEnded = "session_ended",
    /// A key of the API was made.
    TokenMade = "token_made",
    /// A key of the API was ended.
    TokenEnded = "token_ended",
    /// Somebody was invited to become a member.
    MemberInvited = "member_invited",
    /// Such an invitation was taken back.
    InvitationRevoked = "invitation_revoked",
    /// Somebody with an account joined a study by an invitation.
    Joined = "joined",
    /// The first account was made.
    SetUp = "set_up",
    /// A password was chosen by a link.
    PasswordReset = "password_reset",
    /// The second factor was switched off.
    FactorOff = "factor_off",
    /// A calendar is read from now on.
    CalendarAdded = "calendar_added",
    /// A calendar is forgotten.
    CalendarRemoved = "calendar_removed",
    /// A calendar is looked at soon.
    CalendarHurried = "calendar_hurried",
    /// One's interviews can be read at a new address.
    AgendaShared = "agenda_shared",
    /// One's interviews can be read there no more.
    AgendaHidden = "agenda_hidden",
    /// The researcher signed out.
    SignedOut = "signed_out",
}

impl FromStr for Deed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|deed| deed.as_str() == text).ok_or(())
    }
}

/// The notice at the top of the page that follows a deed.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// What was done.
    pub deed: Deed,
    /// How many things it was done to, where that matters.
    pub count: u64,
}

impl From<Deed> for Notice {
    fn from(deed: Deed) -> Self {
        Self { deed, count: 1 }
    }
}

/// Any problem as a page.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// Path and query of this page without `lang`, for the language link.
    pub here: String,
    /// The stable code.
    pub code: String,
    /// The heading.
    pub title: String,
    /// What is the matter and what one can do.
    pub sentence: String,
    /// What is wrong with fields, where there is no form to show it in.
    pub fields: Vec<String>,
    /// Where to go from here: a path.
    pub back: Option<String>,
    /// The texts that were typed into a form which could not be kept.
    pub unsent: Vec<String>,
    /// Whether the fault is ours, so that somebody may have to name it to those who keep the server.
    pub ours: bool,
}

impl ProblemPage {
    /// The page about a problem.
    #[must_use]
    pub fn new(language: Language, problem: &Problem, here: String, back: Option<String>) -> Self {
        let fields = match problem {
            Problem::Invalid(problems) => {
                let line = |p: &FieldProblem| {
                    let label = label(language, &p.field).unwrap_or_else(|| p.field.clone());
                    format!("{label}: {}", sentence(language, p))
                };
                problems.iter().map(line).collect()
            }
            _ => Vec::new(),
        };
        Self {
            here,
            code: problem.code().to_owned(),
            title: problem_title(language, problem),
            sentence: problem_sentence(language, problem),
            fields,
            back,
            unsent: Vec::new(),
            ours: matches!(problem, Problem::Internal(_) | Problem::Busy(_)),
        }
    }
}

impl Sample for ProblemPage {
    fn samples(language: Language) -> Vec<Self> {
        let invalid = Problem::Invalid(vec![
            FieldProblem::new("name", FieldCode::Required),
            FieldProblem::new("place", FieldCode::TooLong).with("limit", 200),
        ]);
        let page = |problem, back: Option<&str>| {
            Self::new(language, &problem, "/p/token".to_owned(), back.map(ToOwned::to_owned))
        };
        let signed_out = page(Problem::Unauthenticated, Some("/sign-in"));
        vec![
            page(Problem::NotFound, None),
            page(Problem::Busy(5), Some("/p/token")),
            page(invalid, Some("/p/token")),
            Self { unsent: vec![word(language, "sample.intro")], ..signed_out },
        ]
    }
}
