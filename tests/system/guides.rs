//! Interview guides: drafts, versions, Markdown, alignment (E28, R11).

use rocket::http::{Accept, ContentType, Header, MediaType};
use serde_json::{Value, json};

use crate::fieldwork::{Fieldwork, guide};
use crate::house::{Answer, Researcher, bearer, json as with_json};

const DOCUMENT: &str = "\
# Gesprek met beleid

Research questions:

- rq1: Hoe beslissen gemeenten?

## Opening (5 min)

### role

*introductory; must ask; answers rq1*

**NL:** Wat is uw rol\\
bij \\*uw\\* gemeente?

- Sinds wanneer?
";

fn path(id: &str) -> String {
    format!("/api/v1/guides/{id}")
}

fn id_of(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn draft(f: &Fieldwork) -> String {
    id_of(&f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201))
}

fn post_markdown(f: &Fieldwork, who: &Researcher, document: &str) -> Answer {
    let request = f.house.client.post(f.path("guides")).header(bearer(who));
    f.house.send(request.header(ContentType::Markdown).body(document))
}

fn errors(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

#[test]
fn a_guide_is_drafted_changed_and_published_and_then_never_changes() {
    let f = Fieldwork::begin();
    let made = f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201);
    let (id, view) = (id_of(&made), made.json());
    assert_eq!((&view["status"], &view["version"]), (&json!("draft"), &Value::Null));
    assert_eq!(view["minutes"], 50);
    let mut changed = guide();
    changed["title"] = json!("Tweede poging");
    let view = f.house.put(&f.interviewer, &path(&id), &changed).expect(200).json();
    assert_eq!((&view["title"], &view["revision"]), (&json!("Tweede poging"), &json!(2)));
    let published = f.house.post(&f.owner, &format!("{}/publish", path(&id)), &json!({})).expect(200).json();
    assert_eq!((&published["status"], &published["version"]), (&json!("published"), &json!(1)));
    assert!(published["published_at"].is_string());
    assert_eq!(f.house.put(&f.owner, &path(&id), &guide()).expect(409).code(), "published");
    let again = f.house.post(&f.owner, &format!("{}/publish", path(&id)), &json!({}));
    assert_eq!(again.expect(409).code(), "published");
    let now = f.house.get(&f.owner, &path(&id)).expect(200).json();
    for field in ["title", "sections", "research_questions"] {
        assert_eq!(now[field], changed[field], "{field}");
    }
}

#[test]
fn versions_count_up_and_the_list_has_the_newest_first() {
    let f = Fieldwork::begin();
    let first = f.publish(&guide());
    let second = f.publish(&guide());
    let third = draft(&f);
    let list = |query: &str| f.house.get(&f.reader, &f.path(&format!("guides{query}"))).expect(200).json();
    let all = list("");
    let ids: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, [json!(third), json!(second), json!(first)]);
    assert_eq!((&all["items"][1]["version"], &all["items"][1]["questions"]), (&json!(2), &json!(3)));
    assert_eq!(all["next"], Value::Null);
    let page = list("?limit=2");
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let rest = list(&format!("?cursor={}", page["next"].as_str().unwrap()));
    assert_eq!(rest["items"][0]["id"], json!(first));
    for bad in ["?limit=0", "?limit=x", "?cursor=x"] {
        f.house.get(&f.owner, &f.path(&format!("guides{bad}"))).expect(422);
    }
}

#[test]
fn a_document_comes_back_as_the_same_document() {
    let f = Fieldwork::begin();
    let made = post_markdown(&f, &f.interviewer, DOCUMENT).expect(201);
    let view = made.json();
    assert_eq!(view["sections"][0]["questions"][0]["text"]["nl"], "Wat is uw rol\nbij *uw* gemeente?");
    let get = |accept: Accept| {
        let request = f.house.client.get(path(&id_of(&made))).header(bearer(&f.reader)).header(accept);
        f.house.send(request).expect(200)
    };
    let out = get(Accept::from(MediaType::Markdown));
    assert_eq!(out.text, DOCUMENT);
    assert_eq!(out.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert_eq!(out.header("etag"), Some("\"1\""));
    assert_eq!(get(Accept::JSON).json()["title"], "Gesprek met beleid");
    let put = f.house.client.put(path(&id_of(&made))).header(bearer(&f.owner));
    let put = put.header(ContentType::Markdown).body("# Korter\n");
    assert_eq!(f.house.send(put).expect(200).json()["title"], "Korter");
}

#[test]
fn every_wrong_field_of_a_guide_is_named_at_once() {
    let f = Fieldwork::begin();
    let refused = f.house.post(
        &f.owner,
        &f.path("guides"),
        &json!({
            "sections": [{ "title": 5, "minutes": 10.5, "questions": [
                { "key": "a", "kind": "probing", "text": {}, "probes": [1], "extra": true },
            ] }],
            "colour": "red",
        }),
    );
    let question = |name: &str| format!("sections.0.questions.0.{name}");
    let mut found = errors(&refused.expect(422));
    found.sort();
    let mut wanted = [
        ("sections.0.title".to_owned(), "type"),
        ("sections.0.minutes".to_owned(), "type"),
        (question("probes"), "type"),
        (question("extra"), "unknown_field"),
        ("colour".to_owned(), "unknown_field"),
        ("title".to_owned(), "required"),
        (question("kind"), "value"),
        (question("text"), "required"),
    ]
    .map(|(field, code)| (field, code.to_owned()));
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn every_line_that_is_no_guide_is_named_with_its_reason() {
    let f = Fieldwork::begin();
    let refused = post_markdown(&f, &f.owner, "# Een\n# Twee\n## Deel\n### a\n*key*\n> citaat\n").expect(422);
    let found: Vec<_> = refused.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["line"].clone(), error["reason"].clone(), error["code"].clone()))
        .collect();
    assert_eq!(
        found,
        [
            (json!(2), json!("second_title"), json!("syntax")),
            (json!(4), Value::Null, json!("required")),
            (json!(6), json!("foreign_block"), json!("syntax")),
        ]
    );
    let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Regel 2: Hier staat"), "{message}");
    let bytes = f.house.client.post(f.path("guides")).header(bearer(&f.owner)).header(ContentType::Markdown);
    f.house.send(bytes.body(b"# \xff\n")).expect(400);
    let other = f.house.client.post(f.path("guides")).header(bearer(&f.owner)).header(ContentType::HTML);
    f.house.send(other.body("<h1>x</h1>")).expect(415);
}

#[test]
fn a_draft_is_not_changed_by_somebody_who_saw_an_older_one() {
    let f = Fieldwork::begin();
    let id = draft(&f);
    let put = |tag: &str| {
        let request = f.house.client.put(path(&id)).header(bearer(&f.owner));
        f.house.send(with_json(request, &guide()).header(Header::new("If-Match", tag.to_owned()))).status
    };
    assert_eq!(put("\"1\""), 200);
    assert_eq!(put("\"1\""), 412);
    assert_eq!(put("*"), 200);
}

#[test]
fn a_repeat_makes_and_publishes_nothing_twice() {
    let f = Fieldwork::begin();
    let post = |path: &str, body: &Value| {
        let request = f.house.client.post(path.to_owned()).header(bearer(&f.owner));
        f.house.send(with_json(request, body).header(Header::new("Idempotency-Key", "k1")))
    };
    let first = post(&f.path("guides"), &guide()).expect(201);
    let again = post(&f.path("guides"), &guide()).expect(201);
    assert_eq!(id_of(&first), id_of(&again));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let publish = format!("{}/publish", path(&id_of(&first)));
    post(&publish, &json!({})).expect(200);
    assert_eq!(post(&publish, &json!({})).expect(200).json()["version"], 1);
}

#[test]
fn a_guide_without_a_question_cannot_be_published() {
    let f = Fieldwork::begin();
    let id = id_of(&f.house.post(&f.owner, &f.path("guides"), &json!({ "title": "Leeg" })).expect(201));
    let refused = f.house.post(&f.owner, &format!("{}/publish", path(&id)), &json!({})).expect(422);
    assert_eq!(errors(&refused), [("sections".to_owned(), "required".to_owned())]);
}

#[test]
fn the_matrix_names_what_is_not_asked_and_what_takes_too_long() {
    let f = Fieldwork::begin();
    let mut body = guide();
    body["research_questions"].as_array_mut().unwrap().push(json!({ "key": "rq2", "text": "Waarom?" }));
    body["sections"][1]["minutes"] = json!(55);
    let id = id_of(&f.house.post(&f.owner, &f.path("guides"), &body).expect(201));
    let found = f.house.get(&f.reader, &format!("{}/alignment", path(&id))).expect(200).json();
    assert_eq!(found["research_questions"], json!(["rq1", "rq2"]));
    assert_eq!(
        found["questions"][1],
        json!({ "question": "access", "kind": "key", "answers": [true, false] })
    );
    assert_eq!((&found["planned_minutes"], &found["interview_minutes"]), (&json!(65), &json!(60)));
    assert_eq!(
        found["warnings"],
        json!([
            { "code": "research_question_without_question", "key": "rq2" },
            { "code": "question_without_research_question", "key": "role", "kind": "introductory" },
            { "code": "longer_than_interview", "minutes": 5 },
        ])
    );
}

#[test]
fn readers_read_guides_and_strangers_find_none() {
    let f = Fieldwork::begin();
    let id = draft(&f);
    let (list, publish, alignment) =
        (f.path("guides"), format!("{}/publish", path(&id)), format!("{}/alignment", path(&id)));
    let statuses = |who: &Researcher| {
        [
            f.house.get(who, &list).status,
            f.house.get(who, &path(&id)).status,
            f.house.get(who, &alignment).status,
            f.house.post(who, &list, &guide()).status,
            f.house.put(who, &path(&id), &guide()).status,
            f.house.post(who, &publish, &json!({})).status,
        ]
    };
    assert_eq!(statuses(&f.reader), [200, 200, 200, 403, 403, 403]);
    assert_eq!(statuses(&f.stranger), [404; 6]);
    assert_eq!(statuses(&f.interviewer), [200, 200, 200, 201, 200, 200]);
    // Whatever a stranger sends.
    f.house.post(&f.stranger, &list, &json!({ "colour": "red" })).expect(404);
    f.house.put(&f.stranger, &path(&id), &json!({ "colour": "red" })).expect(404);
    for path in [&list, &path(&id), &alignment] {
        assert_eq!(f.house.get_openly(path).status, 401);
    }
}
