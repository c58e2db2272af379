//! A guide in the fields of a form: from what was typed to what is kept, and back.

use std::collections::BTreeSet;

use super::guide_blocks::Place;
use super::guide_folds::{FOLDED, Folded, unpacked};
use crate::domain::bilingual::Bilingual;
use crate::domain::guide::{
    Guide, GuideDraft, Question, QuestionDraft, QuestionKind, ResearchQuestion, Section, SectionDraft,
};
use crate::problem::{FieldCode, FieldProblem, Outcome};
use crate::web::pages::forms::Given;
use crate::words::pages::researcher::{GuideFields, QuestionFields, SectionFields};

/// What begins a line that goes on with the probe above it.
const INDENT: &str = "  ";

/// What was typed, on this page and in what is folded away.
///
/// # Errors
/// [`crate::problem::Problem::Malformed`] when those cannot be read.
pub(super) fn typed(given: &Given) -> Outcome<GuideFields> {
    let research: Vec<ResearchQuestion> = given
        .rows("research_questions.")
        .into_iter()
        .map(|row| ResearchQuestion { key: row.text("key"), text: row.text("text") })
        .collect();
    let Folded { mut sections, mut questions } = unpacked(&given.text(FOLDED))?;
    for (place, row) in given.numbered_rows("sections.") {
        let mut asked = questions.remove(&place).unwrap_or_default();
        asked.extend(row.numbered_rows("questions.").iter().map(|(number, row)| (*number, question(row))));
        let questions = asked.into_values().collect();
        let section = SectionFields { title: row.text("title"), minutes: row.text("minutes"), questions };
        sections.insert(place, section);
    }
    let mut sections: Vec<SectionFields> = sections.into_values().collect();
    for question in sections.iter_mut().flat_map(|section| &mut section.questions) {
        question.answers.retain(|place| *place < research.len());
    }
    Ok(GuideFields { title: given.text("title"), sections, research_questions: research })
}

fn question(row: &Given) -> QuestionFields {
    let answers = row.all("answers").iter().filter_map(|place| place.parse().ok());
    QuestionFields {
        key: row.text("key"),
        kind: row.text("kind"),
        must_ask: row.text("must_ask") == "true",
        text: row.bilingual("text"),
        probes: row.text("probes"),
        answers: answers.collect(),
    }
}

/// What a guide says, in fields.
pub(super) fn written(guide: &Guide) -> GuideFields {
    let place = |key: &String| guide.research_questions.iter().position(|asked| asked.key == *key);
    let question = |question: &Question| QuestionFields {
        key: question.key.clone(),
        kind: question.kind.as_str().to_owned(),
        must_ask: question.must_ask,
        text: question.text.clone(),
        probes: question.probes.iter().map(|probe| on_lines(probe)).collect::<Vec<_>>().join("\n"),
        answers: question.answers.iter().filter_map(place).collect(),
    };
    let section = |section: &Section| SectionFields {
        title: section.title.clone(),
        minutes: section.minutes.to_string(),
        questions: section.questions.iter().map(question).collect(),
    };
    GuideFields {
        title: guide.title.clone(),
        research_questions: guide.research_questions.clone(),
        sections: guide.sections.iter().map(section).collect(),
    }
}

fn on_lines(probe: &str) -> String {
    probe.replace('\n', &format!("\n{INDENT}"))
}

/// The probes of which each begins a line. Empty lines between them mean nothing.
fn probes(lines: &str) -> Vec<String> {
    let mut probes: Vec<String> = Vec::new();
    for line in lines.lines() {
        match (line.strip_prefix(INDENT), probes.last_mut()) {
            (Some(more), Some(probe)) => {
                probe.push('\n');
                probe.push_str(more);
            }
            _ if line.trim().is_empty() => {}
            _ => probes.push(line.trim().to_owned()),
        }
    }
    probes
}

/// A guide to begin with where there is none to copy: one part with room for one question.
pub(super) fn fresh() -> GuideFields {
    let section = SectionFields { questions: vec![empty_question()], ..SectionFields::default() };
    GuideFields {
        research_questions: vec![ResearchQuestion::default()],
        sections: vec![section],
        ..GuideFields::default()
    }
}

/// A question that is to be filled in.
pub(super) fn empty_question() -> QuestionFields {
    QuestionFields { kind: QuestionKind::Key.as_str().to_owned(), ..QuestionFields::default() }
}

fn is_blank(texts: &[&String]) -> bool {
    texts.iter().all(|text| text.trim().is_empty())
}

/// Whether nothing was typed about a research question.
pub(super) fn is_empty_research_question(question: &ResearchQuestion) -> bool {
    is_blank(&[&question.key, &question.text])
}

/// Whether nothing was typed about a question; its kind alone says nothing.
pub(super) fn is_empty_question(question: &QuestionFields) -> bool {
    let QuestionFields { key, text: Bilingual { nl, en }, probes, answers, .. } = question;
    is_blank(&[key, nl, en, probes]) && answers.is_empty()
}

/// Whether nothing was typed in a section.
pub(super) fn is_empty_section(section: &SectionFields) -> bool {
    is_blank(&[&section.title, &section.minutes]) && section.questions.iter().all(is_empty_question)
}

/// The same without the blocks in which nothing stands, and with keys for what has none, as it is kept.
pub(super) fn tidied(mut guide: GuideFields) -> GuideFields {
    while let Some(place) = guide.research_questions.iter().position(is_empty_research_question) {
        Place::Research(place).remove_from(&mut guide);
    }
    for section in &mut guide.sections {
        section.questions.retain(|question| !is_empty_question(question));
    }
    guide.sections.retain(|section| !is_empty_section(section));
    name("rq", guide.research_questions.iter_mut().map(|question| &mut question.key).collect());
    let questions = guide.sections.iter_mut().flat_map(|section| &mut section.questions);
    name("q", questions.map(|question| &mut question.key).collect());
    guide
}

/// Gives each empty key the first free name: `q1`, `q2` and so on.
fn name(prefix: &str, keys: Vec<&mut String>) {
    let mut taken: BTreeSet<String> = keys.iter().map(|key| key.trim().to_owned()).collect();
    let mut names = (1..=keys.len() + taken.len()).map(|number| format!("{prefix}{number}"));
    for key in keys {
        if key.trim().is_empty()
            && let Some(free) = names.by_ref().find(|name| !taken.contains(name))
        {
            taken.insert(free.clone());
            *key = free;
        } else {
            *key = key.trim().to_owned();
        }
    }
}

/// The guide that the fields make.
///
/// # Errors
/// Everything that is wrong, by the names of the fields; that of a probe, or of a text that stands in neither language,
/// is the name that the domain gives it.
pub(super) fn read(guide: &GuideFields) -> Result<Guide, Vec<FieldProblem>> {
    let mut wrong = Vec::new();
    for (place, section) in guide.sections.iter().enumerate() {
        if minutes(section).is_none() {
            let field = format!("sections.{place}.minutes");
            wrong.push(FieldProblem::new(field, FieldCode::Type).with("expected", "integer"));
        }
    }
    match draft(guide).check() {
        Ok(guide) if wrong.is_empty() => Ok(guide),
        Ok(_) => Err(wrong),
        Err(more) => {
            wrong.extend(more);
            Err(wrong)
        }
    }
}

/// The planned minutes; `None` where something else was typed.
fn minutes(section: &SectionFields) -> Option<i64> {
    let typed = section.minutes.trim();
    if typed.is_empty() { Some(0) } else { typed.parse().ok() }
}

fn draft(guide: &GuideFields) -> GuideDraft {
    let key = |place: &usize| guide.research_questions.get(*place).map(|question| question.key.clone());
    let question = |question: &QuestionFields| QuestionDraft {
        key: question.key.clone(),
        kind: question.kind.clone(),
        must_ask: question.must_ask,
        text: question.text.clone(),
        probes: probes(&question.probes),
        answers: question.answers.iter().filter_map(key).collect(),
    };
    let section = |section: &SectionFields| SectionDraft {
        title: section.title.clone(),
        minutes: minutes(section).unwrap_or_default(),
        questions: section.questions.iter().map(question).collect(),
    };
    GuideDraft {
        title: guide.title.clone(),
        research_questions: guide.research_questions.clone(),
        sections: guide.sections.iter().map(section).collect(),
    }
}

/// The guide as far as it goes, sound or not, for showing what it covers by now.
pub(super) fn so_far(guide: &GuideFields) -> Guide {
    let GuideDraft { title, research_questions, sections } = draft(&tidied(guide.clone()));
    let question = |draft: QuestionDraft| Question {
        kind: draft.kind.parse().unwrap_or(QuestionKind::Key),
        key: draft.key,
        must_ask: draft.must_ask,
        text: draft.text,
        probes: draft.probes,
        answers: draft.answers,
    };
    let section = |draft: SectionDraft| Section {
        title: draft.title,
        minutes: i32::try_from(draft.minutes.clamp(0, 10_000)).unwrap_or_default(),
        questions: draft.questions.into_iter().map(question).collect(),
    };
    Guide { title, research_questions, sections: sections.into_iter().map(section).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> QuestionFields {
        let text = Bilingual { nl: text.to_owned(), en: String::new() };
        QuestionFields { text, ..empty_question() }
    }

    #[test]
    fn a_guide_comes_back_from_the_fields_as_it_was() {
        let probes = vec!["Sinds wanneer?".to_owned(), "Met wie?\n\nEn waarom?".to_owned()];
        let question = Question {
            key: "rol".to_owned(),
            kind: QuestionKind::Closing,
            must_ask: true,
            text: Bilingual { nl: "Wat?\nHoe?".to_owned(), en: "What?".to_owned() },
            probes,
            answers: vec!["b".to_owned()],
        };
        let research = |key: &str| ResearchQuestion { key: key.to_owned(), text: "Hoe?".to_owned() };
        let guide = Guide {
            title: "Gids".to_owned(),
            research_questions: vec![research("a"), research("b")],
            sections: vec![Section { title: "Begin".to_owned(), minutes: 5, questions: vec![question] }],
        };
        assert_eq!(read(&tidied(written(&guide))).unwrap(), guide);
        assert_eq!(so_far(&written(&guide)), guide);
    }

    #[test]
    fn empty_blocks_are_left_out_and_what_has_no_key_gets_a_free_one() {
        let mut guide = fresh();
        guide.title = "Gids".to_owned();
        let first = &mut guide.sections[0];
        first.title = "Begin".to_owned();
        first.questions = vec![filled("Een?"), empty_question(), filled("Twee?")];
        first.questions[2].key = "q1".to_owned();
        guide.sections.push(SectionFields { questions: vec![empty_question()], ..SectionFields::default() });
        guide.research_questions.push(ResearchQuestion { key: String::new(), text: "Hoe?".to_owned() });
        guide.sections[0].questions[0].answers = vec![1];
        let kept = read(&tidied(guide)).unwrap();
        let keys: Vec<_> = kept.questions().map(|question| question.key.as_str()).collect();
        assert_eq!(keys, ["q2", "q1"]);
        assert_eq!((kept.sections.len(), kept.research_questions.len()), (1, 1));
        assert_eq!(kept.sections[0].questions[0].answers, ["rq1"]);
    }

    #[test]
    fn minutes_that_are_no_number_are_told_with_all_else_that_is_wrong() {
        let mut guide = fresh();
        guide.sections[0].minutes = "lang".to_owned();
        guide.sections[0].questions = vec![filled("Een?")];
        let problems = read(&tidied(guide)).unwrap_err();
        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
        assert_eq!(
            found,
            [
                ("sections.0.minutes", FieldCode::Type),
                ("title", FieldCode::Required),
                ("sections.0.title", FieldCode::Required),
            ]
        );
    }
}
