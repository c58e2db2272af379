//! Claiming letters: a lease keeps others away from a letter while one sends it, and a fence keeps one whose lease has
//! ended from writing down what became of it.
//!
//! The lease runs by the clock of the database on PostgreSQL, which several servers share, and by the given moment on
//! SQLite, which one process serves: there all leases are ended when it begins.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::{message_place, queued};
use crate::clock::Instant;
use crate::domain::letter::LetterKind;
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::attendances::Answered;
use crate::store::dialect::{Conn, on_each};
use crate::store::prepared::Prepare as _;
use crate::store::schema::letters;

/// How long a letter stays with who claimed it without a sign of life, in seconds (E23 allows 30).
pub const LEASE_SECONDS: i64 = 25;

/// Of letters about one interview to one recipient only the first may leave that is still queued, or was ended while it
/// was on its way (R2). The moment of the leases follows.
const FIRST_IN_LINE: &str = "NOT EXISTS (SELECT 1 FROM letters AS earlier \
    WHERE earlier.interview = letters.interview AND earlier.recipient = letters.recipient \
    AND (earlier.sequence, earlier.id) < (letters.sequence, letters.id) \
    AND (earlier.state = 'queued' OR earlier.claimed_until > ";

/// A letter with its holder's fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The letter.
    pub letter: LetterId,
    /// The number of the claim; a later one is greater.
    pub fence: i32,
}

/// A letter that is to be sent now.
#[derive(Debug, Clone, Queryable)]
pub struct Claimed {
    /// The letter.
    pub id: LetterId,
    /// Its study.
    pub study: StudyId,
    /// The respondent that it is about.
    pub respondent: Option<RespondentId>,
    /// The researcher that it goes to; else it goes to the respondent.
    pub user: Option<UserId>,
    pub(super) recipient: String,
    /// What it is.
    pub kind: LetterKind,
    /// The interview that it is about.
    pub interview: Option<InterviewId>,
    /// The SEQUENCE of its calendar part.
    pub sequence: Option<i32>,
    /// The moment of the message, where it is written already.
    pub stamped_at: Option<Instant>,
    pub(super) facts: Option<Vec<u8>>,
    pub(super) message: Option<Vec<u8>>,
    /// How often it was claimed to be sent, this time included.
    pub attempts: i32,
    refused: i32,
    /// When it was made.
    pub created_at: Instant,
    fence: i32,
}

impl Claimed {
    /// What its holder shows when writing down what became of it.
    #[must_use]
    pub const fn hold(&self) -> Hold {
        Hold { letter: self.id, fence: self.fence }
    }

    /// Whether an answer to an invite is that of the one whom the letter goes to.
    #[must_use]
    pub fn is_to(&self, answer: &Answered) -> bool {
        answer.is_of_key(&self.recipient)
    }

    /// Whether an attempt before this one may have brought it to its recipient.
    pub(super) const fn may_have_arrived(&self) -> bool {
        self.attempts - 1 > self.refused
    }
}

/// The columns of [`Claimed`] in their order.
type Columns = (
    letters::id,
    letters::study,
    letters::respondent,
    letters::user_id,
    letters::recipient,
    letters::kind,
    letters::interview,
    letters::sequence,
    letters::stamped_at,
    letters::facts,
    letters::message,
    letters::attempts,
    letters::refused,
    letters::created_at,
    letters::fence,
);

const COLUMNS: Columns = (
    letters::id,
    letters::study,
    letters::respondent,
    letters::user_id,
    letters::recipient,
    letters::kind,
    letters::interview,
    letters::sequence,
    letters::stamped_at,
    letters::facts,
    letters::message,
    letters::attempts,
    letters::refused,
    letters::created_at,
    letters::fence,
);

/// The moment by which leases run.
pub(in crate::store) fn lease_clock(tx: &mut Tx<'_>, now: Instant) -> Outcome<Instant> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(now),
        Conn::Postgres(c) => {
            diesel::select(sql::<BigInt>("EXTRACT(EPOCH FROM clock_timestamp())::bigint")).get_result(c)
        }
    })
}

/// Claims letters that are due, those that are due longest first, and counts an attempt at each.
///
/// # Errors
/// Only those of the database.
pub fn claim(tx: &mut Tx<'_>, now: Instant, limit: i64) -> Outcome<Vec<Claimed>> {
    let clock = lease_clock(tx, now)?;
    let due = letters::table
        .filter(queued())
        .filter(letters::due_at.le(now))
        .filter(letters::claimed_until.is_null().or(letters::claimed_until.assume_not_null().le(clock)))
        .filter(sql::<Bool>(FIRST_IN_LINE).bind::<BigInt, _>(clock).sql("))"))
        .order((letters::due_at, letters::id))
        .limit(limit)
        .select(letters::id);
    let ids: Vec<LetterId> = tx.run(|c| match c {
        Conn::Sqlite(c) => due.load(c),
        Conn::Postgres(c) => due.for_update().skip_locked().load(c),
    })?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = letters::table.filter(letters::id.eq_any(ids.iter().copied()));
    tx.run(|c| {
        diesel::update(chosen)
            .set((
                letters::claimed_until.eq(clock.plus_seconds(LEASE_SECONDS)),
                letters::fence.eq(letters::fence + 1),
                letters::attempts.eq(letters::attempts + 1),
            ))
            .execute(c)
    })?;
    tx.run(|c| {
        letters::table
            .filter(letters::id.eq_any(ids.iter().copied()))
            .order((letters::due_at, letters::id))
            .select(COLUMNS)
            .load(c)
    })
}

/// The row of a letter that its holder still holds.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn held_by(letter: LetterId, fence: i32) -> _ {
    letters::table
        .filter(letters::id.eq(letter))
        .filter(letters::fence.eq(fence))
        .filter(letters::state.eq("queued"))
}

/// Gives a sign of life: the leases begin anew. Answers the letters that are still held.
///
/// # Errors
/// Only those of the database.
pub fn extend(tx: &mut Tx<'_>, now: Instant, holds: &[Hold]) -> Outcome<Vec<LetterId>> {
    let until = lease_clock(tx, now)?.plus_seconds(LEASE_SECONDS);
    let mut still = Vec::with_capacity(holds.len());
    for hold in holds {
        let row = held_by(hold.letter, hold.fence);
        if tx.run(|c| diesel::update(row).set(letters::claimed_until.eq(until)).execute(c))? == 1 {
            still.push(hold.letter);
        }
    }
    Ok(still)
}

/// Gives letters back that were not tried after all.
///
/// # Errors
/// Only those of the database.
pub fn release(tx: &mut Tx<'_>, holds: &[Hold]) -> Outcome<()> {
    for hold in holds {
        let row = held_by(hold.letter, hold.fence);
        tx.run(|c| {
            diesel::update(row)
                .set((
                    letters::claimed_until.eq(None::<Instant>),
                    letters::attempts.eq(letters::attempts - 1),
                ))
                .execute(c)
        })?;
    }
    Ok(())
}

/// Keeps a message that was written, sealed, until the letter is not queued any more. False when the letter is not
/// held any more.
///
/// # Errors
/// Only those of the database.
pub fn keep_message(
    tx: &mut Tx<'_>,
    hold: Hold,
    message_id: &str,
    stamp: Instant,
    message: &[u8],
) -> Outcome<bool> {
    let sealed = tx.keys().seal(&message_place(hold.letter), message)?;
    let row = held_by(hold.letter, hold.fence);
    let kept = tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(row)
                .set((
                    letters::message_id.eq(message_id),
                    letters::stamped_at.eq(stamp),
                    letters::message.eq(sealed),
                ))
                .prepared()
                .execute(c)
        })
    })?;
    Ok(kept == 1)
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
