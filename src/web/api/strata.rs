//! The strata of a study.

use rocket::{Route, State, get, put};
use utoipa::OpenApi;

use crate::actions::set_strata::set_strata;
use crate::domain::access::Right;
use crate::domain::stratum::{Edges, INHABITANTS_LIMIT, PLACES_LIMIT, StratumPlan, check};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::strata::{self, StrataView};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, Researcher, content_etag};
use crate::web::input::{self, Fields, ListBody};

/// The most strata that are read; how many there may be is the domain's to say.
const READ_LIMIT: usize = 1_000;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, set]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, set))]
pub struct Reference;

/// The strata of a study with how far each has come.
///
/// The `ETag` stands for the plans, not for the counts.
#[utoipa::path(
    responses((
        status = 200,
        description = "The strata, and what lies outside them.",
        body = StrataView,
        headers(("ETag" = String)),
    )),
)]
#[get("/studies/<study>/strata")]
async fn list(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    tagged(app.store.read(move |tx| strata::all(tx, who.user, study.0)).await?)
}

/// Replaces the strata of a study.
///
/// Every respondent moves to the right one at once; an overrun of a cap is shown, never hidden.
#[utoipa::path(
    params(IfMatch),
    request_body = Vec<StratumPlan>,
    responses((
        status = 200,
        description = "The strata, and what lies outside them.",
        body = StrataView,
        headers(("ETag" = String)),
    )),
)]
#[put("/studies/<study>/strata", data = "<body>")]
async fn set(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    seen: IfMatch,
    body: ListBody,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let plans = app.told(plans(body.fields()), Place::Study(study), user, Right::ChangeStudy).await?;
    let fits = move |found: &[StratumPlan]| seen.check_content(&found);
    app.store.write(move |tx| set_strata(tx, now, user, study, &plans, &fits)).await?;
    tagged(app.store.read(move |tx| strata::all(tx, user, study)).await?)
}

fn tagged(view: StrataView) -> Result<Answer, Problem> {
    let plans: Vec<&StratumPlan> = view.items.iter().map(|item| &item.plan).collect();
    let tag = content_etag(&plans)?;
    Ok(Answer::ok(view)?.header("ETag", tag))
}

/// Reads all strata of a study.
pub(in crate::web) fn plans(mut fields: Fields) -> Outcome<Vec<StratumPlan>> {
    let plans = fields.list("", READ_LIMIT, |fields| Some(plan(fields)));
    fields.note_all(check(&plans));
    fields.finish(|| Some(plans))
}

/// Reads one; what could not be read is noted and stands there empty, so that the others keep their places.
fn plan(fields: &mut Fields) -> StratumPlan {
    let (inhabitants, places) = (|| input::integer(0, INHABITANTS_LIMIT), || input::integer(0, PLACES_LIMIT));
    StratumPlan {
        key: fields.required("key", input::text).unwrap_or_default(),
        label: fields.required("label", input::text).unwrap_or_default(),
        edges: Edges {
            min: fields.optional("min_inhabitants", inhabitants()),
            max: fields.optional("max_inhabitants", inhabitants()),
        },
        target: fields.optional("target", places()),
        cap: fields.optional("cap", places()),
    }
}
