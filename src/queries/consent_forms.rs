//! Consent forms, as researchers and respondents see them.

use serde::Serialize;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::ConsentItem;
use crate::id::{ConsentFormId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::consent_forms::{self, Form};
use crate::store::{Tx, members};

/// A consent form with everything that its researchers know of it.
#[derive(Debug, Clone, Serialize)]
pub struct FormView {
    /// What respondents see of it.
    #[serde(flatten)]
    pub shown: ShownForm,
    /// The study.
    pub study: StudyId,
    /// When the draft was begun.
    pub created_at: Instant,
    /// When it was published; null for a draft.
    pub published_at: Option<Instant>,
}

/// A consent form as a respondent sees it (E4).
#[derive(Debug, Clone, Serialize)]
pub struct ShownForm {
    /// The form's id.
    pub id: ConsentFormId,
    /// Its number; null for a draft.
    pub version: Option<i32>,
    /// What is read first.
    pub intro: Bilingual,
    /// What is agreed to.
    pub items: Vec<ConsentItem>,
}

impl From<Form> for ShownForm {
    fn from(form: Form) -> Self {
        Self { id: form.id, version: form.version, intro: form.body.intro, items: form.body.items }
    }
}

impl From<Form> for FormView {
    fn from(form: Form) -> Self {
        let Form { study, created_at, published_at, .. } = form;
        Self { shown: form.into(), study, created_at, published_at }
    }
}

/// One form.
///
/// # Errors
/// Those of access.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: ConsentFormId) -> Outcome<FormView> {
    let form = consent_forms::get(tx, id)?;
    members::require(tx, form.study, user, Right::View)?;
    Ok(form.into())
}

/// A page of the forms of a study, oldest first.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    after: Option<ConsentFormId>,
    limit: i64,
) -> Outcome<Vec<FormView>> {
    members::require(tx, study, user, Right::View)?;
    let forms = consent_forms::page(tx, study, after, limit)?;
    Ok(forms.into_iter().map(FormView::from).collect())
}
