//! The description of the API says what is mounted, no more and no less, and is itself sound.

use std::collections::{BTreeMap, BTreeSet};

use rocket::Route;
use serde_json::Value;

use crate::house::House;

/// What the routes that are still to be described begin with, below `/api/v1`. It must become empty.
const NOT_YET_DESCRIBED: &[&str] = &[
    "admin",
    "consent-forms",
    "guides",
    "interviews",
    "letters",
    "municipalities",
    "participations",
    "respondents",
    "studies",
];

/// A method on a path, with the names in its query.
type Operations = BTreeMap<(String, String), BTreeSet<String>>;

fn operation(route: &Route) -> ((String, String), BTreeSet<String>) {
    let path = route.uri.path().replace("..>", ">").replace('<', "{").replace('>', "}");
    let query = route.uri.query().unwrap_or_default().split('&');
    let names = query.filter(|name| !name.is_empty() && !name.contains(".."));
    let names = names.map(|name| name.trim_matches(['<', '>']).to_owned()).collect();
    ((route.method.as_str().to_lowercase(), path), names)
}

fn mounted(house: &House) -> Operations {
    let routes = house.client.rocket().routes();
    routes.map(operation).filter(|((_, path), _)| path.starts_with("/api/v1/")).collect()
}

fn document(house: &House) -> Value {
    house.get_openly("/api/openapi.json").expect(200).json()
}

/// Follows a reference within the document.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(at) => {
            document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} leads nowhere"))
        }
        None => value,
    }
}

fn described(document: &Value) -> Operations {
    let mut found = Operations::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.map(|p| resolved(document, p)).filter(|p| p["in"] == "query");
            let names = query.map(|p| p["name"].as_str().unwrap().to_owned()).collect();
            found.insert((method.clone(), path.clone()), names);
        }
    }
    found.retain(|(_, path), _| path.starts_with("/api/v1/"));
    found
}

fn is_awaited(path: &str) -> Option<&'static str> {
    let first = path.trim_start_matches("/api/v1/").split('/').next()?;
    NOT_YET_DESCRIBED.iter().copied().find(|awaited| *awaited == first)
}

#[test]
fn every_route_is_described_with_its_query_and_nothing_else_is() {
    let house = House::open();
    let (mounted, described) = (mounted(&house), described(&document(&house)));
    assert!(mounted.len() > 5, "the routes were found");
    for (operation, query) in &mounted {
        match described.get(operation) {
            Some(names) => assert_eq!(names, query, "the query of {operation:?}"),
            None => assert!(is_awaited(&operation.1).is_some(), "{operation:?} is not described"),
        }
    }
    for operation in described.keys() {
        assert!(mounted.contains_key(operation), "{operation:?} is described but not mounted");
    }
}

#[test]
fn what_is_described_by_now_is_awaited_no_more() {
    let house = House::open();
    let (mounted, described) = (mounted(&house), described(&document(&house)));
    for awaited in NOT_YET_DESCRIBED {
        let mut routes = mounted.keys().filter(|(_, path)| is_awaited(path) == Some(awaited)).peekable();
        let all_described = routes.peek().is_some() && routes.all(|route| described.contains_key(route));
        assert!(!all_described, "strike `{awaited}` off the list");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    fn follow(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                resolved(document, value);
                members.values().for_each(|member| follow(document, member));
            }
            Value::Array(items) => items.iter().for_each(|item| follow(document, item)),
            _ => {}
        }
    }
    let document = document(&House::open());
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    follow(&document, &document);
    let mut names = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name} names two operations");
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{name} has no summary");
            assert!(operation["responses"].as_object().unwrap().contains_key("default"), "{name}");
        }
    }
}

#[test]
fn every_name_in_a_path_is_described() {
    let document = document(&House::open());
    for (path, item) in document["paths"].as_object().unwrap() {
        let wanted: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        for operation in item.as_object().unwrap().values() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters.filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap());
            assert_eq!(names.collect::<Vec<_>>(), wanted, "{path}");
        }
    }
}

#[test]
fn the_reference_page_shows_every_operation_and_loads_nothing_from_elsewhere() {
    let house = House::open();
    let document = document(&house);
    for language in ["nl", "en"] {
        let page = house.get_openly(&format!("/api/docs?lang={language}")).expect(200);
        let shown = page.text.replace("&#x2f;", "/");
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                assert!(
                    shown.contains(&format!("{} {path}</code>", method.to_uppercase())),
                    "{method} {path}"
                );
            }
        }
        for attribute in ["src=\"", "<link rel=\"stylesheet\" href=\""] {
            for source in page.text.split(attribute).skip(1) {
                assert!(source.starts_with("/static/"), "loads {}", source.split('"').next().unwrap());
            }
        }
    }
}
