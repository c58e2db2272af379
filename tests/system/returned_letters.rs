//! Reports of mail servers about letters, and letters that nobody wants any more.

use serde_json::json;
use veldwerk::actions::receive_mail::Taken;
use veldwerk::domain::incoming::Doubt;

use crate::browser::Browser;
use crate::house::House;
use crate::incoming_mail::{Booked, SANNE, waits};
use crate::panel::{Panel, Read};

/// Invites both people, lets the letters leave, and answers the identifier of the first one's letter.
fn invited(panel: &Panel) -> String {
    panel.invite(&json!({})).expect(200);
    let letters = panel.house.deliver();
    let first = letters.iter().find(|letter| letter.to.as_str() == SANNE).unwrap();
    Read::of(first).header("Message-ID").unwrap().trim_matches(['<', '>']).to_owned()
}

#[test]
fn a_letter_that_comes_back_is_marked_with_its_address_and_can_be_sent_again() {
    for report in ["postfix_bounce", "exchange_bounce", "exim_bounce"] {
        let booked = Booked::nothing(Panel::of(2));
        let id = invited(&booked.panel);
        assert_eq!(booked.comes(report, &[("message_id", &id)]), Taken::Done, "{report}");
        let letter = &booked.panel.letters()[0];
        assert_eq!(
            (letter["state"].as_str(), letter["respondent"].as_str()),
            (Some("failed"), Some(&*booked.panel.people[0]))
        );
        assert!(letter["bounced_at"].is_string() && letter["retry_until"].is_string(), "{letter}");
        let attention = booked.attention();
        assert!(attention.contains(&"bouncing_addresses 1".to_owned()), "{attention:?}");
        assert!(attention.contains(&"failed_letters 1".to_owned()));
        // Mail servers like to name people; in clear stand the codes alone.
        let everything = booked.house().everything().join("\n");
        assert!(!everything.contains("mailbox of S. de Vries") && !everything.contains("RecipientNotFound"));
        assert_eq!(booked.comes(report, &[("message_id", &id)]), Taken::Before);
        assert_eq!(booked.panel.letters()[1]["state"], "sent", "the other letter is left alone");
    }
}

#[test]
fn an_invite_that_comes_back_can_be_sent_again_while_its_interview_is_ahead() {
    let booked = Booked::of(Panel::of(1));
    let invite = booked.invite();
    assert_eq!(booked.comes("postfix_bounce", &[("message_id", &invite)]), Taken::Done);
    let failed = |letter: &serde_json::Value| letter["state"] == "failed";
    let letter = booked.panel.letters().into_iter().find(failed).unwrap();
    assert_eq!((&letter["kind"], letter["retry_until"].is_string()), (&json!("confirmation"), true));
    let retry = format!("/api/v1/letters/{}/retry", letter["id"].as_str().unwrap());
    booked.house().post(&booked.panel.owner, &retry, &json!({})).expect(200);
    let again = booked.house().deliver();
    let read = Read::of(&again[0]);
    assert_eq!(again[0].to.as_str(), SANNE);
    assert_eq!((read.property("METHOD"), read.property("SEQUENCE")), (Some("REQUEST"), Some("0")));
    assert_eq!(read.property("UID"), Some(booked.uid.as_str()));
}

#[test]
fn a_corrected_address_begins_anew_and_until_then_nobody_is_reminded() {
    let booked = Booked::nothing(Panel::of(1));
    let id = invited(&booked.panel);
    booked.comes("postfix_bounce", &[("message_id", &id)]);
    let person = format!("/api/v1/respondents/{}", booked.panel.people[0]);
    let page = |lang: &str| {
        let browser = Browser::of(booked.house(), &booked.panel.owner);
        browser.get(&format!("/respondents/{}?lang={lang}", booked.panel.people[0])).expect(200).text
    };
    assert!(page("en").contains("Mail to this address bounced on") && page("nl").contains("kwam terug op"));
    booked.house().at("2027-03-20T08:00:00Z");
    let reminded = booked.panel.remind(&json!({})).expect(200).json();
    assert_eq!(reminded["skipped"][0]["reason"], "letter_failed");
    booked
        .house()
        .patch(&booked.panel.owner, &person, &json!({ "email": "sanne@nieuw.example" }))
        .expect(200);
    assert!(!page("en").contains("bounced on"));
    let letter = booked.panel.letters()[0]["id"].as_str().unwrap().to_owned();
    booked
        .house()
        .post(&booked.panel.owner, &format!("/api/v1/letters/{letter}/retry"), &json!({}))
        .expect(200);
    let again = booked.house().deliver();
    assert_eq!(again[0].to.as_str(), "sanne@nieuw.example");
    // The report about the first message comes once more: the letter is another one by now.
    let late = [("message_id", id.as_str()), ("action", "failed "), ("recipient", "sanne@nieuw.example")];
    assert_eq!(waits(booked.comes("postfix_bounce", &late)), Some(Doubt::UnknownLetter));
    assert_eq!(booked.panel.letters()[0]["state"], "sent");
}

#[test]
fn a_letter_that_is_given_up_because_the_mailbox_is_full_failed_and_the_address_stays_good() {
    let booked = Booked::nothing(Panel::of(1));
    let id = invited(&booked.panel);
    let full = [("message_id", id.as_str()), ("action", "failed"), ("status", "4.2.2")];
    assert_eq!(booked.comes("postfix_bounce", &full), Taken::Done);
    assert_eq!(booked.panel.letters()[0]["state"], "failed");
    let attention = booked.attention();
    assert!(attention.contains(&"failed_letters 1".to_owned()), "{attention:?}");
    assert!(attention.iter().all(|item| !item.starts_with("bouncing")), "{attention:?}");
}

#[test]
fn what_a_mail_server_writes_for_people_only_waits_for_one_beside_its_letter() {
    let booked = Booked::nothing(Panel::of(1));
    let id = invited(&booked.panel);
    let report = [("message_id", id.as_str())];
    assert_eq!(waits(booked.comes("plain_bounce", &report)), Some(Doubt::UnclearReport));
    let (waiting, person) = (&booked.waiting()[0], &booked.panel.people[0]);
    assert_eq!((&waiting["kind"], &waiting["respondent"]), (&json!("bounce"), &json!(person)));
    assert_eq!(booked.panel.letters()[0]["state"], "sent", "what became of it is not known");
    let nameless = [("message_id", "other@elsewhere.example")];
    assert_eq!(waits(booked.comes("plain_bounce", &nameless)), Some(Doubt::UnknownLetter));
}

#[test]
fn a_delay_is_noted_and_no_failure() {
    let booked = Booked::nothing(Panel::of(1));
    let id = invited(&booked.panel);
    let late = [("message_id", id.as_str()), ("action", "delayed"), ("status", "4.4.1")];
    assert_eq!(booked.comes("postfix_bounce", &late), Taken::Done);
    assert_eq!(booked.panel.outbox(), ["invitation sent 4.4.1"]);
    assert!(booked.attention().iter().all(|item| !item.starts_with("bouncing")));
}

#[test]
fn a_report_about_another_address_marks_the_letter_and_not_the_person() {
    let booked = Booked::nothing(Panel::of(1));
    let id = invited(&booked.panel);
    let passed_on = [("message_id", id.as_str()), ("recipient", "sanne@doorgestuurd.example")];
    assert_eq!(booked.comes("postfix_bounce", &passed_on), Taken::Done);
    let attention = booked.attention();
    assert!(attention.contains(&"failed_letters 1".to_owned()), "{attention:?}");
    assert!(attention.iter().all(|item| !item.starts_with("bouncing")), "{attention:?}");
}

#[test]
fn with_an_address_for_reports_each_letter_has_its_own_and_is_known_by_it_alone() {
    let mut house = House::open();
    house.settings.bounce_address = Some("bounces@veldwerk.example".to_owned());
    let booked = Booked::nothing(Panel::in_house(house, 1));
    booked.panel.invite(&json!({})).expect(200);
    let left = booked.house().deliver();
    let path = left[0].from.as_str().to_owned();
    assert!(path.starts_with("bounces+") && path.ends_with("@veldwerk.example"), "{path}");
    assert!(path.split('@').next().unwrap().len() <= 64);
    let forged = path.replace("bounces+", "bounces+aa");
    let nameless = ("message_id", "unknown@elsewhere.example");
    assert_eq!(
        waits(booked.comes("postfix_bounce", &[("to", &forged), nameless])),
        Some(Doubt::UnknownLetter)
    );
    let upper = path.to_uppercase();
    assert_eq!(booked.comes("postfix_bounce", &[("to", &upper), nameless]), Taken::Done);
    let outbox = booked.panel.outbox();
    assert!(outbox.len() == 1 && outbox[0].starts_with("invitation failed 5.1.1"), "{outbox:?}");
}

#[test]
fn a_mail_to_the_address_in_the_letter_unsubscribes_whoever_sends_it() {
    let mut house = House::open();
    house.settings.mail_in_address = Some("veldwerk@veldwerk.example".to_owned());
    let booked = Booked::nothing(Panel::in_house(house, 2));
    booked.panel.invite(&json!({})).expect(200);
    let letter = booked.house().deliver().into_iter().find(|letter| letter.to.as_str() == SANNE).unwrap();
    let header = Read::of(&letter).header("List-Unsubscribe").unwrap().to_owned();
    let token = booked.panel.unsubscribe(0);
    let by_mail = format!("<mailto:veldwerk@veldwerk.example?subject=unsubscribe%20{token}>, <http");
    assert!(header.starts_with(&by_mail), "{header}");
    let mail = [("token", token.as_str()), ("from", "prive@elders.example")];
    assert_eq!(booked.comes("unsubscribe", &mail), Taken::Done);
    let person = format!("/api/v1/respondents/{}", booked.panel.people[0]);
    let status = booked.house().get(&booked.panel.owner, &person).expect(200).json()["status"].clone();
    assert_eq!(status, "opted_out");
    let other = format!("/api/v1/respondents/{}", booked.panel.people[1]);
    assert_eq!(booked.house().get(&booked.panel.owner, &other).expect(200).json()["status"], "invited");
}
