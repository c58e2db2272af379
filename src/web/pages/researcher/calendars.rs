//! The calendars that are read for when a researcher is busy, and the address at which their own is read.

use chrono_tz::Europe::Amsterdam;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, done};
use crate::actions::add_calendar::{add_calendar, refresh_calendar, remove_calendar};
use crate::actions::share_agenda::{share_agenda, stop_sharing};
use crate::domain::language::Language;
use crate::id::CalendarId;
use crate::problem::Outcome;
use crate::queries::calendars::{self, CalendarView};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::api::calendars::{address, read};
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::dates;
use crate::words::pages::researcher::{CalendarLeaves, CalendarRow, Calendars};
use crate::words::pages::shared::Deed;

const PATH: &str = "/account/calendars";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, add, refresh, ask, forget, share, hide]
}

#[get("/account/calendars")]
async fn show(app: &State<App>, who: Researcher, at: At) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at).await?)
}

async fn page(app: &App, who: &Researcher, at: &At) -> Outcome<Calendars> {
    let user = who.user;
    let (kept, since) =
        app.store.read(move |tx| Ok((calendars::all(tx, user)?, calendars::shared_since(tx, user)?))).await?;
    Ok(Calendars {
        desk: at.desk(who),
        calendars: kept.into_iter().map(|calendar| row(at.language, calendar)).collect(),
        name: String::new(),
        time_zone: Amsterdam.name().to_owned(),
        shared_since: since.map(|since| dates::stamp(at.language, Amsterdam, since)),
        new_feed: None,
        errors: Vec::new(),
    })
}

fn row(language: Language, calendar: CalendarView) -> CalendarRow {
    CalendarRow {
        id: calendar.id.to_string(),
        name: calendar.name,
        host: calendar.host,
        read_at: calendar.read_at.map(|at| {
            let zone = calendar.time_zone.parse().unwrap_or(Amsterdam);
            dates::stamp(language, zone, at)
        }),
        time_zone: calendar.time_zone,
        fault: calendar.fault.map(|fault| CalendarRow::sentence(language, fault)),
        busy: u64::try_from(calendar.busy).unwrap_or_default(),
        skipped: u64::try_from(calendar.skipped).unwrap_or_default(),
    }
}

#[post("/account/calendars", data = "<form>")]
async fn add(app: &State<App>, at: At, form: SignedForm) -> Outcome<Either<Redirect, Html>> {
    let (now, user, at) = (app.clock.now(), form.who.user, at.on(PATH.to_owned()));
    let outcome = async {
        let new = read(form.given.fields())?;
        let once = form.once(now);
        app.store
            .write_once(once, move |tx| Ok(add_calendar(tx, now, user, &new)?.map(|id| Made::new(201, id))))
            .await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(done(PATH, Deed::CalendarAdded))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let (name, time_zone) = (form.given.text("name"), form.given.text("time_zone"));
    let shown = Calendars { name, time_zone, errors, ..page(app, &form.who, &at).await? };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

#[post("/account/calendars/<calendar>/refresh", data = "<form>")]
async fn refresh(app: &State<App>, calendar: Id<CalendarId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| refresh_calendar(tx, now, user, calendar.0)).await?;
    Ok(done(PATH, Deed::CalendarHurried))
}

#[get("/account/calendars/<calendar>/forget")]
async fn ask(app: &State<App>, who: Researcher, at: At, calendar: Id<CalendarId>) -> Outcome<Html> {
    let calendar = app.store.read(move |tx| calendars::one(tx, who.user, calendar.0)).await?;
    let calendar = row(at.language, calendar);
    Html::page(at.language, CalendarLeaves { desk: at.desk(&who), calendar })
}

#[post("/account/calendars/<calendar>/forget", data = "<form>")]
async fn forget(app: &State<App>, calendar: Id<CalendarId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| remove_calendar(tx, now, user, calendar.0)).await?;
    Ok(done(PATH, Deed::CalendarRemoved))
}

/// The address is stored nowhere and must not stand in another one, so this answers with the page itself.
#[post("/account/calendars/feed", data = "<form>")]
async fn share(app: &State<App>, at: At, form: SignedForm) -> Outcome<Html> {
    let (now, user) = (app.clock.now(), form.who.user);
    let token = app.store.write(move |tx| share_agenda(tx, now, user)).await?;
    let at = at.on(PATH.to_owned()).after(Deed::AgendaShared);
    let new_feed = Some(address(app, &token));
    Html::page(at.language, Calendars { new_feed, ..page(app, &form.who, &at).await? })
}

#[post("/account/calendars/feed/end", data = "<form>")]
async fn hide(app: &State<App>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| stop_sharing(tx, now, user)).await?;
    Ok(done(PATH, Deed::AgendaHidden))
}
