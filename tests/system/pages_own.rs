//! What researchers settle on pages for themselves and each other: roles, meeting links, keys of the API, drafts that
//! two people write, a closed study, and the way back from a problem.

use serde_json::json;

use crate::browser::{Browser, field};
use crate::fieldwork::{Fieldwork, guide};
use crate::house::House;

fn members(f: &Fieldwork) -> String {
    format!("/studies/{}/members", f.study)
}

#[test]
fn an_owner_gives_a_member_another_role_and_the_last_owner_stays_one() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let reader = f.house.id_of(&f.reader);
    let changed = browser.post(&format!("{}/{reader}", members(&f)), &[("role", "interviewer")]).expect(303);
    assert!(changed.leads_to().ends_with("/members?done=saved"));
    assert_eq!(Browser::of(&f.house, &f.reader).get(&format!("/studies/{}/letters", f.study)).status, 200);

    let own = f.house.id_of(&f.owner);
    let refused = browser.post(&format!("{}/{own}", members(&f)), &[("role", "reader")]).expect(409);
    assert!(refused.has_error_at(&format!("role.{own}")));
    let mean = Browser::of(&f.house, &f.interviewer);
    mean.post(&format!("{}/{own}", members(&f)), &[("role", "reader")]).expect(403);
    Browser::of(&f.house, &f.stranger)
        .post(&format!("{}/{own}", members(&f)), &[("role", "reader")])
        .expect(404);
}

#[test]
fn whoever_holds_interviews_sets_the_link_to_their_own_meetings_and_a_reader_has_none() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.interviewer);
    let path = format!("{}/{}", members(&f), f.house.id_of(&f.interviewer));
    let link = "https://teams.example.org/l/own";
    assert!(browser.post(&path, &[("teams_link", link)]).leads_to().ends_with("done=link_set"));
    assert!(browser.get(&members(&f)).expect(200).text.contains(link));
    let wrong = browser.post(&path, &[("teams_link", "no link")]).expect(422);
    assert!(wrong.has_error_at("teams_link") && wrong.text.contains("value=\"no link\""));
    assert!(browser.post(&path, &[("teams_link", "")]).leads_to().ends_with("done=saved"));
    assert!(!browser.get(&members(&f)).expect(200).text.contains(link));
    let reader = Browser::of(&f.house, &f.reader);
    assert!(!reader.get(&members(&f)).expect(200).text.contains("name=\"teams_link\""));
}

#[test]
fn the_members_are_shown_part_by_part_and_every_part_keeps_the_length_that_was_asked_for() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let mut seen = Vec::new();
    let mut path = format!("{}?limit=1", members(&f));
    for _ in 0..3 {
        let page = browser.get(&path).expect(200).text;
        let emails = [&f.owner, &f.interviewer, &f.reader].map(|who| who.email.clone());
        seen.extend(emails.into_iter().filter(|email| page.contains(&format!("class=\"breaks\">{email}"))));
        let Some((before, _)) = page.split_once("\" rel=\"next\"") else { break };
        path = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
        assert!(path.contains("limit=1&"), "{path}");
    }
    assert_eq!(seen, [f.owner.email.clone(), f.interviewer.email.clone(), f.reader.email.clone()]);
    let api = f.house.get(&f.owner, &f.path("members?limit=2")).expect(200).json();
    let next = api["next"].as_str().unwrap();
    let rest = f.house.get(&f.owner, &f.path(&format!("members?cursor={next}"))).expect(200).json();
    assert_eq!((api["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
}

#[test]
fn a_key_of_the_api_is_shown_once_opens_the_api_and_is_ended_by_its_owner_alone() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    assert!(browser.post("/account/tokens", &[("label", "")]).expect(422).has_error_at("label"));
    let page = browser.post("/account/tokens", &[("label", "R-script")]).expect(200).text;
    let key = page.split_once("data-copy>").unwrap().1.split_once('<').unwrap().0.to_owned();
    assert!(key.starts_with("vw_"), "{key}");
    assert!(!browser.get("/account").expect(200).text.contains(&key), "it is shown once");

    let mut program = f.owner.clone();
    program.token = key;
    f.house.get(&program, "/api/v1/me").expect(200);
    let end = {
        let page = browser.get("/account").text;
        let row = page.split_once("R-script").unwrap().1;
        let (path, _) = row.split_once("action=\"").unwrap().1.split_once('"').unwrap();
        path.to_owned()
    };
    Browser::of(&f.house, &f.stranger).post(&end, &[]).expect(404);
    f.house.get(&program, "/api/v1/me").expect(200);
    browser.post(&end, &[]).expect(303);
    f.house.get(&program, "/api/v1/me").expect(401);
}

#[test]
fn a_draft_that_somebody_else_changed_is_not_overwritten_unseen_and_what_was_typed_stays() {
    let f = Fieldwork::begin();
    let made = f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201).json();
    let path = format!("/guides/{}", made["id"].as_str().unwrap());
    let browser = Browser::of(&f.house, &f.owner);
    let editor = format!("{path}/markdown");
    let revision = field(&browser.get(&editor).expect(200).text, "revision").unwrap();

    let mut other = guide();
    other["title"] = json!("Van een ander");
    f.house.put(&f.interviewer, &format!("/api/v1{path}"), &other).expect(200);
    let mine = "# Van mij\n";
    let sent = [("markdown", mine), ("revision", revision.as_str())];
    let again = browser.post(&editor, &sent).expect(412);
    assert!(again.text.contains("# Van mij"), "{}", again.text);
    assert_eq!(f.house.get(&f.owner, &format!("/api/v1{path}")).json()["title"], "Van een ander");

    let revision = field(&again.text, "revision").unwrap();
    browser.post(&editor, &[("markdown", mine), ("revision", revision.as_str())]).expect(303);
    assert_eq!(f.house.get(&f.owner, &format!("/api/v1{path}")).json()["title"], "Van mij");
}

#[test]
fn a_closed_study_says_so_on_each_of_its_pages_and_only_an_owner_is_led_to_opening_it() {
    let f = Fieldwork::begin();
    f.house.post(&f.owner, &f.path("close"), &json!({})).expect(200);
    for (who, is_led) in [(&f.owner, true), (&f.interviewer, false)] {
        let browser = Browser::of(&f.house, who);
        for below in ["", "/respondents", "/interviews", "/members", "/guides"] {
            let page = browser.get(&format!("/studies/{}{below}", f.study)).expect(200).text;
            assert!(page.contains("class=\"closed\""), "{below}");
            assert_eq!(page.contains("/settings#closing"), is_led, "{below}");
        }
    }
    f.house.post(&f.owner, &f.path("reopen"), &json!({})).expect(200);
    let page = Browser::of(&f.house, &f.owner).get(&format!("/studies/{}", f.study)).expect(200).text;
    assert!(!page.contains("class=\"closed\""));
}

#[test]
fn a_problem_leads_a_researcher_back_to_the_thing_at_hand_or_to_their_studies() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let published = format!("/guides/{}", f.publish(&guide()));
    let refused = browser.post(&format!("{published}/publish"), &[]).expect(409);
    assert!(refused.text.contains(&format!("href=\"{published}\"")), "{}", refused.text);
    let lost = browser.get("/studies/nowhere/letters").expect(404);
    assert!(lost.text.contains("class=\"button\" href=\"/\""), "{}", lost.text);
    let house = House::open();
    let nobody = Browser::fresh(&house).get("/p/unknown").expect(404);
    assert!(!nobody.text.contains("class=\"button\""), "{}", nobody.text);
}
