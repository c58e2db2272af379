//! Makes a draft the consent form that respondents are shown from now on.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::consent::ConsentForm;
use crate::domain::language::Language;
use crate::id::{ConsentFormId, UserId};
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::store::{Tx, consent_forms, members};

/// Publishes a draft under the next version; it never changes again. `fits` judges the words that are found (If-Match).
///
/// # Errors
/// Those of access, [`crate::problem::Problem::Published`] when it is published already, what `fits` says.
pub fn publish_consent_form(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: ConsentFormId,
    fits: impl Fn(&ConsentForm) -> Outcome<()>,
) -> Outcome<Done<Made<ConsentFormId>>> {
    let form = consent_forms::lock(tx, id)?;
    members::require(tx, form.study, user, Right::PublishConsent)?;
    fits(&form.body)?;
    let version = consent_forms::publish(tx, &form, now)?;
    let entry = Entry::new(now, Actor::User(user), "consent_form.published")
        .study(form.study)
        .subject(id)
        .field("version", version)
        .field("sha256_nl", form.body.sha256(Language::Nl))
        .field("sha256_en", form.body.sha256(Language::En));
    Ok(entry.with(Made::new(200, id)))
}
