//! Puts a study into the archive, where it can be read and taken out but not changed, and takes it out again.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::{Tx, interviews, members, studies};

/// Archives a study that is closed and has no interview ahead. Erasing a person and what respondents do by their own
/// link, such as withdrawing, go on.
///
/// # Errors
/// Those of access; [`Problem::WrongState`] while it is open or an interview is planned.
pub fn archive_study(tx: &mut Tx<'_>, now: Instant, user: UserId, study: StudyId) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    members::require_though_archived(tx, study, user, Right::ChangeStudy)?;
    let row = studies::get(tx, study)?;
    if studies::archived_at(tx, study)?.is_some() {
        return Ok(Done::housekeeping(()));
    }
    if row.closed_at.is_none() {
        return Err(Problem::WrongState("open"));
    }
    if interviews::ahead(tx, study, now, 1)?.0 > 0 {
        return Err(Problem::WrongState("booked"));
    }
    studies::archive(tx, study, now)?;
    Ok(Entry::new(now, Actor::User(user), "study.archived").study(study).subject(study).with(()))
}

/// Takes a study out of the archive; it stays closed.
///
/// # Errors
/// Those of access.
pub fn unarchive_study(tx: &mut Tx<'_>, now: Instant, user: UserId, study: StudyId) -> Outcome<Done<()>> {
    members::require_though_archived(tx, study, user, Right::ChangeStudy)?;
    if !studies::unarchive(tx, study)? {
        return Ok(Done::housekeeping(()));
    }
    Ok(Entry::new(now, Actor::User(user), "study.unarchived").study(study).subject(study).with(()))
}
