//! What researchers see of meetings that Microsoft makes, and do about them, on pages.

use serde_json::json;

use crate::browser::Browser;
use crate::fake_graph::FakeGraph;
use crate::house::House;
use crate::pages_study::page_of;
use crate::teams_tenant::{ANNA, Tenant, settings};

#[test]
fn the_page_of_an_interview_says_why_there_is_no_meeting_and_has_it_tried_again() {
    let tenant = Tenant::of(1);
    let browser = Browser::of(&tenant.panel.house, &tenant.panel.owner);
    let page = format!("/interviews/{}", tenant.booked());
    assert!(browser.get(&page).expect(200).text.contains("Microsoft wordt gevraagd om een vergadering"));
    tenant.graph.forbid_all();
    tenant.ask();
    let failed = browser.get(&page).expect(200).text;
    assert!(failed.contains("De vergadering kon niet worden gemaakt"), "{failed}");
    assert!(failed.contains("mag voor deze interviewer geen vergaderingen maken"), "{failed}");
    tenant.graph.permit(ANNA);
    let retry = format!("{page}/meetings/retry");
    assert_eq!(browser.post(&retry, &[]).leads_to(), format!("{page}?done=meeting_asked"));
    tenant.ask();
    let made = browser.get(&page).expect(200).text;
    assert!(made.contains("Beide kanten hebben de link") && !made.contains("/meetings/retry"), "{made}");
}

#[test]
fn an_interviewer_tells_their_object_id_where_microsoft_makes_the_meetings() {
    let tenant = Tenant::of(0);
    let (house, owner) = (&tenant.panel.house, &tenant.panel.owner);
    let browser = Browser::of(house, owner);
    let team = tenant.panel.path("members").replace("/api/v1", "");
    let mine = format!("{team}/{}", house.id_of(owner));
    let wrong = browser.post(&mine, &[("microsoft_id", "anna@example.org")]).expect(422);
    assert!(wrong.has_error_at("microsoft_id") && wrong.text.contains("value=\"anna@example.org\""));
    assert!(browser.post(&mine, &[("microsoft_id", ANNA)]).leads_to().ends_with("done=saved"));
    assert!(browser.get(&team).expect(200).text.contains(ANNA));
    tenant.change(&json!({ "teams_link_source": "fixed" }));
    assert!(!browser.get(&team).expect(200).text.contains("microsoft_id"), "nothing asks for it there");
}

#[test]
fn the_settings_of_a_study_say_where_nobody_may_ask_microsoft_for_meetings_yet() {
    let mut house = House::open();
    let anna = house.researcher("Anna");
    let places = format!("{}/settings/places", page_of(&house.empty_study(&anna)));
    let warned = |house: &House| {
        let page = Browser::of(house, &anna).get(&places).expect(200);
        page.text.contains("nog geen toegang tot Microsoft")
    };
    assert!(warned(&house));
    house.settings = settings(&house, &FakeGraph::open());
    assert!(!warned(&house.rebuilt()));
}
