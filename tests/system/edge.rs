//! What the edge of the house refuses before anything is done: who asks, by which link, and whether what was sent can
//! mean one thing only (design 4, E11, E14, E25).

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use rocket::http::{ContentType, Header};
use serde_json::{Value, json};
use veldwerk::domain::access::Role;

use crate::house::{Answer, House, PASSWORD, bearer, json as with_json};
use crate::street::Street;
use crate::study::{Respondent, Study, WEDNESDAY_TEN, agreed};

/// A press of a button by a link, with a key to recognise a repeat.
fn press(study: &Study<'_>, who: &Respondent, button: &str, body: &Value) -> Answer {
    let request = with_json(study.house.client.post(who.path(button)), body);
    study.house.send(request.header(Header::new("Idempotency-Key", "once")))
}

/// Text sent as JSON.
fn send_text(house: &House, path: &str, text: &str) -> Answer {
    house.send(house.client.post(path.to_owned()).header(ContentType::JSON).body(text))
}

#[test]
fn a_repeat_by_a_link_that_was_replaced_or_whose_person_left_tells_nothing() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let [replaced, withdrawn, erased] = [0, 1, 2].map(|i| &study.respondents[i]);
    let starts = [WEDNESDAY_TEN, "2027-03-03T11:00:00Z", "2027-03-03T13:00:00Z"];
    let wish = |i: usize| json!({ "starts_at": starts[i], "mode": "in_person", "place": "Thuisstraat 9" });
    for (i, who) in [replaced, withdrawn, erased].into_iter().enumerate() {
        press(&study, who, "consent", &agreed()).expect(200);
        press(&study, who, "interview", &wish(i)).expect(201);
        let again = press(&study, who, "interview", &wish(i)).expect(201);
        assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    }
    house.post(&study.owner, &format!("/api/v1/respondents/{}/link", replaced.id), &json!({})).expect(201);
    study.press(withdrawn, "withdraw", &json!({})).expect(200);
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", erased.id)).expect(204);
    for (i, who, status) in [(0, replaced, 404), (1, withdrawn, 410), (2, erased, 404)] {
        press(&study, who, "interview", &wish(i)).expect(status);
        press(&study, who, "consent", &agreed()).expect(status);
    }
    assert_eq!(press(&study, withdrawn, "withdraw", &json!({})).expect(200).json()["status"], "withdrawn");
    assert_eq!(study.press(withdrawn, "withdraw", &json!({ "x": 1 })).status, 422, "E14");
}

#[test]
fn a_body_that_cannot_be_read_is_told_only_to_those_who_may_act() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let nobody = format!("/api/v1/participations/{}/interview", "A".repeat(43));
    send_text(&house, &nobody, "{").expect(404);
    send_text(&house, &who.path("interview"), "{").expect(400);
    study.press(who, "withdraw", &json!({})).expect(200);
    send_text(&house, &who.path("interview"), "{").expect(410);

    let (stranger, reader) = (house.researcher("eva"), study.member("lea", Role::Reader));
    let put = |who, text: &str| {
        let request = house.client.put(study.path("strata")).header(ContentType::JSON).body(text);
        house.send(request.header(bearer(who)))
    };
    put(&stranger, "{}").expect(404);
    put(&reader, "{").expect(403);
    put(&study.owner, "{").expect(400);
    put(&study.owner, "{}").expect(422);
}

#[test]
fn a_role_is_judged_before_what_was_sent() {
    let house = House::open();
    let study = house.bookable().open();
    study.booked(study.first(), WEDNESDAY_TEN);
    let (stranger, reader) = (house.researcher("eva"), study.member("lea", Role::Reader));
    let first = |list: &str| {
        let items = house.get(&study.owner, &study.path(list)).expect(200).json();
        items["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let (interview, letter, form) = (first("interviews"), first("letters"), first("consent-forms"));
    let nonsense = json!({ "nonsense": true });
    let ways = ["reschedule", "cancel", "held", "no-show"].map(|way| format!("interviews/{interview}/{way}"));
    let others = [format!("letters/{letter}/retry"), format!("consent-forms/{form}/publish")];
    let link = format!("respondents/{}/link", study.first().id);
    let booking = format!("studies/{}/interviews", study.id);
    for way in ways.iter().chain(&others).chain([&link, &booking]) {
        let path = format!("/api/v1/{way}");
        assert_eq!(house.post(&reader, &path, &nonsense).status, 403, "{path}");
        assert_eq!(house.post(&stranger, &path, &nonsense).status, 404, "{path}");
        assert_eq!(house.post(&study.owner, &path, &nonsense).status, 422, "{path}");
    }
}

#[test]
fn json_means_what_its_types_say_and_nothing_twice() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let both = r#"{"version":1,"items":{"take_part":false,"take_part":true}}"#;
    send_text(&house, &who.path("consent"), both).expect(400);
    let codes = |answer: Answer| {
        let errors = answer.expect(422).json()["errors"].clone();
        errors.as_array().unwrap().iter().map(|e| format!("{}:{}", e["field"], e["code"])).collect::<Vec<_>>()
    };
    let refused = study.press(who, "consent", &json!({ "version": "1", "items": { "take_part": true } }));
    assert_eq!(codes(refused), [r#""version":"type""#]);
    let patch = |body: Value| house.patch(&study.owner, study.path("").trim_end_matches('/'), &body);
    assert_eq!(codes(patch(json!({ "interview_minutes": "60" }))), [r#""interview_minutes":"type""#]);
    assert_eq!(codes(patch(json!({ "interview_minutes": 60.5 }))), [r#""interview_minutes":"type""#]);
    assert_eq!(codes(patch(json!({ "horizon_days": 1e20 }))), [r#""horizon_days":"value""#]);
    let hours = json!({ "exceptions": [{ "date": "2027-03-04", "open": "yes" }] });
    let put = house.put(&study.owner, &study.path("availability"), &hours);
    assert_eq!(codes(put), [r#""exceptions.0.open":"type""#]);
    study.consent(who);
    let late = json!({ "starts_at": "2027-03-03T09:00:00.5Z", "mode": "teams" });
    assert_eq!(codes(study.press(who, "interview", &late)), [r#""starts_at":"value""#]);
    let whole = json!({ "starts_at": "2027-03-03T10:00:00.000+01:00", "mode": "teams" });
    assert_eq!(study.press(who, "interview", &whole).expect(201).json()["starts_at"], WEDNESDAY_TEN);
}

#[test]
fn a_rule_with_a_code_of_its_own_is_the_code_of_the_refusal_when_it_stands_alone() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    let consent = |items: Value| study.press(who, "consent", &json!({ "version": 1, "items": items })).code();
    assert_eq!(consent(json!({})), "consent_required");
    assert_eq!(consent(json!({ "take_part": true, "other": true })), "consent_required");
    let study_path = study.path("");
    let patch = |body: Value| house.patch(&study.owner, study_path.trim_end_matches('/'), &body).code();
    assert_eq!(patch(json!({ "title": "x".repeat(201) })), "too_long");
    assert_eq!(patch(json!({ "title": "x".repeat(201), "horizon_days": 0 })), "invalid");
}

#[test]
fn a_method_that_an_address_does_not_know_names_those_that_it_does() {
    let house = House::open();
    let wrong = house.send(house.client.put("/api/v1/session")).expect(405);
    assert_eq!(wrong.header("Allow"), Some("DELETE, POST"));
    assert_eq!(house.get_openly("/api/v1/nowhere").expect(404).header("Allow"), None);
}

#[test]
fn a_request_bears_one_key_only() {
    let house = House::open();
    let anna = house.researcher("anna");
    let body = json!({ "title": "x", "contact_email": "x@example.org" });
    let request = with_json(house.client.post("/api/v1/studies"), &body).header(bearer(&anna));
    let keys = ["a", "b"].map(|key| Header::new("Idempotency-Key", key));
    let request = keys.into_iter().fold(request, |request, key| {
        let mut request = request;
        request.add_header(key);
        request
    });
    house.send(request).expect(400);
}

#[test]
fn guessing_the_current_password_is_slowed_down_as_at_the_door() {
    let house = House::open();
    let anna = house.researcher("anna");
    let change = |current: &str| {
        let body = json!({ "current": current, "new": "een heel nieuw wachtwoord" });
        let request = house.client.put("/api/v1/me/password").remote("192.0.2.9:1".parse().unwrap());
        house.send(with_json(request, &body).header(bearer(&anna)))
    };
    for _ in 0..5 {
        change("mis, mis, mis").expect(422);
    }
    assert!(change(PASSWORD).expect(429).header("Retry-After").is_some(), "E25");
    house.at("2027-03-01T08:30:00Z");
    change(PASSWORD).expect(204);
    change("een heel nieuw wachtwoord").expect(204);
}

#[test]
fn a_body_that_breaks_off_is_refused_and_never_taken_for_one_with_nothing_to_say() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let street = Street::of(&house);
    let place = street.base.strip_prefix("http://").unwrap();
    let send = |method: &str, path: &str, length: &str, body: &str, breaks: bool| {
        let mut line = TcpStream::connect(place).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\n{length}\r\n\r\n{body}",
            study.owner.token
        );
        line.write_all(head.as_bytes()).unwrap();
        if breaks {
            line.shutdown(Shutdown::Write).unwrap();
        }
        let mut answer = String::new();
        // Whoever broke off may find the line closed.
        let _ = line.read_to_string(&mut answer);
        answer.split(' ').nth(1).map(str::to_owned)
    };
    let done = |answer: Option<String>| answer.is_some_and(|status| status.starts_with('2'));
    let hours = || house.get(&study.owner, &study.path("availability")).expect(200).json();
    let (before, waves, hours_path) = (hours(), study.path("invitations"), study.path("availability"));
    for (length, body) in [
        ("Content-Length: 50", ""),
        ("Content-Length: 50", "{}"),
        ("Transfer-Encoding: chunked", ""),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n"),
    ] {
        assert!(!done(send("POST", &waves, length, body, true)), "{length} {body}");
        assert!(!done(send("PUT", &hours_path, length, body, true)), "{length} {body}");
    }
    assert_eq!(hours(), before);
    let letters = house.get(&study.owner, &study.path("letters")).expect(200).json();
    assert_eq!(letters["items"], json!([]));
    // The control: what ends where it says is taken.
    assert!(done(send("POST", &waves, "Content-Length: 2", "{}", false)));
    assert!(done(send("POST", &waves, "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", false)));
}
