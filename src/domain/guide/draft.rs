//! A guide as somebody wrote it, and all that is wrong with it.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Guide, Question, QuestionKind, ResearchQuestion, Section};
use crate::domain::bilingual::Bilingual;
use crate::domain::findings::Findings;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest number of research questions of a guide.
const RESEARCH_QUESTIONS_LIMIT: usize = 50;
/// The greatest number of sections of a guide.
const SECTIONS_LIMIT: usize = 50;
/// The greatest number of questions of a section.
const QUESTIONS_LIMIT: usize = 100;
/// The greatest number of probes of a question.
const PROBES_LIMIT: usize = 50;
/// The longest that a section can be planned, in minutes.
const MINUTES_LIMIT: i64 = 480;

/// A guide as it is written. A draft may be as empty as it likes, but what is there has to be sound.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideDraft {
    /// The name of the guide.
    #[serde(default)]
    #[schema(required)]
    pub title: String,
    /// What the study wants to know.
    #[serde(default)]
    pub research_questions: Vec<ResearchQuestion>,
    /// The parts of the conversation.
    #[serde(default)]
    pub sections: Vec<SectionDraft>,
}

/// A part of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuideSectionDraft)]
pub struct SectionDraft {
    /// The name of the part.
    #[serde(default)]
    #[schema(required)]
    pub title: String,
    /// How many minutes are planned for it; 0 where nothing is planned.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 480)]
    pub minutes: i64,
    /// Its questions.
    #[serde(default)]
    pub questions: Vec<QuestionDraft>,
}

/// A question to the respondent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuideQuestionDraft)]
pub struct QuestionDraft {
    /// The name of the question in sheets and exports, once in a guide.
    #[serde(default)]
    #[schema(required)]
    pub key: String,
    /// What it does in the conversation.
    #[serde(default)]
    #[schema(required, value_type = QuestionKind)]
    pub kind: String,
    /// Whether an interview is incomplete without it.
    #[serde(default)]
    pub must_ask: bool,
    /// How it is put; at least one language has words.
    #[serde(default)]
    #[schema(required)]
    pub text: Bilingual,
    /// What to ask further.
    #[serde(default)]
    pub probes: Vec<String>,
    /// Keys of research questions.
    #[serde(default)]
    pub answers: Vec<String>,
}

impl GuideDraft {
    /// Reads the guide. A draft may be as empty as it likes, but what is there has to be sound.
    ///
    /// # Errors
    /// Everything that is wrong, with the path of each field, for example `sections.0.questions.2.key`.
    pub fn check(self) -> Result<Guide, Vec<FieldProblem>> {
        let mut reader = Reader::default();
        reader.findings.line("title", &self.title);
        reader.research_questions(&self.research_questions);
        let mut sections = Vec::new();
        if reader.findings.count("sections", self.sections.len(), SECTIONS_LIMIT) {
            for (i, section) in self.sections.into_iter().enumerate() {
                sections.extend(reader.section(&format!("sections.{i}"), section));
            }
        }
        let Self { title, research_questions, .. } = self;
        reader.findings.outcome(Guide { title, research_questions, sections })
    }
}

/// What was found, and the keys that were seen on the way.
#[derive(Default)]
struct Reader {
    findings: Findings,
    research_questions: BTreeSet<String>,
    questions: BTreeSet<String>,
}

impl Reader {
    fn research_questions(&mut self, given: &[ResearchQuestion]) {
        if !self.findings.count("research_questions", given.len(), RESEARCH_QUESTIONS_LIMIT) {
            return;
        }
        for (i, ResearchQuestion { key, text }) in given.iter().enumerate() {
            let path = format!("research_questions.{i}");
            self.findings.key(format!("{path}.key"), key);
            if !self.research_questions.insert(key.clone()) {
                self.findings.add(format!("{path}.key"), FieldCode::Duplicate);
            }
            self.findings.required_prose(format!("{path}.text"), text);
        }
    }

    fn section(&mut self, path: &str, section: SectionDraft) -> Option<Section> {
        let SectionDraft { title, minutes, questions: drafts } = section;
        self.findings.line(format!("{path}.title"), &title);
        let minutes = self.findings.range(format!("{path}.minutes"), minutes, (0, MINUTES_LIMIT));
        let mut questions = Vec::new();
        if self.findings.count(format!("{path}.questions"), drafts.len(), QUESTIONS_LIMIT) {
            for (i, question) in drafts.into_iter().enumerate() {
                questions.extend(self.question(&format!("{path}.questions.{i}"), question));
            }
        }
        Some(Section { title, minutes: minutes?, questions })
    }

    fn question(&mut self, path: &str, question: QuestionDraft) -> Option<Question> {
        let QuestionDraft { key, kind, must_ask, text, probes, answers } = question;
        let findings = &mut self.findings;
        findings.key(format!("{path}.key"), &key);
        if !self.questions.insert(key.clone()) {
            findings.add(format!("{path}.key"), FieldCode::Duplicate);
        }
        let kinds = "introductory, transition, key, closing";
        let kind = findings.value(format!("{path}.kind"), &kind, kinds, |t| t.parse::<QuestionKind>().ok());
        if Language::ALL.iter().all(|language| text.text(*language).trim().is_empty()) {
            findings.add(format!("{path}.text"), FieldCode::Required);
        }
        for language in Language::ALL {
            findings.prose(format!("{path}.text.{language}"), text.text(language));
        }
        if findings.count(format!("{path}.probes"), probes.len(), PROBES_LIMIT) {
            for (i, probe) in probes.iter().enumerate() {
                findings.required_prose(format!("{path}.probes.{i}"), probe);
            }
        }
        if findings.count(format!("{path}.answers"), answers.len(), RESEARCH_QUESTIONS_LIMIT) {
            for (i, answer) in answers.iter().enumerate() {
                if !self.research_questions.contains(answer) {
                    findings.add(format!("{path}.answers.{i}"), FieldCode::UnknownReference);
                } else if answers.iter().take(i).any(|earlier| earlier == answer) {
                    findings.add(format!("{path}.answers.{i}"), FieldCode::Duplicate);
                }
            }
        }
        Some(Question { key, kind: kind?, must_ask, text, probes, answers })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(body: Value) -> Result<Guide, Vec<(String, &'static str)>> {
        let draft: GuideDraft = serde_json::from_value(body).unwrap();
        draft.check().map_err(|problems| problems.into_iter().map(|p| (p.field, p.code.as_str())).collect())
    }

    #[test]
    fn a_guide_comes_back_as_it_was_put() {
        let body = json!({
            "title": "Gesprek met beleid",
            "sections": [
                { "title": "Opening", "minutes": 5, "questions": [{
                    "key": "role",
                    "kind": "introductory",
                    "must_ask": true,
                    "text": { "nl": "Wat doet u?", "en": "What do you do?" },
                    "probes": ["Sinds wanneer?"],
                }] },
                { "title": "Slot", "minutes": 10, "questions": [] },
            ],
        });
        let guide = check(body.clone()).unwrap();
        assert_eq!(serde_json::to_value(&guide).unwrap(), body);
        assert_eq!((guide.minutes(), guide.questions().count()), (15, 1));
        assert_eq!(serde_json::from_value::<Guide>(body).unwrap(), guide);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let question = |key: &str| json!({ "key": key, "kind": "key", "text": { "nl": "Hoe?" } });
        let mut wrong = question("a");
        wrong["kind"] = json!("probing");
        wrong["text"] = json!({ "nl": " ", "en": "" });
        wrong["probes"] = json!(["", "a\u{7}"]);
        wrong["answers"] = json!(["rq1", "rq2", "rq1"]);
        let errors = check(json!({
            "title": "",
            "research_questions": [
                { "key": "rq1", "text": "Hoe?" },
                { "key": "rq1", "text": "" },
            ],
            "sections": [
                { "title": "Een", "minutes": 481, "questions": [question("a"), question("Not a key")] },
                { "questions": [wrong, {}] },
            ],
        }))
        .unwrap_err();
        let expected = [
            ("title", "required"),
            ("research_questions.1.key", "duplicate"),
            ("research_questions.1.text", "required"),
            ("sections.0.minutes", "value"),
            ("sections.0.questions.1.key", "value"),
            ("sections.1.title", "required"),
            ("sections.1.questions.0.key", "duplicate"),
            ("sections.1.questions.0.kind", "value"),
            ("sections.1.questions.0.text", "required"),
            ("sections.1.questions.0.probes.0", "required"),
            ("sections.1.questions.0.probes.1", "control_character"),
            ("sections.1.questions.0.answers.1", "unknown_reference"),
            ("sections.1.questions.0.answers.2", "duplicate"),
            ("sections.1.questions.1.key", "required"),
            ("sections.1.questions.1.kind", "required"),
            ("sections.1.questions.1.text", "required"),
        ];
        let expected: Vec<_> = expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect();
        assert_eq!(errors, expected);
    }

    #[test]
    fn a_draft_may_be_empty_but_not_endless() {
        assert!(check(json!({ "title": "Leeg" })).is_ok());
        let sections = vec![json!({ "title": "x" }); 51];
        let errors = check(json!({ "title": "Te veel", "sections": sections })).unwrap_err();
        assert_eq!(errors, [("sections".to_owned(), "value")]);
    }
}
