//! Somebody who makes the appointment for the respondent: told of it, never asked to consent, and forgotten with it
//! (R6).

use serde_json::{Value, json};
use veldwerk::domain::access::Role;
use veldwerk::mail::Opened;
use veldwerk::worker::incoming;

use crate::browser::field;
use crate::house::House;
use crate::incoming_mail::filled;
use crate::study::{Study, WEDNESDAY_TEN};

const JOKE: &str = "joke.smit@gemeente.example.org";

fn by_joke() -> Value {
    let joke = json!({ "name": "Joke Smit", "email": JOKE });
    json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "delegate": joke })
}

fn booked(study: &Study<'_>) -> String {
    study.consent(study.first());
    let made = study.press(study.first(), "interview", &by_joke()).expect(201).json();
    assert_eq!(made["delegate"]["email"], JOKE);
    made["id"].as_str().unwrap().to_owned()
}

fn sealed(house: &House) -> usize {
    house.lines("SELECT id AS line FROM interviews WHERE delegate_sealed IS NOT NULL").len()
}

#[test]
fn consent_is_the_respondents_own_before_anybody_books_for_them() {
    let house = House::open();
    let study = house.bookable().open();
    let refused = study.press(study.first(), "interview", &by_joke()).expect(422);
    assert_eq!(refused.code(), "consent_missing");
    let page = house.get_openly(&format!("/p/{}/consent", study.first().token)).expect(200).text;
    assert!(page.contains("Toestemming geeft u alleen voor uzelf"), "{page}");
}

#[test]
fn the_invite_goes_to_both_and_the_secretary_is_an_optional_attendee_without_the_personal_link() {
    let house = House::open();
    let study = house.bookable().open();
    booked(&study);
    let sent = house.deliver();
    let letter = sent.iter().find(|kept| kept.to.as_str() == JOKE).unwrap();
    let opened = Opened::read(&letter.message).unwrap();
    let calendar = opened.calendar.unwrap().replace("\r\n ", "");
    assert!(calendar.contains("METHOD:REQUEST") && calendar.contains("ROLE=OPT-PARTICIPANT"), "{calendar}");
    assert!(!calendar.contains("persoon0"), "the respondent stands in their own invite alone");
    let whole = format!("{}{calendar}", opened.text);
    assert!(
        !whole.contains(&study.first().token)
            && whole.contains("Toestemming voor het onderzoek geeft die persoon")
            && whole.contains("voor iemand anders een afspraak voor een interview gemaakt")
    );
    let theirs = sent.iter().find(|kept| kept.to.as_str().starts_with("persoon0")).unwrap();
    let theirs = Opened::read(&theirs.message).unwrap();
    assert!(!format!("{}{:?}", theirs.text, theirs.calendar).contains("joke"));
}

#[test]
fn the_secretary_is_forgotten_when_taken_off_when_it_ends_and_with_the_respondent() {
    let house = House::open();
    let study = house.bookable().respondents(3).open();
    let interview = booked(&study);
    let who = study.first();
    assert_eq!(sealed(&house), 1);
    study.press(who, "interview/remove-delegate", &json!({})).expect(200);
    study.press(who, "interview/remove-delegate", &json!({})).expect(200);
    assert_eq!((sealed(&house), study.seen(who)["interview"]["sequence"].clone()), (0, json!(1)));
    study.press(who, "interview/cancel", &json!({})).expect(200);
    study.press(who, "interview", &by_joke()).expect(201);
    study.press(who, "interview/cancel", &json!({})).expect(200);
    assert_eq!(sealed(&house), 0, "called off");
    study.press(who, "interview", &by_joke()).expect(201);
    house.delete(&study.owner, &format!("/api/v1/respondents/{}", who.id)).expect(204);
    assert_eq!(sealed(&house), 0, "erased");
    house.get(&study.owner, &format!("/api/v1/interviews/{interview}")).expect(200);
    let other = &study.respondents[1];
    study.consent(other);
    let last = study.press(other, "interview", &by_joke()).expect(201).json();
    house.at("2027-03-03T10:00:00Z");
    study.to_interview(last["id"].as_str().unwrap(), "held", &json!({})).expect(200);
    assert_eq!(sealed(&house), 0, "held");
}

#[test]
fn the_address_is_contact_data_and_not_the_respondents_own() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let mut own = by_joke();
    own["delegate"]["email"] = json!("Persoon0@gemeente.example.org");
    let refused = study.press(study.first(), "interview", &own).expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("delegate.email"), &json!("email_duplicate"))
    );
    let mut nameless = by_joke();
    nameless["delegate"] = json!({ "email": "nobody" });
    let refused = study.press(study.first(), "interview", &nameless).expect(422).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2);
    let id = study.press(study.first(), "interview", &by_joke()).expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/interviews/{id}");
    let reader = study.member("rita", Role::Reader);
    assert_eq!(house.get(&reader, &path).expect(200).json()["delegate"], Value::Null);
    house.delete(&reader, &format!("{path}/delegate")).expect(403);
    house.delete(&house.researcher("eva"), &format!("{path}/delegate")).expect(404);
    assert_eq!(house.get(&study.owner, &path).expect(200).json()["delegate"]["name"], "Joke Smit");
    house.delete(&study.owner, &format!("{path}/delegate")).expect(204);
    assert_eq!(sealed(&house), 0);
}

#[test]
fn on_the_page_half_of_a_name_and_address_is_refused_beside_its_field_and_both_are_taken() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let page = format!("/p/{}", study.first().token);
    let book = format!("{page}/details?mode=teams&starts_at={WEDNESDAY_TEN}");
    let shown = house.get_openly(&book).expect(200).text;
    assert!(shown.contains("Ik maak de afspraak voor iemand anders") && !shown.contains("<details open>"));
    let send = |path: &str, fields: &[(&str, &str)]| {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        house.send(house.client.post(path.to_owned()).header(rocket::http::ContentType::Form).body(body))
    };
    let times = [("mode", "teams"), ("starts_at", WEDNESDAY_TEN), ("delegate_name", "Joke Smit")];
    let half = send(&format!("{page}/book"), &[&times[..], &[("delegate_email", "")]].concat()).expect(422);
    assert!(half.has_error_at("delegate_email") && half.text.contains("<details open>"), "{}", half.text);
    send(&format!("{page}/book"), &[&times[..], &[("delegate_email", JOKE)]].concat()).expect(303);
    let overview = house.get_openly(&page).expect(200).text;
    assert!(overview.contains("Joke Smit"), "{overview}");
    let key = field(&overview, "key").unwrap();
    send(&format!("{page}/delegate"), &[("key", &key)]).expect(303);
    assert!(!house.get_openly(&page).expect(200).text.contains("Joke Smit"));
}

#[test]
fn neither_a_researcher_of_the_study_nor_the_installation_itself_can_be_a_delegate() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let carl = study.member("carl", Role::Interviewer);
    let from: veldwerk::mail::Mailbox = house.settings.mail_from.parse().unwrap();
    for address in [carl.email.to_uppercase(), from.address.as_str().to_owned()] {
        let joke = json!({ "name": "Joke", "email": address });
        let wish = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "delegate": joke });
        let refused = study.press(study.first(), "interview", &wish).expect(422).json();
        assert_eq!(refused["errors"][0]["field"], "delegate.email", "{refused}");
    }
    study.press(study.first(), "interview", &by_joke()).expect(201);
}

#[test]
fn what_a_delegate_answered_goes_with_them_and_their_letters_are_told_to_be_theirs() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let id = study.press(study.first(), "interview", &by_joke()).expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    house.deliver();
    let letters = house.get(&study.owner, &study.path("letters?kind=delegate_invited")).expect(200).json();
    assert_eq!(letters["items"][0]["to"], "delegate");
    let raw = filled(
        "outlook_accepts",
        &[("uid", &format!("{id}@veldwerk.example")), ("from", JOKE), ("recipient", JOKE)],
    );
    house.wait(incoming::take(&house.store, &house.clock, None, raw)).unwrap();
    let answers = "SELECT attendee AS line FROM attendances";
    assert_eq!(house.lines(answers).len(), 1);
    study.press(study.first(), "interview/remove-delegate", &json!({})).expect(200);
    assert!(house.lines(answers).is_empty());
}
