//! The outbox as people see it: no address, no text (E3).

use diesel::dsl::IsNotNull;
use diesel::prelude::*;

use super::Recipient;
use crate::clock::Instant;
use crate::domain::delivery::{LetterState, RETRY_DAYS};
use crate::domain::letter::LetterKind;
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::Tx;
use crate::store::dialect::Backend;
use crate::store::schema::letters;

/// A letter in the outbox.
#[derive(Debug, Clone, Queryable)]
pub struct LetterItem {
    /// The letter's id.
    pub id: LetterId,
    /// Its study.
    pub study: StudyId,
    /// What it is about.
    pub kind: LetterKind,
    /// About which respondent.
    pub respondent: Option<RespondentId>,
    /// The researcher that it goes to; else it goes to the respondent.
    pub user: Option<UserId>,
    /// About which interview.
    pub interview: Option<InterviewId>,
    /// Where it stands.
    pub state: LetterState,
    /// How often it was tried.
    pub attempts: i32,
    /// The codes of what the mail server said last, or why the letter was cancelled; see [`super::answer()`].
    pub last_error: Option<String>,
    pub(super) answer: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Instant,
    /// When it may be tried next.
    pub due_at: Instant,
    /// When the mail server took it over.
    pub sent_at: Option<Instant>,
    /// When a mail server told that it had not arrived after all.
    pub bounced_at: Option<Instant>,
    keeps_facts: bool,
}

impl LetterItem {
    /// Until when a person can have it sent again: as long as what a failed letter tells is kept.
    #[must_use]
    pub fn retry_until(&self) -> Option<Instant> {
        let is_offered = self.state == LetterState::Failed && self.keeps_facts;
        is_offered.then(|| self.created_at.plus_days(RETRY_DAYS))
    }
}

/// The columns of [`LetterItem`] in their order.
type Columns = (
    letters::id,
    letters::study,
    letters::kind,
    letters::respondent,
    letters::user_id,
    letters::interview,
    letters::state,
    letters::attempts,
    letters::last_error,
    letters::answer,
    letters::created_at,
    letters::due_at,
    letters::sent_at,
    letters::bounced_at,
    IsNotNull<letters::facts>,
);

fn columns() -> Columns {
    (
        letters::id,
        letters::study,
        letters::kind,
        letters::respondent,
        letters::user_id,
        letters::interview,
        letters::state,
        letters::attempts,
        letters::last_error,
        letters::answer,
        letters::created_at,
        letters::due_at,
        letters::sent_at,
        letters::bounced_at,
        letters::facts.is_not_null(),
    )
}

/// Which letters a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<LetterState>,
    /// Only of this kind.
    pub kind: Option<LetterKind>,
    /// Only about this respondent.
    pub respondent: Option<RespondentId>,
    /// Only those made before this one: the cursor.
    pub before: Option<LetterId>,
}

/// A page of the letters of a study, newest first.
///
/// # Errors
/// Only those of the database.
pub fn page(tx: &mut Tx<'_>, study: StudyId, filter: Filter, limit: i64) -> Outcome<Vec<LetterItem>> {
    let mut query = letters::table
        .into_boxed::<Backend>()
        .filter(letters::study.eq(study))
        .select(columns())
        .order(letters::id.desc())
        .limit(limit);
    if let Some(state) = filter.state {
        query = query.filter(letters::state.eq(state));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(letters::kind.eq(kind));
    }
    if let Some(respondent) = filter.respondent {
        query = query.filter(letters::respondent.eq(respondent));
    }
    if let Some(before) = filter.before {
        query = query.filter(letters::id.lt(before));
    }
    tx.run(|c| query.load(c))
}

/// How many letters there are about a respondent.
///
/// # Errors
/// Only those of the database.
pub fn count_about(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<i64> {
    tx.run(|c| letters::table.filter(letters::respondent.eq(respondent)).count().get_result(c))
}

/// One letter.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn detail(tx: &mut Tx<'_>, id: LetterId) -> Outcome<LetterItem> {
    tx.run(|c| letters::table.find(id).select(columns()).first(c))
}

/// Whether a letter to a respondent waits to leave, or an invitation failed that can be sent again.
///
/// # Errors
/// Only those of the database.
pub fn is_to_come(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<bool> {
    let failed = letters::kind
        .eq(LetterKind::Invitation)
        .and(letters::state.eq(LetterState::Failed))
        .and(letters::created_at.gt(now.plus_days(-RETRY_DAYS)))
        .and(letters::facts.is_not_null());
    let theirs = letters::table
        .filter(letters::respondent.eq(respondent))
        .filter(letters::recipient.eq(Recipient::Respondent(respondent).key()))
        .filter(letters::state.eq(LetterState::Queued).or(failed));
    tx.run(|c| diesel::select(diesel::dsl::exists(theirs)).get_result(c))
}

/// Puts a failed letter back into the queue. Its message is written anew, since the address may have been corrected.
///
/// # Errors
/// [`Problem::WrongState`] when it has not failed, or when what it tells is gone: after [`RETRY_DAYS`], or because it
/// does not hold any more.
pub fn queue_again(tx: &mut Tx<'_>, id: LetterId, now: Instant) -> Outcome<()> {
    let letter = detail(tx, id)?;
    let failed = letters::table
        .filter(letters::id.eq(id))
        .filter(letters::state.eq(LetterState::Failed))
        .filter(letters::created_at.gt(now.plus_days(-RETRY_DAYS)))
        .filter(letters::facts.is_not_null());
    let again = tx.run(|c| {
        diesel::update(failed)
            .set((
                letters::state.eq(LetterState::Queued),
                letters::due_at.eq(now),
                letters::last_error.eq(None::<String>),
                letters::answer.eq(None::<Vec<u8>>),
                letters::bounced_at.eq(None::<Instant>),
            ))
            .execute(c)
    })?;
    tx.wakes_worker = true;
    if again == 1 { Ok(()) } else { Err(Problem::WrongState(letter.state.as_str())) }
}
