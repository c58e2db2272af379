//! A moment that is asked for, and why it can't be had: what booking and moving share before letters leave.

use chrono_tz::Tz;
use serde_json::json;

use crate::clock::Instant;
use crate::domain::availability::{WallTime, moment_at};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::id::UserId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::why_not::WhyNot;
use crate::web::api::interviews::MODES;
use crate::web::input::{self, Fault, Fields};
use crate::web::query::Query;
use crate::words::letters::Venue;
use crate::words::pages::researcher::{Refused, VerdictRow, WhyNotAnswer};
use crate::words::{dates, phrase};

/// The names under which a moment is asked for.
pub const NAMES: [&str; 6] = ["starts_at", "date", "time", "mode", "place", "interviewer"];

/// When, how, where and with whom.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// When.
    pub at: Instant,
    /// How.
    pub mode: Option<Mode>,
    /// Where, in person.
    pub place: Option<String>,
    /// With whom.
    pub interviewer: Option<UserId>,
}

/// Reads a moment: as such in `starts_at`, or as `date` and `time` in a zone.
pub fn wanted(fields: &mut Fields, query: &Query, zone: Tz) -> Option<Wanted> {
    let at = if query.text("starts_at").is_empty() {
        let date = fields.required("date", input::date);
        let time = fields.required("time", wall_time);
        let at = date.zip(time).map(|(date, time)| moment_at(zone, date, time));
        if at == Some(None) {
            fields.note("time", FieldProblem::new("", FieldCode::Skipped));
        }
        at.flatten()
    } else {
        fields.required("starts_at", input::instant)
    };
    let mode = fields.optional("mode", input::word::<Mode>(MODES));
    let place = fields.optional("place", input::line).filter(|_| mode != Some(Mode::Teams));
    let interviewer = fields.optional("interviewer", input::id);
    Some(Wanted { at: at?, mode, place, interviewer })
}

/// Reads a time of the day.
pub fn wall_time(value: &serde_json::Value) -> Result<WallTime, Fault> {
    let wrong = || FieldProblem::new("", FieldCode::Value).with("allowed", "00:00–24:00");
    input::raw(value)?.trim().parse::<WallTime>().map_err(|()| wrong())
}

/// The date and time of a moment as fields of a form hold them.
pub fn typed(query: &Query, zone: Tz) -> (String, String) {
    match Instant::parse(&query.text("starts_at")) {
        Some(at) => fields_of(zone, at),
        None => (query.text("date"), query.text("time")),
    }
}

/// A moment as the fields of a form hold it.
pub fn fields_of(zone: Tz, at: Instant) -> (String, String) {
    let local = at.utc().with_timezone(&zone);
    (local.format("%Y-%m-%d").to_string(), local.format("%H:%M").to_string())
}

/// Where an interview would be: the address that was typed, or the town hall.
pub fn venue(language: Language, mode: Mode, place: Option<&str>, municipality: &str) -> Venue {
    let town_hall = || phrase(language, "invite.town_hall", &json!({ "municipality": municipality }));
    let place = (mode == Mode::InPerson).then(|| place.map_or_else(town_hall, str::to_owned));
    Venue { mode, place, join_link: None }
}

/// A refusal in sentences of its own.
pub fn refused(language: Language, zone: Tz, at: Instant, obstacles: Vec<String>) -> Refused {
    Refused { at: dates::moment(language, zone, at), obstacles, rows: Vec::new() }
}

/// Demands that whoever is asked for plans interviews, and may hold this one.
///
/// # Errors
/// A problem with the field `interviewer`.
pub fn demand_planner(found: &WhyNot, with: Option<UserId>) -> Outcome<()> {
    let is_one = |who: UserId| found.interviewers.iter().any(|verdict| verdict.interviewer == who);
    if with.is_none_or(is_one) {
        Ok(())
    } else {
        Err(Problem::field("interviewer", FieldCode::UnknownReference))
    }
}

/// Why a moment can't be had with somebody, or with anybody; `None` where it can.
pub fn refusal(language: Language, zone: Tz, found: WhyNot, with: Option<UserId>) -> Option<Refused> {
    let asked: Vec<_> =
        found.interviewers.into_iter().filter(|v| with.is_none_or(|who| v.interviewer == who)).collect();
    if found.obstacles.is_empty() && asked.iter().any(|verdict| verdict.free) {
        return None;
    }
    let obstacles = found.obstacles.iter().map(|each| WhyNotAnswer::obstacle(language, each.as_str()));
    let rows = asked.into_iter().map(|verdict| VerdictRow::new(language, verdict.name, &verdict.reasons));
    Some(Refused {
        at: dates::moment(language, zone, found.starts_at),
        obstacles: obstacles.collect(),
        rows: rows.collect(),
    })
}
