//! Somebody's own list, read row by row as its layout says.

use csv::StringRecord;

use super::contact::ContactDraft;
use super::field::Field;
use super::formula::without_guard;
use super::layout::Layout;
use super::text::one_line;
use super::{ROWS_LIMIT, csv_reader};
use crate::domain::text::EmailAddress;
use crate::problem::{FieldCode, FieldProblem};

/// The cells of a text, row by row; blank lines are none.
pub(super) fn cells_of(text: &str, delimiter: u8) -> impl Iterator<Item = Vec<String>> + '_ {
    let mut reader = csv_reader(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    // Text in memory cannot fail to be read.
    std::iter::from_fn(move || {
        reader
            .read_record(&mut record)
            .unwrap_or(false)
            .then(|| record.iter().map(ToOwned::to_owned).collect())
    })
}

/// Takes `Jansen <jansen@example.org>` apart; an address alone has no name. `None` where there is no address.
pub(super) fn name_and_email(cell: &str) -> Option<(String, String)> {
    let cell = cell.trim();
    let (name, address) = match cell.strip_suffix('>').and_then(|cell| cell.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"').trim(), address.trim()),
        None => ("", cell),
    };
    EmailAddress::parse(address).is_ok().then(|| (name.to_owned(), address.to_owned()))
}

/// What stands in the columns of a list: headings, if it has them, and the first few rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// The names of the columns, empty where they have none.
    pub headings: Vec<String>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    /// How many rows there are, the headings left out.
    pub total: usize,
}

impl Glance {
    /// Looks at a text.
    #[must_use]
    pub fn at(text: &str, layout: &Layout, rows: usize) -> Self {
        let mut all = cells_of(text, layout.delimiter);
        let headings = if layout.has_header { all.next().unwrap_or_default() } else { Vec::new() };
        let first: Vec<Vec<String>> = all.by_ref().take(rows).collect();
        let total = first.len() + all.count();
        Self { headings, rows: first, total }
    }
}

/// What keeps a text from being a list at all.
///
/// # Errors
/// `required` where there is no row, `value` where there are more than [`ROWS_LIMIT`].
pub fn check_length(text: &str, delimiter: u8) -> Result<(), FieldProblem> {
    match super::records(text, delimiter) {
        0 => Err(FieldProblem::new("file", FieldCode::Required)),
        count if count > ROWS_LIMIT + 1 => {
            Err(FieldProblem::new("file", FieldCode::Value).with("allowed", format!("0–{ROWS_LIMIT}")))
        }
        _ => Ok(()),
    }
}

/// The people of a list as they are written there, each with the number of the row: the first row is 1, headings or
/// not.
pub fn people<'t>(text: &'t str, layout: &'t Layout) -> impl Iterator<Item = (u32, ContactDraft)> + 't {
    let rows = (1..).zip(cells_of(text, layout.delimiter)).skip(usize::from(layout.has_header));
    rows.map(|(row, cells)| (row, draft(&cells, &layout.fields)))
}

fn draft(cells: &[String], fields: &[Option<Field>]) -> ContactDraft {
    let mut found = ContactDraft::default();
    let mut names: Vec<String> = Vec::new();
    for (cell, field) in cells.iter().zip(fields) {
        let text = one_line(without_guard(cell));
        match field {
            None => {}
            Some(Field::Name) => names.push(text.trim().to_owned()),
            Some(Field::Email) => text.trim().clone_into(&mut found.email),
            Some(Field::NameAndEmail) => match name_and_email(&text) {
                Some((name, email)) => {
                    names.push(name);
                    found.email = email;
                }
                None => found.email = text,
            },
            Some(Field::Municipality) => text.trim().clone_into(&mut found.municipality),
            Some(Field::Role) => found.role = Some(text.trim().to_owned()),
            Some(Field::Phone) => found.phone = Some(text.trim().to_owned()),
            Some(Field::Language) => found.language = Some(language(&text)),
        }
    }
    names.retain(|name| !name.is_empty());
    found.name = names.join(" ");
    found
}

/// A language by its code or its name in either language.
fn language(text: &str) -> String {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "nederlands" | "dutch" => "nl".to_owned(),
        "engels" | "english" => "en".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(fields: &[Field]) -> Layout {
        let fields = fields.iter().copied().map(Some).collect();
        Layout { delimiter: b';', has_header: true, fields }
    }

    #[test]
    fn parts_of_a_name_are_put_together_and_what_follows_the_last_column_is_left_out() {
        let layout = layout(&[Field::Name, Field::Name, Field::Name, Field::Email, Field::Language]);
        let text = "a;b;c;d;e\nSanne; de ;Vries;s@x.nl;Engels;more\nBram;;Bos\n";
        let all: Vec<_> = people(text, &layout).collect();
        assert_eq!((all[0].0, all[0].1.name.as_str()), (2, "Sanne de Vries"));
        assert_eq!((all[0].1.email.as_str(), all[0].1.language.as_deref()), ("s@x.nl", Some("en")));
        assert_eq!((all[1].0, all[1].1.name.as_str(), all[1].1.email.as_str()), (3, "Bram Bos", ""));
    }

    #[test]
    fn a_name_with_an_address_is_taken_apart_and_what_is_none_is_kept_to_be_refused() {
        let apart = |cell| name_and_email(cell).map(|(name, email)| format!("{name}|{email}"));
        assert_eq!(apart("\"Vries, S.\" <s@x.nl>").as_deref(), Some("Vries, S.|s@x.nl"));
        assert_eq!(apart(" s@x.nl ").as_deref(), Some("|s@x.nl"));
        assert_eq!(apart("Vries <geen>"), None);
        let layout = Layout { has_header: false, ..layout(&[Field::NameAndEmail]) };
        let (row, person) = people("Vries <geen>\n", &layout).next().unwrap();
        assert_eq!((row, person.email.as_str()), (1, "Vries <geen>"));
    }

    #[test]
    fn a_guarded_formula_is_text_again_and_a_line_break_a_space() {
        let layout = Layout { has_header: false, ..layout(&[Field::Name, Field::Email]) };
        let (_, person) = people("\"'=1\nB\";a@x.nl\n", &layout).next().unwrap();
        assert_eq!(person.name, "=1 B");
    }

    #[test]
    fn a_text_without_rows_or_with_too_many_is_no_list() {
        assert_eq!(check_length(" \n", b';').map_err(|p| p.code), Ok(()));
        assert_eq!(check_length("\n\n", b';').map_err(|p| p.code), Err(FieldCode::Required));
        let many = "a\n".repeat(ROWS_LIMIT + 2);
        assert_eq!(check_length(&many, b';').map_err(|p| p.code), Err(FieldCode::Value));
    }
}
