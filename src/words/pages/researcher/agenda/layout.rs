//! Where things stand on the page of an agenda. No style may stand in the page itself, so a place is a few classes, of
//! hours and of minutes, which `static/agenda.css` adds up; the drawing behind them has its own numbers.

use serde::Serialize;

/// The hours that are shown at least, from eight to six.
const USUAL: (i32, i32) = (8, 18);
/// Places are told to so many minutes.
const STEP: i32 = 5;
/// What is shorter is drawn as long as this, to be seen and pressed.
const SHORTEST: i32 = 15;

/// The hours that a page shows, of every day the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// The first hour.
    pub from: i32,
    /// The hour at which the last one ends, up to 24.
    pub until: i32,
}

impl Scale {
    /// The hours in which all these stretches lie, in minutes of the day, and the usual ones.
    #[must_use]
    pub fn around(stretches: impl IntoIterator<Item = (i32, i32)>) -> Self {
        let (from, until) = stretches.into_iter().fold(USUAL, |(from, until), (begins, ends)| {
            (from.min(begins.div_euclid(60)), until.max((ends + 59).div_euclid(60)))
        });
        Self { from: from.max(0), until: until.min(24) }
    }

    /// How many minutes it shows.
    #[must_use]
    pub const fn minutes(self) -> i32 {
        (self.until - self.from) * 60
    }

    /// The hours that begin in it.
    pub fn hours(self) -> impl Iterator<Item = i32> {
        self.from..self.until
    }

    /// A stretch as a band of the drawing; none where it lies outside.
    #[must_use]
    pub fn band(self, kind: &'static str, (begins, ends): (i32, i32)) -> Option<Band> {
        let within = |minute: i32| (minute - self.from * 60).clamp(0, self.minutes());
        let (y, end) = (within(begins), within(ends));
        (y < end).then_some(Band { kind, y, height: end - y })
    }

    /// The classes that put something from one minute of the day to another.
    #[must_use]
    pub fn classes(self, (begins, ends): (i32, i32)) -> String {
        let top = (begins - self.from * 60).clamp(0, self.minutes() - SHORTEST);
        let top = top - top % STEP;
        let end = (ends - self.from * 60).clamp(top + SHORTEST, self.minutes());
        let long = end - top;
        let long = long - long % STEP;
        format!("from-h{} from-m{} long-h{} long-m{}", top / 60, top % 60, long / 60, long % 60)
    }
}

/// A part of the drawing behind a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// `open`, `travel` or `taken`.
    pub kind: &'static str,
    /// Minutes from the top.
    pub y: i32,
    /// Minutes.
    pub height: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_hours_are_shown_and_more_where_something_lies_outside() {
        assert_eq!(Scale::around([(540, 600)]), Scale { from: 8, until: 18 });
        assert_eq!(Scale::around([(419, 480), (600, 1_261)]), Scale { from: 6, until: 22 });
        assert_eq!(Scale::around([(0, 1_440)]), Scale { from: 0, until: 24 });
    }

    #[test]
    fn what_is_too_short_to_see_is_drawn_longer_and_nothing_leaves_the_page() {
        let scale = Scale { from: 8, until: 18 };
        assert_eq!(scale.classes((615, 675)), "from-h2 from-m15 long-h1 long-m0");
        assert_eq!(scale.classes((615, 620)), "from-h2 from-m15 long-h0 long-m15");
        assert_eq!(scale.classes((0, 1_440)), "from-h0 from-m0 long-h10 long-m0");
        assert_eq!(scale.classes((1_200, 1_260)), "from-h9 from-m45 long-h0 long-m15");
        assert_eq!(scale.band("open", (0, 540)), Some(Band { kind: "open", y: 0, height: 60 }));
        assert_eq!(scale.band("open", (0, 480)), None);
    }
}
