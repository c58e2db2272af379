//! The values of single fields: what each kind of field takes, and what is wrong with what it does not take.

use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::Value;

use super::Fault;
use crate::clock::Instant;
use crate::domain::text::{self as rules, EmailAddress, LINE_LIMIT, TEXT_LIMIT};
use crate::problem::{FieldCode, FieldProblem};

pub(super) fn wrong_type(expected: &str) -> Fault {
    FieldProblem::new("", FieldCode::Type).with("expected", expected)
}

fn fault(code: FieldCode) -> Fault {
    match code {
        FieldCode::TooLong => FieldProblem::new("", code).with("limit", LINE_LIMIT),
        _ => FieldProblem::new("", code),
    }
}

fn text_of(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| wrong_type("string"))
}

/// A one-line text of at most 200 characters (E30).
///
/// # Errors
/// What is wrong with it.
pub fn line(value: &Value) -> Result<String, Fault> {
    rules::line(text_of(value)?).map_err(fault)
}

/// A text of at most 20,000 characters (E30).
///
/// # Errors
/// What is wrong with it.
pub fn prose(value: &Value) -> Result<String, Fault> {
    rules::prose(text_of(value)?).map_err(|code| match code {
        FieldCode::TooLong => FieldProblem::new("", code).with("limit", TEXT_LIMIT),
        _ => FieldProblem::new("", code),
    })
}

/// A mail address.
///
/// # Errors
/// What is wrong with it.
pub fn email(value: &Value) -> Result<EmailAddress, Fault> {
    EmailAddress::parse(text_of(value)?).map_err(fault)
}

/// Any text; its rules are checked elsewhere. The size of a body bounds it.
///
/// # Errors
/// When it is no text.
pub fn text(value: &Value) -> Result<String, Fault> {
    text_of(value).map(str::to_owned)
}

/// Any text, such as a password, that is checked elsewhere; at most 1,000 characters.
///
/// # Errors
/// What is wrong with it.
pub fn raw(value: &Value) -> Result<String, Fault> {
    let text = text_of(value)?;
    if text.chars().count() > 1000 {
        return Err(FieldProblem::new("", FieldCode::TooLong).with("limit", 1000));
    }
    Ok(text.to_owned())
}

/// True or false.
///
/// # Errors
/// When it is neither.
pub fn boolean(value: &Value) -> Result<bool, Fault> {
    match value {
        Value::Bool(value) => Ok(*value),
        // A form has only text.
        Value::String(text) if text == "true" || text == "yes" => Ok(true),
        Value::String(text) if text == "false" || text == "no" => Ok(false),
        _ => Err(wrong_type("boolean")),
    }
}

/// A whole number within bounds, as a number or, from a form, as digits.
pub fn integer<N>(least: N, most: N) -> impl FnOnce(&Value) -> Result<N, Fault>
where
    N: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display,
{
    move |value| {
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| wrong_type("integer"))?;
        N::try_from(number)
            .ok()
            .filter(|n| *n >= least && *n <= most)
            .ok_or_else(|| FieldProblem::new("", FieldCode::Value).with("allowed", format!("{least}–{most}")))
    }
}

/// A date as `2027-03-01`.
///
/// # Errors
/// When it is none.
pub fn date(value: &Value) -> Result<NaiveDate, Fault> {
    NaiveDate::parse_from_str(text_of(value)?, "%Y-%m-%d")
        .map_err(|_| FieldProblem::new("", FieldCode::Value).with("allowed", "YYYY-MM-DD"))
}

/// A moment in RFC 3339.
///
/// # Errors
/// When it is none.
pub fn instant(value: &Value) -> Result<Instant, Fault> {
    Instant::parse(text_of(value)?).ok_or_else(|| {
        FieldProblem::new("", FieldCode::Value).with("allowed", "RFC 3339, 2027-03-01T09:00:00Z")
    })
}

/// One word of a closed list.
pub fn word<T: FromStr>(allowed: &'static str) -> impl FnOnce(&Value) -> Result<T, Fault> {
    move |value| {
        text_of(value)?.parse().map_err(|_| FieldProblem::new("", FieldCode::Value).with("allowed", allowed))
    }
}

/// The id of something; one that can't be an id is as unknown as any other (E29).
///
/// # Errors
/// When it is not an id.
pub fn id<T: FromStr>(value: &Value) -> Result<T, Fault> {
    text_of(value)?.parse().map_err(|_| FieldProblem::new("", FieldCode::UnknownReference))
}
