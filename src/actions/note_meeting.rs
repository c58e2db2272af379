//! Writes down what came of asking Microsoft for a meeting, and tells both sides where its link has become known.

use super::announce_link::announce;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::meeting::Wanted;
use crate::problem::{Outcome, Problem};
use crate::store::meetings::{self, Claimed, Facts, Standing};
use crate::store::{Tx, interviews, respondents, studies};

/// Notes what is known of a claimed meeting and where it stands. A holder whose lease ended changes nothing.
///
/// # Errors
/// Only those of the database.
pub fn note_meeting(
    tx: &mut Tx<'_>,
    now: Instant,
    claimed: &Claimed,
    facts: &Facts,
    standing: Standing,
) -> Outcome<Done<()>> {
    let found = interviews::get(tx, claimed.hold.interview)?;
    // Whoever is erased is told nothing more. The lock comes before that of the meeting, as with every other change.
    let respondent = match respondents::lock(tx, found.respondent) {
        Ok(respondent) => Some(respondent),
        Err(Problem::NotFound) => None,
        Err(problem) => return Err(problem),
    };
    if !meetings::note(tx, claimed.hold, facts, standing)? {
        return Ok(Done::housekeeping(()));
    }
    let action = match (standing, claimed.wanted) {
        (Standing::Settled, Wanted::Made) => "meeting.made",
        (Standing::Settled, Wanted::Gone) => "meeting.ended",
        (Standing::Failed(_), _) => "meeting.failed",
        (Standing::Later(..), _) => return Ok(Done::housekeeping(())),
    };
    let mut entry = Entry::new(now, Actor::System, action).study(claimed.study).subject(found.id);
    if let Standing::Failed(problem) = standing {
        entry = entry.result(problem.as_str());
    }
    let done = entry.with(());
    let Some(respondent) = respondent else { return Ok(done) };
    let study = studies::get(tx, claimed.study)?;
    let interview = interviews::get(tx, found.id)?;
    let told = announce(tx, now, &study, &respondent, &interview)?;
    Ok(told.into_iter().fold(done, Done::and))
}
