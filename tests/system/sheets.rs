//! The sheet of an interview: what became of each question (E5, E28).

use diesel::RunQueryDsl as _;
use diesel::sql_types::Binary;
use rocket::http::Header;
use serde_json::{Value, json};
use veldwerk::actions::record_answer::{Answer, record_answer};
use veldwerk::domain::guide::QuestionState;
use veldwerk::id::InterviewId;
use veldwerk::settings::Database;

use crate::fieldwork::{Fieldwork, execute, guide};
use crate::house::{Researcher, bearer, json as with_json};
use crate::panel::Panel;

fn path(interview: InterviewId) -> String {
    format!("/api/v1/interviews/{interview}/sheet")
}

fn put(f: &Fieldwork, interview: InterviewId, question: &str, body: &Value) -> crate::house::Answer {
    f.house.put(&f.interviewer, &format!("{}/{question}", path(interview)), body)
}

fn get(f: &Fieldwork, interview: InterviewId) -> Value {
    f.house.get(&f.interviewer, &path(interview)).expect(200).json()
}

fn booked(f: &Fieldwork, code: &str) -> InterviewId {
    let respondent = f.respondent(code, "booked");
    f.interview(respondent, "2027-03-01T09:00:00Z", "booked")
}

#[test]
fn the_first_write_fixes_the_latest_guide() {
    let f = Fieldwork::begin();
    let first = f.publish(&guide());
    let (early, late) = (booked(&f, "R01"), booked(&f, "R02"));
    let shown = get(&f, early);
    assert_eq!((&shown["guide"]["id"], &shown["guide"]["is_fixed"]), (&json!(first), &json!(false)));
    put(&f, early, "role", &json!({ "state": "asked", "note": null })).expect(200);
    let mut changed = guide();
    changed["sections"][0]["questions"][0]["key"] = json!("position");
    let second = f.publish(&changed);
    assert_eq!(get(&f, early)["guide"]["id"], json!(first));
    let shown = put(&f, late, "position", &json!({ "state": "covered" })).expect(200).json();
    assert_eq!((&shown["guide"]["id"], &shown["guide"]["version"]), (&json!(second), &json!(2)));
    put(&f, early, "position", &json!({ "state": "asked" })).expect(404);
}

#[test]
fn a_sheet_tells_each_question_the_coverage_and_the_time() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    f.house.at("2027-03-01T09:01:00Z");
    put(&f, interview, "role", &json!({ "state": "asked", "note": "zegt: 'al tien jaar'\nen meer" }))
        .expect(200);
    f.house.at("2027-03-01T09:11:00Z");
    let shown = put(&f, interview, "other", &json!({ "state": "skipped" })).expect(200).json();
    let told: Vec<_> = shown["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| json!([q["key"], q["state"], q["note"], q["must_ask"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["role", "asked", "zegt: 'al tien jaar'\nen meer", true],
            ["access", null, null, true],
            ["other", "skipped", null, false],
        ])
    );
    assert_eq!(shown["coverage"]["all"], json!({ "done": 1, "of": 3 }));
    assert_eq!(shown["coverage"]["must_ask"], json!({ "done": 1, "of": 2 }));
    assert_eq!(shown["coverage"]["skipped"], 1);
    assert_eq!(shown["sections"][1]["questions"], json!(["access", "other"]));
    assert_eq!(shown["started_at"], "2027-03-01T09:01:00Z");
    assert_eq!(shown["elapsed_seconds"], 600);
    // Once the interview is closed the time stands still.
    execute(&f.house, &format!("UPDATE interviews SET status = 'held' WHERE id = '{interview}'"));
    f.house.at("2027-03-02T09:11:00Z");
    assert_eq!(get(&f, interview)["elapsed_seconds"], 600);
}

#[test]
fn the_banner_tells_what_the_respondent_agreed_to() {
    let f = Fieldwork::begin();
    let respondent = f.respondent("R01", "booked");
    let interview = f.interview(respondent, "2027-03-01T09:00:00Z", "booked");
    let before = get(&f, interview);
    assert_eq!((&before["consent"], &before["recording"]), (&Value::Null, &json!("no_consent")));
    f.consent(respondent, false);
    assert_eq!(get(&f, interview)["recording"], "refused");
    let consent = get(&f, interview)["consent"].clone();
    assert_eq!(consent["version"], 1);
    let given: Vec<_> = consent["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["key"].clone(), item["given"].clone(), item["text"]["nl"].clone()))
        .collect();
    assert_eq!(
        given,
        [
            (json!("take_part"), json!(true), json!("Ik doe mee.")),
            (json!("recording"), json!(false), json!("Opname mag.")),
        ]
    );
}

#[test]
fn without_a_published_guide_there_is_nothing_to_write_on() {
    let f = Fieldwork::begin();
    let interview = booked(&f, "R01");
    let shown = get(&f, interview);
    assert_eq!((&shown["guide"], &shown["questions"]), (&Value::Null, &json!([])));
    let refused = put(&f, interview, "role", &json!({ "state": "asked" })).expect(409);
    assert_eq!(refused.code(), "wrong_state");
}

#[test]
fn what_is_not_in_the_guide_or_no_state_is_refused() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    put(&f, interview, "nothing", &json!({ "state": "asked" })).expect(404);
    for bad in
        [json!({}), json!({ "state": "open" }), json!({ "state": "asked", "note": 1 }), json!({ "x": 1 })]
    {
        put(&f, interview, "role", &bad).expect(422);
    }
    let long = json!({ "state": "asked", "note": "a".repeat(20_001) });
    assert_eq!(put(&f, interview, "role", &long).expect(422).json()["errors"][0]["code"], "too_long");
    assert_eq!(get(&f, interview)["revision"], 0);
}

#[test]
fn a_withdrawal_closes_the_sheet_and_so_does_a_cancelled_interview() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let respondent = f.respondent("R01", "booked");
    let interview = f.interview(respondent, "2027-03-01T09:00:00Z", "booked");
    put(&f, interview, "role", &json!({ "state": "asked" })).expect(200);
    execute(&f.house, &format!("UPDATE interviews SET status = 'cancelled' WHERE id = '{interview}'"));
    let refused = put(&f, interview, "role", &json!({ "state": "asked" })).expect(409);
    assert_eq!(refused.code(), "wrong_state");
    execute(&f.house, &format!("UPDATE respondents SET status = 'withdrawn' WHERE id = '{respondent}'"));
    assert_eq!(put(&f, interview, "role", &json!({ "state": "asked" })).expect(410).code(), "withdrawn");
    f.house.get(&f.owner, &path(interview)).expect(410);
    execute(&f.house, &format!("UPDATE respondents SET erased_at = 0 WHERE id = '{respondent}'"));
    f.house.get(&f.owner, &path(interview)).expect(404);
}

#[test]
fn a_slip_is_taken_back_and_an_older_sheet_does_not_overwrite_a_newer_one() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    let at = |tag: &str, state: &str| {
        let request = f.house.client.put(format!("{}/role", path(interview))).header(bearer(&f.owner));
        let request = with_json(request, &json!({ "state": state }));
        f.house.send(request.header(Header::new("If-Match", tag.to_owned())))
    };
    assert_eq!(at("\"0\"", "asked").expect(200).header("etag"), Some("\"1\""));
    assert_eq!(at("\"0\"", "covered").expect(412).code(), "precondition_failed");
    at("\"1\"", "covered").expect(200);
    let role = format!("{}/role", path(interview));
    let shown = f.house.delete(&f.interviewer, &role).expect(200).json();
    assert_eq!((&shown["questions"][0]["state"], &shown["revision"]), (&Value::Null, &json!(3)));
    f.house.delete(&f.interviewer, &role).expect(404);
}

#[test]
fn whoever_writes_on_another_question_is_not_in_the_way_and_on_the_same_one_is_not_written_over() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    let to = |question: &str, seen: i64, note: &str| {
        let request = f.house.client.put(format!("{}/{question}", path(interview))).header(bearer(&f.owner));
        let request = with_json(request, &json!({ "state": "asked", "note": note }));
        f.house.send(request.header(Header::new("If-Match", format!("\"q{seen}\""))))
    };
    let revision = |shown: &Value, place: usize| shown["questions"][place]["revision"].as_i64().unwrap();
    let shown = to("role", 0, "een").expect(200).json();
    let role = revision(&shown, 0);
    let shown = to("access", 0, "twee").expect(200).json();
    assert_eq!((revision(&shown, 0), revision(&shown, 2)), (role, 0));
    assert_eq!(to("role", 0, "drie").expect(412).code(), "precondition_failed");
    let shown = to("role", role, "vier").expect(200).json();
    assert!(revision(&shown, 0) > revision(&shown, 1), "{shown}");
    let clear = |seen: i64| {
        let request = f.house.client.delete(format!("{}/role", path(interview))).header(bearer(&f.owner));
        f.house.send(request.header(Header::new("If-Match", format!("\"q{seen}\""))))
    };
    assert_eq!(clear(role).expect(412).code(), "precondition_failed");
    let shown = clear(revision(&shown, 0)).expect(200).json();
    assert_eq!((revision(&shown, 0), &shown["questions"][0]["note"]), (0, &Value::Null));
}

#[derive(diesel::QueryableByName)]
struct Sealed {
    #[diesel(sql_type = Binary)]
    note_sealed: Vec<u8>,
}

#[test]
fn a_note_cannot_be_read_in_the_database() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    put(&f, interview, "role", &json!({ "state": "asked", "note": "wethouder De Groot" })).expect(200);
    let query = diesel::sql_query("SELECT note_sealed FROM sheet_answers");
    let rows: Vec<Sealed> = match f.house.database() {
        Database::Sqlite(path) => query.load(&mut crate::database::sqlite(path)).unwrap(),
        Database::Postgres(url) => query.load(&mut crate::database::postgres(url)).unwrap(),
    };
    let sealed = &rows[0].note_sealed;
    assert!(sealed.len() > 18 && !sealed.windows(6).any(|bytes| bytes == b"De Gro"));
    assert_eq!(get(&f, interview)["questions"][0]["note"], "wethouder De Groot");
}

#[test]
fn two_first_writes_at_once_begin_one_sheet() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    let (user, now) = (f.owner_id(), f.house.clock.now());
    let write = |question: &'static str| {
        let answer = Answer { state: QuestionState::Asked, note: None };
        f.house.store.write(move |tx| record_answer(tx, now, user, interview, question, &answer, |_| Ok(())))
    };
    let outcomes = f.house.wait(async { tokio::join!(write("role"), write("access"), write("role")) });
    assert!(outcomes.0.is_ok() && outcomes.1.is_ok() && outcomes.2.is_ok(), "{outcomes:?}");
    let shown = get(&f, interview);
    assert_eq!((&shown["coverage"]["asked"], &shown["revision"]), (&json!(2), &json!(3)));
}

#[test]
fn sheets_are_for_those_who_interview() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let interview = booked(&f, "R01");
    let role = format!("{}/role", path(interview));
    let statuses = |who: &Researcher| {
        [
            f.house.get(who, &path(interview)).status,
            f.house.put(who, &role, &json!({ "state": "asked" })).status,
            f.house.delete(who, &role).status,
        ]
    };
    assert_eq!(statuses(&f.reader), [403; 3]);
    assert_eq!(statuses(&f.stranger), [404; 3]);
    assert_eq!(statuses(&f.interviewer), [200; 3]);
    assert_eq!(f.house.get_openly(&path(interview)).status, 401);
    f.house.get(&f.owner, &path(InterviewId::new())).expect(404);
    f.house.put(&f.stranger, &role, &json!({ "state": 1 })).expect(404);
}

#[test]
fn the_notes_of_somebody_who_withdraws_or_is_erased_are_deleted_and_what_was_asked_stays_a_count() {
    let panel = Panel::of(2);
    let draft = panel.house.post(&panel.owner, &panel.path("guides"), &guide()).expect(201).json();
    let publish = format!("/api/v1/guides/{}/publish", draft["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &publish, &json!({})).expect(200);
    let write = |interview: &Value| {
        let sheet = path(interview["id"].as_str().unwrap().parse().unwrap());
        let answer = json!({ "state": "asked", "note": "werkt er tien jaar" });
        panel.house.put(&panel.owner, &format!("{sheet}/role"), &answer).expect(200);
    };
    write(&panel.book(0));
    panel.press(1, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    let later = json!({ "starts_at": "2027-03-08T11:00:00Z", "mode": "teams" });
    write(&panel.press(1, "interview", &later).expect(201).json());
    let notes = || panel.house.lines("SELECT state AS line FROM sheet_answers WHERE note_sealed IS NOT NULL");
    assert_eq!(notes().len(), 2);
    panel.press(0, "withdraw", &json!({})).expect(200);
    assert_eq!(notes().len(), 1);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[1])).expect(204);
    assert_eq!(notes().len(), 0);
    assert_eq!(panel.house.lines("SELECT state AS line FROM sheet_answers"), ["asked", "asked"]);
}
