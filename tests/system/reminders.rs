//! Reminders of an interview: once each to both sides, for the time that it has, and never after it is called off.

use serde_json::{Value, json};
use veldwerk::clock::Instant;
use veldwerk::mail::{Kept, Memory, RefusalKind, Transport};
use veldwerk::worker::remind_due;

use crate::browser::Browser;
use crate::house::House;
use crate::panel::{Panel, Read, refusal};
use crate::study::office_hours;

/// The hour of [`Panel::book`] on the day before.
pub const DAY_BEFORE: &str = "2027-03-07T08:00:00Z";

/// The reminders in the outbox: to whom, where they stand, and why.
fn outbox(panel: &Panel) -> Vec<String> {
    let all = panel.outbox().into_iter();
    all.filter(|letter| letter.contains("_reminder ")).map(|letter| letter.replace("_reminder", "")).collect()
}

/// Whether a mail only reminds of an interview.
pub fn reminds(kept: &Kept) -> bool {
    Read::of(kept).header("Subject").is_some_and(|subject| subject.starts_with("Herinnering: "))
}

/// Somebody has booked Monday at nine in a study that reminds so many minutes before, and the letters have left.
pub fn booked(leads: &Value) -> (Panel, String) {
    let panel = Panel::of(1);
    set(&panel, &json!({ "reminder_lead_minutes": leads }));
    let id = panel.book(0)["id"].as_str().unwrap().to_owned();
    panel.house.deliver();
    (panel, id)
}

fn set(panel: &Panel, changes: &Value) {
    panel.house.patch(&panel.owner, &panel.study, changes).expect(200);
}

/// The moments at which reminders of an interview are to come.
fn to_come(panel: &Panel, id: &str) -> Vec<String> {
    let told =
        panel.house.get(&panel.owner, &format!("/api/v1/interviews/{id}/reminders")).expect(200).json();
    moments(&told)
}

fn moments(told: &Value) -> Vec<String> {
    told["planned"].as_array().unwrap().iter().map(|each| each["at"].as_str().unwrap().to_owned()).collect()
}

impl House {
    /// Queues the reminders that are due; answers of how many interviews.
    pub fn sweep(&self) -> usize {
        self.wait(remind_due(&self.clock, &self.store)).unwrap()
    }

    /// The same at another moment.
    pub fn sweep_at(&self, moment: &str) -> usize {
        self.at(moment);
        self.sweep()
    }
}

#[test]
fn both_sides_are_reminded_a_day_before_with_all_that_they_need_and_nothing_for_the_calendar() {
    let panel = Panel::of(1);
    let interview = panel.book(0);
    let [id, code] = ["id", "code"].map(|name| interview[name].as_str().unwrap().to_owned());
    let confirmed = Read::of(&panel.house.deliver()[1]);
    assert_eq!(to_come(&panel, &id), [DAY_BEFORE]);
    assert_eq!(panel.house.sweep_at("2027-03-07T07:59:59Z"), 0);
    assert_eq!(panel.house.sweep_at(DAY_BEFORE), 1);
    let sent = panel.house.deliver();
    let to: Vec<&str> = sent.iter().map(|kept| kept.to.as_str()).collect();
    assert_eq!(to, ["S.deVries+0@gemeente.example", "anna@example.org"]);
    let (theirs, ours) = (Read::of(&sent[0]), Read::of(&sent[1]));
    assert_eq!(theirs.header("Subject"), Some("Herinnering: uw interview op maandag 8 maart 2027"));
    assert_eq!(theirs.header("In-Reply-To"), confirmed.header("Message-ID"));
    for told in
        ["Dag: maandag 8 maart 2027", "https://teams.example.org/l/meetup-join", &panel.link(0), "af:"]
    {
        assert!(theirs.text.contains(told), "{told}: {}", theirs.text);
    }
    assert!(ours.text.contains(&code) && ours.text.contains(&id), "{}", ours.text);
    assert!(!ours.text.contains("Sanne") && !ours.text.contains(&panel.link(0)), "{}", ours.text);
    for read in [&theirs, &ours] {
        assert_eq!((read.calendar.as_deref(), read.header("List-Unsubscribe")), (None, None));
    }
    assert_eq!((to_come(&panel, &id), panel.house.sweep()), (Vec::new(), 0));
    assert_eq!(outbox(&panel), ["appointment sent -", "interviewer sent -"]);
}

#[test]
fn each_lead_reminds_once_and_of_those_missed_while_nobody_looked_only_the_last_goes() {
    let (panel, id) = booked(&json!([10_080, 2_880, 1_440, 120]));
    assert_eq!(panel.house.sweep_at("2027-03-06T07:59:00Z"), 0, "a week before was the moment of booking");
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    assert_eq!(to_come(&panel, &id), [DAY_BEFORE, "2027-03-07T20:00:00Z"], "two hours before is at night");
    // The server was off for a day.
    assert_eq!(panel.house.sweep_at("2027-03-08T07:30:00Z"), 1);
    assert_eq!(panel.house.sweep_at("2027-03-08T07:45:00Z"), 0);
    let told = panel.house.get(&panel.owner, &format!("/api/v1/interviews/{id}/reminders")).json();
    let leads: Vec<i64> =
        told["letters"].as_array().unwrap().iter().map(|l| l["lead_minutes"].as_i64().unwrap()).collect();
    assert_eq!(leads, [2_880, 2_880, 120, 120]);
}

#[test]
fn whoever_books_late_is_not_reminded_of_what_was_past_by_then() {
    let panel = Panel::of(1);
    let leads = json!({ "reminder_lead_minutes": [10_080, 1_440, 60], "min_notice_minutes": 0 });
    set(&panel, &leads);
    panel.house.at("2027-03-07T12:00:00Z");
    let id = panel.book(0)["id"].as_str().unwrap().to_owned();
    assert_eq!(panel.house.sweep(), 0);
    assert_eq!(to_come(&panel, &id), ["2027-03-08T07:00:00Z"]);
    assert_eq!(panel.house.sweep_at("2027-03-08T07:00:00Z"), 1);
}

#[test]
fn an_interview_that_is_booked_in_the_night_before_is_reminded_of_when_the_quiet_hours_end() {
    let panel = Panel::of(1);
    set(&panel, &json!({ "reminder_lead_minutes": [120], "min_notice_minutes": 0 }));
    panel.house.at("2027-03-07T21:00:00Z");
    let id = panel.book(0)["id"].as_str().unwrap().to_owned();
    assert_eq!(to_come(&panel, &id), ["2027-03-08T07:00:00Z"]);
    assert_eq!(panel.house.sweep_at("2027-03-08T06:59:59Z"), 0);
    assert_eq!(panel.house.sweep_at("2027-03-08T07:00:00Z"), 1);
}

#[test]
fn a_reminder_that_is_late_does_not_leave_in_the_quiet_hours() {
    let (panel, _) = booked(&json!([720]));
    // Its moment was 21:00; the server comes back at 23:00.
    assert_eq!(panel.house.sweep_at("2027-03-07T22:00:00Z"), 1);
    assert!(panel.house.deliver().is_empty());
    panel.house.at("2027-03-08T07:00:00Z");
    assert_eq!(panel.house.deliver().iter().filter(|kept| reminds(kept)).count(), 2);
}

#[test]
fn the_days_when_the_clock_changes_are_counted_by_the_clock() {
    for (opened, start, planned) in [
        ("2027-03-15T08:00:00Z", "2027-03-28T07:00:00Z", ["2027-03-27T08:00:00Z", "2027-03-27T20:00:00Z"]),
        ("2027-10-18T08:00:00Z", "2027-10-31T08:00:00Z", ["2027-10-30T07:00:00Z", "2027-10-30T19:00:00Z"]),
    ] {
        let house = House::open_at(opened);
        let sundays = json!([{ "weekday": "sun", "from": "09:00", "until": "17:00" }]);
        let study = house.bookable().hours(sundays).with("reminder_lead_minutes", json!([1_440, 120])).open();
        let id = study.booked(study.first(), start);
        let path = format!("/api/v1/interviews/{id}/reminders");
        assert_eq!(moments(&house.get(&study.owner, &path).expect(200).json()), planned);
        let swept = planned.map(|moment| {
            let just_before = Instant::parse(moment).unwrap().plus_seconds(-1).to_string();
            (house.sweep_at(&just_before), house.sweep_at(moment))
        });
        assert_eq!(swept, [(0, 1); 2], "{start}");
        assert_eq!(house.sweep_at(start), 0);
    }
}

#[test]
fn a_moved_interview_has_the_reminders_of_its_new_time_only() {
    let (panel, id) = booked(&json!([2_880, 1_440]));
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    panel.house.deliver();
    let later = json!({ "starts_at": "2027-03-15T08:00:00Z" });
    panel.press(0, "interview/reschedule", &later).expect(200);
    panel.house.deliver();
    assert_eq!(to_come(&panel, &id), ["2027-03-13T08:00:00Z", "2027-03-14T08:00:00Z"]);
    assert_eq!(panel.house.sweep_at("2027-03-08T07:00:00Z"), 0, "those of the old time are void");
    assert_eq!(
        panel.house.sweep_at("2027-03-13T08:00:00Z"),
        1,
        "what was sent for the old time holds none back"
    );
    assert_eq!(panel.house.sweep_at("2027-03-14T08:00:00Z"), 1);
    let sent = panel.house.deliver();
    assert!(sent.iter().filter(|kept| reminds(kept)).all(|kept| !Read::of(kept).text.contains("8 maart")));
}

#[test]
fn a_reminder_that_waits_when_the_interview_changes_gives_way_to_the_letter_about_the_change() {
    let (panel, id) = booked(&json!([1_440]));
    assert_eq!(panel.house.sweep_at(DAY_BEFORE), 1);
    let link = json!({ "join_link": "https://teams.example.org/l/other" });
    panel.house.put(&panel.owner, &format!("/api/v1/interviews/{id}/join-link"), &link).expect(200);
    assert_eq!(outbox(&panel), ["appointment cancelled overtaken", "interviewer cancelled overtaken"]);
    assert!(panel.house.deliver().iter().all(|kept| !reminds(kept)));
    assert_eq!(panel.house.sweep(), 0, "a lead that has had its letter has no other");
}

#[test]
fn nobody_is_reminded_of_an_interview_that_is_called_off() {
    for button in ["interview/cancel", "decline", "withdraw"] {
        let (panel, id) = booked(&json!([2_880, 1_440]));
        assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
        panel.press(0, button, &json!({})).expect(200);
        assert_eq!(outbox(&panel), ["appointment cancelled overtaken", "interviewer cancelled overtaken"]);
        assert_eq!((panel.house.sweep_at(DAY_BEFORE), to_come(&panel, &id)), (0, Vec::new()), "{button}");
        assert!(panel.house.deliver().iter().all(|kept| !reminds(kept)), "{button}");
    }
}

#[test]
fn nobody_is_reminded_of_an_interview_with_somebody_who_was_erased() {
    let (panel, _) = booked(&json!([2_880, 1_440]));
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    panel.house.delete(&panel.owner, &format!("/api/v1/respondents/{}", panel.people[0])).expect(204);
    assert_eq!(panel.house.sweep_at(DAY_BEFORE), 0);
    assert!(panel.house.deliver().iter().all(|kept| !reminds(kept)));
}

#[test]
fn whoever_objects_to_letters_is_not_reminded_but_the_interviewer_is() {
    let (panel, _) = booked(&json!([2_880, 1_440]));
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    panel.press(0, "opt-out", &json!({})).expect(200);
    assert_eq!(panel.house.sweep_at(DAY_BEFORE), 1);
    let sent = panel.house.deliver();
    let to: Vec<&str> = sent.iter().map(|kept| kept.to.as_str()).collect();
    assert_eq!(to, ["anna@example.org"]);
    assert_eq!(
        outbox(&panel),
        ["appointment cancelled opted_out", "interviewer cancelled overtaken", "interviewer sent -"]
    );
}

#[test]
fn a_reminder_that_could_not_leave_before_the_start_is_not_sent_after_it() {
    let (panel, _) = booked(&json!([60]));
    assert_eq!(panel.house.sweep_at("2027-03-08T07:00:00Z"), 1);
    let memory = Memory::default();
    for _ in 0..2 {
        memory.refuse_next(refusal(RefusalKind::Away, "the mail server can't be reached"));
    }
    panel.house.deliver_to(Transport::Memory(memory));
    panel.house.at("2027-03-08T08:00:00Z");
    assert!(panel.house.deliver().is_empty());
    assert_eq!(outbox(&panel), ["appointment cancelled outdated", "interviewer cancelled outdated"]);
}

#[test]
fn an_interview_that_has_begun_is_not_reminded_of_and_one_that_was_held_is_looked_at_no_more() {
    let (panel, id) = booked(&json!([60]));
    panel.house.at("2027-03-08T08:00:00Z");
    panel.house.post(&panel.owner, &format!("/api/v1/interviews/{id}/held"), &json!({})).expect(200);
    assert_eq!(panel.house.sweep(), 0);
    let looked_at = "SELECT id AS line FROM interviews WHERE remind_at IS NOT NULL";
    assert_eq!(panel.house.lines(looked_at), Vec::<String>::new());
    assert!(outbox(&panel).is_empty());
}

#[test]
fn whoever_takes_an_interview_over_is_reminded_in_place_of_the_other() {
    let house = House::open();
    let study = house.bookable().with("reminder_lead_minutes", json!([1_440, 120])).open();
    let id = study.booked(study.first(), "2027-03-05T12:00:00Z");
    let bert = study.member("bert", veldwerk::domain::access::Role::Interviewer);
    house.put(&bert, &study.path("availability"), &json!({ "rules": office_hours() })).expect(200);
    assert_eq!(house.sweep_at("2027-03-04T12:00:00Z"), 1);
    let body = json!({ "starts_at": "2027-03-05T12:00:00Z", "interviewer": house.id_of(&bert) });
    study.to_interview(&id, "reschedule", &body).expect(200);
    house.deliver();
    assert_eq!(house.sweep_at("2027-03-05T10:00:00Z"), 1);
    let reminded: Vec<String> =
        house.deliver().iter().filter(|kept| reminds(kept)).map(|kept| kept.to.as_str().to_owned()).collect();
    assert_eq!(reminded, ["persoon0@gemeente.example.org", "bert@example.org"]);
}

#[test]
fn other_rules_hold_for_what_is_to_come_and_make_up_for_nothing() {
    let (panel, id) = booked(&json!([1_440]));
    panel.house.at("2027-03-05T08:00:00Z");
    set(&panel, &json!({ "reminder_lead_minutes": [10_080, 4_320, 2_880, 60] }));
    assert_eq!(panel.house.sweep_at("2027-03-05T08:00:01Z"), 0, "three days before is this very moment");
    assert_eq!(to_come(&panel, &id), ["2027-03-06T08:00:00Z", "2027-03-08T07:00:00Z"]);
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    set(&panel, &json!({ "quiet_from": null, "quiet_until": null, "reminder_lead_minutes": [2_880, 180] }));
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:01Z"), 0);
    assert_eq!(to_come(&panel, &id), ["2027-03-08T05:00:00Z"]);
    set(&panel, &json!({ "reminder_lead_minutes": [] }));
    assert_eq!(panel.house.sweep_at("2027-03-08T05:00:00Z"), 0);
    assert_eq!(outbox(&panel).len(), 2);
}

#[test]
fn the_rules_of_reminding_are_checked_and_stand_in_the_study() {
    let panel = Panel::of(0);
    let study = panel.house.get(&panel.owner, &panel.study).expect(200).json();
    let told = |study: &Value| {
        ["reminder_lead_minutes", "quiet_from", "quiet_until", "min_reminder_days"]
            .map(|name| study[name].clone())
    };
    assert_eq!(told(&study), [json!([1_440]), json!("21:00"), json!("08:00"), json!(3)]);
    let sorted =
        json!({ "reminder_lead_minutes": [30, 43_200, 120], "quiet_from": "22:30", "quiet_until": "24:00" });
    let changed = panel.house.patch(&panel.owner, &panel.study, &sorted).expect(200).json();
    assert_eq!(told(&changed), [json!([43_200, 120, 30]), json!("22:30"), json!("24:00"), json!(3)]);
    for (wrong, field, code) in [
        (json!({ "reminder_lead_minutes": [29] }), "reminder_lead_minutes.0", "value"),
        (json!({ "reminder_lead_minutes": [60, 43_201] }), "reminder_lead_minutes.1", "value"),
        (json!({ "reminder_lead_minutes": [60, 60] }), "reminder_lead_minutes.1", "duplicate"),
        (json!({ "reminder_lead_minutes": [30, 31, 32, 33, 34, 35] }), "reminder_lead_minutes", "value"),
        (json!({ "reminder_lead_minutes": ["60"] }), "reminder_lead_minutes", "type"),
        (json!({ "quiet_from": "25:00" }), "quiet_from", "value"),
        (json!({ "quiet_from": null }), "quiet_from", "required"),
        (json!({ "quiet_until": "" }), "quiet_until", "required"),
        (json!({ "quiet_until": "22:30" }), "quiet_until", "duplicate"),
        (json!({ "min_reminder_days": 0 }), "min_reminder_days", "value"),
    ] {
        let refused = panel.house.patch(&panel.owner, &panel.study, &wrong).expect(422).json();
        assert_eq!(
            (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
            (&json!(field), &json!(code))
        );
    }
    let none = json!({ "reminder_lead_minutes": [], "quiet_from": null, "quiet_until": null });
    let none = panel.house.patch(&panel.owner, &panel.study, &none).expect(200).json();
    assert_eq!(told(&none)[..3], [json!([]), json!(null), json!(null)]);
}

#[test]
fn the_settings_are_ticked_and_typed_on_their_page_and_the_page_of_the_interview_tells_what_follows() {
    let (panel, id) = booked(&json!([4_320, 1_440, 95]));
    let browser = Browser::of(&panel.house, &panel.owner);
    let settings = format!("{}/settings/notices", panel.study.trim_start_matches("/api/v1"));
    let page = browser.get(&settings).expect(200).text;
    for shown in ["value=\"95\" checked", "95 minuten ervoor", "value=\"1440\" checked", "value=\"21:00\""] {
        assert!(page.contains(shown), "{shown}");
    }
    let fields = |lead: &'static str, until: &'static str| {
        [
            ("reminder_lead_minutes", "2880"),
            ("reminder_lead_minutes", lead),
            ("quiet_from", "20:00"),
            ("quiet_until", until),
            ("min_reminder_days", "7"),
        ]
    };
    let refused = browser.post(&settings, &fields("1440", "20:00")).expect(422);
    assert!(refused.has_error_at("quiet_until") && refused.text.contains("value=\"2880\" checked"));
    browser.post(&settings, &fields("1440", "07:00")).expect(303);
    let study = panel.house.get(&panel.owner, &panel.study).json();
    assert_eq!(
        (&study["reminder_lead_minutes"], &study["min_reminder_days"]),
        (&json!([2_880, 1_440]), &json!(7))
    );
    assert_eq!(panel.house.sweep_at("2027-03-06T08:00:00Z"), 1);
    panel.house.deliver();
    // The session ended in the meantime.
    let page = Browser::of(&panel.house, &panel.owner).get(&format!("/interviews/{id}")).expect(200).text;
    for shown in [
        "2 dagen ervoor, aan de respondent",
        "2 dagen ervoor, aan de interviewer",
        "1 dag ervoor, aan beiden",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(page.contains("7 mrt 2027, 09.00") && page.contains("komt nog"), "{page}");
}

#[test]
fn only_members_see_the_reminders_of_an_interview() {
    let (panel, id) = booked(&json!([1_440]));
    let [reader, stranger] = ["bert", "carla"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &reader, "reader");
    let path = format!("/api/v1/interviews/{id}/reminders");
    panel.house.get(&reader, &path).expect(200);
    panel.house.get(&stranger, &path).expect(404);
    panel.house.get_openly(&path).expect(401);
}
