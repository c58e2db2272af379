//! Cells that a spreadsheet would run as a formula.
//!
//! A spreadsheet that opens a CSV file runs a cell that begins with one of a few characters. Our exports put an
//! apostrophe before such a cell, which spreadsheets take for "this is text", and our import takes it away again, so
//! that a telephone number survives the round trip.

use std::borrow::Cow;

/// A cell for an export, led by an apostrophe if it could be run as a formula. Numbers that we made ourselves need
/// no guard.
#[must_use]
pub fn csv_safe(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A cell of an import without the apostrophe that [`csv_safe`] put before it.
#[must_use]
pub fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Whether a cell begins with a trigger, also behind what a spreadsheet with other settings takes for the end of a
/// cell, a quotation mark or nothing. Apostrophes are passed over as well, which makes the guard reversible.
fn is_formula(cell: &str) -> bool {
    let is_passed_over =
        |c: &char| !is_trigger(*c) && (c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"' | '\''));
    cell.chars().find(|c| !is_passed_over(c)).is_some_and(is_trigger)
}

/// The characters that begin a formula, the full-width forms among them, and those that move to another cell.
const fn is_trigger(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_run_is_led_by_an_apostrophe() {
        for cell in [
            "=1+1", "+31 6", "-", "@SUM", "\t=1", "\r", "\0", ";=1", "\"=1", " , =1", "'=1", "＝1",
            "\u{a0}=1",
        ] {
            assert_eq!(csv_safe(cell), format!("'{cell}"));
        }
        for cell in ["", "Jansen", "'t Hooft", "a=b", "R07", ";", "1-2"] {
            assert_eq!(csv_safe(cell), cell);
            assert_eq!(without_guard(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn every_cell_comes_back_and_none_could_be_run(cell in "['=+@;, \"\t\ra\u{ff1d}-]{0,6}") {
            let safe = csv_safe(&cell);
            prop_assert_eq!(without_guard(&safe), &cell);
            prop_assert!(!safe.starts_with(is_trigger));
        }
    }
}
