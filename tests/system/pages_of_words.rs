//! The pages with which a researcher writes: consent forms, guides, sheets and the wording of letters.

use serde_json::json;

use crate::browser::{Browser, field};
use crate::fieldwork::{Fieldwork, guide};
use crate::pages_of_fieldwork::leads_to;

#[test]
fn a_consent_form_is_written_published_and_never_changes_after_that() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/consent-forms", f.study);
    let mut typed = vec![
        ("intro.nl", "Over dit onderzoek"),
        ("intro.en", "About this study"),
        ("items.0.key", "take_part"),
        ("items.0.required", "true"),
        ("items.0.text.nl", "Ik doe mee."),
        ("items.3.key", "record"),
        ("items.3.text.nl", "Opname mag."),
        ("items.3.text.en", "Record me."),
    ];
    let again = browser.press(&path, "k", &typed);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("items.0.text.en-error"), "{}", again.text);
    assert!(again.text.contains("Opname mag."), "the input is kept");
    let more: Vec<_> = typed.iter().copied().chain([("act", "more")]).collect();
    browser.press(&path, "k", &more).expect(200);
    typed.push(("items.0.text.en", "I take part."));
    let first = browser.press(&path, "k", &typed);
    let second = browser.press(&path, "k", &typed);
    assert_eq!(leads_to(&first), leads_to(&second), "one draft by two presses");
    let page = leads_to(&first).split('?').next().unwrap();
    browser.get(&format!("{page}/edit")).expect(200);
    typed[0].1 = "Anders";
    leads_to(&browser.press(&format!("{page}/edit"), "k", &typed));
    assert!(browser.get(page).expect(200).text.contains("Anders"));
    let published = browser.press(&format!("{page}/publish"), "k", &[]);
    assert_eq!(leads_to(&published), format!("{page}?done=published"));
    assert_eq!(browser.get(&format!("{page}/edit")).status, 409);
    assert_eq!(browser.press(&format!("{page}/edit"), "other", &typed).status, 409);
    let interviewer = Browser::of(&f.house, &f.interviewer);
    assert_eq!(interviewer.press(&path, "k", &typed).status, 403, "only an owner publishes consent (R11)");
}

#[test]
fn a_guide_is_written_as_markdown_and_every_mistake_has_its_line() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.interviewer);
    let path = format!("/studies/{}/guides/markdown", f.study);
    let wrong = "# Gids\n\n## Opening (5 min)\n\n### rol\n\n*onbekend*\n\n**NL:** Wat doet u?\n";
    let again = browser.press(&format!("{path}?lang=en"), "k", &[("markdown", wrong)]);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("Line 7:"), "{}", again.text);
    assert!(again.text.contains("*onbekend*"), "the input is kept");
    let right = wrong.replace("onbekend", "introductory; must ask");
    let made = browser.press(&path, "k", &[("markdown", &right)]);
    let page = leads_to(&made).split('?').next().unwrap().to_owned();
    leads_to(&browser.press(&format!("{page}/publish"), "k", &[]));
    let file = browser.get(&format!("{page}.md")).expect(200);
    assert_eq!(file.text, right);
    assert!(file.header("Content-Type").unwrap().starts_with("text/markdown"));
    assert_eq!(browser.press(&format!("{page}/markdown"), "k", &[("markdown", &right)]).status, 409, "E28");
}

#[test]
fn a_guide_shows_what_nothing_asks_about_and_by_how_much_it_is_too_long() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let page = |guide: &serde_json::Value| {
        let path = format!("/guides/{}?lang=en", f.publish(guide));
        browser.get(&path).expect(200).text
    };
    let sound = page(&guide());
    assert!(sound.contains("50 minutes planned of the 60") && !sound.contains("too long"), "{sound}");
    assert_eq!(sound.matches("belongs to no research question").count(), 1, "the first question opens only");
    assert!(!sound.contains("nothing asks about this"));
    let mut wide = guide();
    let asked = wide["research_questions"].as_array_mut().unwrap();
    asked.push(json!({ "key": "rq2", "text": "Wat kost het?" }));
    wide["sections"][1]["minutes"] = json!(55);
    let wide = page(&wide);
    assert_eq!(wide.matches("nothing asks about this").count(), 1);
    assert!(wide.contains("5 minutes too long") && wide.contains("longer than the interview"), "{wide}");
    let mut open = guide();
    open["research_questions"] = json!([]);
    for place in [0, 1] {
        open["sections"][1]["questions"][place]["answers"] = json!([]);
    }
    assert!(page(&open).contains("There is no research question yet"));
}

/// What a sheet says of its answers in its hidden field.
fn seen(page: &str) -> String {
    field(page, "seen").expect("what it shows")
}

#[test]
fn a_sheet_without_scripts_writes_over_nothing_that_was_not_seen_and_keeps_both_texts() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let respondent = f.respondent("R01", "booked");
    f.consent(respondent, false);
    let interview = f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
    let path = format!("/interviews/{interview}/sheet");
    let browser = Browser::of(&f.house, &f.owner);
    let page = browser.get(&format!("{path}?lang=en")).expect(200);
    assert!(page.text.contains("Opname mag."), "the consent stands above the sheet");
    assert!(page.text.contains("No recording!"), "above all when there is none for a recording");
    let fresh = seen(&page.text);
    assert_eq!(fresh, "role access other", "nothing was answered yet");
    let typed = [
        ("seen", fresh.as_str()),
        ("state.0", "covered"),
        ("note.0", "Sinds 2019"),
        ("note.1", "Via het wijkteam"),
        ("state.2", ""),
    ];
    leads_to(&browser.press(&path, "one", &typed));
    let kept = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}/sheet")).expect(200).json();
    let states: Vec<_> = kept["questions"].as_array().unwrap().iter().map(|q| q["state"].clone()).collect();
    assert_eq!(states, [json!("covered"), json!("asked"), json!(null)]);
    // The page that was opened before has not seen these notes, and touched neither of the other two.
    let late = [
        ("seen", fresh.as_str()),
        ("state.0", "skipped"),
        ("note.0", "Iets anders"),
        ("state.1", ""),
        ("state.2", "asked"),
    ];
    let again = browser.press(&path, "two", &late);
    assert_eq!(again.status, 412);
    assert!(again.text.contains("Sinds 2019\n\nIets anders</textarea>"), "{}", again.text);
    assert!(again.has_error_at("note.0") && again.text.contains("Via het wijkteam</textarea>"));
    let shown = seen(&again.text);
    let both = [
        ("seen", shown.as_str()),
        ("state.0", "skipped"),
        ("note.0", "Sinds 2019\n\nIets anders"),
        ("state.1", "asked"),
        ("note.1", "Via het wijkteam"),
        ("state.2", "asked"),
    ];
    leads_to(&browser.press(&path, "three", &both));
    let kept = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}/sheet")).expect(200).json();
    let told: Vec<_> =
        kept["questions"].as_array().unwrap().iter().map(|q| (&q["state"], &q["note"])).collect();
    let expected = [
        (&json!("skipped"), &json!("Sinds 2019\n\nIets anders")),
        (&json!("asked"), &json!("Via het wijkteam")),
        (&json!("asked"), &json!(null)),
    ];
    assert_eq!(told, expected);
    let page = browser.get(&path).expect(200);
    let shown = seen(&page.text);
    let cleared = [("seen", shown.as_str()), ("state.0", ""), ("state.1", "asked")];
    leads_to(&browser.press(&path, "four", &cleared));
    let kept = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}/sheet")).expect(200).json();
    assert_eq!(kept["questions"][0]["state"], json!(null));
    assert_eq!(kept["questions"][1]["note"], json!(null));
}
