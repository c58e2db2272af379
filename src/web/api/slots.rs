//! The free times of a study, as its respondents are offered them.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::availability::Slot;
use crate::id::StudyId;
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::page::Page;
use crate::queries::slots;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::query::Query;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub struct Reference;

/// The free times of a study, as its respondents are offered them.
///
/// Those online, where the study has that; else those in person, with the interviewers' usual travel.
#[utoipa::path(
    params(
        ("from" = Option<Instant>, Query, description = "The first moment; now when left out."),
        (
            "until" = Option<Instant>,
            Query,
            description = "The moment before which they begin, at most 31 days later; 14 days later when \
                left out.",
        ),
    ),
    responses((status = 200, description = "The times; nothing follows.", body = Page<Slot>)),
    extensions(("x-problems" = json!(["invalid", "range_too_wide"]))),
)]
#[get("/studies/<study>/slots")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = query.fields(&["from", "until"]);
    let range = (fields.optional("from", input::bound), fields.optional("until", input::bound));
    let range = app.told(fields.finish(|| Some(range)), Place::Study(study), user, Right::View).await?;
    let items = app.store.read(move |tx| slots::of_study(tx, user, study, range, now)).await?;
    Answer::ok(Page::whole(items))
}
