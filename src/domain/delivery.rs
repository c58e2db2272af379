//! How a letter fares in the outbox: what states it has, when it is tried again, when it is given up, and why one that
//! was queued is not sent after all.

use std::fmt;
use std::str::FromStr;

use rand::{Rng, RngExt as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::letter::LetterKind;
use super::respondent::RespondentStatus;
use crate::clock::Instant;

/// The longest wait between two attempts, in seconds (E23).
const LONGEST_WAIT: i64 = 3_600;
/// For how many days a letter is tried before it fails, counted from its first attempt.
pub const PATIENCE_DAYS: i64 = 3;
/// For how many days from its making a person can have a failed letter sent again; what it tells is kept as long.
pub const RETRY_DAYS: i64 = 30;
/// For how many hours a letter to somebody who is erased is kept at all, counted from its making: an hour less than the
/// day that E19 allows, so that it is gone in time however seldom housekeeping comes by.
pub const ERASED_PATIENCE_HOURS: i64 = 23;

/// Where a letter stands (E3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// It is on its way, perhaps after attempts in vain.
    Queued,
    /// The mail server took it over.
    Sent,
    /// It was refused for good, or tried for too long.
    Failed,
    /// It was not to be sent any more.
    Cancelled,
}

impl LetterState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Cancelled];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl FromStr for LetterState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// Why a letter was cancelled. The code stands where a failed letter tells what the server said (R9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// The respondent objected to being written to.
    OptedOut,
    /// The respondent said no.
    Declined,
    /// The respondent named a colleague in their own place.
    Referred,
    /// The respondent took consent back.
    Withdrawn,
    /// The respondent takes part already.
    Answered,
    /// The person was erased.
    Erased,
    /// The study closed.
    StudyClosed,
    /// The interview was called off before the mail server took an invite to it, so that no calendar knows of it.
    NeverInvited,
    /// The respondent has another address by now, at which another letter tells the same.
    AddressCorrected,
    /// A later letter tells how the interview stands that this one was to remind of.
    Overtaken,
    /// The interview that this one was to remind of has begun, or does not stand any more as it tells.
    Outdated,
}

impl Dropped {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
            Self::Answered => "answered",
            Self::Erased => "erased",
            Self::StudyClosed => "study_closed",
            Self::NeverInvited => "never_invited",
            Self::AddressCorrected => "address_corrected",
            Self::Overtaken => "overtaken",
            Self::Outdated => "outdated",
        }
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a letter to a respondent is not sent any more, judged each time before it would leave. Only letters that
/// approach somebody who did not ask for them can lose their point, and that with a new link. To remind of an interview
/// is no answer to anything either, so an objection holds for that too.
#[must_use]
pub fn dropped(
    kind: LetterKind,
    status: RespondentStatus,
    has_opted_out: bool,
    study_closed: bool,
) -> Option<Dropped> {
    if kind.is_appointment_reminder() {
        return has_opted_out.then_some(Dropped::OptedOut);
    }
    if !kind.is_recruitment() && kind != LetterKind::NewLink {
        return None;
    }
    match status {
        RespondentStatus::Withdrawn => Some(Dropped::Withdrawn),
        RespondentStatus::OptedOut => Some(Dropped::OptedOut),
        _ if has_opted_out => Some(Dropped::OptedOut),
        RespondentStatus::Declined => Some(Dropped::Declined),
        RespondentStatus::Referred => Some(Dropped::Referred),
        _ if kind == LetterKind::NewLink => None,
        RespondentStatus::Listed | RespondentStatus::Invited => study_closed.then_some(Dropped::StudyClosed),
        RespondentStatus::Consented
        | RespondentStatus::Booked
        | RespondentStatus::Held
        | RespondentStatus::NoShow => Some(Dropped::Answered),
    }
}

/// How many seconds to wait before the next attempt: `first` after the first, doubling to an hour, with up to a fifth
/// more by chance, so that letters that failed together don't come back together (E23).
#[must_use]
pub fn retry_wait(first: u32, attempts: i32, random: &mut impl Rng) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(12);
    let wait = i64::from(first.max(1)).saturating_mul(1 << doublings).min(LONGEST_WAIT);
    wait + random.random_range(0..=wait / 5)
}

/// Whether a letter that was refused for the time being is given up.
#[must_use]
pub fn is_given_up(first_tried: Instant, made: Instant, to_erased: bool, now: Instant) -> bool {
    first_tried.plus_days(PATIENCE_DAYS) <= now
        || (to_erased && made.plus_minutes(60 * ERASED_PATIENCE_HOURS) <= now)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn waits_double_from_the_first_to_an_hour_and_vary_by_a_fifth() {
        let mut random = StdRng::seed_from_u64(7);
        for (attempts, least) in [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1_920), (8, 3_600), (500, 3_600)] {
            for _ in 0..50 {
                let wait = retry_wait(30, attempts, &mut random);
                assert!((least..=least + least / 5).contains(&wait), "{attempts}: {wait}");
            }
        }
        assert_eq!(retry_wait(1, 1, &mut random), 1);
    }

    #[test]
    fn no_letter_is_given_up_within_a_day_of_its_first_attempt() {
        let tried = Instant::from_unix(1_000_000);
        assert!(!is_given_up(tried, tried.plus_days(-30), false, tried.plus_days(3).plus_seconds(-1)));
        assert!(is_given_up(tried, tried, false, tried.plus_days(3)));
        assert!(!is_given_up(tried, tried, true, tried.plus_minutes(23 * 60 - 1)));
        assert!(is_given_up(tried, tried, true, tried.plus_minutes(23 * 60)));
    }

    #[test]
    fn only_a_letter_of_recruitment_loses_its_point_when_the_person_has_answered() {
        use RespondentStatus::{Booked, Declined, Invited, OptedOut, Withdrawn};
        let reminder = |status, opted_out, closed| dropped(LetterKind::Reminder, status, opted_out, closed);
        assert_eq!(reminder(Invited, false, false), None);
        assert_eq!(reminder(Invited, true, false), Some(Dropped::OptedOut));
        assert_eq!(reminder(Invited, false, true), Some(Dropped::StudyClosed));
        assert_eq!(reminder(Booked, false, false), Some(Dropped::Answered));
        assert_eq!(reminder(Declined, false, false), Some(Dropped::Declined));
        assert_eq!(reminder(Withdrawn, true, true), Some(Dropped::Withdrawn));
        assert_eq!(dropped(LetterKind::Confirmation, OptedOut, true, true), None);
        let near = |opted_out| dropped(LetterKind::AppointmentReminder, Booked, opted_out, true);
        assert_eq!((near(false), near(true)), (None, Some(Dropped::OptedOut)));
    }
}
