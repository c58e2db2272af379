//! The hours of the interviewers of a study, and their diaries.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::on_each;
use super::reservations::Look;
use super::schema::{availability_exceptions as exceptions, availability_rules as rules, members};
use super::{Tx, blocks, busy_times, reservations};
use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::availability::{
    Availability, Change, Diaries, Exception, Hours, Reservation, Rule, Stretch, Timing, WallTime, Weekday,
};
use crate::id::{AvailabilityId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// The hours of everybody who plans interviews in a study. Those of a former member are kept but not shown.
///
/// # Errors
/// Only those of the database.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Availability> {
    type Single = (UserId, NaiveDate, bool, Option<i32>, Option<i32>);
    let weekly: Vec<(UserId, i32, i32, i32)> = tx.run(|c| {
        on_each!(c, |c| {
            rules::table
                .inner_join(
                    members::table
                        .on(members::study.eq(rules::study).and(members::user_id.eq(rules::interviewer))),
                )
                .filter(rules::study.eq(study))
                .filter(members::role.ne(Role::Reader))
                .order((rules::interviewer, rules::weekday, rules::from_minute))
                .select((rules::interviewer, rules::weekday, rules::from_minute, rules::until_minute))
                .load(c)
        })
    })?;
    let single: Vec<Single> = tx.run(|c| {
        on_each!(c, |c| {
            exceptions::table
                .inner_join(members::table.on(
                    members::study.eq(exceptions::study).and(members::user_id.eq(exceptions::interviewer)),
                ))
                .filter(exceptions::study.eq(study))
                .filter(members::role.ne(Role::Reader))
                .order((exceptions::interviewer, exceptions::on_date, exceptions::from_minute))
                .select((
                    exceptions::interviewer,
                    exceptions::on_date,
                    exceptions::open,
                    exceptions::from_minute,
                    exceptions::until_minute,
                ))
                .load(c)
        })
    })?;
    let unreadable = || Problem::internal("a row of availability holds no hours");
    let rules = weekly.into_iter().map(|(interviewer, weekday, from, until)| {
        let weekday = Weekday::from_number(weekday);
        weekday.zip(stretch(from, until)).map(|(weekday, stretch)| Rule { interviewer, weekday, stretch })
    });
    let exceptions = single.into_iter().map(|(interviewer, date, open, from, until)| {
        let stretch = from.zip(until).and_then(|(from, until)| stretch(from, until));
        Change::from_parts(open, stretch).map(|change| Exception { interviewer, date, change })
    });
    Ok(Availability {
        rules: rules.collect::<Option<_>>().ok_or_else(unreadable)?,
        exceptions: exceptions.collect::<Option<_>>().ok_or_else(unreadable)?,
    })
}

fn stretch(from: i32, until: i32) -> Option<Stretch> {
    Stretch::new(WallTime::from_minute(from)?, WallTime::from_minute(until)?)
}

/// The diaries of everybody who plans interviews in a study, with what touches `[from, until)` of their time.
///
/// # Errors
/// Only those of the database.
pub fn diaries(
    tx: &mut Tx<'_>,
    study: StudyId,
    timing: Timing,
    span: (Instant, Instant),
    look: Look,
) -> Outcome<Diaries> {
    let hours = of_study(tx, study)?.by_interviewer();
    diaries_of(tx, study, timing, hours, span, look)
}

/// As [`diaries`], of those whose hours are known already.
///
/// # Errors
/// Only those of the database.
pub fn diaries_of(
    tx: &mut Tx<'_>,
    study: StudyId,
    timing: Timing,
    hours: BTreeMap<UserId, Hours>,
    span: (Instant, Instant),
    look: Look,
) -> Outcome<Diaries> {
    let mut taken = blocks::of_study(tx, study, span)?;
    for interviewer in hours.keys() {
        let theirs = reservations::taken(tx, *interviewer, span, look)?;
        let busy = busy_times::of(tx, *interviewer, span)?;
        taken.extend(theirs.into_iter().chain(busy).map(|reservation| (*interviewer, reservation)));
    }
    Ok(Diaries::new(timing, hours, taken))
}

/// What somebody keeps free of `[from, until)`: their blocks, and when their own calendar says that they are busy.
///
/// # Errors
/// Only those of the database.
pub fn kept_free(tx: &mut Tx<'_>, who: UserId, span: (Instant, Instant)) -> Outcome<Vec<Reservation>> {
    let mut free = blocks::of(tx, who, span)?;
    free.extend(busy_times::of(tx, who, span)?);
    Ok(free)
}

/// The diary of one interviewer, with hours or without, by itself.
///
/// # Errors
/// Only those of the database.
pub fn diary(
    tx: &mut Tx<'_>,
    study: StudyId,
    timing: Timing,
    interviewer: UserId,
    span: (Instant, Instant),
    look: Look,
) -> Outcome<Diaries> {
    let hours = of_study(tx, study)?.by_interviewer().remove(&interviewer).unwrap_or_default();
    let mut taken = kept_free(tx, interviewer, span)?;
    taken.extend(reservations::taken(tx, interviewer, span, look)?);
    let taken = taken.into_iter().map(|reservation| (interviewer, reservation)).collect();
    Ok(Diaries::new(timing, BTreeMap::from([(interviewer, hours)]), taken))
}

/// Puts the hours of some interviewers in place of those that they had. Hours of others that stand in `new` are
/// added.
///
/// # Errors
/// Only those of the database.
pub fn replace(tx: &mut Tx<'_>, study: StudyId, interviewers: &[UserId], new: &Availability) -> Outcome<()> {
    replace_weeks(tx, study, interviewers, &new.rules)?;
    tx.run(|c| {
        let of_study = exceptions::table.filter(exceptions::study.eq(study));
        diesel::delete(of_study.filter(exceptions::interviewer.eq_any(interviewers.iter().copied())))
            .execute(c)
    })?;
    for exception in &new.exceptions {
        add(tx, study, *exception)?;
    }
    Ok(())
}

/// Puts weekly hours of some interviewers in place of those that they had; what differs on single dates stays.
///
/// # Errors
/// Only those of the database.
pub fn replace_weeks(tx: &mut Tx<'_>, study: StudyId, interviewers: &[UserId], new: &[Rule]) -> Outcome<()> {
    tx.run(|c| {
        let of_study = rules::table.filter(rules::study.eq(study));
        diesel::delete(of_study.filter(rules::interviewer.eq_any(interviewers.iter().copied()))).execute(c)
    })?;
    for rule in new {
        tx.run(|c| {
            diesel::insert_into(rules::table)
                .values((
                    rules::id.eq(AvailabilityId::new()),
                    rules::study.eq(study),
                    rules::interviewer.eq(rule.interviewer),
                    rules::weekday.eq(rule.weekday.number()),
                    rules::from_minute.eq(rule.stretch.from().minute()),
                    rules::until_minute.eq(rule.stretch.until().minute()),
                ))
                .execute(c)
        })?;
    }
    Ok(())
}

/// Adds what differs on a date.
///
/// # Errors
/// Only those of the database.
pub fn add(tx: &mut Tx<'_>, study: StudyId, exception: Exception) -> Outcome<()> {
    let Exception { interviewer, date, change } = exception;
    let stretch = change.stretch();
    tx.run(|c| {
        diesel::insert_into(exceptions::table)
            .values((
                exceptions::id.eq(AvailabilityId::new()),
                exceptions::study.eq(study),
                exceptions::interviewer.eq(interviewer),
                exceptions::on_date.eq(date),
                exceptions::open.eq(change.is_open()),
                exceptions::from_minute.eq(stretch.map(|s| s.from().minute())),
                exceptions::until_minute.eq(stretch.map(|s| s.until().minute())),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Takes away what differs on a date, so that its weekday holds there again.
///
/// # Errors
/// Only those of the database.
pub fn remove(tx: &mut Tx<'_>, study: StudyId, exception: Exception) -> Outcome<()> {
    let Exception { interviewer, date, change } = exception;
    let of_date = exceptions::table
        .filter(exceptions::study.eq(study))
        .filter(exceptions::interviewer.eq(interviewer))
        .filter(exceptions::on_date.eq(date))
        .filter(exceptions::open.eq(change.is_open()));
    let removed = tx.run(|c| match change.stretch() {
        None => diesel::delete(of_date.filter(exceptions::from_minute.is_null())).execute(c),
        Some(stretch) => {
            let from = of_date.filter(exceptions::from_minute.eq(stretch.from().minute()));
            diesel::delete(from.filter(exceptions::until_minute.eq(stretch.until().minute()))).execute(c)
        }
    });
    removed.map(drop)
}
