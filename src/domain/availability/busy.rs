//! Busy times out of somebody's own calendar: of each only from when until when.

use crate::clock::Instant;

/// A stretch in which somebody is busy, `[from, until)`.
pub type BusyTime = (Instant, Instant);

/// The same time as the fewest stretches: in order, apart from each other, and inside a window. Those without any time
/// are left out.
#[must_use]
pub fn merged(mut busy: Vec<BusyTime>, (from, until): (Instant, Instant)) -> Vec<BusyTime> {
    busy.sort_unstable();
    let mut apart: Vec<BusyTime> = Vec::with_capacity(busy.len());
    for (begins, ends) in busy {
        let (begins, ends) = (begins.max(from), ends.min(until));
        if ends <= begins {
            continue;
        }
        match apart.last_mut() {
            Some((_, reach)) if begins <= *reach => *reach = ends.max(*reach),
            _ => apart.push((begins, ends)),
        }
    }
    apart
}

/// The same time in stretches of at most so many seconds, so that whatever touches a moment began shortly before it.
#[must_use]
pub fn in_pieces(busy: &[BusyTime], seconds: i64) -> Vec<BusyTime> {
    let mut pieces = Vec::with_capacity(busy.len());
    for (from, until) in busy.iter().copied() {
        let mut begins = from;
        while begins < until && seconds > 0 {
            let ends = begins.plus_seconds(seconds).min(until);
            pieces.push((begins, ends));
            begins = ends;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_unix(second)
    }

    fn is_busy(busy: &[BusyTime], second: i64) -> bool {
        busy.iter().any(|(from, until)| *from <= at(second) && at(second) < *until)
    }

    proptest! {
        #[test]
        fn merging_and_cutting_keep_every_second_and_leave_stretches_apart_and_in_order(
            stretches in proptest::collection::vec((0_i64..90, -3_i64..30), 0..20), piece in 1_i64..40,
        ) {
            let busy: Vec<BusyTime> =
                stretches.into_iter().map(|(from, length)| (at(from), at(from + length))).collect();
            let apart = merged(busy.clone(), (at(10), at(80)));
            let pieces = in_pieces(&apart, piece);
            for second in 0..130 {
                let expected = (10..80).contains(&second) && is_busy(&busy, second);
                prop_assert_eq!(is_busy(&apart, second), expected);
                prop_assert_eq!(is_busy(&pieces, second), expected);
            }
            prop_assert!(apart.windows(2).all(|pair| pair[0].1 < pair[1].0));
            prop_assert!(pieces.iter().all(|(from, until)| until.unix() - from.unix() <= piece));
            prop_assert!(pieces.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
    }
}
