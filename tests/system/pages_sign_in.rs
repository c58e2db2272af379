//! Signing in and out on pages (E25, E31, R4), and one's own account.

use veldwerk::actions::sign_in::{self, Arrival};
use veldwerk::domain::audit::Done;
use veldwerk::domain::text::EmailAddress;
use veldwerk::keys::{fresh_token, token_digest};
use veldwerk::store::{accounts, sessions};

use crate::browser::Browser;
use crate::house::{House, PASSWORD, Researcher};
use crate::pages_study::page_of;

/// A link that signs somebody in, as the demonstration makes one.
fn link(house: &House, who: &Researcher) -> String {
    let (token, email) = (fresh_token(), EmailAddress::parse(&who.email).unwrap().folded());
    let (digest, until) = (token_digest(&token), house.clock.now().plus_minutes(60));
    let change = house.store.write(move |tx| {
        let account = accounts::by_email(tx, &email)?.unwrap();
        sessions::insert_link(tx, account.id, &digest, until).map(Done::housekeeping)
    });
    house.wait(change).unwrap();
    format!("/sign-in/{token}")
}

#[test]
fn a_house_without_researchers_says_how_to_make_the_first() {
    let house = House::open();
    let page = Browser::fresh(&house).get("/").expect(200);
    assert!(page.text.contains("veldwerk user add"), "{}", page.text);
    house.researcher("anna");
    assert_eq!(Browser::fresh(&house).get("/").expect(303).leads_to(), "/sign-in");
    let sign_in = Browser::fresh(&house).get("/sign-in").expect(200);
    assert!(!sign_in.text.contains("veldwerk user add"));
}

#[test]
fn whoever_is_not_signed_in_is_led_to_sign_in_and_back() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::fresh(&house);
    let way_in = browser.get("/account?x=1").expect(303).leads_to().to_owned();
    assert_eq!(way_in, "/sign-in?next=%2Faccount%3Fx%3D1");
    let page = browser.get(&way_in).expect(200);
    assert!(page.text.contains("name=\"next\" value=\"/account?x=1\""), "{}", page.text);
    let fields = |next| [("email", anna.email.as_str()), ("password", PASSWORD), ("next", next)];
    assert_eq!(browser.post("/sign-in", &fields("/account?x=1")).expect(303).leads_to(), "/account?x=1");
    browser.get("/account?x=1").expect(200);
    // A foreign address to go to is not followed, and the API never redirects.
    browser.get("/sign-in").expect(200);
    assert_eq!(browser.post("/sign-in", &fields("//evil.example")).expect(303).leads_to(), "/");
    Browser::fresh(&house).get("/api/v1/me").expect(401);
}

#[test]
fn a_wrong_password_shows_the_form_again_with_the_address_kept() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::fresh(&house);
    browser.get("/sign-in").expect(200);
    let fields = [("email", anna.email.as_str()), ("password", "mis"), ("next", "/account")];
    let again = browser.post("/sign-in", &fields).expect(401);
    assert!(again.text.contains(&format!("value=\"{}\"", anna.email)), "{}", again.text);
    assert!(again.text.contains("value=\"/account\"") && !again.text.contains("value=\"mis\""));
    for _ in 0..4 {
        browser.post("/sign-in", &fields).expect(401);
    }
    assert!(browser.post("/sign-in", &fields).expect(429).header("retry-after").is_some());
}

#[test]
fn signing_in_needs_the_token_of_our_own_page() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::fresh(&house);
    let fields = [("email", anna.email.as_str()), ("password", PASSWORD)];
    browser.post_bare("/sign-in", &fields).expect(403);
    browser.get("/sign-in").expect(200);
    browser.post_bare("/sign-in", &fields).expect(403);
    browser.post("/sign-in", &fields).expect(303);
}

#[test]
fn opening_a_sign_in_link_changes_nothing_and_pressing_its_button_works_once() {
    let house = House::open();
    let anna = house.researcher("anna");
    let link = link(&house, &anna);
    // A scanner opens it as often as it likes (R4).
    for _ in 0..3 {
        Browser::fresh(&house).get(&link).expect(200);
    }
    let browser = Browser::fresh(&house);
    browser.post_bare(&link, &[]).expect(403);
    browser.get(&link).expect(200);
    assert_eq!(browser.post(&link, &[]).expect(303).leads_to(), "/");
    browser.get("/account").expect(200);
    let other = Browser::fresh(&house);
    other.get(&link).expect(200);
    assert!(other.post(&link, &[]).expect(404).text.contains("name=\"password\""));
    other.get("/account").expect(303);
    other.get("/sign-in/short").expect(404);
}

#[test]
fn signing_out_ends_the_session() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::of(&house, &anna);
    browser.post_bare("/sign-out", &[]).expect(403);
    let after = browser.post("/sign-out", &[]).expect(303);
    assert_eq!(after.leads_to(), "/sign-in?done=signed_out");
    browser.get(after.leads_to()).expect(200);
    assert_eq!(browser.get("/").expect(303).leads_to(), "/sign-in");
    // A button of a page that was left open leads to signing in, not to a fault.
    browser.post("/account/password", &[]).expect(401);
}

#[test]
fn a_password_is_changed_and_a_session_ended_on_the_account_page() {
    let house = House::open();
    let anna = house.researcher("anna");
    let (here, there) = (Browser::of(&house, &anna), Browser::of(&house, &anna));
    let refused = here.post("/account/password", &[("current", "mis"), ("new", "kort")]).expect(422);
    assert!(refused.has_error_at("new"), "{}", refused.text);
    let fields = [("current", PASSWORD), ("new", "heel iets anders dan eerst")];
    assert_eq!(
        here.post("/account/password", &fields).expect(303).leads_to(),
        "/account?done=password_changed"
    );
    there.get("/account").expect(303);
    let page = here.get("/account?done=password_changed").expect(200);
    assert!(!page.text.contains("/account/sessions/"), "this browser is the only one left");
    let token = fresh_token();
    let email = EmailAddress::parse(&anna.email).unwrap().folded();
    let now = house.clock.now();
    let begin = house.store.write(move |tx| {
        let account = accounts::by_email(tx, &email)?.unwrap();
        let arrival = Arrival { cookie: token.clone(), browser: "Firefox op de trein".to_owned() };
        sign_in::sign_in(tx, now, &account, None, &arrival, None)
    });
    house.wait(begin).unwrap();
    let page = here.get("/account").expect(200);
    assert!(page.text.contains("Firefox op de trein"));
    let (_, rest) = page.text.split_once("/account/sessions/").unwrap();
    let session = rest.split_once("/end").unwrap().0;
    here.post(&format!("/account/sessions/{session}/end"), &[]).expect(303);
    assert!(!here.get("/account").expect(200).text.contains("Firefox op de trein"));
}

#[test]
fn what_was_typed_before_the_session_ended_is_shown_to_whoever_typed_it_with_a_way_to_sign_in() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let (here, path) = (Browser::fresh(&house), format!("{}/wordings/invitation", page_of(&study)));
    let typed = [("subject.nl", "Een <vraag>"), ("body.nl", "Beste,\n\nLang gezwoegd."), ("act", "test")];
    let page = here.post_bare(&path, &typed).expect(401).text;
    assert!(page.contains("Een &lt;vraag&gt;") && page.contains("Lang gezwoegd."), "{page}");
    assert!(page.contains(&format!("/sign-in?next={}", path.replace('/', "%2F"))), "{page}");
    assert!(page.contains("target=\"_blank\""), "this page stays, with the text on it");
    let words = [("current", "vier losse woorden samen"), ("new", "vijf andere woorden hierbij nog")];
    for form in ["/account/password", "/account/second-factor/off"] {
        let page = here.post_bare(form, &words).expect(401).text;
        assert!(!page.contains("woorden"), "no password is shown: {page}");
    }
    let request = house.client.post(path.clone()).header(rocket::http::ContentType::Form);
    let request = request.header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site"));
    let page = house.send(request.body("body.nl=Bel+dit+nummer")).expect(401).text;
    assert!(!page.contains("Bel dit nummer"), "another site puts no words into our mouth: {page}");
}
