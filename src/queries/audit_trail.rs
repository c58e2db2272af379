//! The log of changes: what an owner reads of it, and whether it is whole (R7).

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::audit::{self, Recorded};
use crate::store::{Tx, accounts, members, respondents};

pub use crate::store::audit::Verdict;

/// One change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct TrailItem {
    /// When.
    pub at: Instant,
    /// Who did it.
    pub by: TrailActor,
    /// What, as a dotted verb such as `interview.booked`.
    pub action: String,
    /// To what: an id or a respondent's code.
    pub subject: Option<String>,
    /// The result.
    pub result: String,
    /// The names of the fields that changed; what they were changed to is not kept.
    pub fields: Vec<String>,
    /// The place in the chain; null for a row that is not sealed yet.
    pub position: Option<i64>,
    /// For the cursor.
    #[serde(skip)]
    pub id: i64,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub struct TrailActor {
    /// `user`, `respondent`, `command_line` or `system`.
    pub kind: String,
    /// The id of a user or respondent.
    pub id: Option<String>,
    /// A user's name or a respondent's code.
    pub name: Option<String>,
}

/// A page of the log of a study, newest first, for its owners.
///
/// # Errors
/// Those of [`members::require`].
pub fn list(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<TrailItem>> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let recorded = audit::of_study(tx, study, before, limit)?;
    let names = names(tx, study, &recorded)?;
    recorded.into_iter().map(|row| item(row, &names)).collect()
}

/// Follows the chain of the whole log, and looks for a head that was noted before.
///
/// # Errors
/// Only those of the database.
pub fn verify(tx: &mut Tx<'_>, noted: Option<&(i64, String)>) -> Outcome<Verdict> {
    audit::verify(tx, noted)
}

/// The place and hash of the newest sealed row.
///
/// # Errors
/// Only those of the database.
pub fn head(tx: &mut Tx<'_>) -> Outcome<Option<(i64, String)>> {
    audit::head(tx)
}

/// What people know the actors by.
fn names(tx: &mut Tx<'_>, study: StudyId, rows: &[Recorded]) -> Outcome<HashMap<String, String>> {
    let ids = |kind: &str| -> Vec<&str> {
        rows.iter().filter_map(|row| row.actor.strip_prefix(kind)?.strip_prefix(':')).collect()
    };
    let users: Vec<UserId> = ids("user").into_iter().filter_map(|id| id.parse().ok()).collect();
    let people: Vec<RespondentId> = ids("respondent").into_iter().filter_map(|id| id.parse().ok()).collect();
    let mut names: HashMap<String, String> =
        accounts::names(tx, &users)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let codes = respondents::some(tx, study, &people)?;
    names.extend(codes.into_iter().map(|respondent| (respondent.id.to_string(), respondent.code)));
    Ok(names)
}

fn item(row: Recorded, names: &HashMap<String, String>) -> Outcome<TrailItem> {
    let fields: BTreeMap<String, String> = serde_json::from_str(&row.fields).map_err(Problem::internal)?;
    let (kind, id) = match row.actor.split_once(':') {
        Some((kind, id)) => (kind.to_owned(), Some(id.to_owned())),
        None => (row.actor, None),
    };
    let name = id.as_ref().and_then(|id| names.get(id).cloned());
    Ok(TrailItem {
        at: row.at,
        by: TrailActor { kind, id, name },
        action: row.action,
        subject: row.subject,
        result: row.result,
        fields: fields.into_keys().collect(),
        position: row.position,
        id: row.id,
    })
}
