//! Nothing that people read is missing, left over or unfinished, in any language.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::letters::{self, Letter};
use super::pages::Page;
use super::phrases::{Entry, Words};
use super::*;
use crate::domain::guide::markdown::Reason;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Placeholder, Wording};
use crate::domain::letter_facts::LinkChange;
use crate::problem::{FieldCode, FieldProblem};

/// Lays a rendered sample out for looking at, in the folder that `VELDWERK_SAMPLES` names.
fn lay_out(name: &str, content: &str) {
    if let Some(folder) = std::env::var_os("VELDWERK_SAMPLES") {
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(name), content).expect("the sample can be written");
    }
}

#[test]
fn every_page_renders_in_every_state_and_language() {
    for language in Language::ALL {
        for (number, page) in Page::samples(language).into_iter().enumerate() {
            let html = page.render(language).unwrap_or_else(|fault| panic!("{language}: {fault:?}"));
            let name = page.template().trim_start_matches("pages/").replace(['/', '.'], "-");
            lay_out(&format!("{language}-{number:02}-{name}.html"), &html);
            assert!(html.starts_with("<!doctype html>"), "{}", page.template());
            assert!(html.contains(&format!("<html lang=\"{language}\">")), "{}", page.template());
            assert!(html.len() < 100_000, "{} has {} bytes", page.template(), html.len());
        }
    }
}

#[test]
fn no_page_carries_inline_script_or_style() {
    for language in Language::ALL {
        for page in Page::samples(language) {
            let html = page.render(language).expect("it renders").to_lowercase();
            for forbidden in [" style=", "<style", "<script>", " onclick", " onload", "javascript:"] {
                assert!(!html.contains(forbidden), "{}: {forbidden}", page.template());
            }
        }
    }
}

#[test]
fn on_every_page_of_a_respondent_with_fields_the_language_switch_brings_them_along() {
    for language in Language::ALL {
        for page in Page::samples(language) {
            let html = page.render(language).expect("it renders");
            let is_form = html.contains("<form id=\"form\"");
            let has_fields = ["type=\"radio\"", "type=\"text\"", "type=\"email\"", "<textarea"];
            let has_fields = has_fields.iter().any(|control| html.contains(control));
            assert_eq!(html.contains("again=yes"), is_form, "{}", page.template());
            let is_respondents = page.template().starts_with("pages/respondent/");
            assert!(!(is_respondents && has_fields) || is_form, "{} loses what is typed", page.template());
        }
    }
}

#[test]
fn every_letter_renders_in_every_language() {
    for language in Language::ALL {
        for kind in LetterKind::ALL {
            let letter = Letter::sample(kind, language);
            let rendered = letter.render(language, None).unwrap_or_else(|fault| panic!("{kind}: {fault:?}"));
            lay_out(&format!("{language}-letter-{kind}.txt"), &rendered.text);
            lay_out(&format!("{language}-letter-{kind}.html"), &rendered.html);
            assert!(!rendered.subject.is_empty() && !rendered.subject.contains('\n'), "{kind}");
            assert!(!rendered.text.contains("{{") && !rendered.html.contains("{{"), "{kind}");
        }
    }
}

#[test]
fn every_word_that_a_template_asks_for_is_there() {
    let keys: BTreeSet<&str> = Words::of(Language::Nl).entries().map(|(key, _)| key).collect();
    for (name, source) in press::templates() {
        for (call, one) in [(" t(\"", ""), ("(t(\"", ""), ("lines(\"", ""), ("plural(\"", ".one")] {
            for asked in source.split(call).skip(1) {
                let (key, rest) = asked.split_once('"').expect("a closing quote");
                let there = if rest.trim_start().starts_with('~') {
                    keys.iter().any(|k| k.starts_with(key))
                } else {
                    keys.contains(format!("{key}{one}").as_str())
                };
                assert!(there, "{name} asks for `{key}`");
            }
        }
    }
}

/// The text of all source files below a folder.
fn sources(folder: &Path) -> String {
    let mut code = String::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        code += &if path.is_dir() { sources(&path) } else { fs::read_to_string(&path).expect("a source") };
    }
    code
}

fn is_template(name: &str) -> bool {
    name.contains('/') && [".html", ".txt", ".subject"].iter().any(|extension| name.ends_with(extension))
}

#[test]
fn no_template_is_orphaned() {
    let mut named: BTreeSet<String> = Page::TEMPLATES.iter().map(ToString::to_string).collect();
    for language in Language::ALL {
        for kind in LetterKind::ALL {
            named.extend(["subject", "txt", "html"].map(|ext| format!("letters/{language}/{kind}.{ext}")));
        }
    }
    named.extend([operator::TEMPLATE, letters::NO_PREVIEW].map(ToOwned::to_owned));
    for (_, source) in press::templates() {
        let quoted = source.split('"').filter(|part| is_template(part));
        named.extend(quoted.map(ToOwned::to_owned));
    }
    let present: BTreeSet<String> = press::templates().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(present.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new(), "orphaned");
    assert_eq!(named.difference(&present).collect::<Vec<_>>(), Vec::<&String>::new(), "missing");
}

#[test]
fn the_languages_have_the_same_keys_with_the_same_parameters() {
    let shape = |language| -> BTreeSet<String> {
        Words::of(language)
            .entries()
            .map(|(key, entry)| {
                let (lines, text) = match entry {
                    Entry::Line(line) => (0, line.clone()),
                    Entry::Lines(lines) => (lines.len(), lines.join(" ")),
                };
                let mut names: Vec<&str> =
                    text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
                names.sort_unstable();
                format!("{key} [{lines}] {names:?}")
            })
            .collect()
    };
    let (nl, en) = (shape(Language::Nl), shape(Language::En));
    assert!(nl.len() > 100, "the words are embedded");
    assert_eq!(nl.symmetric_difference(&en).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_field_code_has_a_sentence_that_needs_no_parameters() {
    for language in Language::ALL {
        for code in FieldCode::ALL {
            let sentence = field_message(language, &FieldProblem::new("name", *code));
            assert!(!sentence.starts_with("field.") && !sentence.contains('{'), "{language} {sentence}");
        }
    }
}

#[test]
fn every_reason_why_a_line_is_no_guide_has_a_sentence() {
    for language in Language::ALL {
        for reason in Reason::ALL {
            let sentence = word(language, &format!("syntax.{}", reason.as_str()));
            assert!(sentence.ends_with('.') && !sentence.starts_with("syntax."), "{language} {sentence}");
        }
    }
}

#[test]
fn every_word_that_a_template_names_exists_and_none_is_left_over() {
    let templates = press::templates();
    let sources_of = |room: &str| sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room));
    let code = ["src/words", "src/web"].map(sources_of).concat();
    let mut whole = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    for source in templates.iter().map(|(_, source)| *source).chain([code.as_str()]) {
        for part in source.split('"') {
            let is_key = part.contains('.') && !part.contains([' ', '/', '<']) && !is_template(part);
            if is_key {
                whole.insert(part.to_owned());
            }
            if let Some((beginning, _)) = part.split_once('{') {
                beginnings.insert(beginning.to_owned());
            } else if part.ends_with(['.', '_']) {
                beginnings.insert(part.to_owned());
            }
        }
    }
    beginnings.retain(|start| start.contains('.'));
    for (key, _) in Words::of(Language::Nl).entries() {
        let key = key.trim_end_matches(".one").trim_end_matches(".other");
        let named = whole.contains(key) || beginnings.iter().any(|start| key.starts_with(start.as_str()));
        assert!(named, "nobody says `{key}`");
    }
}

#[test]
fn text_and_html_of_a_letter_say_the_same() {
    for language in Language::ALL {
        for kind in LetterKind::ALL {
            let rendered = Letter::sample(kind, language).render(language, None).expect("it renders");
            assert_eq!(spoken(&rendered.text), spoken(&visible(&rendered.html)), "{kind} in {language}");
        }
    }
}

#[test]
fn a_letter_about_a_link_says_whether_it_is_there_has_changed_or_has_ended() {
    let Letter::LinkUpdate(facts) = Letter::sample(LetterKind::LinkUpdate, Language::En) else {
        panic!("a link")
    };
    for (change, says) in [
        (LinkChange::Added, "is here."),
        (LinkChange::Replaced, "has changed. Do not use the old link any more."),
        (LinkChange::Removed, "has ended. Do not use it any more. You will get a new link later."),
    ] {
        let letter = Letter::LinkUpdate(letters::Appointment { link_change: Some(change), ..facts.clone() });
        let rendered = letter.render(Language::En, None).expect("it renders");
        assert!(rendered.text.contains(says) && rendered.html.contains(says), "{}", rendered.text);
        assert_eq!(spoken(&rendered.text), spoken(&visible(&rendered.html)), "{change:?}");
    }
}

/// The visible text of a document, its entities resolved.
fn visible(html: &str) -> String {
    let body = html.split("<body").nth(1).expect("a body");
    let mut text = String::new();
    for part in body.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    [("&quot;", "\""), ("&#x27;", "'"), ("&nbsp;", " "), ("&lt;", "<"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, plain)| text.replace(entity, plain))
}

/// The words of a text, without punctuation, case and web addresses (a button hides its own).
fn spoken(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| !word.contains("://"))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn a_studys_own_words_replace_ours_and_keep_card_and_foot() {
    let wording = Wording::parse(
        LetterKind::Confirmation,
        "Tot {{date}}",
        "Hallo {{name}},\n\nTot ziens <b>hier</b>: {{join_link}}",
    )
    .expect("a sound wording");
    let letter = Letter::sample(LetterKind::Confirmation, Language::Nl);
    let rendered = letter.render(Language::Nl, Some(&wording)).expect("it renders");
    assert_eq!(rendered.subject, "Tot dinsdag 2 maart 2027");
    assert!(rendered.text.starts_with("Hallo Sanne de Vries,\n\nTot ziens <b>hier</b>: https://teams."));
    assert!(rendered.text.contains("Dag: dinsdag 2 maart 2027\nTijd: 10.00 – 11.00 uur (Nederlandse tijd)"));
    assert!(rendered.text.contains("Uw persoonlijke pagina: https://"));
    assert!(!rendered.text.contains("Geachte"));
    assert!(rendered.html.contains("&lt;b&gt;hier&lt;/b&gt;: <a href=\"https://teams."));
}

#[test]
fn the_personal_link_in_a_studys_own_words_is_the_button_that_our_own_letters_have() {
    let button = |html: &str| {
        let (_, rest) = html.split_once("padding:14px 24px")?;
        Some(rest.split_once('>')?.1.split_once('<')?.0.to_owned())
    };
    for language in Language::ALL {
        let knows_link = |kind: &LetterKind| kind.placeholders().contains(&Placeholder::Link);
        for kind in LetterKind::ALL.into_iter().filter(knows_link) {
            let letter = Letter::sample(kind, language);
            let (subject, ours) = letters::proposal(language, kind).expect("it renders");
            let standard = button(&letter.render(language, None).expect("it renders").html);
            for body in [ours, format!("Dag\n\n{}", Placeholder::Link)] {
                let wording = Wording::parse(kind, &subject, &body).expect("a sound wording");
                let own = letter.render(language, Some(&wording)).expect("it renders");
                let label = button(&own.html).expect("a button");
                assert!(standard.as_ref().is_none_or(|ours| *ours == label), "{kind}: {label}, {standard:?}");
                assert!(own.text.lines().any(|line| line.contains("/p/")), "the text part keeps the address");
            }
        }
    }
}

#[test]
fn the_proposal_for_a_wording_is_itself_a_sound_wording() {
    for language in Language::ALL {
        for kind in LetterKind::ALL.into_iter().filter(|kind| kind.is_editable()) {
            let (subject, body) = letters::proposal(language, kind).expect("it renders");
            assert!(body.contains(&Placeholder::Name.to_string()), "{kind}: {body}");
            Wording::parse(kind, &subject, &body)
                .unwrap_or_else(|p| panic!("{kind} {language}: {p:?}\n{body}"));
        }
    }
}

#[test]
fn the_first_letter_says_where_the_address_came_from_and_how_to_object() {
    let Letter::Invitation(mut facts) = Letter::sample(LetterKind::Invitation, Language::En) else {
        panic!("an invitation")
    };
    let text = |facts: &letters::Approach| {
        Letter::Invitation(facts.clone()).render(Language::En, None).expect("it renders").text
    };
    assert!(text(&facts).contains("come from: the web site of your municipality."));
    assert!(text(&facts).contains("you may object: write to noor.verhoeven@example.org"));
    assert!(text(&facts).contains(&facts.unsubscribe));
    assert!(text(&facts).contains("Legal basis: a task in the public interest"));
    assert!(text(&facts).contains("How long they are kept: names and addresses until July 2027"));
    facts.study.source = None;
    assert!(text(&facts).contains("Noor Verhoeven will tell you on request"));
}

#[test]
fn every_letter_to_a_respondent_who_takes_part_leads_to_the_personal_page_whatever_its_wording() {
    for language in Language::ALL {
        for kind in LetterKind::ALL {
            // Who else comes is told in words of ours alone, and leads there too.
            let knows =
                kind.placeholders().contains(&Placeholder::Link) || kind == LetterKind::CompanyChanged;
            let wording = Wording::parse(kind, "Hello", "Hello").expect("a sound wording");
            let own = Letter::sample(kind, language).render(language, Some(&wording)).expect("it renders");
            assert_eq!(own.text.contains("/p/"), knows, "{kind} in {language}");
            assert_eq!(own.html.contains("/p/"), knows, "{kind} in {language}");
        }
    }
}

#[test]
fn a_letter_that_leaves_after_the_notice_offers_no_change_but_whom_to_ask() {
    for (language, change) in [(Language::Nl, "ander moment"), (Language::En, "another time")] {
        let Letter::AppointmentReminder(mut facts) =
            Letter::sample(LetterKind::AppointmentReminder, language)
        else {
            panic!("a reminder")
        };
        for may_change in [true, false] {
            facts.may_change = may_change;
            let written =
                Letter::AppointmentReminder(facts.clone()).render(language, None).expect("it renders");
            for part in [&written.text, &visible(&written.html)] {
                assert_eq!(part.contains(change), may_change, "{part}");
                assert!(part.contains("/p/") && part.contains("noor.verhoeven@example.org"), "{part}");
            }
        }
    }
}

#[test]
fn the_subject_of_an_invite_names_neither_study_nor_person() {
    for language in Language::ALL {
        for kind in LetterKind::ALL.into_iter().filter(|kind| kind.calendar_method().is_some()) {
            let subject = Letter::sample(kind, language).render(language, None).expect("it renders").subject;
            assert!(!subject.contains(&word(language, "sample.study")), "{subject}");
            assert!(!subject.contains("Vries"), "{subject}");
        }
    }
}

#[test]
fn hostile_text_stays_text_in_every_part_of_a_letter() {
    let Letter::Confirmation(mut facts) = Letter::sample(LetterKind::Confirmation, Language::Nl) else {
        panic!("a confirmation")
    };
    facts.name = "<img src=x onerror=alert(1)>{{ study.title }}".to_owned();
    facts.venue.join_link = Some("javascript:alert(1)".to_owned());
    let rendered = Letter::Confirmation(facts).render(Language::Nl, None).expect("it renders");
    assert!(!rendered.html.contains("<img") && rendered.html.contains("{{ study.title }}"));
    assert!(!rendered.html.contains("href=\"javascript:"));
}
