//! How often something may be tried or asked for (E25).

use crate::clock::Instant;
use crate::problem::{Outcome, Problem};

/// Refuses for as long as it goes too fast: until `open_at`, if there is a moment to wait for.
///
/// # Errors
/// [`Problem::Throttled`].
pub(super) fn demand_pace(open_at: Option<Instant>, now: Instant) -> Outcome<()> {
    match open_at.filter(|open_at| *open_at > now) {
        Some(open_at) => {
            Err(Problem::Throttled(u32::try_from(open_at.unix() - now.unix()).unwrap_or(u32::MAX)))
        }
        None => Ok(()),
    }
}
