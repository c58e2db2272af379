//! Writes a consent form that nobody is shown yet.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::consent::ConsentForm;
use crate::id::{ConsentFormId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{Tx, consent_forms, members};

/// Begins a draft.
///
/// # Errors
/// Those of access, and everything that is wrong with the form.
pub fn draft_consent_form(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    form: &ConsentForm,
) -> Outcome<Done<Made<ConsentFormId>>> {
    members::require(tx, study, user, Right::PublishConsent)?;
    form.check().map_err(Problem::Invalid)?;
    let id = consent_forms::insert(tx, study, form, now)?;
    let entry = Entry::new(now, Actor::User(user), "consent_form.drafted").study(study).subject(id);
    Ok(entry.with(Made::new(201, id)))
}

/// Replaces the words of a draft. `fits` judges the words that are found (If-Match).
///
/// # Errors
/// Those of access, everything that is wrong with the form, [`Problem::Published`], and what `fits` says.
pub fn redraft_consent_form(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: ConsentFormId,
    form: &ConsentForm,
    fits: impl Fn(&ConsentForm) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let found = consent_forms::lock(tx, id)?;
    let study = found.study;
    members::require(tx, study, user, Right::PublishConsent)?;
    if found.version.is_some() {
        return Err(Problem::Published);
    }
    fits(&found.body)?;
    form.check().map_err(Problem::Invalid)?;
    consent_forms::replace(tx, id, form)?;
    let entry = Entry::new(now, Actor::User(user), "consent_form.redrafted").study(study).subject(id);
    Ok(entry.with(()))
}
