//! The hexagons of the tile map. How large one is tells its size class; what is drawn on it tells how far recruitment
//! has come, so that both can be read without colours.

use serde::Serialize;

use crate::domain::municipality::Tile;
use crate::domain::recruitment::Reach;

/// Half the width of a tile. Odd rows are shifted by as much.
const HALF: i32 = 10;
/// From one row to the next: three quarters of a pointed hexagon's height.
const ROW: i32 = 17;
/// Half the height of a hexagon that touches its neighbours.
const TIP: f64 = 11.5;
/// The smallest and the largest hexagon, as a part of one that touches its neighbours.
const SMALLEST: f64 = 0.64;
const LARGEST: f64 = 0.96;
/// One that belongs to no size class.
const OUTSIDE: f64 = 0.4;

/// A hexagon with its mark, drawn once and used by many tiles.
#[derive(Debug, Clone, Serialize)]
pub struct Shape {
    /// Its id in the page.
    pub id: String,
    /// How far recruitment has come there.
    pub reach: &'static str,
    /// The outline as a path.
    pub outline: String,
    /// What is drawn on it, as a path.
    pub mark: Option<String>,
}

impl Shape {
    pub(super) fn new(id: String, reach: Reach, scale: f64) -> Self {
        Self { id, reach: reach.as_str(), outline: hexagon(scale), mark: mark(reach, scale) }
    }
}

/// Where the middle of a tile stands.
pub(super) fn place(tile: Tile) -> (i32, i32) {
    let (column, row) = (i32::from(tile.column), i32::from(tile.row));
    (2 * HALF * column + HALF * (row % 2), ROW * row)
}

/// The part of the drawing that holds tiles with these middles, with room for whole hexagons.
pub(super) fn view_box(places: &[(i32, i32)]) -> String {
    let (across, down) = (places.iter().map(|(x, _)| *x), places.iter().map(|(_, y)| *y));
    let (left, top) = (across.clone().min().unwrap_or(0) - 11, down.clone().min().unwrap_or(0) - 13);
    let (right, bottom) = (across.max().unwrap_or(0) + 11, down.max().unwrap_or(0) + 13);
    format!("{left} {top} {} {}", right - left, bottom - top)
}

/// How large the hexagons of a class are that is the `rank`th smallest of so many.
pub(super) fn scale(rank: Option<usize>, classes: usize) -> f64 {
    let Some(rank) = rank else { return OUTSIDE };
    let number = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    if classes < 2 {
        return LARGEST;
    }
    SMALLEST + (LARGEST - SMALLEST) * number(rank) / number(classes - 1)
}

/// A pointed hexagon around 0,0.
fn hexagon(scale: f64) -> String {
    let (tip, side, half) = (TIP * scale, TIP * scale / 2.0, f64::from(HALF) * scale);
    path(&[(0.0, -tip), (half, -side), (half, side), (0.0, tip), (-half, side), (-half, -side)])
}

/// A dot for who is invited, a half for who agreed, a hole for what is planned, a bar for what ended; what was held is
/// whole, and who is only listed has nothing but an outline.
fn mark(reach: Reach, scale: f64) -> Option<String> {
    let (tip, side, half) = (TIP * scale, TIP * scale / 2.0, f64::from(HALF) * scale);
    match reach {
        Reach::Untouched | Reach::Listed | Reach::Held => None,
        Reach::Invited => Some(dot(4.0 * scale)),
        Reach::Booked => Some(dot(4.4 * scale)),
        Reach::Consented => Some(path(&[(-half, 0.0), (half, 0.0), (half, side), (0.0, tip), (-half, side)])),
        Reach::Ended => {
            let (wide, thick) = (5.0 * scale, 1.5 * scale);
            Some(path(&[(-wide, -thick), (wide, -thick), (wide, thick), (-wide, thick)]))
        }
    }
}

fn path(corners: &[(f64, f64)]) -> String {
    let corners: Vec<String> =
        corners.iter().map(|(x, y)| format!("{} {}", decimal(*x), decimal(*y))).collect();
    format!("M{}z", corners.join(" "))
}

fn dot(radius: f64) -> String {
    let (r, across) = (decimal(radius), decimal(2.0 * radius));
    format!("M-{r} 0a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z")
}

/// A number with at most one decimal.
fn decimal(number: f64) -> String {
    let told = format!("{number:.1}");
    told.strip_suffix(".0").map_or(told.clone(), |whole| whole.replace("-0", "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_rows_are_shifted_half_a_tile_to_the_right() {
        let at = |column, row| place(Tile { column, row });
        assert_eq!([at(0, 0), at(2, 0), at(2, 1), at(2, 2)], [(0, 0), (40, 0), (50, 17), (40, 34)]);
        assert_eq!(view_box(&[(0, 0), (50, 17)]), "-11 -13 72 43");
    }

    #[test]
    fn larger_classes_have_larger_hexagons_that_never_touch_and_what_has_no_class_is_smallest() {
        let scales: Vec<f64> = [None, Some(0), Some(1), Some(2)].map(|rank| scale(rank, 3)).to_vec();
        assert!(scales.is_sorted() && scales[3] < 1.0 && scales[0] < scales[1], "{scales:?}");
        assert_eq!(hexagon(0.5), "M0 -5.8 5 -2.9 5 2.9 0 5.8 -5 2.9 -5 -2.9z");
    }

    #[test]
    fn every_state_that_needs_a_mark_has_its_own() {
        let marks: Vec<_> = Reach::ALL.into_iter().filter_map(|reach| mark(reach, 1.0)).collect();
        let different: std::collections::BTreeSet<_> = marks.iter().collect();
        assert_eq!((marks.len(), different.len()), (4, 4));
    }
}
