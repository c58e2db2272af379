//! The sheets of interviews: which guide, what became of each question, and the notes, which are sealed because people
//! write down what they hear (R6).

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Tx;
use super::dialect::Conn;
use super::schema::{consent_forms, consents, interviews, respondents, sheet_answers, sheets};
use crate::clock::Instant;
use crate::domain::consent::ConsentForm;
use crate::domain::guide::QuestionState;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::id::{GuideId, InterviewId, RespondentId, StudyId};
use crate::keys::Keys;
use crate::problem::{Outcome, Problem};

/// The interview that a sheet is kept of, and whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Interviewed {
    /// The interview's id.
    pub interview: InterviewId,
    /// The study that it belongs to.
    pub study: StudyId,
    /// The respondent.
    pub respondent: RespondentId,
    /// The respondent's code.
    pub code: String,
    /// How far the respondent has come.
    pub respondent_status: RespondentStatus,
    /// The language in which the respondent is addressed.
    pub language: Language,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
}

/// What is kept of a sheet as a whole.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct SheetRecord {
    /// The guide that the first write fixed.
    pub guide: GuideId,
    /// How often the sheet was changed, for If-Match.
    pub revision: i32,
    /// When it was first written on.
    pub started_at: Instant,
}

/// What became of a question.
#[derive(Debug, Clone)]
pub struct AnswerRecord {
    /// The question's key.
    pub question: String,
    /// What became of it.
    pub state: QuestionState,
    /// The interviewer's note.
    pub note: Option<String>,
    /// When this was last written.
    pub recorded_at: Instant,
    /// The revision of the sheet since that write.
    pub revision: i32,
}

/// The consent under which an interview is held.
#[derive(Debug, Clone)]
pub struct ConsentRecord {
    /// The version of the form.
    pub version: i32,
    /// When it was given.
    pub given_at: Instant,
    /// The answer to each item.
    pub items: BTreeMap<String, bool>,
    /// What the form says.
    pub form: ConsentForm,
}

/// The interview of a sheet.
///
/// # Errors
/// [`Problem::NotFound`], also where the respondent was erased.
pub fn interviewed(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<Interviewed> {
    tx.run(|c| {
        interviews::table
            .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
            .filter(interviews::id.eq(interview))
            .filter(respondents::erased_at.is_null())
            .select((
                interviews::id,
                interviews::study,
                respondents::id,
                respondents::code,
                respondents::status,
                respondents::language,
                interviews::starts_at,
                interviews::ends_at,
                interviews::mode,
                interviews::status,
            ))
            .first(c)
    })
}

/// Locks an interview until the transaction ends, so that two first writes on its sheet come one after the other.
///
/// # Errors
/// Only those of the database.
pub fn lock(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    let row = interviews::table.find(interview);
    tx.run(|c| diesel::update(row).set(interviews::id.eq(interview)).execute(c)).map(drop)
}

/// The sheet of an interview, if anything was written on it.
///
/// # Errors
/// Only those of the database.
pub fn find(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<Option<SheetRecord>> {
    tx.maybe(|c| {
        sheets::table.find(interview).select((sheets::guide, sheets::revision, sheets::started_at)).first(c)
    })
}

/// Begins a sheet and fixes its guide.
///
/// # Errors
/// Only those of the database.
pub fn begin(tx: &mut Tx<'_>, interview: InterviewId, guide: GuideId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(sheets::table)
            .values((
                sheets::interview.eq(interview),
                sheets::guide.eq(guide),
                sheets::revision.eq(0),
                sheets::started_at.eq(now),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Counts a change of a sheet; answers its revision from then on.
fn count_change(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<i32> {
    tx.run(|c| {
        diesel::update(sheets::table.find(interview))
            .set(sheets::revision.eq(sheets::revision + 1))
            .execute(c)
    })?;
    tx.run(|c| sheets::table.find(interview).select(sheets::revision).first(c))
}

/// The revision of the sheet at which something was last written of a question; 0 where nothing stands.
///
/// # Errors
/// Only those of the database.
pub fn answer_revision(tx: &mut Tx<'_>, interview: InterviewId, question: &str) -> Outcome<i32> {
    let answer = sheet_answers::table.find((interview, question));
    let found: Option<i32> = tx.maybe(|c| answer.select(sheet_answers::revision).first(c))?;
    Ok(found.unwrap_or_default())
}

/// Writes what became of a question, in the place of what was written before.
///
/// # Errors
/// Only those of the database.
pub fn put_answer(
    tx: &mut Tx<'_>,
    interview: InterviewId,
    question: &str,
    state: QuestionState,
    note: Option<&str>,
    now: Instant,
) -> Outcome<()> {
    let place = note_place(interview, question);
    let sealed = note.map(|note| tx.keys().seal(&place, note.as_bytes())).transpose()?;
    let revision = count_change(tx, interview)?;
    let row = (
        sheet_answers::state.eq(state),
        sheet_answers::note_sealed.eq(sealed),
        sheet_answers::recorded_at.eq(now),
        sheet_answers::revision.eq(revision),
    );
    let changed = tx.run(|c| {
        diesel::update(sheet_answers::table.find((interview, question))).set(row.clone()).execute(c)
    })?;
    if changed == 0 {
        let key = (sheet_answers::interview.eq(interview), sheet_answers::question.eq(question));
        tx.run(|c| diesel::insert_into(sheet_answers::table).values((key, row)).execute(c))?;
    }
    Ok(())
}

/// Takes away what was written of a question; false when there was nothing.
///
/// # Errors
/// Only those of the database.
pub fn remove_answer(tx: &mut Tx<'_>, interview: InterviewId, question: &str) -> Outcome<bool> {
    let removed = tx.run(|c| diesel::delete(sheet_answers::table.find((interview, question))).execute(c))?;
    if removed > 0 {
        count_change(tx, interview)?;
    }
    Ok(removed > 0)
}

/// All that was written on a sheet.
///
/// # Errors
/// Only those of the database.
pub fn answers(tx: &mut Tx<'_>, interview: InterviewId) -> Outcome<Vec<AnswerRecord>> {
    type Row = (String, QuestionState, Option<Vec<u8>>, Instant, i32);
    let rows: Vec<Row> = tx.run(|c| {
        sheet_answers::table
            .filter(sheet_answers::interview.eq(interview))
            .select((
                sheet_answers::question,
                sheet_answers::state,
                sheet_answers::note_sealed,
                sheet_answers::recorded_at,
                sheet_answers::revision,
            ))
            .load(c)
    })?;
    let keys = tx.keys();
    rows.into_iter()
        .map(|(question, state, sealed, recorded_at, revision)| {
            let note = sealed.map(|sealed| open_note(keys, interview, &question, &sealed)).transpose()?;
            Ok(AnswerRecord { question, state, note, recorded_at, revision })
        })
        .collect()
}

/// Deletes the notes of all interviews with a respondent: what somebody said is theirs to take back (GDPR art. 7(3),
/// 17(1)(b)). What became of each question stays; it tells of the interviewer's work and holds no word of theirs.
///
/// # Errors
/// Only those of the database.
pub fn forget_notes(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<()> {
    let theirs = interviews::table.filter(interviews::respondent.eq(respondent)).select(interviews::id);
    // Whoever writes on a sheet at this moment holds its interview: what they write is waited for, and goes too.
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            theirs.clone().order(interviews::id).for_update().load::<InterviewId>(c).map(drop)
        }
    })?;
    let answers = sheet_answers::table.filter(sheet_answers::interview.eq_any(theirs));
    tx.run(|c| diesel::update(answers).set(sheet_answers::note_sealed.eq(None::<Vec<u8>>)).execute(c))
        .map(drop)
}

fn note_place(interview: InterviewId, question: &str) -> String {
    format!("sheet note {interview} {question}")
}

/// Opens a sealed note.
pub(super) fn open_note(
    keys: &Keys,
    interview: InterviewId,
    question: &str,
    sealed: &[u8],
) -> Outcome<String> {
    let plain = keys.open(&note_place(interview, question), sealed)?;
    String::from_utf8(plain).map_err(Problem::internal)
}

/// The consent that a respondent gave last and has not taken back.
///
/// # Errors
/// Only those of the database.
pub fn consent(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<ConsentRecord>> {
    let found: Option<(i32, Instant, String, String)> = tx.maybe(|c| {
        consents::table
            .inner_join(consent_forms::table.on(consent_forms::id.eq(consents::form)))
            .filter(consents::respondent.eq(respondent))
            .filter(consents::withdrawn_at.is_null())
            .order(consents::id.desc())
            .select((consents::version, consents::given_at, consents::items, consent_forms::body))
            .first(c)
    })?;
    found
        .map(|(version, given_at, items, form)| {
            let items = serde_json::from_str(&items).map_err(Problem::internal)?;
            let form = serde_json::from_str(&form).map_err(Problem::internal)?;
            Ok(ConsentRecord { version, given_at, items, form })
        })
        .transpose()
}
