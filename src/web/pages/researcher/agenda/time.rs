//! A stretch of a day: opened for interviews, kept free, or booked in.

use chrono::NaiveDate;
use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use url::form_urlencoded::Serializer;

use super::address;
use super::asked::wall_time;
use crate::actions::block_time::block_time;
use crate::actions::except_date::except_date;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::agenda::Extent;
use crate::domain::availability::{Change, Exception, Stretch, WallTime, date_at, moment_at};
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::{members, studies};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::pages::researcher::desk::{At, at_fields, base, demand};
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{AgendaTime, Choice, Section};
use crate::words::pages::shared::Deed;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    rocket::routes![ask, take]
}

/// What to do with the time, as the form names it.
const ACTS: [&str; 3] = ["open", "block", "book"];

/// The form as it was typed, or as an address fills it in.
struct Typed {
    act: String,
    interviewer: String,
    date: String,
    from: String,
    until: String,
}

#[get("/studies/<study>/agenda/time")]
async fn ask(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let typed = Typed {
        act: query.text("act"),
        interviewer: query.text("who"),
        date: query.text("date"),
        from: query.text("from"),
        until: query.text("until"),
    };
    Html::page(at.language, page(app, &who, &at, study.0, typed).await?)
}

async fn page(app: &App, who: &Researcher, at: &At, study: StudyId, typed: Typed) -> Outcome<AgendaTime> {
    let (now, user) = (app.clock.now(), who.user);
    let (desk, item) = at.study(app, who, study, Section::Agenda).await?;
    demand(&item, Right::Interviews)?;
    let zone = item.study.rules.time_zone;
    let today = date_at(zone, now);
    let whose: Option<UserId> = typed.interviewer.parse().ok();
    let date: Option<NaiveDate> = typed.date.parse().ok();
    let is_known = ACTS.contains(&typed.act.as_str());
    Ok(AgendaTime {
        desk,
        back: address(study, Extent::Week, date.unwrap_or(today), whose),
        act: if is_known { typed.act } else { "book".to_owned() },
        interviewers: interviewers(app, user, study).await?,
        interviewer: whose.unwrap_or(user).to_string(),
        date: if typed.date.is_empty() { today.to_string() } else { typed.date },
        from: typed.from,
        until: typed.until,
        zone: dates::zone_name(at.language, zone, now),
        errors: Vec::new(),
    })
}

/// Everybody who plans interviews in a study.
pub(super) async fn interviewers(app: &App, user: UserId, study: StudyId) -> Outcome<Vec<Choice>> {
    let team = app.store.read(move |tx| members::all(tx, user, study)).await?;
    let planning = team.into_iter().filter(|member| member.role.may(Right::PlanSelf));
    Ok(planning.map(|member| Choice { value: member.user.to_string(), label: member.name }).collect())
}

/// What is to be done, whose time it takes, and on which date.
struct Wish {
    act: String,
    whose: UserId,
    date: NaiveDate,
    from: WallTime,
    until: Option<WallTime>,
}

/// An interview has the length that the study says; only other time has an end of its own.
fn read(mut fields: Fields) -> Outcome<Wish> {
    let act = fields.required("act", |value| {
        let text = input::raw(value)?;
        let wrong = || FieldProblem::new("", FieldCode::Value).with("allowed", ACTS.join(", "));
        if ACTS.contains(&text.as_str()) { Ok(text) } else { Err(wrong()) }
    });
    let whose = fields.required("interviewer", input::id);
    let date = fields.required("date", input::date);
    let from = fields.required("from", wall_time);
    let is_book = act.as_deref() == Some("book");
    let until = if is_book {
        fields.optional("until", input::raw);
        None
    } else {
        // A clock shows the end of a day as the beginning of the next.
        let midnight = |time| if time == WallTime::START_OF_DAY { WallTime::END_OF_DAY } else { time };
        fields.required("until", wall_time).map(midnight)
    };
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        fields.note("until", FieldProblem::new("", FieldCode::Order));
    }
    fields.finish(|| Some(Wish { act: act?, whose: whose?, date: date?, from: from?, until }))
}

#[post("/studies/<study>/agenda/time", data = "<form>")]
async fn take(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, study) = (form.who.user, study.0);
    let outcome =
        match app.told(read(form.given.fields()), Place::Study(study), user, Right::Interviews).await {
            Ok(wish) => act(app, &form, study, &wish).await,
            Err(problem) => Err(problem),
        };
    let problem = match outcome {
        Ok(to) => return Ok(Either::Left(Redirect::to(to))),
        Err(problem) => problem,
    };
    let (errors, problem) = at_fields(at.language, problem)?;
    let text = |name: &str| form.given.text(name);
    let typed = Typed {
        act: text("act"),
        interviewer: text("interviewer"),
        date: text("date"),
        from: text("from"),
        until: text("until"),
    };
    let at = at.on(format!("{}/agenda/time", base(study)));
    let page = page(app, &form.who, &at, study, typed).await?;
    Html::again(at.language, &problem, AgendaTime { errors, ..page }).map(Either::Right)
}

/// Does what is wished; where to go from there.
async fn act(app: &App, form: &SignedForm, study: StudyId, wish: &Wish) -> Outcome<String> {
    let (now, user, date) = (app.clock.now(), form.who.user, wish.date);
    let Some(until) = wish.until else { return Ok(to_book(study, wish)) };
    let item = app.store.read(move |tx| studies::get(tx, user, study)).await?;
    let theirs = wish.whose != user;
    // Of others an owner may open hours; what somebody keeps free is their own to say.
    if theirs && (wish.act == "block" || !item.role.may(Right::PlanForOthers)) {
        return Err(Problem::field("interviewer", FieldCode::Value));
    }
    let span = span(item.study.rules.time_zone, date, (wish.from, until))?;
    let deed = if wish.act == "block" {
        let once = form.once(now);
        app.store
            .write_once(once, move |tx| Ok(block_time(tx, now, user, span)?.map(|id| Made::new(201, id))))
            .await?;
        Deed::Blocked
    } else {
        let order = || Problem::field("until", FieldCode::Order);
        let stretch = Stretch::new(wish.from, until).ok_or_else(order)?;
        let opened = Exception { interviewer: wish.whose, date, change: Change::Open(stretch) };
        app.store.write(move |tx| except_date(tx, now, user, study, opened)).await?;
        Deed::Opened
    };
    let back = address(study, Extent::Week, date, Some(wish.whose));
    Ok(format!("{back}&done={}", deed.as_str()))
}

/// From when until when, where the clock shows both times on that date.
fn span(zone: Tz, date: NaiveDate, (from, until): (WallTime, WallTime)) -> Outcome<(Instant, Instant)> {
    let skipped = |field: &str| Problem::field(field, FieldCode::Skipped);
    let begins = moment_at(zone, date, from).ok_or_else(|| skipped("from"))?;
    Ok((begins, moment_at(zone, date, until).ok_or_else(|| skipped("until"))?))
}

/// The form of an interview for somebody, with what is known of it.
fn to_book(study: StudyId, wish: &Wish) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("date", &wish.date.to_string()).append_pair("time", &wish.from.to_string());
    query.append_pair("interviewer", &wish.whose.to_string());
    format!("{}/agenda/book?{}", base(study), query.finish())
}
