//! The overview of a study: what waits, what comes next, and how far recruitment has come, as numbers and as drawings.
//!
//! Drawings are SVG of plain shapes and classes. Only their measures are reckoned here; what they look like stands in
//! the stylesheet, and the numbers that they show stand beside them.

mod fill;
mod funnel;
mod samples;
mod tile_map;
mod tiles;

use serde::Serialize;

pub use self::fill::{StratumFill, edges, outside_strata};
pub use self::funnel::FunnelView;
pub use self::tile_map::{Caption, MapClass, MapPlace, TileMap};

use super::Desk;
use crate::domain::interview::Mode;

/// Something that waits for the researcher: `attention.<kind>` in the words, and `attention_hint.<kind>`.
#[derive(Debug, Clone, Serialize)]
pub struct Attention {
    /// The name of an attention kind.
    pub kind: String,
    /// How many it is about.
    pub count: u64,
    /// With what that is compared, for those that compare.
    pub of: u64,
    /// The stratum or the date that it is about; none for a plain count.
    pub about: Option<String>,
    /// Where it is mended.
    pub href: String,
}

/// A step of setting a study up: `task.<kind>` in the words.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// `strata`, `privacy`, `consent`, `availability`, `respondents`, `guide` or `invite`.
    pub kind: String,
    /// Whether it is done.
    pub done: bool,
    /// Where to do it.
    pub href: String,
}

/// An interview that comes.
#[derive(Debug, Clone, Serialize)]
pub struct NextInterview {
    /// The interview's page.
    pub href: String,
    /// Its day: `di 2 mrt`.
    pub day: String,
    /// When it begins: `10.00 uur`.
    pub time: String,
    /// The respondent's code.
    pub code: String,
    /// The respondent's name, for those who may see it.
    pub name: Option<String>,
    /// The municipality.
    pub municipality: String,
    /// How it is held.
    pub mode: Mode,
    /// Whether it is online and has no link yet.
    pub link_missing: bool,
}

/// The overview of a study.
#[derive(Debug, Clone, Serialize)]
pub struct StudyOverview {
    /// What surrounds it.
    pub desk: Desk,
    /// The steps of setting up; empty once all are done.
    pub tasks: Vec<Task>,
    /// How many of them are done.
    pub tasks_done: usize,
    /// All strata together, which the page begins with.
    pub progress: StratumFill,
    /// What waits, most pressing first.
    pub attention: Vec<Attention>,
    /// The next interviews, soonest first.
    pub upcoming: Vec<NextInterview>,
    /// In which zone their times are told.
    pub zone: String,
    /// The strata.
    pub strata: Vec<StratumFill>,
    /// How many came how far; none before there is anybody on the list.
    pub funnel: Option<FunnelView>,
    /// The municipalities.
    pub map: TileMap,
}

/// A part of a whole in per cent with one decimal, for the measures of a drawing.
fn share(part: u64, whole: u64) -> String {
    let per_mille = (1_000 * part.min(whole)).checked_div(whole).unwrap_or_default();
    match per_mille % 10 {
        0 => (per_mille / 10).to_string(),
        rest => format!("{}.{rest}", per_mille / 10),
    }
}

/// A part of a whole in whole per cent as people read it: only nothing is 0%, and only all is 100%. `None` of nothing.
fn percent(part: u64, whole: u64) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let rounded = (200 * part + whole) / (2 * whole);
    let told = match part {
        0 => 0,
        _ if part >= whole => rounded,
        _ => rounded.clamp(1, 99),
    };
    Some(format!("{told}%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_0_only_of_nothing_and_100_only_of_all() {
        let told = |part, whole| percent(part, whole).unwrap_or_default();
        assert_eq!([told(9, 11), told(1, 8), told(1, 900), told(899, 900)], ["82%", "13%", "1%", "99%"]);
        assert_eq!([told(0, 9), told(9, 9), told(0, 0)], ["0%", "100%", ""]);
    }

    #[test]
    fn a_measure_has_at_most_one_decimal_and_never_exceeds_the_whole() {
        assert_eq!([share(1, 3), share(1, 2), share(3, 2), share(0, 0)], ["33.3", "50", "100", "0"]);
    }
}
