//! Puts the parts of the description together and adds what no single route should have to say.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use super::Part;
use crate::problem::FieldCode;

/// What many routes share.
const COMPONENTS: &str = include_str!("components.json");

/// What the names in paths stand for, where that is not the id of what the path names before it.
const PATH_NAMES: [(&str, &str); 3] = [
    ("token", "The token of a personal link."),
    ("question", "The key of a question of the guide."),
    ("code", "The code of a municipality, such as `GM0363`."),
];

/// The whole description.
pub(super) fn complete(mut whole: OpenApi, parts: Vec<Part>) -> Value {
    let mut tags = Vec::new();
    for Part { heading, about, base, mut routes } in parts {
        tags.push(json!({ "name": heading, "description": about }));
        for item in routes.paths.paths.values_mut() {
            let operations =
                [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
            for operation in operations.into_iter().flatten() {
                operation.tags = Some(vec![heading.to_owned()]);
            }
        }
        whole = whole.nest(base, routes);
    }
    // Writing our own description as JSON cannot fail; a test would see an empty one.
    let mut whole = serde_json::to_value(whole).unwrap_or_default();
    add_components(&mut whole);
    if let Some(paths) = whole.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            for operation in item.as_object_mut().into_iter().flatten().filter_map(|(_, o)| o.as_object_mut())
            {
                add_parameters(path, operation);
                add_problems(operation);
                name(operation);
                if path.contains("/participations/") || !path.starts_with("/api/") {
                    operation.insert("security".to_owned(), json!([]));
                }
            }
        }
    }
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("tags".to_owned(), tags.into());
        whole.insert("security".to_owned(), json!([{ "token": [] }, { "session": [] }]));
    }
    whole
}

fn shared_components() -> Map<String, Value> {
    serde_json::from_str(COMPONENTS).unwrap_or_default()
}

fn add_components(whole: &mut Value) {
    let mut shared = shared_components();
    let codes: Vec<&str> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
    if let Some(code) = shared.get_mut("schemas").and_then(|s| s.pointer_mut("/FieldProblem/properties/code"))
    {
        *code = json!({ "type": "string", "enum": codes });
    }
    let own = whole.pointer_mut("/components/schemas").map(Value::take);
    if let (Some(Value::Object(own)), Some(Value::Object(schemas))) = (own, shared.get_mut("schemas")) {
        schemas.extend(own);
    }
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("components".to_owned(), Value::Object(shared));
    }
}

/// Turns shared parameters into references and names those of the path.
fn add_parameters(path: &str, operation: &mut Map<String, Value>) {
    let shared = shared_components();
    let shared = shared.get("parameters").and_then(Value::as_object);
    let mut parameters = match operation.remove("parameters") {
        Some(Value::Array(parameters)) => parameters,
        _ => Vec::new(),
    };
    parameters.retain(|parameter| text(parameter, "/in") != "path");
    for parameter in &mut parameters {
        let name = text(parameter, "/name");
        if shared.is_some_and(|shared| shared.contains_key(name)) {
            *parameter = json!({ "$ref": format!("#/components/parameters/{name}") });
        }
    }
    let segments: Vec<&str> = path.split('/').collect();
    let mut of_path = Vec::new();
    for pair in segments.windows(2) {
        let [before, segment] = pair else { continue };
        if let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            of_path.push(path_parameter(name, before));
        }
    }
    of_path.append(&mut parameters);
    if !of_path.is_empty() {
        operation.insert("parameters".to_owned(), of_path.into());
    }
}

fn path_parameter(name: &str, before: &str) -> Value {
    let named = PATH_NAMES.iter().find(|(known, _)| *known == name);
    let (about, schema) = match named {
        Some((_, about)) => ((*about).to_owned(), json!({ "type": "string" })),
        None => (
            format!("The id of one of the {}.", before.replace('-', " ")),
            json!({ "type": "string", "format": "uuid" }),
        ),
    };
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema })
}

/// Every refusal is a problem, and everything may be refused.
fn add_problems(operation: &mut Map<String, Value>) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut() {
        if let (true, Some(response)) = (status.starts_with(['4', '5']), response.as_object_mut()) {
            response.entry("content").or_insert_with(|| {
                json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
            });
        }
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
}

/// Names of handlers are unique in their file only, names of operations everywhere.
fn name(operation: &mut Map<String, Value>) {
    let heading = operation.get("tags").map(|tags| text(tags, "/0")).unwrap_or_default();
    let handler = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let name = format!("{}_{handler}", heading.to_lowercase().replace(' ', "_"));
    operation.insert("operationId".to_owned(), name.into());
}

/// The text at a JSON pointer (RFC 6901); empty when none stands there.
fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
