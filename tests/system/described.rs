//! Holds what goes over the wire against the description of the API: every answer that any test gets, and every body
//! that was taken. So the description can't promise what is not kept, and nothing is answered that it does not tell.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};
use veldwerk::web::openapi::document;

/// What may happen to any request, and is described once for all.
const ALWAYS: [&str; 3] = ["busy", "internal", "method_not_allowed"];
/// Names in a query that any address may carry.
const EVERYWHERE: [&str; 1] = ["lang"];

/// What was sent and what came back.
pub struct Exchange<'e> {
    pub method: &'e str,
    /// With the query.
    pub address: &'e str,
    pub sent: Option<&'e Value>,
    pub status: u16,
    pub headers: &'e [(String, String)],
    pub text: &'e str,
}

impl Exchange<'_> {
    /// Demands that the description tells of this exchange; of addresses that it does not name it need not.
    #[track_caller]
    pub fn hold(&self) {
        let (path, query) = self.address.split_once('?').unwrap_or((self.address, ""));
        let Some((template, item)) = described(path) else { return };
        let operation = &item[self.method.to_lowercase().as_str()];
        if operation.is_null() {
            return;
        }
        let faults = match self.status {
            200..300 => self.success(operation, query),
            503 if !template.starts_with("/api/") => self.success(operation, query),
            _ => self.refusal(operation),
        };
        assert!(
            faults.is_empty(),
            "{} {template} is described otherwise: {faults:#?}\n{}",
            self.method,
            self.text
        );
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn success(&self, operation: &'static Value, query: &str) -> Vec<String> {
        let response = &operation["responses"][self.status.to_string().as_str()];
        if response.is_null() {
            return vec![format!("status {}", self.status)];
        }
        let mut faults = self.body(&response["content"]);
        for name in ["ETag", "Idempotent-Replayed"] {
            if self.header(name).is_some() && response["headers"][name].is_null() {
                faults.push(format!("header {name}"));
            }
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten().map(resolved);
        let known: BTreeSet<&str> =
            parameters.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str()).collect();
        for name in query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty())
        {
            if !known.contains(name) && !EVERYWHERE.contains(&name) {
                faults.push(format!("query {name}"));
            }
        }
        if let Some(sent) = self.sent {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            faults.extend(self::faults(schema, sent, "sent"));
        }
        faults
    }

    fn body(&self, content: &'static Value) -> Vec<String> {
        let kind = self.header("Content-Type").map(|kind| kind.split(';').next().unwrap().trim());
        match (content.as_object(), kind) {
            (None, _) if self.text.is_empty() => Vec::new(),
            (Some(_), Some(kind)) if content[kind].is_object() => match kind {
                "application/json" => {
                    let body = serde_json::from_str(self.text).unwrap();
                    faults(&content[kind]["schema"], &body, "body")
                }
                _ => Vec::new(),
            },
            _ => vec![format!("content {kind:?}")],
        }
    }

    fn refusal(&self, operation: &'static Value) -> Vec<String> {
        let problem: Value = serde_json::from_str(self.text).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or_default();
        let schema = match &operation["responses"][self.status.to_string().as_str()] {
            _ if ALWAYS.contains(&code) => return Vec::new(),
            Value::Null => return vec![format!("status {} with {code}", self.status)],
            response => &response["content"]["application/problem+json"]["schema"],
        };
        faults(schema, &problem, "problem")
    }
}

/// The described path that an address is one of; a literal segment comes before a name.
fn described(path: &str) -> Option<(&'static str, &'static Value)> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let segments: Vec<&str> = template.split('/').collect();
        segments.len() == asked.len()
            && segments.iter().zip(&asked).all(|(s, a)| s.starts_with('{') || s == a)
    };
    let paths = document()["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(template, _)| fits(template));
    fitting.min_by_key(|(template, _)| template.matches('{').count()).map(|(t, item)| (t.as_str(), item))
}

/// Follows a reference within the description.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(at) => {
            document().pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} leads nowhere"))
        }
        None => value,
    }
}

/// Where a value is not as a schema has it. What a schema does not name must not be there; a keyword that is not
/// understood here is a fault of the schema.
pub fn faults(schema: &'static Value, value: &Value, at: &str) -> Vec<String> {
    let Some(keywords) = schema.as_object() else { return vec![format!("{at}: no schema")] };
    let mut found = Vec::new();
    for (keyword, rule) in keywords {
        let holds = match keyword.as_str() {
            "$ref" => {
                found.extend(faults(resolved(schema), value, at));
                true
            }
            "oneOf" => {
                let ways: Vec<Vec<String>> =
                    rule.as_array().unwrap().iter().map(|way| faults(way, value, at)).collect();
                let fits = ways.iter().filter(|faults| faults.is_empty()).count() == 1;
                if !fits {
                    found.extend(ways.into_iter().flatten());
                }
                fits
            }
            "type" => rule
                .as_array()
                .map_or_else(|| is_of(rule, value), |of| of.iter().any(|one| is_of(one, value))),
            "enum" => rule.as_array().unwrap().contains(value),
            "format" => value.as_str().is_none_or(|text| is_formatted(rule, text)),
            "minimum" => value.as_i64().is_none_or(|number| rule.as_i64().unwrap() <= number),
            "maximum" => value.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| rule.as_u64().unwrap() <= items.len() as u64),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().unwrap())
            }
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(rule, item, &format!("{at}.{i}")));
                }
                true
            }
            "required" => {
                let missing = rule
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|name| value.is_object() && value.get(name.as_str().unwrap()).is_none());
                found.extend(missing.map(|name| format!("{at}.{name}: missing")));
                true
            }
            "properties"
            | "additionalProperties"
            | "propertyNames"
            | "pattern"
            | "description"
            | "examples" => true,
            unknown => panic!("{at}: the test does not know `{unknown}`"),
        };
        if !holds {
            found.push(format!("{at}: {value} against {keyword} {rule}"));
        }
    }
    found.extend(members(schema, value, at));
    found
}

fn members(schema: &'static Value, value: &Value, at: &str) -> Vec<String> {
    let (mut found, refers) = (Vec::new(), !schema["$ref"].is_null() || !schema["oneOf"].is_null());
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        match (&schema["properties"][name.as_str()], &schema["additionalProperties"]) {
            (Value::Null, others @ Value::Object(_)) => found.extend(faults(others, member, &at)),
            (Value::Null, _) if !refers => found.push(format!("{at}: not described")),
            (Value::Null, _) => {}
            (property, _) => found.extend(faults(property, member, &at)),
        }
    }
    found
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type {other}"),
    }
}

fn is_formatted(format: &Value, text: &str) -> bool {
    match format.as_str().unwrap() {
        "uuid" => text.len() == 36 && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit()),
        "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
        "date" => text.parse::<NaiveDate>().is_ok(),
        "email" => text.contains('@'),
        "uri" => text.contains(':'),
        other => panic!("the test does not know the format {other}"),
    }
}

#[test]
fn the_measure_itself_finds_what_is_wrong() {
    let schema: &'static Value = Box::leak(Box::new(json!({
        "type": "object",
        "required": ["id", "status"],
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "status": { "type": ["string", "null"], "enum": ["a", null] },
            "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
            "one": { "oneOf": [{ "type": "null" }, { "type": "array", "items": { "type": "boolean" } }] },
        },
    })));
    let id = "0190163d-8694-739b-aea5-966c26f8ad91";
    let sound = json!({ "id": id, "status": null, "counts": { "x": 1 }, "one": [true] });
    assert!(faults(schema, &sound, "").is_empty());
    for wrong in [
        json!({ "id": id }),
        json!({ "id": "R07", "status": "a" }),
        json!({ "id": id, "status": "b" }),
        json!({ "id": id, "status": "a", "more": 1 }),
        json!({ "id": id, "status": "a", "counts": { "x": "1" } }),
        json!({ "id": id, "status": "a", "one": [1] }),
        json!([]),
    ] {
        assert!(!faults(schema, &wrong, "").is_empty(), "{wrong}");
    }
}
