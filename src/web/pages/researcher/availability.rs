//! The hours in which an interviewer's interviews can be booked, and what else decides their times. The week is kept
//! here; each other part of the page has a file of its own.

use std::collections::BTreeSet;

use chrono::Days;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand};
use super::{blocks, exceptions, travel};
use crate::actions::plan_week::plan_week;
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::availability::{Rule, RuleDraft, Weekday, date_at};
use crate::domain::holiday::Holiday;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::StudyRules;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::{availability, blocks as blocks_of, members, slots, travel as ways};
use crate::web::App;
use crate::web::guards::{Id, Researcher, content_etag};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{
    AvailabilityForm, Choice, DayRow, HolidayRow, RangeRow, Section, StudyTimes,
};
use crate::words::pages::shared::{Deed, Seen};

/// For how many stretches each day has room: a morning and an afternoon.
const RANGES: usize = 2;
/// How many days ahead the holidays are shown: a year.
const HOLIDAYS_AHEAD: u64 = 365;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, plan]
}

#[get("/studies/<study>/availability")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let mut fields = query.fields(&["interviewer"]);
    let whose = fields.optional("interviewer", input::id);
    let whose: UserId = fields.finish(|| Some(whose.unwrap_or(who.user)))?;
    Html::page(at.language, page(app, &who, &at, (study.0, whose)).await?)
}

/// A time of the day as people write it, `9`, `930`, `9.30` or `9:30 uur`, in the form in which it is read: `09:30`.
/// What is none stays as it is, for the error beside it.
pub(super) fn written_time(text: &str) -> String {
    let plain = text.trim().trim_end_matches("uur").trim_end().replace('.', ":");
    let in_one = plain.len().checked_sub(2).filter(|at| *at > 0).and_then(|at| plain.split_at_checked(at));
    let (hour, minute) = match plain.split_once(':') {
        Some(parts) => parts,
        None => in_one.unwrap_or((&plain, "00")),
    };
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if is_number(hour) && is_number(minute) && minute.len() == 2 {
        format!("{hour:0>2}:{minute}")
    } else {
        text.to_owned()
    }
}

/// A week as it is kept, or as it is being written.
struct Week(Vec<DayRow>);

impl Week {
    fn of(mut ranges: impl FnMut(Weekday) -> Vec<RangeRow>) -> Self {
        let day = |weekday| {
            let mut ranges = ranges(weekday);
            ranges.resize(ranges.len().max(RANGES), RangeRow::default());
            DayRow { weekday, ranges }
        };
        Self(Weekday::ALL.map(day).to_vec())
    }

    fn kept(rules: &[Rule]) -> Self {
        let row = |rule: &Rule| RangeRow {
            from: rule.stretch.from().to_string(),
            until: rule.stretch.until().to_string(),
        };
        Self::of(|weekday| rules.iter().filter(|rule| rule.weekday == weekday).map(row).collect())
    }

    /// What was typed. What is empty stands behind what is not.
    fn typed(given: &Given) -> Self {
        Self::of(|weekday| {
            let rows = given.rows(&format!("{weekday}.")).into_iter().map(|row| RangeRow {
                from: written_time(&row.text("from")),
                until: written_time(&row.text("until")),
            });
            let is_empty = |row: &RangeRow| row.from.trim().is_empty() && row.until.trim().is_empty();
            let (empty, mut ranges): (Vec<_>, Vec<_>) = rows.partition(is_empty);
            ranges.extend(empty);
            ranges
        })
    }

    /// The same with room for one stretch more on each day.
    fn with_more_room(mut self) -> Self {
        for day in &mut self.0 {
            day.ranges.push(RangeRow::default());
        }
        self
    }

    /// The same with the hours of Monday on the other working days.
    fn with_like_workdays(mut self) -> Self {
        if let Some((monday, others)) = self.0.split_first_mut() {
            for day in others.iter_mut().filter(|day| day.weekday < Weekday::Sat) {
                day.ranges.clone_from(&monday.ranges);
            }
        }
        self
    }

    /// The hours that are filled in, and the name of the row of each.
    fn drafts(&self) -> (Vec<RuleDraft>, Vec<String>) {
        let rows = self.0.iter().flat_map(|day| {
            day.ranges.iter().enumerate().filter(|(_, range)| **range != RangeRow::default()).map(
                move |(number, range)| {
                    let draft = RuleDraft {
                        interviewer: None,
                        weekday: day.weekday.to_string(),
                        from: range.from.trim().to_owned(),
                        until: range.until.trim().to_owned(),
                    };
                    (draft, format!("{}.{number}", day.weekday))
                },
            )
        });
        rows.unzip()
    }
}

/// The page with everything as it is kept.
pub(super) async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    (study, whose): (StudyId, UserId),
) -> Outcome<AvailabilityForm> {
    let (now, user) = (app.clock.now(), who.user);
    let (desk, item) = at.study(app, who, study, Section::Availability).await?;
    demand(&item, Right::PlanSelf)?;
    let rules = item.study.rules;
    let team = app.store.read(move |tx| members::all(tx, user, study)).await?;
    let others = item.role.may(Right::PlanForOthers);
    let plans = |role: Role| role.may(Right::PlanSelf);
    let interviewers: Vec<Choice> = team
        .into_iter()
        .filter(|member| plans(member.role) && (others || member.user == user))
        .map(|member| Choice { value: member.user.to_string(), label: member.name })
        .collect();
    if interviewers.iter().all(|choice| choice.value != whose.to_string()) {
        return Err(Problem::NotFound);
    }
    let (kept, ways, blocked, free) = app
        .store
        .read(move |tx| {
            let kept = availability::of_study(tx, user, study)?;
            let ways = ways::of(tx, user, study, whose)?;
            let blocked = if whose == user { Some(blocks_of::ahead(tx, user, now)?) } else { None };
            Ok((kept, ways, blocked, slots::of_study(tx, user, study, (None, None), now)?))
        })
        .await?;
    let free: BTreeSet<_> =
        free.iter().filter(|slot| slot.interviewer == whose).map(|slot| slot.starts_at).collect();
    let own = kept.weekly(whose);
    let differs = kept.exceptions.iter().filter(|exception| exception.interviewer == whose);
    Ok(AvailabilityForm {
        desk,
        interviewers,
        interviewer: whose.to_string(),
        time_zone: rules.time_zone.name().to_owned(),
        week: Week::kept(&own).0,
        seen: Seen { tag: content_etag(&own)?, now: None },
        exceptions: exceptions::form(at.language, date_at(rules.time_zone, now), differs),
        study: times(at.language, &rules, now),
        blocks: blocked.map(|kept| blocks::form(at.language, rules.time_zone, &kept)),
        travel: rules.modes.contains(&Mode::InPerson).then(|| travel::form(&ways)).transpose()?,
        free: u64::try_from(free.len()).unwrap_or(u64::MAX),
        unsaved: false,
        errors: Vec::new(),
    })
}

/// What the study says, with the holidays of the coming year where it keeps them.
fn times(language: Language, rules: &StudyRules, now: Instant) -> StudyTimes {
    let today = date_at(rules.time_zone, now);
    let last = today.checked_add_days(Days::new(HOLIDAYS_AHEAD)).unwrap_or(today);
    let row = |(date, holiday): (_, Holiday)| HolidayRow {
        date: dates::date(language, date),
        name: HolidayRow::name(language, holiday),
    };
    StudyTimes {
        interview_minutes: rules.interview_minutes,
        buffer_minutes: rules.buffer_minutes,
        max_per_day: rules.max_per_day,
        max_per_week: rules.max_per_week,
        holidays: rules.public_holidays.then(|| Holiday::between(today, last).into_iter().map(row).collect()),
    }
}

/// Whose page a form of it belongs to.
pub(super) fn whose(form: &SignedForm) -> Outcome<UserId> {
    let whose = form.given.text("interviewer").parse();
    whose.map_err(|_| Problem::field("interviewer", FieldCode::UnknownReference))
}

/// The address of the page with the hours of an interviewer.
pub(super) fn address(study: StudyId, whose: UserId) -> String {
    format!("{}/availability?interviewer={whose}", base(study))
}

/// To the page with the hours of an interviewer, which says that they are kept.
pub(super) fn saved(study: StudyId, whose: UserId) -> Redirect {
    Redirect::to(format!("{}&done={}", address(study, whose), Deed::Saved.as_str()))
}

#[post("/studies/<study>/availability", data = "<form>")]
async fn plan(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let study = study.0;
    let whose = whose(&form)?;
    let at = at.on(address(study, whose));
    let week = Week::typed(&form.given);
    let week = match form.given.text("act").as_str() {
        "more" => week.with_more_room(),
        "workdays" => week.with_like_workdays(),
        _ => return keep(app, &at, study, whose, &form, week).await,
    };
    let page = page(app, &form.who, &at, (study, whose)).await?;
    let page = AvailabilityForm { week: week.0, seen: form.seen(), unsaved: true, ..page };
    Ok(Either::Right(Html::page(at.language, page)?))
}

/// Keeps a week, or shows it again with what was wrong beside its fields.
async fn keep(
    app: &App,
    at: &At,
    study: StudyId,
    whose: UserId,
    form: &SignedForm,
    week: Week,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user) = (app.clock.now(), form.who.user);
    let (drafts, rows) = week.drafts();
    let condition = form.if_as_seen();
    let fits = move |found: &[Rule]| condition.check_content(&found);
    let outcome = app.store.write(move |tx| plan_week(tx, now, user, (study, whose), &drafts, &fits)).await;
    let Err(problem) = outcome else { return Ok(Either::Left(saved(study, whose))) };
    if matches!(problem, Problem::PreconditionFailed) {
        let held = page(app, &form.who, at, (study, whose)).await?;
        let now = Some(DayRow::differing(at.language, &held.week, &week.0));
        let seen = Seen { now, ..held.seen };
        let page = AvailabilityForm { week: week.0, seen, unsaved: true, ..held };
        return Ok(Either::Right(Html::again(at.language, &problem, page)?));
    }
    let Problem::Invalid(mut problems) = problem else { return Err(problem) };
    for problem in &mut problems {
        let (number, name) = problem.field.trim_start_matches("rules.").split_once('.').unwrap_or_default();
        let row = number.parse().ok().and_then(|number: usize| rows.get(number));
        if let Some(row) = row {
            problem.field = format!("{row}.{name}");
        }
    }
    let errors = DayRow::messages(at.language, &problems);
    let page = page(app, &form.who, at, (study, whose)).await?;
    let page = AvailabilityForm { week: week.0, seen: form.seen(), unsaved: true, errors, ..page };
    Ok(Either::Right(Html::again(at.language, &Problem::Invalid(problems), page)?))
}
