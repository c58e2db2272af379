//! The studies of a researcher, and the form of one.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::PrivacyNotice;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::word;

/// A study in the list.
#[derive(Debug, Clone, Serialize)]
pub struct StudyCard {
    /// The page of the study.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Its organisation, if it names one.
    pub organisation: Option<String>,
    /// The reader's role: `owner`, `interviewer` or `reader`.
    pub role: String,
    /// Respondents in the list.
    pub recruited: u64,
    /// Those who were invited.
    pub invited: u64,
    /// Interviews that stand.
    pub booked: u64,
    /// Interviews that were held.
    pub held: u64,
    /// How many interviews are wanted, if that was set.
    pub target: Option<u64>,
}

/// What one sees after signing in.
#[derive(Debug, Clone, Serialize)]
pub struct Home {
    /// What surrounds it.
    pub desk: Desk,
    /// The studies of which the reader is a member.
    pub studies: Vec<StudyCard>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// A new study, or the settings of one. All values are as they were typed. Posts to `/studies` or `{base}/settings`.
#[derive(Debug, Clone, Serialize)]
pub struct StudyForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The public name.
    pub title: String,
    /// The organisation.
    pub organisation: String,
    /// The address for questions.
    pub contact_email: String,
    /// What is told about personal data; the fields are `privacy_notice.<text>.<language>`.
    pub privacy_notice: PrivacyNotice,
    /// An IANA name.
    pub time_zone: String,
    /// `nl` or `en`.
    pub language: String,
    /// The date of the numbers of inhabitants, `2026-01-01`.
    pub population_on: String,
    /// Minutes of an interview.
    pub interview_minutes: String,
    /// Minutes between possible starts.
    pub slot_step_minutes: String,
    /// Minutes of rest after an interview.
    pub buffer_minutes: String,
    /// Minutes before a start in which a respondent can no longer choose it.
    pub min_notice_minutes: String,
    /// Days ahead that can be booked.
    pub horizon_days: String,
    /// First day of fieldwork, or empty.
    pub window_from: String,
    /// Last day of fieldwork, or empty.
    pub window_until: String,
    /// The most interviews per day, or empty.
    pub max_per_day: String,
    /// The most reminders for one respondent.
    pub max_reminders: String,
    /// The modes that are ticked.
    pub modes: Vec<Mode>,
    /// The fixed Teams link, or empty.
    pub teams_link: String,
    /// The ethics approval.
    pub ethics: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for Home {
    fn samples(language: Language) -> Vec<Self> {
        let card = |title: String, role: &str, target| StudyCard {
            href: "/studies/1".to_owned(),
            title,
            organisation: Some(word(language, "sample.organisation")),
            role: role.to_owned(),
            recruited: 13,
            invited: 11,
            booked: 4,
            held: 3,
            target,
        };
        let none = Self { desk: desk(None, ""), studies: Vec::new(), first: None, next: None };
        let some = Self {
            studies: vec![
                card(word(language, "sample.study"), "owner", Some(13)),
                card("Panel 2027".to_owned(), "reader", None),
            ],
            next: Some("/?cursor=1".to_owned()),
            ..none.clone()
        };
        vec![some, none]
    }
}

impl Sample for StudyForm {
    fn samples(language: Language) -> Vec<Self> {
        let blank = Self {
            desk: desk(None, ""),
            action: "/studies".to_owned(),
            title: String::new(),
            organisation: String::new(),
            contact_email: "noor.verhoeven@example.org".to_owned(),
            privacy_notice: PrivacyNotice::default(),
            time_zone: "Europe/Amsterdam".to_owned(),
            language: "nl".to_owned(),
            population_on: "2026-01-01".to_owned(),
            interview_minutes: "60".to_owned(),
            slot_step_minutes: "15".to_owned(),
            buffer_minutes: "15".to_owned(),
            min_notice_minutes: "1440".to_owned(),
            horizon_days: "60".to_owned(),
            window_from: String::new(),
            window_until: String::new(),
            max_per_day: String::new(),
            max_reminders: "2".to_owned(),
            modes: Mode::ALL.to_vec(),
            teams_link: String::new(),
            ethics: String::new(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("title", FieldCode::Required),
            FieldProblem::new("modes", FieldCode::Required),
        ];
        let settings = Self {
            desk: desk(Some(Section::Settings), "/settings"),
            modes: Vec::new(),
            errors: FieldMessage::all(language, &problems),
            ..blank.clone()
        };
        let mut closed = Self { errors: Vec::new(), ..settings.clone() };
        if let Some(study) = &mut closed.desk.study {
            study.closed_at = Some("2 mrt 2027, 10.00".to_owned());
        }
        vec![blank, settings, closed]
    }
}
