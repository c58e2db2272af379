//! What a respondent sends: the interview that they want, and what they agree to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::interviews::MODES;
use crate::actions::Wish;
use crate::actions::consent::Given;
use crate::domain::delegate::Delegate;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Outcome};
use crate::web::input::{self, Fault, Fields};

/// Reads which time they want.
pub(super) fn read_wish(mut fields: Fields) -> Outcome<Wish> {
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let place = fields.optional("place", input::line);
    let interviewer = fields.optional("interviewer", input::id);
    let delegate = fields.change_object("delegate", |inner| {
        let (name, email) = (inner.required("name", input::line), inner.required("email", input::email));
        let language = inner.optional("language", input::word::<Language>("nl, en"));
        Some(Delegate { name: name?, email: email?, language })
    });
    fields.finish(|| {
        Some(Wish { starts_at: starts_at?, mode: mode?, place, interviewer, delegate: delegate.flatten() })
    })
}

/// Reads what they agree to.
pub(super) fn read_consent(mut fields: Fields) -> Outcome<Given> {
    let version = fields.required("version", input::integer(1, i32::MAX));
    let language = fields.optional("language", input::word::<Language>("nl, en"));
    let given = fields.required("items", |value| match value {
        Value::Object(items) => Ok(items.clone()),
        _ => Err(of_type("object")),
    });
    let name = fields.optional("name", input::line);
    let mut items = BTreeMap::new();
    for (key, value) in given.into_iter().flatten() {
        match value {
            Value::Bool(agreed) => {
                items.insert(key, agreed);
            }
            _ => fields.note(&format!("items.{key}"), of_type("boolean")),
        }
    }
    fields.finish(|| Some(Given { version: version?, language, items, name }))
}

fn of_type(expected: &str) -> Fault {
    FieldProblem::new("", FieldCode::Type).with("expected", expected)
}
