//! The words of the syntax: the English ones, which are written, and the Dutch ones, which are read as well.

use crate::domain::guide::QuestionKind;

/// The name of the kind that a word stands for. A word that stands for none is passed on, for whoever checks it.
pub(super) fn kind(word: &str) -> String {
    let word = word.to_lowercase();
    let kind = match word.as_str() {
        "inleidend" => QuestionKind::Introductory,
        "overgang" => QuestionKind::Transition,
        "kernvraag" => QuestionKind::Key,
        "afsluitend" => QuestionKind::Closing,
        _ => return word,
    };
    kind.as_str().to_owned()
}

/// Whether these words say that a question must be asked.
pub(super) fn is_must_ask(words: &str) -> bool {
    ["must ask", "moet gesteld"].into_iter().any(|known| words.eq_ignore_ascii_case(known))
}

/// The keys behind the word that links a question to research questions.
pub(super) fn answers(words: &str) -> Option<&str> {
    ["answers ", "beantwoordt "].into_iter().find_map(|word| words.strip_prefix(word))
}

/// Whether a line stands above the research questions.
pub(super) fn heads_research_questions(line: &str) -> bool {
    ["Research questions:", "Onderzoeksvragen:"].contains(&line)
}

/// Whether a line stands above the probes of a question.
pub(super) fn heads_probes(line: &str) -> bool {
    ["Probes:", "Doorvragen:"].contains(&line)
}

#[cfg(test)]
mod tests {
    use crate::domain::guide::QuestionKind;
    use crate::domain::guide::markdown::{read, write};

    #[test]
    fn dutch_words_are_understood_and_written_in_english() {
        let typed = "# Gids\n\nOnderzoeksvragen:\n\n- rq1: Hoe?\n\n## Begin\n\n### rol\n\n\
                     *Inleidend; moet gesteld; beantwoordt rq1*\n\n**NL:** Wat doet u?\n\nDoorvragen:\n\n- Sinds wanneer?\n";
        let guide = read(typed).unwrap();
        let question = guide.questions().next().unwrap();
        assert_eq!((question.kind, question.must_ask), (QuestionKind::Introductory, true));
        assert_eq!((question.text.nl.as_str(), &question.answers), ("Wat doet u?", &vec!["rq1".to_owned()]));
        assert_eq!(question.probes, ["Sinds wanneer?"]);
        let written = write(&guide);
        assert!(written.contains("*introductory; must ask; answers rq1*"), "{written}");
        for (word, kind) in [("overgang", "transition"), ("kernvraag", "key"), ("afsluitend", "closing")] {
            let guide = read(&typed.replace("Inleidend", word)).unwrap();
            assert_eq!(guide.questions().next().unwrap().kind.as_str(), kind);
        }
    }

    #[test]
    fn a_text_like_the_heading_of_the_probes_stays_a_text() {
        let mut guide = read("# Gids\n## Begin\n### rol\n*key*\n**NL:** Wat?\n- Hoe?\n").unwrap();
        guide.sections[0].questions[0].text.nl = "Doorvragen:\n\nProbes:\nDoorvragen:".to_owned();
        assert_eq!(read(&write(&guide)).unwrap(), guide);
    }
}
