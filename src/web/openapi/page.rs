//! The description of the API as a page for people, without script and without anybody else's host.

use serde_json::{Map, Value};

use crate::words::pages::reference::{Answer, Field, Group, Kind, Operation, Reference, Refusal, Schema};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page of a description.
pub(super) fn reference(document: &Value) -> Reference {
    let groups = items(at(document, "/tags")).map(|tag| group(document, tag)).collect();
    let schemas = at(document, "/components/schemas").as_object().into_iter().flatten();
    let problems = at(document, "/components/examples").as_object().into_iter().flatten();
    Reference {
        here: "/api/docs".to_owned(),
        about: text(at(document, "/info/description")),
        groups,
        problems: problems.map(|(code, example)| refusal(code, example)).collect(),
        schemas: schemas.map(|(name, schema)| shape(name, schema)).collect(),
    }
}

fn refusal(code: &str, example: &Value) -> Refusal {
    let status = at(example, "/value/status").to_string();
    Refusal { code: code.to_owned(), status, about: text(at(example, "/value/detail")) }
}

fn group(document: &Value, tag: &Value) -> Group {
    let mut operations = Vec::new();
    for (path, item) in at(document, "/paths").as_object().into_iter().flatten() {
        for method in METHODS {
            let operation = at(item, &format!("/{method}"));
            if at(operation, "/tags/0") == at(tag, "/name") {
                operations.push(self::operation(document, method, path, operation));
            }
        }
    }
    Group { name: text(at(tag, "/name")), about: text(at(tag, "/description")), operations }
}

fn operation(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let parameter = |parameter: &Value| {
        let parameter = resolve(document, parameter);
        Field {
            name: text(at(parameter, "/name")),
            place: text(at(parameter, "/in")),
            kind: kind(at(parameter, "/schema")),
            required: at(parameter, "/required") == true,
            about: text(at(parameter, "/description")),
        }
    };
    let answers = at(operation, "/responses").as_object().into_iter().flatten().map(|(status, response)| {
        let response = resolve(document, response);
        let problem = at(response, "/content/application~1problem+json/schema");
        let problems: Vec<String> = items(at(problem, "/properties/code/enum")).map(text).collect();
        Answer {
            status: status.clone(),
            about: if problems.is_empty() { text(at(response, "/description")) } else { String::new() },
            bodies: if problem.is_null() { contents(at(response, "/content")) } else { Vec::new() },
            headers: at(response, "/headers")
                .as_object()
                .into_iter()
                .flatten()
                .map(|(h, _)| h.clone())
                .collect(),
            problems,
        }
    });
    Operation {
        id: text(at(operation, "/operationId")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(at(operation, "/summary")),
        about: text(at(operation, "/description")),
        is_open: at(operation, "/security").as_array().is_some_and(|ways| ways.iter().all(is_free)),
        parameters: items(at(operation, "/parameters")).map(parameter).collect(),
        bodies: contents(at(operation, "/requestBody/content")),
        may_be_empty: at(operation, "/requestBody/required") != true,
        answers: answers.collect(),
    }
}

/// Whether a way to ask demands nothing.
fn is_free(way: &Value) -> bool {
    way.as_object().is_some_and(Map::is_empty)
}

fn shape(name: &str, schema: &Value) -> Schema {
    let required: Vec<&str> = items(at(schema, "/required")).filter_map(Value::as_str).collect();
    let fields = at(schema, "/properties").as_object().into_iter().flatten().map(|(name, property)| Field {
        name: name.clone(),
        place: String::new(),
        kind: kind(property),
        required: required.contains(&name.as_str()),
        about: text(at(property, "/description")),
    });
    Schema {
        name: name.to_owned(),
        about: text(at(schema, "/description")),
        fields: fields.collect(),
        kinds: kinds(schema),
        examples: items(at(schema, "/examples")).filter(|one| one.is_object()).map(indented).collect(),
    }
}

fn indented(example: &Value) -> String {
    serde_json::to_string_pretty(example).unwrap_or_default()
}

/// What a shape without fields is: one thing, or one of several.
fn kinds(schema: &Value) -> Vec<Kind> {
    match at(schema, "/oneOf").as_array() {
        Some(ways) => ways.iter().map(way).collect(),
        None => vec![kind(schema)],
    }
}

/// One of several: a shape of its own, or the names of its fields, with the values of those that have just one.
fn way(way: &Value) -> Kind {
    let fields = at(way, "/properties").as_object().into_iter().flatten().map(|(name, property)| {
        let only = items(at(property, "/enum")).next().map(text);
        only.map_or_else(|| name.clone(), |only| format!("{name}: {only}"))
    });
    let named: Vec<String> = fields.collect();
    if named.is_empty() {
        kind(way)
    } else {
        Kind { text: format!("{{ {} }}", named.join(", ")), schema: None }
    }
}

/// What a body can be: its media type where that is not JSON, and its shape.
fn contents(content: &Value) -> Vec<Kind> {
    let kinds = content.as_object().into_iter().flatten().map(|(media, body)| {
        let shape = kind(at(body, "/schema"));
        if media.ends_with("json") { shape } else { Kind { text: media.clone(), schema: None } }
    });
    kinds.collect()
}

/// What a value is, in words and by the shape that it points to.
fn kind(schema: &Value) -> Kind {
    if let Some(target) = at(schema, "/$ref").as_str() {
        return Kind { text: String::new(), schema: target.rsplit('/').next().map(str::to_owned) };
    }
    if at(schema, "/type") == "array" {
        return prefixed("array of", kind(at(schema, "/items")));
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        let mut kinds: Vec<Kind> = items(at(schema, &format!("/{several}"))).map(kind).collect();
        let nullable = kinds.iter().any(|kind| kind.text == "null");
        kinds.retain(|kind| kind.text != "null");
        if let Some(first) = kinds.into_iter().next() {
            return if nullable { prefixed("null or", first) } else { first };
        }
    }
    if let Some(values) = at(schema, "/enum").as_array() {
        let values: Vec<String> = values.iter().map(text).collect();
        return Kind { text: format!("one of {}", values.join(", ")), schema: None };
    }
    let mut words = match at(schema, "/type") {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    let format = at(schema, "/format").as_str().filter(|format| !format.starts_with("int"));
    let limits = limits(schema);
    let details: Vec<&str> = format.into_iter().chain(limits.as_deref()).collect();
    if !details.is_empty() {
        words = format!("{words} ({})", details.join(", "));
    }
    if !at(schema, "/additionalProperties").is_null() && at(schema, "/additionalProperties") != false {
        return prefixed("object of", kind(at(schema, "/additionalProperties")));
    }
    Kind { text: words, schema: None }
}

/// How much a number may be, or how long a text or a list.
fn limits(schema: &Value) -> Option<String> {
    let number = |name: &str| at(schema, &format!("/{name}")).as_i64();
    let span = |least: Option<i64>, most: Option<i64>| match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        _ => None,
    };
    span(number("minimum"), number("maximum"))
        .or_else(|| span(number("minLength"), number("maxLength")).map(|span| format!("{span} characters")))
}

/// Words before what a value is.
fn prefixed(words: &str, kind: Kind) -> Kind {
    Kind { text: format!("{words} {}", kind.text).trim_end().to_owned(), schema: kind.schema }
}

/// Follows a reference within the description.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    at(value, "/$ref").as_str().and_then(|at| document.pointer(at.trim_start_matches('#'))).unwrap_or(value)
}

/// What stands at a JSON pointer (RFC 6901); null when nothing does.
fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
