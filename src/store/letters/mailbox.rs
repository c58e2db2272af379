//! What becomes of a respondent's letters when their address is corrected. Which mailbox a letter went to decides which
//! calendar knows of an interview, so a former address is a recipient of its own from then on.

use diesel::prelude::*;

use super::{Ended, Recipient, change_facts, queue};
use crate::domain::delivery::{Dropped, LetterState};
use crate::domain::letter::{CalendarMethod, LetterKind};
use crate::domain::letter_facts::Addressee;
use crate::id::{InterviewId, LetterId, RespondentId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::Conn;
use crate::store::schema::letters;

/// A letter that waits to go to the former address.
#[derive(Queryable)]
struct Waiting {
    id: LetterId,
    kind: LetterKind,
    interview: Option<InterviewId>,
    facts: Option<Vec<u8>>,
}

/// Takes a respondent's letters out of the mailbox `former`, which was theirs until this revision of their row, and
/// answers the recipient that this mailbox is from now on:
///
/// - letters about interviews count there, since they went there or may have;
/// - one that waits to take an interview out of a calendar that may know of it still goes there;
/// - one that waits to invite ends: whoever calls this invites anew;
/// - everything else that waits is written anew, to the address in the contact.
///
/// # Errors
/// When a seal is broken.
pub fn leave_mailbox(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    revision: i32,
    former: &Addressee,
) -> Outcome<Recipient> {
    let (here, there) = (Recipient::Respondent(respondent).key(), Recipient::Former(respondent, revision));
    let theirs =
        || letters::table.filter(letters::respondent.eq(respondent)).filter(letters::recipient.eq(&here));
    let waiting = theirs().filter(letters::state.eq(LetterState::Queued)).order(letters::id).select((
        letters::id,
        letters::kind,
        letters::interview,
        letters::facts,
    ));
    // Locked, so that nobody writes down in between what became of one.
    let waiting: Vec<Waiting> = tx.run(|c| match c {
        Conn::Sqlite(c) => waiting.load(c),
        Conn::Postgres(c) => waiting.for_update().load(c),
    })?;
    let mut stay = Vec::new();
    for letter in &waiting {
        let invited = match letter.interview {
            Some(interview) => queue::may_have_arrived(tx, interview, &here)?,
            None => false,
        };
        match (letter.kind.calendar_method(), &letter.facts) {
            (Some(CalendarMethod::Request), _) => end(tx, letter.id)?,
            (Some(CalendarMethod::Cancel), Some(facts)) if invited => {
                change_facts(tx, letter.id, facts, |facts| facts.addressee = Some(former.clone()))?;
            }
            _ => {
                write_anew(tx, letter.id)?;
                stay.push(letter.id);
            }
        }
    }
    let left = theirs().filter(letters::interview.is_not_null()).filter(letters::id.ne_all(stay));
    tx.run(|c| diesel::update(left).set(letters::recipient.eq(there.key())).execute(c))?;
    // Nobody is to send again to one mailbox what was meant for the other.
    let failed = letters::table
        .filter(letters::respondent.eq(respondent))
        .filter(letters::recipient.eq(there.key()))
        .filter(letters::state.eq(LetterState::Failed));
    tx.run(|c| diesel::update(failed).set(letters::facts.eq(None::<Vec<u8>>)).execute(c))?;
    tx.wakes_worker = true;
    Ok(there)
}

/// A raised fence keeps a worker that holds the letter from bringing it back. The lease stays: until it ends the letter
/// may be on its way, and none that follows it overtakes it (R2).
fn end(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(letters::table.find(letter))
            .set((Ended::cancelled(Dropped::AddressCorrected), letters::fence.eq(letters::fence + 1)))
            .execute(c)
    })
    .map(drop)
}

/// Lets a letter begin as if nobody had tried it. A raised fence keeps a worker that holds it from writing down what
/// became of it at the former address.
fn write_anew(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(letters::table.find(letter))
            .set((
                letters::message.eq(None::<Vec<u8>>),
                letters::message_id.eq(None::<String>),
                letters::stamped_at.eq(None::<i64>),
                letters::due_at.eq(letters::created_at),
                letters::attempts.eq(0),
                letters::refused.eq(0),
                letters::last_error.eq(None::<String>),
                letters::answer.eq(None::<Vec<u8>>),
                letters::claimed_until.eq(None::<i64>),
                letters::fence.eq(letters::fence + 1),
            ))
            .execute(c)
    })
    .map(drop)
}
