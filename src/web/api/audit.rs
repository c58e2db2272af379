//! The log of changes of a study, for its owners.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::domain::access::Right;
use crate::id::{InterviewId, RespondentId, StudyId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::audit_trail::{self, TrailItem};
use crate::queries::page::{Page, one_more};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::openapi::Paged;
use crate::web::query::{Listing, Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, of_respondent, of_interview]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, of_respondent, of_interview))]
pub struct Reference;

/// Who changed what in a study, newest first.
///
/// For its owners. Names of fields are kept, never values.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The changes.", body = Page<TrailItem>)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/studies/<study>/audit")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after: before, limit } = listing::<i64>(&mut fields);
    let before =
        app.told(fields.finish(|| Some(before)), Place::Study(study), user, Right::ChangeStudy).await?;
    let rows = app.store.read(move |tx| audit_trail::list(tx, user, study, before, one_more(limit))).await?;
    Answer::ok(Page::cut(rows, limit, |last| last.id.to_string()))
}

/// What was done with the data of one respondent, newest first, for the owners of the study.
///
/// Who looked at them is told too. It goes on to be told after the person was erased.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The changes and looks.", body = Page<TrailItem>)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/respondents/<id>/audit")]
async fn of_respondent(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after: before, limit } = listing::<i64>(&mut fields);
    // Whoever may not read the log is told so before what was wrong with the question.
    app.store.read(move |tx| audit_trail::of_respondent(tx, user, id, None, 1)).await?;
    let before = fields.finish(|| Some(before))?;
    let trail = app.store.read(move |tx| audit_trail::of_respondent(tx, user, id, before, limit)).await?;
    Answer::ok(trail.items)
}

/// What was done with one interview, newest first, for the owners of the study.
#[utoipa::path(
    responses((
        status = 200,
        description = "The changes and looks, among the latest of its respondent; nothing follows.",
        body = Page<TrailItem>,
    )),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/interviews/<id>/audit")]
async fn of_interview(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    let trail = app.store.read(move |tx| audit_trail::of_interview(tx, who.user, id.0)).await?;
    Answer::ok(trail.items)
}
