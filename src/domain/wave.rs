//! A wave of letters: invitations, or reminders to those who have not answered, with a reason for everybody who is
//! left out (E17, R9).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::delivery::LetterState;
use super::letter::LetterKind;
use super::municipality::MunicipalityCode;
use super::respondent::{Candidate, RespondentStatus, SkipReason};
use crate::clock::Instant;
use crate::id::{ImportId, RespondentId, WaveId};

/// What a wave brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaveKind {
    /// The first letter.
    Invitations,
    /// Another one to those who have not answered.
    Reminders,
}

impl WaveKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Invitations, Self::Reminders];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitations => "invitations",
            Self::Reminders => "reminders",
        }
    }

    /// The letter that everybody gets.
    #[must_use]
    pub const fn letter(self) -> LetterKind {
        match self {
            Self::Invitations => LetterKind::Invitation,
            Self::Reminders => LetterKind::Reminder,
        }
    }
}

impl fmt::Display for WaveKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for WaveKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Whom something is meant for that is done to many: a wave of letters, or a [batch](super::batch).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    respondents: Option<Vec<RespondentId>>,
    /// Only those in the stratum with this key.
    pub stratum: Option<String>,
    /// Where everybody is meant: only those who fit.
    pub fitting: Fitting,
}

/// What somebody must fit to be meant, beside their stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fitting {
    /// Only with this status.
    #[serde(with = "named_status")]
    pub status: Option<RespondentStatus>,
    /// Only who works for this municipality.
    pub municipality: Option<MunicipalityCode>,
    /// Only those for whom this earlier wave was meant.
    pub wave: Option<WaveId>,
    /// Only those who came by this import.
    #[serde(default)]
    pub import: Option<ImportId>,
}

impl Selection {
    /// The given respondents, or everybody in the study.
    #[must_use]
    pub fn new(respondents: Option<Vec<RespondentId>>, stratum: Option<String>) -> Self {
        let respondents = respondents.map(|mut ids| {
            ids.sort_unstable();
            ids.dedup();
            ids
        });
        Self { respondents, stratum, fitting: Fitting::default() }
    }

    /// Of those, only who fits.
    #[must_use]
    pub const fn fitting(mut self, fitting: Fitting) -> Self {
        self.fitting = fitting;
        self
    }

    /// The next of those who were named, in their order; `None` when everybody is meant.
    #[must_use]
    pub fn named_after(&self, after: Option<RespondentId>, limit: usize) -> Option<&[RespondentId]> {
        let named = self.respondents.as_deref()?;
        let from = after.map_or(0, |after| named.partition_point(|id| *id <= after));
        let until = from.saturating_add(limit).min(named.len());
        Some(named.get(from..until).unwrap_or_default())
    }
}

/// A status by its name.
mod named_status {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::domain::respondent::RespondentStatus;

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands it over like this"
    )]
    pub(super) fn serialize<S: Serializer>(
        status: &Option<RespondentStatus>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        status.map(RespondentStatus::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<RespondentStatus>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        let read = |name: String| name.parse().map_err(|()| serde::de::Error::custom("no status"));
        name.map(read).transpose()
    }
}

/// How somebody was approached so far: the latest letter, and how many reminders they got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approached {
    /// How it fared.
    pub state: LetterState,
    /// When it left or, before that, when it was made.
    pub at: Instant,
    /// The reminders that left, or are on their way.
    pub reminders: i32,
}

/// How much a study asks of those who do not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How many reminders one respondent gets at most.
    pub max_reminders: i32,
    /// How many days lie at least between two letters that approach the same person.
    pub min_days: i32,
}

/// Why a respondent is not reminded, or `None` when they are.
#[must_use]
pub fn reminder_skipped(
    candidate: &Candidate,
    last: Option<Approached>,
    patience: Patience,
    now: Instant,
) -> Option<SkipReason> {
    match candidate.status {
        RespondentStatus::Invited => {}
        RespondentStatus::Listed => return Some(SkipReason::NotInvited),
        RespondentStatus::Consented
        | RespondentStatus::Booked
        | RespondentStatus::Held
        | RespondentStatus::NoShow => return Some(SkipReason::Answered),
        RespondentStatus::Declined
        | RespondentStatus::Referred
        | RespondentStatus::OptedOut
        | RespondentStatus::Withdrawn => {
            return candidate.skipped();
        }
    }
    // What keeps somebody from a first letter keeps them from another one too.
    let first = Candidate { status: RespondentStatus::Listed, ..*candidate };
    first.skipped().or(match last {
        None | Some(Approached { state: LetterState::Cancelled, .. }) => Some(SkipReason::NotInvited),
        Some(Approached { state: LetterState::Failed, .. }) => Some(SkipReason::LetterFailed),
        Some(Approached { reminders, .. }) if reminders >= patience.max_reminders => {
            Some(SkipReason::EnoughReminders)
        }
        Some(Approached { state: LetterState::Queued, .. }) => Some(SkipReason::TooSoon),
        Some(Approached { state: LetterState::Sent, at, .. }) => {
            (now < at.plus_days(i64::from(patience.min_days))).then_some(SkipReason::TooSoon)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Patience = Patience { max_reminders: 2, min_days: 3 };

    fn candidate(status: RespondentStatus) -> Candidate {
        Candidate { status, has_opted_out: false, has_consent_form: true, taken: 0, cap: None }
    }

    fn skipped(status: RespondentStatus, last: Option<(LetterState, i64)>) -> Option<SkipReason> {
        let now = Instant::from_unix(10_000_000);
        let last = last.map(|(state, days)| Approached { state, at: now.plus_days(-days), reminders: 0 });
        reminder_skipped(&candidate(status), last, USUAL, now)
    }

    #[test]
    fn only_those_are_reminded_whose_letter_left_days_ago_and_who_did_not_answer() {
        use LetterState::{Cancelled, Failed, Queued, Sent};
        use RespondentStatus::{Booked, Declined, Invited, Listed};
        assert_eq!(skipped(Invited, Some((Sent, 3))), None);
        assert_eq!(skipped(Invited, Some((Sent, 2))), Some(SkipReason::TooSoon));
        assert_eq!(skipped(Invited, Some((Queued, 9))), Some(SkipReason::TooSoon));
        assert_eq!(skipped(Invited, Some((Failed, 9))), Some(SkipReason::LetterFailed));
        assert_eq!(skipped(Invited, Some((Cancelled, 9))), Some(SkipReason::NotInvited));
        assert_eq!(skipped(Listed, None), Some(SkipReason::NotInvited));
        assert_eq!(skipped(Booked, Some((Sent, 9))), Some(SkipReason::Answered));
        assert_eq!(skipped(Declined, Some((Sent, 9))), Some(SkipReason::Declined));
    }

    #[test]
    fn an_objection_or_a_full_stratum_keeps_a_reminder_back_too() {
        let last = Some(Approached { state: LetterState::Sent, at: Instant::from_unix(0), reminders: 0 });
        let now = Instant::from_unix(10_000_000);
        let objected = Candidate { has_opted_out: true, ..candidate(RespondentStatus::Invited) };
        assert_eq!(reminder_skipped(&objected, last, USUAL, now), Some(SkipReason::OptedOut));
        let full = Candidate { taken: 1, cap: Some(1), ..candidate(RespondentStatus::Invited) };
        assert_eq!(reminder_skipped(&full, last, USUAL, now), Some(SkipReason::StratumFull));
    }

    #[test]
    fn who_had_all_reminders_gets_no_more_and_a_failed_one_is_named_first() {
        let now = Instant::from_unix(10_000_000);
        let skipped = |state, reminders, max_reminders| {
            let patience = Patience { max_reminders, ..USUAL };
            let last = Approached { state, at: now.plus_days(-9), reminders };
            reminder_skipped(&candidate(RespondentStatus::Invited), Some(last), patience, now)
        };
        assert_eq!(skipped(LetterState::Sent, 1, 2), None);
        assert_eq!(skipped(LetterState::Sent, 2, 2), Some(SkipReason::EnoughReminders));
        assert_eq!(skipped(LetterState::Queued, 2, 2), Some(SkipReason::EnoughReminders));
        assert_eq!(skipped(LetterState::Failed, 2, 2), Some(SkipReason::LetterFailed));
        assert_eq!(skipped(LetterState::Sent, 0, 0), Some(SkipReason::EnoughReminders));
    }

    #[test]
    fn the_days_between_two_letters_are_those_of_the_study() {
        let now = Instant::from_unix(10_000_000);
        let skipped = |days: i64, min_days| {
            let last = Approached { state: LetterState::Sent, at: now.plus_days(-days), reminders: 0 };
            let patience = Patience { min_days, ..USUAL };
            reminder_skipped(&candidate(RespondentStatus::Invited), Some(last), patience, now)
        };
        assert_eq!((skipped(13, 14), skipped(14, 14)), (Some(SkipReason::TooSoon), None));
        assert_eq!((skipped(0, 1), skipped(1, 1)), (Some(SkipReason::TooSoon), None));
    }

    #[test]
    fn those_who_are_named_are_taken_once_each_in_their_order() {
        let ids: Vec<RespondentId> = (0..3).map(|_| RespondentId::new()).collect();
        let selection = Selection::new(Some(vec![ids[2], ids[0], ids[1], ids[0]]), None);
        assert_eq!(selection.named_after(None, 2), Some(&ids[..2]));
        assert_eq!(selection.named_after(Some(ids[1]), 2), Some(&ids[2..]));
        assert_eq!(selection.named_after(Some(ids[2]), 2), Some(&[][..]));
        assert_eq!(Selection::new(None, None).named_after(None, 2), None);
    }
}
