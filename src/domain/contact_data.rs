//! Contact data: who somebody is and how to reach them. A study needs them for as long as people can be written to.
//! What was said is often kept for many years more, under the code alone, so contact data can go before everything else
//! does (GDPR art. 5(1)(e), 89(1)).

use super::batch::Fate;
use super::respondent::RespondentStatus;

/// What the contact data of somebody are still used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactUse {
    /// Nothing.
    Done,
    /// They may still take part, and would have to be written to.
    TakingPart,
    /// An interview is still ahead.
    Interview,
    /// A letter waits to leave.
    Letters,
    /// A message that came in waits for somebody to read it.
    Mail,
    /// They were removed.
    Removed,
}

impl ContactUse {
    /// What they are used for of somebody of whom nothing waits. Nobody takes part any more in a closed study.
    #[must_use]
    pub const fn of(status: RespondentStatus, is_closed: bool) -> Self {
        use RespondentStatus as S;
        match status {
            S::Listed | S::Invited | S::Consented | S::Booked | S::NoShow if !is_closed => Self::TakingPart,
            _ => Self::Done,
        }
    }

    /// Why they are not removed, or `None` when they are.
    #[must_use]
    pub const fn keeps(self) -> Option<Fate> {
        match self {
            Self::Done => None,
            Self::TakingPart => Some(Fate::TakingPart),
            Self::Interview => Some(Fate::InterviewPlanned),
            Self::Letters => Some(Fate::LettersWaiting),
            Self::Mail => Some(Fate::MailWaiting),
            Self::Removed => Some(Fate::ContactRemoved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_still_be_written_to_keeps_their_contact_data_until_the_study_is_closed() {
        use RespondentStatus as S;
        let kept = |is_closed: bool| {
            let mut kept = S::ALL.to_vec();
            kept.retain(|status| ContactUse::of(*status, is_closed).keeps().is_some());
            kept
        };
        assert_eq!(kept(false), [S::Listed, S::Invited, S::Consented, S::Booked, S::NoShow]);
        assert_eq!(kept(true), []);
    }
}
