//! All that Veldwerk can refuse or fail at: one catalogue of stable codes with their parameters.
//!
//! A problem knows neither HTTP nor SQL. Its sentence in each language stands in `templates/words/<language>.json`
//! under `problem.<code>`; the status that answers it stands in `web::answers`. To add one: add the variant, its
//! code, its status, and its sentence in every language; the compiler and a test ask for what is missing.

use std::error::Error;

use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::id::{RespondentId, StudyId};

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The path of the field as the caller wrote it, for example `items.recording` or `rules.2.from`.
    pub field: String,
    /// The stable code, one of [`FieldCode`].
    pub code: FieldCode,
    /// What its sentence speaks of, such as the limit or the candidates.
    pub parameters: Map<String, Value>,
}

impl FieldProblem {
    /// A problem whose sentence needs no parameters.
    #[must_use]
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self { field: field.into(), code, parameters: Map::new() }
    }

    /// The same problem with one more parameter for its sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }
}

macro_rules! field_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        /// The stable codes of what can be wrong with a field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FieldCode { $($(#[$doc])* $variant),+ }

        impl FieldCode {
            /// Every code, for the test that asks for a sentence in each language.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as it stands in answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

field_codes! {
    /// The field is missing or empty.
    Required = "required",
    /// Another JSON type was expected; parameter `expected`.
    Type = "type",
    /// The field is not known here.
    UnknownField = "unknown_field",
    /// The value is not one of those allowed or out of range; parameter `allowed`.
    Value = "value",
    /// The text is longer than the limit; parameter `limit` in characters.
    TooLong = "too_long",
    /// A one-line field holds a line break, control character or bidirectional override.
    ControlCharacter = "control_character",
    /// Not a mail address.
    EmailInvalid = "email_invalid",
    /// The address occurs already, in the file or in the study.
    EmailDuplicate = "email_duplicate",
    /// Whoever had the address in the study before objected to mail or withdrew. A warning: the row is taken all the
    /// same.
    DoNotContact = "do_not_contact",
    /// No municipality has this code, name or alias; parameter `suggestions`.
    MunicipalityUnknown = "municipality_unknown",
    /// Several municipalities fit; parameter `candidates`.
    MunicipalityAmbiguous = "municipality_ambiguous",
    /// The thing that is named does not exist for the caller.
    UnknownReference = "unknown_reference",
    /// A later value has to follow an earlier one, such as an end after a start.
    Order = "order",
    /// The clock is set forward over this time, so that day does not have it.
    Skipped = "skipped",
    /// The moment has passed.
    Past = "past",
    /// The moment lies further ahead than can be planned; parameter `limit` in days.
    TooFar = "too_far",
    /// The moment lies before or after the period in which interviews are held.
    OutsideFieldwork = "outside_fieldwork",
    /// The value stands twice where it must be unique.
    Duplicate = "duplicate",
    /// Two stretches overlap.
    Overlap = "overlap",
    /// The item must be agreed to.
    ConsentRequired = "consent_required",
    /// A placeholder that this letter does not know; parameter `allowed`.
    UnknownPlaceholder = "unknown_placeholder",
    /// A placeholder begins and does not end.
    UnclosedPlaceholder = "unclosed_placeholder",
    /// The password is too short or too common; parameter `minimum`.
    PasswordWeak = "password_weak",
    /// The current password is wrong.
    PasswordWrong = "password_wrong",
    /// The Markdown guide breaks a rule of its syntax at a line; parameters `line`, `reason`.
    Syntax = "syntax",
}

/// Everything the system can refuse or fail at.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The body is not JSON, not a form or not text.
    #[error("the body cannot be read: {0}")]
    Malformed(String),
    /// One or more fields are wrong; all of them are listed.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// Nobody is signed in, or the session or token is not valid any more.
    #[error("not signed in")]
    Unauthenticated,
    /// The address or the password is wrong.
    #[error("sign-in refused")]
    SignInRefused,
    /// The password is right, and a code of the second factor is needed too.
    #[error("second factor missing")]
    SecondFactorMissing,
    /// The code of the second factor is wrong, or was used.
    #[error("second factor wrong")]
    SecondFactorWrong,
    /// The role does not allow this.
    #[error("not allowed for this role")]
    Forbidden,
    /// The request was not made from one of our own pages.
    #[error("cross-site request refused")]
    CrossSite,
    /// Unknown, foreign, replaced or erased: deliberately the same.
    #[error("not found")]
    NotFound,
    /// The address exists, the method does not.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The respondent has withdrawn; nothing but the status is shown any more.
    #[error("withdrawn")]
    Withdrawn,
    /// The study is closed for what was asked.
    #[error("study closed")]
    StudyClosed,
    /// The study is in the archive, where nothing is changed.
    #[error("study archived")]
    StudyArchived,
    /// No valid consent to the current form.
    #[error("consent missing")]
    ConsentMissing,
    /// A newer version of the form, guide or letter exists.
    #[error("version conflict")]
    VersionConflict,
    /// The thing was changed since the caller read it (If-Match).
    #[error("precondition failed")]
    PreconditionFailed,
    /// Published things never change.
    #[error("already published")]
    Published,
    /// The contact data of the respondent were removed: nobody can write to them any more.
    #[error("contact data removed")]
    ContactRemoved,
    /// There is already an interview.
    #[error("already booked")]
    AlreadyBooked,
    /// There is no active interview to move or cancel.
    #[error("no active interview")]
    NoInterview,
    /// The start is not one that is offered: off the grid, outside the hours, in a gap of the clock.
    #[error("outside availability")]
    OutsideAvailability,
    /// The start lies before or after the period of fieldwork, or beyond the horizon.
    #[error("outside window")]
    OutsideWindow,
    /// Too short before the start, or held before it began.
    #[error("too soon")]
    TooSoon,
    /// A respondent can no longer move the interview themselves; whom to ask.
    #[error("too late to move")]
    TooLateToMove(AskInstead),
    /// A respondent can no longer cancel the interview themselves; whom to ask.
    #[error("too late to cancel")]
    TooLateToCancel(AskInstead),
    /// The interviewer has the greatest number of interviews for that day.
    #[error("day full")]
    DayFull,
    /// The interviewer has the greatest number of interviews for that week.
    #[error("week full")]
    WeekFull,
    /// The stratum has no place left.
    #[error("quota full")]
    QuotaFull,
    /// Somebody else has this time; `study` and `respondent` tell for whom to look up alternatives.
    #[error("slot taken")]
    SlotTaken {
        /// Whose alternatives to list: filled in by the action that knows.
        wanted: Option<Wanted>,
    },
    /// The second interviewer has another interview, or the way to or from it, at that time.
    #[error("second interviewer taken")]
    SecondInterviewerTaken,
    /// The second interviewer keeps that time free.
    #[error("second interviewer away")]
    SecondInterviewerAway,
    /// The study does not hold interviews in that way any more.
    #[error("mode not offered")]
    ModeNotOffered,
    /// The state of the thing does not allow the step; parameter is its state.
    #[error("not possible in state {0}")]
    WrongState(&'static str),
    /// The thing exists already; the parameter names the field.
    #[error("{0} exists already")]
    Exists(&'static str),
    /// A study keeps at least one owner.
    #[error("last owner")]
    LastOwner,
    /// Whoever is to leave has interviews planned, and nobody is named to take them over.
    #[error("interviews planned")]
    InterviewsPlanned,
    /// Whoever is to take over is not free at the time of an interview; the parameter is its respondent's code.
    #[error("successor taken")]
    SuccessorTaken(String),
    /// What a respondent proposed was answered already, or has lost its point.
    #[error("proposal over")]
    ProposalOver,
    /// The respondent named as many colleagues as one can.
    #[error("enough colleagues")]
    EnoughColleagues,
    /// The query spans more than the days that one question may span.
    #[error("range too wide")]
    RangeTooWide,
    /// The same key was used with another body.
    #[error("idempotency key reused")]
    IdempotencyMismatch,
    /// The same key is being worked on.
    #[error("in progress")]
    InProgress,
    /// The body is larger than allowed; bytes.
    #[error("body too large")]
    TooLarge(u64),
    /// The content type is not one that is taken here.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// None of the formats that the caller accepts.
    #[error("not acceptable")]
    NotAcceptable,
    /// Too many tries; wait this number of seconds.
    #[error("throttled for {0} s")]
    Throttled(u32),
    /// The store is busy or unreachable; wait this number of seconds.
    #[error("busy, retry in {0} s")]
    Busy(u32),
    /// A fault of ours or of the machine. The cause goes to the log and never to the caller.
    #[error("internal fault")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

/// Whom to ask for what one can't do oneself any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AskInstead {
    /// The name of the researcher who answers for the study.
    pub researcher: String,
    /// The address for questions.
    pub contact: String,
}

/// The place in a calendar that was refused, so that a later read can list what is free near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The study whose slots are meant.
    pub study: StudyId,
    /// The respondent who asks, when one does.
    pub respondent: Option<RespondentId>,
    /// Whether it was to be held in person, which takes travel as well.
    pub in_person: bool,
    /// The start that was refused.
    pub starts_at: Instant,
}

impl Problem {
    /// The stable code that programs may rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Invalid(_) => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::SignInRefused => "sign_in_refused",
            Self::SecondFactorMissing => "second_factor_missing",
            Self::SecondFactorWrong => "second_factor_wrong",
            Self::Forbidden => "forbidden",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Withdrawn => "withdrawn",
            Self::StudyClosed => "study_closed",
            Self::StudyArchived => "study_archived",
            Self::ConsentMissing => "consent_missing",
            Self::VersionConflict => "version_conflict",
            Self::PreconditionFailed => "precondition_failed",
            Self::Published => "published",
            Self::ContactRemoved => "contact_removed",
            Self::AlreadyBooked => "already_booked",
            Self::NoInterview => "no_interview",
            Self::OutsideAvailability => "outside_availability",
            Self::OutsideWindow => "outside_window",
            Self::TooSoon => "too_soon",
            Self::TooLateToMove(_) => "too_late_to_move",
            Self::TooLateToCancel(_) => "too_late_to_cancel",
            Self::DayFull => "day_full",
            Self::WeekFull => "week_full",
            Self::QuotaFull => "quota_full",
            Self::SlotTaken { .. } => "slot_taken",
            Self::SecondInterviewerTaken => "second_interviewer_taken",
            Self::SecondInterviewerAway => "second_interviewer_away",
            Self::ModeNotOffered => "mode_not_offered",
            Self::WrongState(_) => "wrong_state",
            Self::Exists(_) => "exists",
            Self::LastOwner => "last_owner",
            Self::InterviewsPlanned => "interviews_planned",
            Self::SuccessorTaken(_) => "successor_taken",
            Self::ProposalOver => "proposal_over",
            Self::EnoughColleagues => "enough_colleagues",
            Self::RangeTooWide => "range_too_wide",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::InProgress => "in_progress",
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::NotAcceptable => "not_acceptable",
            Self::Throttled(_) => "throttled",
            Self::Busy(_) => "busy",
            Self::Internal(_) => "internal",
        }
    }

    /// What the sentence of the code speaks of.
    #[must_use]
    pub fn parameters(&self) -> Value {
        match self {
            Self::WrongState(state) => json!({ "state": state }),
            Self::TooLateToMove(ask) | Self::TooLateToCancel(ask) => {
                json!({ "researcher": ask.researcher, "contact": ask.contact })
            }
            Self::SuccessorTaken(code) => json!({ "code": code }),
            Self::Exists(field) => json!({ "field": field }),
            Self::TooLarge(bytes) => json!({ "limit": bytes }),
            Self::Throttled(seconds) | Self::Busy(seconds) => json!({ "seconds": seconds }),
            _ => json!({}),
        }
    }

    /// A refusal about a single field.
    #[must_use]
    pub fn field(field: impl Into<String>, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, code)])
    }

    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

/// The usual result inside Veldwerk.
pub type Outcome<T> = Result<T, Problem>;
