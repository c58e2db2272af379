//! What a researcher does to many respondents at once. It is prepared first, so that everybody sees how many it is for
//! and who is left out and why; then it is confirmed, and done to exactly those people (R9).

use utoipa::ToSchema;

use super::access::Right;
use super::contact_data::ContactUse;
use super::named::named;
use super::respondent::RespondentStatus;

/// How long one that was prepared waits for its researcher, in hours.
pub const KEPT_HOURS: i64 = 24;
/// How long it can be looked up what became of everybody, in days. The log of changes keeps it for good.
pub const TOLD_DAYS: i64 = 30;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BatchAct)]
pub enum Act {
    /// They take part no longer, as they said to a researcher.
    Withdraw,
    /// They get no more letters of recruitment, as they said to a researcher.
    OptOut,
    /// All that tells who they are is erased.
    Erase,
    /// Their contact data are removed; what they said stays under their code.
    RemoveContact,
    /// They get a new personal link; nobody is told.
    RenewLink,
    /// They get a new personal link by mail.
    SendLink,
    /// Somebody is chosen to interview them, or nobody in particular.
    ChooseInterviewer,
    /// They leave the list as if they had never been on it: an import is undone.
    Remove,
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Whom it is for is being looked up.
    Gathering,
    /// It waits for its researcher to say yes.
    Prepared,
    /// It was confirmed and is being done.
    Running,
    /// Nobody waits any more.
    Done,
    /// Whoever confirmed it may not do this any more.
    Stopped,
}

/// What becomes of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BatchFate)]
pub enum Fate {
    /// It will be done to them.
    Waiting,
    /// It was done to them.
    Done,
    /// There is no such respondent for the researcher (E29).
    Unknown,
    /// They were erased or removed in the meantime.
    Gone,
    /// They take part no longer already.
    Withdrawn,
    /// They get no letters already, or object to them.
    OptedOut,
    /// They said no.
    Declined,
    /// They named a colleague in their own place.
    Referred,
    /// No letter has told them of the study.
    NotInvited,
    /// This was chosen for them already.
    SameInterviewer,
    /// A letter was written to them, or they did something already.
    InUse,
    /// Their contact data were removed.
    ContactRemoved,
    /// They may still take part, and would have to be written to.
    TakingPart,
    /// An interview with them is still ahead.
    InterviewPlanned,
    /// A letter about them waits to leave.
    LettersWaiting,
    /// A message from them waits for somebody to read it.
    MailWaiting,
}

named!(
    Act,
    Withdraw = "withdraw",
    OptOut = "opt_out",
    Erase = "erase",
    RemoveContact = "remove_contact",
    RenewLink = "renew_link",
    SendLink = "send_link",
    ChooseInterviewer = "choose_interviewer",
    Remove = "remove",
);
named!(
    BatchState,
    Gathering = "gathering",
    Prepared = "prepared",
    Running = "running",
    Done = "done",
    Stopped = "stopped",
);
named!(
    Fate,
    Waiting = "waiting",
    Done = "done",
    Unknown = "unknown",
    Gone = "gone",
    Withdrawn = "withdrawn",
    OptedOut = "opted_out",
    Declined = "declined",
    Referred = "referred",
    NotInvited = "not_invited",
    SameInterviewer = "same_interviewer",
    InUse = "in_use",
    ContactRemoved = "contact_removed",
    TakingPart = "taking_part",
    InterviewPlanned = "interview_planned",
    LettersWaiting = "letters_waiting",
    MailWaiting = "mail_waiting",
);

/// Where somebody stands, as far as it decides whether something can be done to them.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// How far they have come.
    pub status: RespondentStatus,
    /// Whether they object to letters.
    pub has_opted_out: bool,
    /// Whether whoever is to be chosen is chosen already.
    pub same_interviewer: bool,
    /// Whether anything but being listed ever happened to them.
    pub in_use: bool,
    /// What their contact data are still used for.
    pub contact: ContactUse,
}

impl Act {
    /// What can be asked for by itself. An import is undone from its own page.
    pub const CHOSEN: [Self; 7] = [
        Self::Withdraw,
        Self::OptOut,
        Self::ChooseInterviewer,
        Self::RenewLink,
        Self::SendLink,
        Self::RemoveContact,
        Self::Erase,
    ];

    /// The right that it needs, which is the one that doing it to one respondent needs (R11).
    #[must_use]
    pub const fn right(self) -> Right {
        match self {
            Self::ChooseInterviewer => Right::Interviews,
            Self::Withdraw
            | Self::OptOut
            | Self::Erase
            | Self::RemoveContact
            | Self::RenewLink
            | Self::SendLink
            | Self::Remove => Right::Contacts,
        }
    }

    /// Whether it can be done in a study in the archive too: people are erased, and contact data removed, when their
    /// time is over.
    #[must_use]
    pub const fn works_in_archive(self) -> bool {
        matches!(self, Self::Erase | Self::RemoveContact)
    }

    /// Whether it can't be mended afterwards, so that its researcher types for how many people it is.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Erase | Self::RemoveContact | Self::Withdraw | Self::Remove)
    }

    /// To how many people it is done in one transaction: few, since on SQLite everybody else who writes waits for it.
    #[must_use]
    pub const fn at_once(self) -> i64 {
        match self {
            Self::Erase | Self::RemoveContact | Self::Withdraw | Self::Remove => 25,
            Self::OptOut | Self::RenewLink | Self::SendLink | Self::ChooseInterviewer => 100,
        }
    }

    /// Why it is not done to somebody, or `None` when it is.
    #[must_use]
    pub fn spares(self, standing: Standing) -> Option<Fate> {
        use RespondentStatus as S;
        let status = standing.status;
        let withdrawn = (status == S::Withdrawn).then_some(Fate::Withdrawn);
        let silent = (standing.has_opted_out || status == S::OptedOut).then_some(Fate::OptedOut);
        let fresh = (status == S::Listed).then_some(Fate::NotInvited);
        let unreachable = (standing.contact == ContactUse::Removed).then_some(Fate::ContactRemoved);
        match self {
            Self::Erase => None,
            Self::RemoveContact => standing.contact.keeps(),
            Self::RenewLink => unreachable,
            Self::Withdraw => withdrawn.or(fresh),
            Self::OptOut => unreachable.or(withdrawn).or(silent),
            Self::SendLink => unreachable.or(withdrawn).or(silent).or(fresh).or(match status {
                S::Declined => Some(Fate::Declined),
                S::Referred => Some(Fate::Referred),
                _ => None,
            }),
            Self::ChooseInterviewer => standing.same_interviewer.then_some(Fate::SameInterviewer),
            // Who objected under an earlier entry is listed as one who objects.
            Self::Remove => {
                let untouched = matches!(status, S::Listed | S::OptedOut) && !standing.in_use;
                (!untouched).then_some(Fate::InUse)
            }
        }
    }
}

impl Fate {
    /// Whether it is a reason why nothing is done to somebody.
    #[must_use]
    pub const fn is_skipped(self) -> bool {
        !matches!(self, Self::Waiting | Self::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: RespondentStatus) -> Standing {
        Standing {
            status,
            has_opted_out: false,
            same_interviewer: false,
            in_use: false,
            contact: ContactUse::Done,
        }
    }

    #[test]
    fn nothing_is_done_twice_and_nobody_is_written_to_against_their_will() {
        use RespondentStatus as S;
        let spares = |act: Act, status| act.spares(standing(status));
        assert_eq!(spares(Act::Withdraw, S::Withdrawn), Some(Fate::Withdrawn));
        assert_eq!(spares(Act::Withdraw, S::Listed), Some(Fate::NotInvited));
        assert_eq!(spares(Act::Withdraw, S::Booked), None);
        assert_eq!(spares(Act::OptOut, S::OptedOut), Some(Fate::OptedOut));
        assert_eq!(spares(Act::SendLink, S::Declined), Some(Fate::Declined));
        assert_eq!(spares(Act::SendLink, S::Held), None);
        assert_eq!(spares(Act::Erase, S::Withdrawn), None);
        let objects = Standing { has_opted_out: true, ..standing(S::Booked) };
        assert_eq!(Act::SendLink.spares(objects), Some(Fate::OptedOut));
        assert_eq!(Act::RenewLink.spares(objects), None);
        let chosen = Standing { same_interviewer: true, ..standing(S::Booked) };
        assert_eq!(Act::ChooseInterviewer.spares(chosen), Some(Fate::SameInterviewer));
    }

    #[test]
    fn whoever_can_be_reached_no_more_gets_no_link_and_can_still_withdraw_or_be_erased() {
        use RespondentStatus as S;
        let gone = Standing { contact: ContactUse::Removed, ..standing(S::Held) };
        for act in [Act::RemoveContact, Act::RenewLink, Act::SendLink, Act::OptOut] {
            assert_eq!(act.spares(gone), Some(Fate::ContactRemoved), "{act}");
        }
        assert_eq!(Act::Withdraw.spares(gone), None);
        assert_eq!(Act::Erase.spares(gone), None);
    }

    #[test]
    fn only_who_was_listed_and_nothing_more_can_be_removed() {
        use RespondentStatus as S;
        assert_eq!(Act::Remove.spares(standing(S::Listed)), None);
        let written = Standing { in_use: true, ..standing(S::Listed) };
        assert_eq!(Act::Remove.spares(written), Some(Fate::InUse));
        for status in S::ALL.into_iter().filter(|status| !matches!(status, S::Listed | S::OptedOut)) {
            assert_eq!(Act::Remove.spares(standing(status)), Some(Fate::InUse));
        }
    }
}
