//! The sheet that is kept during a talk.

use serde::Serialize;

use super::guides::question;
use super::{Desk, OutlineQuestion, Section, desk};
use crate::domain::consent::Recording;
use crate::domain::language::Language;
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// What was noted about a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SheetAnswer {
    /// `asked`, `covered`, `skipped`, or empty.
    pub state: String,
    /// The note.
    pub note: String,
}

/// Something that the respondent did or did not agree to, as it is read to them.
#[derive(Debug, Clone, Serialize)]
pub struct SheetConsentLine {
    /// What it says.
    pub text: String,
    /// The language of the text.
    pub language: Language,
    /// Whether they agreed.
    pub agreed: bool,
}

/// A question of a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetQuestion {
    /// Its number on the sheet, from 0.
    pub number: usize,
    /// What is asked.
    pub question: OutlineQuestion,
    /// The language in which it is put.
    pub language: Language,
    /// What stands in the form.
    pub answer: SheetAnswer,
    /// What is kept, where the form holds something else because it is shown again.
    pub kept: Option<SheetAnswer>,
}

/// A section of a sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetSection {
    /// Its title.
    pub title: String,
    /// Its minutes; 0 where none are planned.
    pub minutes: u64,
    /// From when until when it is planned, by the clock.
    pub planned: String,
    /// Its questions.
    pub questions: Vec<SheetQuestion>,
}

/// What a clock that ticks needs to know.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct TalkClock {
    /// When the talk is planned to begin, in seconds since 1970.
    pub starts_at: i64,
    /// When the page was made, in seconds since 1970: the clock of a tablet may be wrong.
    pub now: i64,
    /// How long an interview takes, in minutes.
    pub minutes: u64,
}

/// The sheet of an interview. Posts `seen`, and `state.<number>` and `note.<number>` of every question, to its own
/// path; a script sends the same, one question at a time, to the path of the same name in the API. With GET,
/// `questions` chooses the language of what is read aloud; the words around it stay in the researcher's.
#[derive(Debug, Clone, Serialize)]
pub struct SheetPage {
    /// What surrounds it.
    pub desk: Desk,
    /// `/interviews/{id}`.
    pub base: String,
    /// The respondent's code.
    pub code: String,
    /// The language of what is read aloud.
    pub spoken: Language,
    /// Whether that was chosen here; otherwise it is the respondent's own.
    pub spoken_chosen: bool,
    /// The day of the interview.
    pub day: String,
    /// From when until when it is planned.
    pub planned: String,
    /// When the first note was written, by the clock.
    pub begun: Option<String>,
    /// The guide and its version.
    pub guide: String,
    /// Whether it may be recorded.
    pub recording: Recording,
    /// When consent was given, to which version.
    pub consented: Option<String>,
    /// What the respondent agreed to, and what not.
    pub consent: Vec<SheetConsentLine>,
    /// What the person who types has before them: the keys of the questions in their order, with `:<revision>:<digest>`
    /// where there is an answer; goes back with the form.
    pub seen: String,
    /// The sections; empty if no guide is published.
    pub sections: Vec<SheetSection>,
    /// Questions that were asked or covered.
    pub touched: u64,
    /// Questions in all.
    pub questions: u64,
    /// Questions that have to be asked and are still open.
    pub must_ask_left: u64,
    /// What the clock needs; `None` once the interview is closed.
    pub clock: Option<TalkClock>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for SheetPage {
    fn samples(language: Language) -> Vec<Self> {
        let asked = |number: usize, state: &str, note: &str| SheetQuestion {
            number,
            question: question(language, u64::try_from(number).unwrap_or(0) + 1),
            language,
            answer: SheetAnswer { state: state.to_owned(), note: note.to_owned() },
            kept: None,
        };
        let item = |key: &str, agreed| SheetConsentLine {
            text: word(language, &format!("sample.item_{key}")),
            language,
            agreed,
        };
        let section = |planned: &str, questions| SheetSection {
            title: word(language, "sample.section"),
            minutes: 20,
            planned: planned.to_owned(),
            questions,
        };
        let full = Self {
            desk: desk(Some(Section::Interviews), "/interviews"),
            base: "/interviews/1".to_owned(),
            code: "R07".to_owned(),
            spoken: Language::Nl,
            spoken_chosen: false,
            day: "2 mrt 2027".to_owned(),
            planned: "10.00 – 11.00".to_owned(),
            begun: Some("10.04".to_owned()),
            guide: "Leidraad sociaal domein, versie 2".to_owned(),
            recording: Recording::Refused,
            consented: Some("3 feb 2027, 11.00".to_owned()),
            consent: vec![item("take_part", true), item("record", false), item("quote", true)],
            seen: "q1:4:0f q2:4:0f q3".to_owned(),
            sections: vec![
                section("10.00 – 10.20", vec![asked(0, "asked", "Werkt er sinds 2019.")]),
                section("10.20 – 10.40", vec![asked(1, "covered", ""), asked(2, "", "")]),
            ],
            touched: 2,
            questions: 3,
            must_ask_left: 1,
            clock: Some(TalkClock { starts_at: 1_803_978_000, now: 1_803_979_500, minutes: 60 }),
            errors: Vec::new(),
        };
        let with =
            |recording| Self { recording, spoken_chosen: true, begun: None, clock: None, ..full.clone() };
        let mut overtaken = with(Recording::Agreed);
        for question in overtaken.sections.iter_mut().flat_map(|section| &mut section.questions) {
            question.kept = Some(SheetAnswer::default());
        }
        let none = Self {
            consent: Vec::new(),
            consented: None,
            sections: Vec::new(),
            questions: 0,
            ..with(Recording::NoConsent)
        };
        vec![full.clone(), with(Recording::NotAsked), overtaken, none]
    }
}
