//! Putting letters into the outbox.

use diesel::prelude::*;

use super::ending::replace_failed;
use super::{Ended, NewLetter, Recipient, facts, queued};
use crate::clock::Instant;
use crate::domain::delivery::{Dropped, LetterState};
use crate::domain::letter::{CalendarMethod, LetterKind};
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::dialect::on_each;
use crate::store::prepared::Prepare as _;
use crate::store::schema::letters;

/// Puts a letter into the outbox; the worker is woken after the commit. `None` when this occasion has its letter.
///
/// A letter that calls an interview off takes the place of the invites to it that cannot have arrived. Where none
/// before it can have, no calendar knows of the interview: then it is cancelled with them, unless it says more. What
/// is on its way at this moment is judged when that has ended: see [`super::lost_its_point`].
///
/// Whatever is told about an interview takes the place of the reminders of it that wait.
///
/// # Errors
/// Only those of the database.
pub fn put(tx: &mut Tx<'_>, new: &NewLetter, now: Instant) -> Outcome<Option<LetterId>> {
    let recipient = new.recipient.key();
    let known: Option<LetterId> = tx.maybe(|c| {
        on_each!(c, |c| {
            letters::table
                .filter(letters::recipient.eq(&recipient))
                .filter(letters::kind.eq(new.kind))
                .filter(letters::occasion.eq(&new.occasion))
                .select(letters::id)
                .first(c)
        })
    })?;
    if known.is_some() {
        return Ok(None);
    }
    let pointless = match new.interview {
        Some((interview, _)) if new.kind.calendar_method() == Some(CalendarMethod::Cancel) => {
            take_back(tx, interview, &recipient)?;
            new.kind.only_calls_off() && !may_have_arrived(tx, interview, &recipient)?
        }
        _ => false,
    };
    if let Some((interview, _)) = new.interview {
        end_reminders(tx, interview, new.recipient)?;
        if !new.kind.is_appointment_reminder() {
            replace_failed(tx, interview, &recipient)?;
        }
    }
    let id = put_first(tx, new, now)?;
    if pointless {
        let ended = Ended::cancelled(Dropped::NeverInvited);
        tx.run(|c| {
            on_each!(c, |c| diesel::update(letters::table.find(id)).set(ended).prepared().execute(c))
        })?;
    }
    Ok(Some(id))
}

/// Puts a letter into the outbox about what was made in this very transaction: its recipient can have no letter about
/// it, and nothing that this one would take the place of.
///
/// # Errors
/// Only those of the database.
pub fn put_first(tx: &mut Tx<'_>, new: &NewLetter, now: Instant) -> Outcome<LetterId> {
    let row = Row::of(tx, new, now)?;
    let id = row.id;
    tx.run(|c| on_each!(c, |c| diesel::insert_into(letters::table).values(row).execute(c)))?;
    tx.wakes_worker = true;
    Ok(id)
}

/// Puts many letters of recruitment into the outbox at once. Whoever calls this knows that none of them has its
/// letter yet; where that is wrong nothing at all is put.
///
/// # Errors
/// Only those of the database.
pub fn put_many(tx: &mut Tx<'_>, new: &[NewLetter], now: Instant) -> Outcome<()> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row<'_>> = new.iter().map(|letter| Row::of(tx, letter, now)).collect::<Outcome<_>>()?;
    tx.run(|c| on_each!(c, |c| diesel::insert_into(letters::table).values(rows).execute(c)))?;
    tx.wakes_worker = true;
    Ok(())
}

/// A letter as it is put into the outbox. What it lacks is said, so that one statement does for all.
#[derive(Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
struct Row<'a> {
    id: LetterId,
    study: StudyId,
    respondent: Option<RespondentId>,
    user_id: Option<UserId>,
    recipient: String,
    kind: LetterKind,
    occasion: &'a str,
    interview: Option<InterviewId>,
    sequence: Option<i32>,
    facts: Vec<u8>,
    state: LetterState,
    attempts: i32,
    created_at: Instant,
    due_at: Instant,
    fence: i32,
}

impl<'a> Row<'a> {
    fn of(tx: &Tx<'_>, letter: &'a NewLetter, now: Instant) -> Outcome<Self> {
        let id = LetterId::new();
        let user_id = match letter.recipient {
            Recipient::User(user) => Some(user),
            Recipient::Respondent(_) | Recipient::Former(..) | Recipient::Delegate(_) => None,
        };
        Ok(Self {
            id,
            study: letter.study,
            respondent: letter.respondent,
            user_id,
            recipient: letter.recipient.key(),
            kind: letter.kind,
            occasion: &letter.occasion,
            interview: letter.interview.map(|(id, _)| id),
            sequence: letter.interview.map(|(_, sequence)| sequence),
            facts: facts::seal(tx, id, &letter.facts)?,
            state: LetterState::Queued,
            attempts: 0,
            created_at: now,
            due_at: letter.due_at,
            fence: 0,
        })
    }
}

/// Cancels the invites to an interview that wait and cannot have arrived: nobody tried to send them, or the server
/// turned every attempt down. This comes before the question whether any may have arrived: a worker that is claiming
/// one holds its row until the attempt is counted.
fn take_back(tx: &mut Tx<'_>, interview: InterviewId, recipient: &str) -> Outcome<()> {
    let not_taken = about(interview, recipient)
        .filter(queued())
        .filter(letters::attempts.le(letters::refused))
        .filter(letters::kind.eq_any(of_method(CalendarMethod::Request)));
    let ended = Ended::cancelled(Dropped::NeverInvited);
    tx.run(|c| diesel::update(not_taken).set(ended).prepared().execute(c)).map(drop)
}

/// Cancels the reminders of an interview that wait. A raised fence keeps a worker that holds one from bringing it back;
/// its lease stays, so that what follows does not overtake one that is on its way (R2).
fn end_reminders(tx: &mut Tx<'_>, interview: InterviewId, recipient: Recipient) -> Outcome<()> {
    let kind = match recipient {
        Recipient::User(_) => LetterKind::InterviewerReminder,
        Recipient::Respondent(_) | Recipient::Former(..) | Recipient::Delegate(_) => {
            LetterKind::AppointmentReminder
        }
    };
    let key = recipient.key();
    let waiting = about(interview, &key).filter(queued()).filter(letters::kind.eq(kind));
    tx.run(|c| {
        diesel::update(waiting)
            .set((Ended::cancelled(Dropped::Overtaken), letters::fence.eq(letters::fence + 1)))
            .prepared()
            .execute(c)
    })
    .map(drop)
}

/// Whether a message that puts the interview into the recipient's calendar may have arrived: it was sent, or nobody
/// knows what became of an attempt.
pub(super) fn may_have_arrived(tx: &mut Tx<'_>, interview: InterviewId, recipient: &str) -> Outcome<bool> {
    let tried = about(interview, recipient)
        .filter(letters::attempts.gt(letters::refused))
        .filter(letters::kind.eq_any(of_method(CalendarMethod::Request)));
    let found: Option<LetterId> =
        tx.maybe(|c| tried.select(letters::id).limit(1).prepared().get_result(c))?;
    Ok(found.is_some())
}

/// Whether the interview was called off for the recipient after a sequence of it.
pub(super) fn is_called_off(
    tx: &mut Tx<'_>,
    interview: InterviewId,
    recipient: &str,
    after: Option<i32>,
) -> Outcome<bool> {
    let later = about(interview, recipient)
        .filter(letters::sequence.gt(after))
        .filter(letters::kind.eq_any(of_method(CalendarMethod::Cancel)));
    let found: Option<LetterId> =
        tx.maybe(|c| later.select(letters::id).limit(1).prepared().get_result(c))?;
    Ok(found.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn about<'a>(interview: InterviewId, recipient: &'a str) -> _ {
    letters::table.filter(letters::interview.eq(interview)).filter(letters::recipient.eq(recipient))
}

/// The kinds that put an interview into a calendar, or take it out.
pub(super) fn of_method(method: CalendarMethod) -> impl Iterator<Item = LetterKind> {
    LetterKind::ALL.into_iter().filter(move |kind| kind.calendar_method() == Some(method))
}
