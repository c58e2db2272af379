//! The description of the API says what is mounted, no more and no less, and is itself sound. That it is true of what
//! is asked and answered is held by every test that speaks to the API, see `described`.

use std::collections::BTreeSet;

use rocket::Route;
use rocket::http::ContentType;
use serde_json::{Value, json};
use veldwerk::web::openapi::document;

use crate::described::{faults, resolved};
use crate::house::{House, bearer};

/// A method on a path.
type Operation = (String, String);

fn operation(route: &Route) -> Operation {
    let path = route.uri.path().replace("..>", ">").replace('<', "{").replace('>', "}");
    (route.method.as_str().to_lowercase(), path)
}

fn operations() -> impl Iterator<Item = (Operation, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap();
        methods.iter().map(move |(method, operation)| ((method.clone(), path.clone()), operation))
    })
}

fn parameters(operation: &'static Value, place: &str) -> Vec<&'static str> {
    let all = operation["parameters"].as_array().into_iter().flatten().map(resolved);
    all.filter(|parameter| parameter["in"] == place)
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect()
}

#[test]
fn every_route_of_the_api_is_described_and_nothing_else_is() {
    let house = House::open();
    let api = |(_, path): &Operation| path.starts_with("/api/v1/");
    let mounted: BTreeSet<Operation> = house.client.rocket().routes().map(operation).filter(api).collect();
    let described: BTreeSet<Operation> = operations().map(|(operation, _)| operation).filter(api).collect();
    assert!(mounted.len() > 50, "the routes were found");
    let missing: Vec<_> = mounted.difference(&described).collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
    let invented: Vec<_> = described.difference(&mounted).collect();
    assert!(invented.is_empty(), "not mounted: {invented:?}");
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    fn follow(value: &'static Value) {
        match value {
            Value::Object(members) => {
                resolved(value);
                members.values().for_each(follow);
            }
            Value::Array(items) => items.iter().for_each(follow),
            _ => {}
        }
    }
    let served = House::open().get_openly("/api/openapi.json").expect(200).json();
    assert_eq!(&served, document());
    assert!(document()["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    follow(document());
    let mut names = BTreeSet::new();
    for ((_, path), operation) in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} names two operations");
        assert!(
            operation["summary"].as_str().is_some_and(|text| text.ends_with('.')),
            "{name} has no summary"
        );
        assert!(operation["responses"].as_object().unwrap().contains_key("default"), "{name}");
        assert!(operation["x-problems"].is_null(), "{name} names a code that nothing refuses with");
        let wanted: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        assert_eq!(parameters(operation, "path"), wanted, "{path}");
    }
}

#[test]
fn every_shape_is_used_and_every_example_is_one() {
    let text = document().to_string();
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        assert!(text.contains(&format!("\"#/components/schemas/{name}\"")), "nothing points to {name}");
        for example in schema["examples"].as_array().into_iter().flatten() {
            assert_eq!(faults(schema, example, name), Vec::<String>::new());
        }
    }
    let problem = &document()["components"]["schemas"]["Problem"];
    for (code, example) in document()["components"]["examples"].as_object().unwrap() {
        assert_eq!(faults(problem, &example["value"], code), Vec::<String>::new());
        assert_eq!(&example["value"]["code"], code);
    }
}

#[test]
fn every_described_name_in_a_query_is_read() {
    let house = House::open();
    let study = house.bookable().open();
    let base = format!("/api/v1/studies/{}", study.id);
    let form = house.get(&study.owner, &format!("{base}/consent-forms")).expect(200).json();
    let form = form["items"][0]["id"].as_str().unwrap();
    let batch = house.post(&study.owner, &format!("{base}/batches"), &json!({ "act": "erase" })).expect(201);
    let batch = batch.json()["id"].as_str().unwrap().to_owned();
    for ((method, path), operation) in operations() {
        let id = if path.contains("/consent-forms/") {
            form
        } else if path.contains("/batches/") {
            batch.as_str()
        } else {
            study.first().id.as_str()
        };
        // Anything may stand in the text to search for.
        for name in parameters(operation, "query").into_iter().filter(|name| *name != "q") {
            let path = path
                .replace("{study}", &study.id)
                .replace("{id}", id)
                .replace("{token}", &study.first().token)
                .replace("{member}", study.owner_id.as_str())
                .replace("{code}", "GM0363");
            let address = format!("{path}?{name}=%3F");
            let request = match method.as_str() {
                "get" => house.client.get(address),
                "delete" => house.client.delete(address),
                _ => house.client.post(address).header(ContentType::CSV).body("name"),
            };
            let answer = house.send(request.header(bearer(&study.owner))).expect(422);
            assert_eq!(answer.json()["errors"][0]["field"], name, "{method} {path}");
        }
    }
}

#[test]
fn the_reference_page_shows_every_operation_and_shape_and_loads_nothing_from_elsewhere() {
    let house = House::open();
    for language in ["nl", "en"] {
        let page = house.get_openly(&format!("/api/docs?lang={language}")).expect(200);
        let shown = &page.text;
        for ((method, path), _) in operations() {
            let heading = format!("{} {path}</code>", method.to_uppercase());
            assert!(shown.contains(&heading), "{heading}");
        }
        for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
            assert!(shown.contains(&format!("id=\"schema-{name}\"")), "{name}");
            for field in schema["properties"].as_object().into_iter().flatten().map(|(field, _)| field) {
                assert!(shown.contains(&format!("<code>{field}</code>")), "{name}.{field}");
            }
        }
        for code in document()["components"]["examples"].as_object().unwrap().keys() {
            assert!(shown.contains(&format!("id=\"problem-{code}\"")), "{code}");
        }
        let targets: BTreeSet<&str> =
            shown.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        for target in targets {
            assert!(shown.contains(&format!("id=\"{target}\"")), "#{target} leads nowhere");
        }
        assert!(!shown.contains("<script"), "it works without scripts");
        for attribute in ["src=\"", "<link rel=\"stylesheet\" href=\""] {
            for source in page.text.split(attribute).skip(1) {
                assert!(source.starts_with("/static/"), "loads {}", source.split('"').next().unwrap());
            }
        }
    }
}
