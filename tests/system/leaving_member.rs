//! Somebody who leaves a study hands their planned interviews over, at the times at which they stand.

use serde_json::json;
use veldwerk::domain::access::Role;
use veldwerk::mail::Opened;

use crate::browser::Browser;
use crate::house::{House, Researcher};
use crate::study::{Study, WEDNESDAY_TEN, office_hours};

/// A study of two interviewers, of whom one has an interview planned; their path in the API, and that of the interview.
fn busy(house: &House) -> (Study<'_>, Researcher, Researcher, String) {
    let study = house.bookable().hours(json!([])).respondents(2).open();
    let (bert, ina) = (study.member("bert", Role::Interviewer), study.member("ina", Role::Interviewer));
    let hours = json!({ "rules": office_hours() });
    house.put(&bert, &study.path("availability"), &hours).expect(200);
    let interview = study.booked(study.first(), WEDNESDAY_TEN);
    house.deliver();
    (study, bert, ina, interview)
}

#[test]
fn planned_interviews_go_to_a_successor_and_everybody_is_told() {
    let house = House::open();
    let (study, bert, ina, interview) = busy(&house);
    let owner = study.owner.clone();
    let path = study.path(&format!("members/{}", house.id_of(&bert)));
    assert_eq!(house.delete(&owner, &path).expect(409).code(), "interviews_planned");
    let reader = study.member("lea", Role::Reader);
    for nobody in [house.id_of(&bert), house.id_of(&reader), house.id_of(&house.researcher("eva"))] {
        house.delete(&owner, &format!("{path}?successor={nobody}")).expect(422);
    }
    house.get(&bert, &format!("/api/v1/studies/{}", study.id)).expect(200);
    let heir = house.id_of(&ina);
    house.delete(&owner, &format!("{path}?successor={heir}")).expect(204);
    let seen = house.get(&owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!(seen["interviewer"], heir.to_string());
    assert_eq!((&seen["starts_at"], &seen["sequence"]), (&json!(WEDNESDAY_TEN), &json!(1)));
    let told: Vec<String> =
        house.deliver().iter().map(|letter| Opened::read(&letter.message).unwrap().to).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().any(|to| to.contains("bert")) && told.iter().any(|to| to.contains("ina")));
    let noted = "SELECT action AS line FROM audit WHERE action IN ('interview.handed_over', 'member.removed') ORDER BY id";
    assert_eq!(house.lines(noted), ["interview.handed_over", "member.removed"]);
}

#[test]
fn nobody_takes_over_who_is_not_free_and_then_everything_stays() {
    let house = House::open();
    let (study, bert, ina, interview) = busy(&house);
    let owner = study.owner.clone();
    house.put(&ina, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    study.consent(&study.respondents[1]);
    let taken = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams" });
    study.press(&study.respondents[1], "interview", &taken).expect(201);
    let browser = Browser::of(&house, &owner);
    let members = format!("/studies/{}/members", study.id);
    let remove = format!("{members}/{}/remove", house.id_of(&bert));
    browser.get(&members).expect(200);
    let asked = browser.post(&remove, &[]).expect(409).text;
    assert!(asked.contains("name=\"successor\"") && asked.contains("ina"), "{asked}");
    assert!(browser.post(&remove, &[("asked", "1")]).expect(409).has_error_at("successor"));
    let heir = house.id_of(&ina).to_string();
    let refused = browser.post(&remove, &[("asked", "1"), ("successor", &heir)]).expect(409);
    assert!(refused.has_error_at("successor") && refused.text.contains("niet vrij"), "{}", refused.text);
    let seen = house.get(&owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!(
        (&seen["interviewer"], &seen["sequence"]),
        (&json!(house.id_of(&bert).to_string()), &json!(0))
    );
    let own = house.id_of(&owner).to_string();
    let gone = browser.post(&remove, &[("asked", "1"), ("successor", &own)]).expect(303);
    assert!(gone.leads_to().ends_with("?done=member_removed"));
    house.get(&bert, &format!("/api/v1/interviews/{interview}")).expect(404);
}

#[test]
fn nobody_takes_over_what_meets_time_that_they_keep_free_and_their_own_way_is_kept_free() {
    let house = House::open();
    let (study, bert, ina, interview) = busy(&house);
    let to_person = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person" });
    study.to_interview(&interview, "reschedule", &to_person).expect(200);
    let travel = study.path(&format!("members/{}/travel", house.id_of(&ina)));
    house.put(&study.owner, &travel, &json!({ "minutes": 45, "municipalities": [] })).expect(200);
    // The hour before the interview, half of which she needs to get there.
    let block = json!({ "from": "2027-03-03T08:00:00Z", "until": "2027-03-03T08:30:00Z" });
    let made = house.post(&ina, "/api/v1/me/blocks", &block).expect(201).json();
    let leave =
        format!("{}?successor={}", study.path(&format!("members/{}", house.id_of(&bert))), house.id_of(&ina));
    let refused = house.delete(&study.owner, &leave).expect(409);
    assert_eq!(refused.code(), "successor_taken");
    assert!(refused.text.contains("R01"), "it names the interview: {}", refused.text);
    house.delete(&ina, &format!("/api/v1/me/blocks/{}", made["id"].as_str().unwrap())).expect(204);
    house.delete(&study.owner, &leave).expect(204);
    let guard = format!("SELECT guard_from || '' AS line FROM reservations WHERE interview = '{interview}'");
    let nine_fifteen = veldwerk::clock::Instant::parse("2027-03-03T08:15:00Z").unwrap();
    assert_eq!(house.lines(&guard), [nine_fifteen.unix().to_string()]);
}
