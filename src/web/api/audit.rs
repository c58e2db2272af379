//! The log of changes of a study, for its owners.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::domain::access::Right;
use crate::id::StudyId;
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
    rocket::routes![list]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list))]
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
