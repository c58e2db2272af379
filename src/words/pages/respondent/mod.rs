//! The pages behind a personal link: what the study is, consent, choosing a time, and every way out.
//!
//! All addresses are paths below [`Visit::base`], the page's own `/p/{token}`.

mod details;
mod propose;
mod refer;
mod samples;
mod slot_days;

pub use details::{Details, Kept};
pub use propose::{Propose, TypedMoment};
pub use refer::Refer;
pub use slot_days::{Slot, SlotDay};

use serde::Serialize;

use super::shared::{FieldMessage, Notice};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::{StudyFace, Venue, When};
use crate::words::{phrase, word};

/// What every page of a respondent shows around its own content.
#[derive(Debug, Clone, Serialize)]
pub struct Visit {
    /// Path and query of this page without `lang`, for the language link.
    pub here: String,
    /// `/p/{token}`.
    pub base: String,
    /// The study.
    pub study: StudyFace,
    /// What the respondent has just done.
    pub notice: Option<Notice>,
}

/// Where a respondent stands, and so what the overview offers as the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No consent form is published yet: nothing can be done.
    NotOpen,
    /// Consent comes next.
    Consent,
    /// Consent was given to an earlier version of the form, and is asked for once more.
    ConsentAgain,
    /// Consent was given; a time can be chosen.
    Book,
    /// Consent was given, but the stratum has no place left.
    Full,
    /// An interview stands.
    Booked,
    /// The interview was held.
    Held,
    /// The respondent did not come; another time can be chosen.
    NoShow,
    /// The respondent declined, and may think better of it.
    Declined,
    /// The respondent named a colleague, and may still take part.
    Referred,
    /// The respondent objected to mail, and may still take part.
    OptedOut,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 11] = [
        Self::NotOpen,
        Self::Consent,
        Self::ConsentAgain,
        Self::Book,
        Self::Full,
        Self::Booked,
        Self::Held,
        Self::NoShow,
        Self::Declined,
        Self::Referred,
        Self::OptedOut,
    ];
}

/// The interview that stands.
#[derive(Debug, Clone, Serialize)]
pub struct Meeting {
    /// When it is.
    pub when: When,
    /// Where it is.
    pub venue: Venue,
}

/// Where a respondent starts and comes back to.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// What surrounds it.
    pub visit: Visit,
    /// Where the respondent stands.
    pub stage: Stage,
    /// The interview, in [`Stage::Booked`].
    pub meeting: Option<Meeting>,
    /// Who made the appointment for the respondent and can be taken off by a POST to `{base}/delegate`.
    pub delegate: Option<Standby>,
    /// The one-shot key of that form.
    pub key: String,
    /// The time that is kept while they fill in the form.
    pub kept: Option<Kept>,
    /// Whether the respondent may still move the interview themselves.
    pub may_move: bool,
    /// Whether the respondent may still cancel it themselves.
    pub may_cancel: bool,
    /// What the study is about, as plain text; empty if the study says nothing.
    pub about: String,
    /// The ways in which interviews of this study are held.
    pub modes: Vec<Mode>,
    /// Whether consent was given and can be taken back.
    pub may_withdraw: bool,
    /// The moments that were proposed, while they wait for an answer.
    pub proposed: Vec<String>,
    /// In [`Stage::ConsentAgain`] the version that was agreed to, and the one that is asked for now.
    pub versions: Option<(String, String)>,
}

/// One item of the consent form.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentItem {
    /// Its key; the name of the field is `items.<key>`.
    pub key: String,
    /// The exact text.
    pub text: String,
    /// Whether one can only take part with a yes.
    pub required: bool,
    /// What was answered in the form that is shown again; `None` at first, for nothing is ticked beforehand.
    pub answer: Option<bool>,
}

/// The consent form. Posts `version`, `items.<key>` = `yes` or `no`, `name` and `key` to `{base}/consent`.
#[derive(Debug, Clone, Serialize)]
pub struct Consent {
    /// What surrounds it.
    pub visit: Visit,
    /// The version that is shown.
    pub version: String,
    /// The earlier version that was agreed to, if one was.
    pub before: Option<String>,
    /// The exact introduction.
    pub intro: String,
    /// The items.
    pub items: Vec<ConsentItem>,
    /// The name as it was typed.
    pub name: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// A refusal of the whole form, such as a newer version.
    pub problem: Option<String>,
    /// The one-shot key of this form.
    pub key: String,
}

impl Consent {
    /// The same form after a refusal, with what was wrong beside each item; the summary calls an item by its number.
    #[must_use]
    pub fn refused(mut self, language: Language, problems: &[FieldProblem]) -> Self {
        self.errors = FieldMessage::all(language, problems);
        for (error, problem) in self.errors.iter_mut().zip(problems) {
            let about = |item: &ConsentItem| problem.field == format!("items.{}", item.key);
            let Some(index) = self.items.iter().position(about) else { continue };
            let number = serde_json::json!({ "number": index + 1 });
            error.label = Some(phrase(language, "consent.question", &number));
            if problem.code == FieldCode::Required {
                error.message = word(language, "consent.choose");
            }
        }
        self
    }
}

/// What a chosen time is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// A first interview: `{base}/book`.
    Book,
    /// Another time for the interview that stands: `{base}/move`.
    Move,
}

/// Online or in person. Asks with GET at `{base}/book` or `{base}/move`, field `mode`.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseMode {
    /// What surrounds it.
    pub visit: Visit,
    /// What the time is for.
    pub plan: Plan,
    /// The ways that are offered.
    pub modes: Vec<Mode>,
    /// The interview that would move.
    pub meeting: Option<Meeting>,
}

/// Where to meet in person.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceChoice {
    /// The town hall that is offered; `None` if none is known.
    pub town_hall: Option<String>,
    /// What was chosen in the form that is shown again: `town_hall` or `other`.
    pub chosen: Option<String>,
    /// The other address as it was typed, or as it is planned.
    pub other: String,
    /// The address at which the interview is planned that moves; empty for the town hall, and for a new one.
    pub planned: String,
}

/// Who makes the appointment for the respondent: as it was typed, or as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Standby {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
}

impl From<(String, String)> for Standby {
    fn from((name, email): (String, String)) -> Self {
        Self { name, email }
    }
}

/// The time was taken by somebody else a moment ago.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    /// Whether the page says so: not when it was told before, and the form is only shown again.
    pub is_news: bool,
    /// The time that was wanted.
    pub wanted: String,
    /// Free times near it, each labelled with its day.
    pub alternatives: Vec<Slot>,
}

/// The free times of a week. Posts `mode`, `starts_at` and `key` to `{base}/hold`, or to `{base}/move` with
/// `place_kind` = `town_hall` or `other` and `place` too.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseTime {
    /// What surrounds it.
    pub visit: Visit,
    /// What the time is for.
    pub plan: Plan,
    /// How the interview is held.
    pub mode: Mode,
    /// Whether another mode can be chosen.
    pub other_mode: bool,
    /// The interview that would move.
    pub meeting: Option<Meeting>,
    /// The days that are shown: `1 – 7 maart 2027`.
    pub range: String,
    /// The days with free times.
    pub days: Vec<SlotDay>,
    /// The name of the zone that all times are in.
    pub zone: String,
    /// The page of earlier days, if there may be free times.
    pub earlier: Option<String>,
    /// The page of later days, if there may be free times.
    pub later: Option<String>,
    /// Where to meet, for moving in person only.
    pub place: Option<PlaceChoice>,
    /// The chosen time has gone.
    pub taken: Option<Taken>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// A refusal of the whole form, such as too short a notice.
    pub problem: Option<String>,
    /// The one-shot key of this form.
    pub key: String,
}

/// What a respondent can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The interview: `{base}/cancel`.
    Cancel,
    /// The invitation: `{base}/decline`.
    Decline,
    /// Taking part, and the consent with it: `{base}/withdraw`.
    Withdraw,
    /// Mail: `{base}/opt-out`.
    OptOut,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 4] = [Self::Cancel, Self::Decline, Self::Withdraw, Self::OptOut];

    /// The last part of its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
            Self::OptOut => "opt-out",
        }
    }

    /// The ending that a path names.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.path() == path)
    }
}

/// The one question before something ends: what happens, what follows, one button and a way back. Posts `key`, and
/// `reason` where the interview is called off, to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// What surrounds it.
    pub visit: Visit,
    /// What would end.
    pub ending: Ending,
    /// The path it posts to.
    pub action: String,
    /// The interview that would end with it.
    pub meeting: Option<Meeting>,
    /// The reason as it was typed, in a form that is shown again.
    pub reason: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// The one-shot key of this form.
    pub key: String,
}

/// Why a link shows nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The respondent withdrew.
    Withdrawn,
    /// The study closed.
    Closed,
    /// There is no interview that could be changed.
    NoInterview,
}

/// All that a link shows on which nothing can be done: withdrawn, closed, or without the interview that was meant.
#[derive(Debug, Clone, Serialize)]
pub struct Ended {
    /// What surrounds it.
    pub visit: Visit,
    /// Why.
    pub by: EndedBy,
}

/// The page of the link in a mail that ends all mail. Posts to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribe {
    /// Path of this page, `/u/{token}`.
    pub here: String,
    /// The study's public name.
    pub study: String,
    /// Whether it is done.
    pub done: bool,
}
