//! The interviews of a study: the list, one interview, and giving it another time.

use chrono::NaiveTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::{Choice, Desk, Section, desk, desk_of_reader};
use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::meeting::MeetingProblem;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::{Venue, When};
use crate::words::pages::Sample;
use crate::words::pages::respondent::{Meeting, Slot, SlotDay};
use crate::words::pages::shared::FieldMessage;
use crate::words::{dates, word};

/// Tuesday 2 March 2027, 10:00 in Amsterdam.
const START: Instant = Instant::from_unix(1_803_978_000);
const ZONE: Tz = Tz::Europe__Amsterdam;

/// An interview in a list.
#[derive(Debug, Clone, Serialize)]
pub struct InterviewRow {
    /// The interview's page.
    pub href: String,
    /// The respondent's code.
    pub code: String,
    /// The respondent's name, for those who may see it.
    pub name: Option<String>,
    /// The municipality.
    pub municipality: String,
    /// The day and time in one: `di 2 mrt 2027, 10.00`.
    pub at: String,
    /// How it is held.
    pub mode: Mode,
    /// Whether it is online and has no link yet.
    pub link_missing: bool,
    /// `booked`, `cancelled`, `held` or `no_show`.
    pub status: String,
}

/// The interviews of a study.
#[derive(Debug, Clone, Serialize)]
pub struct InterviewList {
    /// What surrounds it.
    pub desk: Desk,
    /// Those to come, soonest first.
    pub upcoming: Vec<InterviewRow>,
    /// The next page of those to come.
    pub later: Option<String>,
    /// Those past or called off, latest first.
    pub past: Vec<InterviewRow>,
    /// The next page of the past ones.
    pub next: Option<String>,
    /// The first page, unless this is it.
    pub first: Option<String>,
}

/// One interview. Posts to `{base}/held`, `{base}/no-show`, `{base}/cancel` (`reason`), `{base}/join-link`
/// (`join_link`), `{base}/second-interviewer` (`second_interviewer`) and `{base}/meetings/retry`.
#[derive(Debug, Clone, Serialize)]
pub struct InterviewDetail {
    /// What surrounds it.
    pub desk: Desk,
    /// `/interviews/{id}`.
    pub base: String,
    /// The respondent's page.
    pub respondent: Option<String>,
    /// The respondent's code.
    pub code: String,
    /// The respondent's name, for those who may see it.
    pub name: Option<String>,
    /// The municipality.
    pub municipality: String,
    /// The interviewer's name.
    pub interviewer: String,
    /// The second interviewer's name.
    pub second: Option<String>,
    /// Who can be the second interviewer.
    pub seconds: Vec<Choice>,
    /// Who is chosen as such; empty for nobody.
    pub second_chosen: String,
    /// When and where.
    pub meeting: Meeting,
    /// `booked`, `cancelled`, `held` or `no_show`.
    pub status: String,
    /// Why it was called off, if it was said.
    pub reason: Option<String>,
    /// The reason for calling it off as it was typed.
    pub cancel_reason: String,
    /// The meetings that Microsoft makes for it, but for those that are gone as they should be.
    pub meetings: Vec<MeetingRow>,
    /// What was answered in calendars to the invite.
    pub answers: Vec<AnswerRow>,
    /// Who made the appointment for the respondent, for those who may know.
    pub delegate: Option<String>,
    /// Its reminders: the letters that were made, then those to come.
    pub reminders: Vec<ReminderRow>,
    /// Whether it has begun, so that it can be closed.
    pub begun: bool,
    /// The join link as it was typed.
    pub join_link: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// A meeting that Microsoft makes, moves or ends. `{base}/meetings/retry` asks for it again.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingRow {
    /// `made` or `gone`.
    pub wanted: String,
    /// `waiting`, `settled` or `failed`.
    pub state: String,
    /// Why it is not as it is wanted: a name of [`crate::domain::meeting::MeetingProblem`].
    pub problem: Option<String>,
    /// When it is asked for next: `2 mrt 2027, 10.00`.
    pub next: Option<String>,
}

/// An answer in a calendar to the invite.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerRow {
    /// Whose it is: `respondent`, `delegate`, `researcher` or `second_interviewer`.
    pub of: String,
    /// `accepted`, `declined`, `tentative` or `delegated`.
    pub attendance: String,
    /// Whether it answers to an earlier time than the interview has.
    pub earlier: bool,
    /// When it came in.
    pub at: String,
    /// What was written beside it, for those who may see it.
    pub comment: Option<String>,
}

/// A reminder of an interview.
#[derive(Debug, Clone, Serialize)]
pub struct ReminderRow {
    /// When it goes or went: `2 mrt 2027, 10.00`.
    pub at: String,
    /// How long before the start: `1 dag ervoor`.
    pub lead: String,
    /// To whom: `respondent`, `interviewer` or `both`.
    pub to: String,
    /// The state of its letter; `None` of one that is to come.
    pub state: Option<String>,
}

/// Another time for an interview. Posts `mode`, `starts_at` and `place` to `{base}/reschedule`.
#[derive(Debug, Clone, Serialize)]
pub struct Replan {
    /// What surrounds it.
    pub desk: Desk,
    /// `/interviews/{id}`.
    pub base: String,
    /// The respondent's code.
    pub code: String,
    /// When and where it is now.
    pub meeting: Meeting,
    /// The ways that the study offers.
    pub modes: Vec<Mode>,
    /// The mode that is chosen.
    pub mode: Mode,
    /// The address, where it is held in person.
    pub place: String,
    /// The days that are shown.
    pub range: String,
    /// The days with free times.
    pub days: Vec<SlotDay>,
    /// The name of the zone.
    pub zone: String,
    /// The page of earlier days.
    pub earlier: Option<String>,
    /// The page of later days.
    pub later: Option<String>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
    /// A refusal of the whole form.
    pub problem: Option<String>,
}

impl InterviewRow {
    pub(super) fn sample(_: Language, code: &str) -> Self {
        Self {
            href: "/interviews/1".to_owned(),
            code: code.to_owned(),
            name: Some("Sanne de Vries".to_owned()),
            municipality: "’s-Hertogenbosch".to_owned(),
            at: "di 2 mrt 2027, 10.00".to_owned(),
            mode: Mode::Teams,
            link_missing: code == "R02",
            status: "booked".to_owned(),
        }
    }
}

fn meeting(language: Language, mode: Mode, join_link: Option<&str>) -> Meeting {
    Meeting {
        when: When::new(language, ZONE, START, START.plus_minutes(60)),
        venue: Venue {
            mode,
            place: (mode == Mode::InPerson).then(|| word(language, "sample.town_hall")),
            join_link: join_link.map(ToOwned::to_owned),
        },
    }
}

impl Sample for InterviewList {
    fn samples(language: Language) -> Vec<Self> {
        let past = |code: &str, status: &str| InterviewRow {
            status: status.to_owned(),
            mode: Mode::InPerson,
            ..InterviewRow::sample(language, code)
        };
        let full = Self {
            desk: desk(Some(Section::Interviews), "/interviews"),
            upcoming: vec![InterviewRow::sample(language, "R07"), InterviewRow::sample(language, "R02")],
            later: Some("/x".to_owned()),
            past: vec![past("R03", "held"), past("R09", "no_show"), past("R05", "cancelled")],
            next: Some("/x".to_owned()),
            first: Some("/x".to_owned()),
        };
        let empty = Self {
            upcoming: Vec::new(),
            later: None,
            past: Vec::new(),
            next: None,
            first: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl MeetingRow {
    fn sample(wanted: &str, problem: MeetingProblem) -> Self {
        let state = if problem.is_final() { "failed" } else { "waiting" };
        Self {
            wanted: wanted.to_owned(),
            state: state.to_owned(),
            problem: Some(problem.to_string()),
            next: (!problem.is_final()).then(|| "2 mrt 2027, 10.00".to_owned()),
        }
    }

    /// Every trouble, one that is only just asked for, and one that stands.
    fn samples() -> Vec<Self> {
        let troubles = MeetingProblem::ALL.iter().enumerate();
        let sample = |(at, problem): (usize, &MeetingProblem)| {
            Self::sample(if at % 2 == 0 { "made" } else { "gone" }, *problem)
        };
        let bare = |state: &str| Self {
            state: state.to_owned(),
            problem: None,
            next: None,
            ..Self::sample("made", MeetingProblem::NoLink)
        };
        troubles.map(sample).chain([bare("waiting"), bare("settled")]).collect()
    }
}

impl Sample for InterviewDetail {
    fn samples(language: Language) -> Vec<Self> {
        let reminder = |minutes: i32, to: &str, state: Option<&str>| ReminderRow {
            at: dates::stamp(language, ZONE, START.plus_minutes(-i64::from(minutes))),
            lead: dates::lead(language, minutes),
            to: to.to_owned(),
            state: state.map(ToOwned::to_owned),
        };
        let answer = |of: &str, attendance: &str, earlier: bool| AnswerRow {
            of: of.to_owned(),
            attendance: attendance.to_owned(),
            earlier,
            at: dates::stamp(language, ZONE, START.plus_days(-9)),
            comment: earlier.then(|| "Graag tot dan".to_owned()),
        };
        let booked = Self {
            desk: desk(Some(Section::Interviews), "/interviews"),
            base: "/interviews/1".to_owned(),
            respondent: Some("/respondents/1".to_owned()),
            code: "R07".to_owned(),
            name: Some("Sanne de Vries".to_owned()),
            municipality: "’s-Hertogenbosch".to_owned(),
            interviewer: "Noor Verhoeven".to_owned(),
            second: None,
            seconds: vec![Choice { value: "1".to_owned(), label: "Bram Janssen".to_owned() }],
            second_chosen: String::new(),
            meeting: meeting(language, Mode::Teams, None),
            status: "booked".to_owned(),
            reason: None,
            cancel_reason: String::new(),
            meetings: vec![MeetingRow::sample("made", MeetingProblem::NoLink)],
            answers: vec![
                answer("respondent", "declined", false),
                answer("respondent", "accepted", true),
                answer("researcher", "tentative", false),
                answer("second_interviewer", "delegated", false),
                answer("delegate", "accepted", false),
            ],
            delegate: Some("Joke Smit (j.smit@example.org)".to_owned()),
            reminders: vec![
                reminder(10_080, "respondent", Some("sent")),
                reminder(10_080, "interviewer", Some("failed")),
                reminder(1_440, "both", None),
            ],
            begun: false,
            join_link: "teams.example.org".to_owned(),
            errors: FieldMessage::all(language, &[FieldProblem::new("join_link", FieldCode::Value)]),
        };
        let begun = Self {
            begun: true,
            second: Some("Bram Janssen".to_owned()),
            second_chosen: "1".to_owned(),
            join_link: "https://teams.example.org/l/meetup-join/19".to_owned(),
            meeting: meeting(language, Mode::Teams, Some("https://teams.example.org/l/meetup-join/19")),
            errors: Vec::new(),
            meetings: MeetingRow::samples(),
            ..booked.clone()
        };
        let state = |status: &str, reason: Option<&str>| Self {
            status: status.to_owned(),
            reason: reason.map(ToOwned::to_owned),
            meeting: meeting(language, Mode::InPerson, None),
            answers: Vec::new(),
            delegate: None,
            reminders: Vec::new(),
            meetings: Vec::new(),
            ..begun.clone()
        };
        let cancelled = Self {
            meetings: vec![MeetingRow::sample("gone", MeetingProblem::NoAnswer)],
            ..state("cancelled", Some("Ziek"))
        };
        let looked_at = Self {
            desk: desk_of_reader(Section::Interviews, "/interviews"),
            name: None,
            ..state("held", None)
        };
        vec![booked, begun.clone(), state("held", None), state("no_show", None), cancelled, looked_at]
    }
}

impl Sample for Replan {
    fn samples(language: Language) -> Vec<Self> {
        let slot =
            |label: &str, chosen| Slot { starts_at: START.to_string(), label: label.to_owned(), chosen };
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let slots = vec![
            (at(10, 0), slot("10.00", true)),
            (at(10, 15), slot("10.15", false)),
            (at(13, 0), slot("13.00", false)),
        ];
        let days = vec![SlotDay::new(word(language, "sample.day"), slots)];
        let page = |days, mode, problems: &[FieldProblem]| Self {
            desk: desk(Some(Section::Interviews), "/interviews"),
            base: "/interviews/1".to_owned(),
            code: "R07".to_owned(),
            meeting: meeting(language, Mode::Teams, None),
            modes: Mode::ALL.to_vec(),
            mode,
            place: String::new(),
            range: "1 – 7 mrt 2027".to_owned(),
            days,
            zone: "Europe/Amsterdam".to_owned(),
            earlier: None,
            later: Some("/x".to_owned()),
            errors: FieldMessage::all(language, problems),
            problem: None,
        };
        let homeless = [FieldProblem::new("place", FieldCode::Required)];
        vec![page(days, Mode::InPerson, &homeless), page(Vec::new(), Mode::Teams, &[])]
    }
}
