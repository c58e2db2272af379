//! Interview guides: drafts, and published versions, which never change.

use diesel::dsl::max;
use diesel::prelude::*;

use super::Tx;
use super::schema::guides;
use crate::clock::Instant;
use crate::domain::guide::Guide;
use crate::id::{GuideId, StudyId};
use crate::problem::{Outcome, Problem};

/// A guide as it is kept.
#[derive(Debug, Clone)]
pub struct GuideRecord {
    /// The guide's id.
    pub id: GuideId,
    /// The study that it belongs to.
    pub study: StudyId,
    /// Its version, from 1; `None` for a draft.
    pub version: Option<i32>,
    /// What it says.
    pub guide: Guide,
    /// How often it was changed, for If-Match.
    pub revision: i32,
    /// When it was first written.
    pub created_at: Instant,
    /// When it was published.
    pub published_at: Option<Instant>,
}

type Row = (GuideId, StudyId, Option<i32>, String, i32, Instant, Option<Instant>);

fn record(row: Row) -> Outcome<GuideRecord> {
    let (id, study, version, body, revision, created_at, published_at) = row;
    let guide = serde_json::from_str(&body).map_err(Problem::internal)?;
    Ok(GuideRecord { id, study, version, guide, revision, created_at, published_at })
}

fn body(guide: &Guide) -> Outcome<String> {
    serde_json::to_string(guide).map_err(Problem::internal)
}

/// Finds a guide.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: GuideId) -> Outcome<GuideRecord> {
    let row: Row = tx.run(|c| guides::table.find(id).select(guides::all_columns).first(c))?;
    record(row)
}

/// Locks a guide until the transaction ends, so that what was read of it still holds when it is written.
///
/// # Errors
/// Only those of the database.
pub fn lock(tx: &mut Tx<'_>, id: GuideId) -> Outcome<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    tx.run(|c| diesel::update(guides::table.find(id)).set(guides::id.eq(id)).execute(c)).map(drop)
}

/// A page of the guides of a study, newest first.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    before: Option<GuideId>,
    limit: i64,
) -> Outcome<Vec<GuideRecord>> {
    let mut query = guides::table
        .into_boxed::<super::dialect::Backend>()
        .filter(guides::study.eq(study))
        .select(guides::all_columns)
        .order(guides::id.desc())
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(guides::id.lt(before));
    }
    let rows: Vec<Row> = tx.run(|c| query.load(c))?;
    rows.into_iter().map(record).collect()
}

/// The latest published guide of a study.
///
/// # Errors
/// Only those of the database.
pub fn latest(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Option<GuideRecord>> {
    let row: Option<Row> = tx.maybe(|c| {
        guides::table
            .filter(guides::study.eq(study))
            .filter(guides::version.is_not_null())
            .order(guides::version.desc())
            .select(guides::all_columns)
            .first(c)
    })?;
    row.map(record).transpose()
}

/// The draft of a study's guide that was begun last.
///
/// # Errors
/// Only those of the database.
pub fn newest_draft(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Option<GuideRecord>> {
    let row: Option<Row> = tx.maybe(|c| {
        guides::table
            .filter(guides::study.eq(study))
            .filter(guides::version.is_null())
            .order(guides::id.desc())
            .select(guides::all_columns)
            .first(c)
    })?;
    row.map(record).transpose()
}

/// All published guides of a study in the order of their versions.
///
/// # Errors
/// Only those of the database.
pub fn published(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<GuideRecord>> {
    let rows: Vec<Row> = tx.run(|c| {
        guides::table
            .filter(guides::study.eq(study))
            .filter(guides::version.is_not_null())
            .order(guides::version)
            .select(guides::all_columns)
            .load(c)
    })?;
    rows.into_iter().map(record).collect()
}

/// Adds a draft.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, study: StudyId, guide: &Guide, now: Instant) -> Outcome<GuideId> {
    let id = GuideId::new();
    let body = body(guide)?;
    tx.run(|c| {
        diesel::insert_into(guides::table)
            .values((
                guides::id.eq(id),
                guides::study.eq(study),
                guides::body.eq(body),
                guides::revision.eq(1),
                guides::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Puts other words into a draft.
///
/// # Errors
/// [`Problem::Published`] when it is no draft.
pub fn replace(tx: &mut Tx<'_>, id: GuideId, guide: &Guide) -> Outcome<()> {
    let body = body(guide)?;
    let changed = tx.run(|c| {
        diesel::update(guides::table.find(id).filter(guides::version.is_null()))
            .set((guides::body.eq(body), guides::revision.eq(guides::revision + 1)))
            .execute(c)
    })?;
    if changed == 1 { Ok(()) } else { Err(Problem::Published) }
}

/// Makes a draft the next version of its study's guide; answers the version.
///
/// # Errors
/// [`Problem::Published`] when it is no draft, [`Problem::VersionConflict`] when another one became that version.
pub fn publish(tx: &mut Tx<'_>, id: GuideId, study: StudyId, now: Instant) -> Outcome<i32> {
    let last: Option<i32> =
        tx.run(|c| guides::table.filter(guides::study.eq(study)).select(max(guides::version)).first(c))?;
    let version = last.unwrap_or(0).saturating_add(1);
    let changed = tx.run(|c| {
        diesel::update(guides::table.find(id).filter(guides::version.is_null()))
            .set((
                guides::version.eq(version),
                guides::published_at.eq(now),
                guides::revision.eq(guides::revision + 1),
            ))
            .execute(c)
    })?;
    if changed == 1 { Ok(version) } else { Err(Problem::Published) }
}
