//! The hours in which an interviewer's interviews can be booked.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Choice, Desk, Section, desk};
use crate::domain::holiday::Holiday;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::{dates, word};

/// A stretch of a weekday, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleRow {
    /// `mon` to `sun`, or empty.
    pub weekday: String,
    /// `09:00`, or empty.
    pub from: String,
    /// `12:00`, or empty.
    pub until: String,
}

/// A day that differs from its week, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExceptionRow {
    /// `2027-03-02`, or empty.
    pub date: String,
    /// Whether it is open then; else closed.
    pub open: bool,
    /// `09:00`, or empty for a closed day as a whole.
    pub from: String,
    /// `12:00`, or empty.
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

/// The time that the reader keeps free in all their studies. Posts `from_date`, `from_time`, `until_date`, `until_time` to
/// `{base}/availability/blocks`, of which the times may be empty, and to `…/blocks/{id}/remove`.
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
}

/// The way to one municipality, as it is typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WayRow {
    /// The municipality, or empty.
    pub municipality: String,
    /// Minutes, or empty.
    pub minutes: String,
}

/// The hours of one interviewer. Posts `interviewer`, for each rule `rules.N.weekday`, `rules.N.from`, `rules.N.until`
/// and for each exception `exceptions.N.date`, `.open` (`true` or `false`), `.from`, `.until` to
/// `{base}/availability`; empty rows are left out, and `act=more` asks for more empty ones.
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
    /// The weekly hours, with empty rows at the end to be filled in.
    pub rules: Vec<RuleRow>,
    /// The exceptions, with empty rows at the end to be filled in.
    pub exceptions: Vec<ExceptionRow>,
    /// The holidays ahead, where the study keeps them.
    pub holidays: Option<Vec<HolidayRow>>,
    /// The time that the reader keeps free everywhere; `None` on the page of somebody else.
    pub blocks: Option<BlockForm>,
    /// How long the interviewer is on the way, where the study has interviews in person.
    pub travel: Option<TravelForm>,
    /// How many times can be booked in the coming two weeks.
    pub free: u64,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for AvailabilityForm {
    fn samples(language: Language) -> Vec<Self> {
        let rule = |weekday: &str, from: &str, until: &str| RuleRow {
            weekday: weekday.to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let exception = |date: &str, open, from: &str, until: &str| ExceptionRow {
            date: date.to_owned(),
            open,
            from: from.to_owned(),
            until: until.to_owned(),
        };
        let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
        let way = |municipality: &str, minutes: &str| WayRow {
            municipality: municipality.to_owned(),
            minutes: minutes.to_owned(),
        };
        let holidays = Holiday::between(
            NaiveDate::from_ymd_opt(2027, 3, 1).unwrap_or_default(),
            NaiveDate::from_ymd_opt(2028, 2, 28).unwrap_or_default(),
        );
        let holiday = |(date, holiday)| HolidayRow {
            date: dates::date(language, date),
            name: HolidayRow::name(language, holiday),
        };
        let full = Self {
            desk: desk(Some(Section::Availability), "/availability"),
            interviewers: vec![choice("1", "Noor Verhoeven"), choice("2", "Bram Janssen")],
            interviewer: "1".to_owned(),
            time_zone: "Europe/Amsterdam".to_owned(),
            rules: vec![
                rule("mon", "09:00", "12:00"),
                rule("tue", "09:00", "12:00"),
                rule("thu", "13:00", "17:00"),
                RuleRow::default(),
            ],
            exceptions: vec![
                exception("2027-03-29", false, "", ""),
                exception("2027-03-31", true, "18:00", "20:00"),
                ExceptionRow::default(),
            ],
            holidays: Some(holidays.into_iter().map(holiday).collect()),
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
            }),
            free: 42,
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("rules.1.until", FieldCode::Order),
            FieldProblem::new("exceptions.0.date", FieldCode::Duplicate),
            FieldProblem::new("minutes", FieldCode::Required),
            FieldProblem::new("until_date", FieldCode::Order),
            FieldProblem::new("municipalities.1.municipality", FieldCode::MunicipalityUnknown),
        ];
        let refused = Self {
            interviewers: vec![choice("1", "Noor Verhoeven")],
            free: 0,
            errors: FieldMessage::all(language, &problems),
            ..full.clone()
        };
        let online = Self { holidays: None, blocks: None, travel: None, ..full.clone() };
        vec![full, refused, online]
    }
}
