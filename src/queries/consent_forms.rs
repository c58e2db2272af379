//! Consent forms, as researchers and respondents see them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use super::participation::Evidence;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::ConsentItem;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ConsentFormId, ConsentId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::consent_forms::{self, Form};
use crate::store::consents::Given;
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

/// What became of a consent that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentStanding)]
pub enum Standing {
    /// It is the one that holds.
    Holds,
    /// Its giver agreed once more since, and the later one holds.
    Replaced,
    /// It was taken back.
    Withdrawn,
}

/// A consent to a form, under the code of who gave it.
#[derive(Debug, Clone)]
pub struct GivenView {
    /// The consent.
    pub given: Given,
    /// What became of it.
    pub standing: Standing,
}

/// A page of the consents to a form, newest first.
///
/// # Errors
/// Those of access.
pub fn given(
    tx: &mut Tx<'_>,
    user: UserId,
    id: ConsentFormId,
    before: Option<ConsentId>,
    limit: usize,
) -> Outcome<Page<GivenView>> {
    one(tx, user, id)?;
    let rows = consents::to_form(tx, id, before, one_more(limit))?;
    let mut views = Vec::with_capacity(rows.len());
    for given in rows {
        let standing = match given.withdrawn_at {
            Some(_) => Standing::Withdrawn,
            None if consents::latest(tx, given.respondent)? == Some(given.id) => Standing::Holds,
            None => Standing::Replaced,
        };
        views.push(GivenView { given, standing });
    }
    Ok(Page::cut(views, limit, |last| last.given.id.to_string()))
}

/// What a respondent agreed to, and what is asked for now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RespondentConsent {
    /// The consent that holds; null before it was given, and once it was taken back.
    pub given: Option<Evidence>,
    /// The version that respondents are shown; null while none is published.
    pub asked_version: Option<i32>,
    /// Whether what holds is for that version: only then can an interview be planned.
    pub is_current: bool,
}

/// What a respondent agreed to, and what is asked for now.
///
/// # Errors
/// Those of access.
pub fn of_respondent(tx: &mut Tx<'_>, user: UserId, id: RespondentId) -> Outcome<RespondentConsent> {
    let study = members::require_for(tx, id, user, Right::View)?.study();
    let asked_version = consent_forms::published_version(tx, study)?;
    let given = consents::current(tx, id)?.map(Evidence::from);
    let is_current = given.as_ref().is_some_and(|given| Some(given.version) == asked_version);
    Ok(RespondentConsent { given, asked_version, is_current })
}

/// What publishing a draft means for those who agreed to the form that it takes the place of.
#[derive(Debug, Clone)]
pub struct Replacing {
    /// The form that respondents are shown until then.
    pub form: FormView,
    /// How many agreed to it and did not take that back.
    pub agreed: i64,
    /// How many of them have no interview yet: they are asked once more before they can choose a time.
    pub asked_again: i64,
    /// How many of them have an interview planned, which stays.
    pub planned: i64,
}

/// The form that respondents see, which a new version begins with; `None` where nothing is published.
///
/// # Errors
/// Those of access.
pub fn current(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Option<FormView>> {
    members::require(tx, study, user, Right::View)?;
    Ok(consent_forms::published(tx, study)?.map(Into::into))
}

/// What a draft would take the place of; `None` where nothing is published.
///
/// # Errors
/// Those of access.
pub fn replacing(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Option<Replacing>> {
    members::require(tx, study, user, Right::View)?;
    let Some(form) = consent_forms::published(tx, study)? else { return Ok(None) };
    let counts = consents::standing_by_status(tx, form.id)?;
    let count = |status: &[RespondentStatus]| -> i64 {
        counts.iter().filter(|(of, _)| status.contains(of)).map(|(_, count)| count).sum()
    };
    Ok(Some(Replacing {
        agreed: counts.iter().map(|(_, count)| count).sum(),
        asked_again: count(&[RespondentStatus::Consented, RespondentStatus::NoShow]),
        planned: count(&[RespondentStatus::Booked]),
        form: form.into(),
    }))
}

/// Two forms of a study: the one asked for, and the one it is compared with.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The earlier one.
    pub before: FormView,
    /// The one asked for.
    pub after: FormView,
    /// All that it can be compared with, newest first.
    pub others: Vec<FormView>,
}

/// The most forms that one can be compared with.
const OTHERS: i64 = 100;

/// A form beside another of its study: `with` or, without one, the one published before it.
///
/// # Errors
/// Those of access; [`Problem::NotFound`] where there is nothing to compare with.
pub fn compared(
    tx: &mut Tx<'_>,
    user: UserId,
    id: ConsentFormId,
    with: Option<ConsentFormId>,
) -> Outcome<Compared> {
    let after = one(tx, user, id)?;
    let others = consent_forms::newest(tx, after.study, None, OTHERS)?;
    let others: Vec<FormView> = others.into_iter().filter(|form| form.id != id).map(FormView::from).collect();
    let is_before = |form: &&FormView| match (form.shown.version, after.shown.version) {
        (Some(before), Some(after)) => before < after,
        (before, _) => before.is_some(),
    };
    let before = match with {
        Some(with) => others.iter().find(|form| form.shown.id == with),
        None => others.iter().filter(is_before).max_by_key(|form| form.shown.version),
    };
    let before = before.cloned().ok_or(Problem::NotFound)?;
    Ok(Compared { before, after, others })
}
