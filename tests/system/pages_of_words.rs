//! The pages with which a researcher writes: consent forms, guides, sheets and the wording of letters.

use serde_json::json;

use crate::browser::Browser;
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
    let path = format!("/studies/{}/guides", f.study);
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
    assert_eq!(browser.press(&page, "k", &[("markdown", &right)]).status, 409, "E28");
}

#[test]
fn a_sheet_is_kept_as_a_whole_and_somebody_elses_notes_are_not_written_over_unseen() {
    let f = Fieldwork::begin();
    f.publish(&guide());
    let respondent = f.respondent("R01", "booked");
    f.consent(respondent, false);
    let interview = f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
    let path = format!("/interviews/{interview}/sheet");
    let browser = Browser::of(&f.house, &f.owner);
    let page = browser.get(&format!("{path}?lang=en")).expect(200);
    assert!(page.text.contains("Record me."), "the consent stands above the sheet");
    let typed = [
        ("revision", "0"),
        ("state.role", "covered"),
        ("note.role", "Sinds 2019"),
        ("note.access", "Via het wijkteam"),
        ("state.other", ""),
    ];
    leads_to(&browser.press(&path, "one", &typed));
    let kept = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}/sheet")).expect(200).json();
    let states: Vec<_> = kept["questions"].as_array().unwrap().iter().map(|q| q["state"].clone()).collect();
    assert_eq!(states, [json!("covered"), json!("asked"), json!(null)]);
    // The page that still shows revision 0 has not seen these notes.
    let late = [("revision", "0"), ("state.role", "skipped"), ("note.role", "Iets anders")];
    let refused = browser.press(&path, "two", &late);
    assert_eq!(refused.status, 412);
    assert!(refused.text.contains("Iets anders"), "the input is kept");
    let revision = kept["revision"].to_string();
    let cleared = [("revision", revision.as_str()), ("state.role", ""), ("state.access", "asked")];
    leads_to(&browser.press(&path, "three", &cleared));
    let kept = f.house.get(&f.owner, &format!("/api/v1/interviews/{interview}/sheet")).expect(200).json();
    assert_eq!(kept["questions"][0]["state"], json!(null));
    assert_eq!(kept["questions"][1]["note"], json!(null));
}

#[test]
fn a_letter_is_worded_previewed_tested_and_reset() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/wordings/invitation/nl", f.study);
    let words = |body| [("subject", "Doet u mee?"), ("body", body)];
    let with = |body, act| words(body).into_iter().chain([("act", act)]).collect::<Vec<_>>();
    let wrong = browser.press(&path, "k", &with("Beste {{naam}}", "save"));
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("body-error"));
    assert!(wrong.text.contains("Beste {{naam}}"), "the input is kept");
    let mine = "Beste {{name}},\n\nEigen woorden.\n\n{{link}}";
    let preview = browser.press(&path, "k", &with(mine, "preview")).expect(200);
    assert!(preview.text.contains("Eigen woorden."));
    let unsaved = browser.press(&path, "k", &with(mine, "test")).expect(200);
    assert!(unsaved.text.contains("body-error"), "a test says what is kept");
    let saved = browser.press(&path, "k", &with(mine, "save"));
    assert_eq!(leads_to(&saved), format!("{path}?done=saved"));
    let framed = browser.get(&format!("{path}/html")).expect(200);
    assert!(framed.text.contains("Eigen woorden."));
    assert!(framed.header("Content-Security-Policy").unwrap().contains("sandbox"));
    assert_eq!(framed.header("X-Frame-Options"), Some("SAMEORIGIN"));
    let tested = browser.press(&path, "k", &with(mine, "test"));
    assert_eq!(leads_to(&tested), format!("{path}?done=test_sent"));
    let reset = browser.press(&path, "k", &with(mine, "reset"));
    assert_eq!(leads_to(&reset), format!("{path}?done=reset"));
    assert!(!browser.get(&path).expect(200).text.contains("Eigen woorden."));
}
