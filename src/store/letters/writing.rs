//! What the writer of a letter reads from the outbox.

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Claimed, message_place, queue};
use crate::clock::Instant;
use crate::domain::letter::CalendarMethod;
use crate::id::{InterviewId, LetterId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::schema::letters;

/// The message, where it is written already.
///
/// # Errors
/// When the seal is broken.
pub fn message(tx: &Tx<'_>, letter: &Claimed) -> Outcome<Option<Vec<u8>>> {
    let open = |sealed: &Vec<u8>| tx.keys().open(&message_place(letter.id), sealed);
    letter.message.as_ref().map(open).transpose()
}

/// Whether a letter about an interview has lost its point since it was queued: an invite that cannot have arrived when
/// the interview is called off by a later letter, and one that only calls off what no invite can have told of (R2).
///
/// # Errors
/// Only those of the database.
pub fn lost_its_point(tx: &mut Tx<'_>, letter: &Claimed) -> Outcome<bool> {
    let Some(interview) = letter.interview else { return Ok(false) };
    match letter.kind.calendar_method() {
        Some(CalendarMethod::Request) if !letter.may_have_arrived() => {
            queue::is_called_off(tx, interview, &letter.recipient, letter.sequence)
        }
        Some(CalendarMethod::Cancel) if letter.kind.only_calls_off() => {
            queue::may_have_arrived(tx, interview, &letter.recipient).map(|may| !may)
        }
        _ => Ok(false),
    }
}

/// What was written to the same recipient about the same interview before.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The identifier of the first message.
    pub thread: Option<String>,
    /// The latest moment that stands in any of the messages.
    pub stamp: Option<Instant>,
    /// Whether an invite may have reached the recipient.
    pub invited: bool,
}

/// What was written to a letter's recipient about an interview before.
///
/// # Errors
/// Only those of the database.
pub fn earlier(tx: &mut Tx<'_>, letter: &Claimed, interview: InterviewId) -> Outcome<Earlier> {
    let others = || {
        letters::table
            .filter(letters::interview.eq(interview))
            .filter(letters::recipient.eq(&letter.recipient))
            .filter(letters::id.ne(letter.id))
    };
    let thread: Option<Option<String>> = tx.maybe(|c| {
        others()
            .filter(letters::message_id.is_not_null())
            .order(letters::id)
            .select(letters::message_id)
            .first(c)
    })?;
    let stamp: Option<Instant> = tx.run(|c| others().select(max(letters::stamped_at)).first(c))?;
    // The one that is being written has been claimed, and so counts as tried.
    let invited: Option<LetterId> = tx.maybe(|c| {
        others()
            .filter(letters::attempts.gt(letters::refused))
            .filter(letters::kind.eq_any(queue::of_method(CalendarMethod::Request)))
            .select(letters::id)
            .first(c)
    })?;
    // One that is sent again after it failed has a moment of its own from then.
    let stamp = stamp.max(letter.stamped_at);
    Ok(Earlier { thread: thread.flatten(), stamp, invited: invited.is_some() })
}
