//! Other times that calendars propose by mail (RFC 5546 3.2.7), and which of them a person has to look at.

use serde_json::json;
use veldwerk::actions::receive_mail::Taken;
use veldwerk::domain::incoming::Doubt;

use crate::browser::Browser;
use crate::incoming_mail::{Booked, filled, waits};
use crate::panel::{Panel, Read};

const JOKE: &str = "joke.smit@gemeente.example";

/// The proposal of another day, as Outlook sends it.
fn another_day(booked: &Booked, day: &str, stamp: &str) -> Taken {
    let text = filled("outlook_counter", &[("uid", booked.uid.as_str()), ("stamp", stamp)]);
    let text = String::from_utf8(text).unwrap().replace("20270308T1", &format!("202703{day}T1"));
    booked.arrives(text.into_bytes())
}

/// The moments that wait for a researcher.
fn proposed(booked: &Booked) -> Vec<String> {
    let list =
        booked.house().get(&booked.panel.owner, &booked.panel.path("proposals?state=open")).expect(200);
    let moments = |made: &serde_json::Value| made["moments"][0].as_str().unwrap().to_owned();
    list.json()["items"].as_array().unwrap().iter().map(moments).collect()
}

#[test]
fn another_time_becomes_a_proposal_that_is_accepted_with_one_press() {
    let booked = Booked::new();
    assert_eq!(booked.comes("outlook_counter", &[]), Taken::Done);
    assert_eq!(booked.status(), "booked");
    let house = booked.house();
    let list = house.get(&booked.panel.owner, &booked.panel.path("proposals")).expect(200).json();
    let made = &list["items"][0];
    assert_eq!((&made["source"], &made["interview"]), (&json!("mail"), &json!(booked.interview)));
    assert_eq!(made["moments"], json!(["2027-03-08T09:00:00Z"]));
    assert_eq!(made["remark"], "Kan het een uur later?");
    let accept = format!("/api/v1/proposals/{}/accept", made["id"].as_str().unwrap());
    let moment = json!({ "starts_at": "2027-03-08T09:00:00Z" });
    house.post(&booked.panel.owner, &accept, &moment).expect(200);
    let path = format!("/api/v1/interviews/{}", booked.interview);
    let moved = house.get(&booked.panel.owner, &path).expect(200).json();
    assert_eq!((&moved["starts_at"], &moved["sequence"]), (&json!("2027-03-08T09:00:00Z"), &json!(1)));
    // The same once more, about the time that it had: a person must look.
    let late = [("stamp", "20270301T101503Z")];
    assert_eq!(waits(booked.comes("outlook_counter", &late)), Some(Doubt::Proposal));
}

#[test]
fn a_proposal_that_comes_twice_is_one_and_comes_not_back_once_it_was_declined() {
    let booked = Booked::new();
    assert_eq!(booked.comes("outlook_counter", &[]), Taken::Done);
    let on_another_way = |hop: &str| {
        let blanks = [("uid", booked.uid.as_str())];
        [format!("Received: from {hop}\r\n").into_bytes(), filled("outlook_counter", &blanks)].concat()
    };
    assert_eq!(booked.arrives(on_another_way("a.example")), Taken::Done);
    let house = booked.house();
    let proposals = || house.get(&booked.panel.owner, &booked.panel.path("proposals")).expect(200).json();
    let made = proposals()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.lines("SELECT id AS line FROM proposals").len(), 1);
    let decline = format!("/api/v1/proposals/{made}/decline");
    house.post(&booked.panel.owner, &decline, &json!({})).expect(200);
    assert_eq!(booked.arrives(on_another_way("b.example")), Taken::Done);
    assert_eq!(house.lines("SELECT id AS line FROM proposals").len(), 1);
    // The same wish, pressed anew after the answer.
    assert_eq!(booked.comes("outlook_counter", &[("stamp", "20270301T101503Z")]), Taken::Done);
    assert_eq!(house.lines("SELECT id AS line FROM proposals").len(), 2);
}

#[test]
fn an_earlier_proposal_never_takes_the_place_of_a_later_one() {
    let booked = Booked::new();
    assert_eq!(another_day(&booked, "10", "20270301T091500Z"), Taken::Done);
    assert_eq!(waits(another_day(&booked, "11", "20270301T091400Z")), Some(Doubt::Overtaken));
    assert_eq!(proposed(&booked), ["2027-03-10T09:00:00Z"]);
    assert_eq!(another_day(&booked, "12", "20270301T091600Z"), Taken::Done);
    assert_eq!(proposed(&booked), ["2027-03-12T09:00:00Z"]);
}

#[test]
fn whoever_proposes_for_a_respondent_is_the_one_who_is_told_that_it_cannot_be() {
    let panel = Panel::of(1);
    let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
    panel.house.put(&panel.owner, &panel.path("availability"), &hours).expect(200);
    panel.press(0, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
    let joke = json!({ "name": "Joke Smit", "email": JOKE });
    let wish = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": "teams", "delegate": joke });
    let made = panel.press(0, "interview", &wish).expect(201).json();
    let uid = format!("{}@veldwerk.example", made["id"].as_str().unwrap());
    let booked = Booked::nothing(panel);
    let house = booked.house();
    house.deliver();
    assert_eq!(booked.comes("outlook_counter", &[("from", JOKE), ("uid", &uid)]), Taken::Done);
    house.deliver();
    let list = house.get(&booked.panel.owner, &booked.panel.path("proposals?state=open")).expect(200).json();
    let decline = format!("/api/v1/proposals/{}/decline", list["items"][0]["id"].as_str().unwrap());
    house.post(&booked.panel.owner, &decline, &json!({})).expect(200);
    let sent = house.deliver();
    let told: Vec<_> = sent.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(told, [JOKE], "the respondent proposed nothing");
    let read = Read::of(&sent[0]);
    assert_eq!((read.property("METHOD"), read.property("SEQUENCE")), (Some("REQUEST"), Some("0")));
    assert!(read.property("DTSTART").unwrap().contains("20270308T090000"));
}

#[test]
fn a_proposal_of_another_length_waits_for_a_person() {
    let booked = Booked::new();
    let text = String::from_utf8(filled("outlook_counter", &[("uid", &booked.uid)])).unwrap();
    let text = text.replace("Time:20270308T110000\r", "Time:20270308T103000\r");
    let end = "DTEND;TZID=W. Europe Standard Time:20270308T103000\r";
    assert!(text.contains(end));
    let long = text.replace(end, "DURATION:PT3H\r").replace("20270301T091503Z", "20270301T091504Z");
    let endless = text.replace(end, "DTEND;TZID=Hier:20270308T150000\r");
    assert_eq!(waits(booked.arrives(text.into_bytes())), Some(Doubt::Proposal));
    assert_eq!(waits(booked.arrives(long.into_bytes())), Some(Doubt::Proposal));
    assert_eq!(waits(booked.arrives(endless.into_bytes())), Some(Doubt::CalendarBroken));
    assert!(proposed(&booked).is_empty());
}

#[test]
fn a_proposal_of_the_time_that_stands_waits_for_a_person() {
    let booked = Booked::new();
    let text = String::from_utf8(filled("outlook_counter", &[("uid", &booked.uid)])).unwrap();
    let text = text.replace("Time:20270308T100000\r", "Time:20270308T090000\r");
    let text = text.replace("Time:20270308T110000\r", "Time:20270308T100000\r");
    assert_eq!(waits(booked.arrives(text.into_bytes())), Some(Doubt::Proposal));
}

#[test]
fn a_proposal_that_a_person_has_to_look_at_shows_its_time_and_what_was_written_beside_it() {
    let booked = Booked::new();
    let stranger = [("from", "vreemde@elders.example")];
    assert_eq!(waits(booked.comes("outlook_counter", &stranger)), Some(Doubt::UnknownAttendee));
    let id = booked.waiting()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/incoming-mail/{id}");
    let one = booked.house().get(&booked.panel.owner, &path).expect(200).json();
    let told = json!({
        "starts_at": "2027-03-08T09:00:00Z",
        "ends_at": "2027-03-08T10:00:00Z",
        "comment": "Kan het een uur later?",
    });
    assert_eq!(one["answer"], told);
    let page = Browser::of(booked.house(), &booked.panel.owner)
        .get(&format!("/incoming-mail/{id}"))
        .expect(200)
        .text;
    assert!(page.contains("maandag 8 maart 2027, 10.00–11.00"), "{page}");
    assert!(booked.house().everything().iter().all(|row| !row.contains("een uur later")), "it is sealed");
}
