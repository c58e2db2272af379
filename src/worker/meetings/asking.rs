//! One attempt at one meeting: which questions are put to Microsoft, and what is known afterwards.

use crate::clock::Instant;
use crate::domain::interview::meeting_link;
use crate::domain::meeting::{MeetingProblem, Wanted};
use crate::outbound::graph::{Graph, Trouble, Wish};
use crate::store::meetings::{Claimed, Facts};
use crate::words::word;

/// What came of an attempt. What is known of the meeting counts also where the attempt failed half way.
pub(super) struct Attempt {
    pub(super) facts: Facts,
    pub(super) outcome: Result<(), Trouble>,
}

impl Attempt {
    /// Nobody was asked, for a reason of our own.
    pub(super) fn unasked(claimed: &Claimed, problem: MeetingProblem) -> Self {
        Self { facts: known(claimed), outcome: Err(of_our_own(problem)) }
    }
}

/// Asks for a meeting as it is wanted.
pub(super) fn attempt(graph: &Graph, claimed: &Claimed, now: Instant) -> Attempt {
    let mut facts = known(claimed);
    let wish = Wish {
        external_id: claimed.hold.interview.to_string(),
        subject: word(claimed.language, "invite.summary"),
        starts_at: claimed.starts_at,
        ends_at: claimed.ends_at,
    };
    let outcome = match claimed.wanted {
        Wanted::Made => make(graph, claimed, &wish, &mut facts, now),
        Wanted::Gone => end(graph, &wish, &mut facts, now),
    };
    Attempt { facts, outcome }
}

/// Makes a meeting, or gives the one that is there the time of the interview.
fn make(
    graph: &Graph,
    claimed: &Claimed,
    wish: &Wish,
    facts: &mut Facts,
    now: Instant,
) -> Result<(), Trouble> {
    let organizer = facts.organizer.clone().ok_or_else(|| of_our_own(MeetingProblem::NoObjectId))?;
    if let (Some(id), Some(_)) = (&claimed.graph_id, &claimed.join_link) {
        match graph.change(&organizer, id, wish, now) {
            // Somebody ended it in Teams: another one is made.
            Err(trouble) if trouble.status == Some(404) => {
                (facts.graph_id, facts.join_link) = (None, None);
            }
            outcome => return outcome,
        }
    }
    let found = graph.create_or_get(&organizer, wish, now)?;
    facts.graph_id = Some(found.id.clone());
    facts.join_link = found.link.and_then(|link| meeting_link(&link).ok());
    if !found.is_new {
        // An earlier attempt made it, perhaps for another time.
        graph.change(&organizer, &found.id, wish, now)?;
    }
    if facts.join_link.is_some() { Ok(()) } else { Err(of_our_own(MeetingProblem::NoLink)) }
}

/// Ends a meeting. One whose id never came back is found by asking for it once more.
fn end(graph: &Graph, wish: &Wish, facts: &mut Facts, now: Instant) -> Result<(), Trouble> {
    if let Some(organizer) = facts.organizer.clone() {
        let id = match facts.graph_id.clone() {
            Some(id) => id,
            None => graph.create_or_get(&organizer, wish, now)?.id,
        };
        facts.graph_id = Some(id.clone());
        graph.delete(&organizer, &id, now)?;
    }
    *facts = Facts::default();
    Ok(())
}

fn known(claimed: &Claimed) -> Facts {
    Facts {
        organizer: claimed.organizer.clone(),
        graph_id: claimed.graph_id.clone(),
        join_link: claimed.join_link.clone(),
    }
}

const fn of_our_own(problem: MeetingProblem) -> Trouble {
    Trouble { problem, status: None, retry_after: None, code: None }
}
