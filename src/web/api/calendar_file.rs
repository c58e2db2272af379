//! The planned interview as a file that a respondent puts into their own calendar (E24).

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, get};
use serde_json::json;
use utoipa::OpenApi;

use crate::calendar::{Meeting, Party, Place};
use crate::domain::interview::Mode;
use crate::mail::Mailbox;
use crate::problem::{Outcome, Problem};
use crate::queries::participation::{self, PlannedMeeting};
use crate::web::App;
use crate::web::guards::LinkToken;
use crate::words;
use crate::words::letters::{CalendarWords, Venue};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![download]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(download))]
pub struct Reference;

/// An iCalendar object (RFC 5545) to be saved.
pub struct CalendarFile(String);

impl<'r> Responder<'r, 'static> for CalendarFile {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::new("text", "calendar").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", "attachment; filename=\"interview.ics\""))
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}

/// The planned interview as a file for a calendar.
///
/// An iCalendar object (RFC 5545) without METHOD, to be saved.
#[utoipa::path(
    responses((status = 200, description = "The file.", body = String, content_type = "text/calendar")),
    extensions(("x-problems" = json!(["withdrawn"]))),
)]
#[get("/participations/<token>/interview.ics")]
async fn download(app: &State<App>, token: LinkToken) -> Result<CalendarFile, Problem> {
    file_of_link(app, &token).await
}

/// The calendar file of the planned interview behind a link, for the page and the API alike.
///
/// # Errors
/// [`Problem::NotFound`] when nothing is planned, [`Problem::Withdrawn`].
pub async fn file_of_link(app: &App, token: &LinkToken) -> Result<CalendarFile, Problem> {
    let digest = token.digest();
    let planned = app.store.read(move |tx| participation::planned_meeting(tx, &digest)).await?;
    let organizer: Mailbox =
        app.settings.mail_from.parse().map_err(|_| Problem::internal("VELDWERK_MAIL_FROM is no mailbox"))?;
    meeting(app, planned, organizer).map(|meeting| CalendarFile(meeting.download()))
}

fn meeting(app: &App, planned: PlannedMeeting, organizer: Mailbox) -> Outcome<Meeting> {
    let PlannedMeeting { interview, place, municipality, study, contact, language } = planned;
    let town_hall = || words::phrase(language, "invite.town_hall", &json!({ "municipality": municipality }));
    let venue = match interview.mode {
        Mode::Teams => Venue { mode: Mode::Teams, place: None, join_link: interview.announced_link },
        Mode::InPerson => {
            let place = Some(place.unwrap_or_else(town_hall));
            Venue { mode: Mode::InPerson, place, join_link: None }
        }
    };
    let minutes = (interview.ends_at.unix() - interview.starts_at.unix()) / 60;
    let contact_email = study.study.contact_email.as_str();
    Ok(Meeting {
        uid: interview.uid,
        sequence: u32::try_from(interview.sequence).map_err(Problem::internal)?,
        stamp: app.clock.now(),
        starts_at: interview.starts_at,
        ends_at: interview.ends_at,
        zone: study.study.rules.time_zone,
        summary: CalendarWords::summary(language),
        description: CalendarWords::for_respondent(language, &venue, minutes, contact_email),
        place: match venue.mode {
            Mode::Teams => Place::Teams { join_link: venue.join_link },
            Mode::InPerson => Place::InPerson { address: venue.place },
        },
        organizer: Party { name: organizer.name, address: organizer.address },
        attendee: Party { name: contact.name, address: contact.email },
        attendance: None,
        takes_counters: false,
        optional: false,
        alarm_minutes: None,
    })
}
