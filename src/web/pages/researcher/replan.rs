//! Giving an interview another time, mode or place.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Value, json};

use super::desk::{At, done, wrong};
use super::interviews::{is_about_time, meeting, page_of};
use crate::actions::note_view::View;
use crate::actions::reschedule::reschedule_interview;
use crate::clock::Instant;
use crate::domain::availability::date_at;
use crate::domain::interview::Mode;
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem};
use crate::queries::{agenda, slots};
use crate::web::App;
use crate::web::api::interviews::read_move;
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::pages::researcher::{Replan, Section};
use crate::words::pages::respondent::{Slot, SlotDay};
use crate::words::pages::shared::Deed;
use crate::words::{dates, problem_sentence};

/// So many days are shown at once.
const DAYS: u64 = 7;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![choose, reschedule]
}

#[get("/interviews/<id>/reschedule")]
async fn choose(
    app: &State<App>,
    who: Researcher,
    at: At,
    id: Id<InterviewId>,
    query: Query,
) -> Outcome<Html> {
    let mut fields = query.fields(&["from"]);
    let from = fields.optional("from", input::date);
    let from = fields.finish(|| Some(from))?;
    Html::page(at.language, page(app, &who, &at, id.0, from).await?)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    id: InterviewId,
    from: Option<NaiveDate>,
) -> Outcome<Replan> {
    let (now, user, language) = (app.clock.now(), who.user, at.language);
    let detail = app.store.read(move |tx| agenda::detail(tx, user, id)).await?;
    app.note_view(user, View::Interview(id)).await?;
    let (desk, item) = at.study(app, who, detail.study, Section::Interviews).await?;
    let rules = item.study.rules;
    let (zone, today) = (rules.time_zone, date_at(rules.time_zone, now));
    let first = from.unwrap_or(today).max(today);
    let end = first.checked_add_days(Days::new(DAYS)).ok_or(Problem::RangeTooWide)?;
    // A day more on either side, since the days of the zone are not those of UTC.
    let (since, until) = (midnight(first).plus_days(-1), midnight(end).plus_days(1));
    let free = app.store.read(move |tx| slots::to_move(tx, user, id, (since, until), now)).await?;
    let mut days: BTreeMap<NaiveDate, Vec<Instant>> = BTreeMap::new();
    // A researcher may note that an interview was held at another time, but nobody plans one in the past.
    for slot in free.into_iter().filter(|slot| slot.starts_at > now) {
        let day = date_at(zone, slot.starts_at);
        if first <= day && day < end {
            days.entry(day).or_default().push(slot.starts_at);
        }
    }
    let slot = |starts_at: Instant| Slot {
        starts_at: starts_at.to_string(),
        label: dates::start(language, zone, starts_at),
        chosen: false,
    };
    let days = days.into_iter().map(|(day, mut starts)| {
        starts.dedup();
        let timed = |start: Instant| (start.utc().with_timezone(&zone).time(), slot(start));
        SlotDay::new(dates::date_in_year(language, day), starts.into_iter().map(timed).collect())
    });
    let mut days: Vec<_> = days.collect();
    SlotDay::choose(&mut days, None);
    let week =
        |first: Option<NaiveDate>| first.map(|first| format!("{}/reschedule?from={first}", page_of(id)));
    let earlier = first.checked_sub_days(Days::new(DAYS)).map(|earlier| earlier.max(today));
    let last = today.checked_add_days(Days::new(u64::try_from(rules.horizon_days).unwrap_or(0)));
    let last_shown = end.pred_opt().unwrap_or(end);
    Ok(Replan {
        desk,
        base: page_of(id),
        code: detail.interview.code.clone(),
        meeting: meeting(language, zone, &detail),
        modes: rules.modes.clone(),
        mode: detail.interview.mode,
        place: detail.interview.place.clone().unwrap_or_default(),
        range: dates::days(language, Tz::UTC, midnight(first), midnight(last_shown)),
        days,
        zone: dates::zone_name(language, zone, midnight(first)),
        earlier: week(earlier.filter(|_| first > today)),
        later: week(Some(end).filter(|end| last.is_some_and(|last| *end <= last))),
        errors: Vec::new(),
        problem: None,
    })
}

/// Midnight of a date in UTC.
fn midnight(date: NaiveDate) -> Instant {
    Instant::from(date.and_time(NaiveTime::MIN).and_utc())
}

#[post("/interviews/<id>/reschedule", data = "<form>")]
async fn reschedule(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let outcome = match read_move(fields(&form.given)) {
        Ok(to) => {
            let once = form.once(now);
            app.store.write_once(once, move |tx| reschedule_interview(tx, now, user, id, &to)).await
        }
        Err(problem) => Err(problem),
    };
    let Err(problem) = outcome else {
        return Ok(Either::Left(done(&page_of(id), Deed::Replanned)));
    };
    let (errors, sentence) = match wrong(at.language, &problem) {
        Some(errors) => (errors, None),
        None if is_about_time(&problem) => (Vec::new(), Some(problem_sentence(at.language, &problem))),
        None => return Err(problem),
    };
    let at = at.on(format!("{}/reschedule", page_of(id)));
    let wanted = form.given.text("starts_at");
    // The week of the time that was asked for, so that what is free around it can be seen.
    let week = Instant::parse(&wanted).map(|start| start.utc().date_naive());
    let mut page = page(app, &form.who, &at, id, week).await?;
    SlotDay::choose(&mut page.days, Some(&wanted));
    page.mode = form.given.text("mode").parse().unwrap_or(page.mode);
    let page = Replan { place: form.given.text("place"), errors, problem: sentence, ..page };
    Ok(Either::Right(Html::again(at.language, &problem, page)?))
}

/// The form as the body that the API takes. An empty place is the town hall; online there is none.
fn fields(given: &Given) -> Fields {
    let text = |name: &str| Some(given.text(name)).filter(|text| !text.is_empty());
    let mut body = serde_json::Map::new();
    body.insert("starts_at".to_owned(), json!(text("starts_at")));
    let mode = text("mode");
    let place = text("place").filter(|_| mode.as_deref() == Some(Mode::InPerson.as_str()));
    body.insert("place".to_owned(), json!(place));
    if let Some(interviewer) = text("interviewer") {
        body.insert("interviewer".to_owned(), Value::String(interviewer));
    }
    if let Some(mode) = mode {
        body.insert("mode".to_owned(), Value::String(mode));
    }
    Fields::of_text(body)
}
