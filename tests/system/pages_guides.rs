//! The editor of interview guides: a form without scripts whose buttons refuse nothing, and what it keeps.

use serde_json::{Value, json};

use crate::browser::{Browser, field};
use crate::fieldwork::{Fieldwork, guide};
use crate::house::Answer;
use crate::pages_of_fieldwork::leads_to;

/// A guide as somebody types it: two questions in one section, with keys for neither.
const TYPED: [(&str, &str); 14] = [
    ("title", "Gesprek"),
    ("research_questions.0.key", ""),
    ("research_questions.0.text", "Hoe beslissen gemeenten?"),
    ("research_questions.1.key", "kosten"),
    ("research_questions.1.text", "Wat kost het?"),
    ("sections.0.title", "Begin"),
    ("sections.0.minutes", "10"),
    ("sections.0.questions.0.kind", "introductory"),
    ("sections.0.questions.0.must_ask", "true"),
    ("sections.0.questions.0.text.nl", "Wat doet u?"),
    ("sections.0.questions.0.probes", "Sinds wanneer?\r\n\r\nMet wie?\r\n  En waarom?"),
    ("sections.0.questions.1.kind", "key"),
    ("sections.0.questions.1.text.en", "What does it cost?"),
    ("sections.0.questions.1.answers", "1"),
];

fn typed(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let replaced = |name: &str| more.iter().any(|(other, _)| *other == name);
    let kept = TYPED.iter().copied().filter(|(name, _)| !replaced(name));
    kept.chain(more.iter().copied()).collect()
}

fn path(f: &Fieldwork) -> String {
    format!("/studies/{}/guides", f.study)
}

fn guides(f: &Fieldwork) -> Vec<Value> {
    let list = f.house.get(&f.owner, &f.path("guides")).expect(200).json();
    list["items"].as_array().cloned().unwrap_or_default()
}

/// The id of the control at which a page goes on.
fn focus(page: &Answer) -> String {
    let (before, _) = page.text.split_once(" autofocus").expect("a focus");
    let (_, tag) = before.rsplit_once('<').expect("its tag");
    let id = tag.split_once("id=\"").and_then(|(_, rest)| rest.split_once('"'));
    id.map(|(id, _)| id.to_owned()).unwrap_or_default()
}

#[test]
fn a_guide_is_written_in_fields_and_what_has_no_key_gets_one() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.interviewer);
    let empty = browser.get(&format!("{}/new", path(&f))).expect(200);
    assert!(empty.text.contains("id=\"sections.0.questions.0.text.nl\""), "{}", empty.text);
    let first = browser.press(&path(&f), "k", &TYPED);
    let second = browser.press(&path(&f), "k", &TYPED);
    assert_eq!(leads_to(&first), leads_to(&second), "one draft by two presses");
    let page = leads_to(&first).split('?').next().unwrap().to_owned();
    let kept = f.house.get(&f.owner, &format!("/api/v1{page}")).expect(200).json();
    assert_eq!(
        kept["research_questions"],
        json!([
            { "key": "rq1", "text": "Hoe beslissen gemeenten?" },
            { "key": "kosten", "text": "Wat kost het?" },
        ])
    );
    let questions = json!([
        {
            "key": "q1", "kind": "introductory", "must_ask": true,
            "text": { "nl": "Wat doet u?", "en": "" },
            "probes": ["Sinds wanneer?", "Met wie?\nEn waarom?"],
        },
        {
            "key": "q2", "kind": "key", "must_ask": false,
            "text": { "nl": "", "en": "What does it cost?" },
            "probes": [],
            "answers": ["kosten"],
        },
    ]);
    assert_eq!(kept["sections"], json!([{ "title": "Begin", "minutes": 10, "questions": questions }]));
    let again = browser.get(&format!("{page}/edit?lang=en")).expect(200);
    assert!(again.text.contains("Met wie?\n  En waarom?</textarea>"), "{}", again.text);
    let revision = field(&again.text, "revision").unwrap();
    let changed = typed(&[("title", "Anders"), ("sections.0.minutes", "")]);
    let changed: Vec<_> = changed.into_iter().chain([("revision", revision.as_str())]).collect();
    leads_to(&browser.press(&format!("{page}/edit"), "k", &changed));
    let kept = f.house.get(&f.owner, &format!("/api/v1{page}")).expect(200).json();
    assert_eq!((&kept["title"], &kept["minutes"]), (&json!("Anders"), &json!(0)));
    assert_eq!(guides(&f).len(), 1);
}

#[test]
fn a_button_between_the_fields_keeps_all_that_was_typed_and_refuses_nothing() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let unfinished = |act| typed(&[("title", ""), ("sections.0.minutes", "lang"), ("act", act)]);
    for (act, place) in [
        ("add:sections.0.questions", "sections.0.questions.2.text.nl"),
        ("add:sections", "sections.1.title"),
        ("add:research_questions", "research_questions.2.text"),
        ("down:sections.0.questions.0", "up-sections.0.questions.1"),
        ("down:research_questions.0", "up-research_questions.1"),
        ("look", "look"),
    ] {
        let page = browser.press(&path(&f), "k", &unfinished(act)).expect(200);
        assert_eq!(focus(&page), place, "{act}");
        assert!(!page.text.contains("-error\""), "{act}: nothing is refused");
        for kept in ["Hoe beslissen gemeenten?", "value=\"lang\"", "Wat doet u?</textarea>", "Sinds wanneer?"]
        {
            assert!(page.text.contains(kept), "{act} loses {kept}: {}", page.text);
        }
        assert!(page.text.contains(" data-unsaved>"), "{act}");
    }
    assert!(guides(&f).is_empty(), "a button keeps nothing");
}

#[test]
fn what_holds_something_is_asked_about_before_it_goes_and_what_is_empty_goes_at_once() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("{}?lang=en", path(&f));
    let asked = browser.press(&path, "k", &typed(&[("act", "remove:sections.0.questions.1")])).expect(200);
    assert!(asked.text.contains("Do you really want to remove question 1.2?"), "{}", asked.text);
    assert!(asked.text.contains("What does it cost?</textarea>"));
    let gone = browser.press(&path, "k", &typed(&[("act", "sure:sections.0.questions.1")])).expect(200);
    assert!(!gone.text.contains("What does it cost?</textarea>"), "{}", gone.text);
    assert_eq!(focus(&gone), "add-sections.0.questions");
    let stays = browser.press(&path, "k", &typed(&[("act", "stay:sections.0.questions.1")])).expect(200);
    assert_eq!(focus(&stays), "remove-sections.0.questions.1");
    assert!(stays.text.contains("What does it cost?</textarea>"));
    let empty = typed(&[("sections.1.title", ""), ("act", "remove:sections.1")]);
    assert!(!browser.press(&path, "k", &empty).expect(200).text.contains("sections.1.title"));
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_is_named_by_the_number_of_its_block() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let wrong = typed(&[
        ("title", ""),
        ("sections.0.minutes", "lang"),
        ("sections.0.questions.0.text.nl", ""),
        ("sections.0.questions.1.key", "geen sleutel"),
    ]);
    let again = browser.press(&format!("{}?lang=en", path(&f)), "k", &wrong).expect(422);
    for place in
        ["title", "sections.0.minutes", "sections.0.questions.0.text.nl", "sections.0.questions.1.key"]
    {
        assert!(again.has_error_at(place), "{place}: {}", again.text);
    }
    assert!(again.text.contains("Section 1, Minutes:") && again.text.contains("Question 1.2, short name:"));
    assert!(again.text.contains("Question 1.1, Nederlands: Write this question down"), "{}", again.text);
    assert!(again.text.contains("value=\"lang\"") && again.text.contains("value=\"geen sleutel\""));
    assert!(guides(&f).is_empty());
}

#[test]
fn beside_the_fields_stands_what_they_cover_and_how_long_they_take() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let looked = typed(&[("sections.0.minutes", "65"), ("act", "look")]);
    let page = browser.press(&format!("{}?lang=en", path(&f)), "k", &looked).expect(200).text;
    assert!(page.contains("65 minutes planned of the 60") && page.contains("5 minutes too long"), "{page}");
    assert_eq!(page.matches("nothing asks about this").count(), 1, "{page}");
    assert_eq!(page.matches("belongs to no research question").count(), 1);
}

#[test]
fn a_new_version_begins_as_a_copy_and_the_draft_that_is_there_is_offered() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let new = format!("{}/new?lang=en", path(&f));
    let draft =
        f.house.post(&f.owner, &f.path("guides"), &json!({ "title": "Alleen een concept" })).expect(201);
    let page = browser.get(&new).expect(200).text;
    assert!(page.contains("copy of the latest draft") && page.contains("Alleen een concept"), "{page}");
    f.publish(&guide());
    let page = browser.get(&new).expect(200).text;
    assert!(page.contains("copy of version 1") && page.contains("Vraag access?</textarea>"), "{page}");
    let draft = format!("/guides/{}/edit", draft.json()["id"].as_str().unwrap());
    assert!(page.contains(&format!("href=\"{draft}\"")), "{page}");
    let empty = browser.get(&format!("{new}&begin=empty")).expect(200).text;
    assert!(!empty.contains("Vraag access?") && !empty.contains("copy of"), "{empty}");
}

#[test]
fn whoever_was_overtaken_is_told_and_keeps_what_was_typed_in_the_fields() {
    let f = Fieldwork::begin();
    let made = f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201).json();
    let page = format!("/guides/{}", made["id"].as_str().unwrap());
    let browser = Browser::of(&f.house, &f.owner);
    let seen = field(&browser.get(&format!("{page}/edit")).expect(200).text, "revision").unwrap();
    f.house.put(&f.interviewer, &format!("/api/v1{page}"), &json!({ "title": "Van een ander" })).expect(200);
    let send = |revision: &str| {
        let fields: Vec<_> = TYPED.into_iter().chain([("revision", revision)]).collect();
        browser.press(&format!("{page}/edit"), revision, &fields)
    };
    let told = send(&seen).expect(412);
    assert!(told.text.contains("Wat doet u?</textarea>"), "{}", told.text);
    let title = || f.house.get(&f.owner, &format!("/api/v1{page}")).expect(200).json()["title"].clone();
    assert_eq!(title(), "Van een ander");
    leads_to(&send(&field(&told.text, "revision").unwrap()));
    assert_eq!(title(), "Gesprek");
}

#[test]
fn what_is_published_is_not_edited_and_only_who_may_write_sees_an_editor() {
    let f = Fieldwork::begin();
    let published = format!("/guides/{}", f.publish(&guide()));
    let draft = f.house.post(&f.owner, &f.path("guides"), &guide()).expect(201).json();
    let draft = format!("/guides/{}", draft["id"].as_str().unwrap());
    let [owner, reader, stranger] = [&f.owner, &f.reader, &f.stranger].map(|who| Browser::of(&f.house, who));
    for below in ["edit", "markdown"] {
        owner.get(&format!("{published}/{below}")).expect(409);
        owner.press(&format!("{published}/{below}"), "k", &typed(&[("markdown", "# x")])).expect(409);
        reader.get(&format!("{draft}/{below}")).expect(403);
        stranger.get(&format!("{draft}/{below}")).expect(404);
        reader.press(&format!("{draft}/{below}"), "k", &typed(&[("markdown", "# x")])).expect(403);
        stranger.press(&format!("{draft}/{below}"), "k", &typed(&[("markdown", "# x")])).expect(404);
    }
    for below in ["", "/markdown"] {
        let path = format!("{}{below}", path(&f));
        reader.press(&path, "k", &typed(&[("markdown", "# x")])).expect(403);
        stranger.press(&path, "k", &typed(&[("markdown", "# x")])).expect(404);
        // Also while they only ask for more room.
        reader.press(&path, "k", &[("act", "add:sections")]).expect(403);
        stranger.press(&path, "k", &[("act", "add:sections")]).expect(404);
    }
    assert!(!reader.get(&draft).expect(200).text.contains("/edit\""), "a reader is led to no editor");
    assert!(owner.get(&draft).expect(200).text.contains("/edit\""));
}

#[test]
fn the_page_for_markdown_takes_dutch_words_and_writes_english_ones() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("{}/markdown", path(&f));
    let page = browser.get(&path).expect(200).text;
    for word in ["Onderzoeksvragen:", "kernvraag", "moet gesteld", "beantwoordt", "Doorvragen:", "answers"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let typed = "# Gids\n\nOnderzoeksvragen:\n\n- rq1: Hoe?\n\n## Begin (5 min)\n\n### rol\n\n\
                 *kernvraag; moet gesteld; beantwoordt rq1*\n\n**NL:** Wat doet u?\n\nDoorvragen:\n\n- Met wie?\n";
    let made = browser.press(&path, "k", &[("markdown", typed)]);
    let page = leads_to(&made).split('?').next().unwrap().to_owned();
    let file = browser.get(&format!("{page}.md")).expect(200).text;
    assert!(
        file.contains("Research questions:\n") && file.contains("*key; must ask; answers rq1*"),
        "{file}"
    );
    assert!(file.contains("**NL:** Wat doet u?\n\n- Met wie?\n"), "{file}");
}
