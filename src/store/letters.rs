//! The outbox.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Tx;
use super::schema::letters;
use crate::clock::Instant;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::LetterFacts;
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// How the outbox is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutboxState {
    /// Letters that are not sent yet.
    pub waiting: i64,
    /// Letters that failed for good.
    pub failed: i64,
    /// How long the oldest due letter has been due, in seconds.
    pub oldest_due_seconds: i64,
    /// Since when the mail server has been failing: the making of the oldest letter that was tried in vain.
    pub failing_since: Option<Instant>,
}

/// Counts what waits and what failed.
///
/// # Errors
/// Only those of the database.
pub fn state(tx: &mut Tx<'_>, now: Instant) -> Outcome<OutboxState> {
    let queued = || letters::table.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'queued'"));
    let waiting = tx.run(|c| queued().select(count_star()).get_result(c))?;
    let failed = tx.run(|c| letters::table.filter(letters::state.eq("failed")).count().get_result(c))?;
    let oldest: Option<Instant> =
        tx.maybe(|c| queued().order(letters::created_at).select(letters::created_at).first(c))?;
    let failing_since = tx.maybe(|c| {
        queued()
            .filter(letters::attempts.gt(0))
            .order(letters::created_at)
            .select(letters::created_at)
            .first(c)
    })?;
    let oldest_due_seconds = oldest.map_or(0, |at| (now.unix() - at.unix()).max(0));
    Ok(OutboxState { waiting, failed, oldest_due_seconds, failing_since })
}

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// A respondent, at the address in their contact.
    Respondent(RespondentId),
    /// A researcher, at the address of their account.
    User(UserId),
}

impl Recipient {
    fn key(self) -> String {
        match self {
            Self::Respondent(id) => format!("respondent:{id}"),
            Self::User(id) => format!("user:{id}"),
        }
    }
}

/// A letter that is to be sent.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The study it belongs to.
    pub study: StudyId,
    /// To whom.
    pub recipient: Recipient,
    /// About which respondent, when about one; letters to an interviewer name theirs too.
    pub respondent: Option<RespondentId>,
    /// What it is about.
    pub kind: LetterKind,
    /// The occasion: of one kind, a recipient gets at most one letter per occasion.
    pub occasion: String,
    /// The interview and the sequence that its calendar part carries (RFC 5546 2.1.4).
    pub interview: Option<(InterviewId, i32)>,
    /// What it tells; sealed here.
    pub facts: LetterFacts,
    /// When it may leave.
    pub due_at: Instant,
}

/// The place that a letter's facts are sealed for.
pub(super) fn facts_place(id: LetterId) -> String {
    format!("letter facts {id}")
}

/// Puts a letter into the outbox; the worker is woken after the commit. `None` when this occasion has its letter.
///
/// # Errors
/// Only those of the database.
pub fn put(tx: &mut Tx<'_>, new: &NewLetter, now: Instant) -> Outcome<Option<LetterId>> {
    let recipient = new.recipient.key();
    let known: Option<LetterId> = tx.maybe(|c| {
        letters::table
            .filter(letters::recipient.eq(&recipient))
            .filter(letters::kind.eq(new.kind))
            .filter(letters::occasion.eq(&new.occasion))
            .select(letters::id)
            .first(c)
    })?;
    if known.is_some() {
        return Ok(None);
    }
    let id = LetterId::new();
    let facts = serde_json::to_vec(&new.facts).map_err(Problem::internal)?;
    let facts = tx.keys().seal(&facts_place(id), &facts)?;
    let user = match new.recipient {
        Recipient::User(user) => Some(user),
        Recipient::Respondent(_) => None,
    };
    tx.run(|c| {
        diesel::insert_into(letters::table)
            .values((
                letters::id.eq(id),
                letters::study.eq(new.study),
                letters::respondent.eq(new.respondent),
                letters::user_id.eq(user),
                letters::recipient.eq(&recipient),
                letters::kind.eq(new.kind),
                letters::occasion.eq(&new.occasion),
                letters::interview.eq(new.interview.map(|(id, _)| id)),
                letters::sequence.eq(new.interview.map(|(_, sequence)| sequence)),
                letters::facts.eq(facts),
                letters::state.eq("queued"),
                letters::attempts.eq(0),
                letters::created_at.eq(now),
                letters::due_at.eq(new.due_at),
                letters::fence.eq(0),
            ))
            .execute(c)
    })?;
    tx.wakes_worker = true;
    Ok(Some(id))
}

/// Takes back the letters that approach a respondent and have not left yet. A raised fence keeps a worker that holds
/// one from bringing it back.
///
/// # Errors
/// Only those of the database.
pub fn stop_recruitment(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<()> {
    let recruitment = LetterKind::ALL.into_iter().filter(|kind| kind.is_recruitment());
    tx.run(|c| {
        diesel::update(
            letters::table
                .filter(letters::respondent.eq(respondent))
                .filter(letters::state.eq("queued"))
                .filter(letters::kind.eq_any(recruitment)),
        )
        .set((
            letters::state.eq("cancelled"),
            letters::facts.eq(None::<Vec<u8>>),
            letters::message.eq(None::<Vec<u8>>),
            letters::claimed_until.eq(None::<Instant>),
            letters::fence.eq(letters::fence + 1),
        ))
        .execute(c)
    })
    .map(drop)
}
