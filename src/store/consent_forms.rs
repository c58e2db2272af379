//! Consent forms: drafts, and the published versions that never change.

use diesel::dsl::max;
use diesel::prelude::*;

use super::Tx;
use super::dialect::{Conn, on_each};
use super::schema::consent_forms as forms;
use crate::clock::Instant;
use crate::domain::consent::ConsentForm;
use crate::id::{ConsentFormId, StudyId};
use crate::problem::{Outcome, Problem};

/// A consent form.
#[derive(Debug, Clone)]
pub struct Form {
    /// The form's id.
    pub id: ConsentFormId,
    /// The study it belongs to.
    pub study: StudyId,
    /// Its number among the published ones; a draft has none.
    pub version: Option<i32>,
    /// The words.
    pub body: ConsentForm,
    /// When the draft was begun.
    pub created_at: Instant,
    /// When it was published.
    pub published_at: Option<Instant>,
}

type Row = (ConsentFormId, StudyId, Option<i32>, String, Instant, Option<Instant>);

type Columns = (forms::id, forms::study, forms::version, forms::body, forms::created_at, forms::published_at);

const COLUMNS: Columns =
    (forms::id, forms::study, forms::version, forms::body, forms::created_at, forms::published_at);

fn read((id, study, version, body, created_at, published_at): Row) -> Outcome<Form> {
    let body = serde_json::from_str(&body).map_err(Problem::internal)?;
    Ok(Form { id, study, version, body, created_at, published_at })
}

fn written(body: &ConsentForm) -> Outcome<String> {
    serde_json::to_string(body).map_err(Problem::internal)
}

/// Finds a form.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ConsentFormId) -> Outcome<Form> {
    read(tx.run(|c| on_each!(c, |c| forms::table.find(id).select(COLUMNS).first(c)))?)
}

/// Finds a form and locks it until the transaction ends. SQLite has one writer and needs no lock.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: ConsentFormId) -> Outcome<Form> {
    let row = forms::table.find(id).select(COLUMNS);
    read(tx.run(|c| match c {
        Conn::Sqlite(c) => row.first(c),
        Conn::Postgres(c) => row.for_update().first(c),
    })?)
}

/// The form that respondents are shown: the latest that is published.
///
/// # Errors
/// Only those of the database.
pub fn published(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Option<Form>> {
    let row = tx.maybe(|c| {
        on_each!(c, |c| {
            forms::table
                .filter(forms::study.eq(study))
                .filter(forms::version.is_not_null())
                .order(forms::version.desc())
                .select(COLUMNS)
                .first(c)
        })
    })?;
    row.map(read).transpose()
}

/// The version that respondents are shown.
///
/// # Errors
/// Only those of the database.
pub fn published_version(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Option<i32>> {
    tx.run(|c| {
        on_each!(c, |c| forms::table.filter(forms::study.eq(study)).select(max(forms::version)).first(c))
    })
}

/// A page of the forms of a study in the order of their making.
///
/// # Errors
/// Only those of the database.
pub fn page(tx: &mut Tx<'_>, study: StudyId, after: Option<ConsentFormId>, limit: i64) -> Outcome<Vec<Form>> {
    let mut query = forms::table
        .into_boxed::<super::dialect::Backend>()
        .filter(forms::study.eq(study))
        .select(COLUMNS)
        .order(forms::id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(forms::id.gt(after));
    }
    let rows: Vec<Row> = tx.run(|c| query.load(c))?;
    rows.into_iter().map(read).collect()
}

/// A page of the forms of a study, newest first.
///
/// # Errors
/// Only those of the database.
pub fn newest(
    tx: &mut Tx<'_>,
    study: StudyId,
    before: Option<ConsentFormId>,
    limit: i64,
) -> Outcome<Vec<Form>> {
    let mut query = forms::table
        .into_boxed::<super::dialect::Backend>()
        .filter(forms::study.eq(study))
        .select(COLUMNS)
        .order(forms::id.desc())
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(forms::id.lt(before));
    }
    let rows: Vec<Row> = tx.run(|c| query.load(c))?;
    rows.into_iter().map(read).collect()
}

/// Adds a draft.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, study: StudyId, body: &ConsentForm, now: Instant) -> Outcome<ConsentFormId> {
    let id = ConsentFormId::new();
    let body = written(body)?;
    tx.run(|c| {
        diesel::insert_into(forms::table)
            .values((
                forms::id.eq(id),
                forms::study.eq(study),
                forms::body.eq(body),
                forms::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Replaces the words of a draft.
///
/// # Errors
/// [`Problem::Published`] when it is no draft any more.
pub fn replace(tx: &mut Tx<'_>, id: ConsentFormId, body: &ConsentForm) -> Outcome<()> {
    let body = written(body)?;
    let draft = forms::table.find(id).filter(forms::published_at.is_null());
    let replaced = tx.run(|c| diesel::update(draft).set(forms::body.eq(body)).execute(c))?;
    if replaced == 1 { Ok(()) } else { Err(Problem::Published) }
}

/// Gives a draft the next version; from then on it never changes.
///
/// # Errors
/// [`Problem::Published`] when it has one, [`Problem::VersionConflict`] when another got this version a moment ago.
pub fn publish(tx: &mut Tx<'_>, form: &Form, now: Instant) -> Outcome<i32> {
    let version = published_version(tx, form.study)?.unwrap_or(0).saturating_add(1);
    let draft = forms::table.find(form.id).filter(forms::published_at.is_null());
    let published = tx.run(|c| {
        diesel::update(draft).set((forms::version.eq(version), forms::published_at.eq(now))).execute(c)
    })?;
    if published == 1 { Ok(version) } else { Err(Problem::Published) }
}
