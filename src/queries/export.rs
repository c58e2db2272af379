//! The pseudonymous data of a study as a table, one row for each respondent, page by page.
//!
//! Nothing here tells who somebody is. The municipality is left out too: with a handful of respondents the name of the
//! town is the name of the official. Days stand for moments, in UTC. Of those who withdrew nothing is told but that,
//! and nobody who was erased is listed. Notes of interviewers may name people, so they are only there when they are
//! asked for, and only of respondents whose consent stands.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::InterviewStatus;
use crate::domain::respondent::RespondentStatus;
use crate::id::{GuideId, InterviewId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::exports::{self, ExportAnswer, ExportConsent, ExportInterview, ExportRespondent};
use crate::store::{Tx, guides, members, respondents, studies};

/// So many respondents are read at a time; the memory that an export takes depends on nothing else.
const PAGE: i64 = 500;

/// The columns that every export has.
const COLUMNS: [&str; 13] = [
    "code",
    "status",
    "stratum",
    "population_on",
    "language",
    "invited_on",
    "consented_on",
    "consent_version",
    "booked_on",
    "held_on",
    "mode",
    "minutes",
    "guide_version",
];

/// Which table it will be.
#[derive(Debug, Clone)]
pub struct ExportPlan {
    study: StudyId,
    user: UserId,
    with_notes: bool,
    /// The title of the study, for the name of the file.
    pub title: String,
    population_on: NaiveDate,
    consent_items: Vec<String>,
    questions: Vec<String>,
}

/// A part of the table.
#[derive(Debug, Clone)]
pub struct ExportPage {
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
    /// After which code the next part begins; `None` at the end.
    pub after: Option<String>,
}

/// Lays out the table: a column for each item of any published consent form and each question of any published guide.
///
/// # Errors
/// Those of [`members::require`].
pub fn plan(tx: &mut Tx<'_>, user: UserId, study: StudyId, with_notes: bool) -> Outcome<ExportPlan> {
    require(tx, user, study, with_notes)?;
    let row = studies::get(tx, study)?.study;
    let (title, population_on) = (row.title, row.rules.population_on);
    let forms = exports::consent_forms(tx, study)?;
    let guides = guides::published(tx, study)?;
    let consent_items = each_once(forms.into_iter().flat_map(|form| form.items).map(|item| item.key));
    let questions = each_once(
        guides.iter().flat_map(|record| record.guide.questions()).map(|question| question.key.clone()),
    );
    Ok(ExportPlan { study, user, with_notes, title, population_on, consent_items, questions })
}

/// What an export of a study would hold.
#[derive(Debug, Clone)]
pub struct Description {
    /// How many rows the table has.
    pub rows: i64,
    /// The columns of the table.
    pub header: Vec<String>,
    /// The columns with the notes of interviewers, for those who may have them.
    pub header_with_notes: Option<Vec<String>>,
    /// The guide in use.
    pub guide: Option<GuideId>,
    /// Whether the reader may have the log of changes.
    pub may_audit: bool,
}

/// What an export of a study would hold; nothing is taken out by it.
///
/// # Errors
/// Those of [`members::require`].
pub fn describe(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Description> {
    let member = members::require(tx, study, user, Right::Export)?;
    let header_with_notes =
        if member.may(Right::Contacts) { Some(plan(tx, user, study, true)?.header()) } else { None };
    Ok(Description {
        rows: respondents::count(tx, study, respondents::Filter::default())?,
        header: plan(tx, user, study, false)?.header(),
        header_with_notes,
        guide: guides::latest(tx, study)?.map(|record| record.id),
        may_audit: member.may(Right::ChangeStudy),
    })
}

fn require(tx: &mut Tx<'_>, user: UserId, study: StudyId, with_notes: bool) -> Outcome<()> {
    let member = members::require(tx, study, user, Right::Export)?;
    if with_notes {
        member.require(Right::Contacts)?;
    }
    Ok(())
}

fn each_once(keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    keys.filter(|key| seen.insert(key.clone())).collect()
}

impl ExportPlan {
    /// The names of the columns.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let named = |kind: &'static str, keys: &[String]| -> Vec<String> {
            keys.iter().map(|key| format!("{kind}_{key}")).collect()
        };
        let mut header: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
        header.extend(named("consent", &self.consent_items));
        header.extend(named("question", &self.questions));
        if self.with_notes {
            header.extend(named("note", &self.questions));
        }
        header
    }
}

/// The rows that follow a code.
///
/// # Errors
/// Those of [`members::require`]: a membership that ended a moment ago ends the export.
pub fn page(tx: &mut Tx<'_>, plan: &ExportPlan, after: Option<&str>) -> Outcome<ExportPage> {
    require(tx, plan.user, plan.study, plan.with_notes)?;
    let respondents = exports::respondents(tx, plan.study, after, PAGE)?;
    let told: Vec<RespondentId> = respondents.iter().filter(|r| is_told(r)).map(|r| r.id).collect();
    let consents: HashMap<RespondentId, ExportConsent> =
        exports::consents(tx, &told)?.into_iter().map(|consent| (consent.respondent, consent)).collect();
    let interviews = one_each(exports::interviews(tx, &told)?);
    let held: Vec<InterviewId> = interviews.values().map(|interview| interview.id).collect();
    let mut answers: HashMap<InterviewId, Vec<ExportAnswer>> = HashMap::new();
    for answer in exports::answers(tx, &held, plan.with_notes)? {
        answers.entry(answer.interview).or_default().push(answer);
    }
    let is_last = i64::try_from(respondents.len()).unwrap_or(i64::MAX) < PAGE;
    let next = respondents.last().filter(|_| !is_last).map(|respondent| respondent.code.clone());
    let rows = respondents
        .into_iter()
        .map(|respondent| {
            let consent = consents.get(&respondent.id);
            let interview = interviews.get(&respondent.id);
            let answers = interview.and_then(|interview| answers.get(&interview.id));
            plan.row(respondent, consent, interview, answers.map_or(&[], Vec::as_slice))
        })
        .collect::<Outcome<_>>()?;
    Ok(ExportPage { rows, after: next })
}

fn is_told(respondent: &ExportRespondent) -> bool {
    respondent.status != RespondentStatus::Withdrawn
}

/// Of each respondent the interview that is planned or was held, else the last to which they did not come.
fn one_each(interviews: Vec<ExportInterview>) -> HashMap<RespondentId, ExportInterview> {
    let mut chosen: HashMap<RespondentId, ExportInterview> = HashMap::new();
    for interview in interviews {
        let stands = chosen.get(&interview.respondent).is_some_and(|other| other.status.takes_place());
        if !stands {
            chosen.insert(interview.respondent, interview);
        }
    }
    chosen
}

impl ExportPlan {
    fn row(
        &self,
        respondent: ExportRespondent,
        consent: Option<&ExportConsent>,
        interview: Option<&ExportInterview>,
        answers: &[ExportAnswer],
    ) -> Outcome<Vec<String>> {
        let mut row = vec![respondent.code.clone(), respondent.status.to_string()];
        if !is_told(&respondent) {
            row.resize(self.header().len(), String::new());
            return Ok(row);
        }
        let held = interview.filter(|interview| interview.status == InterviewStatus::Held);
        row.push(respondent.stratum.unwrap_or_default());
        row.push(self.population_on.to_string());
        row.push(respondent.language.to_string());
        row.push(day(respondent.invited_at));
        row.push(day(consent.map(|consent| consent.given_at)));
        row.push(shown(consent.map(|consent| consent.version)));
        row.push(day(interview.map(|interview| interview.booked_at)));
        row.push(day(held.map(|interview| interview.starts_at)));
        row.push(shown(interview.map(|interview| interview.mode)));
        row.push(shown(interview.map(|i| (i.ends_at.unix() - i.starts_at.unix()) / 60)));
        row.push(shown(interview.and_then(|interview| interview.guide_version)));
        let items: BTreeMap<String, bool> = match consent {
            Some(consent) => serde_json::from_str(&consent.items).map_err(Problem::internal)?,
            None => BTreeMap::new(),
        };
        row.extend(self.consent_items.iter().map(|key| yes_or_no(items.get(key).copied())));
        let answers: HashMap<&str, &ExportAnswer> =
            answers.iter().map(|answer| (answer.question.as_str(), answer)).collect();
        let found = || self.questions.iter().map(|key| answers.get(key.as_str()));
        row.extend(found().map(|answer| shown(answer.map(|answer| answer.state))));
        if self.with_notes {
            let notes = found().map(|answer| answer.and_then(|answer| answer.note.clone()));
            row.extend(notes.map(|note| note.filter(|_| consent.is_some()).unwrap_or_default()));
        }
        Ok(row)
    }
}

fn day(moment: Option<Instant>) -> String {
    shown(moment.map(|moment| moment.utc().date_naive()))
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn yes_or_no(given: Option<bool>) -> String {
    given.map_or("", |given| if given { "yes" } else { "no" }).to_owned()
}
