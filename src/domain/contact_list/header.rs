//! The header of a contact list: how its fields are separated and what stands where.

use csv::StringRecord;

use super::csv_reader;
use crate::domain::findings::Findings;
use crate::domain::text::LINE_LIMIT;
use crate::problem::FieldCode;

/// The columns, with the names that fields have in JSON.
pub(super) const COLUMNS: [&str; 6] = ["name", "email", "role", "phone", "municipality", "language"];
/// The columns that a list cannot do without.
const REQUIRED: [&str; 3] = ["name", "email", "municipality"];
/// More columns than this are not looked at, since no contact list has them.
pub(super) const COLUMNS_LIMIT: usize = 50;

/// The first record of a file: which column stands where.
pub(super) struct Header {
    pub delimiter: u8,
    names: Vec<String>,
}

impl Header {
    /// The header under that delimiter which makes more of its names known.
    pub fn of(text: &str) -> Self {
        let [comma, semicolon] = [b',', b';'].map(|delimiter| {
            let mut record = StringRecord::new();
            // Text in memory cannot fail to be read; without a record there are no names.
            let _ = csv_reader(delimiter).from_reader(text.as_bytes()).read_record(&mut record);
            Self {
                delimiter,
                names: record.iter().take(COLUMNS_LIMIT).map(|name| name.trim().to_lowercase()).collect(),
            }
        });
        if semicolon.known() > comma.known() { semicolon } else { comma }
    }

    fn known(&self) -> usize {
        COLUMNS.iter().filter(|column| self.place(column).is_some()).count()
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }

    /// Whether the column at a place has a name.
    pub fn names(&self, place: usize) -> bool {
        self.names.get(place).is_some_and(|name| !name.is_empty())
    }

    pub fn check(&self, findings: &mut Findings) {
        for column in REQUIRED.into_iter().filter(|column| self.place(column).is_none()) {
            findings.add(column, FieldCode::Required);
        }
        for (place, name) in self.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if !COLUMNS.contains(&name.as_str()) {
                findings.add(name.chars().take(LINE_LIMIT).collect::<String>(), FieldCode::UnknownField);
            } else if self.place(name) != Some(place) {
                findings.add(name.as_str(), FieldCode::Duplicate);
            }
        }
    }
}
