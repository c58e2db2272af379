//! The editor of a long guide: one section stands open, the others travel with the form, and nothing is lost on the
//! way.

use serde_json::{Value, json};

use crate::browser::{Browser, fields_of};
use crate::fieldwork::Fieldwork;
use crate::house::Answer;
use crate::pages_of_fieldwork::leads_to;

/// A guide of sections with so many questions each.
pub fn guide(sections: usize, questions: usize) -> Value {
    let question = |section: usize, number: usize| {
        json!({
            "key": format!("q{section}-{number}"), "kind": "key", "must_ask": number == 0,
            "text": { "nl": format!("Vraag {section}.{number}, met <tekens> & «meer»?"), "en": "" },
            "probes": ["Sinds wanneer?", "Met wie?\nEn waarom?"],
            "answers": [if number.is_multiple_of(2) { "hoe" } else { "wat" }],
        })
    };
    let section = |section: usize| {
        let questions: Vec<Value> = (0..questions).map(|number| question(section, number)).collect();
        json!({ "title": format!("Deel {section}"), "minutes": 5, "questions": questions })
    };
    json!({
        "title": "Lang gesprek",
        "research_questions": [{ "key": "hoe", "text": "Hoe?" }, { "key": "wat", "text": "Wat?" }],
        "sections": (0..sections).map(section).collect::<Vec<_>>(),
    })
}

fn kept(f: &Fieldwork, page: &str) -> Value {
    f.house.get(&f.owner, &format!("/api/v1{page}")).expect(200).json()
}

/// Sends the form of a page as it stands, but for some of its fields.
fn send(browser: &Browser<'_>, page: &Answer, path: &str, changes: &[(&str, &str)]) -> Answer {
    let mut fields = fields_of(&page.text, "guide");
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => (*value).clone_into(known),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_bare(path, &fields)
}

/// Which sections of a page stand open.
fn open(page: &Answer) -> Vec<usize> {
    (0..20).filter(|section| page.text.contains(&format!("name=\"sections.{section}.title\""))).collect()
}

#[test]
fn a_long_guide_goes_through_its_sections_one_by_one_and_comes_out_as_it_was_but_for_what_was_changed() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.interviewer);
    let made = f.house.post(&f.owner, &f.path("guides"), &guide(6, 5)).expect(201).json();
    let page = format!("/guides/{}", made["id"].as_str().unwrap());
    let edit = format!("{page}/edit");
    let before = kept(&f, &page);

    let mut shown = browser.get(&edit).expect(200);
    assert_eq!(open(&shown), [0]);
    for word in
        ["Deel 5", "Vraag 5.4, met &lt;tekens&gt; &amp; «meer»?", "5 vragen", "één onderdeel tegelijk"]
    {
        assert!(shown.text.contains(word), "{word}: {}", shown.text);
    }
    for section in [3, 5, 0, 2] {
        shown = send(&browser, &shown, &edit, &[("act", &format!("open:sections.{section}"))]).expect(200);
        assert_eq!(open(&shown), [section]);
        let first = format!("name=\"sections.{section}.title\" value=\"Deel {section}\" autofocus");
        assert!(shown.text.contains(&first), "one goes on in it: {}", shown.text);
    }
    assert_eq!(kept(&f, &page), before, "going round keeps nothing yet");
    shown = send(&browser, &shown, &edit, &[("sections.2.title", "Anders"), ("act", "open:sections.4")]);
    assert!(shown.text.contains("Onderdeel 3: Anders"), "{}", shown.text);
    leads_to(&send(&browser, &shown, &edit, &[("sections.4.minutes", "9")]));

    let mut wanted = before.clone();
    wanted["sections"][2]["title"] = json!("Anders");
    wanted["sections"][4]["minutes"] = json!(9);
    assert_eq!(kept(&f, &page)["sections"], wanted["sections"]);
    assert_eq!(kept(&f, &page)["research_questions"], wanted["research_questions"]);
}

#[test]
fn moving_and_taking_out_reaches_into_the_sections_that_are_folded() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let made = f.house.post(&f.owner, &f.path("guides"), &guide(6, 5)).expect(201).json();
    let page = format!("/guides/{}", made["id"].as_str().unwrap());
    let edit = format!("{page}/edit");
    let shown = browser.get(&edit).expect(200);
    // The last question of the first section goes on into the second, which opens with it.
    let shown = send(&browser, &shown, &edit, &[("act", "down:sections.0.questions.4")]).expect(200);
    assert_eq!(open(&shown), [1]);
    let shown = send(&browser, &shown, &edit, &[("act", "sure:research_questions.0")]).expect(200);
    let shown = send(&browser, &shown, &edit, &[("act", "sure:sections.1.questions.1")]).expect(200);
    assert_eq!(open(&shown), [1], "it stays where one was");
    leads_to(&send(&browser, &shown, &edit, &[]));
    let kept = kept(&f, &page);
    let keys = |section: usize| -> Vec<String> {
        let questions = kept["sections"][section]["questions"].as_array().unwrap();
        questions.iter().map(|question| question["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(0), ["q0-0", "q0-1", "q0-2", "q0-3"]);
    assert_eq!(keys(1), ["q0-4", "q1-1", "q1-2", "q1-3", "q1-4"]);
    let far = &kept["sections"][5]["questions"];
    assert_eq!((&far[0]["answers"], &far[1]["answers"]), (&json!(null), &json!(["wat"])));
}

#[test]
fn what_is_wrong_in_a_folded_section_is_told_where_it_is_folded_and_the_first_one_opens() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let mut guide = guide(6, 5);
    let new = format!("/studies/{}/guides", f.study);
    guide["title"] = json!("Lang");
    f.publish(&guide);
    let shown = browser.get(&format!("{new}/new?lang=en")).expect(200);
    let wrong = [("sections.0.minutes", "lang"), ("act", "open:sections.4")];
    let shown = send(&browser, &shown, &new, &wrong).expect(200);
    let refused = send(&browser, &shown, &new, &[("sections.4.title", "")]).expect(422);
    assert_eq!(open(&refused), [0], "the first in which something is wrong");
    assert!(refused.has_error_at("sections.0.minutes"), "{}", refused.text);
    assert!(refused.text.contains("href=\"#sections.4\"") && refused.text.contains("id=\"sections.4\""));
    assert_eq!(
        refused.text.matches("Section 5, Title:").count(),
        2,
        "above and in its place: {}",
        refused.text
    );
    let broken = [("folded", "niets"), ("act", "look")];
    assert_eq!(send(&browser, &refused, &new, &broken).status, 400);
}

#[test]
fn a_guide_that_is_not_long_stands_open_as_a_whole() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let made = f.house.post(&f.owner, &f.path("guides"), &guide(4, 5)).expect(201).json();
    let page = browser.get(&format!("/guides/{}/edit", made["id"].as_str().unwrap())).expect(200);
    assert_eq!(open(&page), [0, 1, 2, 3]);
    assert!(!page.text.contains("name=\"folded\""), "{}", page.text);
    // One question more, and it is long.
    let path = format!("/guides/{}/edit", made["id"].as_str().unwrap());
    let longer = send(&browser, &page, &path, &[("act", "add:sections.2.questions")]).expect(200);
    assert_eq!(open(&longer), [2]);
    assert!(longer.text.contains("id=\"sections.2.questions.5.text.nl\""), "{}", longer.text);
}

/// Which questions of a section stand open.
fn open_questions(page: &Answer, section: usize) -> Vec<usize> {
    let named =
        |number: &usize| page.text.contains(&format!("name=\"sections.{section}.questions.{number}.key\""));
    (0..60).filter(named).collect()
}

#[test]
fn of_a_long_section_some_questions_stand_open_and_the_others_come_out_as_they_were() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let made = f.house.post(&f.owner, &f.path("guides"), &guide(1, 45)).expect(201).json();
    let page = format!("/guides/{}", made["id"].as_str().unwrap());
    let edit = format!("{page}/edit");
    let before = kept(&f, &page);
    let shown = browser.get(&edit).expect(200);
    assert_eq!(open_questions(&shown, 0), (0..12).collect::<Vec<_>>());
    assert!(shown.text.contains("Vraag 0.44, met &lt;tekens&gt;") && shown.text.contains("Vragen 37 – 45"));
    let to_third = [("sections.0.questions.3.text.nl", "Anders?"), ("act", "open:sections.0.questions.36")];
    let shown = send(&browser, &shown, &edit, &to_third).expect(200);
    assert_eq!(open_questions(&shown, 0), (36..45).collect::<Vec<_>>());
    assert!(
        shown.text.contains("Anders?") && shown.text.contains("name=\"sections.0.questions.36.text.nl\"")
    );
    // One that moves over the edge of what is open is followed.
    let shown = send(&browser, &shown, &edit, &[("act", "up:sections.0.questions.36")]).expect(200);
    assert_eq!(open_questions(&shown, 0), (24..36).collect::<Vec<_>>());
    let shown = send(&browser, &shown, &edit, &[("act", "add:sections.0.questions")]).expect(200);
    assert_eq!(open_questions(&shown, 0), (36..46).collect::<Vec<_>>());
    let shown = send(&browser, &shown, &edit, &[("act", "look")]).expect(200);
    assert_eq!(open_questions(&shown, 0), (36..46).collect::<Vec<_>>(), "it stays where one was");
    let wrong = [("sections.0.questions.45.text.nl", "Nieuw?"), ("sections.0.questions.45.key", "q0-1")];
    let refused = send(&browser, &shown, &edit, &wrong).expect(422);
    assert!(refused.has_error_at("sections.0.questions.45.key"), "{}", refused.text);
    let at_first = [("act", "open:sections.0.questions.0")];
    let shown = send(&browser, &refused, &edit, &at_first).expect(200);
    let refused = send(&browser, &shown, &edit, &[("sections.0.questions.0.text.nl", "")]).expect(422);
    let folded = "id=\"sections.0.questions.36\"";
    assert!(refused.text.contains(folded) && refused.text.contains("href=\"#sections.0.questions.36\""));
    let shown = send(&browser, &refused, &edit, &[("sections.0.questions.0.text.nl", "Weer?")]).expect(422);
    assert_eq!(open_questions(&shown, 0), (36..46).collect::<Vec<_>>(), "where something is wrong still");
    leads_to(&send(&browser, &shown, &edit, &[("sections.0.questions.45.key", "nieuw")]));

    let mut wanted = before["sections"][0]["questions"].as_array().unwrap().clone();
    wanted.swap(35, 36);
    wanted[3]["text"]["nl"] = json!("Anders?");
    wanted[0]["text"]["nl"] = json!("Weer?");
    let mut found = kept(&f, &page)["sections"][0]["questions"].as_array().unwrap().clone();
    let added = found.pop().unwrap();
    assert_eq!((&added["key"], &added["text"]["nl"]), (&json!("nieuw"), &json!("Nieuw?")));
    assert_eq!(found, wanted);
}
