//! A study's own words for its letters, and what a preview of them needs.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::domain::letter::LetterKind;
use crate::domain::study::Study;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::correspondence;
use crate::store::letter_texts::LetterText;
use crate::store::{Tx, contacts, letter_texts, members, respondents, studies};

/// Which letters have words of the study's own, in which language, and since when.
///
/// # Errors
/// Those of access.
pub fn list(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<(LetterKind, Language, Instant)>> {
    members::require(tx, study, user, Right::View)?;
    letter_texts::of_study(tx, study)
}

/// The study's own words for a letter, if it has any.
///
/// # Errors
/// Those of access.
pub fn get(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    kind: LetterKind,
    language: Language,
) -> Outcome<Option<LetterText>> {
    members::require(tx, study, user, Right::View)?;
    letter_texts::get(tx, study, kind, language)
}

/// What a preview shows beside invented facts.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The study.
    pub study: Study,
    /// The researcher who signs.
    pub researcher: String,
    /// The words that hold now, where they are the study's own.
    pub own: Option<LetterText>,
    /// The name of the respondent who was asked for.
    pub name: Option<String>,
}

/// What a preview of a letter shows, addressed to a respondent if one is named.
///
/// # Errors
/// Those of access; [`FieldCode::UnknownReference`] for a respondent of another study.
pub fn setting(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    (kind, language): (LetterKind, Language),
    respondent: Option<RespondentId>,
) -> Outcome<Setting> {
    let member = members::require(tx, study, user, Right::Letters)?;
    let name = match respondent {
        None => None,
        Some(id) => {
            member.require(Right::Contacts)?;
            if respondents::some(tx, study, &[id])?.is_empty() {
                return Err(Problem::field("respondent", FieldCode::UnknownReference));
            }
            Some(contacts::get(tx, id)?.name)
        }
    };
    Ok(Setting {
        study: studies::get(tx, study)?.study,
        researcher: correspondence::researcher(tx, study, None)?,
        own: letter_texts::get(tx, study, kind, language)?,
        name,
    })
}
