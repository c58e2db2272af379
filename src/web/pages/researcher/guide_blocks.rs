//! The buttons between the fields of a guide: they add, move and take out blocks of a form that is not kept yet.
//! Nothing here refuses anything; what is wrong is found when the guide is to be kept.

use std::fmt;

use super::guide_form::{empty_question, is_empty_question, is_empty_research_question, is_empty_section};
use crate::domain::guide::ResearchQuestion;
use crate::words::pages::researcher::{GuideFields, QuestionFields, SectionFields};

/// A block of the form, by its numbers from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A research question.
    Research(usize),
    /// A section.
    Section(usize),
    /// A question: its section, and its number in it.
    Question(usize, usize),
}

fn questions(guide: &GuideFields, section: usize) -> &[QuestionFields] {
    guide.sections.get(section).map(|section| section.questions.as_slice()).unwrap_or_default()
}

/// The names of its fields begin like this.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Research(place) => write!(f, "research_questions.{place}"),
            Self::Section(section) => write!(f, "sections.{section}"),
            Self::Question(section, place) => write!(f, "sections.{section}.questions.{place}"),
        }
    }
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        Some(match parts.as_slice() {
            ["research_questions", place] => Self::Research(place.parse().ok()?),
            ["sections", section] => Self::Section(section.parse().ok()?),
            ["sections", section, "questions", place] => {
                Self::Question(section.parse().ok()?, place.parse().ok()?)
            }
            _ => return None,
        })
    }

    /// The id of the button that adds to the list of which this is a member.
    fn adder(self) -> String {
        match self {
            Self::Research(_) => "add-research_questions".to_owned(),
            Self::Section(_) => "add-sections".to_owned(),
            Self::Question(section, _) => format!("add-sections.{section}.questions"),
        }
    }

    /// The field with which one begins to fill it in.
    fn first_field(self) -> String {
        match self {
            Self::Research(_) => format!("{self}.text"),
            Self::Section(_) => format!("{self}.title"),
            Self::Question(..) => format!("{self}.text.nl"),
        }
    }

    fn is_in(self, guide: &GuideFields) -> bool {
        match self {
            Self::Research(place) => place < guide.research_questions.len(),
            Self::Section(section) => section < guide.sections.len(),
            Self::Question(section, place) => place < questions(guide, section).len(),
        }
    }

    fn is_empty_in(self, guide: &GuideFields) -> bool {
        match self {
            Self::Research(place) => {
                guide.research_questions.get(place).is_none_or(is_empty_research_question)
            }
            Self::Section(section) => guide.sections.get(section).is_none_or(is_empty_section),
            Self::Question(section, place) => {
                questions(guide, section).get(place).is_none_or(is_empty_question)
            }
        }
    }

    /// Takes it out, with all that refers to it.
    pub fn remove_from(self, guide: &mut GuideFields) {
        match self {
            Self::Research(gone) => {
                guide.research_questions.remove(gone);
                for question in guide.sections.iter_mut().flat_map(|section| &mut section.questions) {
                    question.answers.retain(|place| *place != gone);
                    for place in question.answers.iter_mut().filter(|place| **place > gone) {
                        *place -= 1;
                    }
                }
            }
            Self::Section(section) => drop(guide.sections.remove(section)),
            Self::Question(section, place) => {
                if let Some(section) = guide.sections.get_mut(section) {
                    section.questions.remove(place);
                }
            }
        }
    }

    /// Where it stands after a move; `None` where it cannot go. A question goes on into the section beside its own.
    fn beside(self, guide: &GuideFields, way: Way) -> Option<Self> {
        let step = |place: usize, length: usize| match way {
            Way::Up => place.checked_sub(1),
            Way::Down => place.checked_add(1).filter(|next| *next < length),
        };
        match self {
            Self::Research(place) => step(place, guide.research_questions.len()).map(Self::Research),
            Self::Section(section) => step(section, guide.sections.len()).map(Self::Section),
            Self::Question(section, place) => {
                if let Some(place) = step(place, questions(guide, section).len()) {
                    return Some(Self::Question(section, place));
                }
                let section = step(section, guide.sections.len())?;
                let end = questions(guide, section).len();
                Some(Self::Question(section, if way == Way::Up { end } else { 0 }))
            }
        }
    }

    fn move_to(self, to: Self, guide: &mut GuideFields) {
        match (self, to) {
            (Self::Research(from), Self::Research(to)) => {
                guide.research_questions.swap(from, to);
                let answers = guide.sections.iter_mut().flat_map(|section| &mut section.questions);
                for place in answers.flat_map(|question| &mut question.answers) {
                    *place = if *place == from {
                        to
                    } else if *place == to {
                        from
                    } else {
                        *place
                    };
                }
            }
            (Self::Section(from), Self::Section(to)) => guide.sections.swap(from, to),
            (Self::Question(section, place), Self::Question(to, at)) => {
                let taken = guide.sections.get_mut(section).map(|section| section.questions.remove(place));
                if let (Some(question), Some(section)) = (taken, guide.sections.get_mut(to)) {
                    section.questions.insert(at, question);
                }
            }
            _ => {}
        }
    }
}

/// Where a block is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Way {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// How the form looks after a button between its fields was pressed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    /// The id of the control at which one goes on.
    pub focus: Option<String>,
    /// The block of which one is asked whether it may go.
    pub asked: Option<String>,
}

/// Does what a button asks for; what it does not know, or what is not there any more, changes nothing.
pub(super) fn press(guide: &mut GuideFields, act: &str) -> Turn {
    let (verb, what) = act.split_once(':').unwrap_or((act, ""));
    if verb == "add" {
        return Turn { focus: add(guide, what), asked: None };
    }
    let Some(place) = Place::parse(what).filter(|place| place.is_in(guide)) else {
        return Turn { focus: (verb == "look").then(|| "look".to_owned()), asked: None };
    };
    let focus = match verb {
        "up" => shift(guide, place, Way::Up),
        "down" => shift(guide, place, Way::Down),
        "remove" if !place.is_empty_in(guide) => {
            return Turn { focus: None, asked: Some(place.to_string()) };
        }
        "open" => Some(place.first_field()),
        "remove" | "sure" => {
            place.remove_from(guide);
            Some(place.adder())
        }
        _ => Some(format!("remove-{place}")),
    };
    Turn { focus, asked: None }
}

fn add(guide: &mut GuideFields, list: &str) -> Option<String> {
    let place = if list == "research_questions" {
        guide.research_questions.push(ResearchQuestion::default());
        Place::Research(guide.research_questions.len() - 1)
    } else if list == "sections" {
        guide.sections.push(SectionFields { questions: vec![empty_question()], ..SectionFields::default() });
        Place::Section(guide.sections.len() - 1)
    } else {
        let Some(Place::Section(number)) = list.strip_suffix(".questions").and_then(Place::parse) else {
            return None;
        };
        let section = guide.sections.get_mut(number)?;
        section.questions.push(empty_question());
        Place::Question(number, section.questions.len() - 1)
    };
    Some(place.first_field())
}

/// Moves a block one place; the focus stays on the button, or on its fellow where the block can go no further.
fn shift(guide: &mut GuideFields, place: Place, way: Way) -> Option<String> {
    let to = place.beside(guide, way)?;
    place.move_to(to, guide);
    let back = if way == Way::Up { Way::Down } else { Way::Up };
    let button = if to.beside(guide, way).is_some() { way } else { back };
    Some(format!("{}-{to}", button.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guide() -> GuideFields {
        let research = |key: &str| ResearchQuestion { key: key.to_owned(), text: "Hoe?".to_owned() };
        let question = |key: &str, answers: &[usize]| QuestionFields {
            key: key.to_owned(),
            answers: answers.to_vec(),
            ..QuestionFields::default()
        };
        let section = |title: &str, questions| SectionFields {
            title: title.to_owned(),
            questions,
            ..SectionFields::default()
        };
        GuideFields {
            title: "Gids".to_owned(),
            research_questions: vec![research("rq1"), research("rq2"), research("rq3")],
            sections: vec![
                section("Begin", vec![question("a", &[0, 2])]),
                section("Kern", vec![question("b", &[1]), question("c", &[])]),
            ],
        }
    }

    fn keys(guide: &GuideFields) -> Vec<Vec<&str>> {
        guide.sections.iter().map(|s| s.questions.iter().map(|q| q.key.as_str()).collect()).collect()
    }

    fn focus(guide: &mut GuideFields, act: &str) -> String {
        press(guide, act).focus.unwrap_or_default()
    }

    #[test]
    fn a_question_moves_on_into_the_section_beside_its_own_and_stops_at_the_ends() {
        let mut form = guide();
        assert_eq!(focus(&mut form, "up:sections.1.questions.0"), "up-sections.0.questions.1");
        assert_eq!(keys(&form), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(focus(&mut form, "up:sections.0.questions.1"), "down-sections.0.questions.0");
        assert_eq!(keys(&form), [vec!["b", "a"], vec!["c"]]);
        assert_eq!(focus(&mut form, "down:sections.0.questions.1"), "down-sections.1.questions.0");
        assert_eq!(keys(&form), [vec!["b"], vec!["a", "c"]]);
        let before = form.clone();
        press(&mut form, "up:sections.0.questions.0");
        press(&mut form, "down:sections.1.questions.1");
        assert_eq!(form, before);
    }

    #[test]
    fn what_a_question_answers_follows_its_research_question() {
        let mut form = guide();
        press(&mut form, "down:research_questions.0");
        assert_eq!(form.research_questions[1].key, "rq1");
        assert_eq!(form.sections[0].questions[0].answers, [1, 2]);
        assert_eq!(form.sections[1].questions[0].answers, [0]);
        press(&mut form, "sure:research_questions.1");
        assert_eq!(form.sections[0].questions[0].answers, [1], "rq3 is the second now");
    }

    #[test]
    fn only_what_holds_something_is_asked_about_before_it_goes() {
        let mut form = guide();
        let turn = press(&mut form, "remove:sections.1");
        assert_eq!((turn.asked.as_deref(), form.sections.len()), (Some("sections.1"), 2));
        assert_eq!(focus(&mut form, "stay:sections.1"), "remove-sections.1");
        assert_eq!(focus(&mut form, "sure:sections.1"), "add-sections");
        assert_eq!(form.sections.len(), 1);
        assert_eq!(focus(&mut form, "add:sections.0.questions"), "sections.0.questions.1.text.nl");
        assert_eq!(focus(&mut form, "remove:sections.0.questions.1"), "add-sections.0.questions");
        assert_eq!(keys(&form), [vec!["a"]]);
    }

    #[test]
    fn what_is_not_there_changes_nothing() {
        let mut form = guide();
        for act in [
            "",
            "look",
            "add:x",
            "add:sections.9.questions",
            "up:sections.9",
            "sure:research_questions.3",
            "x",
        ] {
            press(&mut form, act);
            assert_eq!(form, guide(), "{act}");
        }
    }
}
