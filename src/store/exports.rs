//! What an export takes out of a study, page by page, a few statements for each page whatever its size.

use diesel::prelude::*;

use super::Tx;
use super::schema::{
    consent_forms, consents, guides, interviews, respondents, sheet_answers, sheets, strata,
};
use super::sheets::open_note;
use crate::clock::Instant;
use crate::domain::consent::ConsentForm;
use crate::domain::guide::QuestionState;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::id::{InterviewId, RespondentId, StudyId};
use crate::problem::{Outcome, Problem};

/// A respondent as an export knows them.
#[derive(Debug, Clone, Queryable)]
pub struct ExportRespondent {
    /// The respondent's id, which is not exported.
    pub id: RespondentId,
    /// The code.
    pub code: String,
    /// How far they have come.
    pub status: RespondentStatus,
    /// The key of their stratum.
    pub stratum: Option<String>,
    /// The language of their letters.
    pub language: Language,
    /// When they were first written to.
    pub invited_at: Option<Instant>,
}

/// A consent that has not been taken back.
#[derive(Debug, Clone, Queryable)]
pub struct ExportConsent {
    /// Whose.
    pub respondent: RespondentId,
    /// The version of the form.
    pub version: i32,
    /// When it was given.
    pub given_at: Instant,
    /// The answers as JSON.
    pub items: String,
}

/// An interview that is planned, was held, or to which the respondent did not come.
#[derive(Debug, Clone, Queryable)]
pub struct ExportInterview {
    /// The interview's id, which is not exported.
    pub id: InterviewId,
    /// Whose.
    pub respondent: RespondentId,
    /// What became of it.
    pub status: InterviewStatus,
    /// How it was held.
    pub mode: Mode,
    /// When it was booked.
    pub booked_at: Instant,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The version of the guide on its sheet.
    pub guide_version: Option<i32>,
}

/// What became of a question in an interview.
#[derive(Debug, Clone)]
pub struct ExportAnswer {
    /// In which interview.
    pub interview: InterviewId,
    /// The question's key.
    pub question: String,
    /// What became of it.
    pub state: QuestionState,
    /// The note, where notes were asked for.
    pub note: Option<String>,
}

/// The published consent forms of a study in the order of their versions.
///
/// # Errors
/// Only those of the database.
pub fn consent_forms(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<ConsentForm>> {
    let bodies: Vec<String> = tx.run(|c| {
        consent_forms::table
            .filter(consent_forms::study.eq(study))
            .filter(consent_forms::version.is_not_null())
            .order(consent_forms::version)
            .select(consent_forms::body)
            .load(c)
    })?;
    bodies.iter().map(|body| serde_json::from_str(body).map_err(Problem::internal)).collect()
}

/// A page of the respondents of a study by their codes, which were given out in random order: the order of an export
/// tells nothing about the contact list.
///
/// # Errors
/// Only those of the database.
pub fn respondents(
    tx: &mut Tx<'_>,
    study: StudyId,
    after: Option<&str>,
    limit: i64,
) -> Outcome<Vec<ExportRespondent>> {
    tx.run(|c| {
        respondents::table
            .left_join(strata::table.on(strata::id.nullable().eq(respondents::stratum)))
            .filter(respondents::study.eq(study))
            .filter(respondents::erased_at.is_null())
            .filter(respondents::code.gt(after.unwrap_or_default()))
            .order(respondents::code)
            .limit(limit)
            .select((
                respondents::id,
                respondents::code,
                respondents::status,
                strata::key.nullable(),
                respondents::language,
                respondents::invited_at,
            ))
            .load(c)
    })
}

/// The consents of respondents that have not been taken back, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn consents(tx: &mut Tx<'_>, of: &[RespondentId]) -> Outcome<Vec<ExportConsent>> {
    tx.run(|c| {
        consents::table
            .filter(consents::respondent.eq_any(of.iter().copied()))
            .filter(consents::withdrawn_at.is_null())
            .order(consents::id)
            .select((consents::respondent, consents::version, consents::given_at, consents::items))
            .load(c)
    })
}

/// The interviews of respondents that were not called off, oldest first.
///
/// # Errors
/// Only those of the database.
pub fn interviews(tx: &mut Tx<'_>, of: &[RespondentId]) -> Outcome<Vec<ExportInterview>> {
    tx.run(|c| {
        interviews::table
            .left_join(
                sheets::table
                    .inner_join(guides::table.on(guides::id.eq(sheets::guide)))
                    .on(sheets::interview.eq(interviews::id)),
            )
            .filter(interviews::respondent.eq_any(of.iter().copied()))
            .filter(interviews::status.ne(InterviewStatus::Cancelled))
            .order(interviews::id)
            .select((
                interviews::id,
                interviews::respondent,
                interviews::status,
                interviews::mode,
                interviews::booked_at,
                interviews::starts_at,
                interviews::ends_at,
                guides::version.nullable(),
            ))
            .load(c)
    })
}

/// What became of the questions in interviews; notes are only opened when they are asked for.
///
/// # Errors
/// Only those of the database.
pub fn answers(tx: &mut Tx<'_>, of: &[InterviewId], with_notes: bool) -> Outcome<Vec<ExportAnswer>> {
    type Row = (InterviewId, String, QuestionState, Option<Vec<u8>>);
    let rows: Vec<Row> = tx.run(|c| {
        sheet_answers::table
            .filter(sheet_answers::interview.eq_any(of.iter().copied()))
            .select((
                sheet_answers::interview,
                sheet_answers::question,
                sheet_answers::state,
                sheet_answers::note_sealed,
            ))
            .load(c)
    })?;
    let keys = tx.keys();
    rows.into_iter()
        .map(|(interview, question, state, sealed)| {
            let sealed = sealed.filter(|_| with_notes);
            let note = sealed.map(|sealed| open_note(keys, interview, &question, &sealed)).transpose()?;
            Ok(ExportAnswer { interview, question, state, note })
        })
        .collect()
}
