//! `If-Match` is honoured when it is sent (E28): whoever saw an earlier state changes nothing, and is told so.

use rocket::http::Header;
use rocket::local::blocking::LocalRequest;
use serde_json::{Value, json};

use crate::house::{Answer, House, Researcher, bearer, json as with_json};
use crate::panel::Panel;

fn tag(answer: &Answer) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("no ETag: {}", answer.text)).to_owned()
}

fn only_if<'c>(request: LocalRequest<'c>, tag: &str) -> LocalRequest<'c> {
    request.header(Header::new("If-Match", tag.to_owned()))
}

/// Changes something in three ways: by somebody else, as it was seen before that, and as it is seen then.
#[track_caller]
fn changes_once(house: &House, who: &Researcher, path: &str, [first, stale, last]: [&Value; 3]) {
    let seen = tag(&house.get(who, path).expect(200));
    let put = |tag: &str, body: &Value| {
        let request = house.client.put(path.to_owned()).header(bearer(who));
        house.send(only_if(with_json(request, body), tag))
    };
    let after = put(&seen, first).expect(200);
    assert_ne!(tag(&after), seen, "what changed has another tag");
    assert_eq!(put(&seen, stale).expect(412).code(), "precondition_failed");
    let now = house.get(who, path).expect(200);
    assert_eq!(tag(&now), tag(&after), "nothing changed");
    put(&format!("\"other\", {}", tag(&now)), last).expect(200);
    put("*", first).expect(200);
    house.put(who, path, stale).expect(200);
}

#[test]
fn strata_are_not_replaced_by_who_saw_others() {
    let panel = Panel::of(1);
    let plan = |cap: u32| json!([{ "key": "all", "label": "Alle", "min_inhabitants": null, "max_inhabitants": null, "target": null, "cap": cap }]);
    let path = panel.path("strata");
    changes_once(&panel.house, &panel.owner, &path, [&plan(1), &plan(2), &plan(3)]);
    let before = tag(&panel.house.get(&panel.owner, &path));
    panel.book(0);
    assert_eq!(tag(&panel.house.get(&panel.owner, &path)), before, "a booking changes no plan");
}

#[test]
fn hours_are_not_replaced_by_who_saw_others() {
    let panel = Panel::of(0);
    let hours = |until: &str| json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": until }] });
    let path = panel.path("availability");
    changes_once(&panel.house, &panel.owner, &path, [&hours("12:00"), &hours("13:00"), &hours("14:00")]);
}

#[test]
fn a_draft_of_a_consent_form_is_neither_changed_nor_published_by_who_saw_other_words() {
    let panel = Panel::of(0);
    let (house, owner) = (&panel.house, &panel.owner);
    let form = |intro: &str| {
        json!({
            "intro": { "nl": intro, "en": intro },
            "items": [{ "key": "take_part", "required": true, "text": { "nl": "Ja.", "en": "Yes." } }],
        })
    };
    let draft = house.post(owner, &panel.path("consent-forms"), &form("Een")).expect(201);
    let path = format!("/api/v1/consent-forms/{}", draft.json()["id"].as_str().unwrap());
    assert_eq!(tag(&house.get(owner, &path)), tag(&draft));
    changes_once(house, owner, &path, [&form("Twee"), &form("Drie"), &form("Vier")]);
    let publish = |tag: &str| {
        let request = house.client.post(format!("{path}/publish")).header(bearer(owner));
        house.send(only_if(with_json(request, &json!({})), tag))
    };
    assert_eq!(publish(&tag(&draft)).expect(412).code(), "precondition_failed");
    let seen = tag(&house.get(owner, &path));
    publish(&seen).expect(200);
    assert_eq!(house.put(owner, &path, &form("Vijf")).expect(409).code(), "published");
}

#[test]
fn a_person_is_not_erased_by_who_saw_them_before_they_changed() {
    let panel = Panel::of(1);
    let (house, owner) = (&panel.house, &panel.owner);
    let path = format!("/api/v1/respondents/{}", panel.people[0]);
    let seen = tag(&house.get(owner, &path));
    house.patch(owner, &path, &json!({ "name": "Sanne Vries" })).expect(200);
    let erase = |tag: &str| {
        let request = house.client.delete(path.clone()).header(bearer(owner));
        house.send(only_if(request, tag))
    };
    assert_eq!(erase(&seen).expect(412).code(), "precondition_failed");
    let seen = tag(&house.get(owner, &path).expect(200));
    erase(&seen).expect(204);
    house.get(owner, &path).expect(404);
}
