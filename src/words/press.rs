//! The printing press: the template engine, set up once per language.
//!
//! Undefined names are errors, `.html` is escaped and everything else is not (R10). No text that a person typed is
//! ever compiled here; wordings are filled in by [`crate::domain::letter::fill`].

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, escape_formatter,
};
use serde_json::Map;

use super::letters::escaped;
use super::phrases::Words;
use crate::domain::language::Language;
use crate::problem::{Outcome, Problem};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

static NL: LazyLock<Result<Environment<'static>, String>> = LazyLock::new(|| press(Language::Nl));
static EN: LazyLock<Result<Environment<'static>, String>> = LazyLock::new(|| press(Language::En));

/// An embedded file below `templates/`.
pub(super) fn embedded(path: &str) -> Option<&'static str> {
    TEMPLATES.get_file(path)?.contents_utf8()
}

/// Every embedded template with its text; the words are not templates.
pub(super) fn templates() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut open = vec![&TEMPLATES];
    while let Some(dir) = open.pop() {
        open.extend(dir.dirs());
        found.extend(dir.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?))));
    }
    found.retain(|(name, _)| !name.starts_with("words/"));
    found
}

/// Renders one template in one language.
pub(super) fn print(language: Language, template: &str, context: Value) -> Outcome<String> {
    let press = match language {
        Language::Nl => &*NL,
        Language::En => &*EN,
    };
    let press = press.as_ref().map_err(|fault| Problem::internal(fault.clone()))?;
    let rendered = press.get_template(template).and_then(|t| t.render(context));
    rendered.map_err(|fault| Problem::internal(format!("{template}: {fault:#}")))
}

fn press(language: Language) -> Result<Environment<'static>, String> {
    let mut press = Environment::new();
    press.set_undefined_behavior(UndefinedBehavior::Strict);
    // A fault would else carry the whole context, and so a person's name, into the log (E19).
    press.set_debug(cfg!(test));
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).lstrip_blocks(true).build().map_err(|e| e.to_string())?;
    press.set_syntax(syntax);
    press.set_formatter(write_value);
    for (name, source) in templates() {
        press.add_template(name, source).map_err(|fault| format!("{name}: {fault:#}"))?;
    }
    let other = Language::ALL.into_iter().find(|l| *l != language).unwrap_or(language);
    press.add_global("lang", language.as_str());
    press.add_global("other_lang", other.as_str());
    press.add_function("t", move |key: &str, parameters: Kwargs| one(language, key, &parameters));
    press.add_function("lines", move |key: &str, parameters: Kwargs| several(language, key, &parameters));
    press.add_function("plural", move |key: &str, count: u64| super::plural(language, key, count));
    press.add_function("file", |name: &str| {
        super::files::address(name).map(Value::from_safe_string).ok_or_else(|| missing(name))
    });
    press.add_filter("grouped", move |count: u64| super::phrases::grouped(language, count));
    press.add_test("web_link", |text: &str| text.starts_with("https://") || text.starts_with("http://"));
    press.add_filter("paragraphs", |text: &str| Value::from_safe_string(super::letters::paragraphs(text)));
    press.add_filter("passages", |text: &str, link: &str| -> Vec<Value> {
        super::letters::passages(text, link).into_iter().map(|passage| Value::from(Serde(passage))).collect()
    });
    press.add_filter("ticks", |text: &str| Value::from_safe_string(ticks(text)));
    Ok(press)
}

/// Writes a value into a template. In HTML only what could be markup is escaped: a `/` stays one, so that a web address
/// in a letter reads the same to whatever looks for it.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            out.write_str(&escaped(text)).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

/// Our own documentation as HTML: what stands between backticks is code.
fn ticks(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            html.push_str(if index % 2 == 1 { "<code>" } else { "</code>" });
        }
        html.push_str(&escaped(part));
    }
    html
}

fn one(language: Language, key: &str, parameters: &Kwargs) -> Result<String, Error> {
    Words::of(language).line(key, &named(parameters)?).ok_or_else(|| missing(key))
}

fn several(language: Language, key: &str, parameters: &Kwargs) -> Result<Vec<String>, Error> {
    Words::of(language).lines(key, &named(parameters)?).ok_or_else(|| missing(key))
}

fn named(parameters: &Kwargs) -> Result<Map<String, serde_json::Value>, Error> {
    let names: Vec<String> = parameters.args().map(ToOwned::to_owned).collect();
    names
        .into_iter()
        .map(|name| {
            let value: Value = parameters.get(&name)?;
            Ok((name, serde_json::to_value(value).unwrap_or_default()))
        })
        .collect()
}

fn missing(key: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("no words under `{key}`"))
}
