//! The pages on which a study words its letters (R10, E30): both languages, previews, a test, and the way back.

use crate::browser::Browser;
use crate::fieldwork::Fieldwork;
use crate::house::Answer;
use crate::pages_of_fieldwork::leads_to;

const OWN: &str = "Beste {{name}},\n\nEigen woorden.\n\n{{link}}";

struct Desk<'f> {
    browser: Browser<'f>,
    path: String,
    held: Vec<(String, String)>,
}

/// What the fields of the page hold.
fn fields(page: &str) -> Vec<(String, String)> {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    let text =
        |part: &str| entities.iter().fold(part.to_owned(), |text, (entity, c)| text.replace(entity, c));
    let mut held = Vec::new();
    for language in ["nl", "en"] {
        let (_, subject) =
            page.split_once(&format!("name=\"subject.{language}\" value=\"")).expect("a subject");
        held.push((format!("subject.{language}"), text(subject.split('"').next().unwrap())));
        let (_, body) = page.split_once(&format!("name=\"body.{language}\"")).expect("a body");
        let body = body.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0;
        held.push((format!("body.{language}"), text(body)));
    }
    held
}

impl<'f> Desk<'f> {
    fn of(f: &'f Fieldwork, kind: &str) -> Self {
        let browser = Browser::of(&f.house, &f.owner);
        let path = format!("/studies/{}/wordings/{kind}", f.study);
        let page = browser.get(&path).expect(200);
        Self { held: fields(&page.text), browser, path }
    }

    /// Presses a button with the fields as they are but for some.
    fn press(&self, below: &str, key: &str, typed: &[(&str, &str)]) -> Answer {
        let kept = self.held.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let all: Vec<_> = kept
            .filter(|(name, _)| typed.iter().all(|(t, _)| t != name))
            .chain(typed.iter().copied())
            .collect();
        self.browser.press(&format!("{}{below}", self.path), key, &all)
    }
}

#[test]
fn both_languages_stand_side_by_side_with_every_placeholder_its_meaning_and_an_example() {
    let f = Fieldwork::begin();
    let desk = Desk::of(&f, "confirmation");
    let page = desk.browser.get(&format!("{}?lang=en", desk.path)).expect(200).text;
    assert!(desk.held[1].1.starts_with("Geachte {{name}}") && desk.held[3].1.starts_with("Dear {{name}}"));
    for (placeholder, means, example) in [
        ("{{name}}", "The respondent’s name", "Sanne de Vries"),
        ("{{date}}", "The day of the interview", "2 March 2027"),
        ("{{join_link}}", "The link to join online", "https://teams.example.org"),
    ] {
        assert!(page.contains(&format!("<code>{placeholder}</code>")), "{placeholder}");
        assert!(page.contains(means) && page.contains(example), "{means}, {example}");
    }
    assert!(page.contains("in the subject too"));
    let none = desk.browser.get(&desk.path.replace("confirmation", "withdrawn")).expect(200).text;
    assert!(!none.contains("ook in het onderwerp") && !none.contains("{{link}}"));
}

#[test]
fn a_letter_is_worded_in_one_language_tested_in_both_and_led_back_to_our_words() {
    let f = Fieldwork::begin();
    let desk = Desk::of(&f, "invitation");
    let mine = [("subject.nl", "Doet u mee?"), ("body.nl", OWN)];
    let with = |act| mine.iter().copied().chain([("act", act)]).collect::<Vec<_>>();
    let unsaved = desk.press("", "k", &with("test")).expect(200);
    assert!(
        unsaved.has_error_at("body.nl") && unsaved.text.contains("Eigen woorden."),
        "a test says what is kept"
    );
    let saved = desk.press("", "k", &with("save"));
    assert_eq!(leads_to(&saved), format!("{}?done=saved", desk.path));
    let texts = f.house.get(&f.owner, &f.path("letter-texts")).expect(200).json();
    let own: Vec<_> = texts["items"].as_array().unwrap().iter().filter(|text| text["own"] == true).collect();
    assert_eq!(own.len(), 1, "English stays ours");
    assert_eq!((own[0]["kind"].as_str(), own[0]["language"].as_str()), (Some("invitation"), Some("nl")));
    let page = desk.browser.get(&desk.path).expect(200).text;
    assert!(page.contains("<ins>") && page.contains("<del>"), "what changed is shown");
    let framed = desk.browser.get(&format!("{}/nl/html", desk.path)).expect(200);
    assert!(framed.text.contains("Eigen woorden.") && framed.text.contains("Doet u mee?"));
    assert!(framed.header("Content-Security-Policy").unwrap().contains("sandbox"));
    assert_eq!(framed.header("X-Frame-Options"), Some("SAMEORIGIN"));
    let ours = desk.browser.get(&format!("{}/nl/ours/html", desk.path)).expect(200).text;
    assert!(!ours.contains("Eigen woorden.") && ours.contains("Geachte Sanne de Vries"));
    for _ in 0..2 {
        assert_eq!(leads_to(&desk.press("", "t", &with("test"))), format!("{}?done=test_sent", desk.path));
    }
    let sent = f.house.deliver();
    assert_eq!(sent.len(), 2, "one in each language, whoever presses twice");
    let reset = format!("{}/nl/reset", desk.path);
    let asked = desk.browser.get(&reset).expect(200).text;
    assert!(asked.contains("Eigen woorden.") && asked.contains("/nl/ours/html"), "what goes is shown first");
    assert_eq!(leads_to(&desk.browser.press(&reset, "r", &[])), format!("{}?done=reset", desk.path));
    let turned = desk.press("/nl/preview", "k", &[("body.nl", "\u{202e}ediz")]).expect(200);
    assert!(
        turned.text.contains("nog geen voorbeeld") && !turned.text.contains("ediz"),
        "no text that turns around"
    );
    assert!(!desk.browser.get(&desk.path).expect(200).text.contains("Eigen woorden."));
    desk.browser.get(&reset).expect(404);
}

#[test]
fn an_unknown_placeholder_is_told_beside_its_own_field_and_no_input_is_lost() {
    let f = Fieldwork::begin();
    let desk = Desk::of(&f, "invitation");
    let typed = [
        ("body.nl", "Beste {{naam}}"),
        ("subject.en", " "),
        ("body.en", "Hi {{ {{name}} }}"),
        ("act", "save"),
    ];
    let wrong = desk.press("", "k", &typed).expect(422);
    for field in ["body.nl", "subject.en", "body.en"] {
        assert!(wrong.has_error_at(field), "{field}: {}", wrong.text);
    }
    assert!(!wrong.has_error_at("subject.nl") && wrong.text.contains("Beste {{naam}}"));
    assert!(wrong.text.contains("(English)") || wrong.text.contains("(Engels)"), "the summary tells which");
    let texts = f.house.get(&f.owner, &f.path("letter-texts")).expect(200).json();
    assert!(texts["items"].as_array().unwrap().iter().all(|text| text["own"] == false), "all or nothing");
}

#[test]
fn a_preview_shows_what_was_typed_as_text_and_keeps_nothing() {
    let f = Fieldwork::begin();
    let desk = Desk::of(&f, "invitation");
    let hostile = "<b>dik</b> {{name}} {% raw %} {link}";
    let framed = desk.press("/nl/preview", "k", &[("subject.nl", "Over {{study}}"), ("body.nl", hostile)]);
    let framed = framed.expect(200);
    assert!(framed.text.contains("&lt;b&gt;dik&lt;") && framed.text.contains("Sanne de Vries"));
    assert!(!framed.text.contains("<b>dik"));
    assert!(framed.header("Content-Security-Policy").unwrap().contains("sandbox"));
    let refused = desk.press("/en/preview?lang=nl", "k", &[("body.en", "{{password}}")]).expect(200);
    assert!(refused.text.contains("nog geen voorbeeld"), "{}", refused.text);
    let turned = desk.press("/nl/preview", "k", &[("body.nl", "\u{202e}ediz")]).expect(200);
    assert!(
        turned.text.contains("nog geen voorbeeld") && !turned.text.contains("ediz"),
        "no text that turns around"
    );
    assert!(!desk.browser.get(&desk.path).expect(200).text.contains("dik"), "nothing is kept");
    assert_eq!(desk.browser.post_bare(&format!("{}/nl/preview", desk.path), &[("body.nl", "x")]).status, 403);
}

#[test]
fn only_who_may_send_letters_words_them_and_nobody_elses_study_is_there() {
    let f = Fieldwork::begin();
    let path = format!("/studies/{}/wordings/invitation", f.study);
    let reader = Browser::of(&f.house, &f.reader);
    let stranger = Browser::of(&f.house, &f.stranger);
    for below in ["", "/nl/html", "/nl/ours/html", "/nl/reset"] {
        assert_eq!(reader.get(&format!("{path}{below}")).status, 403, "{below}");
        assert_eq!(stranger.get(&format!("{path}{below}")).status, 404, "{below}");
    }
    for below in ["", "/nl/preview", "/nl/reset"] {
        let typed = [("subject.nl", "x"), ("body.nl", "x"), ("subject.en", "x"), ("body.en", "x")];
        assert_eq!(reader.press(&format!("{path}{below}"), "k", &typed).status, 403, "{below}");
        assert_eq!(stranger.press(&format!("{path}{below}"), "k", &typed).status, 404, "{below}");
    }
    let owner = Browser::of(&f.house, &f.owner);
    owner.get(&format!("/studies/{}/wordings/interviewer_booked", f.study)).expect(404);
}
