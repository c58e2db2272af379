//! What becomes of each row of a contact list that is being prepared.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Tx;
use super::dialect::{Backend, on_each};
use super::schema::import_rows as rows;
use crate::domain::contact_list::ContactDraft;
use crate::domain::import_draft::Verdict;
use crate::domain::municipality::{Called, MunicipalityCode};
use crate::id::ImportId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};

/// What stands in a row, and which municipality that is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Written {
    /// The name.
    pub name: String,
    /// The mail address, whatever it is worth.
    pub email: String,
    /// The job title.
    pub role: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The municipality as it was written.
    pub municipality: String,
    /// The language.
    pub language: Option<String>,
    /// The municipality for which that stands.
    pub code: Option<MunicipalityCode>,
    /// How it was called.
    pub called: Option<Called>,
}

impl Written {
    /// The person, to be read once more.
    #[must_use]
    pub fn draft(self) -> ContactDraft {
        let Self { name, email, role, phone, municipality, language, .. } = self;
        ContactDraft { name, email, role, phone, municipality, language }
    }
}

/// A row that was judged.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Its number in the list.
    pub place: i32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Its place in the order in which people are added.
    pub lot: i64,
    /// What stands in it.
    pub written: Written,
    /// What is wrong with it.
    pub reasons: Vec<FieldProblem>,
    /// The digest of the address in it, by which it is found when that person is erased.
    pub digest: Option<String>,
}

/// A row as its researcher sees it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number in the list.
    pub place: i32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What stands in it, until the list is done with.
    pub written: Option<Written>,
    /// What is wrong with it.
    pub reasons: Vec<FieldProblem>,
}

fn seal_place(draft: ImportId, place: i32) -> String {
    format!("import {draft} row {place}")
}

/// Deletes all rows of a list.
///
/// # Errors
/// Only those of the database.
pub fn clear(tx: &mut Tx<'_>, draft: ImportId) -> Outcome<()> {
    tx.run(|c| diesel::delete(rows::table.filter(rows::draft.eq(draft))).execute(c)).map(drop)
}

/// Keeps rows that were judged.
///
/// # Errors
/// Only those of the database.
pub fn put(tx: &mut Tx<'_>, draft: ImportId, some: &[NewRow]) -> Outcome<()> {
    let mut values = Vec::with_capacity(some.len());
    for row in some {
        let plain = serde_json::to_vec(&row.written).map_err(Problem::internal)?;
        let sealed = tx.keys().seal(&seal_place(draft, row.place), &plain)?;
        values.push((
            rows::draft.eq(draft),
            rows::place.eq(row.place),
            rows::verdict.eq(row.verdict),
            rows::lot.eq(row.lot),
            rows::sealed.eq(Some(sealed)),
            rows::reasons.eq(reasons_text(&row.reasons)),
            rows::digest.eq(row.digest.clone()),
        ));
    }
    tx.run(|c| on_each!(c, |c| diesel::insert_into(rows::table).values(values).execute(c))).map(drop)
}

/// A stretch of the rows of a list in their order, of one verdict or of all.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    draft: ImportId,
    verdict: Option<Verdict>,
    after: i32,
    limit: i64,
) -> Outcome<Vec<Row>> {
    let mut query = rows::table
        .filter(rows::draft.eq(draft))
        .filter(rows::place.gt(after))
        .order(rows::place)
        .limit(limit)
        .select((rows::place, rows::verdict, rows::sealed, rows::reasons))
        .into_boxed::<Backend>();
    if let Some(verdict) = verdict {
        query = query.filter(rows::verdict.eq(verdict));
    }
    let found: Vec<(i32, Verdict, Option<Vec<u8>>, String)> = tx.run(|c| query.load(c))?;
    let opened = found.into_iter().map(|(place, verdict, sealed, reasons)| {
        let written = sealed.map(|sealed| open(tx, draft, place, &sealed)).transpose()?;
        Ok(Row { place, verdict, written, reasons: reasons_of(&reasons) })
    });
    opened.collect()
}

/// The next people to be added, in the order of their lots.
///
/// # Errors
/// Only those of the database.
pub fn next(tx: &mut Tx<'_>, draft: ImportId, limit: i64) -> Outcome<Vec<(i32, Written)>> {
    let found: Vec<(i32, Option<Vec<u8>>)> = tx.run(|c| {
        rows::table
            .filter(rows::draft.eq(draft))
            .filter(rows::verdict.eq("fresh"))
            .order(rows::lot)
            .limit(limit)
            .select((rows::place, rows::sealed))
            .load(c)
    })?;
    let opened = found.into_iter().map(|(place, sealed)| {
        let sealed = sealed.ok_or_else(|| Problem::internal("a row to be added holds nothing"))?;
        Ok((place, open(tx, draft, place, &sealed)?))
    });
    opened.collect()
}

/// Notes what became of a row, whose values are needed no more.
///
/// # Errors
/// Only those of the database.
pub fn settle(
    tx: &mut Tx<'_>,
    draft: ImportId,
    place: i32,
    verdict: Verdict,
    reasons: &[FieldProblem],
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(rows::table.find((draft.to_string(), place)))
            .set((
                rows::verdict.eq(verdict),
                rows::sealed.eq(None::<Vec<u8>>),
                rows::reasons.eq(reasons_text(reasons)),
                rows::digest.eq(None::<String>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// The last row of a list that was looked at.
///
/// # Errors
/// Only those of the database.
pub fn reached(tx: &mut Tx<'_>, draft: ImportId) -> Outcome<i32> {
    let last: Option<i32> = tx.maybe(|c| {
        rows::table.filter(rows::draft.eq(draft)).order(rows::place.desc()).select(rows::place).first(c)
    })?;
    Ok(last.unwrap_or_default())
}

/// Deletes what the rows of a list say.
///
/// # Errors
/// Only those of the database.
pub fn empty(tx: &mut Tx<'_>, draft: ImportId) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(rows::table.filter(rows::draft.eq(draft)).filter(rows::sealed.is_not_null()))
            .set((rows::sealed.eq(None::<Vec<u8>>), rows::digest.eq(None::<String>)))
            .execute(c)
    })
    .map(drop)
}

/// Deletes what is said of a person in the rows of any list; answers in which lists that was.
///
/// # Errors
/// Only those of the database.
pub fn forget_person(tx: &mut Tx<'_>, digest: &str) -> Outcome<Vec<ImportId>> {
    let theirs = || rows::table.filter(rows::digest.eq(digest));
    let lists: Vec<ImportId> = tx.run(|c| theirs().select(rows::draft).load(c))?;
    if lists.is_empty() {
        return Ok(lists);
    }
    tx.run(|c| {
        diesel::update(theirs())
            .set((
                rows::verdict.eq(Verdict::Erased),
                rows::sealed.eq(None::<Vec<u8>>),
                rows::reasons.eq(reasons_text(&[])),
                rows::digest.eq(None::<String>),
            ))
            .execute(c)
    })?;
    Ok(lists)
}

/// How many rows of a list come to what.
///
/// # Errors
/// Only those of the database.
pub fn counts(tx: &mut Tx<'_>, draft: ImportId) -> Outcome<BTreeMap<&'static str, i64>> {
    let found: Vec<(Verdict, i64)> = tx.run(|c| {
        rows::table
            .filter(rows::draft.eq(draft))
            .group_by(rows::verdict)
            .select((rows::verdict, count_star()))
            .load(c)
    })?;
    Ok(found.into_iter().map(|(verdict, count)| (verdict.as_str(), count)).collect())
}

fn open(tx: &Tx<'_>, draft: ImportId, place: i32, sealed: &[u8]) -> Outcome<Written> {
    let plain = tx.keys().open(&seal_place(draft, place), sealed)?;
    serde_json::from_slice(&plain).map_err(Problem::internal)
}

/// What is wrong with a row, without its values.
fn reasons_text(reasons: &[FieldProblem]) -> String {
    let one = |problem: &FieldProblem| json!({ "field": problem.field, "code": problem.code.as_str(), "parameters": problem.parameters });
    Value::Array(reasons.iter().map(one).collect()).to_string()
}

fn reasons_of(text: &str) -> Vec<FieldProblem> {
    let all: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    let one = |value: Value| {
        let name = value.get("code")?.as_str()?;
        let code = FieldCode::ALL.iter().copied().find(|code| code.as_str() == name)?;
        let parameters: Map<String, Value> =
            value.get("parameters").and_then(Value::as_object).cloned().unwrap_or_default();
        Some(FieldProblem { field: value.get("field")?.as_str()?.to_owned(), code, parameters })
    };
    all.into_iter().filter_map(one).collect()
}
