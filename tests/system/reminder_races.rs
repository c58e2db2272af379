//! Reminders where more than one is at work: servers that sweep at once, a cancellation in between, a fault beside it.

use rocket::futures::future::join_all;
use rocket::http::ContentType;
use rocket::local::asynchronous::Client;
use serde_json::json;
use veldwerk::actions::remind::remind;
use veldwerk::domain::audit::Done;
use veldwerk::settings::Database;
use veldwerk::store::{Migrate, Store, letters, reminders};
use veldwerk::web;
use veldwerk::worker::remind_due;

use crate::fieldwork::execute;
use crate::house::House;
use crate::panel::Read;
use crate::reminders::{DAY_BEFORE, booked, reminds};
use crate::study::{Respondent, Study};

/// A study in which so many have booked from Monday on, and the moment at which all are to be reminded of.
fn many(house: &House, count: usize) -> (Study<'_>, Vec<String>) {
    let leads = json!([4_320]);
    let study = house.bookable().respondents(count).with("reminder_lead_minutes", leads).open();
    let book = |(number, who): (usize, &Respondent)| {
        let (day, hour) = (8 + number / 4, 8 + 2 * (number % 4));
        study.booked(who, &format!("2027-03-{day:02}T{hour:02}:00:00Z"))
    };
    let interviews = study.respondents.iter().enumerate().map(book).collect();
    house.deliver();
    house.at("2027-03-07T18:00:00Z");
    (study, interviews)
}

/// Another process on the same database.
fn another(house: &House) -> Store {
    let keys = house.settings.keys().unwrap();
    house.wait(Store::open(house.settings.database.clone(), keys, Migrate::No)).unwrap()
}

/// Sweeps on every store twice, while something else is done.
fn sweeps_meanwhile<T>(house: &House, stores: &[Store], meanwhile: impl Future<Output = T>) -> (usize, T) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let sweep = |store: &Store| {
            let (clock, store) = (house.clock.clone(), store.clone());
            tokio::spawn(async move { remind_due(&clock, &store).await.unwrap() })
        };
        let sweeps: Vec<_> = stores.iter().chain(stores).map(sweep).collect();
        let done = meanwhile.await;
        (join_all(sweeps).await.into_iter().map(Result::unwrap).sum(), done)
    })
}

/// The recipients of the reminders that wait, were sent, or were dropped.
fn reminders_that_are(house: &House, state: &str) -> Vec<String> {
    let reminders = "kind IN ('appointment_reminder', 'interviewer_reminder')";
    house.lines(&format!(
        "SELECT recipient AS line FROM letters WHERE {reminders} AND state = '{state}' ORDER BY 1"
    ))
}

#[test]
fn two_servers_that_sweep_at_once_and_one_that_starts_anew_remind_once_each() {
    let house = House::open();
    let (_study, interviews) = many(&house, 12);
    let (reminded, ()) = sweeps_meanwhile(&house, &[another(&house), another(&house)], async {});
    assert_eq!(reminded, interviews.len());
    let mut to_respondents = reminders_that_are(&house, "queued");
    assert_eq!(to_respondents.len(), 24);
    to_respondents.retain(|recipient| recipient.starts_with("respondent:"));
    to_respondents.dedup();
    assert_eq!(to_respondents.len(), 12);
    assert_eq!(house.wait(remind_due(&house.clock, &another(&house))).unwrap(), 0);
    assert_eq!(reminders_that_are(&house, "queued").len(), 24);
}

#[test]
fn of_two_who_saw_the_same_interview_due_only_the_first_reminds() {
    let house = House::open();
    many(&house, 1);
    let now = house.clock.now();
    let due = house.wait(house.store.read(move |tx| reminders::due(tx, now, 5))).unwrap();
    let each = due[0];
    let swept = [(); 2].map(|()| house.wait(house.store.write(move |tx| remind(tx, now, each))).unwrap());
    assert_eq!((due.len(), swept), (1, [true, false]));
}

#[test]
fn whoever_cancels_while_servers_sweep_is_not_reminded() {
    let house = House::open();
    let (study, interviews) = many(&house, 12);
    let rocket = web::build(house.settings.clone(), house.clock.clone(), house.store.clone());
    let cancelled = async {
        let client = Client::untracked(rocket).await.unwrap();
        let presses = study.respondents.iter().map(|who| {
            let request = client.post(who.path("interview/cancel")).header(ContentType::JSON);
            async { request.body("{}").dispatch().await.status().code }
        });
        join_all(presses).await
    };
    let (_, statuses) = sweeps_meanwhile(&house, &[house.store.clone(), another(&house)], cancelled);
    assert_eq!(statuses, vec![200; interviews.len()]);
    assert_eq!(house.sweep(), 0);
    assert_eq!(reminders_that_are(&house, "queued"), Vec::<String>::new());
    let sent = house.deliver();
    assert_eq!((sent.len(), sent.iter().filter(|kept| reminds(kept)).count()), (24, 0));
}

#[test]
fn a_cancellation_does_not_overtake_a_reminder_that_is_on_its_way() {
    let (panel, _) = booked(&json!([1_440]));
    assert_eq!(panel.house.sweep_at(DAY_BEFORE), 1);
    let (house, now) = (&panel.house, panel.house.clock.now());
    let claimed = house.store.write(move |tx| letters::claim(tx, now, 8).map(Done::housekeeping));
    assert_eq!(house.wait(claimed).unwrap().len(), 2);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    assert!(house.deliver().is_empty(), "it waits for the reminders, which may be leaving");
    match house.database() {
        Database::Sqlite(_) => house.clock.set(now.plus_seconds(letters::LEASE_SECONDS)),
        // Its leases run by its own clock, which no test can move.
        Database::Postgres(_) => execute(house, "UPDATE letters SET claimed_until = 0"),
    }
    let methods: Vec<_> =
        house.deliver().iter().map(|kept| Read::of(kept).property("METHOD").map(str::to_owned)).collect();
    assert_eq!(methods, [Some("CANCEL".to_owned()), Some("CANCEL".to_owned())]);
}

#[test]
fn a_fault_with_one_interview_keeps_no_other_back() {
    let house = House::open();
    let (_study, interviews) = many(&house, 3);
    let broken = if matches!(house.database(), Database::Sqlite(_)) { "x'00'" } else { "'\\x00'" };
    execute(&house, &format!("UPDATE interviews SET place_sealed = {broken} WHERE id = '{}'", interviews[0]));
    assert_eq!(house.sweep(), 2);
    assert_eq!(house.sweep(), 0);
}
