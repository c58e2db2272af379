//! Stretches that interviewers keep free in all their studies. What was booked before stays booked; whoever plans an
//! interview reads them with the interviewer locked, so that none is booked into one afterwards.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{blocks, members};
use crate::clock::Instant;
use crate::domain::availability::{Reservation, ReservationKind};
use crate::id::{BlockId, StudyId, UserId};
use crate::problem::Outcome;

/// A stretch that somebody keeps free.
#[derive(Debug, Clone, Queryable, serde::Serialize, utoipa::ToSchema)]
pub struct Block {
    /// The block's id.
    pub id: BlockId,
    /// When it begins.
    pub from: Instant,
    /// When it has ended.
    pub until: Instant,
}

/// The blocks of somebody that have not ended, soonest first.
///
/// # Errors
/// Only those of the database.
pub fn ahead(tx: &mut Tx<'_>, interviewer: UserId, now: Instant) -> Outcome<Vec<Block>> {
    tx.run(|c| {
        blocks::table
            .filter(blocks::interviewer.eq(interviewer))
            .filter(blocks::blocked_until.gt(now))
            .order((blocks::blocked_from, blocks::id))
            .select((blocks::id, blocks::blocked_from, blocks::blocked_until))
            .load(c)
    })
}

/// What the members of a study keep free of `[from, until)`.
///
/// # Errors
/// Only those of the database.
pub fn of_study(
    tx: &mut Tx<'_>,
    study: StudyId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<(UserId, Reservation)>> {
    let rows: Vec<(UserId, Instant, Instant)> = tx.run(|c| {
        on_each!(c, |c| {
            blocks::table
                .inner_join(members::table.on(members::user_id.eq(blocks::interviewer)))
                .filter(members::study.eq(study))
                .filter(blocks::blocked_until.gt(from))
                .filter(blocks::blocked_from.lt(until))
                .select((blocks::interviewer, blocks::blocked_from, blocks::blocked_until))
                .load(c)
        })
    })?;
    let taken = |(who, from, until)| (who, Reservation::whole(ReservationKind::Block, from, until));
    Ok(rows.into_iter().map(taken).collect())
}

/// What somebody keeps free of `[from, until)`.
///
/// # Errors
/// Only those of the database.
pub fn of(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Reservation>> {
    let all = ahead(tx, interviewer, from)?;
    let near = all.into_iter().filter(|block| block.from < until);
    Ok(near.map(|block| Reservation::whole(ReservationKind::Block, block.from, block.until)).collect())
}

/// One block of somebody.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for one that is not theirs.
pub fn get(tx: &mut Tx<'_>, interviewer: UserId, id: BlockId) -> Outcome<Block> {
    tx.run(|c| {
        blocks::table
            .find(id)
            .filter(blocks::interviewer.eq(interviewer))
            .select((blocks::id, blocks::blocked_from, blocks::blocked_until))
            .first(c)
    })
}

/// Keeps a stretch free, and forgets those that have ended.
///
/// # Errors
/// Only those of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (from, until): (Instant, Instant),
    now: Instant,
) -> Outcome<BlockId> {
    tx.run(|c| {
        let theirs = blocks::table.filter(blocks::interviewer.eq(interviewer));
        diesel::delete(theirs.filter(blocks::blocked_until.le(now))).execute(c)
    })?;
    let id = BlockId::new();
    tx.run(|c| {
        diesel::insert_into(blocks::table)
            .values((
                blocks::id.eq(id),
                blocks::interviewer.eq(interviewer),
                blocks::blocked_from.eq(from),
                blocks::blocked_until.eq(until),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Gives a stretch back; false when it is not theirs.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, interviewer: UserId, id: BlockId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(blocks::table.find(id).filter(blocks::interviewer.eq(interviewer))).execute(c))
        .map(|deleted| deleted > 0)
}
