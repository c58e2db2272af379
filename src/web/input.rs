//! Parsing at the edge: JSON bodies and forms become typed input, with all that is wrong with them at once.
//!
//! serde would stop at the first mistake; here every field is read, every mistake noted with its path, and only when
//! none was found does the caller get a value. Unknown fields are mistakes too.

mod body;
mod json;
mod values;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::domain::bilingual::Bilingual;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};

pub use self::body::{BODY_LIMIT, Body, ListBody, read_bytes};
use self::values::wrong_type;
pub use self::values::{boolean, bound, date, email, id, instant, integer, line, prose, raw, text, word};

/// Why a value is not what a field takes.
pub type Fault = FieldProblem;

/// Fields that are being read, with what was found wrong so far.
#[derive(Debug)]
pub struct Fields {
    prefix: String,
    given: Map<String, Value>,
    problems: Vec<FieldProblem>,
    /// Why there are no fields to be read at all.
    fault: Option<BodyFault>,
    /// Whether these are the fields of a form or an address, in which numbers and answers are text.
    is_text: bool,
}

/// Why a body can't be read, told only when it is known that the caller may hear of it (E11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyFault {
    /// It says to be something else.
    MediaType,
    /// It is broken; what about it.
    Malformed(String),
    /// It is sound, but not of the JSON type that is named.
    Type(&'static str),
}

impl From<BodyFault> for Problem {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::MediaType => Self::UnsupportedMediaType,
            BodyFault::Malformed(what) => Self::Malformed(what),
            BodyFault::Type(expected) => Self::Invalid(vec![wrong_type(expected)]),
        }
    }
}

impl Fields {
    /// Starts reading an object.
    #[must_use]
    pub const fn new(given: Map<String, Value>) -> Self {
        Self { prefix: String::new(), given, problems: Vec::new(), fault: None, is_text: false }
    }

    /// Starts reading what can't be read; [`Fields::finish`] tells why.
    #[must_use]
    pub fn faulty(fault: BodyFault) -> Self {
        Self {
            prefix: String::new(),
            given: Map::new(),
            problems: Vec::new(),
            fault: Some(fault),
            is_text: false,
        }
    }

    /// Starts reading what a form or an address says, in which a number and a yes or no are text.
    #[must_use]
    pub const fn of_text(given: Map<String, Value>) -> Self {
        Self { prefix: String::new(), given, problems: Vec::new(), fault: None, is_text: true }
    }

    /// Starts reading an object inside this one.
    const fn inside(&self, prefix: String, given: Map<String, Value>) -> Self {
        Self { prefix, given, problems: Vec::new(), fault: None, is_text: self.is_text }
    }

    /// Starts reading a form; a field that stands there twice has its last value, an empty one counts as left out.
    #[must_use]
    pub fn from_form(form: &BTreeMap<String, String>) -> Self {
        let given = form
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.clone(), Value::String(value.clone())))
            .collect();
        Self::of_text(given)
    }

    /// The same with a field that a form spreads over several of its own.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.given.insert(name.to_owned(), value);
        self
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Notes something wrong with a field.
    pub fn note(&mut self, name: &str, mut fault: Fault) {
        fault.field = self.path(name);
        self.problems.push(fault);
    }

    /// Notes what a rule of the domain found wrong; its paths are relative to this object. A field that could not even
    /// be read keeps the first problem alone.
    pub fn note_all(&mut self, problems: Vec<FieldProblem>) {
        for problem in problems {
            let name = problem.field.clone();
            let path = self.path(&name);
            if self.problems.iter().all(|known| known.field != path) {
                self.note(&name, problem);
            }
        }
    }

    fn read<T>(&mut self, name: &str, value: &Value, read: impl Fn(&Value) -> Result<T, Fault>) -> Option<T> {
        // Only where a field asks for a number or an answer is its text read as one: a name may well be `12`.
        let meant = |fault: &Fault| if self.is_text { values::meant(value, fault) } else { None };
        let outcome = read(value).or_else(|fault| meant(&fault).map_or(Err(fault), |value| read(&value)));
        match outcome {
            Ok(value) => Some(value),
            Err(fault) => {
                self.note(name, fault);
                None
            }
        }
    }

    /// A field that must be there.
    pub fn required<T>(&mut self, name: &str, read: impl Fn(&Value) -> Result<T, Fault>) -> Option<T> {
        match self.given.remove(name) {
            None | Some(Value::Null) => {
                self.note(name, FieldProblem::new("", FieldCode::Required));
                None
            }
            Some(value) => self.read(name, &value, read),
        }
    }

    /// A field that may be left out or null.
    pub fn optional<T>(&mut self, name: &str, read: impl Fn(&Value) -> Result<T, Fault>) -> Option<T> {
        match self.given.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(nothing)) if nothing.is_empty() => None,
            Some(value) => self.read(name, &value, read),
        }
    }

    /// A field of a PATCH that can't be emptied: left out means unchanged.
    pub fn change<T>(&mut self, name: &str, read: impl Fn(&Value) -> Result<T, Fault>) -> Option<T> {
        if self.given.contains_key(name) { self.required(name, read) } else { None }
    }

    /// A field of a PATCH that can be emptied: left out means unchanged, null means none.
    pub fn change_or_clear<T>(
        &mut self,
        name: &str,
        read: impl Fn(&Value) -> Result<T, Fault>,
    ) -> Option<Option<T>> {
        match self.given.remove(name) {
            None => None,
            Some(Value::Null) => Some(None),
            Some(value) => self.read(name, &value, read).map(Some),
        }
    }

    /// A list of objects, each read with its own paths; at most `limit`. Left out counts as empty.
    pub fn list<T>(
        &mut self,
        name: &str,
        limit: usize,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Vec<T> {
        let items = match self.given.remove(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.note(name, wrong_type("array"));
                return Vec::new();
            }
        };
        if items.len() > limit {
            self.note(name, FieldProblem::new("", FieldCode::TooLong).with("limit", limit));
            return Vec::new();
        }
        let base = if name.is_empty() { self.prefix.clone() } else { format!("{}{name}.", self.prefix) };
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let mut prefix = base.clone();
            let _ = write!(prefix, "{index}.");
            let Value::Object(given) = item else {
                prefix.pop();
                self.problems.push(FieldProblem { field: prefix, ..wrong_type("object") });
                continue;
            };
            let mut fields = self.inside(prefix, given);
            list.extend(read(&mut fields));
            fields.note_unknown();
            self.problems.append(&mut fields.problems);
        }
        list
    }

    /// An object inside this one.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match self.given.remove(name) {
            Some(Value::Object(given)) => {
                let prefix = format!("{}{name}.", self.prefix);
                let mut fields = self.inside(prefix, given);
                let value = read(&mut fields);
                fields.note_unknown();
                self.problems.append(&mut fields.problems);
                value
            }
            None | Some(Value::Null) => {
                self.note(name, FieldProblem::new("", FieldCode::Required));
                None
            }
            Some(_) => {
                self.note(name, wrong_type("object"));
                None
            }
        }
    }

    /// A text in each language, an object inside this one; a language that was left out is empty. Its rules are checked
    /// elsewhere.
    pub fn bilingual(&mut self, name: &str) -> Bilingual {
        self.object(name, |words| Some(words.languages())).unwrap_or_default()
    }

    /// The same where the text as a whole may be left out too.
    pub fn optional_bilingual(&mut self, name: &str) -> Bilingual {
        self.change_object(name, |words| Some(words.languages())).flatten().unwrap_or_default()
    }

    fn languages(&mut self) -> Bilingual {
        Bilingual {
            nl: self.optional("nl", text).unwrap_or_default(),
            en: self.optional("en", text).unwrap_or_default(),
        }
    }

    /// An object of a PATCH that can be emptied: left out means unchanged, null means none.
    pub fn change_object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.given.get(name) {
            None => None,
            Some(Value::Null) => self.given.remove(name).map(|_| None),
            Some(_) => self.object(name, read).map(Some),
        }
    }

    fn note_unknown(&mut self) {
        let unknown: Vec<String> = self.given.keys().cloned().collect();
        for name in unknown {
            self.note(&name, FieldProblem::new("", FieldCode::UnknownField));
        }
    }

    /// Ends the reading. The closure puts the value together; it is only asked when nothing was wrong.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with everything that was wrong; why the body could not be read.
    pub fn finish<T>(mut self, value: impl FnOnce() -> Option<T>) -> Outcome<T> {
        if let Some(fault) = self.fault {
            return Err(fault.into());
        }
        self.note_unknown();
        if !self.problems.is_empty() {
            return Err(Problem::Invalid(self.problems));
        }
        value().ok_or_else(|| Problem::internal("input without a problem gave no value"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Fields {
        match value {
            Value::Object(given) => Fields::new(given),
            _ => panic!("not an object"),
        }
    }

    #[test]
    fn every_mistake_is_told_at_once_with_its_path() {
        let mut f = fields(json!({ "email": "x", "extra": 1, "rules": [{ "n": "a" }, 3] }));
        let name = f.required("name", line);
        let email = f.required("email", email);
        let rules = f.list("rules", 9, |f| f.required("n", integer(0, 9)));
        let outcome = f.finish(|| Some((name?, email?, rules)));
        let Err(Problem::Invalid(problems)) = outcome else { panic!("accepted") };
        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("name", "required"),
                ("email", "email_invalid"),
                ("rules.0.n", "type"),
                ("rules.1", "type"),
                ("extra", "unknown_field"),
            ]
        );
    }

    #[test]
    fn a_patch_tells_left_out_from_emptied() {
        let mut f = fields(json!({ "phone": null, "name": "A" }));
        assert_eq!(f.change_or_clear("phone", line), Some(None));
        assert_eq!(f.change_or_clear("role", line), None);
        assert_eq!(f.change("name", line), Some("A".to_owned()));
        assert!(f.finish(|| Some(())).is_ok());
    }
}
