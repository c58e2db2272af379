//! The log of changes: what an owner reads of it, and whether it is whole (R7).

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::audit::{self, Recorded};
use crate::store::{Tx, accounts, interviews, members, respondents};

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

/// What was done with the data of one respondent or one interview.
#[derive(Debug, Clone)]
pub struct SubjectTrail {
    /// The study.
    pub study: StudyId,
    /// The respondent's code.
    pub code: String,
    /// Whether the person was erased.
    pub is_erased: bool,
    /// The changes and looks, newest first.
    pub items: Page<TrailItem>,
}

/// The most entries of a respondent among which those of an interview are looked for.
const SEARCHED: i64 = 2_000;

/// A page of what was done with the data of a respondent, newest first, for the owners of the study; also after the
/// person was erased, since the code names nobody by then.
///
/// # Errors
/// Those of access.
pub fn of_respondent(
    tx: &mut Tx<'_>,
    user: UserId,
    id: RespondentId,
    before: Option<i64>,
    limit: usize,
) -> Outcome<SubjectTrail> {
    let respondent = respondents::remains(tx, id)?;
    let study = respondent.study;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let recorded = audit::of_subject(tx, study, &respondent.code, before, one_more(limit))?;
    let names = names(tx, study, &recorded)?;
    let items = recorded.into_iter().map(|row| item(row, &names)).collect::<Outcome<_>>()?;
    let items = Page::cut(items, limit, |last: &TrailItem| last.id.to_string());
    Ok(SubjectTrail { study, is_erased: respondents::is_erased(tx, id)?, code: respondent.code, items })
}

/// What was done with an interview, newest first, among the latest entries of its respondent.
///
/// # Errors
/// Those of access.
pub fn of_interview(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<SubjectTrail> {
    let (interview, code) = interviews::get_with_code(tx, id)?;
    let study = interview.study;
    members::require(tx, study, user, Right::ChangeStudy)?;
    let value = id.to_string();
    let mut recorded = Vec::new();
    for row in audit::of_subject(tx, study, &code, None, SEARCHED)? {
        if row.proves("interview", &value)? {
            recorded.push(row);
        }
    }
    let names = names(tx, study, &recorded)?;
    let items = recorded.into_iter().map(|row| item(row, &names)).collect::<Outcome<_>>()?;
    let is_erased = respondents::is_erased(tx, interview.respondent)?;
    Ok(SubjectTrail { study, code, is_erased, items: Page::whole(items) })
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
