//! Consent forms, as researchers and respondents see them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::ConsentItem;
use crate::id::{ConsentFormId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::consent_forms::{self, Form};
use crate::store::{Tx, consents, members};

/// A consent form with everything that its researchers know of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConsentForm)]
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
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ShownConsentForm)]
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

/// A form among the versions of its study.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// The form.
    pub form: FormView,
    /// How many consents to it stand.
    pub given: i64,
    /// Whether it is the one that respondents are shown.
    pub is_current: bool,
}

/// One form among the versions of its study.
///
/// # Errors
/// Those of access.
pub fn version(tx: &mut Tx<'_>, user: UserId, id: ConsentFormId) -> Outcome<VersionView> {
    let form = consent_forms::get(tx, id)?;
    members::require(tx, form.study, user, Right::View)?;
    let study = form.study;
    versions_of(tx, study, vec![form])?.pop().ok_or(Problem::NotFound)
}

/// A page of the forms of a study, newest first.
///
/// # Errors
/// Those of access.
pub fn versions(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    before: Option<ConsentFormId>,
    limit: usize,
) -> Outcome<Page<VersionView>> {
    members::require(tx, study, user, Right::View)?;
    let forms = consent_forms::newest(tx, study, before, one_more(limit))?;
    Ok(Page::cut(versions_of(tx, study, forms)?, limit, |last| last.form.shown.id.to_string()))
}

fn versions_of(tx: &mut Tx<'_>, study: StudyId, forms: Vec<Form>) -> Outcome<Vec<VersionView>> {
    let current = consent_forms::published_version(tx, study)?;
    let given: HashMap<ConsentFormId, i64> = consents::standing(tx, study)?.into_iter().collect();
    let view = |form: Form| VersionView {
        given: given.get(&form.id).copied().unwrap_or_default(),
        is_current: form.version.is_some() && form.version == current,
        form: form.into(),
    };
    Ok(forms.into_iter().map(view).collect())
}
