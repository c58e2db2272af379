//! Makes the shapes readable: what is put together from several structs here is one shape to whoever calls, a shape
//! that nobody points to is left out, and what a doc comment cites for its builders does not leave the house.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::complete::text;

const SCHEMAS: &str = "#/components/schemas/";
/// What the name of a list begins with, before that of its items.
const LISTED: &str = "Listed_";

/// Tidies the shapes of a description.
pub(super) fn tidy(whole: &mut Value) {
    clean(whole);
    let Some(mut schemas) = take_schemas(whole) else { return };
    name_items(&mut schemas);
    let flat = schemas.iter().map(|(name, schema)| (name.clone(), flattened(&schemas, schema)));
    schemas = flat.collect();
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for operation in operations(whole) {
        for (part, body) in operation {
            let found = if part == "responses" { &mut answered } else { &mut asked };
            reach(&schemas, body, found);
        }
    }
    reach(&schemas, whole.pointer("/components").unwrap_or(&Value::Null), &mut answered);
    schemas.retain(|name, _| asked.contains(name) || answered.contains(name));
    for (name, schema) in &mut schemas {
        if !asked.contains(name) {
            require_nullable(schema);
        } else if !answered.contains(name) {
            refuse_unknown(schema);
        }
    }
    if let Some(place) = whole.pointer_mut("/components/schemas") {
        *place = Value::Object(schemas);
    }
}

fn take_schemas(whole: &mut Value) -> Option<Map<String, Value>> {
    match whole.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(schemas)) => Some(schemas),
        _ => None,
    }
}

fn operations(whole: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let paths = whole.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    items.flat_map(Map::values).filter_map(Value::as_object)
}

/// Has a list point to the shape of its items.
fn name_items(schemas: &mut Map<String, Value>) {
    let lists: Vec<String> = schemas.keys().filter(|name| name.starts_with(LISTED)).cloned().collect();
    for list in lists {
        let item = list.trim_start_matches(LISTED).to_owned();
        let place = schemas.get_mut(&list).and_then(|list| list.pointer_mut("/properties/items/items"));
        if let Some(place) = place {
            let shape = std::mem::replace(place, json!({ "$ref": format!("{SCHEMAS}{item}") }));
            schemas.entry(item).or_insert(shape);
        }
    }
}

/// The shape with the fields of its parts among its own; a part that comes later speaks last.
fn flattened(schemas: &Map<String, Value>, schema: &Value) -> Value {
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { return schema.clone() };
    let (mut properties, mut required) = (Map::new(), BTreeSet::new());
    for part in parts {
        let target = text(part, "/$ref").strip_prefix(SCHEMAS).and_then(|name| schemas.get(name));
        let part = flattened(schemas, target.unwrap_or(part));
        let own = part.get("properties").and_then(Value::as_object).cloned();
        properties.extend(own.unwrap_or_default());
        let names = part.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        required.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    let mut whole = Map::new();
    for (name, value) in schema.as_object().into_iter().flatten().filter(|(name, _)| *name != "allOf") {
        whole.insert(name.clone(), value.clone());
    }
    whole.insert("type".to_owned(), json!("object"));
    whole.insert("properties".to_owned(), Value::Object(properties));
    whole.insert("required".to_owned(), json!(required));
    Value::Object(whole)
}

/// Adds the names of the shapes that something points to, and of those that they point to.
fn reach(schemas: &Map<String, Value>, value: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = text(value, "/$ref").strip_prefix(SCHEMAS)
        && found.insert(name.to_owned())
        && let Some(schema) = schemas.get(name)
    {
        reach(schemas, schema, found);
    }
    match value {
        Value::Object(members) => members.values().for_each(|member| reach(schemas, member, found)),
        Value::Array(items) => items.iter().for_each(|item| reach(schemas, item, found)),
        _ => {}
    }
}

/// In answers a field that may be null is always there.
fn require_nullable(schema: &mut Value) {
    let nullable = |property: &Value| {
        let types = property.get("type").and_then(Value::as_array);
        let ways = property.get("oneOf").and_then(Value::as_array);
        types.is_some_and(|types| types.iter().any(|one| one == "null"))
            || ways.is_some_and(|ways| ways.iter().any(|way| text(way, "/type") == "null"))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let always: Vec<Value> = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| nullable(property))
        .map(|(name, _)| json!(name))
        .collect();
    if let (false, Some(schema)) = (always.is_empty(), schema.as_object_mut())
        && let Some(required) = schema.entry("required").or_insert_with(|| json!([])).as_array_mut()
    {
        required.extend(always);
    }
}

/// In what is asked no other fields are taken.
fn refuse_unknown(schema: &mut Value) {
    if let (true, Some(schema)) = (text(schema, "/type") == "object", schema.as_object_mut()) {
        schema.entry("additionalProperties").or_insert(json!(false));
    }
}

/// Makes descriptions out of doc comments: without citations of our own rules, such as `(E1)`, without breaks inside a
/// paragraph, and on the field itself where the field may also be null.
fn clean(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(clean);
            if let Some(Value::String(text)) = members.get_mut("description") {
                let paragraphs = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
                *text = without_rules(&paragraphs.collect::<Vec<_>>().join("\n\n"));
            }
            let ways = members.get_mut("oneOf").and_then(Value::as_array_mut);
            let nullable =
                ways.filter(|ways| ways.len() == 2 && ways.iter().any(|way| text(way, "/type") == "null"));
            let about = nullable.and_then(|ways| {
                ways.iter_mut().filter_map(Value::as_object_mut).find_map(|way| way.remove("description"))
            });
            if let Some(about) = about {
                members.insert("description".to_owned(), about);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

fn without_rules(text: &str) -> String {
    let is_rule = |inside: &str| {
        inside.split(", ").all(|rule| {
            let number = rule.strip_prefix(['E', 'R']);
            number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (") {
        kept.push_str(before);
        match after.split_once(')') {
            Some((inside, after)) if is_rule(inside) => rest = after,
            _ => {
                kept.push_str(" (");
                rest = after;
            }
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_rules_are_left_out() {
        let text = "A sheet (E5) in E4 (RFC 9110), counted (E13, R9). None (yet) at all (";
        assert_eq!(without_rules(text), "A sheet in E4 (RFC 9110), counted. None (yet) at all (");
    }

    #[test]
    fn a_shape_of_parts_becomes_one_in_which_the_last_part_speaks_last() {
        let schemas = json!({
            "A": { "type": "object", "properties": { "x": { "type": "string" } }, "required": ["x"] },
        });
        let parts = json!({ "description": "B.", "allOf": [
            { "$ref": "#/components/schemas/A" },
            { "type": "object", "properties": { "x": { "type": "null" }, "y": {} }, "required": ["y"] },
        ] });
        assert_eq!(
            flattened(schemas.as_object().unwrap(), &parts),
            json!({ "description": "B.", "type": "object", "required": ["x", "y"],
                    "properties": { "x": { "type": "null" }, "y": {} } })
        );
    }
}
