//! What holds for every guide: nothing is lost on the way through a document, whatever the text looks like.

use proptest::prelude::*;

use super::{read, write};
use crate::domain::bilingual::Bilingual;
use crate::domain::guide::{Guide, GuideDraft, QuestionDraft, QuestionKind, ResearchQuestion, SectionDraft};

/// What means something in Markdown, in our syntax, or to careless code.
const PIECES: &[&str] = &[
    "#",
    "##",
    "# ",
    "### ",
    "-",
    "- ",
    "* ",
    "+ ",
    "*",
    "**",
    "_",
    "`",
    "```",
    "~",
    "~~~",
    "1. ",
    "2) ",
    "10",
    ".",
    ")",
    "(",
    "[",
    "]",
    "![",
    "<",
    "<b>",
    ">",
    "> ",
    "|",
    "=",
    "===",
    "---",
    "\\",
    "\\\\",
    "&",
    ";",
    "&#10;",
    "&amp;",
    "&#",
    "#x41;",
    " ",
    "  ",
    "\t",
    "\u{a0}",
    "a",
    "Waarom?",
    "é",
    "🦊",
    ":",
    "**NL:** ",
    "**EN:**",
    "*key*",
    "*key; must ask*",
    "answers rq0",
    "Research questions:",
    "Doorvragen:",
    "Probes:",
    "rq0: ",
    " (5 min)",
    "\u{200d}",
    "!",
    "$",
];
const BREAKS: &[&str] = &["\n", "\n\n", "\r\n", "\r", "\n \n", "\\\n", "  \n", "\n\nDoorvragen:\n\n"];

fn text(breaks: bool) -> impl Strategy<Value = String> {
    let mut pieces: Vec<&str> = PIECES.to_vec();
    if breaks {
        pieces.extend(BREAKS.iter().cycle().take(BREAKS.len() * 4));
    } else {
        pieces.retain(|piece| *piece != "\t");
    }
    prop::collection::vec(prop::sample::select(pieces), 1..9)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("something to read", |text| !text.trim().is_empty())
}

fn question() -> impl Strategy<Value = QuestionDraft> {
    (
        prop::sample::select(QuestionKind::ALL.to_vec()),
        any::<bool>(),
        (text(true), prop_oneof![text(true), Just(String::new()), Just("\n".to_owned())], any::<bool>()),
        prop::collection::vec(text(true), 0..4),
        prop::sample::subsequence(vec!["rq0", "rq1"], 0..=2),
    )
        .prop_map(|(kind, must_ask, (one, other, swap), probes, answers)| QuestionDraft {
            key: String::new(),
            kind: kind.to_string(),
            must_ask,
            text: if swap { Bilingual { nl: other, en: one } } else { Bilingual { nl: one, en: other } },
            probes,
            answers: answers.into_iter().map(str::to_owned).collect(),
        })
}

fn guide() -> impl Strategy<Value = Guide> {
    let section = (text(false), 0..=480i64, prop::collection::vec(question(), 0..3));
    (text(false), [text(true), text(true)], prop::collection::vec(section, 0..3)).prop_map(
        |(title, research_questions, sections)| {
            let mut draft = GuideDraft { title, ..GuideDraft::default() };
            for (i, text) in research_questions.into_iter().enumerate() {
                draft.research_questions.push(ResearchQuestion { key: format!("rq{i}"), text });
            }
            for (i, (title, minutes, mut questions)) in sections.into_iter().enumerate() {
                for (j, question) in questions.iter_mut().enumerate() {
                    question.key = format!("q_{i}-{j}");
                }
                draft.sections.push(SectionDraft { title, minutes, questions });
            }
            draft.check().unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_guide_comes_back_from_its_document_letter_for_letter(guide in guide()) {
        let document = write(&guide);
        let again = read(&document);
        prop_assert_eq!(again.as_ref(), Ok(&guide), "{}", document);
    }

    #[test]
    fn a_document_of_a_guide_comes_back_byte_for_byte_also_from_a_windows_editor(guide in guide()) {
        let document = write(&guide);
        let again = read(&document.replace('\n', "\r\n")).map(|guide| write(&guide));
        prop_assert_eq!(again, Ok(document));
    }

    #[test]
    fn whatever_is_read_at_all_is_read_the_same_from_its_own_document(
        lines in prop::collection::vec(text(true), 0..12),
    ) {
        let document = format!("# T\n## S\n### q\n*key*\n**NL:** x\n\n{}", lines.join("\n"));
        if let Ok(guide) = read(&document) {
            prop_assert_eq!(read(&write(&guide)), Ok(guide));
        }
    }

    #[test]
    fn only_real_text_stands_outside_the_escapes(guide in guide()) {
        let document = write(&guide);
        prop_assert!(!document.contains('\t') && !document.contains('\r'));
        let blocks = ["> ", "<", "|", "```", "~~~", "1. ", "    "];
        prop_assert!(document.lines().all(|line| !blocks.iter().any(|block| line.starts_with(block))), "{}", document);
        prop_assert!(document.lines().all(|line| line == line.trim_end_matches(' ')), "{}", document);
    }
}
