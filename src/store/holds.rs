//! Times that are kept for respondents while they fill in the form: reservations of the kind `hold`, with a moment at
//! which that ends. One that has expired stands in nobody's way: those who look compare times, and whoever reserves
//! time puts it away first. The rows themselves go then, or some seconds later by the worker.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::prepared::Prepare as _;
use super::schema::{reservations, respondents};
use crate::clock::Instant;
use crate::domain::availability::{Reservation, ReservationKind};
use crate::domain::hold::Hold;
use crate::domain::interview::Mode;
use crate::id::{InterviewId, ReservationId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;

/// The time that is kept for a respondent at a moment.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<Option<Hold>> {
    type Row = (UserId, Option<Instant>, Option<Instant>, Option<Mode>, Option<Instant>);
    let found: Option<Row> = tx.maybe(|c| {
        on_each!(c, |c| {
            reservations::table
                .filter(reservations::respondent.eq(respondent))
                .filter(reservations::expires_at.gt(now))
                .select((
                    reservations::interviewer,
                    reservations::starts_at,
                    reservations::ends_at,
                    reservations::mode,
                    reservations::expires_at,
                ))
                .first(c)
        })
    })?;
    Ok(found.and_then(|(interviewer, starts_at, ends_at, mode, kept_until)| {
        let (starts_at, ends_at, mode) = (starts_at?, ends_at?, mode?);
        Some(Hold { interviewer, starts_at, ends_at, mode, kept_until: kept_until? })
    }))
}

/// Keeps time for a respondent, in the place of what was kept for them. The interviewer is locked.
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when it overlaps with another reservation.
pub fn keep(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    hold: &Hold,
    taken: Reservation,
    now: Instant,
) -> Outcome<ReservationId> {
    put_away(tx, hold.interviewer, now)?;
    drop_of(tx, respondent)?;
    let id = ReservationId::new();
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(reservations::table)
                .values((
                    reservations::id.eq(id),
                    reservations::interviewer.eq(hold.interviewer),
                    reservations::guard_from.eq(taken.from),
                    reservations::guard_until.eq(taken.until),
                    reservations::kind.eq(ReservationKind::Hold),
                    reservations::active.eq(true),
                    reservations::starts_at.eq(hold.starts_at),
                    reservations::ends_at.eq(hold.ends_at),
                    reservations::respondent.eq(respondent),
                    reservations::mode.eq(hold.mode),
                    reservations::expires_at.eq(hold.kept_until),
                ))
                .execute(c)
        })
    })?;
    Ok(id)
}

/// Turns the time that is kept for a respondent into that of their interview; false where none is kept. The interviewer
/// is locked.
///
/// # Errors
/// As [`keep`].
pub(super) fn turn(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    (interview, interviewer): (InterviewId, UserId),
    taken: Reservation,
) -> Outcome<bool> {
    let turned = tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(reservations::table.filter(reservations::respondent.eq(respondent)))
                .set((
                    reservations::interviewer.eq(interviewer),
                    reservations::interview.eq(interview),
                    reservations::guard_from.eq(taken.from),
                    reservations::guard_until.eq(taken.until),
                    reservations::kind.eq(taken.kind),
                    reservations::starts_at.eq(taken.starts_at),
                    reservations::ends_at.eq(taken.ends_at),
                    reservations::respondent.eq(None::<RespondentId>),
                    reservations::mode.eq(None::<Mode>),
                    reservations::expires_at.eq(None::<Instant>),
                ))
                .prepared()
                .execute(c)
        })
    })?;
    Ok(turned > 0)
}

/// Gives back the time that is kept for a respondent; false where none is.
///
/// # Errors
/// Only those of the database.
pub fn drop_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<bool> {
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::delete(reservations::table.filter(reservations::respondent.eq(respondent))).execute(c)
        })
    })
    .map(|gone| gone > 0)
}

/// Gives back all the time that is kept for respondents of a study, or what is kept with one interviewer.
///
/// # Errors
/// Only those of the database.
pub fn drop_all(tx: &mut Tx<'_>, study: StudyId, with: Option<UserId>) -> Outcome<()> {
    let theirs = respondents::table.filter(respondents::study.eq(study)).select(respondents::id.nullable());
    let kept = reservations::table
        .filter(reservations::expires_at.is_not_null())
        .filter(reservations::respondent.eq_any(theirs));
    match with {
        Some(who) => tx.run(|c| diesel::delete(kept.filter(reservations::interviewer.eq(who))).execute(c)),
        None => tx.run(|c| diesel::delete(kept).execute(c)),
    }
    .map(drop)
}

/// Puts away what has expired of an interviewer's time, so that the database lets others have it. They are locked.
///
/// # Errors
/// Only those of the database.
pub(super) fn put_away(tx: &mut Tx<'_>, interviewer: UserId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        on_each!(c, |c| {
            let theirs = reservations::table.filter(reservations::interviewer.eq(interviewer));
            diesel::delete(theirs.filter(reservations::expires_at.le(now))).execute(c)
        })
    })
    .map(drop)
}

/// Deletes what expired more than a minute ago.
///
/// # Errors
/// Only those of the database.
pub fn forget_expired(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let before = now.plus_minutes(-1);
    tx.run(|c| diesel::delete(reservations::table.filter(reservations::expires_at.lt(before))).execute(c))
        .map(drop)
}
