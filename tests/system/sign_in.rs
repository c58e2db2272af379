//! Signing in and out (E25, E31).

use rocket::http::{ContentType, Cookie, Header};
use serde_json::json;
use veldwerk::actions::sign_in::{count_guess, forget_guesses};
use veldwerk::domain::audit::Done;
use veldwerk::domain::text::EmailAddress;
use veldwerk::problem::Problem;

use crate::house::{House, PASSWORD};

fn sign_in(house: &House, email: &str, password: &str) -> crate::house::Answer {
    house.post_openly("/api/v1/session", &json!({ "email": email, "password": password }))
}

fn cookie(answer: &crate::house::Answer) -> Cookie<'static> {
    Cookie::parse(answer.header("set-cookie").unwrap().to_owned()).unwrap()
}

#[test]
fn a_session_begins_with_the_right_password_and_ends_when_asked() {
    let house = House::open();
    let anna = house.researcher("anna");
    sign_in(&house, &anna.email, "een ander wachtwoord").expect(401);
    let begun = sign_in(&house, "ANNA@example.org", PASSWORD).expect(204);
    let csrf = begun.header("x-csrf-token").unwrap().to_owned();
    let me = |house: &House| house.send(house.client.get("/api/v1/me").cookie(cookie(&begun)));
    assert_eq!(me(&house).expect(200).json()["email"], "anna@example.org");
    let end = house.client.delete("/api/v1/session").cookie(cookie(&begun));
    house.send(end.header(Header::new("X-CSRF-Token", csrf))).expect(204);
    me(&house).expect(401);
}

#[test]
fn a_change_by_cookie_needs_our_own_token_and_origin() {
    let house = House::open();
    let anna = house.researcher("anna");
    let begun = sign_in(&house, &anna.email, PASSWORD).expect(204);
    let csrf = begun.header("x-csrf-token").unwrap().to_owned();
    let change = |headers: Vec<(&'static str, String)>| {
        let mut request = house
            .client
            .put("/api/v1/me/password")
            .cookie(cookie(&begun))
            .header(ContentType::JSON)
            .body(json!({ "current": "x", "new": "y" }).to_string());
        for (name, value) in headers {
            request = request.header(Header::new(name, value));
        }
        house.send(request).status
    };
    assert_eq!(change(vec![]), 403);
    assert_eq!(change(vec![("X-CSRF-Token", "00".repeat(32))]), 403);
    assert_eq!(change(vec![("X-CSRF-Token", csrf.clone()), ("Sec-Fetch-Site", "cross-site".into())]), 403);
    assert_eq!(change(vec![("X-CSRF-Token", csrf.clone()), ("Origin", "https://evil.example".into())]), 403);
    assert_eq!(change(vec![("X-CSRF-Token", csrf), ("Sec-Fetch-Site", "same-origin".into())]), 422);
}

#[test]
fn guessing_is_slowed_down_and_never_locks_anybody_out() {
    let house = House::open();
    let anna = house.researcher("anna");
    let from = |address: &str, password: &str| {
        let request = house.client.post("/api/v1/session").remote(format!("{address}:1").parse().unwrap());
        house.send(crate::house::json(request, &json!({ "email": anna.email, "password": password })))
    };
    for _ in 0..5 {
        from("192.0.2.1", "mis, mis, mis").expect(401);
    }
    let refused = from("192.0.2.1", PASSWORD).expect(429);
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    // Somebody else's guessing does not shut out the person at another address.
    from("192.0.2.2", PASSWORD).expect(204);
    house.at("2027-03-01T08:20:00Z");
    from("192.0.2.1", PASSWORD).expect(204);
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    let house = House::open();
    let anna = house.researcher("anna");
    let here = sign_in(&house, &anna.email, PASSWORD).expect(204);
    let there = sign_in(&house, &anna.email, PASSWORD).expect(204);
    let csrf = here.header("x-csrf-token").unwrap().to_owned();
    let change = house
        .client
        .put("/api/v1/me/password")
        .cookie(cookie(&here))
        .header(Header::new("X-CSRF-Token", csrf))
        .header(ContentType::JSON)
        .body(json!({ "current": PASSWORD, "new": "heel iets anders dan eerst" }).to_string());
    house.send(change).expect(204);
    house.send(house.client.get("/api/v1/me").cookie(cookie(&here))).expect(200);
    house.send(house.client.get("/api/v1/me").cookie(cookie(&there))).expect(401);
}

#[test]
fn of_many_guesses_at_once_only_as_many_are_looked_at_as_one_after_the_other() {
    let house = House::open();
    let anna = house.researcher("anna");
    let email = EmailAddress::parse(&anna.email).unwrap();
    let now = house.clock.now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let looked_at = runtime.block_on(async {
        let guesses = (0..30).map(|_| {
            let email = email.clone();
            house.store.write(move |tx| count_guess(tx, now, &email, Some([127, 0, 0, 1].into())))
        });
        rocket::futures::future::join_all(guesses).await
    });
    let taken = looked_at.iter().filter(|guess| guess.is_ok()).count();
    let slowed = looked_at.iter().filter(|guess| matches!(guess, Err(Problem::Throttled(_)))).count();
    assert_eq!((taken, slowed), (5, 25), "the fifth is the first that makes others wait");
}

#[test]
fn a_session_in_which_somebody_works_goes_on_and_one_that_only_looks_ends_after_twelve_hours() {
    let house = House::open();
    let anna = house.researcher("anna");
    let begun = sign_in(&house, &anna.email, PASSWORD).expect(204);
    let csrf = begun.header("x-csrf-token").unwrap().to_owned();
    let me = || house.send(house.client.get("/api/v1/me").cookie(cookie(&begun))).status;
    let work = || {
        let request = house.client.post("/api/v1/studies").cookie(cookie(&begun));
        let body = json!({ "title": "Beleid", "contact_email": "o@example.org" });
        let request = crate::house::json(request, &body);
        house.send(request.header(Header::new("X-CSRF-Token", csrf.clone())))
    };
    house.at("2027-03-01T19:59:00Z");
    work().expect(201);
    house.at("2027-03-02T07:58:00Z");
    assert_eq!(me(), 200, "a working day later");
    house.at("2027-03-02T08:00:00Z");
    assert_eq!(me(), 401, "looking keeps nothing (R4)");
    work().expect(401);
}

#[test]
fn an_account_of_ones_own_does_not_help_an_address_to_guess_at_those_of_others() {
    let house = House::open();
    let anna = house.researcher("anna");
    let (now, address) = (house.clock.now(), Some([192, 0, 2, 1].into()));
    let guess = |email: &str| {
        let email = EmailAddress::parse(email).unwrap();
        house.wait(house.store.write(move |tx| count_guess(tx, now, &email, address)))
    };
    for number in 0..60 {
        guess(&format!("somebody{number}@example.org")).unwrap();
    }
    guess(&anna.email).unwrap();
    let own = anna.email.clone();
    let forget =
        move |tx: &mut veldwerk::store::Tx<'_>| forget_guesses(tx, &own, address).map(Done::housekeeping);
    house.wait(house.store.write(forget)).unwrap();
    assert!(matches!(guess("another@example.org"), Err(Problem::Throttled(_))));
}

#[test]
fn of_several_lines_about_where_a_request_comes_from_the_proxys_own_is_believed() {
    let mut house = House::open();
    house.settings.trusted_proxy = Some([192, 0, 2, 1].into());
    let house = house.rebuilt();
    let anna = house.researcher("anna");
    let guess = |forged: usize, seen: &str| {
        let request = house.client.post("/api/v1/session").remote("192.0.2.1:1".parse().unwrap());
        let request = request.header(Header::new("X-Forwarded-For", format!("198.51.100.{forged}")));
        let request = request.header(Header::new("X-Forwarded-For", seen.to_owned()));
        let body = json!({ "email": anna.email, "password": "mis, mis, mis" });
        house.send(crate::house::json(request, &body)).status
    };
    for number in 0..5 {
        assert_eq!(guess(number, "203.0.113.7"), 401);
    }
    assert_eq!(guess(5, "203.0.113.7"), 429);
    assert_eq!(guess(6, "203.0.113.8"), 401, "the control: somebody else");
}
