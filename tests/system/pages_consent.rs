//! The pages on which a consent form is compared, checked and published, and on which is seen who agreed to it.

use std::collections::BTreeSet;

use rocket::futures::future::join;
use serde_json::{Value, json};
use veldwerk::actions::publish_consent_form::publish_consent_form;
use veldwerk::id::ConsentFormId;
use veldwerk::problem::Problem;

use crate::browser::Browser;
use crate::fieldwork::{Fieldwork, execute};
use crate::house::House;
use crate::pages_of_fieldwork::leads_to;
use crate::pages_study::page_of;

fn draft(f: &Fieldwork, form: &Value) -> String {
    let made = f.house.post(&f.owner, &f.path("consent-forms"), form).expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

fn current(f: &Fieldwork) -> String {
    let forms = f.house.get(&f.owner, &f.path("consent-forms")).expect(200).json();
    forms["items"][0]["id"].as_str().unwrap().to_owned()
}

fn form(nl: &str) -> Value {
    json!({
        "intro": { "nl": nl, "en": "Taking part is voluntary. You may stop at any time." },
        "items": [
            { "key": "take_part", "required": true,
              "text": { "nl": "Ik doe <b>graag</b> mee.", "en": "I take part." } },
            { "key": "archive", "required": false, "text": { "nl": "Bewaren mag.", "en": "You may keep it." } },
        ],
    })
}

#[test]
fn a_draft_is_compared_with_the_version_in_use_in_words_and_marks_and_never_as_markup() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let id = draft(&f, &form("Iets anders."));
    let page = browser.get(&format!("/consent-forms/{id}/changes?lang=en")).expect(200).text;
    assert!(page.contains("What changed from Version 1 to Draft"), "{page}");
    assert!(page.contains("<del>") && page.contains("<ins>") && page.contains("[new:"));
    assert!(page.contains("New item") && page.contains("Item left out"), "{page}");
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>graag"));
    let other = browser.get(&format!("/consent-forms/{id}/changes?from={}", current(&f))).expect(200);
    assert!(other.text.contains(" selected"));
    assert_eq!(browser.get(&format!("/consent-forms/{id}/changes?from=x")).status, 422);
    assert_eq!(
        browser.get(&format!("/consent-forms/{}/changes", current(&f))).status,
        404,
        "nothing came before"
    );
}

#[test]
fn before_publishing_one_is_told_what_is_missing_and_what_becomes_of_those_who_agreed() {
    let f = Fieldwork::begin();
    for (code, status) in [("R01", "consented"), ("R02", "consented"), ("R03", "booked")] {
        let respondent = f.respondent(code, status);
        f.consent(respondent, false);
        if status == "booked" {
            f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
        }
    }
    let browser = Browser::of(&f.house, &f.owner);
    let id = draft(&f, &form("Meedoen is vrijwillig. U kunt altijd stoppen, er is een verzekering."));
    let page = browser.get(&format!("/consent-forms/{id}?lang=en")).expect(200).text;
    assert!(page.contains("replaces version 1"), "{page}");
    assert!(page.contains("3 respondents consented to that version"));
    assert!(
        page.contains("2 of them have no appointment yet") && page.contains("1 of them has an appointment")
    );
    let list = page.split_once("Not found, or in one language only").unwrap().1;
    let list = list.split_once("</ul>").unwrap().0;
    assert!(list.contains("Insurance"), "a sign in Dutch only");
    assert!(list.contains("Incidental findings") && list.contains("Reward"));
    for told in ["Taking part is voluntary", "Refusing and stopping", "Names and addresses"] {
        assert!(!list.contains(told), "{told} is found");
    }
    assert!(page.contains("Found in one language only (Nederlands)"), "{page}");
    leads_to(&browser.press(&format!("/consent-forms/{id}/publish"), "k", &[]));
    let after = browser.get(&format!("/consent-forms/{id}")).expect(200).text;
    assert!(!after.contains("/publish\""), "it never holds anybody back");
}

#[test]
fn the_check_looks_at_what_was_typed_before_it_is_kept() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/consent-forms", f.study);
    let typed = [("intro.nl", "Er is een cadeaubon."), ("intro.en", "You get a voucher."), ("act", "check")];
    let page = browser.press(&format!("{path}?lang=en"), "k", &typed).expect(200).text;
    assert!(page.contains("<q lang=\"en\">You get a voucher.</q>"), "{page}");
    assert!(page.contains("Er is een cadeaubon.</textarea>"), "the input is kept");
    assert!(!f.house.get(&f.owner, &f.path("consent-forms")).expect(200).text.contains("cadeaubon"));
}

#[test]
fn who_agreed_to_which_is_told_by_codes_with_what_became_of_it() {
    let f = Fieldwork::begin();
    let [yes, erased, gone] = ["R01", "R02", "R03"].map(|code| f.respondent(code, "consented"));
    for respondent in [yes, erased, gone] {
        f.consent(respondent, respondent == yes);
    }
    f.consent(yes, false);
    execute(&f.house, &format!("UPDATE consents SET withdrawn_at = 1803000000 WHERE respondent = '{gone}'"));
    execute(&f.house, &format!("UPDATE respondents SET erased_at = 1803000000 WHERE id = '{erased}'"));
    let path = format!("/consent-forms/{}/given", current(&f));
    let reader = Browser::of(&f.house, &f.reader);
    let page = reader.get(&format!("{path}?lang=en")).expect(200).text;
    for told in ["R01", "R02", "R03", "valid", "replaced by a later one", "withdrawn", "Record me."] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("take_part"), "no name that only the program knows: {page}");
    let refusals = page.matches("<span aria-hidden=\"true\">–</span> No</strong>").count();
    assert_eq!(refusals, 3, "one column for each question: {page}");
    assert!(!page.contains(&format!("/respondents/{erased}")), "who was erased has no page");
    assert!(
        page.contains("2 respondents consented") || page.contains("1 respondent consented"),
        "people, not consents: {page}"
    );
    let first = reader.get(&format!("{path}?limit=1")).expect(200).text;
    let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    assert!(reader.get(&next).expect(200).text.contains("R0"));
    let stranger = Browser::of(&f.house, &f.stranger);
    for below in ["given", "changes"] {
        assert_eq!(stranger.get(&format!("/consent-forms/{}/{below}", current(&f))).status, 404);
    }
}

#[test]
fn two_drafts_that_are_published_at_once_never_get_the_same_version() {
    let f = Fieldwork::begin();
    let [one, two] = ["Een.", "Twee."].map(|nl| draft(&f, &form(nl)).parse::<ConsentFormId>().unwrap());
    let (now, user) = (f.house.clock.now(), f.owner_id());
    let publish = |id| f.house.store.write(move |tx| publish_consent_form(tx, now, user, id, |_| Ok(())));
    let (first, second) = f.house.wait(async { join(publish(one), publish(two)).await });
    for outcome in [first, second] {
        let refused = outcome.err();
        assert!(matches!(refused, None | Some(Problem::VersionConflict | Problem::Busy(_))), "{refused:?}");
    }
    let forms = f.house.get(&f.owner, &f.path("consent-forms")).expect(200).json();
    let forms = forms["items"].as_array().unwrap();
    let versions: Vec<_> = forms.iter().filter_map(|form| form["version"].as_i64()).collect();
    let distinct: BTreeSet<_> = versions.iter().copied().collect();
    assert!(versions.len() >= 2 && distinct.len() == versions.len(), "{versions:?}");
}

#[test]
fn a_new_version_begins_as_a_copy_of_the_form_in_use_and_always_has_room_for_more() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/consent-forms", f.study);
    let page = browser.get(&format!("{path}/new?lang=en")).expect(200).text;
    assert!(page.contains("copy of version 1") && page.contains("value=\"take_part\""), "{page}");
    let typed = [("intro.nl", "Over dit onderzoek"), ("items.0.key", "take_part"), ("items.1.key", "")];
    let more: Vec<_> = typed.into_iter().chain([("act", "more")]).collect();
    let page = browser.press(&format!("{path}?lang=en"), "k", &more).expect(200).text;
    assert!(page.contains("id=\"items.2.key\"") && page.contains("id=\"items.4.key\""), "{page}");
    let (before, _) = page.split_once(" autofocus").expect("a focus");
    let (_, control) = before.rsplit_once("<input").unwrap();
    assert!(control.contains("id=\"items.2.key\""), "one goes on at the new block: {control}");
    assert!(page.contains(" data-unsaved>") && page.contains("Over dit onderzoek</textarea>"));
}

#[test]
fn what_is_wrong_with_a_consent_form_is_named_by_its_question_and_language() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let typed = [
        ("intro.nl", "Over dit onderzoek"),
        ("intro.en", "About this study"),
        ("items.0.key", "take_part"),
        ("items.0.text.nl", "Ik doe mee."),
        ("items.0.text.en", "I take part."),
        ("items.1.key", "record"),
        ("items.1.text.nl", "Opname mag."),
    ];
    let path = format!("/studies/{}/consent-forms?lang=en", f.study);
    let again = browser.press(&path, "k", &typed).expect(422);
    assert!(again.text.contains("Question 2, English:"), "{}", again.text);
    assert!(again.has_error_at("items.1.text.en"), "{}", again.text);
}

#[test]
fn a_form_to_which_nobody_has_to_say_yes_is_published_only_by_the_button_that_says_so() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let mut optional = form("Over dit onderzoek.");
    optional["items"][0]["required"] = json!(false);
    let path = format!("/consent-forms/{}", draft(&f, &optional));
    let publish = format!("{path}/publish");
    let page = browser.get(&format!("{path}?lang=en")).expect(200).text;
    assert!(page.contains("Nobody has to say “yes” to anything"), "{page}");
    assert!(page.contains("name=\"nobody_must\""), "the only button says it");
    assert_eq!(leads_to(&browser.press(&publish, "k", &[])), path, "it is asked first");
    assert!(browser.get(&path).expect(200).text.contains("/publish\""), "and is a draft still");
    leads_to(&browser.press(&publish, "l", &[("nobody_must", "true")]));
    assert!(!browser.get(&path).expect(200).text.contains("/publish\""));
}

#[test]
fn the_first_question_of_a_first_form_is_compulsory_unless_somebody_says_otherwise() {
    let house = House::open();
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna);
    let browser = Browser::of(&house, &anna);
    let page = browser.get(&format!("{}/consent-forms/new", page_of(&study))).expect(200).text;
    assert!(page.contains("name=\"items.0.required\" value=\"true\" checked"), "{page}");
    assert!(!page.contains("name=\"items.1.required\" value=\"true\" checked"), "{page}");
}
