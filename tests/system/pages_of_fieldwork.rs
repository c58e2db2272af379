//! The pages with which a researcher invites, plans, interviews and writes: what they show to whom, and what their
//! forms do when they are sent twice, wrongly, or by somebody else.

use rocket::local::blocking::Client;
use serde_json::json;
use veldwerk::id::LetterId;
use veldwerk::web;

use crate::browser::Browser;
use crate::fieldwork::{Fieldwork, guide};
use crate::house::{Answer, House};

/// Where an answer leads to.
pub fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("Location").unwrap()
}

/// A study with a listed person, an interview, a guide and a letter, and the paths of its pages.
pub fn everything() -> (Fieldwork, Vec<String>) {
    let f = Fieldwork::begin();
    let study = format!("/api/v1/studies/{}", f.study);
    f.house.respondent(&f.owner, &study, "sanne.geheim", "Enschede");
    let invited = f.house.post(&f.owner, &f.path("invitations"), &json!({})).expect(200).json();
    assert_eq!(invited["queued"].as_array().unwrap().len(), 1, "{invited}");
    let letters = f.house.get(&f.owner, &f.path("letters")).expect(200).json();
    let letter = letters["items"][0]["id"].as_str().unwrap().to_owned();
    let respondent = f.respondent("R90", "booked");
    f.consent(respondent, false);
    let interview = f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
    let draft = f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201).json();
    let draft = draft["id"].as_str().unwrap().to_owned();
    let guide = f.publish(&guide());
    let forms = f.house.get(&f.owner, &f.path("consent-forms")).expect(200).json();
    let form = forms["items"][0]["id"].as_str().unwrap().to_owned();
    let base = format!("/studies/{}", f.study);
    let below = ["invitations", "letters", "wordings", "wordings/invitation", "wordings/invitation/nl/html"]
        .into_iter()
        .chain([
            "consent-forms",
            "consent-forms/new",
            "agenda",
            "agenda?who=all",
            "agenda?view=day&who=all&date=2027-03-02",
            "agenda/time",
            "agenda/book",
            "agenda/book?code=R90&date=2027-03-02&time=10:00&check=1",
            "availability",
            "interviews",
            "guides",
            "guides/new",
            "guides/new?begin=empty",
            "guides/markdown",
        ]);
    let mut paths: Vec<String> = below.map(|rest| format!("{base}/{rest}")).collect();
    paths.extend([
        format!("/letters/{letter}"),
        format!("/consent-forms/{form}"),
        format!("/interviews/{interview}"),
        format!("/interviews/{interview}/reschedule"),
        format!("/interviews/{interview}/reschedule/check?date=2027-03-03&time=10:00"),
        format!("/interviews/{interview}/sheet"),
        format!("/guides/{guide}"),
        format!("/guides/{draft}"),
        format!("/guides/{draft}/edit"),
        format!("/guides/{draft}/markdown"),
        format!("/guides/{guide}.md"),
    ]);
    (f, paths)
}

#[test]
fn every_page_opens_for_an_owner_in_both_languages() {
    let (f, paths) = everything();
    let browser = Browser::of(&f.house, &f.owner);
    for path in paths {
        for language in ["nl", "en"] {
            let page =
                browser.get(&format!("{path}{}lang={language}", if path.contains('?') { '&' } else { '?' }));
            assert_eq!(page.status, 200, "{path}: {}", page.text);
        }
    }
}

#[test]
fn a_reader_meets_no_contact_data_and_a_stranger_no_page_at_all() {
    let (f, paths) = everything();
    let (reader, stranger) = (Browser::of(&f.house, &f.reader), Browser::of(&f.house, &f.stranger));
    let mut seen = 0;
    for path in paths {
        let page = reader.get(&path);
        assert!(matches!(page.status, 200 | 403), "{path}: {}", page.status);
        assert!(!page.text.contains("geheim"), "{path} (R11)");
        seen += usize::from(page.status == 200);
        assert_eq!(stranger.get(&path).status, 404, "{path} (R5)");
    }
    assert!(seen >= 5, "a reader looks on");
}

#[test]
fn a_form_without_the_token_of_the_session_changes_nothing() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let respondent = f.respondent("R01", "booked");
    let interview = f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
    let refused = browser.post_bare(&format!("/interviews/{interview}/cancel"), &[("_csrf", "forged")]);
    assert_eq!(refused.status, 403, "{}", refused.text);
    let shown = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!(shown["status"], "booked");
}

#[test]
fn a_trial_wave_sends_nothing_and_a_button_that_is_pressed_twice_sends_one_wave() {
    let f = Fieldwork::begin();
    let study = format!("/api/v1/studies/{}", f.study);
    let person = f.house.respondent(&f.owner, &study, "anna", "Enschede");
    let withdrawn = f.respondent("R90", "withdrawn");
    let id = person.rsplit('/').next().unwrap();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/invitations?lang=en", f.study);
    let withdrawn = withdrawn.to_string();
    let chosen =
        [("kind", "invitation"), ("who", "ticked"), ("respondents", id), ("respondents", &withdrawn)];
    let trial = browser.press(&path, "one", &chosen).expect(200);
    assert!(trial.text.contains("1 letter would go out"), "{}", trial.text);
    assert!(trial.text.contains("Has withdrawn."), "a reason for everybody who is left out (R9)");
    let letters = || f.house.get(&f.owner, &f.path("letters")).expect(200).json();
    assert_eq!(letters()["items"], json!([]));
    let mut sending = chosen.to_vec();
    sending.push(("send", "1"));
    let first = browser.press(&path, "one", &sending);
    let second = browser.press(&path, "one", &sending);
    assert_eq!(leads_to(&first), leads_to(&second));
    assert_eq!(letters()["items"].as_array().unwrap().len(), 1);
    let told = browser.get(&format!("{}&lang=en", leads_to(&first))).expect(200);
    assert!(told.text.contains("1 letter is on its way"), "{}", told.text);
    assert!(told.text.contains("Has withdrawn."));
}

#[test]
fn an_interview_is_closed_and_cancelled_by_a_button_and_the_next_page_says_so() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let past = f.interview(f.respondent("R01", "booked"), "2027-03-01T07:00:00Z", "booked");
    let held = browser.press(&format!("/interviews/{past}/held"), "k", &[]);
    assert_eq!(leads_to(&held), format!("/interviews/{past}?done=held"));
    browser.get(leads_to(&held)).expect(200);
    let ahead = f.interview(f.respondent("R02", "booked"), "2027-03-02T09:00:00Z", "booked");
    let cancelled = browser.press(&format!("/interviews/{ahead}/cancel"), "k", &[("reason", "Ziek")]);
    assert_eq!(leads_to(&cancelled), format!("/interviews/{ahead}?done=called_off"));
    assert!(browser.get(leads_to(&cancelled)).expect(200).text.contains("Ziek"));
    let reader = Browser::of(&f.house, &f.reader);
    assert!(!reader.get(&format!("/interviews/{ahead}")).expect(200).text.contains("Ziek"), "R11");
}

#[test]
fn an_interview_gets_a_link_of_its_own_and_both_sides_are_told_once() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let interview = f.interview(f.respondent("R01", "booked"), "2027-03-02T09:00:00Z", "booked");
    let path = format!("/interviews/{interview}/join-link");
    let refused = browser.press(&path, "k", &[("join_link", "http://teams.example.org/x")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("join_link-error"));
    assert!(refused.text.contains("value=\"http://teams.example.org/x\""), "the input is kept");
    let link = "https://teams.example.org/l/meetup-join/19";
    for key in ["one", "two"] {
        let set = browser.press(&path, key, &[("join_link", link)]);
        assert_eq!(leads_to(&set), format!("/interviews/{interview}?done=link_set"));
    }
    let shown = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
    assert_eq!((&shown["join_link"], &shown["sequence"]), (&json!(link), &json!(1)));
    let letters = f.house.get(&f.owner, &f.path("letters")).expect(200).json();
    let kinds: Vec<_> = letters["items"].as_array().unwrap().iter().map(|l| l["kind"].clone()).collect();
    assert_eq!(kinds, [json!("interviewer_moved"), json!("link_update")]);
}

#[test]
fn a_reason_that_is_too_long_is_told_beside_its_field_and_kept() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let interview = f.interview(f.respondent("R01", "booked"), "2027-03-02T09:00:00Z", "booked");
    let reason = "lang ".repeat(4_001);
    let again = browser.press(&format!("/interviews/{interview}/cancel"), "k", &[("reason", &reason)]);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("reason-error"));
    assert!(again.text.contains(&reason));
}

#[test]
fn a_researcher_moves_an_interview_within_the_hours_and_is_told_when_the_time_is_none_of_them() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let base = format!("/studies/{}", f.study);
    let user = f.owner_id().to_string();
    let hours = [
        ("interviewer", user.as_str()),
        ("wed.0.from", "9"),
        ("wed.0.until", "12:00"),
        ("wed.1.from", ""),
        ("wed.1.until", ""),
    ];
    let saved = browser.press(&format!("{base}/availability"), "k", &hours);
    assert_eq!(leads_to(&saved), format!("{base}/availability?interviewer={user}&done=saved"));
    assert!(browser.get(&format!("{base}/availability")).expect(200).text.contains("value=\"12:00\""));
    let interview = f.interview(f.respondent("R01", "booked"), "2027-03-05T09:00:00Z", "booked");
    let path = format!("/interviews/{interview}/reschedule");
    let page = browser.get(&path).expect(200);
    assert!(page.text.contains("value=\"2027-03-03T08:00:00Z\""), "{}", page.text);
    let elsewhere = [("mode", "teams"), ("starts_at", "2027-03-04T08:00:00Z"), ("place", "")];
    let refused = browser.press(&path, "k", &elsewhere);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("role=\"alert\""));
    let unchosen = browser.press(&path, "k", &[("mode", "in_person"), ("place", "Stadskantoor")]);
    assert_eq!(unchosen.status, 422);
    assert!(unchosen.text.contains("value=\"Stadskantoor\""), "the input is kept");
    // The row was put in beside the store, so its time has to be reserved here as well.
    let owner = f.owner_id();
    crate::fieldwork::execute(
        &f.house,
        &format!(
            "INSERT INTO reservations (id, interviewer, interview, guard_from, guard_until, kind, active) \
             VALUES ('{}', '{owner}', '{interview}', 1804237200, 1804241700, 'interview', {})",
            veldwerk::id::ReservationId::new(),
            "TRUE"
        ),
    );
    let there = [("mode", "in_person"), ("starts_at", "2027-03-03T08:00:00Z"), ("place", "")];
    let moved = browser.press(&path, "k", &there);
    assert_eq!(leads_to(&moved), format!("/interviews/{interview}?done=replanned"));
}

#[test]
fn hours_that_end_before_they_begin_are_told_beside_their_field_and_kept() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let user = f.owner_id().to_string();
    let hours = [
        ("interviewer", user.as_str()),
        ("wed.0.from", ""),
        ("wed.1.from", "12:00"),
        ("wed.1.until", "11:15"),
        ("fri.0.from", "laat"),
        ("fri.0.until", "17"),
    ];
    let again = browser.press(&format!("/studies/{}/availability", f.study), "k", &hours);
    assert_eq!(again.status, 422);
    assert!(again.has_error_at("wed.0.until"), "what is filled in closes up: {}", again.text);
    assert!(again.has_error_at("fri.0.from") && !again.has_error_at("fri.0.until"));
    assert!(again.text.contains("<a href=\"#wed.0.until\">woensdag: "), "the summary names the day");
    for kept in ["value=\"11:15\"", "value=\"laat\"", "value=\"17:00\""] {
        assert!(again.text.contains(kept), "{kept}");
    }
}

#[test]
fn an_owner_empties_the_hours_of_somebody_else_without_touching_their_own() {
    let f = Fieldwork::begin();
    let members = f.house.get(&f.owner, &f.path("members")).expect(200).json();
    let other = members["items"].as_array().unwrap().iter().find(|m| m["email"] == f.interviewer.email);
    let other = other.unwrap()["user"].as_str().unwrap().to_owned();
    let own = f.owner_id().to_string();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/availability", f.study);
    for whose in [&own, &other] {
        let hours = [("interviewer", whose.as_str()), ("mon.0.from", "09:00"), ("mon.0.until", "12:00")];
        leads_to(&browser.press(&path, "k", &hours));
    }
    leads_to(&browser.press(&path, "k", &[("interviewer", &other)]));
    let kept = f.house.get(&f.owner, &f.path("availability")).expect(200).json();
    let rules = kept["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 1, "{kept}");
    assert_eq!(rules[0]["interviewer"], own.as_str());
    // An interviewer plans for themselves alone.
    let theirs = Browser::of(&f.house, &f.interviewer);
    assert_eq!(theirs.press(&path, "k", &[("interviewer", &own)]).status, 403);
}

#[test]
fn the_mailbox_is_there_in_the_demonstration_only() {
    let house = House::open();
    assert_eq!(house.get_openly("/mailbox").status, 404);
    let mut settings = house.settings.clone();
    settings.mailbox_page = true;
    let letter = LetterId::new();
    std::fs::create_dir_all(settings.mail_dir()).unwrap();
    let message = "From: Veldwerk <v@example.org>\r\nTo: Sanne <sanne@example.org>\r\nSubject: <b>Hallo</b>\r\n\
        Date: Mon, 01 Mar 2027 09:00:00 +0000\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nDag.\r\n\
        --x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><p>Dag.</p>\r\n\
        --x\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--x--\r\n";
    std::fs::write(settings.mail_dir().join(format!("{letter}.eml")), message).unwrap();
    let client = Client::untracked(web::build(settings, house.clock.clone(), house.store.clone())).unwrap();
    let get = |path: &str| house.send(client.get(path.to_owned())).expect(200);
    assert!(get("/mailbox").text.contains("&lt;b&gt;Hallo"), "{}", get("/mailbox").text);
    let page = get(&format!("/mailbox/{letter}"));
    assert!(page.text.contains("Sanne &lt;sanne@example.org&gt;"), "{}", page.text);
    assert!(!page.text.contains("<script>alert"));
    let framed = get(&format!("/mailbox/{letter}/html"));
    let policy = framed.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox allow-popups"), "{policy}");
    let invite = get(&format!("/mailbox/{letter}/invite.ics"));
    assert!(invite.header("Content-Type").unwrap().starts_with("text/calendar"));
    assert!(invite.text.starts_with("BEGIN:VCALENDAR"));
    let unknown = client.get(format!("/mailbox/{}", LetterId::new()));
    assert_eq!(house.send(unknown).status, 404);
}
