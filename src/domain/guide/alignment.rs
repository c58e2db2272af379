//! Whether a guide asks what the study wants to know, and fits into an interview: the matrix of questions and research
//! questions of Castillo-Montoya's interview protocol refinement (2016), phase 1.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Guide, QuestionKind};

/// The matrix of a guide and what is to be seen in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GuideAlignment)]
pub struct Alignment {
    /// The keys of the research questions: the columns.
    pub research_questions: Vec<String>,
    /// A row for each question in the order of the conversation.
    pub questions: Vec<AlignmentRow>,
    /// Minutes planned for all sections.
    pub planned_minutes: i32,
    /// Minutes that an interview takes.
    pub interview_minutes: i32,
    /// What deserves a look before the guide is published.
    pub warnings: Vec<AlignmentWarning>,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlignmentRow {
    /// The question.
    pub question: String,
    /// What it does in the conversation.
    pub kind: QuestionKind,
    /// For each research question in turn, whether this question contributes to it.
    pub answers: Vec<bool>,
}

/// Something that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum AlignmentWarning {
    /// The guide names no research question, so there is no matrix.
    NoResearchQuestions,
    /// No question contributes to a research question.
    ResearchQuestionWithoutQuestion {
        /// The key of the research question.
        key: String,
    },
    /// A question contributes to no research question, which may be right for one that only opens or closes.
    QuestionWithoutResearchQuestion {
        /// The key of the question.
        key: String,
        /// What it does in the conversation.
        kind: QuestionKind,
    },
    /// More minutes are planned than an interview takes.
    LongerThanInterview {
        /// So many minutes more.
        minutes: i32,
    },
}

impl Alignment {
    /// Holds a guide against the research questions that it names and the length of the study's interviews.
    #[must_use]
    pub fn of(guide: &Guide, interview_minutes: i32) -> Self {
        use AlignmentWarning as Warning;
        let research: Vec<String> = guide.research_questions.iter().map(|q| q.key.clone()).collect();
        let questions: Vec<AlignmentRow> = guide
            .questions()
            .map(|question| AlignmentRow {
                question: question.key.clone(),
                kind: question.kind,
                answers: research.iter().map(|key| question.answers.contains(key)).collect(),
            })
            .collect();
        let mut warnings = Vec::new();
        if research.is_empty() {
            warnings.push(Warning::NoResearchQuestions);
        } else {
            let is_asked = |key: &String| guide.questions().any(|question| question.answers.contains(key));
            let unasked = research.iter().filter(|key| !is_asked(key)).cloned();
            warnings.extend(unasked.map(|key| Warning::ResearchQuestionWithoutQuestion { key }));
            let idle = guide.questions().filter(|question| question.answers.is_empty());
            warnings.extend(idle.map(|question| Warning::QuestionWithoutResearchQuestion {
                key: question.key.clone(),
                kind: question.kind,
            }));
        }
        let planned_minutes = guide.minutes();
        if planned_minutes > interview_minutes {
            warnings.push(Warning::LongerThanInterview { minutes: planned_minutes - interview_minutes });
        }
        Self { research_questions: research, questions, planned_minutes, interview_minutes, warnings }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn guide(research: &[&str], answers: [&[&str]; 2]) -> Guide {
        let research: Vec<_> = research.iter().map(|key| json!({ "key": key, "text": "Hoe?" })).collect();
        let question = |key: &str, kind: &str, answers: &[&str]| {
            json!({ "key": key, "kind": kind, "must_ask": false, "text": { "nl": "?" }, "probes": [],
                    "answers": answers })
        };
        serde_json::from_value(json!({
            "title": "Gids",
            "research_questions": research,
            "sections": [
                { "title": "Een", "minutes": 20, "questions": [question("a", "introductory", answers[0])] },
                { "title": "Twee", "minutes": 25, "questions": [question("b", "key", answers[1])] },
            ],
        }))
        .unwrap()
    }

    #[test]
    fn the_matrix_shows_gaps_on_either_side() {
        let alignment = Alignment::of(&guide(&["rq1", "rq2"], [&[], &["rq2"]]), 45);
        let rows: Vec<_> = alignment.questions.iter().map(|row| row.answers.clone()).collect();
        assert_eq!(rows, [[false, false], [false, true]]);
        assert_eq!(
            serde_json::to_value(&alignment.warnings).unwrap(),
            json!([
                { "code": "research_question_without_question", "key": "rq1" },
                { "code": "question_without_research_question", "key": "a", "kind": "introductory" },
            ])
        );
    }

    #[test]
    fn a_guide_that_is_longer_than_an_interview_says_by_how_much() {
        let alignment = Alignment::of(&guide(&["rq1"], [&["rq1"], &["rq1"]]), 30);
        assert_eq!(alignment.warnings, [AlignmentWarning::LongerThanInterview { minutes: 15 }]);
    }

    #[test]
    fn without_research_questions_there_is_one_warning_and_not_one_for_each_question() {
        let alignment = Alignment::of(&guide(&[], [&[], &[]]), 60);
        assert_eq!(alignment.warnings, [AlignmentWarning::NoResearchQuestions]);
    }
}
