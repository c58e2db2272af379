//! What there is in a study that a copy could take over.

use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, availability, consent_forms, guides, letter_texts, members, strata, studies};

/// What a copy could take over.
#[derive(Debug, Clone)]
pub struct Copyable {
    /// The title of the study.
    pub title: String,
    /// How many strata there are.
    pub strata: usize,
    /// The version of the consent form in use, and how many items it has.
    pub consent_form: Option<(i32, usize)>,
    /// The version of the guide in use, and how many questions it has.
    pub guide: Option<(i32, usize)>,
    /// How many letters have words of the study's own, counting each language.
    pub wordings: usize,
    /// Whether anything is told about personal data.
    pub privacy_notice: bool,
    /// How many weekly stretches of hours the reader has.
    pub hours: usize,
}

/// What a copy of a study could take over.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Copyable> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let row = studies::get(tx, study)?.study;
    let form = consent_forms::published(tx, study)?;
    let guide = guides::latest(tx, study)?;
    let hours = availability::of_study(tx, study)?.rules;
    Ok(Copyable {
        title: row.title,
        strata: strata::of_study(tx, study)?.len(),
        consent_form: form.and_then(|form| Some((form.version?, form.body.items.len()))),
        guide: guide.and_then(|record| Some((record.version?, record.guide.questions().count()))),
        wordings: letter_texts::of_study(tx, study)?.len(),
        privacy_notice: row
            .privacy_notice
            .texts()
            .iter()
            .any(|(_, text)| !text.nl.is_empty() || !text.en.is_empty()),
        hours: hours.iter().filter(|rule| rule.interviewer == user).count(),
    })
}
