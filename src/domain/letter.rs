//! The letters that Veldwerk sends: their kinds, what each carries, and what a study may say in words of its own.

mod placeholder;
mod sentences;
mod wording;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::placeholder::Placeholder;
pub use self::sentences::fill_sentences;
pub use self::wording::{Wording, fill};

/// What a letter is about. One kind has one template per language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// The first letter: what the study is, where the address came from, how to object (GDPR art. 14).
    Invitation,
    /// A friendly second letter to those who have not answered.
    Reminder,
    /// A copy of the consent that was given, word for word.
    ConsentReceipt,
    /// An interview was booked; carries the invite.
    Confirmation,
    /// An interview is near. It carries nothing for a calendar: another REQUEST would only ask for an answer again.
    AppointmentReminder,
    /// The interview has another time, place or mode; carries the renewed invite.
    Moved,
    /// The interview was called off by either side; carries the cancellation.
    Cancelled,
    /// The respondent has withdrawn. Carries the cancellation where an interview was planned.
    Withdrawn,
    /// The study takes no more interviews.
    StudyClosed,
    /// The join link of an interview has become known or has changed; carries the renewed invite.
    LinkUpdate,
    /// Somebody joins the interview as second interviewer, or does not come any more; carries the renewed invite. Who
    /// is at the table is for a respondent to know beforehand.
    CompanyChanged,
    /// Mail about an interview goes to another address of the respondent from now on. To the former address, whose
    /// calendar it takes the interview out of.
    AddressLeft,
    /// To whoever made the appointment for the respondent: it stands, at this time and place; carries the invite.
    DelegateInvited,
    /// To whoever made the appointment: it was called off, or they are told of it no longer; carries the cancellation.
    DelegateCancelled,
    /// To the interviewer: a respondent booked.
    InterviewerBooked,
    /// To the interviewer: time, place, mode or join link of an interview changed.
    InterviewerMoved,
    /// To the interviewer: an interview was called off.
    InterviewerCancelled,
    /// The respondent has another personal link; the earlier one has ended.
    NewLink,
    /// To the respondent: none of the moments that they proposed can be.
    ProposalDeclined,
    /// To the interviewer: a respondent proposes other moments than those that are offered.
    InterviewerProposal,
    /// To the interviewer: an interview is near. It carries nothing for a calendar either.
    InterviewerReminder,
}

/// The iTIP method of the calendar part of a letter (RFC 5546 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarMethod {
    /// A new or changed interview (RFC 5546 3.2.2).
    Request,
    /// An interview that was called off (RFC 5546 3.2.5).
    Cancel,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Invitation,
        Self::Reminder,
        Self::ConsentReceipt,
        Self::Confirmation,
        Self::AppointmentReminder,
        Self::Moved,
        Self::Cancelled,
        Self::Withdrawn,
        Self::StudyClosed,
        Self::LinkUpdate,
        Self::CompanyChanged,
        Self::AddressLeft,
        Self::NewLink,
        Self::ProposalDeclined,
        Self::DelegateInvited,
        Self::DelegateCancelled,
        Self::InterviewerBooked,
        Self::InterviewerMoved,
        Self::InterviewerCancelled,
        Self::InterviewerProposal,
        Self::InterviewerReminder,
    ];

    /// The name in JSON, in the database and of the template.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
            Self::ConsentReceipt => "consent_receipt",
            Self::Confirmation => "confirmation",
            Self::AppointmentReminder => "appointment_reminder",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
            Self::StudyClosed => "study_closed",
            Self::LinkUpdate => "link_update",
            Self::CompanyChanged => "company_changed",
            Self::AddressLeft => "address_left",
            Self::DelegateInvited => "delegate_invited",
            Self::DelegateCancelled => "delegate_cancelled",
            Self::InterviewerBooked => "interviewer_booked",
            Self::InterviewerMoved => "interviewer_moved",
            Self::InterviewerCancelled => "interviewer_cancelled",
            Self::NewLink => "new_link",
            Self::ProposalDeclined => "proposal_declined",
            Self::InterviewerProposal => "interviewer_proposal",
            Self::InterviewerReminder => "interviewer_reminder",
        }
    }

    /// Whether the letter approaches somebody who did not ask for it. Such letters carry the study's public name (E22)
    /// and `List-Unsubscribe` (RFC 8058), and are not sent to those who objected.
    #[must_use]
    pub const fn is_recruitment(self) -> bool {
        matches!(self, Self::Invitation | Self::Reminder)
    }

    /// Whether the letter goes to the interviewer and not to the respondent.
    #[must_use]
    pub const fn is_for_interviewer(self) -> bool {
        matches!(
            self,
            Self::InterviewerBooked
                | Self::InterviewerMoved
                | Self::InterviewerCancelled
                | Self::InterviewerProposal
                | Self::InterviewerReminder
        )
    }

    /// Whether the letter only reminds of an interview that its reader knows of.
    #[must_use]
    pub const fn is_appointment_reminder(self) -> bool {
        matches!(self, Self::AppointmentReminder | Self::InterviewerReminder)
    }

    /// The method of the calendar part that the letter carries when an interview stands behind it; `None` for
    /// letters that never carry one.
    #[must_use]
    pub const fn calendar_method(self) -> Option<CalendarMethod> {
        match self {
            Self::Confirmation
            | Self::Moved
            | Self::LinkUpdate
            | Self::CompanyChanged
            | Self::DelegateInvited
            | Self::InterviewerBooked
            | Self::InterviewerMoved => Some(CalendarMethod::Request),
            Self::Cancelled
            | Self::Withdrawn
            | Self::AddressLeft
            | Self::DelegateCancelled
            | Self::InterviewerCancelled => Some(CalendarMethod::Cancel),
            Self::Invitation
            | Self::Reminder
            | Self::ConsentReceipt
            | Self::StudyClosed
            | Self::AppointmentReminder
            | Self::NewLink
            | Self::ProposalDeclined
            | Self::InterviewerProposal
            | Self::InterviewerReminder => None,
        }
    }

    /// Whether the letter only takes an interview out of a calendar, so that it is pointless where no invite arrived.
    #[must_use]
    pub const fn only_calls_off(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::AddressLeft | Self::DelegateCancelled | Self::InterviewerCancelled
        )
    }

    /// Whether the letter goes to whoever made the appointment for the respondent.
    #[must_use]
    pub const fn is_for_delegate(self) -> bool {
        matches!(self, Self::DelegateInvited | Self::DelegateCancelled)
    }

    /// Whether a study may put its own words in place of ours. The letters to interviewers and delegates stay as they
    /// are, and so do the one to an address at which somebody else may read it, and the one that says who else is at
    /// the table.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        !self.is_for_interviewer()
            && !self.is_for_delegate()
            && !matches!(self, Self::AddressLeft | Self::CompanyChanged)
    }

    /// The placeholders that the body of this letter knows.
    #[must_use]
    pub const fn placeholders(self) -> &'static [Placeholder] {
        use Placeholder::{
            Contact, Date, Ethics, JoinLink, Link, Minutes, Name, Organisation, Place, Purpose, Researcher,
            Source, Study, Time,
        };
        match self {
            Self::Invitation | Self::Reminder => {
                &[Name, Study, Organisation, Researcher, Contact, Minutes, Ethics, Purpose, Source, Link]
            }
            Self::Confirmation | Self::AppointmentReminder | Self::Moved | Self::LinkUpdate => {
                &[Name, Study, Organisation, Researcher, Contact, Minutes, Date, Time, Place, JoinLink, Link]
            }
            Self::Cancelled => &[Name, Study, Organisation, Researcher, Contact, Date, Time, Link],
            Self::ConsentReceipt | Self::NewLink | Self::ProposalDeclined => {
                &[Name, Study, Organisation, Researcher, Contact, Link]
            }
            Self::Withdrawn | Self::StudyClosed => &[Name, Study, Organisation, Researcher, Contact],
            Self::AddressLeft
            | Self::CompanyChanged
            | Self::DelegateInvited
            | Self::DelegateCancelled
            | Self::InterviewerBooked
            | Self::InterviewerMoved
            | Self::InterviewerCancelled
            | Self::InterviewerProposal
            | Self::InterviewerReminder => &[],
        }
    }

    /// The placeholders that the subject of this letter knows. A subject is read by whoever looks over a shoulder, so
    /// it never names the person; the subject of an invite does not name the study either (E22).
    #[must_use]
    pub const fn subject_placeholders(self) -> &'static [Placeholder] {
        use Placeholder::{Date, Organisation, Researcher, Study, Time};
        match self {
            Self::Invitation
            | Self::Reminder
            | Self::ConsentReceipt
            | Self::NewLink
            | Self::ProposalDeclined
            | Self::StudyClosed => &[Study, Organisation, Researcher],
            Self::Confirmation
            | Self::AppointmentReminder
            | Self::Moved
            | Self::LinkUpdate
            | Self::Cancelled => &[Date, Time],
            Self::Withdrawn
            | Self::AddressLeft
            | Self::CompanyChanged
            | Self::DelegateInvited
            | Self::DelegateCancelled
            | Self::InterviewerBooked
            | Self::InterviewerMoved
            | Self::InterviewerCancelled
            | Self::InterviewerProposal
            | Self::InterviewerReminder => &[],
        }
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LetterKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests;
