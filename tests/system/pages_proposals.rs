//! Proposing moments and naming a colleague on the pages behind a link, and what researchers see of both on theirs.

use serde_json::json;
use veldwerk::domain::access::Role;

use crate::browser::{Browser, field};
use crate::house::{Answer, House};
use crate::study::{Study, WEDNESDAY_TEN};

fn page(study: &Study<'_>) -> String {
    format!("/p/{}", study.first().token)
}

fn send(study: &Study<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let browser = Browser::fresh(study.house);
    browser.get(&format!("{}/{path}", page(study))).expect(200);
    browser.post_bare(&format!("{}/{path}", page(study)), fields)
}

#[test]
fn moments_are_proposed_in_the_wall_time_of_the_study_and_shown_until_they_are_answered() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let browser = Browser::fresh(&house);
    let times = browser.get(&format!("{}/book?mode=teams", page(&study))).expect(200).text;
    assert!(
        times.contains(&format!("{}/propose?mode=teams", page(&study))),
        "the way leads from the free times"
    );
    let form = browser.get(&format!("{}/propose?mode=teams", page(&study))).expect(200).text;
    let fields = [
        ("key", &*field(&form, "key").unwrap()),
        ("mode", "teams"),
        ("moments.0.date", "2027-03-03"),
        ("moments.0.time", "20:00"),
        ("moments.2.date", "2027-10-31"),
        ("moments.2.time", "02:30"),
    ];
    let path = format!("{}/propose", page(&study));
    for _ in 0..2 {
        let sent = browser.post_bare(&path, &fields).expect(303);
        assert!(sent.leads_to().ends_with("?done=proposed"));
    }
    let moments = study.seen(study.first())["proposal"]["moments"].clone();
    assert_eq!(moments, json!(["2027-03-03T19:00:00Z", "2027-10-31T00:30:00Z"]), "the first of the two");
    assert_eq!(house.lines("SELECT id AS line FROM proposals").len(), 1, "a second press is the same press");
    let overview = browser.get(&page(&study)).expect(200).text;
    assert!(overview.contains("woensdag 3 maart 2027, 20.00 uur"), "{overview}");
}

#[test]
fn what_is_wrong_stands_beside_its_moment_with_the_input_kept() {
    let house = House::open();
    let study = house.bookable().open();
    study.consent(study.first());
    let gap = [
        ("mode", "teams"),
        ("moments.0.date", "2027-03-28"),
        ("moments.0.time", "02:30"),
        ("moments.1.date", "2027-02-01"),
        ("moments.1.time", "10:00"),
        ("moments.2.date", "2027-03-05"),
        ("remark", "Vrijdag <kan> ook"),
    ];
    let refused = send(&study, "propose", &gap).expect(422);
    assert!(
        refused.has_error_at("moments.0.time") && refused.has_error_at("moments.2.time"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("de klok gaat dan vooruit"));
    assert!(refused.text.contains("value=\"02:30\"") && refused.text.contains("Vrijdag &lt;kan&gt; ook"));
    let past = [("mode", "teams"), ("moments.1.date", "2027-02-01"), ("moments.1.time", "10:00")];
    let refused = send(&study, "propose", &past).expect(422);
    assert!(refused.has_error_at("moments.0.date"), "the first is needed: {}", refused.text);
    let past = [
        ("mode", "teams"),
        ("moments.0.date", "2027-03-03"),
        ("moments.0.time", "10:00"),
        ("moments.2.date", "2027-02-01"),
        ("moments.2.time", "10:00"),
    ];
    assert!(send(&study, "propose", &past).expect(422).has_error_at("moments.2.date"), "by its row");
    assert!(send(&study, "propose", &[]).expect(422).has_error_at("mode"));
    assert!(house.lines("SELECT id AS line FROM proposals").is_empty());
}

#[test]
fn a_researcher_accepts_with_one_press_and_reads_why_when_it_can_not_be() {
    let house = House::open();
    let study = house.bookable().respondents(2).open();
    let who = study.first();
    study.consent(who);
    let body = json!({ "mode": "teams", "moments": [WEDNESDAY_TEN, "2027-03-03T19:00:00Z"], "remark": "<i>graag</i>" });
    let made = study.press(who, "proposals", &body).expect(201).json();
    let id = made["id"].as_str().unwrap();
    let browser = Browser::of(&house, &study.owner);
    let overview = browser.get(&format!("/studies/{}", study.id)).expect(200).text;
    assert!(overview.contains(&format!("/studies/{}/proposals", study.id)), "it waits");
    let list = browser.get(&format!("/studies/{}/proposals", study.id)).expect(200).text;
    assert!(list.contains("R01") && list.contains("&lt;i&gt;graag"), "{list}");
    let person = browser.get(&format!("/respondents/{}", who.id)).expect(200).text;
    assert!(person.contains(&format!("/proposals/{id}/accept")));

    study.booked(&study.respondents[1], WEDNESDAY_TEN);
    let accept = format!("/proposals/{id}/accept");
    let refused = browser.post(&accept, &[("starts_at", WEDNESDAY_TEN)]).expect(409);
    assert!(refused.text.contains("Op dat moment is er al iets: een interview."), "{}", refused.text);
    assert!(refused.text.contains("Dan is niemand vrij."));
    let done = browser.post(&accept, &[("starts_at", "2027-03-03T19:00:00Z")]).expect(303);
    assert!(
        done.leads_to().starts_with("/interviews/") && done.leads_to().ends_with("done=proposal_accepted")
    );
    browser.get(done.leads_to()).expect(200);
    let over = browser.post(&accept, &[("starts_at", "2027-03-03T19:00:00Z")]).expect(409);
    assert!(over.text.contains("Een van deze momenten is gekozen."), "{}", over.text);
}

#[test]
fn nobody_answers_a_proposal_who_may_not_and_a_reader_reads_no_remark() {
    let house = House::open();
    let study = house.bookable().open();
    let who = study.first();
    study.consent(who);
    let body = json!({ "mode": "teams", "moments": ["2027-03-03T19:00:00Z"], "remark": "geheim" });
    let made = study.press(who, "proposals", &body).expect(201).json();
    let path = format!("/proposals/{}", made["id"].as_str().unwrap());
    let press = [("starts_at", "2027-03-03T19:00:00Z")];
    let reader = Browser::of(&house, &study.member("rien", Role::Reader));
    let seen = reader.get(&path).expect(200).text;
    assert!(!seen.contains("geheim") && !seen.contains("/accept"), "{seen}");
    reader.post(&format!("{path}/accept"), &press).expect(403);
    reader.post(&format!("{path}/decline"), &[]).expect(403);
    let stranger = Browser::of(&house, &house.researcher("carla"));
    stranger.get(&path).expect(404);
    stranger.post(&format!("{path}/accept"), &press).expect(404);
    stranger.post(&format!("{path}/decline"), &[]).expect(404);
    let owner = Browser::of(&house, &study.owner);
    owner.post_bare(&format!("{path}/accept"), &press).expect(403);
    let declined = owner.post(&format!("{path}/decline"), &[]).expect(303);
    assert!(declined.leads_to().ends_with("done=proposal_declined"));
    assert!(owner.get(&path).expect(200).text.contains("Deze momenten zijn afgewezen."));
}

#[test]
fn a_colleague_is_named_on_the_page_and_a_wrong_address_stands_beside_its_field() {
    let house = House::open();
    let study = house.bookable().open();
    let overview = house.get_openly(&page(&study)).expect(200).text;
    assert!(overview.contains("/colleague"), "{overview}");
    let wrong = [("email", "no address"), ("name", "Ömer"), ("named", "yes")];
    let refused = send(&study, "colleague", &wrong).expect(422);
    assert!(refused.has_error_at("email") && refused.text.contains("value=\"Ömer\""), "{}", refused.text);
    assert!(refused.text.contains("value=\"yes\" checked"));
    let sent = send(&study, "colleague", &[("email", "omer@gemeente.example.org")]).expect(303);
    let thanks = Browser::fresh(&house).get(sent.leads_to()).expect(200).text;
    assert!(thanks.contains("U noemde een collega") && !thanks.contains("omer@"), "{thanks}");
    let id = house.lines("SELECT id AS line FROM respondents WHERE code = 'R02'");
    let person = Browser::of(&house, &study.owner).get(&format!("/respondents/{}", id[0])).expect(200).text;
    assert!(person.contains("Genoemd door") && person.contains("R01"), "{person}");
}
