//! The studies of a researcher.

use serde::Serialize;

use super::{Desk, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
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
    /// Whether these are those in the archive.
    pub archived: bool,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
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
        let none =
            Self { desk: desk(None, ""), studies: Vec::new(), archived: false, first: None, next: None };
        let some = Self {
            studies: vec![
                card(word(language, "sample.study"), "owner", Some(13)),
                card("Panel 2027".to_owned(), "reader", None),
            ],
            next: Some("/?cursor=1".to_owned()),
            ..none.clone()
        };
        let archive = Self { archived: true, next: None, ..some.clone() };
        let no_archive = Self { archived: true, ..none.clone() };
        vec![some, none, archive, no_archive]
    }
}
