//! Until when a respondent may change an interview that stands themselves; after that they ask the researcher.
//!
//! A notice counts back from the start of the interview as it stands, in real minutes. A study that asks for none, with
//! a notice of 0, lets an interview be changed until it is over: what took place by then, or did not, is for the
//! researcher to say. No notice binds a researcher (E9), nor whoever takes consent back, declines or is erased: consent
//! can be withdrawn at any time (GDPR art. 7(3)), and the interview goes with it.

use super::study::StudyRules;
use crate::clock::Instant;
use crate::problem::{AskInstead, Problem};

/// What a respondent does to an interview that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alteration {
    /// Another time, mode or place.
    Move,
    /// Calling it off.
    Cancel,
}

impl Alteration {
    /// The refusal that comes too late for this, with whom to ask instead.
    #[must_use]
    pub fn refused(self, ask: AskInstead) -> Problem {
        match self {
            Self::Move => Problem::TooLateToMove(ask),
            Self::Cancel => Problem::TooLateToCancel(ask),
        }
    }
}

impl StudyRules {
    /// Whether a respondent may still do this to an interview that lasts from one moment until another.
    #[must_use]
    pub fn may_still(
        &self,
        alteration: Alteration,
        (starts_at, ends_at): (Instant, Instant),
        now: Instant,
    ) -> bool {
        let notice = match alteration {
            Alteration::Move => self.move_notice_minutes,
            Alteration::Cancel => self.cancel_notice_minutes,
        };
        now < ends_at && (notice <= 0 || now.plus_minutes(i64::from(notice)) <= starts_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_binds_from_its_very_minute_on_and_each_for_itself() {
        let today = "2027-03-01".parse().unwrap();
        let rules =
            StudyRules { move_notice_minutes: 60, cancel_notice_minutes: 1_440, ..StudyRules::usual(today) };
        let start = Instant::parse("2027-03-03T09:00:00Z").unwrap();
        let lasts = (start, start.plus_minutes(60));
        let before = |minutes: i64| start.plus_minutes(-minutes);
        assert!(rules.may_still(Alteration::Move, lasts, before(60)));
        assert!(!rules.may_still(Alteration::Move, lasts, before(60).plus_seconds(1)));
        assert!(rules.may_still(Alteration::Cancel, lasts, before(1_440)));
        assert!(!rules.may_still(Alteration::Cancel, lasts, before(1_439)));
    }

    #[test]
    fn without_a_notice_an_interview_can_be_changed_until_it_is_over() {
        let rules = StudyRules::usual("2027-03-01".parse().unwrap());
        let start = Instant::parse("2027-03-03T09:00:00Z").unwrap();
        for alteration in [Alteration::Move, Alteration::Cancel] {
            let may = |now: Instant| rules.may_still(alteration, (start, start.plus_minutes(60)), now);
            assert!(may(start.plus_minutes(60).plus_seconds(-1)), "{alteration:?}");
            assert!(!may(start.plus_minutes(60)), "{alteration:?}");
        }
    }
}
