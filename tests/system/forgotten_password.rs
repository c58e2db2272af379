//! Another password by a link that is mailed: the same answer whoever asks, once, for an hour, and it ends what was
//! open.

use veldwerk::actions::reset_password::reset_password;
use veldwerk::domain::language::Language;
use veldwerk::keys::token_digest;
use veldwerk::mail::Opened;
use veldwerk::worker;

use crate::browser::Browser;
use crate::entrance::mailed;
use crate::house::{Answer, House, PASSWORD, hash_once};

const NEW: &str = "heel iets anders dan eerst";

fn ask(house: &House, email: &str) -> Answer {
    let browser = Browser::fresh(house);
    browser.get("/password").expect(200);
    browser.post("/password", &[("email", email)])
}

/// The page without what differs from visit to visit.
fn alike(answer: &Answer) -> String {
    let token = crate::browser::field(&answer.text, "_csrf").unwrap_or_default();
    if token.is_empty() { answer.text.clone() } else { answer.text.replace(&token, "") }
}

#[test]
fn whoever_asks_for_another_password_is_answered_alike_with_and_without_an_account() {
    let house = House::open();
    house.researcher("anna");
    let (known, unknown) = (ask(&house, "anna@example.org"), ask(&house, "nobody@example.org"));
    assert_eq!((known.status, unknown.status), (200, 200));
    assert_eq!(alike(&known), alike(&unknown));
    // The same rows were written for both, and only one letter leaves.
    for table in ["account_links", "account_letters"] {
        assert_eq!(house.lines(&format!("SELECT 'x' AS line FROM {table}")).len(), 2, "{table}");
    }
    let noted = "SELECT result AS line FROM audit WHERE action = 'user.reset_asked' ORDER BY id";
    assert_eq!(house.lines(noted), ["done", "unknown"]);
    let links = mailed(&house);
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(ask(&house, "geen adres").expect(422).has_error_at("email"));
    assert!(!house.everything().iter().any(|row| row.contains("nobody@example.org")));
}

#[test]
fn asking_too_often_is_refused_alike_too_and_the_window_ends() {
    let house = House::open();
    house.researcher("anna");
    for email in ["anna@example.org", "nobody@example.org"] {
        for _ in 0..3 {
            ask(&house, email).expect(200);
        }
        let refused = ask(&house, email).expect(429);
        assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    }
    house.at("2027-03-01T09:00:01Z");
    ask(&house, "anna@example.org").expect(200);
    // From one place one asks for many addresses only so often.
    let answers: Vec<u16> = (0..40).map(|n| ask(&house, &format!("n{n}@example.org")).status).collect();
    assert!(answers.contains(&200) && answers.last() == Some(&429), "{answers:?}");
}

#[test]
fn a_link_for_another_password_works_once_ends_every_session_and_the_owner_is_told() {
    let house = House::open();
    let anna = house.researcher("anna");
    let open = Browser::of(&house, &anna);
    ask(&house, &anna.email).expect(200);
    ask(&house, &anna.email).expect(200);
    let links = mailed(&house);
    let [first, second] = &links[..] else { panic!("{links:?}") };
    for _ in 0..3 {
        Browser::fresh(&house).get(first).expect(200);
    }
    let browser = Browser::fresh(&house);
    browser.post_bare(first, &[("password", NEW)]).expect(403);
    browser.get(first).expect(200);
    assert!(browser.post(first, &[("password", "kort")]).expect(422).has_error_at("password"));
    let done = browser.post(first, &[("password", NEW)]).expect(303);
    assert_eq!(done.leads_to(), "/sign-in?done=password_reset");
    browser.get(done.leads_to()).expect(200);
    // Nobody is signed in by it, and who was, is no more.
    browser.get("/account").expect(303);
    open.get("/account").expect(303);
    for link in [first, second] {
        let gone = Browser::fresh(&house).get(link).expect(404);
        assert!(gone.text.contains("href=\"/password\""), "{}", gone.text);
        browser.get("/sign-in").expect(200);
        browser.post(link, &[("password", PASSWORD)]).expect(404);
    }
    let told = house.deliver();
    let told = Opened::read(&told[0].message).unwrap();
    assert!(told.subject.contains("gewijzigd") && told.to.contains("anna@example.org"), "{told:?}");
    let fields = |password| [("email", "anna@example.org"), ("password", password), ("next", "/")];
    browser.get("/sign-in").expect(200);
    browser.post("/sign-in", &fields(PASSWORD)).expect(401);
    browser.post("/sign-in", &fields(NEW)).expect(303);
}

#[test]
fn a_link_for_another_password_ends_after_an_hour_and_its_letter_is_not_sent_later() {
    let house = House::open();
    let anna = house.researcher("anna");
    ask(&house, &anna.email).expect(200);
    let link = mailed(&house).pop().unwrap();
    ask(&house, &anna.email).expect(200);
    house.at("2027-03-01T09:00:00Z");
    Browser::fresh(&house).get(&link).expect(404);
    assert_eq!(mailed(&house), Vec::<String>::new());
    house.wait(worker::round(&house.clock, &house.store)).unwrap();
    assert_eq!(house.lines("SELECT digest AS line FROM account_links"), Vec::<String>::new());
}

#[test]
fn whoever_changes_the_password_themselves_ends_the_link_for_another_one() {
    let house = House::open();
    let anna = house.researcher("anna");
    let browser = Browser::of(&house, &anna);
    ask(&house, &anna.email).expect(200);
    let link = mailed(&house).pop().unwrap();
    Browser::fresh(&house).get(&link).expect(200);
    browser.get("/account").expect(200);
    let fields = [("current", PASSWORD), ("new", NEW)];
    browser.post("/account/password", &fields).expect(303);
    Browser::fresh(&house).get(&link).expect(404);
}

#[test]
fn of_two_presses_of_one_link_at_once_one_chooses_the_password() {
    let house = House::open();
    let anna = house.researcher("anna");
    ask(&house, &anna.email).expect(200);
    let link = mailed(&house).pop().unwrap();
    let digest = token_digest(link.strip_prefix("/password/").unwrap());
    let (now, hash) = (house.clock.now(), hash_once());
    let press = || {
        let (digest, hash) = (digest.clone(), hash.clone());
        house.store.write(move |tx| reset_password(tx, now, &digest, &hash, Language::Nl))
    };
    let (one, two) = house.wait(async { tokio::join!(press(), press()) });
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(house.deliver().len(), 1, "the owner is told once");
}
