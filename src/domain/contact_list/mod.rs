//! A contact list in CSV: the people whom a researcher wants to reach, as a spreadsheet wrote them down (E16).
//!
//! People are read one by one, never all at once, so that 100,000 of them stay cheap. A bad record never stops the
//! rest, and a record of blank cells is a bad one; a file that is no list at all is refused as such. Whether an
//! address occurs in the study already and which municipality is meant is not decided here.

mod contact;
mod field;
mod formula;
mod header;
mod layout;
mod sheet;
mod text;

use std::collections::HashMap;
use std::io::Cursor;

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};

pub use contact::{Contact, ContactDraft};
pub use field::Field;
pub use formula::{csv_safe, without_guard};
use header::{COLUMNS, COLUMNS_LIMIT, Header};
pub use layout::Layout;
pub use sheet::{Glance, check_length, people};
pub use text::{decode, decode_any};

use super::findings::Findings;
use super::text::EmailAddress;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest number of people in one file.
pub const ROWS_LIMIT: usize = 100_000;

/// One person of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The number of the record, with the header as 1.
    pub row: u64,
    /// The person.
    pub contact: Contact,
}

/// What is wrong with one field of a record; `field` of the problem is the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The number of the record, with the header as 1.
    pub row: u64,
    /// What is wrong.
    pub problem: FieldProblem,
}

/// A contact list that is being read: an iterator over its records.
pub struct ContactList {
    reader: Reader<Cursor<Vec<u8>>>,
    record: StringRecord,
    header: Header,
    row: u64,
    left: usize,
    /// The first record of each address, without regard to case.
    addresses: HashMap<String, u64>,
}

impl ContactList {
    /// Opens a file: `,` or `;` between the fields, in UTF-8 or Windows-1252, with a header of the JSON names in any
    /// order and case.
    ///
    /// # Errors
    /// All that keeps the file from being a list: [`FieldCode::Type`] if it is not text, [`FieldCode::Required`],
    /// [`FieldCode::UnknownField`] and [`FieldCode::Duplicate`] with the column, [`FieldCode::Value`] for too many
    /// records.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Vec<FieldProblem>> {
        let Some(text) = decode(bytes) else {
            return Err(vec![FieldProblem::new("file", FieldCode::Type).with("expected", "text/csv")]);
        };
        let header = Header::of(&text);
        let mut findings = Findings::default();
        header.check(&mut findings);
        let left = records(&text, header.delimiter).saturating_sub(1);
        findings.count("rows", left, ROWS_LIMIT);

        let mut reader = csv_reader(header.delimiter).from_reader(Cursor::new(text.into_bytes()));
        let mut record = StringRecord::new();
        // Past the header; text in memory cannot fail to be read.
        let _ = reader.read_record(&mut record);
        findings.outcome(Self { reader, record, header, row: 1, left, addresses: HashMap::new() })
    }

    /// The municipality of the record that was read last, as it was written: also a record that was refused can be told
    /// that nobody knows its municipality.
    #[must_use]
    pub fn municipality(&self) -> String {
        self.draft().municipality
    }

    fn read(&mut self) -> Result<ContactRow, Vec<RowProblem>> {
        let row = self.row;
        let draft = self.draft();
        let address = EmailAddress::parse(&draft.email).ok().map(|email| email.folded());
        let first = address.map_or(row, |address| *self.addresses.entry(address).or_insert(row));
        let (contact, mut problems) = match draft.check() {
            Ok(contact) => (Some(contact), Vec::new()),
            Err(problems) => (None, problems),
        };
        if first != row {
            problems.push(FieldProblem::new("email", FieldCode::EmailDuplicate).with("row", first));
        }
        let cells = self.record.iter().enumerate();
        let nameless = cells.filter(|(place, cell)| !cell.trim().is_empty() && !self.header.names(*place));
        problems.extend(
            nameless
                .take(COLUMNS_LIMIT)
                .map(|(place, _)| FieldProblem::new((place + 1).to_string(), FieldCode::UnknownField)),
        );
        match contact {
            Some(contact) if problems.is_empty() => Ok(ContactRow { row, contact }),
            _ => Err(problems.into_iter().map(|problem| RowProblem { row, problem }).collect()),
        }
    }

    fn draft(&self) -> ContactDraft {
        let [name, email, role, phone, municipality, language] = COLUMNS.map(|column| {
            let cell = self.header.place(column).and_then(|place| self.record.get(place));
            text::one_line(without_guard(cell.unwrap_or_default()))
        });
        ContactDraft {
            name,
            email,
            role: Some(role),
            phone: Some(phone),
            municipality,
            language: Some(language.trim().to_lowercase()),
        }
    }
}

impl Iterator for ContactList {
    type Item = Result<ContactRow, Vec<RowProblem>>;

    fn next(&mut self) -> Option<Self::Item> {
        // Text in memory cannot fail to be read.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        self.row += 1;
        self.left = self.left.saturating_sub(1);
        Some(self.read())
    }

    /// The records that are still to come, exactly.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for ContactList {}

fn csv_reader(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).flexible(true).has_headers(false);
    builder
}

/// How many records a text has, the header included; blank lines are none.
fn records(text: &str, delimiter: u8) -> usize {
    let mut reader = csv_reader(delimiter).from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    std::iter::from_fn(|| reader.read_byte_record(&mut record).ok().filter(|found| *found)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn open(text: &str) -> ContactList {
        ContactList::open(text.as_bytes().to_vec()).ok().unwrap()
    }

    fn refused(bytes: &[u8]) -> Vec<(String, &'static str)> {
        let problems = ContactList::open(bytes.to_vec()).err().unwrap();
        problems.into_iter().map(|problem| (problem.field, problem.code.as_str())).collect()
    }

    fn names(list: ContactList) -> Vec<(u64, String)> {
        list.map(|row| row.unwrap()).map(|row| (row.row, row.contact.name)).collect()
    }

    /// The rows that are refused, each with its fields and codes.
    fn rejected(text: &str) -> Vec<(u64, String, &'static str)> {
        let problems = open(text).filter_map(Result::err).flatten();
        problems.map(|p| (p.row, p.problem.field, p.problem.code.as_str())).collect()
    }

    #[test]
    fn columns_are_found_in_any_order_and_case_behind_a_mark_and_a_semicolon() {
        let mut list = open(
            "\u{FEFF}Municipality; EMAIL ;Name;phone;Language;role\r\n\
             's-Hertogenbosch;a@example.org;\"Jansen; A.\";'+31 6 12;NL;\r\n",
        );
        assert_eq!(list.len(), 1);
        let row = list.next().unwrap().unwrap();
        assert_eq!(row.row, 2);
        assert_eq!(
            row.contact,
            Contact {
                name: "Jansen; A.".to_owned(),
                email: EmailAddress::parse("a@example.org").unwrap(),
                role: None,
                phone: Some("+31 6 12".to_owned()),
                municipality: "'s-Hertogenbosch".to_owned(),
                language: Some(Language::Nl),
            }
        );
        assert!(list.next().is_none());
        assert_eq!(list.len(), 0);
    }

    #[test]
    fn a_file_from_an_old_spreadsheet_keeps_its_accents() {
        let bytes = b"name,email,municipality\nRen\xE9e,r@example.org,S\xFAdwest-Frysl\xE2n\n".to_vec();
        let row = ContactList::open(bytes).ok().unwrap().next().unwrap().unwrap();
        assert_eq!(
            (row.contact.name.as_str(), row.contact.municipality.as_str()),
            ("Renée", "Súdwest-Fryslân")
        );
    }

    #[test]
    fn rows_count_records_with_the_header_as_1_also_where_a_cell_has_several_lines() {
        let text = "name,email,municipality\n\"A.\r\nJansen\",a@example.org,Ede\n\nB,b@example.org,Ede";
        assert_eq!(names(open(text)), [(2, "A. Jansen".to_owned()), (3, "B".to_owned())]);
    }

    #[test]
    fn a_bad_record_is_refused_with_all_its_reasons_and_the_rest_goes_on() {
        let text = "name,email,municipality,language\n\
                    ,nobody,,fy\n\
                    A,a@example.org,Ede,nl\n\
                    B\u{7},b@example.org\n\
                    C,c@example.org,Ede,nl,,surplus\n\
                    D,d@example.org,Ede,,\n";
        assert_eq!(
            rejected(text),
            [
                (2, "name".to_owned(), "required"),
                (2, "email".to_owned(), "email_invalid"),
                (2, "municipality".to_owned(), "required"),
                (2, "language".to_owned(), "value"),
                (4, "name".to_owned(), "control_character"),
                (4, "municipality".to_owned(), "required"),
                (5, "6".to_owned(), "unknown_field"),
            ]
        );
        assert_eq!(open(text).flatten().count(), 2);
    }

    #[test]
    fn an_address_counts_once_without_regard_to_case_even_if_its_first_record_is_bad() {
        let text = "name,email,municipality\n,A@example.org,Ede\nB,a@Example.org,Ede\nC,c@example.org,Ede\n";
        assert_eq!(
            rejected(text),
            [(2, "name".to_owned(), "required"), (3, "email".to_owned(), "email_duplicate")]
        );
        let second = open(text).nth(1).unwrap().unwrap_err();
        assert_eq!(second.first().unwrap().problem.parameters["row"], 2);
    }

    #[test]
    fn what_is_no_contact_list_is_refused_as_a_file() {
        let required = ["name", "email", "municipality"].map(|column| (column.to_owned(), "required"));
        assert_eq!(refused(b""), required);
        assert_eq!(refused(b"PK\x03\x04\x00"), [("file".to_owned(), "type")]);
        assert_eq!(
            refused(b"Name,mail,municipality,name,\nA,a@example.org,Ede,B,\n"),
            [
                ("email".to_owned(), "required"),
                ("mail".to_owned(), "unknown_field"),
                ("name".to_owned(), "duplicate"),
            ]
        );
        let many = format!("name,email,municipality\n{}", "a,b,c\n".repeat(ROWS_LIMIT + 1));
        assert_eq!(refused(many.as_bytes()), [("rows".to_owned(), "value")]);
    }

    #[test]
    fn what_our_export_wrote_is_read_back_unchanged() {
        let cells = ["=HYPERLINK(\"x\")", "'=1", "+31 6", "-", "a, \"b\"; c", "'t Hooft", "; @x"];
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(["name", "email", "municipality"]).unwrap();
        for (i, cell) in cells.iter().enumerate() {
            let record = [&*csv_safe(cell), &format!("p{i}@example.org"), &*csv_safe(cell)];
            file.write_record(record).unwrap();
        }
        let read: Vec<_> = ContactList::open(file.into_inner().unwrap())
            .ok()
            .unwrap()
            .map(|row| row.unwrap().contact)
            .collect();
        assert_eq!(read.iter().map(|contact| contact.name.as_str()).collect::<Vec<_>>(), cells);
        assert_eq!(read.iter().map(|contact| contact.municipality.as_str()).collect::<Vec<_>>(), cells);
    }
}
