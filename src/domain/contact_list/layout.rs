//! How the cells of somebody's own list are separated and what stands in each column: guessed first, then as a person
//! says.

use serde_json::{Value, json};

use super::field::Field;
use super::header::COLUMNS_LIMIT;
use super::sheet::{cells_of, name_and_email};
use crate::domain::municipality::{NameIndex, Resolution};
use crate::domain::text::EmailAddress;
use crate::problem::{FieldCode, FieldProblem};

/// How many rows a guess looks at.
const LOOKED_AT: usize = 50;

/// How a list is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What stands between two cells.
    pub delimiter: u8,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// What each column holds; `None` for one that is passed over.
    pub fields: Vec<Option<Field>>,
}

impl Layout {
    /// Guesses how a text is to be read: by the names of its columns or, without any, by what stands in them.
    #[must_use]
    pub fn guess(text: &str, index: &NameIndex) -> Self {
        let candidates = [b'\t', b';', b','].map(|delimiter| Guess::of(text, delimiter, index));
        let mut best: Option<Guess> = None;
        for guess in candidates {
            if best.as_ref().is_none_or(|best| guess.worth > best.worth) {
                best = Some(guess);
            }
        }
        best.map_or(Self { delimiter: b',', has_header: false, fields: Vec::new() }, |guess| guess.layout)
    }

    /// What keeps a list from being read like this.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldProblem> {
        let has = |field| self.fields.contains(&Some(field));
        let mut faults = Vec::new();
        let both = has(Field::NameAndEmail);
        for (field, is_there) in [
            (Field::Name, both || has(Field::Name)),
            (Field::Email, both || has(Field::Email)),
            (Field::Municipality, has(Field::Municipality)),
        ] {
            if !is_there {
                faults.push(FieldProblem::new(field.as_str(), FieldCode::Required));
            }
        }
        for (place, field) in self.fields.iter().enumerate() {
            let Some(field) = field.filter(|field| *field != Field::Name) else { continue };
            let earlier = self.fields.iter().take(place).any(|other| {
                *other == Some(field) || (field == Field::Email && *other == Some(Field::NameAndEmail))
            });
            if earlier {
                faults.push(FieldProblem::new(format!("column.{place}"), FieldCode::Duplicate));
            }
        }
        faults
    }

    /// The layout as text for the database: it tells no values.
    #[must_use]
    pub fn to_text(&self) -> String {
        let fields: Vec<Value> = self
            .fields
            .iter()
            .map(|field| field.map_or(Value::Null, |field| json!(field.as_str())))
            .collect();
        json!({ "delimiter": self.delimiter, "header": self.has_header, "fields": fields }).to_string()
    }

    /// The layout that [`Layout::to_text`] wrote.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let fields = value.get("fields")?.as_array()?;
        Some(Self {
            delimiter: u8::try_from(value.get("delimiter")?.as_u64()?).ok()?,
            has_header: value.get("header")?.as_bool()?,
            fields: fields.iter().map(|field| field.as_str().and_then(|name| name.parse().ok())).collect(),
        })
    }
}

/// A layout and how much it explains.
struct Guess {
    layout: Layout,
    worth: usize,
}

impl Guess {
    fn of(text: &str, delimiter: u8, index: &NameIndex) -> Self {
        let rows: Vec<Vec<String>> = cells_of(text, delimiter).take(LOOKED_AT).collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or_default().min(COLUMNS_LIMIT);
        let headings = rows.first().cloned().unwrap_or_default();
        let known = headings.iter().filter(|heading| Field::named(heading).is_some()).count();
        let has_address = |row: &Vec<String>| row.iter().any(|cell| name_and_email(cell).is_some());
        let names_columns = known > 0 || rows.iter().skip(1).any(has_address);
        let has_header = names_columns && !rows.first().is_some_and(has_address);
        let body = rows.get(usize::from(has_header)..).unwrap_or_default();
        let contents: Vec<Content> = (0..width).map(|place| Content::of(body, place, index)).collect();
        let fields = if has_header && known > 0 {
            let named = |(place, content): (usize, &Content)| match headings.get(place) {
                _ if content.mostly(content.both) => Some(Field::NameAndEmail),
                heading => heading.and_then(|heading| Field::named(heading)),
            };
            sole(contents.iter().enumerate().map(named).collect())
        } else {
            by_contents(&contents)
        };
        let understood: usize =
            contents.iter().map(|content| content.email + content.both + content.places).sum();
        let even = rows.iter().filter(|row| row.len() == width && width > 1).count();
        let worth = if has_header { known * 1_000 } else { 0 } + understood * 10 + even;
        Self { layout: Layout { delimiter, has_header, fields }, worth }
    }
}

/// The same with each field once, but the parts of a name.
fn sole(fields: Vec<Option<Field>>) -> Vec<Option<Field>> {
    let mut seen = Vec::new();
    let once = |field: Option<Field>| {
        let field = field?;
        let is_new = field == Field::Name || !seen.contains(&field);
        seen.push(field);
        is_new.then_some(field)
    };
    fields.into_iter().map(once).collect()
}

/// What the cells of a column look like: how many of them like what.
struct Content {
    filled: usize,
    email: usize,
    both: usize,
    places: usize,
    phones: usize,
    languages: usize,
}

impl Content {
    fn of(rows: &[Vec<String>], place: usize, index: &NameIndex) -> Self {
        let cells: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.get(place))
            .map(|cell| cell.trim())
            .filter(|c| !c.is_empty())
            .collect();
        let count = |like: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| like(cell)).count();
        Self {
            filled: cells.len(),
            email: count(&|cell| EmailAddress::parse(cell).is_ok()),
            both: count(&|cell| cell.contains('<') && name_and_email(cell).is_some()),
            places: count(&|cell| matches!(index.resolve(cell), Resolution::Found(_))),
            phones: count(&|cell| is_phone(cell)),
            languages: count(&|cell| matches!(cell.to_lowercase().as_str(), "nl" | "en")),
        }
    }

    /// Whether most of the cells are of a kind.
    const fn mostly(&self, of_a_kind: usize) -> bool {
        self.filled > 0 && of_a_kind * 2 > self.filled
    }
}

fn is_phone(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits >= 8 && cell.chars().all(|c| c.is_ascii_digit() || " +-()/.'".contains(c))
}

/// Gives each column without a name the field that its cells look like; the first that looks like nothing is the name.
fn by_contents(contents: &[Content]) -> Vec<Option<Field>> {
    let looks = |content: &Content| {
        let kinds = [
            (content.both, Field::NameAndEmail),
            (content.email, Field::Email),
            (content.places, Field::Municipality),
            (content.phones, Field::Phone),
            (content.languages, Field::Language),
        ];
        kinds.into_iter().find(|(count, _)| content.mostly(*count)).map(|(_, field)| field)
    };
    let mut fields = sole(contents.iter().map(looks).collect());
    let has_name = fields.contains(&Some(Field::NameAndEmail));
    let free = contents
        .iter()
        .enumerate()
        .find(|(place, content)| content.filled > 0 && fields.get(*place).is_some_and(Option::is_none));
    if let Some((place, _)) = free.filter(|_| !has_name)
        && let Some(field) = fields.get_mut(place)
    {
        *field = Some(Field::Name);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::Field::{Email, Language, Municipality, Name, NameAndEmail, Phone, Role};
    use super::*;
    use crate::domain::municipality::table;

    fn guess(text: &str) -> Layout {
        Layout::guess(text, &NameIndex::new(&table::shipped().unwrap()))
    }

    #[test]
    fn columns_are_known_by_their_dutch_or_english_headings() {
        let layout =
            guess("Voornaam;Achternaam;E-mailadres;Gemeente;Functie;Tel.;Notities\nS;V;s@x.nl;Ede;a;1;n\n");
        assert_eq!((layout.delimiter, layout.has_header), (b';', true));
        let fields = [Some(Name), Some(Name), Some(Email), Some(Municipality), Some(Role), Some(Phone), None];
        assert_eq!(layout.fields, fields);
        assert_eq!(layout.faults(), []);
    }

    #[test]
    fn columns_without_headings_are_known_by_what_stands_in_them() {
        let layout =
            guess("Sanne\ts@example.org\tEnschede\t06 1234 5678\tnl\nBram\tb@example.org\tZwolle\t\ten\n");
        assert_eq!((layout.delimiter, layout.has_header), (b'\t', false));
        let fields = [Some(Name), Some(Email), Some(Municipality), Some(Phone), Some(Language)];
        assert_eq!(layout.fields, fields);
    }

    #[test]
    fn names_with_addresses_as_mail_programs_write_them_are_one_column() {
        let layout = guess("Vries, Sanne de <s@example.org>; Enschede\nBram <b@example.org>; Zwolle\n");
        assert_eq!((layout.delimiter, layout.has_header), (b';', false));
        assert_eq!(layout.fields, [Some(NameAndEmail), Some(Municipality)]);
        assert_eq!(layout.faults(), []);
    }

    #[test]
    fn headings_that_nobody_knows_are_headings_where_only_the_rows_below_hold_addresses() {
        let layout = guess("wie,hoe,waar\nSanne,s@example.org,Ede\n");
        assert!(layout.has_header);
        assert_eq!(layout.fields, [Some(Name), Some(Email), Some(Municipality)]);
        let layout = guess("Contact;Gemeente\nSanne <s@example.org>;Ede\n");
        assert_eq!(layout.fields, [Some(NameAndEmail), Some(Municipality)]);
    }

    #[test]
    fn what_is_missing_or_chosen_twice_is_told() {
        let layout = Layout { delimiter: b';', has_header: true, fields: vec![Some(Role), None, Some(Role)] };
        let faults: Vec<_> = layout.faults().into_iter().map(|p| (p.field, p.code.as_str())).collect();
        let expected = [
            ("name", "required"),
            ("email", "required"),
            ("municipality", "required"),
            ("column.2", "duplicate"),
        ];
        assert_eq!(faults, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_layout_comes_back_from_its_text() {
        let layout = guess("naam;mail;gemeente;iets\n");
        assert_eq!(Layout::of_text(&layout.to_text()), Some(layout));
        assert_eq!(Layout::of_text("{}"), None);
        assert_eq!(guess("").fields, []);
    }
}
