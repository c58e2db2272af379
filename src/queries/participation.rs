//! What a respondent sees by their personal link (E4).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::consent_forms::ShownForm;
use super::interviews::{self as views, InterviewView};
use super::proposals::{self, OwnProposal};
use crate::clock::Instant;
use crate::domain::hold::Hold;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::domain::study::PrivacyNotice;
use crate::id::{ConsentId, RespondentId};
use crate::problem::{Outcome, Problem};
use crate::store::consents::{self, Consent};
use crate::store::contacts::{self, Contact};
use crate::store::interviews::Interview;
use crate::store::respondents::Respondent;
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, consent_forms, holds, interviews, members, municipalities, respondents};

/// A participation. Of one that has ended by withdrawal only the status is shown (E14).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Participation {
    /// Withdrawn.
    Ended {
        /// Always `withdrawn`.
        status: RespondentStatus,
    },
    /// Under way.
    Open(Box<OpenParticipation>),
}

/// A participation that is under way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenParticipation {
    /// How far it has come.
    pub status: RespondentStatus,
    /// The language in which the respondent is written to.
    pub language: Language,
    /// The study as respondents see it.
    pub study: StudyFacts,
    /// The form that is asked for now; null while none is published.
    pub consent_form: Option<ShownForm>,
    /// The consent that holds; null before it was given.
    pub consent: Option<Evidence>,
    /// Whether the form that is asked for now has to be agreed to before an interview can be planned: for the first
    /// time, or once more since a newer version was published.
    pub consent_needed: bool,
    /// The interview, unless it was cancelled.
    pub interview: Option<InterviewView>,
    /// The time that is kept for the respondent while they fill in the form.
    pub hold: Option<Hold>,
    /// The moments that the respondent proposed, while they wait for an answer.
    pub proposal: Option<OwnProposal>,
}

impl OpenParticipation {
    /// Whether the consent that holds is for the form as it is now: only then may an interview be planned.
    #[must_use]
    pub fn consents_now(&self) -> bool {
        let both = self.consent.as_ref().zip(self.consent_form.as_ref());
        both.is_some_and(|(consent, form)| Some(consent.version) == form.version)
    }
}

/// What respondents are told about a study.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StudyFacts {
    /// The public name.
    pub title: String,
    /// Who does the research; may be empty.
    pub organisation: String,
    /// The name of the researcher who answers for it.
    pub researcher: String,
    /// Where to ask.
    pub contact_email: String,
    /// What is told about the ethical review.
    pub ethics: Option<String>,
    /// What is told about personal data.
    pub privacy_notice: PrivacyNotice,
    /// The zone of its wall times.
    pub time_zone: String,
    /// How long an interview takes.
    pub interview_minutes: i32,
    /// The ways in which it can be held.
    pub modes: Vec<Mode>,
    /// Whether it takes no more interviews.
    pub closed: bool,
}

/// A consent as evidence (E4).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConsentEvidence)]
pub struct Evidence {
    /// The version of the form.
    pub version: i32,
    /// The language in which it was read.
    pub language: Language,
    /// The SHA-256 of the exact text.
    pub sha256: String,
    /// When it was given.
    pub given_at: Instant,
    /// The answer to each item, by its key.
    pub items: BTreeMap<String, bool>,
}

impl From<Consent> for Evidence {
    fn from(consent: Consent) -> Self {
        let Consent { version, language, sha256, given_at, items, .. } = consent;
        Self { version, language, sha256, given_at, items }
    }
}

/// The respondent behind a link by which anything may be done, before it is looked at what: the first two refusals of
/// E11.
///
/// # Errors
/// [`Problem::NotFound`], [`Problem::Withdrawn`].
pub fn admit(tx: &mut Tx<'_>, digest: &str) -> Outcome<Respondent> {
    let respondent = respondents::by_link(tx, digest)?;
    if respondent.status == RespondentStatus::Withdrawn { Err(Problem::Withdrawn) } else { Ok(respondent) }
}

/// The respondent behind a link, even one who has withdrawn.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn behind(tx: &mut Tx<'_>, digest: &str) -> Outcome<Respondent> {
    respondents::by_link(tx, digest)
}

/// How far the respondent behind a link has come.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn status(tx: &mut Tx<'_>, digest: &str) -> Outcome<RespondentStatus> {
    behind(tx, digest).map(|respondent| respondent.status)
}

/// The language in which the respondent behind a link is written to.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn language(tx: &mut Tx<'_>, digest: &str) -> Outcome<Language> {
    respondents::by_link(tx, digest).map(|respondent| respondent.language)
}

/// The participation behind a link.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn of_link(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Participation> {
    let respondent = respondents::by_link(tx, digest)?;
    if respondent.status == RespondentStatus::Withdrawn {
        return Ok(Participation::Ended { status: respondent.status });
    }
    let study = studies::get(tx, respondent.study)?;
    let study = study_facts(tx, &study)?;
    open(tx, &respondent, study, now).map(Box::new).map(Participation::Open)
}

/// A participation that is under way, of a respondent who is known already.
///
/// # Errors
/// Only those of the database.
pub(super) fn open(
    tx: &mut Tx<'_>,
    respondent: &Respondent,
    study: StudyFacts,
    now: Instant,
) -> Outcome<OpenParticipation> {
    let latest = interviews::latest_of(tx, respondent.id)?;
    let shown = latest.filter(|interview| interview.status != InterviewStatus::Cancelled);
    let consent_form = consent_forms::published(tx, respondent.study)?.map(ShownForm::from);
    let consent = consents::current(tx, respondent.id)?.map(Evidence::from);
    let stands = shown.as_ref().is_some_and(|interview| interview.status.takes_place());
    let is_asked =
        consent_form.as_ref().is_some_and(|form| form.version != consent.as_ref().map(|it| it.version));
    Ok(OpenParticipation {
        status: respondent.status,
        language: respondent.language,
        study,
        consent_form,
        consent,
        consent_needed: is_asked && !stands,
        interview: shown.map(|interview| views::own(tx, interview.id)).transpose()?,
        hold: holds::of(tx, respondent.id, now)?,
        proposal: proposals::waiting_of(tx, respondent.id)?,
    })
}

/// The time that is kept for a respondent; whoever asks has proved to be that respondent.
///
/// # Errors
/// [`Problem::NotFound`] when none is, or no longer.
pub fn kept(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<Hold> {
    holds::of(tx, respondent, now)?.ok_or(Problem::NotFound)
}

/// The evidence of a consent; whoever asks has proved to be the one who gave it.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn evidence(tx: &mut Tx<'_>, id: ConsentId) -> Outcome<Evidence> {
    consents::get(tx, id).map(Evidence::from)
}

/// What a calendar is told about the planned interview behind a link.
#[derive(Debug, Clone)]
pub struct PlannedMeeting {
    /// The interview.
    pub interview: Interview,
    /// Where it is held, in person.
    pub place: Option<String>,
    /// The name of the municipality whose town hall it is held in otherwise.
    pub municipality: String,
    /// The study.
    pub study: StudyRow,
    /// Who is interviewed.
    pub contact: Contact,
    /// The respondent's language.
    pub language: Language,
}

/// The planned interview behind a link.
///
/// # Errors
/// [`Problem::NotFound`] when there is none, [`Problem::Withdrawn`].
pub fn planned_meeting(tx: &mut Tx<'_>, digest: &str) -> Outcome<PlannedMeeting> {
    let respondent = admit(tx, digest)?;
    let active = interviews::active_of(tx, respondent.id)?;
    let interview =
        active.filter(|found| found.status == InterviewStatus::Booked).ok_or(Problem::NotFound)?;
    Ok(PlannedMeeting {
        place: interview.place(tx)?,
        municipality: municipalities::places(tx)?.name(respondent.municipality),
        study: studies::get(tx, respondent.study)?,
        contact: contacts::get(tx, respondent.id)?,
        language: respondent.language,
        interview,
    })
}

/// What respondents are told about a study.
///
/// # Errors
/// Only those of the database.
pub(super) fn study_facts(tx: &mut Tx<'_>, row: &StudyRow) -> Outcome<StudyFacts> {
    let study = row.study.clone();
    Ok(StudyFacts {
        title: study.title,
        organisation: study.organisation,
        researcher: members::first_owner(tx, row.id)?.unwrap_or_default(),
        contact_email: study.contact_email.as_str().to_owned(),
        ethics: study.rules.ethics,
        privacy_notice: study.privacy_notice,
        time_zone: study.rules.time_zone.name().to_owned(),
        interview_minutes: study.rules.interview_minutes,
        modes: study.rules.modes,
        closed: row.closed_at.is_some(),
    })
}
