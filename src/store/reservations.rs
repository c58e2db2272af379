//! What is taken of interviewers' time. The database itself keeps two from overlapping (R1); what is read here only
//! tells what is probably free.

use diesel::prelude::*;

use super::dialect::on_each;
use super::schema::reservations;
use super::{Tx, holds};
use crate::clock::Instant;
use crate::domain::availability::{Reservation, ReservationKind};
use crate::domain::interview::Seat;
use crate::id::{InterviewId, ReservationId, RespondentId, UserId};
use crate::problem::Outcome;

/// A reservation as it stands in its columns.
#[derive(Queryable)]
struct Columns {
    guard_from: Instant,
    guard_until: Instant,
    kind: ReservationKind,
    starts_at: Option<Instant>,
    ends_at: Option<Instant>,
}

type Selected = (
    reservations::guard_from,
    reservations::guard_until,
    reservations::kind,
    reservations::starts_at,
    reservations::ends_at,
);

const COLUMNS: Selected = (
    reservations::guard_from,
    reservations::guard_until,
    reservations::kind,
    reservations::starts_at,
    reservations::ends_at,
);

impl Columns {
    /// What does not name its own beginning and end takes its time as a whole.
    fn read(self) -> Reservation {
        let Self { guard_from: from, guard_until: until, kind, .. } = self;
        let (starts_at, ends_at) = (self.starts_at.unwrap_or(from), self.ends_at.unwrap_or(until));
        Reservation { from, until, starts_at, ends_at, kind }
    }
}

/// When somebody looks at what is taken, and what of it does not stand in their way.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// What expired until then is not taken.
    pub now: Instant,
    /// The interview that is to be moved.
    pub moving: Option<InterviewId>,
    /// For whom an interview is planned: the time that is kept for them is theirs.
    pub holder: Option<RespondentId>,
}

impl Look {
    /// A look in which everything that is taken at that moment stands in the way.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self { now, moving: None, holder: None }
    }

    /// A look for moving an interview.
    #[must_use]
    pub const fn moving(now: Instant, interview: InterviewId) -> Self {
        Self { now, moving: Some(interview), holder: None }
    }

    /// Whether something that is taken stands in the way.
    #[must_use]
    pub fn minds(&self, taken: &Taken) -> bool {
        (self.moving.is_none() || taken.interview != self.moving)
            && (self.holder.is_none() || taken.holder != self.holder)
    }
}

/// Time of an interviewer that is taken, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// For which interview.
    pub interview: Option<InterviewId>,
    /// For whom it is kept while they fill in the form.
    pub holder: Option<RespondentId>,
    /// The time.
    pub reservation: Reservation,
}

/// What is taken of an interviewer's time at a moment and touches `[from, until)`, in all their studies.
///
/// # Errors
/// Only those of the database.
pub fn all(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (from, until): (Instant, Instant),
    now: Instant,
) -> Outcome<Vec<Taken>> {
    type Row = (Option<InterviewId>, Option<RespondentId>, Columns);
    let theirs = || {
        reservations::table
            .filter(reservations::active)
            .filter(reservations::interviewer.eq(interviewer))
            .filter(reservations::expires_at.is_null().or(reservations::expires_at.gt(now)))
    };
    // No two of an interviewer overlap (R1): of those that begin before the span, only the last can reach into it.
    let before: Option<Row> = tx.maybe(|c| {
        on_each!(c, |c| {
            let begun = theirs().filter(reservations::guard_from.le(from));
            let last = begun.order(reservations::guard_from.desc());
            last.select((reservations::interview, reservations::respondent, COLUMNS)).first(c)
        })
    })?;
    let within: Vec<Row> = tx.run(|c| {
        on_each!(c, |c| {
            theirs()
                .filter(reservations::guard_from.gt(from))
                .filter(reservations::guard_from.lt(until))
                .order(reservations::guard_from)
                .select((reservations::interview, reservations::respondent, COLUMNS))
                .load(c)
        })
    })?;
    let reaching = before.filter(|(.., columns)| columns.guard_until > from);
    let all = reaching.into_iter().chain(within);
    Ok(all
        .map(|(interview, holder, columns)| Taken { interview, holder, reservation: columns.read() })
        .collect())
}

/// What of it stands in the way of a look.
///
/// # Errors
/// As [`all`].
pub fn taken(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    span: (Instant, Instant),
    look: Look,
) -> Outcome<Vec<Reservation>> {
    let all = all(tx, interviewer, span, look.now)?;
    Ok(all.into_iter().filter(|taken| look.minds(taken)).map(|taken| taken.reservation).collect())
}

/// What is taken for a seat at an interview.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when nothing ever was.
pub fn of_interview(tx: &mut Tx<'_>, interview: InterviewId, seat: Seat) -> Outcome<Reservation> {
    tx.run(|c| at(interview, seat.is_second()).select(COLUMNS).first::<Columns>(c)).map(Columns::read)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn at(interview: InterviewId, second: bool) -> _ {
    reservations::table.filter(reservations::interview.eq(interview)).filter(reservations::second.eq(second))
}

/// Reserves an interviewer's time for a seat at an interview. They are locked, here and in [`insert_first`] and
/// [`shift`].
///
/// # Errors
/// [`crate::problem::Problem::SlotTaken`] when it overlaps with another reservation.
pub fn insert(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    of: (InterviewId, Seat),
    taken: Reservation,
    now: Instant,
) -> Outcome<()> {
    holds::put_away(tx, interviewer, now)?;
    add(tx, interviewer, of, taken)
}

/// Reserves an interviewer's time for a new interview of a respondent, in the place of what was kept for them.
///
/// # Errors
/// As [`insert`].
pub fn insert_first(
    tx: &mut Tx<'_>,
    respondent: RespondentId,
    (interview, interviewer): (InterviewId, UserId),
    taken: Reservation,
    now: Instant,
) -> Outcome<()> {
    holds::put_away(tx, interviewer, now)?;
    if holds::turn(tx, respondent, (interview, interviewer), taken)? {
        return Ok(());
    }
    add(tx, interviewer, (interview, Seat::First), taken)
}

fn add(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (interview, seat): (InterviewId, Seat),
    taken: Reservation,
) -> Outcome<()> {
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(reservations::table)
                .values((
                    reservations::id.eq(ReservationId::new()),
                    reservations::interviewer.eq(interviewer),
                    reservations::interview.eq(interview),
                    reservations::guard_from.eq(taken.from),
                    reservations::guard_until.eq(taken.until),
                    reservations::kind.eq(taken.kind),
                    reservations::active.eq(true),
                    reservations::starts_at.eq(taken.starts_at),
                    reservations::ends_at.eq(taken.ends_at),
                    reservations::second.eq(seat.is_second()),
                ))
                .execute(c)
        })
    })
    .map(drop)
}

/// Moves the reservation for a seat at an interview, to another interviewer if that is who has the seat from now on.
///
/// # Errors
/// As [`insert`].
pub fn shift(
    tx: &mut Tx<'_>,
    interviewer: UserId,
    (interview, seat): (InterviewId, Seat),
    taken: Reservation,
    now: Instant,
) -> Outcome<()> {
    holds::put_away(tx, interviewer, now)?;
    tx.run(|c| {
        diesel::update(at(interview, seat.is_second()))
            .set((
                reservations::interviewer.eq(interviewer),
                reservations::guard_from.eq(taken.from),
                reservations::guard_until.eq(taken.until),
                reservations::starts_at.eq(taken.starts_at),
                reservations::ends_at.eq(taken.ends_at),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Gives the time of a second interviewer back, who is not to come any more.
///
/// # Errors
/// Only those of the database.
pub fn free_second(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    tx.run(|c| diesel::delete(at(interview, true)).execute(c)).map(drop)
}

/// Gives the time of an interview back, of everybody who was to hold it.
///
/// # Errors
/// Only those of the database.
pub fn release(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(reservations::table.filter(reservations::interview.eq(interview)))
            .set(reservations::active.eq(false))
            .execute(c)
    })
    .map(drop)
}
