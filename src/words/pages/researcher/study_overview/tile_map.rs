//! The map of all municipalities by size class and how far recruitment has come, a summary of it, and the table that
//! says the same in words.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tiles::{self, Shape};
use crate::domain::language::Language;
use crate::domain::municipality::Tile;
use crate::domain::recruitment::Reach;
use crate::words::phrases::grouped;

/// More classes than these make a summary that nobody reads; it then counts all municipalities together.
const CLASSES_SHOWN: usize = 6;

/// A size class.
#[derive(Debug, Clone)]
pub struct MapClass {
    /// Its name.
    pub label: String,
    /// Its least number of inhabitants, which puts the classes in order; 0 where it has none.
    pub from: u32,
}

/// A municipality.
#[derive(Debug, Clone)]
pub struct MapPlace {
    /// Its name.
    pub name: String,
    /// Its inhabitants, where they are known.
    pub inhabitants: Option<u32>,
    /// The place of its class in the list.
    pub class: Option<usize>,
    /// Where it stands on the map, if it does.
    pub tile: Option<Tile>,
    /// How far recruitment has come.
    pub reach: Reach,
    /// How many respondents work for it.
    pub respondents: u64,
}

/// The map.
#[derive(Debug, Clone, Serialize)]
pub struct TileMap {
    /// The part of the drawing that is seen.
    pub view_box: String,
    /// The hexagons in use, those of the summary among them.
    pub shapes: Vec<Shape>,
    /// The tiles, from north to south.
    pub tiles: Vec<TileView>,
    /// The classes of the summary, the largest first.
    pub classes: Vec<ClassHead>,
    /// The states of the summary, the furthest first.
    pub summary: Vec<SummaryRow>,
    /// All municipalities, by class.
    pub groups: Vec<Group>,
    /// Municipalities that stand in the table and not on the map.
    pub off_map: u64,
    /// Respondents of municipalities that stand in neither.
    pub elsewhere: u64,
    /// The date of the numbers of inhabitants.
    pub on: String,
    /// Where the facts come from and under which licence.
    pub source: String,
}

/// A tile.
#[derive(Debug, Clone, Serialize)]
pub struct TileView {
    /// The id of its hexagon.
    pub shape: String,
    /// Where it stands.
    pub x: i32,
    /// Where it stands.
    pub y: i32,
    /// The municipality.
    pub name: String,
    /// How far recruitment has come, where it has begun.
    pub reach: Option<&'static str>,
}

/// A class in the head of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct ClassHead {
    /// Its name; none for what lies outside all strata.
    pub label: Option<String>,
    /// The id of its hexagon.
    pub shape: String,
}

/// A state in the summary: `reach.<reach>` in the words.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryRow {
    /// The state.
    pub reach: &'static str,
    /// The id of its hexagon.
    pub shape: String,
    /// How many municipalities of each class.
    pub counts: Vec<u64>,
    /// How many in all.
    pub total: u64,
}

/// The municipalities of a class in the table.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The class; none for what lies outside all strata.
    pub label: Option<String>,
    /// Those where recruitment came furthest first, then by name.
    pub places: Vec<PlaceRow>,
}

/// A municipality in the table.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceRow {
    /// Its name.
    pub name: String,
    /// Its inhabitants, with the thousands apart.
    pub inhabitants: Option<String>,
    /// How far recruitment has come.
    pub reach: &'static str,
    /// How many respondents work for it.
    pub respondents: u64,
}

/// What is told beside the map.
#[derive(Debug, Clone)]
pub struct Caption {
    /// How many respondents work for municipalities that are no more and have no single successor.
    pub elsewhere: u64,
    /// The date of the numbers of inhabitants.
    pub on: String,
    /// Where the facts come from.
    pub source: String,
}

impl TileMap {
    /// Draws the map.
    #[must_use]
    pub fn new(
        language: Language,
        classes: &[MapClass],
        mut places: Vec<MapPlace>,
        Caption { elsewhere, on, source }: Caption,
    ) -> Self {
        places.sort_by_cached_key(|place| (std::cmp::Reverse(place.reach), folded(&place.name)));
        let order = order(classes, &places);
        let mut drawn: Vec<_> =
            places.iter().filter_map(|place| Some((tiles::place(place.tile?), place))).collect();
        drawn.sort_by_key(|((x, y), _)| (*y, *x));
        let middles: Vec<(i32, i32)> = drawn.iter().map(|(middle, _)| *middle).collect();
        Self {
            view_box: tiles::view_box(&middles),
            shapes: shapes(classes, &order, &drawn),
            tiles: drawn.iter().map(|((x, y), place)| tile(*x, *y, place)).collect(),
            classes: heads(classes, &order),
            summary: summary(&order, &places),
            off_map: count(places.iter().filter(|place| place.tile.is_none())),
            groups: order.iter().map(|class| group(language, classes, *class, &places)).collect(),
            elsewhere,
            on,
            source,
        }
    }
}

/// The classes from the largest, and behind them what has none if any municipality is there.
fn order(classes: &[MapClass], places: &[MapPlace]) -> Vec<Option<usize>> {
    let mut order: Vec<(u32, usize)> =
        classes.iter().enumerate().map(|(place, class)| (class.from, place)).collect();
    order.sort_by(|a, b| b.cmp(a));
    let outside = places.iter().any(|place| place.class.is_none()).then_some(None);
    order.into_iter().map(|(_, place)| Some(place)).chain(outside).collect()
}

/// The id of the hexagon of a class in a state.
fn id(class: Option<usize>, reach: Reach) -> String {
    let class = class.map_or("x".to_owned(), |class| class.to_string());
    format!("t{class}{}", reach.as_str().get(..1).unwrap_or_default())
}

/// The id of the hexagon of a state in the summary.
fn legend_id(reach: Reach) -> String {
    format!("k-{}", reach.as_str())
}

fn shapes(classes: &[MapClass], order: &[Option<usize>], drawn: &[((i32, i32), &MapPlace)]) -> Vec<Shape> {
    let scale = |class: Option<usize>| {
        let from_largest = order.iter().position(|one| *one == class).unwrap_or_default();
        tiles::scale(class.map(|_| classes.len().saturating_sub(from_largest + 1)), classes.len())
    };
    let mut used: BTreeMap<String, (Option<usize>, Reach)> = BTreeMap::new();
    let every = drawn.iter().map(|(_, place)| (place.class, place.reach));
    for (class, reach) in every.chain(order.iter().map(|class| (*class, Reach::Untouched))) {
        used.insert(id(class, reach), (class, reach));
    }
    let on_map = used.into_iter().map(|(id, (class, reach))| Shape::new(id, reach, scale(class)));
    let in_summary =
        Reach::ALL.into_iter().map(|reach| Shape::new(legend_id(reach), reach, tiles::scale(Some(1), 2)));
    on_map.chain(in_summary).collect()
}

fn tile(x: i32, y: i32, place: &MapPlace) -> TileView {
    TileView {
        shape: id(place.class, place.reach),
        x,
        y,
        name: place.name.clone(),
        reach: (place.reach != Reach::Untouched).then_some(place.reach.as_str()),
    }
}

fn label(classes: &[MapClass], class: Option<usize>) -> Option<String> {
    class.and_then(|class| classes.get(class)).map(|class| class.label.clone())
}

fn heads(classes: &[MapClass], order: &[Option<usize>]) -> Vec<ClassHead> {
    if order.len() > CLASSES_SHOWN {
        return Vec::new();
    }
    let head = |class: &Option<usize>| ClassHead {
        label: label(classes, *class),
        shape: id(*class, Reach::Untouched),
    };
    order.iter().map(head).collect()
}

fn summary(order: &[Option<usize>], places: &[MapPlace]) -> Vec<SummaryRow> {
    let shown = if order.len() > CLASSES_SHOWN { &[] } else { order };
    let row = |reach: Reach| {
        let these = || places.iter().filter(move |place| place.reach == reach);
        let in_class = |class: &Option<usize>| count(these().filter(|place| place.class == *class));
        SummaryRow {
            reach: reach.as_str(),
            shape: legend_id(reach),
            counts: shown.iter().map(in_class).collect(),
            total: count(these()),
        }
    };
    Reach::ALL.into_iter().rev().map(row).collect()
}

fn group(language: Language, classes: &[MapClass], class: Option<usize>, places: &[MapPlace]) -> Group {
    let row = |place: &MapPlace| PlaceRow {
        name: place.name.clone(),
        inhabitants: place.inhabitants.map(|number| grouped(language, u64::from(number))),
        reach: place.reach.as_str(),
        respondents: place.respondents,
    };
    let these = places.iter().filter(|place| place.class == class);
    Group { label: label(classes, class), places: these.map(row).collect() }
}

fn count<'p>(places: impl Iterator<Item = &'p MapPlace>) -> u64 {
    u64::try_from(places.count()).unwrap_or(u64::MAX)
}

/// A name by its letters alone, for the order of a list: `'s-Gravenhage` stands between Goes and Gulpen.
fn folded(name: &str) -> String {
    let letters = name.trim_start_matches("'s-").chars().filter(|c| c.is_alphanumeric() || *c == ' ');
    letters.flat_map(char::to_lowercase).collect()
}
