//! The values of single fields: what each kind of field takes, and what is wrong with what it does not take.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta};
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
        _ => Err(wrong_type("boolean")),
    }
}

/// What the text of a form or an address stands for where a field takes no text.
pub(super) fn meant(value: &Value, fault: &Fault) -> Option<Value> {
    let (text, expected) = (value.as_str()?.trim(), fault.parameters.get("expected")?.as_str()?);
    match (expected, text.to_ascii_lowercase().as_str()) {
        ("boolean", "true" | "yes" | "1") => Some(Value::Bool(true)),
        ("boolean", "false" | "no" | "0") => Some(Value::Bool(false)),
        ("integer", digits) => digits.parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

/// A whole number within bounds.
pub fn integer<N>(least: N, most: N) -> impl Fn(&Value) -> Result<N, Fault>
where
    N: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display,
{
    move |value| {
        let outside = || FieldProblem::new("", FieldCode::Value).with("allowed", format!("{least}–{most}"));
        let Some(number) = value.as_i64() else {
            // Beyond what is counted with, but a whole number all the same.
            let is_whole = value.as_f64().is_some_and(|number| number.abs() >= 9_007_199_254_740_992.0);
            return Err(if is_whole { outside() } else { wrong_type("integer") });
        };
        N::try_from(number).ok().filter(|n| *n >= least && *n <= most).ok_or_else(outside)
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

/// A moment in RFC 3339, on the whole second: one that was cut off would be another moment than the one that was named.
///
/// # Errors
/// When it is none.
pub fn instant(value: &Value) -> Result<Instant, Fault> {
    let moment = DateTime::parse_from_rfc3339(text_of(value)?).ok();
    moment.filter(|moment| moment.timestamp_subsec_nanos() == 0).map(Instant::from).ok_or_else(not_a_moment)
}

/// Where a time span begins or ends, in RFC 3339. Whole seconds from a fraction on are those from the next second on.
/// In an address a `+` that was not escaped reads as a blank.
///
/// # Errors
/// When it is none.
pub fn bound(value: &Value) -> Result<Instant, Fault> {
    let text = text_of(value)?.replace(' ', "+");
    let moment = DateTime::parse_from_rfc3339(&text).map_err(|_| not_a_moment())?;
    let up = TimeDelta::seconds(i64::from(moment.timestamp_subsec_nanos() > 0));
    moment.checked_add_signed(up).map(Instant::from).ok_or_else(not_a_moment)
}

fn not_a_moment() -> Fault {
    FieldProblem::new("", FieldCode::Value).with("allowed", "RFC 3339, 2027-03-01T09:00:00Z")
}

/// One word of a closed list.
pub fn word<T: FromStr>(allowed: &'static str) -> impl Fn(&Value) -> Result<T, Fault> {
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
