//! What became of letters.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::answer::Answer;
use super::claim::held_by;
use super::{Ended, Hold, queued};
use crate::clock::Instant;
use crate::domain::delivery::{Dropped, ERASED_PATIENCE_HOURS, LetterState, RETRY_DAYS};
use crate::domain::letter::LetterKind;
use crate::id::{InterviewId, RespondentId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::on_each;
use crate::store::prepared::Prepare as _;
use crate::store::schema::{letters, respondents};

/// The mail server took a letter over. False when the letter was not held any more.
///
/// # Errors
/// Only those of the database.
pub fn sent(tx: &mut Tx<'_>, hold: Hold, now: Instant) -> Outcome<bool> {
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(row)
                .set((
                    letters::state.eq(LetterState::Sent),
                    letters::sent_at.eq(now),
                    letters::last_error.eq(None::<String>),
                    letters::answer.eq(None::<Vec<u8>>),
                    letters::claimed_until.eq(None::<Instant>),
                    letters::facts.eq(None::<Vec<u8>>),
                    letters::message.eq(None::<Vec<u8>>),
                ))
                .prepared()
                .execute(c)
        })
    })
    .map(|rows| rows == 1)
}

/// A letter was refused for the time being; `in_doubt` when it may have arrived all the same.
///
/// # Errors
/// Only those of the database.
pub fn later(tx: &mut Tx<'_>, hold: Hold, due_at: Instant, said: &str, in_doubt: bool) -> Outcome<()> {
    let row = held_by(hold.letter, hold.fence);
    let answer = Answer::to(tx, hold.letter, said)?;
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(row)
                .set((
                    letters::due_at.eq(due_at),
                    letters::last_error.eq(answer.codes),
                    letters::answer.eq(answer.sealed),
                    letters::refused.eq(letters::refused + i32::from(!in_doubt)),
                    letters::claimed_until.eq(None::<Instant>),
                ))
                .prepared()
                .execute(c)
        })
    })
    .map(drop)
}

/// A letter was refused for good, or is given up; `in_doubt` when this last attempt may have arrived all the same. What
/// it tells is kept so that a person can have it sent again, but not about somebody whose contact data are gone (E19).
///
/// # Errors
/// Only those of the database.
pub fn fail(tx: &mut Tx<'_>, hold: Hold, said: &str, in_doubt: bool) -> Outcome<()> {
    let row = held_by(hold.letter, hold.fence);
    let answer = Answer::to(tx, hold.letter, said)?;
    tx.run(|c| {
        diesel::update(row)
            .set((
                letters::state.eq(LetterState::Failed),
                letters::last_error.eq(answer.codes),
                letters::answer.eq(answer.sealed),
                letters::refused.eq(letters::refused + i32::from(!in_doubt)),
                letters::claimed_until.eq(None::<Instant>),
                letters::message.eq(None::<Vec<u8>>),
            ))
            .execute(c)
    })?;
    // What is said of a delegate is theirs, who may be forgotten by now.
    let of_delegate = letters::table.find(hold.letter).filter(letters::kind.eq_any(to_delegates()));
    tx.run(|c| diesel::update(of_delegate).set(letters::answer.eq(None::<Vec<u8>>)).execute(c))?;
    // Asked afterwards: an erasure that held the row until now is seen.
    let forgotten = letters::table
        .find(hold.letter)
        .filter(letters::state.eq(LetterState::Failed))
        .filter(letters::respondent.assume_not_null().eq_any(out_of_reach()));
    tx.run(|c| diesel::update(forgotten).set(letters::facts.eq(None::<Vec<u8>>)).execute(c)).map(drop)
}

/// A letter that was claimed is not to be sent any more. No attempt was made.
///
/// # Errors
/// Only those of the database.
pub fn cancel(tx: &mut Tx<'_>, hold: Hold, why: Dropped) -> Outcome<()> {
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| {
        diesel::update(row)
            .set((
                Ended::cancelled(why),
                letters::attempts.eq(letters::attempts - 1),
                letters::claimed_until.eq(None::<Instant>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Cancels the letters of recruitment to a respondent that have not left, and deletes what failed ones tell, so that
/// nobody sends them again. A raised fence keeps a worker that holds one from bringing it back.
///
/// # Errors
/// Only those of the database.
pub fn stop_recruitment(tx: &mut Tx<'_>, respondent: RespondentId, why: Dropped) -> Outcome<()> {
    let recruiting = LetterKind::ALL.into_iter().filter(|kind| kind.is_recruitment());
    let theirs =
        letters::table.filter(letters::respondent.eq(respondent)).filter(letters::kind.eq_any(recruiting));
    let failed = theirs.clone().filter(letters::state.eq(LetterState::Failed));
    tx.run(|c| diesel::update(failed).set(letters::facts.eq(None::<Vec<u8>>)).execute(c))?;
    let waiting = theirs.filter(letters::state.eq(LetterState::Queued));
    tx.run(|c| {
        diesel::update(waiting)
            .set((
                Ended::cancelled(why),
                letters::claimed_until.eq(None::<Instant>),
                letters::fence.eq(letters::fence + 1),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Deletes what failed letters tell about an interview of which a recipient has been told something newer, so that
/// nobody sends what does not hold any more.
///
/// # Errors
/// Only those of the database.
pub(super) fn replace_failed(tx: &mut Tx<'_>, interview: InterviewId, recipient: &str) -> Outcome<()> {
    let failed = letters::table
        .filter(letters::interview.eq(interview))
        .filter(letters::recipient.eq(recipient))
        .filter(letters::state.eq(LetterState::Failed));
    let forgotten = letters::facts.eq(None::<Vec<u8>>);
    tx.run(|c| on_each!(c, |c| diesel::update(failed).set(forgotten).prepared().execute(c))).map(drop)
}

/// Deletes what mail servers said of the delegate of an interview.
///
/// # Errors
/// Only those of the database.
pub(in crate::store) fn forget_answers_of_delegate(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    let theirs =
        letters::table.filter(letters::interview.eq(interview)).filter(letters::kind.eq_any(to_delegates()));
    tx.run(|c| diesel::update(theirs).set(letters::answer.eq(None::<Vec<u8>>)).execute(c)).map(drop)
}

fn to_delegates() -> impl Iterator<Item = LetterKind> {
    LetterKind::ALL.into_iter().filter(|kind| kind.is_for_delegate())
}

/// Gives up the letters about people whose contact data are gone that have waited for almost a day (E19).
///
/// # Errors
/// Only those of the database.
pub fn give_up_on_erased(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let waiting = letters::table
        .filter(queued())
        .filter(letters::created_at.le(now.plus_minutes(-60 * ERASED_PATIENCE_HOURS)))
        .filter(letters::respondent.assume_not_null().eq_any(out_of_reach()));
    tx.run(|c| {
        diesel::update(waiting)
            .set((
                Ended::cancelled(Dropped::Erased),
                letters::claimed_until.eq(None::<Instant>),
                letters::fence.eq(letters::fence + 1),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Everybody whose contact data are gone, removed or erased with the person.
#[diesel::dsl::auto_type(no_type_alias)]
fn out_of_reach() -> _ {
    respondents::table.filter(respondents::contact_removed_at.is_not_null()).select(respondents::id)
}

/// Deletes what letters tell that failed long ago.
///
/// # Errors
/// Only those of the database.
pub fn forget_old_facts(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let old = letters::table
        .filter(sql::<Bool>("state = 'failed'"))
        .filter(letters::created_at.le(now.plus_days(-RETRY_DAYS)))
        .filter(letters::facts.is_not_null());
    tx.run(|c| diesel::update(old).set(letters::facts.eq(None::<Vec<u8>>)).execute(c)).map(drop)
}
