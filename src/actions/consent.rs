//! Keeps the consent of a respondent as evidence.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::About;
use crate::domain::respondent::Step;
use crate::id::ConsentId;
use crate::problem::{Outcome, Problem};
use crate::store::consents::NewConsent;
use crate::store::idempotency::Made;
use crate::store::letters::NewLetter;
use crate::store::respondents::Respondent;
use crate::store::{Tx, consent_forms, consents, letters, respondents, studies};

/// What a respondent sent.
#[derive(Debug, Clone, ToSchema)]
#[schema(as = ConsentGiven)]
pub struct Given {
    /// The version of the form that they read.
    #[schema(minimum = 1)]
    pub version: i32,
    /// The language in which they read it; their own when left out.
    pub language: Option<Language>,
    /// What they ticked, by the key of the item.
    pub items: BTreeMap<String, bool>,
    /// The name that they typed, if any.
    #[schema(max_length = 200)]
    pub name: Option<String>,
}

/// Keeps the consent of a respondent, who is locked already, and sends them a copy. Whoever consents once more, to a
/// newer version or with other answers, is bound by the latest.
///
/// # Errors
/// [`Problem::StudyClosed`]; [`Problem::ConsentMissing`] when no form is published, [`Problem::VersionConflict`] when
/// another version is shown by now, [`Problem::Invalid`] for what is missing or unknown (E12).
pub fn consent(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    given: &Given,
) -> Outcome<Done<Made<ConsentId>>> {
    if studies::get(tx, respondent.study)?.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    let form = consent_forms::published(tx, respondent.study)?.ok_or(Problem::ConsentMissing)?;
    if form.version != Some(given.version) {
        return Err(Problem::VersionConflict);
    }
    let language = given.language.unwrap_or(respondent.language);
    let new = NewConsent {
        study: respondent.study,
        respondent: respondent.id,
        form: form.id,
        version: given.version,
        language,
        sha256: form.body.sha256(language),
        items: form.body.answers(&given.items).map_err(Problem::Invalid)?,
        name: given.name.clone(),
    };
    let status = respondent.status.after(Step::Consented)?;
    let id = consents::insert(tx, &new, now)?;
    let letter =
        NewLetter::to(respondent, LetterKind::ConsentReceipt, id.to_string(), About::Consent(id), now);
    letters::put(tx, &letter, now)?;
    let actor = Actor::Respondent(respondent.id);
    respondents::set_status(tx, respondent, status, actor, now)?;
    let entry = Entry::new(now, actor, "consent.given").study(respondent.study).subject(&respondent.code);
    let entry = entry.field("consent", id).field("version", new.version).field("sha256", new.sha256);
    Ok(entry.with(Made::new(200, id)))
}
