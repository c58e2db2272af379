//! Writes on the sheet of an interview what became of a question.

use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::guide::QuestionState;
use crate::domain::interview::InterviewStatus;
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::sheets::Interviewed;
use crate::store::{Tx, guides, members, sheets};

/// What a sheet says in place of a state while its study has no published guide.
pub const NO_GUIDE: &str = "no_guide";

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(as = SheetAnswer)]
pub struct Answer {
    /// Whether it was asked, covered or skipped.
    pub state: QuestionState,
    /// What the interviewer noted; null for nothing.
    #[schema(max_length = 20_000)]
    pub note: Option<String>,
}

/// How often things were changed that somebody is about to write on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revisions {
    /// The sheet; 0 before the first write.
    pub sheet: i32,
    /// The answer: the revision of the sheet at which it was last written; 0 where nothing stands.
    pub answer: i32,
}

/// What somebody made of one answer while they had the sheet before them.
#[derive(Debug, Clone)]
pub struct Change {
    /// The question's key.
    pub question: String,
    /// The revision of the answer that they saw; `None` when that is not known, and then nothing is compared.
    pub seen: Option<i32>,
    /// What stands there from now on; `None` takes back what was written.
    pub answer: Option<Answer>,
}

/// Writes what became of a question, in the place of what stood there. The first write fixes the guide: the latest one
/// that is published (E28). A sheet may be filled before the interview, but not for one that was called off.
///
/// # Errors
/// [`Problem::NotFound`] for an unknown interview or question, [`Problem::Withdrawn`] when consent was taken back,
/// [`Problem::WrongState`] for a cancelled interview or without a published guide, [`Problem::PreconditionFailed`] when
/// `seen` refuses the revisions, and those of [`members::require`].
pub fn record_answer(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    interview: InterviewId,
    question: &str,
    answer: &Answer,
    seen: impl Fn(Revisions) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let interviewed = open(tx, user, interview)?;
    let sheet = sheets::find(tx, interview)?;
    let guide = match sheet {
        Some(sheet) => guides::get(tx, sheet.guide)?,
        None => guides::latest(tx, interviewed.study)?.ok_or(Problem::WrongState(NO_GUIDE))?,
    };
    if !guide.guide.questions().any(|q| q.key == question) {
        return Err(Problem::NotFound);
    }
    let answered = sheets::answer_revision(tx, interview, question)?;
    seen(Revisions { sheet: sheet.map_or(0, |sheet| sheet.revision), answer: answered })?;
    if sheet.is_none() {
        sheets::begin(tx, interview, guide.id, now)?;
    }
    sheets::put_answer(tx, interview, question, answer.state, answer.note.as_deref(), now)?;
    let entry = entry(now, user, &interviewed, "sheet.recorded", question).field("state", answer.state);
    Ok(match &answer.note {
        Some(note) => entry.field("note", note).with(()),
        None => entry.with(()),
    })
}

/// Takes back what was written of a question, so that it is open again. The guide stays the one that was fixed.
///
/// # Errors
/// As [`record_answer`]; [`Problem::NotFound`] also where nothing was written.
pub fn clear_answer(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    interview: InterviewId,
    question: &str,
    seen: impl Fn(Revisions) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let interviewed = open(tx, user, interview)?;
    let sheet = sheets::find(tx, interview)?.ok_or(Problem::NotFound)?;
    let answered = sheets::answer_revision(tx, interview, question)?;
    seen(Revisions { sheet: sheet.revision, answer: answered })?;
    if !sheets::remove_answer(tx, interview, question)? {
        return Err(Problem::NotFound);
    }
    Ok(entry(now, user, &interviewed, "sheet.cleared", question).with(()))
}

/// Writes what became of several questions, all or none of them. An answer that was changed since it was seen refuses
/// them all, before anything is written; one that somebody else took back already stays taken back.
///
/// # Errors
/// As [`record_answer`] and [`clear_answer`].
pub fn record_answers(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    interview: InterviewId,
    changes: &[Change],
) -> Outcome<Done<()>> {
    open(tx, user, interview)?;
    for Change { question, seen, .. } in changes {
        let stands = sheets::answer_revision(tx, interview, question)?;
        if seen.is_some_and(|seen| seen != stands) {
            return Err(Problem::PreconditionFailed);
        }
    }
    let mut done = Done::housekeeping(());
    for Change { question, answer, .. } in changes {
        let next = match answer {
            Some(answer) => record_answer(tx, now, user, interview, question, answer, |_| Ok(()))?,
            None if sheets::answer_revision(tx, interview, question)? == 0 => continue,
            None => clear_answer(tx, now, user, interview, question, |_| Ok(()))?,
        };
        done = next.after(done.into_parts().1);
    }
    Ok(done)
}

/// The interview whose sheet may be written on, locked.
fn open(tx: &mut Tx<'_>, user: UserId, interview: InterviewId) -> Outcome<Interviewed> {
    sheets::lock(tx, interview)?;
    let interviewed = sheets::interviewed(tx, interview)?;
    members::require(tx, interviewed.study, user, Right::Interviews)?;
    if interviewed.respondent_status == RespondentStatus::Withdrawn {
        return Err(Problem::Withdrawn);
    }
    if interviewed.status == InterviewStatus::Cancelled {
        return Err(Problem::WrongState(interviewed.status.as_str()));
    }
    Ok(interviewed)
}

fn entry(now: Instant, user: UserId, of: &Interviewed, action: &'static str, question: &str) -> Entry {
    let entry = Entry::new(now, Actor::User(user), action).study(of.study).subject(&of.code);
    entry.field("interview", of.interview).field("question", question)
}
