//! How a study ends and how another begins with what was set up for it: closing with its letters, and copying.

use rocket::futures::future::join;
use serde_json::json;
use veldwerk::actions::copy_study::{Parts, copy_study};
use veldwerk::actions::word_letter::word_letter;
use veldwerk::domain::language::Language;
use veldwerk::domain::letter::{LetterKind, Wording};

use crate::browser::Browser;
use crate::fieldwork::{Fieldwork, guide};
use crate::house::House;
use crate::pages_of_fieldwork::leads_to;
use crate::panel::{Panel, Read};

fn page_of(path: &str) -> &str {
    path.strip_prefix("/api/v1").unwrap()
}

/// One waits, one has an interview, one objected to mail, one is only listed.
fn under_way() -> Panel {
    let panel = Panel::of(4);
    panel.invite(&json!({ "respondents": &panel.people[..3], "dry_run": false })).expect(200);
    panel.house.deliver();
    panel.book(1);
    panel.press(2, "opt-out", &json!({})).expect(200);
    panel.house.deliver();
    panel
}

#[test]
fn before_closing_one_sees_who_gets_which_letter_and_nothing_has_happened() {
    let panel = under_way();
    let browser = Browser::of(&panel.house, &panel.owner);
    let page = browser.get(&format!("{}/closing?lang=en", page_of(&panel.study))).expect(200).text;
    assert!(page.contains("1 respondent was invited or agreed and has no appointment"), "{page}");
    assert!(page.contains("1 interview is planned"));
    assert!(page.contains("value=\"no\" checked"), "what is planned stays unless somebody says otherwise");
    assert_eq!(panel.house.get(&panel.owner, &panel.study).json()["closed_at"], json!(null));
    assert!(panel.house.deliver().is_empty());
}

#[test]
fn closing_keeps_what_is_planned_unless_it_is_called_off_and_then_both_sides_are_told_why() {
    let panel = under_way();
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    let closed = browser.press(&format!("{base}/close"), "k", &[("letters", "yes"), ("interviews", "no")]);
    assert_eq!(leads_to(&closed), format!("{base}/closing?done=closed"));
    let told = panel.house.deliver();
    assert_eq!(told.len(), 1, "neither who has an interview, nor who objected, nor who was never written to");
    assert!(Read::of(&told[0]).calendar.is_none());
    let called_off =
        browser.press(&format!("{base}/close"), "l", &[("letters", "yes"), ("interviews", "yes")]);
    leads_to(&called_off);
    let sent = panel.house.deliver();
    assert_eq!(sent.len(), 2, "the respondent and the interviewer, and nobody twice");
    let (to_interviewer, to_respondent): (Vec<_>, Vec<_>) =
        sent.iter().partition(|kept| kept.to.as_str() == panel.owner.email);
    let (duty, theirs) = (Read::of(to_interviewer[0]), Read::of(to_respondent[0]));
    assert!(duty.text.contains("Het onderzoek is gesloten. Het interview met"), "{}", duty.text);
    assert!(theirs.text.contains("neemt geen interviews meer af"), "{}", theirs.text);
    assert!(!theirs.text.contains("nieuwe afspraak"), "there is none to be made");
    for letter in [&duty, &theirs] {
        assert!(letter.property("METHOD").is_some_and(|method| method == "CANCEL"), "it leaves the calendar");
    }
    let interviews = panel.house.get(&panel.owner, &panel.path("interviews")).expect(200).json();
    assert_eq!(interviews["items"][0]["status"], "cancelled");
    let page = browser.get(&format!("{base}/closing?lang=en")).expect(200).text;
    assert!(page.contains("Recruitment is closed"), "{page}");
    leads_to(&browser.press(&format!("{base}/reopen"), "r", &[]));
}

#[test]
fn an_interview_that_has_begun_is_not_called_off_by_closing() {
    let panel = under_way();
    panel.house.at("2027-03-08T08:30:00Z");
    let answer = panel.house.post(&panel.owner, &panel.path("close"), &json!({ "cancel_interviews": true }));
    answer.expect(200);
    let interviews = panel.house.get(&panel.owner, &panel.path("interviews")).expect(200).json();
    assert_eq!(interviews["items"][0]["status"], "booked", "somebody has to say what became of it");
    panel.house.post(&panel.owner, &panel.path("close"), &json!({ "cancel_interviews": "x" })).expect(422);
}

#[test]
fn closing_that_was_broken_off_says_what_is_left_and_goes_on_from_there() {
    let panel = under_way();
    let browser = Browser::of(&panel.house, &panel.owner);
    let base = page_of(&panel.study);
    leads_to(&browser.press(&format!("{base}/close"), "k", &[]));
    let page = browser.get(&format!("{base}/closing?letters=no&interviews=yes&lang=en")).expect(200).text;
    assert!(page.contains("data-continue") && page.contains("1 interview still to cancel"), "{page}");
    let last = &panel.people[3];
    let over =
        browser.press(&format!("{base}/close"), "l", &[("letters", last.as_str()), ("interviews", "no")]);
    leads_to(&over);
    assert!(panel.house.deliver().is_empty(), "nobody comes behind the last");
    assert_eq!(browser.press(&format!("{base}/close"), "m", &[("letters", "perhaps")]).status, 422);
}

#[test]
fn a_copy_takes_what_was_chosen_and_never_a_person() {
    let f = Fieldwork::begin();
    f.respondent("R01", "booked");
    f.publish(&guide());
    let words = json!({ "subject": "Hoi", "body": "Dag {{name}} {{link}}" });
    f.house.put(&f.owner, &f.path("letter-texts/invitation/nl"), &words).expect(200);
    let change = json!({
        "ethics": "Commissie 12", "window_from": "2027-03-01", "interview_minutes": 45,
        "privacy_notice": { "purpose": { "nl": "Leren.", "en": "To learn." } },
    });
    f.house.patch(&f.owner, &format!("/api/v1/studies/{}", f.study), &change).expect(200);
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/copy", f.study);
    let page = browser.get(&format!("{path}?lang=en")).expect(200).text;
    assert!(page.contains("Sociaal domein (copy)") && page.contains("Version 1, 2 items"), "{page}");
    let title = "Ronde <b>2</b> {{name}}";
    let all = ["strata", "privacy_notice", "consent_form", "guide", "wordings"].map(|part| ("parts", part));
    let typed: Vec<_> = [("title", title)].into_iter().chain(all).collect();
    let made = browser.press(&path, "k", &typed);
    let twice = browser.press(&path, "k", &typed);
    assert_eq!(leads_to(&made), leads_to(&twice), "one copy by two presses");
    let base = leads_to(&made).split('?').next().unwrap().to_owned();
    let api = format!("/api/v1{base}");
    let copy = f.house.get(&f.owner, &api).expect(200).json();
    assert_eq!((&copy["title"], &copy["interview_minutes"]), (&json!(title), &json!(45)));
    assert_eq!(
        (&copy["ethics"], &copy["window_from"]),
        (&json!(null), &json!(null)),
        "these held for the old one"
    );
    assert_eq!(copy["privacy_notice"]["purpose"]["nl"], "Leren.");
    let list = |rest: &str| {
        let list = f.house.get(&f.owner, &format!("{api}/{rest}")).expect(200).json();
        list["items"].as_array().unwrap().clone()
    };
    assert!(list("respondents").is_empty() && list("interviews").is_empty());
    assert_eq!(list("members").len(), 1, "whoever copies and nobody else");
    let (forms, guides) = (list("consent-forms"), list("guides"));
    assert_eq!((forms.len(), guides.len()), (1, 1));
    assert_eq!((&forms[0]["version"], &guides[0]["version"]), (&json!(null), &json!(null)), "drafts");
    assert_eq!(list("letter-texts").iter().filter(|text| text["own"] == true).count(), 1);
    let page = browser.get(&base).expect(200).text;
    assert!(page.contains("&lt;b&gt;2&lt;") && !page.contains("<b>2"));
    let made = browser.press(&path, "n", &[("title", "Kaal")]);
    let empty = leads_to(&made).split('?').next().unwrap().to_owned();
    let forms = f.house.get(&f.owner, &format!("/api/v1{empty}/consent-forms")).expect(200).json();
    assert!(forms["items"].as_array().unwrap().is_empty());
}

#[test]
fn a_copy_that_is_made_while_somebody_writes_holds_one_text_or_the_other() {
    let f = Fieldwork::begin();
    let (now, user, study) = (f.house.clock.now(), f.owner_id(), f.study);
    let wording = |body| Wording::parse(LetterKind::Invitation, "Hoi", body).unwrap();
    let letter = (LetterKind::Invitation, Language::Nl);
    let write =
        |words: Wording| f.house.store.write(move |tx| word_letter(tx, now, user, study, letter, &words));
    f.house.wait(write(wording("Oud {{link}}"))).unwrap();
    let parts = Parts { wordings: true, ..Parts::default() };
    let copy = f.house.store.write(move |tx| copy_study(tx, now, user, study, "Kopie", parts));
    let (copied, written) = f.house.wait(async { join(copy, write(wording("Nieuw {{link}}"))).await });
    written.unwrap();
    let to = copied.unwrap().resource;
    let text = f.house.get(&f.owner, &format!("/api/v1/studies/{to}/letter-texts/invitation/nl")).expect(200);
    let body = text.json()["body"].as_str().unwrap().to_owned();
    assert!(["Oud {{link}}", "Nieuw {{link}}"].contains(&body.as_str()), "{body}");
}

#[test]
fn a_copy_without_a_title_is_refused_with_its_choices_kept_and_only_an_owner_makes_one() {
    let f = Fieldwork::begin();
    let path = format!("/studies/{}/copy", f.study);
    let browser = Browser::of(&f.house, &f.owner);
    let refused = browser.press(&path, "k", &[("title", " "), ("parts", "consent_form")]).expect(422);
    assert!(refused.has_error_at("title"));
    assert!(refused.text.contains("value=\"consent_form\" checked"), "{}", refused.text);
    assert!(!refused.text.contains("value=\"strata\" checked"));
    for (who, status) in [(&f.interviewer, 403), (&f.reader, 403), (&f.stranger, 404)] {
        let browser = Browser::of(&f.house, who);
        for below in ["copy", "closing"] {
            assert_eq!(browser.get(&format!("/studies/{}/{below}", f.study)).status, status, "{below}");
        }
        assert_eq!(browser.press(&path, "k", &[("title", "Mijn")]).status, status);
        let close = format!("/studies/{}/close", f.study);
        assert_eq!(browser.press(&close, "k", &[("letters", "yes")]).status, status);
    }
}

#[test]
fn a_study_without_anything_can_be_closed_and_copied_too() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let base = page_of(&study);
    browser.get(&format!("{base}/closing")).expect(200);
    leads_to(&browser.press(&format!("{base}/close"), "k", &[("letters", "yes"), ("interviews", "yes")]));
    browser.get(&format!("{base}/closing")).expect(200);
    let copy = browser.press(&format!("{base}/copy"), "c", &[("title", "Nog eens"), ("parts", "strata")]);
    leads_to(&copy);
}
