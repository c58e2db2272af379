//! The hours in which an interviewer's interviews can be booked, and what else decides their times.

use std::collections::BTreeSet;

use chrono::Days;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Map, Value, json};

use super::desk::{At, base, demand, wrong};
use super::{blocks, travel};
use crate::actions::plan_availability::plan_availability;
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::availability::{Exception, Rule, date_at};
use crate::domain::holiday::Holiday;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::StudyRules;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::{availability, blocks as blocks_of, members, slots, travel as ways};
use crate::web::App;
use crate::web::api::availability::read;
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{AvailabilityForm, Choice, ExceptionRow, HolidayRow, RuleRow, Section};
use crate::words::pages::shared::Deed;

/// How many empty rows stand ready to be filled in.
const EMPTY_ROWS: usize = 3;
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

fn rule_row(rule: &Rule) -> RuleRow {
    RuleRow {
        weekday: rule.weekday.as_str().to_owned(),
        from: rule.stretch.from().to_string(),
        until: rule.stretch.until().to_string(),
    }
}

fn exception_row(exception: &Exception) -> ExceptionRow {
    let stretch = exception.change.stretch();
    ExceptionRow {
        date: exception.date.to_string(),
        open: exception.change.is_open(),
        from: stretch.map(|stretch| stretch.from().to_string()).unwrap_or_default(),
        until: stretch.map(|stretch| stretch.until().to_string()).unwrap_or_default(),
    }
}

/// Rows, and some empty ones behind them.
pub(super) fn with_empty_rows<T: Default + Clone>(rows: impl IntoIterator<Item = T>) -> Vec<T> {
    with_room(rows, EMPTY_ROWS)
}

fn with_room<T: Default + Clone>(rows: impl IntoIterator<Item = T>, room: usize) -> Vec<T> {
    rows.into_iter().chain(vec![T::default(); room.max(EMPTY_ROWS)]).collect()
}

/// A time of the day as people write it, `9`, `9.30` or `9:30 uur`, in the form in which it is read: `09:30`. What is none
/// stays as it is, for the error beside it.
fn written_time(text: &str) -> String {
    let plain = text.trim().trim_end_matches("uur").trim_end().replace('.', ":");
    let (hour, minute) = plain.split_once(':').unwrap_or((&plain, "00"));
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if is_number(hour) && is_number(minute) && minute.len() == 2 {
        format!("{hour:0>2}:{minute}")
    } else {
        text.to_owned()
    }
}

/// Hours as they are being written.
struct Hours {
    rules: Vec<RuleRow>,
    exceptions: Vec<ExceptionRow>,
    /// How many empty rows there are for either.
    room: [usize; 2],
}

impl Hours {
    /// What was typed; rows in which nothing was filled in are only counted.
    fn typed(given: &Given) -> Self {
        let is_blank = |texts: [&String; 3]| texts.into_iter().all(|text| text.trim().is_empty());
        let rules = given.rows("rules.").into_iter().map(|row| RuleRow {
            weekday: row.text("weekday"),
            from: written_time(&row.text("from")),
            until: written_time(&row.text("until")),
        });
        let exceptions = given.rows("exceptions.").into_iter().map(|row| ExceptionRow {
            date: row.text("date"),
            open: row.text("open") == "true",
            from: written_time(&row.text("from")),
            until: written_time(&row.text("until")),
        });
        let (blank, rules): (Vec<_>, Vec<_>) =
            rules.partition(|row: &RuleRow| is_blank([&row.weekday, &row.from, &row.until]));
        let (none, exceptions): (Vec<_>, Vec<_>) =
            exceptions.partition(|row: &ExceptionRow| is_blank([&row.date, &row.from, &row.until]));
        Self { rules, exceptions, room: [blank.len(), none.len()] }
    }

    /// The same with room for more.
    fn with_more_room(mut self) -> Self {
        for room in &mut self.room {
            *room += EMPTY_ROWS;
        }
        self
    }

    /// The body that the API takes.
    fn fields(&self, whose: UserId) -> Fields {
        let time = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let rules = self.rules.iter().map(|row| {
            json!({
                "interviewer": whose,
                "weekday": row.weekday,
                "from": row.from.trim(),
                "until": row.until.trim(),
            })
        });
        let exceptions = self.exceptions.iter().map(|row| {
            json!({
                "interviewer": whose,
                "date": row.date,
                "open": row.open,
                "from": time(&row.from),
                "until": time(&row.until),
            })
        });
        let mut body = Map::new();
        body.insert("rules".to_owned(), Value::Array(rules.collect()));
        body.insert("exceptions".to_owned(), Value::Array(exceptions.collect()));
        Fields::new(body)
    }

    /// The page with these hours in the place of those that are kept.
    fn on(self, page: AvailabilityForm) -> AvailabilityForm {
        let [for_rules, for_exceptions] = self.room;
        let (rules, exceptions) =
            (with_room(self.rules, for_rules), with_room(self.exceptions, for_exceptions));
        AvailabilityForm { rules, exceptions, ..page }
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
    let (own_rules, own_exceptions) = (
        kept.rules.iter().filter(|rule| rule.interviewer == whose),
        kept.exceptions.iter().filter(|exception| exception.interviewer == whose),
    );
    Ok(AvailabilityForm {
        desk,
        interviewers,
        interviewer: whose.to_string(),
        time_zone: rules.time_zone.name().to_owned(),
        rules: with_empty_rows(own_rules.map(rule_row)),
        exceptions: with_empty_rows(own_exceptions.map(exception_row)),
        holidays: holidays(at.language, &rules, now),
        blocks: blocked.map(|kept| blocks::form(at.language, rules.time_zone, &kept)),
        travel: rules.modes.contains(&Mode::InPerson).then(|| travel::form(&ways)),
        free: u64::try_from(free.len()).unwrap_or(u64::MAX),
        errors: Vec::new(),
    })
}

/// The holidays of the coming year, where the study keeps them.
fn holidays(language: Language, rules: &StudyRules, now: Instant) -> Option<Vec<HolidayRow>> {
    let today = date_at(rules.time_zone, now);
    let last = today.checked_add_days(Days::new(HOLIDAYS_AHEAD)).unwrap_or(today);
    let row = |(date, holiday): (_, Holiday)| HolidayRow {
        date: dates::date(language, date),
        name: HolidayRow::name(language, holiday),
    };
    rules.public_holidays.then(|| Holiday::between(today, last).into_iter().map(row).collect())
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

#[post("/studies/<study>/availability", data = "<form>")]
async fn plan(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let whose = whose(&form)?;
    let hours = Hours::typed(&form.given);
    let here = address(study, whose);
    let at = at.on(here.clone());
    if form.given.text("act") == "more" {
        let page = hours.with_more_room().on(page(app, &form.who, &at, (study, whose)).await?);
        return Ok(Either::Right(Html::page(at.language, page)?));
    }
    let outcome = match read(hours.fields(whose)) {
        Ok(draft) => {
            let plan =
                app.store.write(move |tx| plan_availability(tx, now, user, study, whose, &draft, |_| Ok(())));
            plan.await
        }
        Err(problem) => Err(problem),
    };
    let problem = match outcome {
        Ok(()) => return Ok(Either::Left(Redirect::to(format!("{here}&done={}", Deed::Saved.as_str())))),
        Err(problem) => problem,
    };
    let Some(errors) = wrong(at.language, &problem) else { return Err(problem) };
    let page = hours.on(page(app, &form.who, &at, (study, whose)).await?);
    Ok(Either::Right(Html::again(at.language, &problem, AvailabilityForm { errors, ..page })?))
}
