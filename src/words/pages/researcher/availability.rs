//! The hours in which an interviewer's interviews can be booked.

use std::iter;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{Choice, Desk, Section, desk};
use crate::domain::availability::Weekday;
use crate::domain::holiday::Holiday;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::{FieldMessage, Seen};
use crate::words::{dates, phrase, sentences, word};

/// A stretch of a day, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RangeRow {
    /// `09:00`, or empty.
    pub from: String,
    /// `12:00`, or empty.
    pub until: String,
}

/// A day of the week with its hours, as they are typed.
#[derive(Debug, Clone, Serialize)]
pub struct DayRow {
    /// Which day.
    pub weekday: Weekday,
    /// Its hours, with room at the end to fill in more.
    pub ranges: Vec<RangeRow>,
}

impl DayRow {
    /// What was wrong on the page of hours; what stands at a day bears its name.
    #[must_use]
    pub fn messages(language: Language, problems: &[FieldProblem]) -> Vec<FieldMessage> {
        let days = sentences(language, "date.weekdays");
        let named = |message: FieldMessage| {
            let (first, _) = message.field.split_once('.').unwrap_or_default();
            let day = Weekday::ALL.iter().zip(&days).find(|(weekday, _)| weekday.as_str() == first);
            let label = day.map(|(_, name)| name.clone()).or(message.label);
            FieldMessage { label, ..message }
        };
        FieldMessage::all(language, problems).into_iter().map(named).collect()
    }

    /// The days of a week that is held which differ from one that was typed, a line each.
    #[must_use]
    pub fn differing(language: Language, held: &[Self], typed: &[Self]) -> Vec<String> {
        let hours = |day: &Self| -> Vec<RangeRow> {
            day.ranges.iter().filter(|range| **range != RangeRow::default()).cloned().collect()
        };
        let told = |(day, name): (&Self, String)| {
            let typed = typed.iter().find(|typed| typed.weekday == day.weekday).map(hours);
            let held = hours(day);
            let ranges = held.iter().map(|range| phrase(language, "availability.range", &json!(range)));
            let value = match ranges.collect::<Vec<_>>().join(", ") {
                none if none.is_empty() => word(language, "availability.closed"),
                hours => hours,
            };
            let line = || phrase(language, "form.now_line", &json!({ "label": name, "value": value }));
            (typed != Some(held)).then(line)
        };
        held.iter().zip(sentences(language, "date.weekdays")).filter_map(told).collect()
    }
}

/// The dates that differ from the weekly hours. Posts `interviewer`, `date`, `open` (`true` or `false`), `from` and
/// `until` to `{base}/availability/exceptions`, of which the times may be empty for a closed day, and the same of one
/// that is kept to `…/exceptions/remove`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExceptionForm {
    /// Those of today and later.
    pub ahead: Vec<ExceptionRow>,
    /// Those that have passed.
    pub past: Vec<ExceptionRow>,
    /// The date as it was typed.
    pub date: String,
    /// Whether hours are opened; else closed.
    pub open: bool,
    /// From when, as it was typed.
    pub from: String,
    /// Until when, as it was typed.
    pub until: String,
}

/// A date that differs from the weekly hours.
#[derive(Debug, Clone, Serialize)]
pub struct ExceptionRow {
    /// The date in full.
    pub day: String,
    /// `2027-03-02`.
    pub date: String,
    /// Whether hours are opened; else closed.
    pub open: bool,
    /// `09:00`, or empty for the whole day.
    pub from: String,
    /// `12:00`, or empty for the whole day.
    pub until: String,
}

/// A public holiday on which the weekly hours are closed.
#[derive(Debug, Clone, Serialize)]
pub struct HolidayRow {
    /// The date in full.
    pub date: String,
    /// What it is called.
    pub name: String,
}

impl HolidayRow {
    /// What a holiday is called.
    #[must_use]
    pub fn name(language: Language, holiday: Holiday) -> String {
        word(language, &format!("holiday.{}", holiday.as_str()))
    }
}

/// The time that the reader keeps free in all their studies. Posts `from_date`, `from_time`, `until_date`, `until_time`
/// to `{base}/availability/blocks`, of which the times may be empty, and to `…/blocks/{id}/remove`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BlockForm {
    /// What is kept free.
    pub kept: Vec<BlockRow>,
    /// The first date as it was typed.
    pub from_date: String,
    /// The time of it as it was typed.
    pub from_time: String,
    /// The last date as it was typed.
    pub until_date: String,
    /// The time of it as it was typed.
    pub until_time: String,
}

/// A stretch that is kept free.
#[derive(Debug, Clone, Serialize)]
pub struct BlockRow {
    /// Its id.
    pub id: String,
    /// When it begins, in full.
    pub from: String,
    /// When it has ended, in full.
    pub until: String,
}

/// How long the interviewer is on the way. Posts `interviewer`, `minutes` and for each municipality
/// `municipalities.N.municipality` and `.minutes` to `{base}/availability/travel`; empty rows are left out, and
/// `act=more` asks for more empty ones.
#[derive(Debug, Clone, Serialize)]
pub struct TravelForm {
    /// Minutes to any municipality that is not named, as they are typed.
    pub minutes: String,
    /// Those that are named, with empty rows at the end to be filled in.
    pub rows: Vec<WayRow>,
    /// What the form was opened with.
    pub seen: Seen,
    /// Whether something was typed that is not kept yet.
    pub unsaved: bool,
}

impl TravelForm {
    /// The ways in plain lines, for whoever saw others.
    #[must_use]
    pub fn told(&self, language: Language) -> Vec<String> {
        let line = |label: &str, minutes: &str| {
            phrase(language, "form.now_line", &json!({ "label": label, "value": minutes }))
        };
        let usual = line(&word(language, "label.minutes"), &self.minutes);
        let ways = self.rows.iter().filter(|way| !way.municipality.is_empty());
        iter::once(usual).chain(ways.map(|way| line(&way.municipality, &way.minutes))).collect()
    }
}

/// The way to one municipality, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WayRow {
    /// The municipality, or empty.
    pub municipality: String,
    /// Minutes, or empty.
    pub minutes: String,
}

/// What a study says about everybody's times.
#[derive(Debug, Clone, Serialize)]
pub struct StudyTimes {
    /// Minutes of an interview.
    pub interview_minutes: i32,
    /// Minutes of rest after it.
    pub buffer_minutes: i32,
    /// The most interviews per day.
    pub max_per_day: Option<i32>,
    /// The most interviews per week.
    pub max_per_week: Option<i32>,
    /// The holidays ahead, where the study keeps them.
    pub holidays: Option<Vec<HolidayRow>>,
}

/// The hours of one interviewer. The week posts `interviewer` and `<weekday>.N.from` and `.until` to
/// `{base}/availability`; what is empty is left out. `act=more` asks for more room on each day, `act=workdays` for the
/// hours of Monday on the other working days too.
#[derive(Debug, Clone, Serialize)]
pub struct AvailabilityForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The interviewers whose hours the reader may change; fewer than two are not offered as a choice.
    pub interviewers: Vec<Choice>,
    /// The id of the interviewer whose hours are shown.
    pub interviewer: String,
    /// The zone that the times are in.
    pub time_zone: String,
    /// The seven days of a week.
    pub week: Vec<DayRow>,
    /// What the week was opened with.
    pub seen: Seen,
    /// The dates that differ.
    pub exceptions: ExceptionForm,
    /// What holds for everybody in the study.
    pub study: StudyTimes,
    /// The time that the reader keeps free everywhere; `None` on the page of somebody else.
    pub blocks: Option<BlockForm>,
    /// How long the interviewer is on the way, where the study has interviews in person.
    pub travel: Option<TravelForm>,
    /// How many times can be booked in the coming two weeks.
    pub free: u64,
    /// Whether a week was typed that is not kept yet.
    pub unsaved: bool,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for AvailabilityForm {
    fn samples(language: Language) -> Vec<Self> {
        let range = |from: &str, until: &str| RangeRow { from: from.to_owned(), until: until.to_owned() };
        let date = |day: u32| NaiveDate::from_ymd_opt(2027, 3, day).unwrap_or_default();
        let exception = |day: u32, open, from: &str, until: &str| ExceptionRow {
            day: dates::date(language, date(day)),
            date: date(day).to_string(),
            open,
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let hours = |weekday| match weekday {
            Weekday::Mon | Weekday::Thu => vec![range("09:00", "12:00"), range("13:00", "17:00")],
            Weekday::Tue => vec![range("09:00", "12:00"), RangeRow::default()],
            _ => vec![RangeRow::default(); 2],
        };
        let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
        let way = |municipality: &str, minutes: &str| WayRow {
            municipality: municipality.to_owned(),
            minutes: minutes.to_owned(),
        };
        let year_on = NaiveDate::from_ymd_opt(2028, 2, 28).unwrap_or_default();
        let holidays = Holiday::between(date(1), year_on);
        let holiday = |(date, holiday)| HolidayRow {
            date: dates::date(language, date),
            name: HolidayRow::name(language, holiday),
        };
        let full = Self {
            desk: desk(Some(Section::Availability), "/availability"),
            interviewers: vec![choice("1", "Noor Verhoeven"), choice("2", "Bram Janssen")],
            interviewer: "1".to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            week: Weekday::ALL.map(|weekday| DayRow { weekday, ranges: hours(weekday) }).to_vec(),
            seen: Seen::default(),
            exceptions: ExceptionForm {
                ahead: vec![
                    exception(29, false, "", ""),
                    exception(30, false, "12:00", "13:00"),
                    exception(31, true, "18:00", "20:00"),
                ],
                past: vec![exception(1, false, "", "")],
                ..ExceptionForm::default()
            },
            study: StudyTimes {
                interview_minutes: 60,
                buffer_minutes: 15,
                max_per_day: Some(3),
                max_per_week: None,
                holidays: Some(holidays.into_iter().map(holiday).collect()),
            },
            blocks: Some(BlockForm {
                kept: vec![BlockRow {
                    id: "1".to_owned(),
                    from: "maandag 8 maart 2027, 00.00 uur".to_owned(),
                    until: "zaterdag 13 maart 2027, 00.00 uur".to_owned(),
                }],
                ..BlockForm::default()
            }),
            travel: Some(TravelForm {
                minutes: "45".to_owned(),
                rows: vec![way("Enschede", "10"), way("Maastricht", "180"), WayRow::default()],
                seen: Seen::default(),
                unsaved: false,
            }),
            free: 42,
            unsaved: false,
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("tue.0.until", FieldCode::Order),
            FieldProblem::new("date", FieldCode::Value),
            FieldProblem::new("minutes", FieldCode::Required),
            FieldProblem::new("until_date", FieldCode::Order),
            FieldProblem::new("municipalities.1.municipality", FieldCode::MunicipalityUnknown),
        ];
        let refused = Self {
            interviewers: vec![choice("1", "Noor Verhoeven")],
            free: 0,
            errors: DayRow::messages(language, &problems),
            ..full.clone()
        };
        let study = StudyTimes { holidays: None, max_per_day: None, ..full.study.clone() };
        let online = Self {
            exceptions: ExceptionForm::default(),
            study,
            blocks: None,
            travel: None,
            unsaved: true,
            ..full.clone()
        };
        let closed = [DayRow { weekday: Weekday::Mon, ranges: Vec::new() }];
        let now = Some(DayRow::differing(language, &full.week, &closed));
        let overtaken = Self { seen: Seen { now, ..Seen::default() }, ..full.clone() };
        let ways = full.travel.clone().map(|form| {
            let now = Some(form.told(language));
            TravelForm { seen: Seen { now, ..Seen::default() }, ..form }
        });
        let overtaken_on_the_way = Self { travel: ways, ..full.clone() };
        vec![full, refused, online, overtaken, overtaken_on_the_way]
    }
}
