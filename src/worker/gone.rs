//! Who has gone since somebody last looked: erased, or without contact data.
//!
//! An erasure bears the time of its request, and is there to be seen only when it is committed: after others that were
//! asked for later, and much later where a database server waits for its standby. So a look goes back some minutes, and
//! over everybody once an hour; who was seen already is told apart by who they are, not by when.

use std::collections::BTreeSet;

use crate::clock::Instant;
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::store::Store;
use crate::store::erasure::{self, Gone};

/// How far a look goes back beyond the last one, in minutes.
const LATE_MINUTES: i64 = 2;
/// How often everybody is looked at, in minutes.
const WHOLE_MINUTES: i64 = 60;

/// Remembers who was seen. The first look sees everybody.
#[derive(Debug, Default)]
pub(super) struct Watch {
    last: Option<Instant>,
    whole: Option<Instant>,
    seen: BTreeSet<(RespondentId, Gone)>,
}

/// What a look saw, to be given back to [`Watch::done`] when all that follows from it is done.
#[derive(Debug)]
pub(super) struct Look {
    /// From when on it saw who had gone.
    pub since: Instant,
    at: Instant,
    whole: bool,
    all: BTreeSet<(RespondentId, Gone)>,
}

impl Watch {
    /// Looks for who has gone.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn look(&self, store: &Store, now: Instant) -> Outcome<Look> {
        let recent = self.whole.is_some_and(|whole| whole <= now && now < whole.plus_minutes(WHOLE_MINUTES));
        let last = self.last.filter(|_| recent);
        let since = last.map_or(Instant::from_unix(0), |last| last.min(now).plus_minutes(-LATE_MINUTES));
        let all = store.read(move |tx| erasure::since(tx, since)).await?;
        Ok(Look { since, at: now, whole: last.is_none(), all: all.into_iter().collect() })
    }

    /// Those of a look who were not seen before.
    pub fn news(&self, look: &Look) -> Vec<(RespondentId, Gone)> {
        look.all.difference(&self.seen).copied().collect()
    }

    /// Remembers a look, whose news are dealt with.
    pub fn done(&mut self, look: Look) {
        self.last = Some(look.at);
        if look.whole {
            self.whole = Some(look.at);
        }
        self.seen = look.all;
    }
}
