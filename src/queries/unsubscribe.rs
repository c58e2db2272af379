//! What the page of an unsubscribe link shows.

use crate::domain::language::Language;
use crate::problem::Outcome;
use crate::store::{Tx, respondents, studies};

/// What the page of an unsubscribe link shows.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The study's public name.
    pub study: String,
    /// The language of the person.
    pub language: Language,
    /// Whether its letters have ended already.
    pub done: bool,
}

/// What the page of an unsubscribe link shows, by the link's digest.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for a link that is unknown or whose person is erased.
pub fn of(tx: &mut Tx<'_>, digest: &str) -> Outcome<Asked> {
    let respondent = respondents::by_unsubscribe(tx, digest)?;
    let study = studies::get(tx, respondent.study)?.study;
    Ok(Asked { study: study.title, language: respondent.language, done: respondent.opted_out_at.is_some() })
}
