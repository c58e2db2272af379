//! A week or a day of a study's agenda: for each interviewer the hours, the interviews, and what else takes their time.
//!
//! Respondents stand here by their codes. What takes an interviewer's time in another study, and what a colleague keeps
//! free, is only told to be taken. The number of statements does not grow with the interviewers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::agenda::{Sheet, openings};
use crate::domain::availability::{Hours, day_begins};
use crate::domain::holiday::Holiday;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::id::{BlockId, InterviewId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::agenda::days::{self, Appointment, Guarded, Kept};
use crate::store::blocks::Block;
use crate::store::studies::{self, StudyRow};
use crate::store::{Tx, availability, busy_times, members, municipalities};

/// Some days of the agenda of a study.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Agenda)]
pub struct Days {
    /// The number of the week of ISO 8601.
    pub week: u32,
    /// The zone of the dates.
    pub time_zone: String,
    /// The days, in order.
    pub days: Vec<Day>,
    /// Whoever plans interviews in the study, in the order in which they joined; behind them others who hold one.
    pub interviewers: Vec<Diary>,
}

/// A day of the agenda.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = AgendaDay)]
pub struct Day {
    /// The date in the study's zone.
    pub date: NaiveDate,
    /// Its first moment.
    pub begins_at: Instant,
    /// The first moment after it: 23 or 25 hours later where the clock is set forward or back.
    pub ends_at: Instant,
    /// The public holiday that it is, where the study keeps them.
    pub holiday: Option<Holiday>,
    /// Whether it lies in the fieldwork.
    pub in_fieldwork: bool,
}

/// The days of one interviewer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AgendaInterviewer)]
pub struct Diary {
    /// Who.
    pub interviewer: UserId,
    /// Their name.
    pub name: String,
    /// Whether they plan interviews in the study still.
    pub plans: bool,
    /// When interviews may lie in their days, whatever is taken; in order.
    pub openings: Vec<Stretch>,
    /// What takes their time, by its beginning.
    pub entries: Vec<Entry>,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AgendaOpening)]
pub struct Stretch {
    /// When it begins.
    pub from: Instant,
    /// When it has ended.
    pub until: Instant,
}

/// What takes time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AgendaEntry)]
pub struct Entry {
    /// When it begins, without travel.
    pub from: Instant,
    /// When it has ended, without rest and travel.
    pub until: Instant,
    /// From when on the time is taken: travel included.
    pub taken_from: Instant,
    /// Until when the time is taken: rest and travel included.
    pub taken_until: Instant,
    /// What it is.
    pub what: What,
}

/// What an entry is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = AgendaEntryKind)]
pub enum What {
    /// An interview of this study.
    Interview {
        /// Its id.
        interview: InterviewId,
        /// The respondent's pseudonym.
        code: String,
        /// The municipality that they work for.
        municipality: String,
        /// How it is held.
        mode: Mode,
        /// What became of it.
        status: InterviewStatus,
        /// Whether it is planned online without a link to join it by.
        link_missing: bool,
    },
    /// Time that is kept for a respondent of this study while they fill in the form.
    Hold {
        /// How the interview would be held.
        mode: Mode,
        /// From this moment on it is no longer kept.
        kept_until: Instant,
    },
    /// Time that the caller keeps free.
    Block {
        /// Its id.
        block: BlockId,
    },
    /// Something of which no more is told.
    Busy,
}

/// The days of a sheet: of everybody, or of one who plans interviews in the study.
///
/// # Errors
/// Those of access; `unknown_reference` at `interviewer` for somebody else, [`Problem::RangeTooWide`] at the far ends
/// of time.
pub fn of(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    sheet: Sheet,
    interviewer: Option<UserId>,
    now: Instant,
) -> Outcome<Days> {
    members::require(tx, study, user, Right::View)?;
    let study = studies::get(tx, study)?;
    let zone = study.study.rules.time_zone;
    let span = sheet.bounds(zone).ok_or(Problem::RangeTooWide)?;
    let mut diaries = diaries(tx, &study, sheet)?;
    place(tx, &study, (span, now), &mut diaries, user)?;
    if let Some(wanted) = interviewer {
        diaries.retain(|diary| diary.interviewer == wanted);
        if diaries.is_empty() {
            return Err(Problem::field("interviewer", FieldCode::UnknownReference));
        }
    }
    Ok(Days {
        week: sheet.week(),
        time_zone: zone.name().to_owned(),
        days: sheet.dates().filter_map(|date| day(&study, date)).collect(),
        interviewers: diaries,
    })
}

fn day(study: &StudyRow, date: NaiveDate) -> Option<Day> {
    let rules = &study.study.rules;
    let begins = |date| day_begins(rules.time_zone, date);
    Some(Day {
        date,
        begins_at: begins(date)?,
        ends_at: begins(date.succ_opt()?)?,
        holiday: Holiday::on(date).filter(|_| rules.public_holidays),
        in_fieldwork: rules.timing().is_fieldwork(date),
    })
}

/// The hours of everybody who plans interviews.
fn diaries(tx: &mut Tx<'_>, study: &StudyRow, sheet: Sheet) -> Outcome<Vec<Diary>> {
    let timing = study.study.rules.timing();
    let hours = availability::of_study(tx, study.id)?.by_interviewer();
    let none = Hours::default();
    let team = members::of_study(tx, study.id)?.into_iter();
    let diary = |member: members::MemberItem| {
        let theirs = hours.get(&member.user).unwrap_or(&none);
        let open = sheet.dates().flat_map(|date| openings(theirs, &timing, date));
        Diary {
            interviewer: member.user,
            name: member.name,
            plans: true,
            openings: open.map(|(from, until)| Stretch { from, until }).collect(),
            entries: Vec::new(),
        }
    };
    Ok(team.filter(|member| member.role.may(Right::PlanSelf)).map(diary).collect())
}

/// Puts in its diary what lies in a stretch of time. Who planned interviews once and still holds one gets a diary too.
fn place(
    tx: &mut Tx<'_>,
    study: &StudyRow,
    (span, now): ((Instant, Instant), Instant),
    diaries: &mut Vec<Diary>,
    user: UserId,
) -> Outcome<()> {
    let places = municipalities::places(tx)?;
    let appointments = days::appointments(tx, study.id, span)?;
    let guarded = days::guarded(tx, study.id, span, now)?;
    let blocked = days::blocked(tx, study.id, span)?;
    let (of_interviews, others): (Vec<&Guarded>, Vec<&Guarded>) = guarded.iter().partition(|taken| {
        let is_of =
            |found: &Appointment| Some(found.id) == taken.interview && found.interviewer == taken.interviewer;
        appointments.iter().any(is_of)
    });
    let guards: BTreeMap<InterviewId, &Guarded> =
        of_interviews.into_iter().filter_map(|taken| Some((taken.interview?, taken))).collect();
    let mut put = |who: UserId, entry: Entry, name: Option<&str>| {
        let known = diaries.iter_mut().find(|diary| diary.interviewer == who);
        match (known, name) {
            (Some(diary), _) => diary.entries.push(entry),
            (None, Some(name)) => diaries.push(formerly(who, name, entry)),
            (None, None) => {}
        }
    };
    for found in &appointments {
        let municipality = places.name(found.municipality);
        put(found.interviewer, interview(found, guards.get(&found.id), municipality), Some(&found.name));
    }
    for taken in others {
        put(taken.interviewer, guard(taken, study.id), None);
    }
    for (who, Block { id, from, until }) in blocked {
        let what = if who == user { What::Block { block: id } } else { What::Busy };
        put(who, whole(what, from, until), None);
    }
    for diary in diaries {
        for busy in busy_times::of(tx, diary.interviewer, span)? {
            diary.entries.push(whole(What::Busy, busy.from, busy.until));
        }
        diary.entries.sort_by_key(|entry| (entry.from, entry.until));
    }
    Ok(())
}

fn formerly(interviewer: UserId, name: &str, entry: Entry) -> Diary {
    let (openings, entries) = (Vec::new(), vec![entry]);
    Diary { interviewer, name: name.to_owned(), plans: false, openings, entries }
}

fn interview(found: &Appointment, guard: Option<&&Guarded>, municipality: String) -> Entry {
    let (from, until) = (found.starts_at, found.ends_at);
    Entry {
        from,
        until,
        taken_from: guard.map_or(from, |guard| guard.from.min(from)),
        taken_until: guard.map_or(until, |guard| guard.until.max(until)),
        what: What::Interview {
            interview: found.id,
            code: found.code.clone(),
            municipality,
            mode: found.mode,
            status: found.status,
            link_missing: found.status == InterviewStatus::Booked
                && found.mode == Mode::Teams
                && found.join_link.is_none(),
        },
    }
}

/// What is reserved and is no interview of the study: a time that is kept for one of its respondents, or something
/// else.
fn guard(taken: &Guarded, study: StudyId) -> Entry {
    let kept = taken.hold().filter(|kept| kept.study == study);
    match kept {
        Some(Kept { starts_at, ends_at, mode, kept_until, .. }) => Entry {
            from: starts_at,
            until: ends_at,
            taken_from: taken.from,
            taken_until: taken.until,
            what: What::Hold { mode, kept_until },
        },
        None => whole(What::Busy, taken.from, taken.until),
    }
}

fn whole(what: What, from: Instant, until: Instant) -> Entry {
    Entry { from, until, taken_from: from, taken_until: until, what }
}
