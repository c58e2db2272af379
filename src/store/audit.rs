//! The rows of the log of changes and the chain that seals them (R7).

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::dialect::on_each;
use super::installation;
use super::prepared::Prepare as _;
use super::schema::audit;
use super::tx::Tx;
use crate::clock::Instant;
use crate::domain::audit::{Done, Entry, Link, commitment};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};

/// Under which name the installation remembers when the head was told.
const HEAD_TOLD_ON: &str = "audit_head_told_on";
/// The most rows that one transaction seals.
const SEAL_BATCH: i64 = 500;

/// Writes entries into the log.
pub(super) fn record(tx: &mut Tx<'_>, entries: &[Entry]) -> Outcome<()> {
    for entry in entries {
        let salt: [u8; 16] = rand::random();
        let fields: Map<String, Value> = entry
            .fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::String(commitment(&salt, value))))
            .collect();
        let row = (
            audit::at.eq(entry.at),
            audit::study.eq(entry.study),
            audit::actor.eq(entry.actor.to_string()),
            audit::action.eq(entry.action),
            audit::subject.eq(&entry.subject),
            audit::result.eq(entry.result),
            audit::fields.eq(Value::Object(fields).to_string()),
            audit::salt.eq(salt.as_slice()),
        );
        tx.run(|c| on_each!(c, |c| diesel::insert_into(audit::table).values(row).execute(c)))?;
    }
    Ok(())
}

type Row = (
    i64,
    Instant,
    Option<String>,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<i64>,
    Option<String>,
);

const COLUMNS: (
    audit::id,
    audit::at,
    audit::study,
    audit::actor,
    audit::action,
    audit::subject,
    audit::result,
    audit::fields,
    audit::position,
    audit::hash,
) = (
    audit::id,
    audit::at,
    audit::study,
    audit::actor,
    audit::action,
    audit::subject,
    audit::result,
    audit::fields,
    audit::position,
    audit::hash,
);

fn link(row: &Row, position: i64) -> Link {
    let (_, at, study, actor, action, subject, result, fields, _, _) = row;
    Link {
        position,
        parts: [
            at.unix().to_string(),
            actor.clone(),
            action.clone(),
            study.clone().unwrap_or_default(),
            subject.clone().unwrap_or_default(),
            result.clone(),
            fields.clone(),
        ],
    }
}

/// The newest sealed row: its place and hash.
///
/// # Errors
/// Only those of the database.
pub fn head(tx: &mut Tx<'_>) -> Outcome<Option<(i64, String)>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            audit::table
                .filter(audit::position.is_not_null())
                .order(audit::position.desc())
                .select((audit::position.assume_not_null(), audit::hash.assume_not_null()))
                .first(c)
        })
    })
}

/// The day (UTC) on which the head was told last.
///
/// # Errors
/// Only those of the database.
pub fn told_on(tx: &mut Tx<'_>) -> Outcome<Option<NaiveDate>> {
    Ok(installation::value(tx, HEAD_TOLD_ON)?.and_then(|day| day.parse().ok()))
}

/// Notes that the head was told.
///
/// # Errors
/// Only those of the database.
pub fn note_told(tx: &mut Tx<'_>, day: NaiveDate) -> Outcome<()> {
    installation::set(tx, HEAD_TOLD_ON, &day.to_string())
}

/// Chains rows that are not sealed yet, oldest first; true when more may be left.
///
/// # Errors
/// Only those of the database. Two processes that seal at once meet in the unique index on the position.
pub fn seal(tx: &mut Tx<'_>) -> Outcome<Done<bool>> {
    let (mut position, mut previous) = head(tx)?.unwrap_or((0, String::new()));
    let rows: Vec<Row> = tx.run(|c| {
        on_each!(c, |c| {
            audit::table
                .filter(audit::position.is_null())
                .order(audit::id)
                .limit(SEAL_BATCH)
                .select(COLUMNS)
                .load(c)
        })
    })?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) == SEAL_BATCH;
    for row in &rows {
        position += 1;
        previous = link(row, position).hash(&previous);
        tx.run(|c| {
            on_each!(c, |c| {
                diesel::update(audit::table.find(row.0))
                    .set((audit::position.eq(position), audit::hash.eq(&previous)))
                    .prepared()
                    .execute(c)
            })
        })?;
    }
    Ok(Done::housekeeping(more))
}

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Rows whose hash fits.
    pub sealed: i64,
    /// Rows that are not chained yet.
    pub unsealed: i64,
    /// The hash of the last row, empty for an empty log.
    pub head: String,
    /// The first place where the chain does not fit, with the reason.
    pub broken: Option<(i64, &'static str)>,
    /// Whether a head that was noted before stands in the chain; `None` when none was given.
    pub known_head: Option<bool>,
}

/// Follows the chain from its beginning. A `noted` head (a place and hash that was kept elsewhere) shows whether the
/// end was cut off, which the chain alone cannot tell.
///
/// # Errors
/// Only those of the database.
pub fn verify(tx: &mut Tx<'_>, noted: Option<&(i64, String)>) -> Outcome<Verdict> {
    let unsealed = tx.run(|c| audit::table.filter(audit::position.is_null()).count().get_result(c))?;
    let mut verdict =
        Verdict { sealed: 0, unsealed, head: String::new(), broken: None, known_head: noted.map(|_| false) };
    loop {
        let rows: Vec<Row> = tx.run(|c| {
            audit::table
                .filter(audit::position.gt(verdict.sealed))
                .order(audit::position)
                .limit(SEAL_BATCH)
                .select(COLUMNS)
                .load(c)
        })?;
        if rows.is_empty() {
            return Ok(verdict);
        }
        for row in &rows {
            let expected = verdict.sealed + 1;
            if row.8 != Some(expected) {
                verdict.broken = Some((expected, "missing"));
                return Ok(verdict);
            }
            let hash = link(row, expected).hash(&verdict.head);
            if row.9.as_deref() != Some(hash.as_str()) {
                verdict.broken = Some((expected, "changed"));
                return Ok(verdict);
            }
            verdict.sealed = expected;
            verdict.head = hash;
            if noted.is_some_and(|(place, noted)| *place == expected && *noted == verdict.head) {
                verdict.known_head = Some(true);
            }
        }
    }
}

/// A row of the log as a study's owner reads it.
#[derive(Debug, Clone, Queryable)]
pub struct Recorded {
    /// The row's id, which orders the log.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// Who, as [`crate::domain::audit::Actor`] is written.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: Option<String>,
    /// The result.
    pub result: String,
    /// The names of the changed fields with the digests of their values, as JSON.
    pub fields: String,
    /// The place in the chain, once the row is sealed.
    pub position: Option<i64>,
    salt: Vec<u8>,
}

impl Recorded {
    /// Whether a field was changed to a value: whoever knows the value can tell, though it is not kept.
    ///
    /// # Errors
    /// When the row is damaged.
    pub fn proves(&self, field: &str, value: &str) -> Outcome<bool> {
        let fields: Map<String, Value> = serde_json::from_str(&self.fields).map_err(Problem::internal)?;
        let kept = fields.get(field).and_then(Value::as_str);
        Ok(kept.is_some_and(|digest| digest == commitment(&self.salt, value)))
    }
}

/// The columns of [`Recorded`] in their order.
type Told = (
    audit::id,
    audit::at,
    audit::actor,
    audit::action,
    audit::subject,
    audit::result,
    audit::fields,
    audit::position,
    audit::salt,
);

const TOLD: Told = (
    audit::id,
    audit::at,
    audit::actor,
    audit::action,
    audit::subject,
    audit::result,
    audit::fields,
    audit::position,
    audit::salt,
);

/// A page of what was noted of one subject of a study, newest first.
///
/// # Errors
/// Only those of the database.
pub fn of_subject(
    tx: &mut Tx<'_>,
    study: StudyId,
    subject: &str,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<Recorded>> {
    tx.run(|c| {
        audit::table
            .filter(audit::study.eq(study))
            .filter(audit::subject.eq(subject))
            .filter(audit::id.lt(before.unwrap_or(i64::MAX)))
            .order(audit::id.desc())
            .limit(limit)
            .select(TOLD)
            .load(c)
    })
}

/// A page of the log of a study, newest first.
///
/// # Errors
/// Only those of the database.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId, before: Option<i64>, limit: i64) -> Outcome<Vec<Recorded>> {
    tx.run(|c| {
        audit::table
            .filter(audit::study.eq(study))
            .filter(audit::id.lt(before.unwrap_or(i64::MAX)))
            .order(audit::id.desc())
            .limit(limit)
            .select(TOLD)
            .load(c)
    })
}
