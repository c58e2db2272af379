//! Single phrases: what stands in `templates/words/<language>.json`, found by a dotted key.
//!
//! A phrase may speak of parameters in braces, as in `{seconds}`. A key that is missing comes back as itself, so that
//! a gap is seen and never takes a page down; the tests see to it that there is none.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::press;
use crate::domain::language::Language;
use crate::problem::{FieldProblem, Problem};

/// One entry of the words: a sentence, or several that belong together.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Line(String),
    Lines(Vec<String>),
}

/// The words of one language by their dotted keys.
#[derive(Debug, Default)]
pub(super) struct Words(HashMap<String, Entry>);

static NL: LazyLock<Words> = LazyLock::new(|| Words::embedded(Language::Nl));
static EN: LazyLock<Words> = LazyLock::new(|| Words::embedded(Language::En));

impl Words {
    /// The words of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Nl => &NL,
            Language::En => &EN,
        }
    }

    fn embedded(language: Language) -> Self {
        let text = press::embedded(&format!("words/{language}.json")).unwrap_or_default();
        let mut words = Self::default();
        if let Ok(Value::Object(tree)) = serde_json::from_str(text) {
            words.take_in("", tree);
        }
        words
    }

    fn take_in(&mut self, above: &str, tree: Map<String, Value>) {
        for (name, value) in tree {
            let key = if above.is_empty() { name } else { format!("{above}.{name}") };
            match value {
                Value::Object(below) => self.take_in(&key, below),
                Value::Array(lines) => {
                    let lines = lines.into_iter().map(|line| bare(&line)).collect();
                    self.0.insert(key, Entry::Lines(lines));
                }
                other => {
                    self.0.insert(key, Entry::Line(bare(&other)));
                }
            }
        }
    }

    /// The sentence under a key, with its parameters filled in.
    pub(super) fn line(&self, key: &str, parameters: &Map<String, Value>) -> Option<String> {
        match self.0.get(key)? {
            Entry::Line(line) => Some(filled(line, parameters)),
            Entry::Lines(_) => None,
        }
    }

    /// The sentences under a key, with their parameters filled in.
    pub(super) fn lines(&self, key: &str, parameters: &Map<String, Value>) -> Option<Vec<String>> {
        match self.0.get(key)? {
            Entry::Lines(lines) => Some(lines.iter().map(|line| filled(line, parameters)).collect()),
            Entry::Line(_) => None,
        }
    }

    /// Every key with what stands there.
    #[cfg(test)]
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }
}

/// The sentence under a key; `parameters` is an object whose members stand in braces in the sentence.
#[must_use]
pub fn phrase(language: Language, key: &str, parameters: &Value) -> String {
    let none = Map::new();
    let parameters = parameters.as_object().unwrap_or(&none);
    Words::of(language).line(key, parameters).unwrap_or_else(|| key.to_owned())
}

/// The sentence or word under a key that speaks of no parameters.
#[must_use]
pub fn word(language: Language, key: &str) -> String {
    phrase(language, key, &Value::Null)
}

/// The sentences or words under a key that belong together; none where there is no such key.
#[must_use]
pub fn sentences(language: Language, key: &str) -> Vec<String> {
    Words::of(language).lines(key, &Map::new()).unwrap_or_default()
}

/// The sentence under `<key>.one` or `<key>.other`, with `{count}` filled in.
#[must_use]
pub fn plural(language: Language, key: &str, count: u64) -> String {
    let form = if count == 1 { "one" } else { "other" };
    phrase(language, &format!("{key}.{form}"), &serde_json::json!({ "count": grouped(language, count) }))
}

/// A whole number with its thousands apart, as the language does it.
pub(super) fn grouped(language: Language, number: u64) -> String {
    let separator = word(language, "number.thousands");
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push_str(&separator);
        }
        out.push(digit);
    }
    out
}

/// What a problem says to a person.
#[must_use]
pub fn problem_sentence(language: Language, problem: &Problem) -> String {
    let parameters = in_words(language, problem.parameters());
    let is_one = parameters.get("seconds").and_then(Value::as_u64) == Some(1);
    let code = problem.code();
    let key = if is_one { format!("problem_for_one.{code}") } else { format!("problem.{code}") };
    phrase(language, &key, &parameters)
}

/// The heading of the page that shows a problem.
#[must_use]
pub fn problem_title(language: Language, problem: &Problem) -> String {
    word(language, &format!("problem_title.{}", problem.code()))
}

/// What is wrong with a field, as it stands beside that field. Where the problem tells more, such as the limit or the
/// candidates, so does the sentence.
#[must_use]
pub fn field_message(language: Language, problem: &FieldProblem) -> String {
    let code = problem.code.as_str();
    let parameters = in_words(language, Value::Object(problem.parameters.clone()));
    let told = problem.parameters.values().any(|value| !bare(value).is_empty());
    let detailed = parameters
        .as_object()
        .filter(|_| told)
        .and_then(|parameters| Words::of(language).line(&format!("field_with.{code}"), parameters));
    detailed.unwrap_or_else(|| word(language, &format!("field.{code}")))
}

/// Puts names that a person knows in place of our own names of states, fields and types.
fn in_words(language: Language, mut parameters: Value) -> Value {
    let none = Map::new();
    for (group, name) in
        [("status.", "state"), ("name_of.", "field"), ("type.", "expected"), ("syntax.", "reason")]
    {
        if let Some(parameter) = parameters.get_mut(name)
            && let Some(word) = Words::of(language).line(&format!("{group}{}", bare(parameter)), &none)
        {
            *parameter = Value::String(word);
        }
    }
    parameters
}

/// Fills `{name}` from the parameters; what is not among them stays as it is.
fn filled(line: &str, parameters: &Map<String, Value>) -> String {
    let mut rest = line;
    let mut out = String::with_capacity(line.len());
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) if parameters.contains_key(name) => {
                out.push_str(&parameters.get(name).map(bare).unwrap_or_default());
                rest = behind;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A value without quotes; the members of a list are separated by commas.
fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(bare).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::problem::FieldCode;

    #[test]
    fn parameters_stand_in_braces_and_are_not_read_again() {
        let parameters = json!({ "a": "{b}", "b": 2, "list": ["x", "y"] });
        let parameters = parameters.as_object().expect("an object");
        assert_eq!(filled("{a} {b} {c} {list} {", parameters), "{b} 2 {c} x, y {");
    }

    #[test]
    fn thousands_stand_apart_as_the_language_does_it() {
        assert_eq!(grouped(Language::Nl, 1_234_567), "1.234.567");
        assert_eq!(grouped(Language::En, 100_001), "100,001");
        assert_eq!(grouped(Language::En, 12), "12");
    }

    #[test]
    fn one_second_is_not_told_as_many() {
        for (language, one, many) in
            [(Language::Nl, "1 seconde ", "2 seconden"), (Language::En, "1 second ", "2 seconds")]
        {
            for problem in [Problem::Throttled, Problem::Busy] {
                let (first, second) =
                    (problem_sentence(language, &problem(1)), problem_sentence(language, &problem(2)));
                assert!(first.contains(one) && second.contains(many), "{first} {second}");
            }
        }
    }

    #[test]
    fn a_limit_is_named_in_the_sentence_beside_the_field() {
        let problem = FieldProblem::new("name", FieldCode::TooLong).with("limit", 200);
        for language in Language::ALL {
            assert!(field_message(language, &problem).contains("200"), "{language}");
        }
    }

    #[test]
    fn a_state_is_named_by_the_word_that_people_know() {
        let sentence = problem_sentence(Language::Nl, &Problem::WrongState("held"));
        assert!(sentence.contains("gehouden"), "{sentence}");
    }
}
