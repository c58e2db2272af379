//! A guide, read from Markdown line by line.

use super::block::{Line, SPACE};
use super::escape::unescape;
use super::keywords;
use super::log::{Log, Reason};
use super::text::OpenText;
use crate::domain::guide::{Guide, GuideDraft, QuestionDraft, ResearchQuestion, SectionDraft};
use crate::domain::language::Language;
use crate::problem::FieldProblem;

/// Reads a document of the form that the [module](super) describes.
///
/// # Errors
/// Everything that is wrong, in the order of the document: the code `syntax` with `line` and `reason` where a line
/// cannot be read, and what [`GuideDraft::check`] finds, with the `line` on which the field stands.
pub fn read(document: &str) -> Result<Guide, Vec<FieldProblem>> {
    let document = document.strip_prefix('\u{FEFF}').unwrap_or(document);
    let unix = document.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::default();
    for raw in unix.split('\n') {
        reader.log.next_line();
        match Line::of(raw) {
            Some(line) => reader.line(line),
            None => reader.after_blank = true,
        }
        if reader.log.is_full() {
            break;
        }
    }
    reader.finish()
}

/// What takes the text that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    ResearchQuestion,
    Text(Language),
    Probe,
}

#[derive(Default)]
struct Reader {
    guide: GuideDraft,
    open: Option<(Place, OpenText)>,
    after_blank: bool,
    /// After a heading that cannot be placed all is passed over until the next one.
    is_lost: bool,
    log: Log,
}

impl Reader {
    fn line(&mut self, line: Line<'_>) {
        let after_blank = std::mem::take(&mut self.after_blank);
        if let Some((level, content)) = line.heading().filter(|_| !line.is_indented) {
            self.close();
            return self.heading(level, content);
        }
        if self.is_lost {
            return;
        }
        if line.is_foreign() || (line.is_indented && line.item().is_some()) {
            self.log.refuse(Reason::ForeignBlock);
        } else if let Some(content) = line.item() {
            self.close();
            self.item(content, line);
        } else if let Some((language, first)) = line.label() {
            self.close();
            self.text(language, first, line);
        } else if (after_blank || self.open.is_none()) && self.heads_probes(line) {
            self.close();
        } else if self.open.is_some() || !self.introduces(line) {
            self.go_on(line, after_blank);
        }
    }

    fn heading(&mut self, level: usize, content: &str) {
        self.is_lost = false;
        let sections = self.guide.sections.len();
        match level {
            1 if self.log.knows("title") => self.lose(Reason::SecondTitle),
            1 => {
                self.log.found("title".to_owned());
                self.guide.title = unescape(content);
            }
            2 => {
                let (title, minutes) = planned(content);
                self.log.found(format!("sections.{sections}"));
                let title = unescape(title);
                self.guide.sections.push(SectionDraft { title, minutes, questions: Vec::new() });
            }
            3 => match self.guide.sections.last_mut() {
                Some(section) => {
                    let path = format!("sections.{}.questions.{}", sections - 1, section.questions.len());
                    section
                        .questions
                        .push(QuestionDraft { key: unescape(content), ..QuestionDraft::default() });
                    self.log.found(path);
                }
                None => self.lose(Reason::QuestionWithoutSection),
            },
            _ => self.lose(Reason::HeadingLevel),
        }
    }

    /// Whether the line is one that only says what follows: the heading of the research questions, or the
    /// attributes of a question.
    fn introduces(&mut self, line: Line<'_>) -> bool {
        if self.guide.sections.is_empty() {
            return self.guide.research_questions.is_empty() && keywords::heads_research_questions(line.text);
        }
        match (self.question_path(), line.emphasis()) {
            (Some(path), Some(words)) if !self.log.knows(&format!("{path}.kind")) => {
                self.attributes(&path, words);
                true
            }
            _ => false,
        }
    }

    /// Whether the line only says that the probes of a question follow.
    fn heads_probes(&mut self, line: Line<'_>) -> bool {
        !line.is_indented && self.question().is_some() && keywords::heads_probes(line.text)
    }

    fn attributes(&mut self, path: &str, words: &str) {
        let mut words = words.split(';').map(str::trim);
        let kind = keywords::kind(words.next().unwrap_or_default());
        let mut question = QuestionDraft { kind, ..QuestionDraft::default() };
        for word in words {
            if keywords::is_must_ask(word) {
                question.must_ask = true;
            } else if let Some(keys) = keywords::answers(word) {
                question.answers.extend(keys.split(',').map(|key| unescape(key.trim())));
            } else {
                self.log.refuse(Reason::UnknownAttribute);
            }
        }
        self.log.found(format!("{path}.kind"));
        self.log.found(format!("{path}.answers"));
        if let Some(last) = self.question() {
            let QuestionDraft { kind, must_ask, answers, .. } = question;
            (last.kind, last.must_ask, last.answers) = (kind, must_ask, answers);
        }
    }

    fn item(&mut self, content: &str, line: Line<'_>) {
        if self.guide.sections.is_empty() {
            let Some((key, text)) = content.split_once(':') else {
                return self.log.refuse(Reason::ResearchQuestion);
            };
            self.log.found(format!("research_questions.{}", self.guide.research_questions.len()));
            let question = ResearchQuestion { key: unescape(key.trim()), text: String::new() };
            self.guide.research_questions.push(question);
            self.open = Some((
                Place::ResearchQuestion,
                OpenText::begin(text.trim_start_matches(SPACE), line.ends_in_spaces),
            ));
            return;
        }
        let path = self.question_path();
        let Some(question) = self.question() else {
            return self.log.refuse(Reason::TextOutside);
        };
        question.probes.push(String::new());
        let probe = question.probes.len() - 1;
        self.open = Some((Place::Probe, OpenText::begin(content, line.ends_in_spaces)));
        self.log.found(format!("{}.probes.{probe}", path.unwrap_or_default()));
    }

    fn text(&mut self, language: Language, first: &str, line: Line<'_>) {
        let Some(path) = self.question_path() else {
            return self.log.refuse(Reason::TextOutside);
        };
        let field = format!("{path}.text.{language}");
        if self.log.knows(&field) {
            self.log.refuse(Reason::LanguageTwice);
        }
        self.log.found(field);
        self.open = Some((Place::Text(language), OpenText::begin(first, line.ends_in_spaces)));
    }

    /// Takes a line into the text that is open. After a blank line an item of a list only goes on indented.
    fn go_on(&mut self, line: Line<'_>, after_blank: bool) {
        match &mut self.open {
            Some((place, text)) if matches!(place, Place::Text(_)) || line.is_indented || !after_blank => {
                text.go_on(line.text, line.ends_in_spaces, after_blank);
            }
            _ => self.log.refuse(Reason::TextOutside),
        }
    }

    /// Puts the text that is open in its place.
    fn close(&mut self) {
        let Some((place, text)) = self.open.take() else { return };
        let target = match place {
            Place::ResearchQuestion => self.guide.research_questions.last_mut().map(|q| &mut q.text),
            Place::Text(Language::Nl) => self.question().map(|q| &mut q.text.nl),
            Place::Text(Language::En) => self.question().map(|q| &mut q.text.en),
            Place::Probe => self.question().and_then(|q| q.probes.last_mut()),
        };
        if let Some(target) = target {
            *target = text.end();
        }
    }

    fn question(&mut self) -> Option<&mut QuestionDraft> {
        self.guide.sections.last_mut()?.questions.last_mut()
    }

    fn question_path(&self) -> Option<String> {
        let section = self.guide.sections.len().checked_sub(1)?;
        let question = self.guide.sections.last()?.questions.len().checked_sub(1)?;
        Some(format!("sections.{section}.questions.{question}"))
    }

    fn lose(&mut self, reason: Reason) {
        self.log.refuse(reason);
        self.is_lost = true;
    }

    fn finish(mut self) -> Result<Guide, Vec<FieldProblem>> {
        self.close();
        self.log.outcome(self.guide.check())
    }
}

/// The title of a section and its planned minutes, 0 where it names none.
fn planned(heading: &str) -> (&str, i64) {
    let minutes = heading.strip_suffix(" min)").and_then(|rest| rest.rsplit_once('('));
    let planned = minutes.and_then(|(title, number)| {
        let is_number = number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit());
        let title = title.strip_suffix(' ').or(title.is_empty().then_some(title))?;
        Some((title, number.parse().ok().filter(|_| is_number)?))
    });
    planned.unwrap_or((heading, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guide::markdown::write;

    const DOCUMENT: &str = "\
# Gespreksleidraad

Research questions:

- rq1: Hoe beslissen gemeenten?
- rq2: Wat werkt?

## Opening (5 min)

### role

*introductory; must ask; answers rq1, rq2*

**NL:** Wat is uw rol?

**EN:** What is your role?

- Sinds wanneer?
- Met wie werkt u\\
  van dag tot dag?

## Slot (0 min)
";

    fn errors(document: &str) -> Vec<(u64, String)> {
        let problems = read(document).unwrap_err();
        let show = |problem: &FieldProblem| {
            let line = problem.parameters["line"].as_u64().unwrap();
            let reason = problem.parameters.get("reason").and_then(|reason| reason.as_str());
            (
                line,
                reason.map_or_else(|| format!("{} {}", problem.field, problem.code.as_str()), str::to_owned),
            )
        };
        problems.iter().map(show).collect()
    }

    fn first_text(document: &str) -> String {
        read(document).unwrap().questions().next().unwrap().text.nl.clone()
    }

    #[test]
    fn a_document_becomes_a_guide_and_the_guide_the_same_document() {
        let guide = read(DOCUMENT).unwrap();
        let question = guide.questions().next().unwrap();
        assert_eq!((question.key.as_str(), question.must_ask), ("role", true));
        assert_eq!(question.answers, ["rq1", "rq2"]);
        assert_eq!(question.probes, ["Sinds wanneer?", "Met wie werkt u\nvan dag tot dag?"]);
        assert_eq!(guide.minutes(), 5);
        assert_eq!(write(&guide), DOCUMENT);
    }

    #[test]
    fn a_document_typed_by_hand_in_a_windows_editor_is_understood() {
        let typed = "\u{FEFF}# Gids #\n\n\n##  Opening\n### a\n*Key; MUST ASK*\n**nl:**\nEerste regel\n   en de tweede.  \n\
                     Derde.\n\nNieuwe alinea.\n* een\nvervolg\n+ twee\n\n  alinea\n";
        let guide = read(&typed.replace('\n', "\r\n")).unwrap();
        assert_eq!(guide, read(&write(&guide)).unwrap());
        let question = guide.questions().next().unwrap();
        assert_eq!(question.text.nl, "Eerste regel en de tweede.\nDerde.\n\nNieuwe alinea.");
        assert_eq!(question.probes, ["een vervolg", "twee\n\nalinea"]);
        assert!(question.must_ask);
    }

    #[test]
    fn markup_inside_a_line_is_text() {
        let document = "# G\n## S\n### a\n*key*\n\n**NL:** *nadruk* en `code` &amp; <b>\n";
        assert_eq!(first_text(document), "*nadruk* en `code` &amp; <b>");
        assert_eq!(first_text(&write(&read(document).unwrap())), "*nadruk* en `code` &amp; <b>");
    }

    #[test]
    fn every_error_names_its_line() {
        let document = "\
Vooraf
# Een
# Twee
verloren

- geen sleutel
- rq1: Hoe?
### a
tekst
## Deel (500 min)
- los punt
### b
*vraag; soms; answers rq9*
**NL:** Hoe?
**NL:** Nogmaals?

- punt
  - dieper

los
> citaat
#### diep
### b
*key*
";
        let expected = [
            (1, "text_outside"),
            (3, "second_title"),
            (8, "question_without_section"),
            (10, "sections.0.minutes value"),
            (11, "text_outside"),
            (13, "unknown_attribute"),
            (13, "sections.0.questions.0.kind value"),
            (13, "sections.0.questions.0.answers.0 unknown_reference"),
            (15, "language_twice"),
            (18, "foreign_block"),
            (20, "text_outside"),
            (21, "foreign_block"),
            (22, "heading_level"),
            (23, "sections.0.questions.1.key duplicate"),
            (23, "sections.0.questions.1.text required"),
        ];
        let expected: Vec<_> = expected.into_iter().map(|(line, what)| (line, what.to_owned())).collect();
        assert_eq!(errors(document), expected);
        assert_eq!(errors("# G\n- geen sleutel\n"), [(2, "research_question".to_owned())]);
    }

    #[test]
    fn an_empty_document_misses_its_title() {
        assert_eq!(errors(""), [(1, "title required".to_owned())]);
    }

    #[test]
    fn a_document_of_nothing_but_errors_is_not_read_to_its_end() {
        let problems = read(&"> x\n".repeat(100_000)).unwrap_err();
        assert_eq!(problems.len(), 101);
    }

    #[test]
    fn a_title_that_looks_like_planned_minutes_stays_a_title() {
        let guide = read("# G\n## Blok (5 min) (0 min)\n## (5 min)x (7 min)\n").unwrap();
        let titles: Vec<_> = guide.sections.iter().map(|s| (s.title.as_str(), s.minutes)).collect();
        assert_eq!(titles, [("Blok (5 min)", 0), ("(5 min)x", 7)]);
    }
}
