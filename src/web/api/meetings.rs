//! The meetings that Microsoft makes for interviews.

use rocket::{Route, State, get, post};
use utoipa::OpenApi;

use crate::actions::retry_meetings::retry_meetings;
use crate::domain::access::Right;
use crate::id::InterviewId;
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::meetings::{self, TeamsMeetings};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::Body;
use crate::web::openapi::Nothing;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, retry]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(show, retry))]
pub struct Reference;

/// The online meetings that are made for an interview through Microsoft Graph, and how each stands.
///
/// The interview never waits for one: it is booked first, and both sides are told the link when it is known. What went
/// wrong for the time being is tried again by itself, for about half a day.
#[utoipa::path(responses((status = 200, description = "The meetings.", body = TeamsMeetings)))]
#[get("/interviews/<id>/meetings")]
async fn show(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| meetings::of(tx, who.user, id.0)).await?)
}

/// Asks Microsoft at once for whatever is not as it is wanted: a meeting that waits or failed, or one that is to be
/// gone.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The meetings.", body = TeamsMeetings)),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
#[post("/interviews/<id>/meetings/retry", data = "<body>")]
async fn retry(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    app.told(body.fields().finish(|| Some(())), Place::Interview(id), user, Right::Interviews).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| retry_meetings(tx, now, user, id)).await?;
    Answer::made(&made, app.store.read(move |tx| meetings::of(tx, user, id)).await?)
}
