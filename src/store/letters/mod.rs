//! The outbox: letters on their way, from the transaction that queues them to the answer of the mail server (R2).
//!
//! A letter is queued until it is sent, failed or cancelled. What it tells is sealed when it is queued, the whole
//! message when it is first claimed; both are deleted when it is not queued any more. The message always; what
//! it tells, of a failed letter, when nobody is offered any more to send it again, which would need it: after a month,
//! as soon as it does not hold any more, or at once when the person is erased. [`LetterItem::retry_until`] is shown.

mod answer;
mod bounce;
mod claim;
mod ending;
mod facts;
mod health;
mod list;
mod mailbox;
mod queue;
mod writing;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::clock::Instant;
use crate::domain::delivery::{Dropped, LetterState};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{About, LetterFacts};
use crate::id::{DelegateId, InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::store::respondents::Respondent;
use crate::store::schema::letters;

pub use answer::answer;
pub(super) use answer::codes;
pub use bounce::{Reported, bounce, note_delay, of_message, of_return_path};
pub(super) use claim::lease_clock;
pub use claim::{Claimed, Hold, LEASE_SECONDS, claim, end_leases, extend, keep_message, release};
pub(super) use ending::forget_answers_of_delegate;
pub use ending::{cancel, fail, forget_old_facts, give_up_on_erased, later, sent, stop_recruitment};
pub use facts::{change_facts, facts};
pub use health::{OutboxState, mail_is_away, mail_works, state};
pub use list::{Filter, LetterItem, count_about, detail, is_to_come, page, queue_again};
pub use mailbox::leave_mailbox;
pub use queue::{put, put_first, put_many};
pub use writing::{Earlier, earlier, lost_its_point, message};

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// A respondent, at the address in their contact.
    Respondent(RespondentId),
    /// A respondent, at an address that was theirs until this revision of their row: a mailbox of its own, with a
    /// calendar of its own.
    Former(RespondentId, i32),
    /// Somebody who made the appointment for a respondent, at the address that the letter itself bears.
    Delegate(DelegateId),
    /// A researcher, at the address of their account.
    User(UserId),
}

impl Recipient {
    pub(super) fn key(self) -> String {
        match self {
            Self::Respondent(id) => format!("respondent:{id}"),
            Self::Former(id, revision) => format!("former:{id}:{revision}"),
            Self::Delegate(id) => format!("delegate:{id}"),
            Self::User(id) => format!("user:{id}"),
        }
    }
}

/// A letter that is to be sent.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The study it belongs to.
    pub study: StudyId,
    /// To whom.
    pub recipient: Recipient,
    /// About which respondent, when about one; letters to an interviewer name theirs too.
    pub respondent: Option<RespondentId>,
    /// What it is about.
    pub kind: LetterKind,
    /// The occasion: of one kind, a recipient gets at most one letter per occasion.
    pub occasion: String,
    /// The interview and the sequence that its calendar part carries (RFC 5546 2.1.4).
    pub interview: Option<(InterviewId, i32)>,
    /// What it tells; sealed here.
    pub facts: LetterFacts,
    /// When it may leave.
    pub due_at: Instant,
}

impl NewLetter {
    /// A letter to a respondent that is about no interview, and may leave now.
    #[must_use]
    pub fn to(
        respondent: &Respondent,
        kind: LetterKind,
        occasion: String,
        about: About,
        now: Instant,
    ) -> Self {
        Self {
            study: respondent.study,
            recipient: Recipient::Respondent(respondent.id),
            respondent: Some(respondent.id),
            kind,
            occasion,
            interview: None,
            facts: LetterFacts::about(about),
            due_at: now,
        }
    }
}

/// What a letter becomes that is not to be sent any more: nothing is left but why.
#[derive(AsChangeset)]
#[diesel(table_name = letters, treat_none_as_null = true)]
pub(super) struct Ended {
    state: &'static str,
    last_error: Option<String>,
    answer: Option<Vec<u8>>,
    facts: Option<Vec<u8>>,
    message: Option<Vec<u8>>,
}

impl Ended {
    pub(super) fn cancelled(why: Dropped) -> Self {
        Self { last_error: Some(why.as_str().to_owned()), ..Self::forgotten(LetterState::Cancelled) }
    }

    /// Without even that.
    pub(super) const fn forgotten(state: LetterState) -> Self {
        Self { state: state.as_str(), last_error: None, answer: None, facts: None, message: None }
    }
}

/// Those letters, or letters about accounts, that wait. The state is written out as in the partial index over them,
/// since no database uses that for a value which it is given later.
pub(super) fn queued() -> SqlLiteral<Bool> {
    sql("state = 'queued'")
}

/// The place that a letter's message is sealed for.
fn message_place(id: LetterId) -> String {
    format!("letter message {id}")
}
