//! The journey from a chosen time to an appointment on the pages: the time is kept meanwhile, and what somebody typed
//! outlives the loss of it.

use serde_json::json;

use crate::browser::{Browser, field};
use crate::house::{Answer, House};
use crate::races::everybody_consents;
use crate::study::{Study, WEDNESDAY_TEN};

fn page(study: &Study<'_>) -> String {
    format!("/p/{}", study.first().token)
}

/// A study in both manners with two respondents who consented.
fn study(house: &House) -> Study<'_> {
    let study = house.bookable().with("modes", json!(["teams", "in_person"])).respondents(2).open();
    everybody_consents(&study);
    study
}

fn choose(browser: &Browser<'_>, study: &Study<'_>, mode: &str, starts_at: &str) -> Answer {
    browser.post_bare(&format!("{}/hold", page(study)), &[("mode", mode), ("starts_at", starts_at)])
}

#[test]
fn a_chosen_time_is_kept_then_the_form_says_until_when_and_books_it() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    let times = browser.get(&format!("{}/book?mode=teams", page(&study))).expect(200).text;
    assert!(times.contains(&format!("action=\"{}/hold\"", page(&study))), "{times}");
    let key = field(&times, "key").unwrap();
    let chosen = [("mode", "teams"), ("starts_at", WEDNESDAY_TEN), ("key", key.as_str())];
    let kept = browser.post_bare(&format!("{}/hold", page(&study)), &chosen).expect(303);
    let form = browser.get(kept.leads_to()).expect(200).text;
    assert!(form.contains("We houden dit moment tot 09.10 uur voor u vrij."), "{form}");
    assert!(
        form.contains("woensdag 3 maart 2027") && form.contains("Ik maak de afspraak voor iemand anders")
    );
    let again = browser.post_bare(&format!("{}/hold", page(&study)), &chosen).expect(303);
    assert_eq!(again.leads_to(), kept.leads_to(), "a second press is the same press");
    let overview = browser.get(&page(&study)).expect(200).text;
    assert!(
        overview.contains("We houden dat tot 09.10 uur voor u vrij.")
            && overview.contains("Afspraak afmaken")
    );
    let english = browser.get(&format!("{}&lang=en", kept.leads_to())).expect(200).text;
    assert!(english.contains("We keep this time free for you until 09:10"), "{english}");
    let sent = [("mode", "teams"), ("starts_at", WEDNESDAY_TEN)];
    let booked = browser.post_bare(&format!("{}/book", page(&study)), &sent).expect(303);
    assert!(booked.leads_to().ends_with("?done=booked"));
    assert_eq!(study.seen(study.first())["status"], "booked");
}

#[test]
fn a_time_that_is_no_longer_kept_is_tried_and_if_it_is_gone_others_stand_in_the_same_form() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    let kept = choose(&browser, &study, "in_person", WEDNESDAY_TEN).expect(303);
    house.at("2027-03-01T08:11:00Z");
    let form = browser.get(kept.leads_to()).expect(200).text;
    assert!(form.contains("We houden dit moment nu niet voor u vrij."), "{form}");
    study.book(&study.respondents[1], WEDNESDAY_TEN).expect(201);
    let typed = [
        ("mode", "in_person"),
        ("starts_at", WEDNESDAY_TEN),
        ("place_kind", "other"),
        ("place", "Stationsplein <1>"),
        ("delegate_name", "Joke Smit"),
        ("delegate_email", "joke@gemeente.example.org"),
    ];
    let book = format!("{}/book", page(&study));
    let gone = browser.post_bare(&book, &typed).expect(409).text;
    assert!(
        gone.contains("Dat moment is net bezet") && gone.contains("value=\"2027-03-03T10:15:00Z\""),
        "{gone}"
    );
    assert!(gone.contains("Stationsplein &lt;1&gt;") && gone.contains("value=\"Joke Smit\""));
    assert!(
        !gone.contains(&format!("name=\"starts_at\" value=\"{WEDNESDAY_TEN}\"")),
        "what is gone is not sent again"
    );
    let mut undecided = typed;
    undecided[1] = ("wanted", WEDNESDAY_TEN);
    let undecided = browser.post_bare(&book, &undecided).expect(422);
    assert!(
        undecided.has_error_at("starts_at") && undecided.text.contains("value=\"Joke Smit\""),
        "{}",
        undecided.text
    );
    assert!(undecided.text.contains("value=\"2027-03-03T10:15:00Z\""), "{}", undecided.text);
    let mut near = typed;
    near[1].1 = "2027-03-03T10:15:00Z";
    browser.post_bare(&book, &near).expect(303);
    assert_eq!(study.seen(study.first())["interview"]["place"], "Stationsplein <1>");
}

#[test]
fn an_expired_time_that_nobody_took_is_booked_all_the_same() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    choose(&browser, &study, "teams", WEDNESDAY_TEN).expect(303);
    house.at("2027-03-01T08:30:00Z");
    let sent = [("mode", "teams"), ("starts_at", WEDNESDAY_TEN)];
    browser.post_bare(&format!("{}/book", page(&study)), &sent).expect(303);
    assert_eq!(study.seen(study.first())["interview"]["starts_at"], WEDNESDAY_TEN);
}

#[test]
fn what_can_not_be_kept_is_refused_where_it_is_chosen_and_what_is_half_typed_where_it_is_typed() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    let nothing = browser.post_bare(&format!("{}/hold", page(&study)), &[("mode", "teams")]).expect(422);
    assert!(nothing.has_error_at("starts_at"), "{}", nothing.text);
    study.book(&study.respondents[1], WEDNESDAY_TEN).expect(201);
    let taken = choose(&browser, &study, "teams", WEDNESDAY_TEN).expect(409).text;
    assert!(taken.contains("Dat moment is net bezet") && taken.contains("value=\"2027-03-03T10:15:00Z\""));
    let late = choose(&browser, &study, "teams", "2027-03-01T10:00:00Z").expect(422);
    assert!(late.text.contains("role=\"alert\""), "{}", late.text);
    let homeless = [("mode", "in_person"), ("starts_at", "2027-03-04T09:00:00Z"), ("place_kind", "other")];
    let homeless = browser.post_bare(&format!("{}/book", page(&study)), &homeless).expect(422);
    assert!(
        homeless.has_error_at("place") && homeless.text.contains("Afspraak bevestigen"),
        "{}",
        homeless.text
    );
    let soon = [("mode", "teams"), ("starts_at", "2027-03-01T10:00:00Z")];
    let soon = browser.post_bare(&format!("{}/book", page(&study)), &soon).expect(422);
    assert!(soon.text.contains("Dichtbij het moment dat u koos"), "{}", soon.text);
    for nonsense in ["", "?mode=teams", "?mode=carrier&starts_at=x"] {
        let back = browser.get(&format!("{}/details{nonsense}", page(&study))).expect(303);
        assert!(back.leads_to().ends_with("/book"));
    }
}

#[test]
fn in_a_closed_study_the_pages_of_planning_show_that_it_is_closed() {
    let house = House::open();
    let study = study(&house);
    let browser = Browser::fresh(&house);
    study.book(&study.respondents[1], WEDNESDAY_TEN).expect(201);
    house.post(&study.owner, &study.path("close"), &json!({})).expect(200);
    let planned = format!("/p/{}", study.respondents[1].token);
    let details = format!("{}/details?mode=teams&starts_at={WEDNESDAY_TEN}", page(&study));
    let others = ["/book?mode=teams", "/propose"].map(|path| format!("{}{path}", page(&study)));
    for path in [&details, &others[0], &others[1], &format!("{planned}/move?mode=teams")] {
        let shown = browser.get(path).expect(200).text;
        assert!(shown.contains("Het onderzoek is afgesloten") && !shown.contains("<form"), "{path}: {shown}");
    }
}
