//! A respondent: how far they have come in a study, under which code they are spoken of, and whether they are written
//! to.
//!
//! Contact data is no part of this (R6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// How far a respondent has come (E1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RespondentStatus {
    /// Known, not yet written to.
    Listed,
    /// An invitation is on its way or has arrived.
    Invited,
    /// Agreed to take part; no interview is planned.
    Consented,
    /// An interview is planned.
    Booked,
    /// The interview took place.
    Held,
    /// The respondent did not come.
    NoShow,
    /// Does not want to take part.
    Declined,
    /// Named a colleague who is to take part in their place.
    Referred,
    /// Does not want to be written to.
    OptedOut,
    /// Took consent back. Final.
    Withdrawn,
}

/// What happens to a respondent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// An invitation is queued.
    Invited,
    /// The consent form is agreed to.
    Consented,
    /// An interview is planned.
    Booked,
    /// The planned interview is called off by either side.
    InterviewCancelled,
    /// The interview is recorded as held.
    Held,
    /// The respondent is recorded as not having come.
    NoShow,
    /// The respondent says no; an interview that was planned is called off with it.
    Declined,
    /// The respondent names a colleague in their own place.
    Referred,
    /// The respondent objects to being written to.
    OptedOut,
    /// The respondent takes consent back; an interview that was planned is called off with it.
    Withdrawn,
}

impl RespondentStatus {
    /// Every status.
    pub const ALL: [Self; 10] = [
        Self::Listed,
        Self::Invited,
        Self::Consented,
        Self::Booked,
        Self::Held,
        Self::NoShow,
        Self::Declined,
        Self::Referred,
        Self::OptedOut,
        Self::Withdrawn,
    ];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Invited => "invited",
            Self::Consented => "consented",
            Self::Booked => "booked",
            Self::Held => "held",
            Self::NoShow => "no_show",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::OptedOut => "opted_out",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status after a step.
    ///
    /// Whoever has an interview calls it off before they name a colleague.
    ///
    /// Who said no or objected may think again: their own consent or booking counts. An objection does not call off
    /// an interview, and is remembered apart from the status. What is recorded about an interview does not undo a
    /// withdrawal.
    ///
    /// # Errors
    /// [`Problem::Withdrawn`], [`Problem::ConsentMissing`], [`Problem::AlreadyBooked`], [`Problem::NoInterview`] or
    /// [`Problem::WrongState`] when the step is not possible.
    pub fn after(self, step: Step) -> Result<Self, Problem> {
        use RespondentStatus as S;
        let wrong_state = || Err(Problem::WrongState(self.as_str()));
        if self == S::Withdrawn {
            let stays =
                matches!(step, Step::Withdrawn | Step::InterviewCancelled | Step::Held | Step::NoShow);
            return if stays { Ok(self) } else { Err(Problem::Withdrawn) };
        }
        match step {
            Step::Withdrawn => Ok(S::Withdrawn),
            Step::Invited => match self {
                S::Listed | S::Invited => Ok(S::Invited),
                _ => wrong_state(),
            },
            Step::Consented => match self {
                S::Booked | S::Held | S::NoShow => Ok(self),
                _ => Ok(S::Consented),
            },
            Step::Booked => match self {
                S::Listed | S::Invited => Err(Problem::ConsentMissing),
                S::Booked | S::Held => Err(Problem::AlreadyBooked),
                _ => Ok(S::Booked),
            },
            Step::InterviewCancelled => match self {
                S::Booked => Ok(S::Consented),
                _ => Err(Problem::NoInterview),
            },
            Step::Held => match self {
                S::Listed | S::Invited => Err(Problem::NoInterview),
                _ => Ok(S::Held),
            },
            Step::NoShow => match self {
                S::Booked | S::Held | S::NoShow => Ok(S::NoShow),
                _ => Err(Problem::NoInterview),
            },
            Step::Declined => match self {
                S::Held => wrong_state(),
                _ => Ok(S::Declined),
            },
            Step::Referred => match self {
                S::Booked | S::Held => wrong_state(),
                S::OptedOut => Ok(self),
                _ => Ok(S::Referred),
            },
            Step::OptedOut => match self {
                S::Booked | S::Held | S::NoShow => Ok(self),
                _ => Ok(S::OptedOut),
            },
        }
    }
}

impl fmt::Display for RespondentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RespondentStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

/// The pseudonym of a respondent: `R` and the number in at least two digits, such as `R07` and `R100`. With the
/// [`code_width`] of its import all codes of that import have the same length.
#[must_use]
pub fn code(number: u32, width: usize) -> String {
    let width = width.max(2);
    format!("R{number:0width$}")
}

/// How many digits the greatest number of an import has.
#[must_use]
pub fn code_width(greatest: u32) -> usize {
    greatest.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Why a respondent is left out of a wave of invitations (E17) or reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// No such respondent for the caller (E29).
    Unknown,
    /// The respondent took consent back.
    Withdrawn,
    /// The respondent objects to being written to.
    OptedOut,
    /// The respondent said no.
    Declined,
    /// The respondent named a colleague in their own place.
    Referred,
    /// An invitation went out before, or the respondent takes part already.
    AlreadyInvited,
    /// The study has no published consent form.
    NoConsentForm,
    /// All places of the stratum are taken.
    StratumFull,
    /// The respondent is in another stratum than the one that was asked for.
    OtherStratum,
    /// There is nothing to be reminded of: no invitation has left.
    NotInvited,
    /// The respondent takes part already and needs no reminder.
    Answered,
    /// The last letter left a short while ago, or is still on its way.
    TooSoon,
    /// The last letter failed; the address may be wrong.
    LetterFailed,
    /// The respondent got as many reminders as the study allows.
    EnoughReminders,
    /// The contact data of the respondent were removed.
    ContactRemoved,
}

impl SkipReason {
    /// Every reason, those of an invitation first and in the order in which they are looked for.
    pub const ALL: [Self; 15] = [
        Self::Unknown,
        Self::Withdrawn,
        Self::OptedOut,
        Self::Declined,
        Self::Referred,
        Self::AlreadyInvited,
        Self::NoConsentForm,
        Self::StratumFull,
        Self::OtherStratum,
        Self::NotInvited,
        Self::Answered,
        Self::TooSoon,
        Self::LetterFailed,
        Self::EnoughReminders,
        Self::ContactRemoved,
    ];

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Withdrawn => "withdrawn",
            Self::OptedOut => "opted_out",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::AlreadyInvited => "already_invited",
            Self::NoConsentForm => "no_consent_form",
            Self::StratumFull => "stratum_full",
            Self::OtherStratum => "other_stratum",
            Self::NotInvited => "not_invited",
            Self::Answered => "answered",
            Self::TooSoon => "too_soon",
            Self::LetterFailed => "letter_failed",
            Self::EnoughReminders => "enough_reminders",
            Self::ContactRemoved => "contact_removed",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SkipReason {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(())
    }
}

/// What decides whether a respondent is invited.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// How far they have come.
    pub status: RespondentStatus,
    /// Whether they objected to being written to, whatever their status has become since.
    pub has_opted_out: bool,
    /// Whether the study has a published consent form.
    pub has_consent_form: bool,
    /// How many places of their stratum are taken by booked and held interviews.
    pub taken: i32,
    /// How many places their stratum has; `None` for no limit, or for no stratum.
    pub cap: Option<i32>,
}

impl Candidate {
    /// Why the respondent is not invited, or `None` when they are. What they want themselves comes first.
    #[must_use]
    pub fn skipped(&self) -> Option<SkipReason> {
        let status = self.status;
        let reasons = [
            (status == RespondentStatus::Withdrawn, SkipReason::Withdrawn),
            (self.has_opted_out || status == RespondentStatus::OptedOut, SkipReason::OptedOut),
            (status == RespondentStatus::Declined, SkipReason::Declined),
            (status == RespondentStatus::Referred, SkipReason::Referred),
            (status != RespondentStatus::Listed, SkipReason::AlreadyInvited),
            (!self.has_consent_form, SkipReason::NoConsentForm),
            (self.cap.is_some_and(|cap| self.taken >= cap), SkipReason::StratumFull),
        ];
        reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
    }
}

#[cfg(test)]
mod tests;
