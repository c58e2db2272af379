//! The sheet of an interview, as the interviewer has it beside the conversation.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::Recording;
use crate::domain::guide::{Coverage, QuestionKind, QuestionState};
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::id::{GuideId, InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::guides::{self, GuideRecord};
use crate::store::sheets::{self, AnswerRecord, ConsentRecord, Interviewed, SheetRecord};
use crate::store::{Tx, members};

/// A sheet (E5) with all that a page shows beside it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Sheet)]
pub struct SheetView {
    /// The guide, and whether the first write has fixed it; null while the study has none that is published.
    pub guide: Option<SheetGuide>,
    /// The interview.
    pub interview: SheetInterview,
    /// What the respondent agreed to; null without a valid consent.
    pub consent: Option<SheetConsent>,
    /// Whether the interview may be recorded: the answer to the item `recording` or `opname` of the consent form.
    pub recording: Recording,
    /// The sections of the guide with the keys of their questions.
    pub sections: Vec<SheetSection>,
    /// The questions in the order of the conversation.
    pub questions: Vec<SheetQuestion>,
    /// How much was dealt with.
    pub coverage: SheetCoverage,
    /// When the sheet was first written on.
    pub started_at: Option<Instant>,
    /// Seconds from the first write until now or, once the interview is closed, until the last write.
    pub elapsed_seconds: i64,
    /// How often the sheet was changed, for If-Match; 0 before the first write.
    pub revision: i32,
    /// The language in which the respondent is addressed: the questions are read aloud in it.
    #[serde(skip)]
    pub language: Language,
}

/// The guide of a sheet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetGuide {
    /// The guide's id.
    pub id: GuideId,
    /// Its version.
    pub version: Option<i32>,
    /// Its name.
    pub title: String,
    /// Whether the first write has fixed it; until then a newer version would take its place.
    pub is_fixed: bool,
}

/// The interview of a sheet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetInterview {
    /// The interview's id.
    pub id: InterviewId,
    /// The study's id.
    pub study: StudyId,
    /// The respondent's id.
    pub respondent: RespondentId,
    /// The respondent's code.
    pub code: String,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
}

/// What the respondent agreed to: the banner above the sheet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetConsent {
    /// The version of the form.
    pub version: i32,
    /// When it was given.
    pub given_at: Instant,
    /// Each item with its answer.
    pub items: Vec<SheetConsentItem>,
}

/// One thing that the respondent did or did not agree to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetConsentItem {
    /// The item's key.
    pub key: String,
    /// What it says.
    pub text: Bilingual,
    /// Whether they agreed.
    pub given: bool,
}

/// A section of the guide.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetSection {
    /// Its name.
    pub title: String,
    /// Planned minutes.
    pub minutes: i32,
    /// The keys of its questions.
    pub questions: Vec<String>,
}

/// A question and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetQuestion {
    /// The question's key.
    pub key: String,
    /// What became of it; null for nothing yet.
    pub state: Option<QuestionState>,
    /// The interviewer's note.
    pub note: Option<String>,
    /// When that was last written.
    pub recorded_at: Option<Instant>,
    /// The revision of the sheet at which that was; 0 where nothing stands. As `"q7"` it is a tag for If-Match.
    pub revision: i32,
    /// What it does in the conversation.
    pub kind: QuestionKind,
    /// Whether the interview is incomplete without it.
    pub must_ask: bool,
    /// How it is put.
    pub text: Bilingual,
    /// What to ask further.
    pub probes: Vec<String>,
}

/// How much was dealt with.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct SheetCoverage {
    /// The questions by what became of them.
    #[serde(flatten)]
    pub counts: Coverage,
    /// Of all questions.
    pub all: Part,
    /// Of those that must be asked.
    pub must_ask: Part,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetPart)]
pub struct Part {
    /// Asked or covered.
    pub done: usize,
    /// Of these.
    pub of: usize,
}

/// The sheet of an interview; before the first write it shows the guide that it would take.
///
/// # Errors
/// [`Problem::NotFound`], [`Problem::Forbidden`], or [`Problem::Withdrawn`] when consent was taken back.
pub fn of(tx: &mut Tx<'_>, user: UserId, interview: InterviewId, now: Instant) -> Outcome<SheetView> {
    let interviewed = sheets::interviewed(tx, interview)?;
    members::require(tx, interviewed.study, user, Right::Interviews)?;
    if interviewed.respondent_status == RespondentStatus::Withdrawn {
        return Err(Problem::Withdrawn);
    }
    let sheet = sheets::find(tx, interview)?;
    let guide = match sheet {
        Some(sheet) => Some(guides::get(tx, sheet.guide)?),
        None => guides::latest(tx, interviewed.study)?,
    };
    let answers = sheets::answers(tx, interview)?;
    let consent = sheets::consent(tx, interviewed.respondent)?;
    Ok(arrange(interviewed, sheet, guide, answers, consent, now))
}

fn arrange(
    interviewed: Interviewed,
    sheet: Option<SheetRecord>,
    guide: Option<GuideRecord>,
    answers: Vec<AnswerRecord>,
    consent: Option<ConsentRecord>,
    now: Instant,
) -> SheetView {
    let last = answers.iter().map(|answer| answer.recorded_at).max();
    let is_open = interviewed.status == InterviewStatus::Booked;
    let until = last.filter(|_| !is_open).unwrap_or(now);
    let mut answers: BTreeMap<String, AnswerRecord> =
        answers.into_iter().map(|answer| (answer.question.clone(), answer)).collect();
    let mut view = SheetView {
        guide: None,
        interview: SheetInterview {
            id: interviewed.interview,
            study: interviewed.study,
            respondent: interviewed.respondent,
            code: interviewed.code,
            starts_at: interviewed.starts_at,
            ends_at: interviewed.ends_at,
            mode: interviewed.mode,
            status: interviewed.status,
        },
        recording: Recording::NoConsent,
        consent: consent.map(banner),
        sections: Vec::new(),
        questions: Vec::new(),
        coverage: SheetCoverage::default(),
        started_at: sheet.map(|sheet| sheet.started_at),
        elapsed_seconds: sheet.map_or(0, |sheet| (until.unix() - sheet.started_at.unix()).max(0)),
        revision: sheet.map_or(0, |sheet| sheet.revision),
        language: interviewed.language,
    };
    let given = view.consent.as_ref().map(|consent| &consent.items);
    view.recording = Recording::of(given.map(|items| items.iter().map(|i| (i.key.as_str(), i.given))));
    let Some(GuideRecord { id, version, guide, .. }) = guide else { return view };
    let counts = Coverage::of(&guide, |key| answers.get(key).map(|answer| answer.state));
    let must_ask = guide.questions().filter(|question| question.must_ask).count();
    let all = counts.asked + counts.covered + counts.skipped + counts.open;
    view.coverage = SheetCoverage {
        counts,
        all: Part { done: counts.asked + counts.covered, of: all },
        must_ask: Part { done: must_ask.saturating_sub(counts.must_ask_left), of: must_ask },
    };
    view.guide = Some(SheetGuide { id, version, title: guide.title, is_fixed: sheet.is_some() });
    for section in guide.sections {
        let keys = section.questions.iter().map(|question| question.key.clone()).collect();
        view.sections.push(SheetSection { title: section.title, minutes: section.minutes, questions: keys });
        for question in section.questions {
            let answer = answers.remove(&question.key);
            view.questions.push(SheetQuestion {
                key: question.key,
                state: answer.as_ref().map(|answer| answer.state),
                recorded_at: answer.as_ref().map(|answer| answer.recorded_at),
                revision: answer.as_ref().map_or(0, |answer| answer.revision),
                note: answer.and_then(|answer| answer.note),
                kind: question.kind,
                must_ask: question.must_ask,
                text: question.text,
                probes: question.probes,
            });
        }
    }
    view
}

fn banner(consent: ConsentRecord) -> SheetConsent {
    let ConsentRecord { version, given_at, items: given, form } = consent;
    let items = form
        .items
        .into_iter()
        .map(|item| SheetConsentItem {
            given: given.get(&item.key).copied().unwrap_or(false),
            key: item.key,
            text: item.text,
        })
        .collect();
    SheetConsent { version, given_at, items }
}
