//! The values in the lines of a table, each in its only spelling.

use chrono::{Datelike, NaiveDate};

use super::fault::{LIST_LIMIT, TILE_LIMIT};
use super::{Ending, EndingKind, Figure, TableFault, Tile};
use crate::domain::text;

/// The greatest number of inhabitants of a municipality.
const INHABITANTS_LIMIT: u32 = 100_000_000;
/// A name of one line without surrounding spaces.
pub(super) fn name(text: &str) -> Result<String, TableFault> {
    if text.trim() == text { text::line(text).map_err(|_| TableFault::Text) } else { Err(TableFault::Text) }
}

/// A decimal number in its only spelling: no sign, no leading zero.
fn number(text: &str, limit: u32) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok().filter(|number| *number <= limit) } else { None }
}

/// A column and a row.
pub(super) fn tile(text: &str) -> Option<Tile> {
    let (column, row) = text.split_once(' ')?;
    Some(Tile {
        column: number(column, TILE_LIMIT)?.try_into().ok()?,
        row: number(row, TILE_LIMIT)?.try_into().ok()?,
    })
}

/// The first year and the counts from that year on.
pub(super) fn figures(text: &str) -> Result<Vec<Figure>, TableFault> {
    let (first_year, counts) = text.split_once(' ').ok_or(TableFault::Inhabitants)?;
    let first_year = number(first_year, 2199).filter(|year| *year >= 1900).ok_or(TableFault::Inhabitants)?;
    if counts.split(' ').count() > LIST_LIMIT {
        return Err(TableFault::TooMany(LIST_LIMIT));
    }
    let figure = |(year, count): (u32, &str)| {
        let on = NaiveDate::from_ymd_opt(year.try_into().ok()?, 1, 1)?;
        let inhabitants = number(count, INHABITANTS_LIMIT).filter(|count| *count > 0)?;
        Some(Figure { on, inhabitants })
    };
    (first_year..).zip(counts.split(' ')).map(figure).collect::<Option<_>>().ok_or(TableFault::Inhabitants)
}

/// A date, a way of ending and the codes of the successors.
pub(super) fn ending(text: &str) -> Result<Ending, TableFault> {
    let mut words = text.split(' ');
    let mut word = || words.next().ok_or(TableFault::Ended);
    let on = date(word()?).ok_or(TableFault::Ended)?;
    let kind = word()?.parse::<EndingKind>().map_err(|()| TableFault::Ended)?;
    let mut successors = Vec::new();
    for code in words {
        if successors.len() >= LIST_LIMIT {
            return Err(TableFault::TooMany(LIST_LIMIT));
        }
        let code = code.parse().map_err(|_| TableFault::Ended)?;
        if successors.contains(&code) {
            return Err(TableFault::Ended);
        }
        successors.push(code);
    }
    Ok(Ending { on, kind, successors })
}

/// A date in its only spelling, such as `2022-03-24`.
fn date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    ((1900..2200).contains(&date.year()) && date.to_string() == text).then_some(date)
}
