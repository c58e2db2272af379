//! The agenda of a study by weeks and days.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::domain::access::Right;
use crate::domain::agenda::{Extent, Sheet};
use crate::domain::availability::date_at;
use crate::id::{StudyId, UserId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::agenda::days::{self, Days};
use crate::queries::studies;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::query::Query;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(show))]
pub struct Reference;

/// The names of the extents, as a refusal tells them.
pub(in crate::web) const EXTENTS: &str = "week, day";

/// A week or a day of the agenda: hours, interviews, and what else takes the time of the interviewers.
///
/// Respondents stand in it by their codes. Time that is taken by another study, or kept free by a colleague, is only
/// told to be taken. Interviews that were called off are left out.
#[utoipa::path(
    params(
        (
            "date" = Option<chrono::NaiveDate>,
            Query,
            description = "A date of the week, or the day, in the study's zone; today when left out.",
        ),
        ("extent" = inline(Option<Extent>), Query, description = "A week from Monday to Sunday, or a day; a week when left out."),
        ("interviewer" = Option<UserId>, Query, description = "Of one interviewer only."),
    ),
    responses((status = 200, description = "The days.", body = Days)),
    extensions(("x-problems" = json!(["invalid", "unknown_reference", "range_too_wide"]))),
)]
#[get("/studies/<study>/agenda")]
async fn show(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = query.fields(&["date", "extent", "interviewer"]);
    let date = fields.optional("date", input::date);
    let extent = fields.optional("extent", input::word::<Extent>(EXTENTS));
    let interviewer = fields.optional("interviewer", input::id);
    let asked = fields.finish(|| Some((date, extent.unwrap_or(Extent::Week), interviewer)));
    let (date, extent, interviewer) = app.told(asked, Place::Study(study), user, Right::View).await?;
    let found = app.store.read(move |tx| {
        let zone = studies::get(tx, user, study)?.study.rules.time_zone;
        let sheet = Sheet::of(extent, date.unwrap_or_else(|| date_at(zone, now)));
        days::of(tx, user, study, sheet, interviewer, now)
    });
    Answer::ok(found.await?)
}
