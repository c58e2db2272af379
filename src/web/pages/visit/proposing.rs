//! None of the free times fits: proposing one to three moments of one's own.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::propose::propose;
use crate::clock::Instant;
use crate::domain::availability::{WallTime, date_at, moment_at};
use crate::domain::interview::Mode;
use crate::domain::proposal::{HORIZON_DAYS, MOMENTS_LIMIT, ProposalOrigin, Proposing};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::web::App;
use crate::web::api::interviews::MODES;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::input::{self, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::dates;
use crate::words::pages::respondent::{Propose, TypedMoment};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![ask, send]
}

#[get("/<token>/propose?<mode>")]
async fn ask(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    page(&guest, mode, &Given::default(), app.clock.now())
}

/// The form with what was typed so far. The manner in which one came stands there until another is chosen.
pub(super) fn page(guest: &Guest, mode: Option<&str>, given: &Given, now: Instant) -> Outcome<Html> {
    if let Some(ended) = guest.ended() {
        return Html::page(guest.language, ended);
    }
    if guest.meeting().is_none() {
        guest.demand_consent()?;
    }
    let chosen = given.text("mode").parse().ok();
    let mode = chosen.or_else(|| mode.and_then(|mode| mode.parse().ok()));
    Html::page(guest.language, form(guest, mode, given, now))
}

#[post("/<token>/propose", data = "<sent>")]
async fn send(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let path = format!("{}/propose", guest.base);
    let (key, raw) = (RepeatKey::of_form(&path, sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now };
    let read = read(&sent.given, guest.facts.rules.time_zone);
    let rows = read.as_ref().map(|read| read.rows.clone()).unwrap_or_default();
    let outcome = match pressed.told(read).await {
        Ok(Read { proposing, .. }) => pressed
            .change(move |tx, who| propose(tx, now, who, ProposalOrigin::Page, &proposing))
            .await
            .map(drop),
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(()) => Ok(Either::Left(Redirect::to(format!("{}?done=proposed", guest.base)))),
        Err(problem) => {
            let Problem::Invalid(problems) = &problem else { return Err(problem) };
            let problems: Vec<FieldProblem> =
                problems.iter().cloned().map(|problem| beside_its_date(problem, &rows)).collect();
            let mode = sent.given.text("mode").parse().ok();
            let page = form(&guest, mode, &sent.given, now).refused(guest.language, &problems);
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
    }
}

/// What was typed, and in which row each moment stands.
struct Read {
    proposing: Proposing,
    rows: Vec<usize>,
}

fn read(given: &Given, zone: Tz) -> Outcome<Read> {
    let mut fields = given.fields();
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let place = fields.optional("place", input::line).filter(|_| mode != Some(Mode::Teams));
    let remark = fields.optional("remark", input::prose);
    let (mut moments, mut rows) = (Vec::new(), Vec::new());
    for row in 0..MOMENTS_LIMIT {
        let is_blank = |part: &str| given.text(&format!("moments.{row}.{part}")).is_empty();
        if row > 0 && is_blank("date") && is_blank("time") {
            continue;
        }
        if let Some(moment) = moment(&mut fields, row, zone) {
            moments.push(moment);
            rows.push(row);
        }
    }
    fields.finish(|| Some(Read { proposing: Proposing { mode: mode?, place, moments, remark }, rows }))
}

/// Reads the date and time of a row as wall time in a zone.
fn moment(fields: &mut Fields, row: usize, zone: Tz) -> Option<Instant> {
    let date = fields.required(&format!("moments.{row}.date"), input::date);
    let name = format!("moments.{row}.time");
    let time = fields.required(&name, input::word::<WallTime>("00:00–24:00"));
    let moment = moment_at(zone, date?, time?);
    if moment.is_none() {
        fields.note(&name, FieldProblem::new("", FieldCode::Skipped));
    }
    moment
}

/// What is said of a moment stands beside the date of its row.
fn beside_its_date(mut problem: FieldProblem, rows: &[usize]) -> FieldProblem {
    if problem.field == "moments" {
        "moments.0.date".clone_into(&mut problem.field);
    } else if let Some(number) = problem.field.strip_prefix("moments.").and_then(|rest| rest.parse().ok()) {
        let row = rows.get::<usize>(number).copied().unwrap_or(number);
        problem.field = format!("moments.{row}.date");
    }
    problem
}

fn form(guest: &Guest, mode: Option<Mode>, given: &Given, now: Instant) -> Propose {
    let (language, rules) = (guest.language, &guest.facts.rules);
    let zone = rules.time_zone;
    let mode = mode.filter(|mode| rules.modes.contains(mode));
    let open = guest.facts.open.as_ref();
    let moves = open.is_some_and(|open| open.interview.is_some());
    let query = mode.map(|mode| format!("?mode={mode}")).unwrap_or_default();
    let typed = |row: usize| TypedMoment {
        date: given.text(&format!("moments.{row}.date")),
        time: given.text(&format!("moments.{row}.time")),
    };
    let last = date_at(zone, now.plus_days(HORIZON_DAYS));
    let last = rules.window_until.map_or(last, |until| until.min(last));
    let first = date_at(zone, now);
    let first = rules.window_from.map_or(first, |from| from.max(first));
    Propose {
        visit: guest.visit(&format!("/propose{query}"), None),
        modes: rules.modes.clone(),
        mode,
        meeting: guest.meeting().filter(|_| moves),
        back: format!("{}/{}{query}", guest.base, if moves { "move" } else { "book" }),
        moments: (0..MOMENTS_LIMIT).map(typed).collect(),
        zone: dates::zone_name(language, zone, now),
        dates: (first.to_string(), last.to_string()),
        town_hall: guest.town_hall(),
        place: given.text("place"),
        remark: given.text("remark"),
        replaced: guest.proposed(),
        errors: Vec::new(),
        key: one_shot_key(),
    }
}
