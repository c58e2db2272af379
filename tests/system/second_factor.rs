//! A second factor: set up and confirmed, asked for after the password, each code once, slowed down, switched off by
//! its owner and taken away by an operator (ASVS 5.0 V6.3.3, V6.5; RFC 6238 5.2).

use serde_json::json;
use veldwerk::actions::second_factor::take_away;
use veldwerk::actions::sign_in::{Arrival, sign_in};
use veldwerk::clock::Instant;
use veldwerk::domain::language::Language;
use veldwerk::domain::second_factor::{FactorSecret, step_at};
use veldwerk::domain::text::EmailAddress;
use veldwerk::mail::Opened;
use veldwerk::problem::Problem;
use veldwerk::store::accounts;

use crate::browser::Browser;
use crate::house::{Answer, House, PASSWORD, Researcher};

const PAGE: &str = "/account/second-factor";

/// A researcher whose second factor is on.
struct Guarded {
    house: House,
    anna: Researcher,
    secret: FactorSecret,
    codes: Vec<String>,
}

/// The secret that a page shows for typing.
fn shown_secret(page: &str) -> FactorSecret {
    let (_, rest) = page.split_once("data-copy>").unwrap();
    let text: String = rest.split('<').next().unwrap().split_whitespace().collect();
    FactorSecret::from_bytes(&data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
}

impl Guarded {
    fn on() -> Self {
        let house = House::open();
        let anna = house.researcher("anna");
        let (browser, other) = (Browser::of(&house, &anna), Browser::of(&house, &anna));
        browser.get(PAGE).expect(200);
        browser.post(PAGE, &[]).expect(303);
        let page = browser.get(PAGE).expect(200).text;
        assert!(page.contains("<svg class=\"qr\"") && page.contains("role=\"img\""), "{page}");
        let secret = shown_secret(&page);
        let code = secret.code(step_at(house.clock.now()));
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let on = format!("{PAGE}/on");
        assert!(
            browser.post(&on, &[("code", wrong), ("current", PASSWORD)]).expect(401).has_error_at("code")
        );
        let no_password = browser.post(&on, &[("code", &code), ("current", "mis")]).expect(422);
        assert!(no_password.has_error_at("current"));
        other.get("/account").expect(200);
        let kept = browser.post(&on, &[("code", &code), ("current", PASSWORD)]).expect(200).text;
        let codes: Vec<String> =
            kept.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(codes.len(), 10);
        // The codes are shown this once, and other browsers have to sign in again.
        assert!(!browser.get(PAGE).expect(200).text.contains(&codes[0]));
        other.get("/account").expect(303);
        let told = house.deliver();
        assert!(Opened::read(&told[0].message).unwrap().subject.contains("staat aan"));
        let rows = house.everything();
        let bare = codes[0].replace(' ', "");
        assert!(
            !rows.iter().any(|row| row.contains(&bare) || row.contains(&codes[0])),
            "only digests are kept"
        );
        house.at("2027-03-01T08:10:00Z");
        Self { house, anna, secret, codes }
    }

    fn code(&self) -> String {
        self.secret.code(step_at(self.house.clock.now()))
    }

    /// A browser in which the password was given.
    fn half_way(&self) -> Browser<'_> {
        let browser = Browser::fresh(&self.house);
        browser.get("/sign-in").expect(200);
        let fields = [("email", self.anna.email.as_str()), ("password", PASSWORD), ("next", "/account?x=1")];
        assert_eq!(browser.post("/sign-in", &fields).expect(303).leads_to(), "/sign-in/code");
        browser.get("/account").expect(303);
        browser.get("/sign-in/code").expect(200);
        browser
    }

    fn session(&self, code: Option<&str>) -> Answer {
        let mut body = json!({ "email": self.anna.email, "password": PASSWORD });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        self.house.post_openly("/api/v1/session", &body)
    }

    fn minutes_later(&self, minutes: i64) {
        self.house.clock.set(self.house.clock.now().plus_minutes(minutes));
    }
}

fn give(browser: &Browser<'_>, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("code", code)])
}

#[test]
fn after_the_password_a_code_is_asked_for_and_each_code_is_taken_once() {
    let g = Guarded::on();
    let browser = g.half_way();
    give(&browser, "").expect(422);
    assert!(give(&browser, "12345").expect(401).text.contains("Deze code klopt niet"));
    let code = g.code();
    let (first, last) = code.split_at(3);
    let typed = format!(" {first} {last}");
    assert_eq!(give(&browser, &typed).expect(303).leads_to(), "/account?x=1");
    browser.get("/account").expect(200);
    // Whoever looked over the shoulder is too late, also with the code of a moment before.
    let other = g.half_way();
    give(&other, &code).expect(401);
    give(&other, &g.secret.code(step_at(g.house.clock.now()) - 1)).expect(401);
    other.get("/account").expect(303);
    g.minutes_later(1);
    give(&other, &g.code()).expect(303);
}

#[test]
fn a_recovery_code_does_once_in_place_of_the_app() {
    let g = Guarded::on();
    let (first, second) = (g.half_way(), g.half_way());
    give(&first, &g.codes[3].to_lowercase()).expect(303);
    first.get("/account").expect(200);
    assert!(first.get(PAGE).expect(200).text.contains("nog 9 herstelcodes"));
    give(&second, &g.codes[3]).expect(401);
    give(&second, &g.codes[4].replace(' ', "-")).expect(303);
}

#[test]
fn the_page_for_a_code_opens_only_after_the_password_and_not_for_long() {
    let g = Guarded::on();
    let stranger = Browser::fresh(&g.house);
    stranger.get("/sign-in").expect(200);
    assert_eq!(stranger.get("/sign-in/code").expect(303).leads_to(), "/sign-in");
    assert_eq!(give(&stranger, &g.code()).expect(303).leads_to(), "/sign-in");
    let browser = g.half_way();
    g.minutes_later(11);
    assert_eq!(give(&browser, &g.code()).expect(303).leads_to(), "/sign-in");
    browser.get("/account").expect(303);
}

#[test]
fn guessing_codes_is_slowed_down_from_wherever_it_comes() {
    let g = Guarded::on();
    let browser = g.half_way();
    for _ in 0..5 {
        give(&browser, "00000A").expect(401);
    }
    let refused = give(&browser, &g.code()).expect(429);
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    g.minutes_later(9);
    give(&browser, &g.code()).expect(303);
}

#[test]
fn the_api_asks_for_a_code_too() {
    let g = Guarded::on();
    assert_eq!(g.session(None).expect(401).code(), "second_factor_missing");
    assert_eq!(g.session(Some("00000A")).expect(401).code(), "second_factor_wrong");
    g.session(Some(&g.code())).expect(204);
    assert_eq!(g.session(Some(&g.code())).expect(401).code(), "second_factor_wrong");
    // Without the right password nothing is said of a code.
    let body = json!({ "email": g.anna.email, "password": "mis, mis, mis" });
    assert_eq!(g.house.post_openly("/api/v1/session", &body).expect(401).code(), "sign_in_refused");
}

#[test]
fn of_two_who_come_with_one_code_at_once_one_gets_in() {
    let g = Guarded::on();
    let folded = EmailAddress::parse(&g.anna.email).unwrap().folded();
    let (now, code): (Instant, String) = (g.house.clock.now(), g.code());
    let arrive = || {
        let (folded, code) = (folded.clone(), code.clone());
        let arrival = Arrival { cookie: veldwerk::keys::fresh_token(), browser: String::new() };
        g.house.store.write(move |tx| {
            let account = accounts::by_email(tx, &folded)?.ok_or(Problem::NotFound)?;
            sign_in(tx, now, &account, None, &arrival, Some(&code))
        })
    };
    let (one, two) = g.house.wait(async { tokio::join!(arrive(), arrive()) });
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[test]
fn switching_it_off_takes_the_password_and_a_code_and_an_operator_takes_away_a_lost_one() {
    let g = Guarded::on();
    let browser = g.half_way();
    give(&browser, &g.code()).expect(303);
    browser.get(PAGE).expect(200);
    g.minutes_later(1);
    let off = format!("{PAGE}/off");
    assert!(
        browser.post(&off, &[("code", "00000A"), ("current", PASSWORD)]).expect(401).has_error_at("code")
    );
    let code = g.code();
    assert!(browser.post(&off, &[("code", &code), ("current", "mis")]).expect(422).has_error_at("current"));
    // Setting another one up needs the one that is on to be switched off.
    browser.post(PAGE, &[]).expect(409);
    browser.get(PAGE).expect(200);
    browser.post(&off, &[("code", &code), ("current", PASSWORD)]).expect(303);
    g.session(None).expect(204);
    assert_eq!(g.house.deliver().len(), 1, "the owner is told");
    let noted = "SELECT action AS line FROM audit WHERE action LIKE 'user.second%' ORDER BY id";
    let expected = ["user.second_factor_begun", "user.second_factor_on", "user.second_factor_off"];
    assert_eq!(g.house.lines(noted), expected);

    let h = Guarded::on();
    let email = EmailAddress::parse(&h.anna.email).unwrap();
    let now = h.house.clock.now();
    let take = |email: EmailAddress| {
        h.house.wait(h.house.store.write(move |tx| take_away(tx, now, &email, Language::Nl)))
    };
    take(email.clone()).unwrap();
    h.session(None).expect(204);
    assert!(matches!(take(email), Err(Problem::WrongState(_))));
    assert!(take(EmailAddress::parse("nobody@example.org").unwrap()).is_err());
    assert!(Opened::read(&h.house.deliver()[0].message).unwrap().subject.contains("weggehaald"));
    for table in ["second_factors", "recovery_codes"] {
        assert_eq!(h.house.lines(&format!("SELECT user_id AS line FROM {table}")).len(), 0);
    }
}

#[test]
fn another_password_by_mail_does_not_get_around_the_second_factor() {
    let g = Guarded::on();
    let browser = g.half_way();
    let asking = Browser::fresh(&g.house);
    asking.get("/password").expect(200);
    asking.post("/password", &[("email", g.anna.email.as_str())]).expect(200);
    let link = crate::entrance::mailed(&g.house).pop().unwrap();
    asking.get(&link).expect(200);
    asking.post(&link, &[("password", "heel iets anders dan eerst")]).expect(303);
    asking.get("/account").expect(303);
    // Half a sign-in with the former password has ended.
    assert_eq!(give(&browser, &g.code()).expect(303).leads_to(), "/sign-in");
    let body = json!({ "email": g.anna.email, "password": "heel iets anders dan eerst" });
    assert_eq!(g.house.post_openly("/api/v1/session", &body).expect(401).code(), "second_factor_missing");
}
