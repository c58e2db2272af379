//! Messages that came in: that each was taken, and those that wait for a person.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Tx;
use super::schema::{incoming_mail, interviews, studies};
use crate::clock::Instant;
use crate::domain::incoming::{Doubt, Excerpt, Kind, REMEMBERED_DAYS, WAITING_DAYS};
use crate::domain::text::EmailAddress;
use crate::id::{IncomingId, InterviewId, LetterId, RespondentId, StudyId};
use crate::keys::About;
use crate::problem::{Outcome, Problem};

/// It did what it says, or says nothing that matters.
const DONE: &str = "done";
/// It waits for a person.
pub(super) const WAITING: &str = "waiting";
/// A person told what it means, or put it away.
const SETTLED: &str = "settled";

/// What a message is about, as far as that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject {
    /// The study.
    pub study: Option<StudyId>,
    /// The respondent.
    pub respondent: Option<RespondentId>,
    /// The interview.
    pub interview: Option<InterviewId>,
    /// The letter of ours that it answers or reports.
    pub letter: Option<LetterId>,
}

/// A message that waits for a person.
#[derive(Debug, Clone, Queryable)]
pub struct Waiting {
    /// Its id.
    pub id: IncomingId,
    /// When it came in.
    pub received_at: Instant,
    /// What it is.
    pub kind: Kind,
    /// Why it waits.
    pub doubt: Option<Doubt>,
    /// The study that it may be about; without one only the operator sees it.
    pub study: Option<StudyId>,
    /// The respondent that it may be from.
    pub respondent: Option<RespondentId>,
    /// The interview that it may be about.
    pub interview: Option<InterviewId>,
    sealed: Option<Vec<u8>>,
    copy_of: Option<IncomingId>,
}

impl Waiting {
    /// What it says.
    ///
    /// # Errors
    /// When the seal is broken.
    pub fn letter(&self, tx: &Tx<'_>) -> Outcome<Excerpt> {
        let Some(sealed) = &self.sealed else { return Ok(Excerpt::default()) };
        serde_json::from_slice(&tx.keys().open(&place(self.id), sealed)?).map_err(Problem::internal)
    }

    /// When it is deleted unseen.
    #[must_use]
    pub fn kept_until(&self) -> Instant {
        self.received_at.plus_days(WAITING_DAYS)
    }
}

const COLUMNS: (
    incoming_mail::id,
    incoming_mail::received_at,
    incoming_mail::kind,
    incoming_mail::doubt,
    incoming_mail::study,
    incoming_mail::respondent,
    incoming_mail::interview,
    incoming_mail::sealed,
    incoming_mail::copy_of,
) = (
    incoming_mail::id,
    incoming_mail::received_at,
    incoming_mail::kind,
    incoming_mail::doubt,
    incoming_mail::study,
    incoming_mail::respondent,
    incoming_mail::interview,
    incoming_mail::sealed,
    incoming_mail::copy_of,
);

fn place(id: IncomingId) -> String {
    format!("incoming mail {id}")
}

/// The digest by which a message is known.
#[must_use]
pub fn digest(tx: &Tx<'_>, message: &[u8]) -> String {
    tx.keys().digest(About::Incoming, &[message])
}

/// Whether a message was taken before.
///
/// # Errors
/// Only those of the database.
pub fn is_known(tx: &mut Tx<'_>, digest: &str) -> Outcome<bool> {
    let known = incoming_mail::table.filter(incoming_mail::digest.eq(digest)).select(incoming_mail::id);
    tx.maybe(|c| known.first::<IncomingId>(c)).map(|found| found.is_some())
}

/// Notes that a message was taken. With a doubt it waits for a person, who needs the letter; without one nothing of it
/// is kept.
///
/// # Errors
/// Only those of the database.
pub fn note(
    tx: &mut Tx<'_>,
    digest: &str,
    kind: Kind,
    place: (Subject, Option<Doubt>),
    letter: &Excerpt,
    now: Instant,
) -> Outcome<IncomingId> {
    insert(tx, (digest, None), kind, place, letter, now)
}

/// Lets a message wait in another study too.
///
/// # Errors
/// Only those of the database.
pub fn copy(
    tx: &mut Tx<'_>,
    (of, digest): (IncomingId, &str),
    kind: Kind,
    (subject, doubt): (Subject, Doubt),
    letter: &Excerpt,
    now: Instant,
) -> Outcome<IncomingId> {
    let study = subject.study.map(|study| study.to_string()).unwrap_or_default();
    let digest = tx.keys().digest(About::Incoming, &[digest.as_bytes(), study.as_bytes()]);
    insert(tx, (&digest, Some(of)), kind, (subject, Some(doubt)), letter, now)
}

fn insert(
    tx: &mut Tx<'_>,
    (digest, copy_of): (&str, Option<IncomingId>),
    kind: Kind,
    (subject, doubt): (Subject, Option<Doubt>),
    letter: &Excerpt,
    now: Instant,
) -> Outcome<IncomingId> {
    let id = IncomingId::new();
    let sealed = match doubt {
        Some(_) => {
            let plain = serde_json::to_vec(letter).map_err(Problem::internal)?;
            Some(tx.keys().seal(&place(id), &plain)?)
        }
        None => None,
    };
    let row = (
        incoming_mail::id.eq(id),
        incoming_mail::digest.eq(digest),
        incoming_mail::received_at.eq(now),
        incoming_mail::kind.eq(kind),
        incoming_mail::state.eq(if doubt.is_some() { WAITING } else { DONE }),
        incoming_mail::doubt.eq(doubt),
        incoming_mail::study.eq(subject.study),
        incoming_mail::respondent.eq(subject.respondent),
        incoming_mail::interview.eq(subject.interview),
        incoming_mail::letter.eq(subject.letter),
        incoming_mail::sealed.eq(sealed),
        incoming_mail::copy_of.eq(copy_of),
    );
    tx.run(|c| diesel::insert_into(incoming_mail::table).values(row).execute(c))?;
    Ok(id)
}

/// The same message where it waits in other studies.
///
/// # Errors
/// Only those of the database.
pub fn elsewhere(tx: &mut Tx<'_>, message: &Waiting) -> Outcome<Vec<Waiting>> {
    let first = message.copy_of.unwrap_or(message.id);
    let copies = incoming_mail::table
        .filter(incoming_mail::copy_of.eq(first))
        .filter(incoming_mail::id.ne(message.id))
        .filter(incoming_mail::state.eq(WAITING));
    let mut found: Vec<Waiting> = tx.run(|c| copies.select(COLUMNS).load(c))?;
    if message.copy_of.is_some() {
        let first = incoming_mail::table.find(first).filter(incoming_mail::state.eq(WAITING));
        found.extend(tx.maybe(|c| first.select(COLUMNS).first::<Waiting>(c))?);
    }
    Ok(found)
}

/// Everybody with an address, in whatever study: a message says only whom it is from. At most so many.
///
/// # Errors
/// Only those of the database.
pub fn known_senders(
    tx: &mut Tx<'_>,
    email: &EmailAddress,
    limit: usize,
) -> Outcome<Vec<(StudyId, RespondentId)>> {
    let all: Vec<StudyId> =
        tx.run(|c| studies::table.select(studies::id).order(studies::id.desc()).load(c))?;
    let mut found = Vec::new();
    for study in all {
        if let Some(respondent) = super::contacts::by_email(tx, study, email)? {
            found.push((study, respondent));
        }
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

/// The study of an installation that has no other.
///
/// # Errors
/// Only those of the database.
pub fn only_study(tx: &mut Tx<'_>) -> Outcome<Option<StudyId>> {
    let two: Vec<StudyId> = tx.run(|c| studies::table.select(studies::id).limit(2).load(c))?;
    Ok(match two.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// A page of the messages of a study that wait, latest first; without a study, of those of none.
///
/// # Errors
/// Only those of the database.
pub fn page(
    tx: &mut Tx<'_>,
    study: Option<StudyId>,
    before: Option<IncomingId>,
    limit: i64,
) -> Outcome<Vec<Waiting>> {
    let mut query = incoming_mail::table
        .into_boxed::<super::dialect::Backend>()
        .filter(sql::<Bool>("incoming_mail.state = 'waiting'"))
        .select(COLUMNS)
        .order(incoming_mail::id.desc())
        .limit(limit);
    query = match study {
        Some(study) => query.filter(incoming_mail::study.eq(study)),
        None => query.filter(incoming_mail::study.is_null()),
    };
    if let Some(before) = before {
        query = query.filter(incoming_mail::id.lt(before));
    }
    tx.run(|c| query.load(c))
}

/// A message that waits.
///
/// # Errors
/// [`Problem::NotFound`], also for one that waits no more.
pub fn get(tx: &mut Tx<'_>, id: IncomingId) -> Outcome<Waiting> {
    let waiting = incoming_mail::table.find(id).filter(incoming_mail::state.eq(WAITING));
    tx.run(|c| waiting.select(COLUMNS).first(c))
}

/// How many messages of a study wait.
///
/// # Errors
/// Only those of the database.
pub fn count_waiting(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    let waiting = incoming_mail::table.filter(sql::<Bool>("incoming_mail.state = 'waiting'"));
    tx.run(|c| waiting.filter(incoming_mail::study.eq(study)).count().get_result(c))
}

/// How many messages wait in all.
///
/// # Errors
/// Only those of the database.
pub fn count_all_waiting(tx: &mut Tx<'_>) -> Outcome<i64> {
    let waiting = incoming_mail::table.filter(sql::<Bool>("incoming_mail.state = 'waiting'"));
    tx.run(|c| waiting.count().get_result(c))
}

/// A person told what a message means, or put it away: what it says is deleted.
///
/// # Errors
/// [`Problem::NotFound`] when somebody else did so a moment ago.
pub fn settle(tx: &mut Tx<'_>, id: IncomingId, subject: Subject, now: Instant) -> Outcome<()> {
    let waiting = incoming_mail::table.find(id).filter(incoming_mail::state.eq(WAITING));
    let settled = tx.run(|c| {
        diesel::update(waiting)
            .set((
                incoming_mail::state.eq(SETTLED),
                incoming_mail::respondent.eq(subject.respondent),
                incoming_mail::interview.eq(subject.interview),
                incoming_mail::sealed.eq(None::<Vec<u8>>),
                incoming_mail::settled_at.eq(now),
            ))
            .execute(c)
    })?;
    if settled == 1 { Ok(()) } else { Err(Problem::NotFound) }
}

/// When the latest message of a kind came from a respondent.
///
/// # Errors
/// Only those of the database.
pub fn latest_from(tx: &mut Tx<'_>, respondent: RespondentId, kind: Kind) -> Outcome<Option<Instant>> {
    let theirs = incoming_mail::table
        .filter(incoming_mail::respondent.eq(respondent))
        .filter(incoming_mail::kind.eq(kind));
    tx.maybe(|c| theirs.order(incoming_mail::id.desc()).select(incoming_mail::received_at).first(c))
}

/// Deletes what messages of a respondent say; none of them waits any more.
///
/// # Errors
/// Only those of the database.
pub(super) fn forget_person(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<()> {
    let held =
        interviews::table.filter(interviews::respondent.eq(respondent)).select(interviews::id.nullable());
    let theirs = incoming_mail::table
        .filter(incoming_mail::respondent.eq(respondent).or(incoming_mail::interview.eq_any(held)));
    tx.run(|c| {
        diesel::update(theirs)
            .set((
                incoming_mail::state.eq(SETTLED),
                incoming_mail::sealed.eq(None::<Vec<u8>>),
                incoming_mail::respondent.eq(None::<RespondentId>),
                incoming_mail::interview.eq(None::<InterviewId>),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Forgets what nobody looked at in time, and in the end that a message ever came.
///
/// # Errors
/// Only those of the database.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let unseen = incoming_mail::table
        .filter(sql::<Bool>("incoming_mail.state = 'waiting'"))
        .filter(incoming_mail::received_at.le(now.plus_days(-WAITING_DAYS)));
    tx.run(|c| {
        diesel::update(unseen)
            .set((incoming_mail::state.eq(SETTLED), incoming_mail::sealed.eq(None::<Vec<u8>>)))
            .execute(c)
    })?;
    let old = incoming_mail::table.filter(incoming_mail::received_at.le(now.plus_days(-REMEMBERED_DAYS)));
    tx.run(|c| diesel::delete(old).execute(c)).map(drop)
}
