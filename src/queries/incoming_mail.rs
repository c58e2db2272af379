//! Messages that came in and wait for a person, what people answered in their calendars, and how reading goes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::attendance::Attendance;
use crate::domain::incoming::{Doubt, Kind, Told};
use crate::id::{IncomingId, InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::incoming_mail::{self, Waiting};
use crate::store::letters::Recipient;
use crate::store::mail_folders::{self, Progress};
use crate::store::{Tx, attendances, interviews, members, respondents};

/// A message that waits for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = IncomingMessage)]
pub struct Message {
    /// Its id.
    pub id: IncomingId,
    /// When it came in.
    pub received_at: Instant,
    /// What it is.
    pub kind: Kind,
    /// Why it changed nothing.
    pub doubt: Option<Doubt>,
    /// Who it may be from or about. From is easily forged.
    pub respondent: Option<RespondentId>,
    /// The pseudonym of who it may be from or about.
    pub code: Option<String>,
    /// The interview that it may be about.
    pub interview: Option<InterviewId>,
    /// Who says they wrote it.
    pub sender: String,
    /// Its subject.
    pub subject: String,
    /// The beginning of its text; null in lists.
    pub text: Option<String>,
    /// What a calendar program put in it: another time, a comment. Null in lists, and where there is nothing.
    pub answer: Option<Told>,
    /// Whether it waits in another study too, in which the same address is known; false in lists.
    pub waits_elsewhere: bool,
    /// When it is deleted if nobody says what it means.
    pub kept_until: Instant,
}

fn message(tx: &mut Tx<'_>, item: &Waiting, with_text: bool) -> Outcome<Message> {
    let letter = item.letter(tx)?;
    let code = item.respondent.map(|id| respondents::remains(tx, id)).transpose()?;
    Ok(Message {
        id: item.id,
        received_at: item.received_at,
        kind: item.kind,
        doubt: item.doubt,
        respondent: item.respondent,
        code: code.map(|respondent| respondent.code),
        interview: item.interview,
        sender: letter.sender,
        subject: letter.subject,
        text: with_text.then_some(letter.text),
        answer: letter.answer.filter(|_| with_text),
        waits_elsewhere: with_text && !incoming_mail::elsewhere(tx, item)?.is_empty(),
        kept_until: item.kept_until(),
    })
}

/// A page of the messages of a study that wait, latest first.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    before: Option<IncomingId>,
    limit: i64,
) -> Outcome<Vec<Message>> {
    members::require(tx, study, user, Right::Contacts)?;
    let found = incoming_mail::page(tx, Some(study), before, limit)?;
    found.iter().map(|item| message(tx, item, false)).collect()
}

/// A message of a study that waits, and the study.
///
/// # Errors
/// Those of access; also [`Problem::NotFound`] for one that waits no more.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: IncomingId) -> Outcome<(StudyId, Message)> {
    let item = incoming_mail::get(tx, id)?;
    let study = item.study.ok_or(Problem::NotFound)?;
    members::require(tx, study, user, Right::Contacts)?;
    Ok((study, message(tx, &item, true)?))
}

/// The respondent with a code, in the study of a message.
///
/// # Errors
/// Those of access; also [`Problem::NotFound`] for an unknown code.
pub fn respondent(tx: &mut Tx<'_>, user: UserId, id: IncomingId, code: &str) -> Outcome<RespondentId> {
    let (study, _) = one(tx, user, id)?;
    respondents::id_of_code(tx, study, code)
}

/// What somebody answered in their calendar to the invite to an interview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarAnswer {
    /// `respondent`, `delegate` for who made the appointment for them, `researcher` for who holds the interview, or
    /// `second_interviewer`.
    pub of: &'static str,
    /// The answer.
    pub attendance: Attendance,
    /// Whether it answers to the time that the interview has; else it answered an earlier one.
    pub on_this_time: bool,
    /// When it came in.
    pub noted_at: Instant,
    /// What was written beside it; null for those who see no contact data.
    pub comment: Option<String>,
}

/// The answers of those who are invited to an interview; a new interviewer has not answered yet.
///
/// # Errors
/// Those of access.
pub fn answers(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<Vec<CalendarAnswer>> {
    let interview = interviews::get(tx, id)?;
    let member = members::require(tx, interview.study, user, Right::View)?;
    let delegate = interview.delegate(tx)?.map(|named| named.id);
    let mut found = Vec::new();
    for answer in attendances::all(tx, id)? {
        let of = if answer.is_of(Recipient::Respondent(interview.respondent)) {
            "respondent"
        } else if answer.is_of(Recipient::User(interview.interviewer)) {
            "researcher"
        } else if interview.second.is_some_and(|second| answer.is_of(Recipient::User(second))) {
            "second_interviewer"
        } else if delegate.is_some_and(|delegate| answer.is_of(Recipient::Delegate(delegate))) {
            "delegate"
        } else {
            continue;
        };
        found.push(CalendarAnswer {
            of,
            attendance: answer.attendance,
            on_this_time: answer.version().sequence >= interview.time_sequence,
            noted_at: answer.noted_at,
            comment: if member.may(Right::Contacts) { answer.comment(tx, id)? } else { None },
        });
    }
    Ok(found)
}

/// How reading a folder goes.
///
/// # Errors
/// Only those of the database.
pub fn progress(tx: &mut Tx<'_>, folder: &str) -> Outcome<Progress> {
    mail_folders::progress(tx, folder)
}

/// How many messages wait in all studies and in none.
///
/// # Errors
/// Only those of the database.
pub fn waiting(tx: &mut Tx<'_>) -> Outcome<i64> {
    incoming_mail::count_all_waiting(tx)
}
