//! A study: what its public page says, and the rules by which its interviews are planned.

mod patch;
mod privacy_notice;
mod reminders;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::availability::{Timing, WallTime, parse_date};
use super::findings::Findings;
use super::interview::{MEETING_LINK_LIMIT, Mode, meeting_link};
use super::language::Language;
use super::meeting::LinkSource;
use super::text::EmailAddress;
use crate::problem::{FieldCode, FieldProblem};

pub use self::patch::{Edit, StudyPatch};
pub use self::privacy_notice::PrivacyNotice;

/// The longest that an interview may be, in minutes.
pub const LONGEST_INTERVIEW: i64 = 480;

/// A study as its researchers set it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StudySetUp)]
pub struct Study {
    /// The public name, as respondents read it.
    pub title: String,
    /// Who does the research; may be empty.
    pub organisation: String,
    /// Where respondents can ask: the Reply-To of all letters (E20).
    pub contact_email: EmailAddress,
    /// What is told about personal data.
    pub privacy_notice: PrivacyNotice,
    /// How its interviews are planned and held.
    #[serde(flatten)]
    pub rules: StudyRules,
}

/// How the interviews of a study are planned and held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StudyRules {
    /// The zone of all its wall times and dates.
    #[schema(value_type = String, examples("Europe/Amsterdam"))]
    pub time_zone: Tz,
    /// The language of a respondent for whom none is known.
    pub language: Language,
    /// The date whose number of inhabitants decides the size class of a municipality.
    pub population_on: NaiveDate,
    /// The length of an interview in minutes, 5 to 480.
    pub interview_minutes: i32,
    /// The distance between two possible starts in minutes, 5 to 240.
    pub slot_step_minutes: i32,
    /// What the interviewer keeps free after an interview in minutes, 0 to 240.
    pub buffer_minutes: i32,
    /// How long before its start a respondent has to book in minutes, 0 to 43,200.
    pub min_notice_minutes: i32,
    /// Until how long before its start a respondent may move an interview in minutes, 0 to 43,200; 0 for at any time.
    pub move_notice_minutes: i32,
    /// Until how long before its start a respondent may cancel an interview in minutes, 0 to 43,200; 0 for at any time.
    pub cancel_notice_minutes: i32,
    /// How many days ahead interviews are offered, 1 to 730.
    pub horizon_days: i32,
    /// The first date of the fieldwork.
    pub window_from: Option<NaiveDate>,
    /// The last date of the fieldwork.
    pub window_until: Option<NaiveDate>,
    /// The ways in which an interview can be held, at least one.
    pub modes: Vec<Mode>,
    /// The fixed Teams meeting of the study, where there is one.
    pub teams_link: Option<String>,
    /// Where the link to an online interview comes from.
    pub teams_link_source: LinkSource,
    /// What respondents are told about the ethical review.
    pub ethics: Option<String>,
    /// How many interviews an interviewer has on one day at most, 1 to 50.
    pub max_per_day: Option<i32>,
    /// How many interviews an interviewer has from one Monday to the next at most, 1 to 200.
    pub max_per_week: Option<i32>,
    /// Whether weekly hours are closed on Dutch public holidays.
    pub public_holidays: bool,
    /// How many reminders a respondent gets at most after the invitation, 0 to 10. Who does not answer has answered.
    pub max_reminders: i32,
    /// How many days lie at least between two letters that approach the same respondent, 1 to 60.
    pub min_reminder_days: i32,
    /// How long before an interview both sides are reminded of it, in minutes, the longest first: at most 5 times, each
    /// 30 to 43,200. Whole days are counted on the calendar.
    pub reminder_lead_minutes: Vec<i32>,
    /// From when in the day no reminder of an interview goes; null where they go at any time.
    pub quiet_from: Option<WallTime>,
    /// Until when no reminder of an interview goes, the next day where that is earlier than `quiet_from`.
    pub quiet_until: Option<WallTime>,
}

impl StudyRules {
    /// What holds unless a researcher says otherwise: an hour on the quarter in Amsterdam, with a quarter of buffer,
    /// a day's notice for booking and none for changing, a horizon of 60 days, closed on holidays, at most two
    /// reminders three days apart, and a reminder of the interview a day before it, but not between nine in the evening
    /// and eight in the morning.
    #[must_use]
    pub fn usual(today: NaiveDate) -> Self {
        Self {
            time_zone: Tz::Europe__Amsterdam,
            language: Language::Nl,
            population_on: today,
            interview_minutes: 60,
            slot_step_minutes: 15,
            buffer_minutes: 15,
            min_notice_minutes: 1_440,
            move_notice_minutes: 0,
            cancel_notice_minutes: 0,
            horizon_days: 60,
            window_from: None,
            window_until: None,
            modes: Mode::ALL.to_vec(),
            teams_link: None,
            teams_link_source: LinkSource::Fixed,
            ethics: None,
            max_per_day: None,
            max_per_week: None,
            public_holidays: false,
            max_reminders: 2,
            min_reminder_days: 3,
            reminder_lead_minutes: vec![1_440],
            quiet_from: WallTime::from_minute(21 * 60),
            quiet_until: WallTime::from_minute(8 * 60),
        }
    }

    /// Checks that interviews of this study can be held in a way.
    ///
    /// # Errors
    /// A problem with the field `mode`.
    pub fn check_mode(&self, mode: Mode) -> Result<(), FieldProblem> {
        if self.modes.contains(&mode) {
            return Ok(());
        }
        let allowed: Vec<&str> = self.modes.iter().map(|mode| mode.as_str()).collect();
        Err(FieldProblem::new("mode", FieldCode::Value).with("allowed", allowed.join(", ")))
    }

    /// The rules of time, for the diaries of the interviewers.
    #[must_use]
    pub fn timing(&self) -> Timing {
        Timing {
            zone: self.time_zone,
            interview_minutes: self.interview_minutes,
            slot_step_minutes: self.slot_step_minutes,
            buffer_minutes: self.buffer_minutes,
            min_notice_minutes: self.min_notice_minutes,
            horizon_days: self.horizon_days,
            window_from: self.window_from,
            window_until: self.window_until,
            max_per_day: self.max_per_day,
            max_per_week: self.max_per_week,
            keeps_holidays: self.public_holidays,
        }
    }
}

impl Study {
    /// A new study: a title and a contact address are needed, the rest has sound defaults.
    ///
    /// # Errors
    /// Everything that is wrong, with the name of each field.
    pub fn create(patch: &StudyPatch, today: NaiveDate) -> Result<Self, Vec<FieldProblem>> {
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let (title, organisation) = (text(&patch.title), text(&patch.organisation));
        let before = (PrivacyNotice::default(), StudyRules::usual(today));
        Self::read(title, organisation, &text(&patch.contact_email), before, patch)
    }

    /// The study with changes; what was left out stays.
    ///
    /// # Errors
    /// Everything that is wrong, with the name of each field.
    pub fn change(&self, patch: &StudyPatch) -> Result<Self, Vec<FieldProblem>> {
        let text = |given: &Option<String>, now: &str| given.clone().unwrap_or_else(|| now.to_owned());
        let title = text(&patch.title, &self.title);
        let organisation = text(&patch.organisation, &self.organisation);
        let contact_email = text(&patch.contact_email, self.contact_email.as_str());
        Self::read(
            title,
            organisation,
            &contact_email,
            (self.privacy_notice.clone(), self.rules.clone()),
            patch,
        )
    }

    fn read(
        title: String,
        organisation: String,
        contact_email: &str,
        (mut privacy_notice, mut rules): (PrivacyNotice, StudyRules),
        patch: &StudyPatch,
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut findings = Findings::default();
        findings.line("title", &title);
        if !organisation.is_empty() {
            findings.line("organisation", &organisation);
        }
        let contact_email = EmailAddress::parse(contact_email);
        if let Err(code) = contact_email {
            findings.add("contact_email", code);
        }
        if let Some(given) = &patch.privacy_notice {
            given.check(&mut findings);
            privacy_notice.clone_from(given);
        }
        rules.apply(patch, &mut findings);
        match contact_email {
            Ok(contact_email) => {
                findings.outcome(Self { title, organisation, contact_email, privacy_notice, rules })
            }
            Err(_) => Err(findings.into_problems()),
        }
    }
}

impl StudyRules {
    fn apply(&mut self, patch: &StudyPatch, findings: &mut Findings) {
        set(&mut self.time_zone, patch.time_zone.as_deref(), |text| {
            findings.value("time_zone", text, "Europe/Amsterdam, … (IANA)", |t| t.parse().ok())
        });
        set(&mut self.language, patch.language.as_deref(), |text| {
            findings.value("language", text, "nl, en", |t| t.parse().ok())
        });
        set(&mut self.population_on, patch.population_on.as_deref(), |text| {
            findings.value("population_on", text, A_DATE, parse_date)
        });
        for (field, number, given, allowed) in [
            (
                "interview_minutes",
                &mut self.interview_minutes,
                patch.interview_minutes,
                (5, LONGEST_INTERVIEW),
            ),
            ("slot_step_minutes", &mut self.slot_step_minutes, patch.slot_step_minutes, (5, 240)),
            ("buffer_minutes", &mut self.buffer_minutes, patch.buffer_minutes, (0, 240)),
            ("min_notice_minutes", &mut self.min_notice_minutes, patch.min_notice_minutes, (0, 43_200)),
            ("move_notice_minutes", &mut self.move_notice_minutes, patch.move_notice_minutes, (0, 43_200)),
            (
                "cancel_notice_minutes",
                &mut self.cancel_notice_minutes,
                patch.cancel_notice_minutes,
                (0, 43_200),
            ),
            ("horizon_days", &mut self.horizon_days, patch.horizon_days, (1, 730)),
            ("max_reminders", &mut self.max_reminders, patch.max_reminders, (0, 10)),
            ("min_reminder_days", &mut self.min_reminder_days, patch.min_reminder_days, (1, 60)),
        ] {
            set(number, given, |given| findings.range(field, given, allowed));
        }
        edit_text(&mut self.window_from, &patch.window_from, |text| {
            findings.value("window_from", text, A_DATE, parse_date)
        });
        edit_text(&mut self.window_until, &patch.window_until, |text| {
            findings.value("window_until", text, A_DATE, parse_date)
        });
        if self.window_from.zip(self.window_until).is_some_and(|(from, until)| until < from) {
            findings.add("window_until", FieldCode::Order);
        }
        set(&mut self.modes, patch.modes.as_ref(), |modes| read_modes(modes, findings));
        edit_text(&mut self.teams_link, &patch.teams_link, |text| {
            let link = meeting_link(text);
            link.map_err(|code| findings.refuse("teams_link", code, MEETING_LINK_LIMIT)).ok()
        });
        set(&mut self.teams_link_source, patch.teams_link_source.as_deref(), |text| {
            findings.value("teams_link_source", text, "fixed, pasted, graph", |t| t.parse().ok())
        });
        edit_text(&mut self.ethics, &patch.ethics, |text| {
            findings.prose("ethics", text);
            Some(text.to_owned())
        });
        edit(&mut self.max_per_day, &patch.max_per_day, |number| {
            findings.range("max_per_day", *number, (1, 50))
        });
        self.apply_reminders(patch, findings);
        edit(&mut self.max_per_week, &patch.max_per_week, |number| {
            findings.range("max_per_week", *number, (1, 200))
        });
        set(&mut self.public_holidays, patch.public_holidays, Some);
    }
}

const A_DATE: &str = "YYYY-MM-DD";

fn set<T, G>(field: &mut T, given: Option<G>, read: impl FnOnce(G) -> Option<T>) {
    if let Some(value) = given.and_then(read) {
        *field = value;
    }
}

fn edit<T, G>(field: &mut Option<T>, edit: &Edit<G>, read: impl FnOnce(&G) -> Option<T>) {
    match edit {
        Edit::Keep => {}
        Edit::Clear => *field = None,
        Edit::Set(given) => *field = read(given).or(field.take()),
    }
}

/// As [`edit`], where empty text, as a form sends it, clears the field.
fn edit_text<T>(field: &mut Option<T>, given: &Edit<String>, read: impl FnOnce(&str) -> Option<T>) {
    match given {
        Edit::Set(text) if text.trim().is_empty() => *field = None,
        _ => edit(field, given, |text| read(text)),
    }
}

/// The modes in their usual order.
fn read_modes(given: &[String], findings: &mut Findings) -> Option<Vec<Mode>> {
    if given.is_empty() {
        findings.add("modes", FieldCode::Required);
        return None;
    }
    let mut modes = Vec::new();
    for (i, text) in given.iter().enumerate().take(Mode::ALL.len() + 1) {
        let field = format!("modes.{i}");
        match findings.value(field.as_str(), text, "teams, in_person", |t| t.parse::<Mode>().ok()) {
            Some(mode) if modes.contains(&mode) => findings.add(field, FieldCode::Duplicate),
            mode => modes.extend(mode),
        }
    }
    modes.sort_unstable();
    Some(modes)
}

#[cfg(test)]
mod tests;
