//! The time that is kept for a respondent while they fill in the form.

use rocket::{Route, State, delete, post};
use utoipa::OpenApi;

use super::interviews::MODES;
use super::participations::pressed;
use crate::actions::hold::{Choice, end_hold, hold};
use crate::domain::hold::Hold;
use crate::domain::interview::{Asker, Mode};
use crate::problem::{Outcome, Problem};
use crate::queries::participation;
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{LinkToken, RepeatKey};
use crate::web::input::{self, Body, Fields};
use crate::web::participation::{Door, Pressed, with_alternatives};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![keep, give_back]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(keep, give_back))]
pub struct Reference;

/// Keeps a time for ten minutes.
///
/// Meanwhile nobody else is offered it, and booking it turns it into the interview. Each respondent has at most one: a
/// new choice takes the place of the one before it. It keeps no place in a stratum, and counts for the greatest number
/// of interviews of that day and week. It is for a first interview, or the next after one was cancelled; an interview
/// that stands moves without one. Booking needs no hold. At most 30 a day are made. A repeat with the same key is 404
/// once the time is no longer kept.
#[utoipa::path(
    params(RepeatKey),
    request_body = Choice,
    responses((status = 201, description = "What is kept, and until when.", body = Hold)),
    extensions(("x-problems" = json!([
        "withdrawn", "consent_missing", "already_booked", "too_soon", "study_closed", "day_full",
        "outside_availability", "outside_window", "quota_full", "slot_taken", "week_full",
    ]))),
)]
#[post("/participations/<token>/hold", data = "<body>")]
async fn keep(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Refused> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let (now, choice) = (pressed.now, pressed.told(read(body.fields())).await?);
    match pressed.change(move |tx, who| hold(tx, now, who, choice)).await {
        Ok(made) => {
            let respondent = made.resource;
            let kept = app.store.read(move |tx| participation::kept(tx, respondent, now)).await?;
            Ok(Answer::made(&made, kept)?)
        }
        Err(problem) => Err(with_alternatives(app, problem, Asker::Respondent, now).await),
    }
}

fn read(mut fields: Fields) -> Outcome<Choice> {
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let interviewer = fields.optional("interviewer", input::id);
    fields.finish(|| Some(Choice { starts_at: starts_at?, mode: mode?, interviewer }))
}

/// Gives back the time that is kept.
///
/// Where none is, nothing happens.
#[utoipa::path(
    responses((status = 204, description = "Nothing is kept.")),
    extensions(("x-problems" = json!(["withdrawn"]))),
)]
#[delete("/participations/<token>/hold")]
async fn give_back(app: &State<App>, token: LinkToken, key: RepeatKey) -> Result<Answer, Problem> {
    let (door, now) = (Door::TakingPart, app.clock.now());
    let pressed = Pressed { app: app.inner(), token: &token, key: &key, door, raw: &[], now };
    pressed.change(move |tx, who| end_hold(tx, now, who)).await?;
    Answer::with_status(204, ())
}
