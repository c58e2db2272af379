//! What a mail server tells of a letter after it had taken it over.

use diesel::prelude::*;

use super::answer::Answer;
use super::facts;
use crate::clock::Instant;
use crate::domain::delivery::LetterState;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::LetterFacts;
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::schema::letters;

/// A letter as far as a report about it goes.
#[derive(Debug, Clone, Queryable)]
pub struct Reported {
    /// The letter.
    pub id: LetterId,
    /// Its study.
    pub study: StudyId,
    /// The respondent that it is about.
    pub respondent: Option<RespondentId>,
    /// The researcher that it went to; else it went to the respondent.
    pub user: Option<UserId>,
    /// The interview that it is about.
    pub interview: Option<InterviewId>,
    /// What it is.
    pub kind: LetterKind,
    /// Where it stands.
    pub state: LetterState,
    /// The identifier of its latest message.
    pub message_id: Option<String>,
}

/// The letter whose latest message has an identifier. The identifiers begin with the letter's own id.
///
/// # Errors
/// Only those of the database.
pub fn of_message(tx: &mut Tx<'_>, message_id: &str) -> Outcome<Option<Reported>> {
    let id = message_id.split(['.', '@']).next().and_then(|id| id.parse::<LetterId>().ok());
    let Some(id) = id else { return Ok(None) };
    Ok(reported(tx, id)?.filter(|letter| letter.message_id.as_deref() == Some(message_id)))
}

/// The letter whose latest message left with a token in its return path.
///
/// # Errors
/// Only those of the database.
pub fn of_return_path(tx: &mut Tx<'_>, token: &str) -> Outcome<Option<Reported>> {
    let Some(id) = tx.keys().letter_of_return_path(token).and_then(|id| id.parse().ok()) else {
        return Ok(None);
    };
    let Some(letter) = reported(tx, id)? else { return Ok(None) };
    let expected = letter.message_id.as_deref().and_then(|id| tx.keys().return_path(id));
    Ok(Some(letter).filter(|_| expected.is_some_and(|expected| expected.eq_ignore_ascii_case(token))))
}

fn reported(tx: &mut Tx<'_>, id: LetterId) -> Outcome<Option<Reported>> {
    tx.maybe(|c| {
        letters::table
            .find(id)
            .select((
                letters::id,
                letters::study,
                letters::respondent,
                letters::user_id,
                letters::interview,
                letters::kind,
                letters::state,
                letters::message_id,
            ))
            .first(c)
    })
}

/// A letter came back. A report can be quicker than the answer of the mail server, so one that is still on its way ends
/// too, and a raised fence keeps its postman from noting that it was sent. With what is `retold` it can be sent again,
/// since a mailbox may have been full and an address may be corrected; to somebody who is erased, and of a delegate,
/// nothing is kept. False when it has failed before.
///
/// # Errors
/// Only those of the database.
pub fn bounce(
    tx: &mut Tx<'_>,
    letter: &Reported,
    (status, said): (Option<&str>, &str),
    to_erased: bool,
    retold: Option<&LetterFacts>,
    now: Instant,
) -> Outcome<bool> {
    let (answer, told) = if to_erased || letter.kind.is_for_delegate() {
        (None, None)
    } else {
        let said = format!("{} {said}", status.unwrap_or_default());
        let told = retold.map(|told| facts::seal(tx, letter.id, told)).transpose()?;
        (Some(Answer::to(tx, letter.id, said.trim())?.sealed), told)
    };
    let was_sent = letters::state.eq(LetterState::Sent).or(letters::state.eq(LetterState::Queued));
    let sent = letters::table.find(letter.id).filter(was_sent);
    tx.run(|c| {
        diesel::update(sent)
            .set((
                letters::state.eq(LetterState::Failed),
                letters::last_error.eq(status),
                letters::answer.eq(answer),
                letters::facts.eq(told),
                letters::message.eq(None::<Vec<u8>>),
                letters::bounced_at.eq(now),
                letters::fence.eq(letters::fence + 1),
            ))
            .execute(c)
    })
    .map(|rows| rows == 1)
}

/// A letter that was sent is late: only the code is noted.
///
/// # Errors
/// Only those of the database.
pub fn note_delay(tx: &mut Tx<'_>, letter: LetterId, status: Option<&str>) -> Outcome<bool> {
    let sent = letters::table.find(letter).filter(letters::state.eq(LetterState::Sent));
    tx.run(|c| diesel::update(sent).set(letters::last_error.eq(status)).execute(c)).map(|rows| rows == 1)
}
