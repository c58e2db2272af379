//! The letters that Veldwerk sends: their kinds, what each carries, and a study's own wording of them.
//!
//! A wording is literal text with a closed list of placeholders (R10). It is never handed to the template engine:
//! what a researcher typed can name a respondent's facts and can do nothing else.

mod placeholder;
mod sentences;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text;
use crate::problem::{FieldCode, FieldProblem};

pub use self::placeholder::Placeholder;
pub use self::sentences::fill_sentences;

/// The opening that marks a placeholder.
const OPEN: &str = "{{";
/// What closes a placeholder.
const CLOSE: &str = "}}";

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
    /// Somebody joins the interview as second interviewer, or does not come any more; carries the renewed invite. Who is
    /// at the table is for a respondent to know beforehand.
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

    /// Whether a study may put its own words in place of ours. The letters to interviewers and delegates stay as they are,
    /// and so do the one to an address at which somebody else may read it, and the one that says who else is at the table.
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

/// A study's own words for one kind of letter in one language, checked against that kind's placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    subject: String,
    body: String,
}

impl Wording {
    /// Checks a subject (one line, [`text::LINE_LIMIT`]) and a body ([`text::TEXT_LIMIT`]).
    ///
    /// # Errors
    /// Everything that is wrong with `subject` and `body`; an unknown placeholder names those that are allowed.
    pub fn parse(kind: LetterKind, subject: &str, body: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        match text::line(subject) {
            Ok(line) => problems.extend(misplaced("subject", &line, kind.subject_placeholders())),
            Err(code) => problems.push(limited("subject", code, text::LINE_LIMIT)),
        }
        match text::prose(body) {
            Ok(prose) if prose.trim().is_empty() => {
                problems.push(FieldProblem::new("body", FieldCode::Required));
            }
            Ok(prose) => problems.extend(misplaced("body", &prose, kind.placeholders())),
            Err(code) => problems.push(limited("body", code, text::TEXT_LIMIT)),
        }
        if problems.is_empty() {
            Ok(Self { subject: subject.to_owned(), body: body.to_owned() })
        } else {
            Err(problems)
        }
    }

    /// The subject as it was typed.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The body as it was typed.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Whether the body names a fact.
    #[must_use]
    pub fn names(&self, placeholder: Placeholder) -> bool {
        pieces(&self.body).iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Braces(inner) => inner.trim().parse() == Ok(placeholder),
        })
    }
}

/// Puts values in place of placeholders. What is put in is not read again, and what is no known placeholder stays.
#[must_use]
pub fn fill(literal: &str, value: impl Fn(Placeholder) -> String) -> String {
    let mut filled = String::with_capacity(literal.len());
    for piece in pieces(literal) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Braces(inner) => match inner.trim().parse() {
                Ok(placeholder) => filled.push_str(&value(placeholder)),
                Err(()) => filled.extend([OPEN, inner, CLOSE]),
            },
        }
    }
    filled
}

enum Piece<'a> {
    Text(&'a str),
    Braces(&'a str),
}

/// Cuts a text at its braces. An opening without a closing is plain text.
fn pieces(literal: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((inner, behind)) = after.split_once(CLOSE) else { break };
        pieces.extend([Piece::Text(before), Piece::Braces(inner)]);
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What is wrong with the placeholders of a field: one that is not allowed there, or one that does not end.
fn misplaced(field: &str, literal: &str, allowed: &[Placeholder]) -> Option<FieldProblem> {
    let pieces = pieces(literal);
    if pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(OPEN))) {
        return Some(FieldProblem::new(field, FieldCode::UnclosedPlaceholder));
    }
    let stranger = pieces.iter().any(|piece| match piece {
        Piece::Text(_) => false,
        Piece::Braces(inner) => !inner.trim().parse().is_ok_and(|known| allowed.contains(&known)),
    });
    stranger.then(|| {
        let names: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        FieldProblem::new(field, FieldCode::UnknownPlaceholder).with("allowed", names)
    })
}

fn limited(field: &str, code: FieldCode, limit: usize) -> FieldProblem {
    match code {
        FieldCode::TooLong => FieldProblem::new(field, code).with("limit", limit),
        _ => FieldProblem::new(field, code),
    }
}

#[cfg(test)]
mod tests;
