//! Taking everything away that tells who a respondent is (R6, E19). What remains speaks of a code.
//!
//! There are two extents of it. Where contact data are removed, the research goes on without them: what was agreed to
//! and what was said stay under the code. Where a person is erased, they are on no list any more and their words go
//! too.
//!
//! Nothing of a person ever stands in a database in clear: contacts, delegates, places, reasons, notes and letters are
//! sealed, addresses are keyed digests, and what a mail server said is kept without addresses. Erasing therefore
//! deletes ciphertext. SQLite overwrites it (`secure_delete`), and [`super::Store::scrub`] empties the write-ahead log,
//! which holds earlier pages. PostgreSQL keeps dead rows until its own vacuum; nothing in them can be read without the
//! secret, and not even a vacuum of ours would overwrite its log, so we do not run one.

use diesel::prelude::*;

use super::dialect::Conn;
use super::letters::Ended;
use super::schema::{audit, consents, interviews, letters, referrals, respondents};
use super::{Tx, attendances, incoming_mail, sheets};
use crate::clock::Instant;
use crate::domain::delivery::{Dropped, LetterState};
use crate::domain::letter::{CalendarMethod, LetterKind};
use crate::domain::letter_facts::{About, Addressee};
use crate::id::{ConsentId, InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;

/// The entry of the log that tells which contact data were corrected.
pub const CORRECTED: &str = "respondent.corrected";

/// How much of somebody is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gone {
    /// The contact data; the rest stays under the code.
    Contact,
    /// All that tells of the person (E19).
    Person,
}

/// Notes that a person is erased, whose contact data are gone already, and deletes the notes of what they said. Their
/// row keeps code, municipality and status.
///
/// # Errors
/// Only those of the database.
pub fn erase_person(tx: &mut Tx<'_>, id: RespondentId, now: Instant) -> Outcome<()> {
    let row = respondents::table.find(id);
    tx.run(|c| diesel::update(row).set(respondents::erased_at.eq(now)).execute(c))?;
    sheets::forget_notes(tx, id)
}

/// Empties what tells who somebody is beside their contact, and ends their links. What they agreed to stays, without
/// the name that they typed; so do the times and outcomes of their interviews.
///
/// # Errors
/// Only those of the database.
pub fn forget_contact(tx: &mut Tx<'_>, id: RespondentId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(respondents::table.find(id))
            .set((
                respondents::link_digest.eq(None::<String>),
                respondents::unsubscribe_digest.eq(None::<String>),
                respondents::contact_removed_at.eq(now),
                respondents::revision.eq(respondents::revision + 1),
            ))
            .execute(c)
    })?;
    tx.wakes_worker = true;
    tx.run(|c| {
        diesel::update(consents::table.filter(consents::respondent.eq(id)))
            .set(consents::name_sealed.eq(None::<Vec<u8>>))
            .execute(c)
    })?;
    let theirs = interviews::table.filter(interviews::respondent.eq(id));
    tx.run(|c| {
        diesel::update(theirs)
            .set((
                interviews::place_sealed.eq(None::<Vec<u8>>),
                interviews::reason_sealed.eq(None::<Vec<u8>>),
                interviews::delegate_sealed.eq(None::<Vec<u8>>),
            ))
            .execute(c)
    })?;
    attendances::forget_comments(tx, id)?;
    incoming_mail::forget_person(tx, id)
}

/// A letter about a respondent, as far as erasing needs it.
#[derive(Queryable)]
struct Waiting {
    id: LetterId,
    kind: LetterKind,
    user: Option<UserId>,
    interview: Option<InterviewId>,
    state: LetterState,
    attempts: i32,
    refused: i32,
    facts: Option<Vec<u8>>,
}

impl Waiting {
    /// What it tells, if it still has to take an interview out of a calendar.
    fn calls_off(&self) -> Option<&[u8]> {
        let is_cancel = self.kind.calendar_method() == Some(CalendarMethod::Cancel);
        let waits = self.state == LetterState::Queued && self.interview.is_some();
        self.facts.as_deref().filter(|_| is_cancel && waits)
    }
}

/// Ends all letters about a respondent and deletes what they say, but for those that call an interview off: these
/// still have to reach a calendar, so the address is sealed into them until they have left or are given up. There is
/// one for each interview that a calendar may still show. Without an address they end too.
///
/// # Errors
/// Only those of the database.
pub fn erase_letters(tx: &mut Tx<'_>, id: RespondentId, addressee: Option<&Addressee>) -> Outcome<()> {
    let theirs = letters::table.filter(letters::respondent.eq(id)).order(letters::id).select((
        letters::id,
        letters::kind,
        letters::user_id,
        letters::interview,
        letters::state,
        letters::attempts,
        letters::refused,
        letters::facts,
    ));
    // Locked, so that nobody writes down in between what became of one.
    let all: Vec<Waiting> = tx.run(|c| match c {
        Conn::Sqlite(c) => theirs.load(c),
        Conn::Postgres(c) => theirs.for_update().load(c),
    })?;
    for letter in all {
        match letter.calls_off().zip(addressee) {
            Some((facts, addressee)) => address(tx, &letter, facts, addressee)?,
            None => end(tx, letter.id, letter.state)?,
        }
    }
    Ok(())
}

/// Seals the address of a respondent into a letter, and takes out what else is told of them. A message that was
/// written already leads to a page that is gone, so it is written anew unless it may have arrived.
fn address(tx: &mut Tx<'_>, letter: &Waiting, sealed: &[u8], addressee: &Addressee) -> Outcome<()> {
    super::letters::change_facts(tx, letter.id, sealed, |facts| {
        if letter.user.is_none() {
            facts.addressee.get_or_insert_with(|| addressee.clone());
        }
        if let Some(change) = &mut facts.change {
            change.reason = None;
        }
        if let About::Interview(appointment) = &mut facts.about {
            appointment.place = None;
        }
    })?;
    if letter.attempts <= letter.refused {
        let row = letters::table.find(letter.id);
        tx.run(|c| diesel::update(row).set(letters::message.eq(None::<Vec<u8>>)).execute(c))?;
    }
    Ok(())
}

/// A raised fence keeps a worker that holds the letter from bringing it back. One that waited tells why it never left.
/// The lease stays: until it ends the letter may be on its way, and none that follows it overtakes it (R2).
fn end(tx: &mut Tx<'_>, letter: LetterId, state: LetterState) -> Outcome<()> {
    let ended = match state {
        LetterState::Queued => Ended::cancelled(Dropped::Erased),
        other => Ended::forgotten(other),
    };
    tx.run(|c| {
        diesel::update(letters::table.find(letter))
            .set((ended, letters::fence.eq(letters::fence + 1)))
            .execute(c)
    })
    .map(drop)
}

/// Deletes the salts of the log's entries about a respondent, so that nobody can try out which values they stand for.
/// The chain does not cover salts and still holds (R7).
///
/// # Errors
/// Only those of the database.
pub fn erase_salts(tx: &mut Tx<'_>, id: RespondentId, code: &str) -> Outcome<()> {
    let interviews: Vec<InterviewId> =
        tx.run(|c| interviews::table.filter(interviews::respondent.eq(id)).select(interviews::id).load(c))?;
    let consents: Vec<ConsentId> =
        tx.run(|c| consents::table.filter(consents::respondent.eq(id)).select(consents::id).load(c))?;
    let subjects: Vec<String> = [code.to_owned(), id.to_string()]
        .into_iter()
        .chain(interviews.iter().map(ToString::to_string))
        .chain(consents.iter().map(ToString::to_string))
        .collect();
    let study = tx.run(|c| respondents::table.find(id).select(respondents::study).first::<String>(c))?;
    tx.run(|c| {
        diesel::update(audit::table.filter(audit::study.eq(study)).filter(audit::subject.eq_any(&subjects)))
            .set(audit::salt.eq(Vec::new()))
            .execute(c)
    })
    .map(drop)
}

/// Deletes the salts of what the log tells of corrected contact data, and of nothing else: what it tells of a consent
/// can still be proved.
///
/// # Errors
/// Only those of the database.
pub fn erase_contact_salts(tx: &mut Tx<'_>, study: StudyId, code: &str) -> Outcome<()> {
    let corrections = audit::table
        .filter(audit::study.eq(study.to_string()))
        .filter(audit::subject.eq(code))
        .filter(audit::action.eq(CORRECTED));
    tx.run(|c| diesel::update(corrections).set(audit::salt.eq(Vec::new())).execute(c)).map(drop)
}

/// When contact data last went, removed or erased with the person.
///
/// # Errors
/// Only those of the database.
pub fn latest(tx: &mut Tx<'_>) -> Outcome<Option<Instant>> {
    let latest: Option<i64> = tx.run(|c| {
        respondents::table
            .filter(respondents::contact_removed_at.is_not_null())
            .select(diesel::dsl::max(respondents::contact_removed_at))
            .first(c)
    })?;
    Ok(latest.map(Instant::from_unix))
}

/// Everybody whose contact data went since a moment, and how much else.
///
/// # Errors
/// Only those of the database.
pub fn since(tx: &mut Tx<'_>, moment: Instant) -> Outcome<Vec<(RespondentId, Gone)>> {
    let rows: Vec<(RespondentId, Option<Instant>)> = tx.run(|c| {
        respondents::table
            .filter(respondents::contact_removed_at.is_not_null())
            .filter(respondents::contact_removed_at.ge(moment))
            .select((respondents::id, respondents::erased_at))
            .load(c)
    })?;
    let gone = |erased_at: Option<Instant>| if erased_at.is_some() { Gone::Person } else { Gone::Contact };
    Ok(rows.into_iter().map(|(id, erased_at)| (id, gone(erased_at))).collect())
}

/// The letters of people whose contact data are gone of which a copy may lie in the mail folder: all of those of whom
/// they went since a moment, and those that left since then to say that an interview is off, and those that may mention
/// one of them.
///
/// # Errors
/// Only those of the database.
pub fn letters_since(tx: &mut Tx<'_>, since: Instant) -> Outcome<Vec<LetterId>> {
    let mut found: Vec<LetterId> = tx.run(|c| {
        letters::table
            .inner_join(respondents::table.on(letters::respondent.eq(respondents::id.nullable())))
            .filter(respondents::contact_removed_at.is_not_null())
            .filter(respondents::contact_removed_at.ge(since).or(letters::sent_at.ge(since)))
            .select(letters::id)
            .load(c)
    })?;
    // Letters to colleagues may mention the person who named them; whether they did is not remembered.
    let mentioned = respondents::table
        .inner_join(referrals::table.on(referrals::referrer.eq(respondents::id)))
        .filter(respondents::contact_removed_at.ge(since))
        .select(referrals::colleague);
    let colleagues: Vec<Option<RespondentId>> = tx.run(|c| mentioned.load(c))?;
    for colleague in colleagues.into_iter().flatten() {
        let theirs = letters::table.filter(letters::respondent.eq(colleague)).select(letters::id);
        found.extend(tx.run(|c| theirs.load::<LetterId>(c))?);
    }
    Ok(found)
}
