//! The outbox of letters about accounts. It follows the rules of the other one ([`super::letters`]): what a letter
//! tells is sealed when it is queued, the message is kept when it is first claimed, a lease keeps others away from it,
//! and a fence keeps one whose lease has ended from writing down what became of it (R2).

use diesel::prelude::*;

use super::Tx;
use super::dialect::Conn;
use super::letters::{Hold, LEASE_SECONDS, codes, lease_clock, queued};
use super::schema::account_letters as letters;
use crate::clock::Instant;
use crate::domain::account_letter::AccountLetter;
use crate::domain::delivery::LetterState;
use crate::id::LetterId;
use crate::problem::{Outcome, Problem};

/// For how many days it is remembered what became of a letter.
const KEPT_DAYS: i64 = 60;

/// A letter that is to be sent now.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// What its holder shows when writing down what became of it.
    pub hold: Hold,
    /// What it tells, and to whom.
    pub letter: AccountLetter,
    /// The message, where it is written already.
    pub message: Option<Vec<u8>>,
    /// How often it was claimed, this time included.
    pub attempts: i32,
    /// When sending it is pointless.
    pub pointless_at: Instant,
}

/// Puts a letter into the outbox.
///
/// # Errors
/// Only those of the database.
pub fn put(tx: &mut Tx<'_>, letter: &AccountLetter, now: Instant) -> Outcome<LetterId> {
    let id = insert(tx, letter, now, LetterState::Queued)?;
    tx.wakes_worker = true;
    Ok(id)
}

/// Does the same work as [`put`] for a letter that nobody is to get.
///
/// # Errors
/// Only those of the database.
pub fn pretend(tx: &mut Tx<'_>, letter: &AccountLetter, now: Instant) -> Outcome<LetterId> {
    insert(tx, letter, now, LetterState::Cancelled)
}

fn insert(tx: &mut Tx<'_>, letter: &AccountLetter, now: Instant, state: LetterState) -> Outcome<LetterId> {
    let id = LetterId::new();
    let plain = serde_json::to_vec(letter).map_err(Problem::internal)?;
    let facts = Some(tx.keys().seal(&facts_place(id), &plain)?);
    tx.run(|c| {
        diesel::insert_into(letters::table)
            .values((
                letters::id.eq(id),
                letters::kind.eq(letter.matter.kind()),
                letters::facts.eq(facts.filter(|_| state == LetterState::Queued)),
                letters::state.eq(state),
                letters::attempts.eq(0),
                letters::created_at.eq(now),
                letters::due_at.eq(now),
                letters::pointless_at.eq(letter.matter.pointless_at(now)),
                letters::fence.eq(0),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Whether any letter waits to be sent, for a look that costs less than claiming one.
///
/// # Errors
/// Only those of the database.
pub fn any_due(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    let due = letters::table.filter(queued()).filter(letters::due_at.le(now));
    let found: Option<LetterId> = tx.maybe(|c| due.select(letters::id).first(c))?;
    Ok(found.is_some())
}

/// Claims the letter that is due longest, and counts an attempt at it.
///
/// # Errors
/// Those of the database, and when the seal is broken.
pub fn claim(tx: &mut Tx<'_>, now: Instant) -> Outcome<Option<Claimed>> {
    let clock = lease_clock(tx, now)?;
    let due = letters::table
        .filter(queued())
        .filter(letters::due_at.le(now))
        .filter(letters::claimed_until.is_null().or(letters::claimed_until.assume_not_null().le(clock)))
        .order((letters::due_at, letters::id))
        .limit(1)
        .select(letters::id);
    let found: Option<LetterId> = tx.maybe(|c| match c {
        Conn::Sqlite(c) => due.first(c),
        Conn::Postgres(c) => due.for_update().skip_locked().first(c),
    })?;
    let Some(id) = found else { return Ok(None) };
    tx.run(|c| {
        diesel::update(letters::table.find(id))
            .set((
                letters::claimed_until.eq(clock.plus_seconds(LEASE_SECONDS)),
                letters::fence.eq(letters::fence + 1),
                letters::attempts.eq(letters::attempts + 1),
            ))
            .execute(c)
    })?;
    match read(tx, id) {
        Err(Problem::Internal(cause)) => {
            tracing::error!(letter = %id, %cause, "a letter about an account cannot be read");
            give_up(tx, id).map(|()| None)
        }
        claimed => claimed.map(Some),
    }
}

/// Ends a letter that nobody can read, so that it keeps none of the others back.
fn give_up(tx: &mut Tx<'_>, id: LetterId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(letters::table.find(id))
            .set((
                letters::state.eq(LetterState::Failed),
                letters::facts.eq(None::<Vec<u8>>),
                letters::message.eq(None::<Vec<u8>>),
                letters::claimed_until.eq(None::<Instant>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Ends all leases on SQLite, which nobody else can hold when its one process begins.
///
/// # Errors
/// Only those of the database.
pub fn end_leases(tx: &mut Tx<'_>) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(c) => diesel::update(letters::table)
            .filter(queued())
            .filter(letters::claimed_until.is_not_null())
            .set(letters::claimed_until.eq(None::<Instant>))
            .execute(c)
            .map(drop),
        Conn::Postgres(_) => Ok(()),
    })
}

fn read(tx: &mut Tx<'_>, id: LetterId) -> Outcome<Claimed> {
    type Row = (Option<Vec<u8>>, Option<Vec<u8>>, i32, Instant, i32);
    let (facts, message, attempts, pointless_at, fence): Row = tx.run(|c| {
        letters::table
            .find(id)
            .select((
                letters::facts,
                letters::message,
                letters::attempts,
                letters::pointless_at,
                letters::fence,
            ))
            .first(c)
    })?;
    let facts = facts.ok_or_else(|| Problem::internal("a letter about an account tells nothing"))?;
    let plain = tx.keys().open(&facts_place(id), &facts)?;
    let letter = serde_json::from_slice(&plain).map_err(Problem::internal)?;
    let open = |sealed: &Vec<u8>| tx.keys().open(&message_place(id), sealed);
    let message = message.as_ref().map(open).transpose()?;
    Ok(Claimed { hold: Hold { letter: id, fence }, letter, message, attempts, pointless_at })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held_by(letter: LetterId, fence: i32) -> _ {
    letters::table
        .filter(letters::id.eq(letter))
        .filter(letters::fence.eq(fence))
        .filter(letters::state.eq("queued"))
}

/// Keeps a message that was written. False when the letter is not held any more.
///
/// # Errors
/// Only those of the database.
pub fn keep_message(tx: &mut Tx<'_>, hold: Hold, message: &[u8]) -> Outcome<bool> {
    let sealed = tx.keys().seal(&message_place(hold.letter), message)?;
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| diesel::update(row).set(letters::message.eq(sealed)).execute(c)).map(|kept| kept == 1)
}

/// Gives a sign of life: the lease begins anew. False when the letter is not held any more.
///
/// # Errors
/// Only those of the database.
pub fn extend(tx: &mut Tx<'_>, now: Instant, hold: Hold) -> Outcome<bool> {
    let until = lease_clock(tx, now)?.plus_seconds(LEASE_SECONDS);
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| diesel::update(row).set(letters::claimed_until.eq(until)).execute(c)).map(|held| held == 1)
}

/// Gives a letter back that is to be tried again at a moment.
///
/// # Errors
/// Only those of the database.
pub fn later(tx: &mut Tx<'_>, hold: Hold, due_at: Instant, said: &str) -> Outcome<()> {
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| {
        diesel::update(row)
            .set((
                letters::due_at.eq(due_at),
                letters::last_error.eq(codes(said)),
                letters::claimed_until.eq(None::<Instant>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Writes down what became of a letter: nothing of it is left but that, and why.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, hold: Hold, state: LetterState, why: Option<&str>) -> Outcome<()> {
    let row = held_by(hold.letter, hold.fence);
    tx.run(|c| {
        diesel::update(row)
            .set((
                letters::state.eq(state),
                letters::last_error.eq(why.and_then(codes)),
                letters::facts.eq(None::<Vec<u8>>),
                letters::message.eq(None::<Vec<u8>>),
                letters::claimed_until.eq(None::<Instant>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Keeps a letter that has not left from leaving: what it offers was taken back.
///
/// # Errors
/// Only those of the database.
pub fn cancel(tx: &mut Tx<'_>, id: LetterId) -> Outcome<()> {
    let row = letters::table.filter(letters::id.eq(id)).filter(letters::state.eq(LetterState::Queued));
    tx.run(|c| {
        diesel::update(row)
            .set((
                letters::state.eq(LetterState::Cancelled),
                letters::facts.eq(None::<Vec<u8>>),
                letters::message.eq(None::<Vec<u8>>),
                letters::claimed_until.eq(None::<Instant>),
                letters::fence.eq(letters::fence + 1),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Forgets what became of letters long ago.
///
/// # Errors
/// Only those of the database.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let old = letters::table.filter(letters::created_at.lt(now.plus_days(-KEPT_DAYS)));
    tx.run(|c| diesel::delete(old).execute(c)).map(drop)
}

fn facts_place(id: LetterId) -> String {
    format!("account letter facts {id}")
}

fn message_place(id: LetterId) -> String {
    format!("account letter message {id}")
}
