//! How a study is doing.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::id::StudyId;
use crate::problem::Problem;
use crate::queries::overview::{self, Overview};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![one]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(one))]
pub struct Reference;

/// How a study is doing, and what is to be done next.
#[utoipa::path(responses((status = 200, description = "The counts.", body = Overview)))]
#[get("/studies/<study>/overview")]
async fn one(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    Answer::ok(app.store.read(move |tx| overview::of(tx, who.user, study.0, now)).await?)
}
