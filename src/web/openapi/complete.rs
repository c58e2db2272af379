//! Puts the parts of the description together and adds what no single route should have to say.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use super::{Part, problems, shapes};
use crate::problem::FieldCode;

/// What many routes share.
const COMPONENTS: &str = include_str!("components.json");

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
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let Some(operation) = operation.as_object_mut() {
                    complete_operation(method, path, operation);
                }
            }
        }
    }
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("tags".to_owned(), tags.into());
        whole.insert("security".to_owned(), json!([{ "token": [] }, { "session": [] }]));
    }
    shapes::tidy(&mut whole);
    whole
}

fn complete_operation(method: &str, path: &str, operation: &mut Map<String, Value>) {
    if path.contains("/participations/") || !path.starts_with("/api/") {
        operation.insert("security".to_owned(), json!([]));
    }
    add_parameters(path, operation);
    tell_body(operation);
    add_headers(operation);
    problems::add(method, path, operation);
    name(operation);
}

fn shared_components() -> Map<String, Value> {
    serde_json::from_str(COMPONENTS).unwrap_or_default()
}

/// What many routes share by one of its names, such as `parameters`.
fn shared(kind: &str) -> Map<String, Value> {
    match shared_components().remove(kind) {
        Some(Value::Object(shared)) => shared,
        _ => Map::new(),
    }
}

fn add_components(whole: &mut Value) {
    let mut shared = shared_components();
    let codes: Vec<&str> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
    if let Some(code) = shared.get_mut("schemas").and_then(|s| s.pointer_mut("/FieldProblem/properties/code"))
    {
        *code = json!({ "type": "string", "enum": codes });
    }
    shared.insert("examples".to_owned(), Value::Object(problems::examples()));
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
    let shared = shared("parameters");
    let reference = |name: &str, place: &str| {
        let known = shared.get(name).is_some_and(|parameter| text(parameter, "/in") == place);
        known.then(|| json!({ "$ref": format!("#/components/parameters/{name}") }))
    };
    let mut parameters = match operation.remove("parameters") {
        Some(Value::Array(parameters)) => parameters,
        _ => Vec::new(),
    };
    parameters.retain(|parameter| text(parameter, "/in") != "path");
    for parameter in &mut parameters {
        if let Some(reference) = reference(text(parameter, "/name"), text(parameter, "/in")) {
            *parameter = reference;
        }
    }
    let segments: Vec<&str> = path.split('/').collect();
    let mut of_path = Vec::new();
    for pair in segments.windows(2) {
        let [before, segment] = pair else { continue };
        if let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            of_path.push(reference(name, "path").unwrap_or_else(|| id_parameter(name, before)));
        }
    }
    of_path.append(&mut parameters);
    if !of_path.is_empty() {
        operation.insert("parameters".to_owned(), of_path.into());
    }
}

fn id_parameter(name: &str, before: &str) -> Value {
    let about = format!("The id of one of the {}.", before.replace('-', " "));
    let schema = json!({ "type": "string", "format": "uuid" });
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema })
}

/// A body that may be left out is not null: where it stands, it has its shape.
fn tell_body(operation: &mut Map<String, Value>) {
    let contents = operation.get_mut("requestBody").and_then(|body| body.pointer_mut("/content"));
    for media in contents.and_then(Value::as_object_mut).into_iter().flat_map(|media| media.values_mut()) {
        if let Some(schema) = media.get_mut("schema")
            && let Some(shape) = schema.pointer("/oneOf/0").cloned()
        {
            *schema = shape;
        }
    }
}

/// Turns shared headers into references, and adds the one that follows from a parameter.
fn add_headers(operation: &mut Map<String, Value>) {
    let shared = shared("headers");
    let can_repeat = takes(operation, "Idempotency-Key");
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        let Some(response) = response.as_object_mut() else { continue };
        let mut names: Vec<String> = response
            .get("headers")
            .and_then(Value::as_object)
            .map(|headers| headers.keys().filter(|name| shared.contains_key(*name)).cloned().collect())
            .unwrap_or_default();
        names.extend(can_repeat.then(|| "Idempotent-Replayed".to_owned()));
        if let (false, Some(headers)) =
            (names.is_empty(), response.entry("headers").or_insert_with(|| json!({})).as_object_mut())
        {
            for name in names {
                let reference = json!({ "$ref": format!("#/components/headers/{name}") });
                headers.insert(name, reference);
            }
        }
    }
}

/// Whether an operation takes a shared parameter.
pub(super) fn takes(operation: &Map<String, Value>, name: &str) -> bool {
    let place = format!("#/components/parameters/{name}");
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.into_iter().flatten().any(|parameter| text(parameter, "/$ref") == place)
}

/// Names of handlers are unique in their file only, names of operations everywhere.
fn name(operation: &mut Map<String, Value>) {
    let heading = operation.get("tags").map(|tags| text(tags, "/0")).unwrap_or_default();
    let handler = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let name = format!("{}_{handler}", heading.to_lowercase().replace(' ', "_"));
    operation.insert("operationId".to_owned(), name.into());
}

/// The text at a JSON pointer (RFC 6901); empty when none stands there.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
