//! Contact data are removed while what was agreed to and said stays under the code (R6, R7, R9, E19).

use rocket::http::Header;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::fieldwork::{execute, guide};
use crate::house::{Answer, bearer};
use crate::pages_of_fieldwork::leads_to;
use crate::pages_study::page_of;
use crate::panel::Panel;

fn person(panel: &Panel, number: usize) -> String {
    format!("/api/v1/respondents/{}", panel.people[number])
}

#[track_caller]
fn removed(panel: &Panel, number: usize) {
    panel.house.delete(&panel.owner, &format!("{}/contact", person(panel, number))).expect(204);
}

/// Why the contact data of somebody are not removed.
#[track_caller]
fn refused(panel: &Panel, number: usize) -> String {
    let path = format!("{}/contact?lang=en", person(panel, number));
    let answer = panel.house.delete(&panel.owner, &path).expect(409);
    assert_eq!(answer.code(), "wrong_state");
    answer.json()["detail"].as_str().unwrap().to_owned()
}

/// A study of two in which the first was interviewed and everything was written down; the interview.
fn interviewed() -> (Panel, String) {
    let panel = Panel::of(2);
    let draft = panel.house.post(&panel.owner, &panel.path("guides"), &guide()).expect(201).json();
    let publish = format!("/api/v1/guides/{}/publish", draft["id"].as_str().unwrap());
    panel.house.post(&panel.owner, &publish, &json!({})).expect(200);
    panel.invite(&json!({ "respondents": null })).expect(200);
    let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
    panel.house.put(&panel.owner, &panel.path("availability"), &hours).expect(200);
    let yes = json!({ "version": 1, "items": { "take_part": true }, "name": "Sanne de Vries" });
    panel.press(0, "consent", &yes).expect(200);
    let wish = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": "in_person", "place": "Zijstraat 5" });
    let booked = panel.press(0, "interview", &wish).expect(201).json();
    let interview = format!("/api/v1/interviews/{}", booked["id"].as_str().unwrap());
    panel.house.deliver();
    panel.house.at("2027-03-08T09:00:00Z");
    panel.house.post(&panel.owner, &format!("{interview}/held"), &json!({})).expect(200);
    let note = json!({ "state": "asked", "note": "Al tien jaar." });
    panel.house.put(&panel.owner, &format!("{interview}/sheet/role"), &note).expect(200);
    panel.house.deliver();
    (panel, interview)
}

fn told(panel: &Panel, action: &str) -> usize {
    panel.house.lines(&format!("SELECT action AS line FROM audit WHERE action = '{action}'")).len()
}

#[test]
fn who_it_was_is_gone_and_what_was_agreed_to_and_said_stays_under_the_code() {
    let (panel, interview) = interviewed();
    let house = &panel.house;
    house.patch(&panel.owner, &person(&panel, 0), &json!({ "phone": "0534000000" })).expect(200);
    let of = |path: &str| house.get(&panel.owner, path).expect(200);
    let export = || of(&panel.path("export?format=csv&notes=true")).text;
    let (before, exported) = (of(&person(&panel, 0)).json(), export());
    let sheet = of(&format!("{interview}/sheet")).json();
    let kept = "SELECT sha256 || items AS line FROM consents";
    let consents = house.lines(kept);

    removed(&panel, 0);
    let after = of(&person(&panel, 0)).json();
    for field in ["name", "email", "role", "phone"] {
        assert_eq!(after[field], Value::Null, "{field}");
    }
    for field in ["code", "stratum", "status", "municipality", "language"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(
        (&before["contact_removed_at"], &after["contact_removed_at"]),
        (&Value::Null, &json!("2027-03-08T09:00:00Z"))
    );
    assert_eq!(export(), exported, "the research data are what they were, notes too");
    assert_eq!(of(&format!("{interview}/sheet")).json(), sheet);
    assert_eq!(house.lines(kept), consents);
    assert_eq!(of(&interview).json()["status"], "held");

    house.get_openly(&format!("/api/v1/participations/{}", panel.link(0))).expect(404);
    house.get_openly(&format!("/u/{}", panel.unsubscribe(0))).expect(404);
    let id = &panel.people[0];
    for (what, left) in [
        ("contacts WHERE respondent", "0"),
        (
            "letters WHERE (facts IS NOT NULL OR message IS NOT NULL OR answer IS NOT NULL) AND respondent",
            "0",
        ),
        ("consents WHERE name_sealed IS NOT NULL AND respondent", "0"),
        ("interviews WHERE place_sealed IS NOT NULL AND respondent", "0"),
        ("letters WHERE respondent", "4"),
    ] {
        let counted = house.lines(&format!("SELECT COUNT(*) || '' AS line FROM {what} = '{id}'"));
        assert_eq!(counted, [left], "{what}");
    }
    let salted = "SELECT action AS line FROM audit WHERE LENGTH(salt) = 0 ORDER BY id";
    assert_eq!(house.lines(salted), ["respondent.corrected"], "what proves the consent can still be proved");

    removed(&panel, 0);
    assert_eq!(told(&panel, "respondent.contact_removed"), 1, "the second time there is nothing to do");
    let code = after["code"].as_str().unwrap();
    let log = format!(
        "SELECT fields AS line FROM audit WHERE action = 'respondent.contact_removed' AND subject = '{code}'"
    );
    assert_eq!(house.lines(&log).len(), 1);
}

#[test]
fn somebody_without_contact_data_is_not_written_to_and_their_address_is_somebody_new() {
    let (panel, _) = interviewed();
    let house = &panel.house;
    removed(&panel, 0);
    let refused =
        |answer: Answer| assert_eq!((answer.status, answer.code().as_str()), (409, "contact_removed"));
    refused(house.patch(&panel.owner, &person(&panel, 0), &json!({ "name": "Sanne" })));
    refused(house.post(&panel.owner, &format!("{}/link", person(&panel, 0)), &json!({})));
    let wish = json!({ "respondent": panel.people[0], "starts_at": "2027-03-15T08:00:00Z", "mode": "teams" });
    refused(house.post(&panel.owner, &panel.path("interviews"), &wish));
    let wave = panel.remind(&json!({ "respondents": [panel.people[0]], "dry_run": true })).expect(200).json();
    assert_eq!(wave["skipped"][0]["reason"], "contact_removed", "{wave}");
    let links = json!({ "act": "send_link", "respondents": [panel.people[0]] });
    let batch = house.post(&panel.owner, &panel.path("batches"), &links).expect(201).json();
    assert_eq!(batch["skipped"], json!({ "contact_removed": 1 }));

    let same = json!({ "name": "Sanne", "email": "s.devries+0@gemeente.example", "municipality": "Ede" });
    let again = house.post(&panel.owner, &panel.path("respondents"), &same).expect(201).json();
    assert_eq!((&again["code"], &again["status"]), (&json!("R03"), &json!("listed")));

    // They can still be taken out, and be erased.
    let out = json!({ "act": "withdraw", "respondents": [panel.people[0]] });
    let batch = house.post(&panel.owner, &panel.path("batches"), &out).expect(201).json();
    let confirm = format!("/api/v1/batches/{}/confirm", batch["id"].as_str().unwrap());
    assert_eq!(house.post(&panel.owner, &confirm, &json!({ "count": 1 })).expect(200).json()["done"], 1);
    assert_eq!(house.get(&panel.owner, &person(&panel, 0)).json()["status"], "withdrawn");
    assert!(!panel.outbox().iter().any(|letter| letter.starts_with("withdrawn")), "nobody knows where to");
    house.delete(&panel.owner, &person(&panel, 0)).expect(204);
    house.get(&panel.owner, &person(&panel, 0)).expect(404);
}

#[test]
fn contact_data_stay_while_they_are_needed_and_each_is_told_why() {
    let panel = Panel::of(4);
    panel.invite(&json!({ "respondents": panel.people[..3] })).expect(200);
    panel.book(0);
    panel.press(1, "decline", &json!({})).expect(200);
    panel.house.deliver();
    panel.press(2, "withdraw", &json!({})).expect(200);
    assert!(refused(&panel, 0).contains("an interview is planned"));
    assert!(refused(&panel, 2).contains("a letter still waits"));
    assert!(refused(&panel, 3).contains("may still take part"));
    let whole = json!({ "act": "remove_contact" });
    let prepared = || panel.house.post(&panel.owner, &panel.path("batches"), &whole).expect(201).json();
    let skipped = json!({ "interview_planned": 1, "letters_waiting": 1, "taking_part": 1 });
    assert_eq!((&prepared()["waiting"], &prepared()["skipped"]), (&json!(1), &skipped));

    panel.house.deliver();
    panel.house.post(&panel.owner, &panel.path("close"), &json!({})).expect(200);
    let study = panel.study.rsplit('/').next().unwrap();
    execute(
        &panel.house,
        &format!(
            "INSERT INTO incoming_mail (id, digest, received_at, kind, state, study, respondent)
             VALUES ('mail', 'digest', 1, 'other', 'waiting', '{study}', '{}')",
            panel.people[3]
        ),
    );
    assert!(refused(&panel, 3).contains("a message waits"));
    let batch = prepared();
    assert_eq!(
        (&batch["waiting"], &batch["skipped"]),
        (&json!(2), &json!({ "interview_planned": 1, "mail_waiting": 1 }))
    );
    // Whoever changes in between is left out, with the reason.
    removed(&panel, 1);
    let confirm = format!("/api/v1/batches/{}/confirm", batch["id"].as_str().unwrap());
    let wrong = panel.house.post(&panel.owner, &confirm, &json!({ "count": 3 })).expect(422);
    assert!(wrong.text.contains("\"count\""), "{}", wrong.text);
    let batch = panel.house.post(&panel.owner, &confirm, &json!({ "count": 2 })).expect(200).json();
    assert_eq!(
        (&batch["done"], &batch["skipped"]),
        (&json!(1), &json!({ "contact_removed": 1, "interview_planned": 1, "mail_waiting": 1 }))
    );
    assert_eq!(told(&panel, "respondent.contact_removed"), 2);
}

#[test]
fn whoever_objected_is_remembered_by_a_digest_when_their_contact_data_go() {
    let panel = Panel::of(1);
    panel.invite(&json!({ "respondents": null })).expect(200);
    panel.house.deliver();
    panel.press(0, "opt-out", &json!({})).expect(200);
    execute(&panel.house, "DELETE FROM do_not_contact");
    removed(&panel, 0);
    let same = json!({ "name": "Sanne", "email": "s.devries+0@gemeente.example", "municipality": "Ede" });
    let again = panel.house.post(&panel.owner, &panel.path("respondents"), &same).expect(201).json();
    assert_eq!(again["status"], "opted_out");
}

#[test]
fn only_those_who_see_contact_data_remove_them_and_only_as_they_saw_them() {
    let (panel, _) = interviewed();
    let [ben, lea, eve] = ["ben", "lea", "eve"].map(|name| panel.house.researcher(name));
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    let path = format!("{}/contact", person(&panel, 0));
    panel.house.delete(&lea, &path).expect(403);
    panel.house.delete(&eve, &path).expect(404);
    let with = |tag: &str| {
        let request = panel.house.client.delete(path.clone()).header(bearer(&ben));
        panel.house.send(request.header(Header::new("If-Match", tag.to_owned())))
    };
    assert_eq!(with("\"1\"").expect(412).code(), "precondition_failed");
    let tag = panel.house.get(&ben, &person(&panel, 0)).header("etag").unwrap().to_owned();
    with(&tag).expect(204);
}

#[test]
fn the_contact_data_of_a_whole_study_are_removed_from_its_archive_after_a_look_and_a_typed_number() {
    let (panel, _) = interviewed();
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    panel.house.post(&panel.owner, &panel.path("close"), &json!({})).expect(200);
    panel.house.deliver();
    browser.press(&format!("{base}/archive"), "k", &[("exported", "true")]).expect(303);
    let archive = browser.get(&format!("{base}/archive?lang=en")).expect(200).text;
    assert!(archive.contains("The contact data of 2 respondents are still here."), "{archive}");
    let all = [("act", "remove_contact"), ("who", "all")];
    let page = browser.press(&format!("{base}/batches"), "b", &all).expect(303).leads_to().to_owned();
    let shown = browser.get(&format!("{page}?lang=en")).expect(200).text;
    assert!(
        shown.contains("What happens to 2 respondents") && shown.contains("by a backup either"),
        "{shown}"
    );
    assert!(browser.post(&format!("{page}/confirm"), &[("count", "")]).expect(422).has_error_at("count"));
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["2"]);
    browser.post(&format!("{page}/confirm"), &[("count", "2")]).expect(303);
    assert_eq!(panel.house.lines("SELECT COUNT(*) || '' AS line FROM contacts"), ["0"]);

    let archive = browser.get(&format!("{base}/archive?lang=en")).expect(200).text;
    assert!(archive.contains("There are no contact data any more."), "{archive}");
    let list = browser.get(&format!("{base}/respondents?lang=en")).expect(200).text;
    assert_eq!(list.matches("contact removed").count(), 2, "{list}");
    let detail = browser.get(&format!("/respondents/{}?lang=en", panel.people[0])).expect(200).text;
    assert!(detail.contains("Contact data removed on 8 Mar 2027"), "{detail}");
    assert!(!detail.contains("Sanne") && detail.contains("SHA-256"), "{detail}");
    let log = browser.get(&format!("/respondents/{}/log?lang=en", panel.people[0])).expect(200).text;
    assert!(log.contains("Removed the contact data"), "{log}");
    leads_to(&browser.press(&format!("{base}/unarchive"), "u", &[]));
    let detail = browser.get(&format!("/respondents/{}?lang=en", panel.people[0])).expect(200).text;
    assert!(detail.contains("value=\"withdraw\"") && !detail.contains("value=\"send_link\""), "{detail}");
}
