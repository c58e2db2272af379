//! The first account by a link from the console, and joining a study by one from a mail. Links work once, opening them
//! changes nothing (R4), and of two who press at once one is too late (R1).

use veldwerk::actions::accept_invitation::accept_invitation;
use veldwerk::actions::offer_setup::offer_setup;
use veldwerk::actions::set_up::{Chosen, set_up};
use veldwerk::actions::sign_in::Arrival;
use veldwerk::domain::text::EmailAddress;
use veldwerk::keys::token_digest;
use veldwerk::mail::{Memory, Opened, Refusal, RefusalKind, Transport};
use veldwerk::worker;

use crate::browser::Browser;
use crate::house::{House, PASSWORD};
use crate::pages_study::page_of;

const NEW: [(&str, &str); 2] = [("name", "Noor Verhoeven"), ("password", PASSWORD)];

fn offered(house: &House) -> Option<String> {
    let now = house.clock.now();
    house.wait(house.store.write(move |tx| offer_setup(tx, now))).unwrap()
}

/// The links that the letters hold that leave now, in their order, as paths.
pub fn mailed(house: &House) -> Vec<String> {
    let letters = house.deliver();
    let text = |letter: &veldwerk::mail::Kept| Opened::read(&letter.message).unwrap().text;
    let all = letters.iter().map(text).collect::<Vec<_>>().join("\n");
    let links = all.split_whitespace().filter_map(|word| word.strip_prefix("http://localhost:8000"));
    links.map(str::to_owned).collect()
}

fn arrival() -> Arrival {
    Arrival { cookie: veldwerk::keys::fresh_token(), browser: "Firefox".to_owned() }
}

fn chosen() -> Chosen {
    Chosen { name: "Noor".to_owned(), password_hash: crate::house::hash_once() }
}

#[test]
fn the_first_researcher_makes_an_account_by_the_link_from_the_console_and_nobody_does_after_that() {
    let house = House::open();
    // A later start ends the link of an earlier one.
    let (other, link) = (offered(&house).unwrap(), offered(&house).unwrap());
    assert!(!house.everything().iter().any(|row| row.contains(&link)), "only its digest is kept");
    let (link, other) = (format!("/setup/{link}"), format!("/setup/{other}"));
    for _ in 0..3 {
        Browser::fresh(&house).get(&link).expect(200);
    }
    let browser = Browser::fresh(&house);
    browser.post_bare(&link, &NEW).expect(403);
    browser.get(&link).expect(200);
    let wrong = browser.post(&link, &[("name", ""), ("email", "noor"), ("password", "kort")]).expect(422);
    assert!(["name", "email", "password"].iter().all(|field| wrong.has_error_at(field)), "{}", wrong.text);
    assert!(wrong.text.contains("value=\"noor\""), "what was typed is kept");
    let all = [NEW[0], NEW[1], ("email", "noor@example.org")];
    assert_eq!(browser.post(&link, &all).expect(303).leads_to(), "/?done=set_up");
    browser.get("/account").expect(200);

    let late = Browser::fresh(&house);
    for link in [&link, &other] {
        let gone = late.get(link).expect(404);
        assert!(gone.text.contains("Deze link werkt niet"), "{}", gone.text);
        late.get("/sign-in").expect(200);
        late.post(link, &all).expect(404);
    }
    assert_eq!(offered(&house), None);
    assert_eq!(
        house.lines("SELECT action || result AS line FROM audit WHERE action = 'user.added'"),
        ["user.addedset_up"]
    );
}

#[test]
fn a_link_for_the_first_account_expires_and_ends_when_an_account_is_made_elsewhere() {
    let house = House::open();
    let link = format!("/setup/{}", offered(&house).unwrap());
    house.at("2027-03-02T08:00:00Z");
    Browser::fresh(&house).get(&link).expect(404);
    let link = format!("/setup/{}", offered(&house).unwrap());
    Browser::fresh(&house).get(&link).expect(200);
    house.researcher("anna");
    Browser::fresh(&house).get(&link).expect(404);
    house.wait(worker::round(&house.clock, &house.store)).unwrap();
    assert_eq!(
        house.lines("SELECT digest AS line FROM account_links").len(),
        1,
        "the expired one is forgotten"
    );
}

#[test]
fn of_two_who_make_the_first_account_at_once_by_two_links_one_does() {
    let house = House::open();
    let now = house.clock.now();
    let press = |token: String, email: &str| {
        let email = EmailAddress::parse(email).unwrap();
        house.store.write(move |tx| set_up(tx, now, &token_digest(&token), &email, &chosen(), &arrival()))
    };
    let (one, two) = (offered(&house).unwrap(), offered(&house).unwrap());
    let (first, second) =
        house.wait(async { tokio::join!(press(one, "a@example.org"), press(two, "b@example.org")) });
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(house.lines("SELECT email AS line FROM users").len(), 1);
}

#[test]
fn somebody_without_an_account_is_invited_by_mail_makes_one_and_joins() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = page_of(&house.empty_study(&anna));
    let owner = Browser::of(&house, &anna);
    owner.get(&format!("{study}/members")).expect(200);
    let invite = [("email", "Noor@Example.org"), ("role", "interviewer")];
    let asked = owner.post(&format!("{study}/members"), &invite).expect(303);
    assert!(asked.leads_to().ends_with("?done=member_invited"));
    assert!(owner.get(&format!("{study}/members")).expect(200).text.contains("badge-queued"));
    assert!(
        !house.everything().iter().any(|row| row.to_lowercase().contains("noor")),
        "the address is sealed"
    );
    let link = mailed(&house).pop().unwrap();
    let page = owner.get(&format!("{study}/members")).expect(200).text;
    assert!(page.contains("Noor@Example.org") && page.contains("badge-sent"), "{page}");

    let browser = Browser::fresh(&house);
    let page = browser.get(&link).expect(200).text;
    assert!(page.contains("Sociaal domein") && page.contains("Noor@Example.org") && page.contains("anna"));
    browser.get(&link).expect(200);
    assert!(
        browser.post(&link, &[("name", "Noor"), ("password", "kort")]).expect(422).has_error_at("password")
    );
    assert_eq!(browser.post(&link, &NEW).expect(303).leads_to(), study);
    browser.get(&format!("{study}/letters")).expect(200);
    browser.get(&format!("{study}/settings")).expect(403);
    Browser::fresh(&house).get(&link).expect(404);
    let page = owner.get(&format!("{study}/members")).expect(200).text;
    assert!(page.contains("Noor Verhoeven") && !page.contains("/members/invited/"), "{page}");
    let fields = [("email", "noor@example.org"), ("password", PASSWORD), ("next", "/")];
    let again = Browser::fresh(&house);
    again.get("/sign-in").expect(200);
    again.post("/sign-in", &fields).expect(303);
}

#[test]
fn an_invitation_is_taken_back_replaced_and_expires() {
    let house = House::open();
    let [anna, bob, eva] = ["anna", "bob", "eva"].map(|name| house.researcher(name));
    let api = house.empty_study(&anna);
    house.join(&anna, &api, &bob, "interviewer");
    let study = page_of(&api);
    let [owner, other, stranger] = [&anna, &bob, &eva].map(|who| Browser::of(&house, who));
    let members = format!("{study}/members");
    let invite = [("email", "noor@example.org"), ("role", "reader")];
    owner.get(&members).expect(200);
    owner.post(&members, &invite).expect(303);
    let first = mailed(&house).pop().unwrap();
    owner.post(&members, &invite).expect(303);
    let second = mailed(&house).pop().unwrap();
    Browser::fresh(&house).get(&first).expect(404);
    Browser::fresh(&house).get(&second).expect(200);

    let page = owner.get(&members).expect(200).text;
    let (_, rest) = page.split_once("/members/invited/").unwrap();
    let revoke = format!("{members}/invited/{}/revoke", rest.split_once("/revoke").unwrap().0);
    assert!(!other.get(&members).expect(200).text.contains("noor@example.org"), "only owners see whom");
    other.post(&revoke, &[]).expect(403);
    stranger.post(&revoke, &[]).expect(404);
    let elsewhere = page_of(&house.empty_study(&eva));
    stranger.post(&revoke.replace(&study, &elsewhere), &[]).expect(404);
    owner.post(&revoke, &[]).expect(303);
    owner.post(&revoke, &[]).expect(404);
    Browser::fresh(&house).get(&second).expect(404);

    owner.post(&members, &invite).expect(303);
    let third = mailed(&house).pop().unwrap();
    house.at("2027-03-08T08:00:00Z");
    Browser::fresh(&house).get(&third).expect(404);
}

#[test]
fn whoever_has_an_account_is_added_at_once_and_an_invitation_signs_nobody_in_who_has_one() {
    let house = House::open();
    let [anna, bob] = ["anna", "bob"].map(|name| house.researcher(name));
    let study = page_of(&house.empty_study(&anna));
    let members = format!("{study}/members");
    let owner = Browser::of(&house, &anna);
    owner.get(&members).expect(200);
    let added = owner.post(&members, &[("email", bob.email.as_str()), ("role", "reader")]).expect(303);
    assert!(added.leads_to().ends_with("?done=member_added"));
    assert!(
        owner
            .post(&members, &[("email", bob.email.as_str()), ("role", "reader")])
            .expect(409)
            .has_error_at("email")
    );

    owner.post(&members, &[("email", "noor@example.org"), ("role", "reader")]).expect(303);
    let link = mailed(&house).pop().unwrap();
    let noor = house.researcher("noor");
    let browser = Browser::fresh(&house);
    assert!(!browser.get(&link).expect(200).text.contains("name=\"password\""));
    assert_eq!(browser.post(&link, &[]).expect(303).leads_to(), "/sign-in?done=joined");
    browser.get("/account").expect(303);
    Browser::of(&house, &noor).get(&study).expect(200);
}

#[test]
fn of_two_who_answer_one_invitation_at_once_one_joins() {
    let house = House::open();
    let anna = house.researcher("anna");
    let members = format!("{}/members", page_of(&house.empty_study(&anna)));
    let owner = Browser::of(&house, &anna);
    owner.get(&members).expect(200);
    owner.post(&members, &[("email", "noor@example.org"), ("role", "reader")]).expect(303);
    let link = mailed(&house).pop().unwrap();
    let (now, digest) = (house.clock.now(), token_digest(link.strip_prefix("/join/").unwrap()));
    let press = || {
        let digest = digest.clone();
        house.store.write(move |tx| accept_invitation(tx, now, &digest, Some(&chosen()), &arrival()))
    };
    let (one, two) = house.wait(async { tokio::join!(press(), press()) });
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(house.lines("SELECT email AS line FROM users").len(), 2);
}

#[test]
fn a_letter_with_an_invitation_is_tried_again_as_it_was_and_shown_when_it_failed() {
    let house = House::open();
    let anna = house.researcher("anna");
    let members = format!("{}/members", page_of(&house.empty_study(&anna)));
    let owner = Browser::of(&house, &anna);
    owner.get(&members).expect(200);
    owner.post(&members, &[("email", "noor@example.org"), ("role", "reader")]).expect(303);
    let memory = Memory::default();
    let refusal = |kind| Refusal { kind, said: "451 4.3.0 later".to_owned(), in_doubt: true };
    memory.refuse_next(refusal(RefusalKind::Passing));
    house.deliver_to(Transport::Memory(memory.clone()));
    assert_eq!(memory.letters().len(), 0);
    let kept = house.lines("SELECT CAST(length(message) AS TEXT) AS line FROM account_letters");
    assert_ne!(kept, ["0"], "the message is kept for the next attempt");
    house.at("2027-03-01T08:05:00Z");
    house.deliver_to(Transport::Memory(memory.clone()));
    let sent = memory.letters();
    let text = String::from_utf8_lossy(&sent[0].message).into_owned();
    assert!(text.contains("Date: Mon, 01 Mar 2027 08:00:00"), "as it was written first: {text}");
    let rest = "SELECT state || COALESCE(CAST(length(facts) AS TEXT), '-') AS line FROM account_letters";
    assert_eq!(house.lines(rest), ["sent-"], "nothing of it is left");

    owner.post(&members, &[("email", "bram@example.org"), ("role", "reader")]).expect(303);
    memory.refuse_next(refusal(RefusalKind::Final));
    house.deliver_to(Transport::Memory(memory.clone()));
    assert!(owner.get(&members).expect(200).text.contains("badge-failed"));
}
