//! The calendars that a researcher has read for when they are busy, and the address at which their own is read.

use chrono_tz::Tz;
use rocket::{Route, State, delete, get, post};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::add_calendar::{add_calendar, refresh_calendar, remove_calendar};
use crate::actions::share_agenda::{share_agenda, stop_sharing};
use crate::clock::Instant;
use crate::domain::calendar_feed::{ADDRESS_LIMIT, FeedAddress};
use crate::id::CalendarId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::calendars::{self, CalendarView};
use crate::queries::page::Page;
use crate::settings::Secret;
use crate::store::calendars::NewCalendar;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::Nothing;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, add, refresh, remove, shared, share, hide]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, add, refresh, remove, shared, share, hide))]
pub struct Reference;

/// The calendars of one's own that are read for when one is busy.
#[utoipa::path(
    responses((status = 200, description = "The calendars, oldest first; nothing follows.", body = Page<CalendarView>)),
)]
#[get("/me/calendars")]
async fn list(app: &State<App>, who: Researcher) -> Result<Answer, Problem> {
    Answer::ok(Page::whole(app.store.read(move |tx| calendars::all(tx, who.user)).await?))
}

/// Has a calendar read that one publishes elsewhere, such as in Outlook, Google Calendar or Nextcloud.
///
/// No interview is planned at times at which it says that one is busy, in any of one's studies. Only from when until
/// when is kept. It is read within seconds and every quarter of an hour; one that can't be read says why, and what was
/// read before stays in force. At most 10.
#[utoipa::path(
    params(RepeatKey),
    request_body = CalendarDraft,
    responses((status = 201, description = "The calendar, not read yet.", body = CalendarView)),
)]
#[post("/me/calendars", data = "<body>")]
async fn add(app: &State<App>, who: Researcher, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let (now, user) = (app.clock.now(), who.user);
    let new = read(body.fields())?;
    let made = app
        .store
        .write_once(key.once(user, &body.raw, now), move |tx| {
            Ok(add_calendar(tx, now, user, &new)?.map(|id| Made::new(201, id)))
        })
        .await?;
    let id = made.resource;
    let item = app.store.read(move |tx| calendars::one(tx, user, id)).await?;
    Answer::made(&made, item)
}

/// Has a calendar looked at within seconds.
#[utoipa::path(
    request_body = Option<Nothing>,
    responses((status = 202, description = "It is about to be looked at.", body = CalendarView)),
)]
#[post("/me/calendars/<calendar>/refresh", data = "<body>")]
async fn refresh(
    app: &State<App>,
    who: Researcher,
    calendar: Id<CalendarId>,
    body: Body,
) -> Result<Answer, Problem> {
    body.fields().finish(|| Some(()))?;
    let (now, user, id) = (app.clock.now(), who.user, calendar.0);
    app.store.write(move |tx| refresh_calendar(tx, now, user, id)).await?;
    Answer::with_status(202, app.store.read(move |tx| calendars::one(tx, user, id)).await?)
}

/// Forgets a calendar and when it said that one is busy.
#[utoipa::path(responses((status = 204, description = "Forgotten.")))]
#[delete("/me/calendars/<calendar>")]
async fn remove(app: &State<App>, who: Researcher, calendar: Id<CalendarId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.store.write(move |tx| remove_calendar(tx, now, who.user, calendar.0)).await?;
    Answer::with_status(204, ())
}

/// Whether a calendar program can read one's interviews at a secret address.
#[derive(Serialize, ToSchema)]
struct AgendaFeed {
    /// Since when there is an address; null where there is none. The address itself is shown only when it is made.
    since: Option<Instant>,
}

/// A new secret address.
#[derive(Serialize, ToSchema)]
struct NewAgendaFeed {
    /// The address, shown this once.
    url: String,
}

/// Whether there is a secret address at which a calendar program reads one's interviews.
#[utoipa::path(
    responses((status = 200, description = "Since when.", body = AgendaFeed)),
)]
#[get("/me/agenda-feed")]
async fn shared(app: &State<App>, who: Researcher) -> Result<Answer, Problem> {
    let since = app.store.read(move |tx| calendars::shared_since(tx, who.user)).await?;
    Answer::ok(AgendaFeed { since })
}

/// Makes a secret address at which a calendar program reads one's interviews in all one's studies.
///
/// They stand there under the codes of the respondents, without names and without links to join. The address before
/// ends.
#[utoipa::path(
    request_body = Option<Nothing>,
    responses((status = 201, description = "The address, which is not shown again.", body = NewAgendaFeed)),
)]
#[post("/me/agenda-feed", data = "<body>")]
async fn share(app: &State<App>, who: Researcher, body: Body) -> Result<Answer, Problem> {
    body.fields().finish(|| Some(()))?;
    let now = app.clock.now();
    let token = app.store.write(move |tx| share_agenda(tx, now, who.user)).await?;
    Answer::with_status(201, NewAgendaFeed { url: address(app, &token) })
}

/// Ends the address at which a calendar program reads one's interviews.
#[utoipa::path(
    responses((status = 204, description = "Ended.")),
    extensions(("x-problems" = json!(["not_found"]))),
)]
#[delete("/me/agenda-feed")]
async fn hide(app: &State<App>, who: Researcher) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.store.write(move |tx| stop_sharing(tx, now, who.user)).await?;
    Answer::with_status(204, ())
}

/// The address of a feed by its token.
pub(in crate::web) fn address(app: &App, token: &str) -> String {
    format!("{}/feeds/{token}.ics", app.settings.base_url)
}

/// A calendar to be read.
#[derive(ToSchema)]
#[schema(as = NewCalendar)]
#[expect(dead_code, reason = "it only describes the body")]
struct CalendarDraft {
    /// Its address, `https://…` or `webcal://…`. It is a secret: it is kept sealed and never shown again.
    #[schema(max_length = 2000)]
    url: String,
    /// What one calls it; the name of its server when left out.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The zone of days as a whole and of times without a zone; Europe/Amsterdam when left out.
    time_zone: Option<String>,
}

/// Reads a calendar that is to be added.
pub(in crate::web) fn read(mut fields: Fields) -> Outcome<NewCalendar> {
    let address = fields.required("url", |value| {
        FeedAddress::parse(&input::text(value)?).map_err(|code| match code {
            FieldCode::TooLong => FieldProblem::new("", code).with("limit", ADDRESS_LIMIT),
            _ => FieldProblem::new("", code).with("allowed", "https://…, webcal://…"),
        })
    });
    let name = fields.optional("name", input::line);
    let zone: Option<Tz> = fields.optional("time_zone", input::word("Europe/Amsterdam, … (IANA)"));
    fields.finish(|| {
        let FeedAddress { url, host } = address?;
        let time_zone = zone.unwrap_or(chrono_tz::Europe::Amsterdam).name().to_owned();
        Some(NewCalendar {
            name: name.unwrap_or_else(|| host.clone()),
            host,
            address: Secret::new(url),
            time_zone,
        })
    })
}
