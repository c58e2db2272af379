//! The municipalities, for any signed-in researcher (E18). They are the same for everybody, so a browser may keep
//! them.

use chrono::NaiveDate;
use rocket::{Route, State, get};
use utoipa::OpenApi;

use crate::domain::municipality::{MunicipalityCode, Province};
use crate::domain::stratum::{Edges, INHABITANTS_LIMIT};
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::queries::municipalities::{self, Filter, MunicipalityItem};
use crate::queries::page::Page;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Fields};
use crate::web::openapi::Paged;
use crate::web::query::{Listing, Query, listing};

/// How long an answer may be kept: an import shows within the hour.
const KEPT: &str = "private, max-age=3600";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, show))]
pub struct Reference;

/// The municipalities on a date: exact names and aliases first, then parts of names.
#[utoipa::path(
    params(
        (
            "on" = Option<NaiveDate>,
            Query,
            description = "The date, whose latest 1 January counts; today when left out.",
        ),
        ("q" = Option<String>, Query, description = "A code, a name, an alias or a part of one."),
        (
            "province" = Option<String>,
            Query,
            description = "Only in this province, by name or usual abbreviation.",
        ),
        ("min" = Option<u32>, Query, description = "Only with at least so many inhabitants."),
        ("max" = Option<u32>, Query, description = "Only with at most so many inhabitants."),
        Paged,
    ),
    responses((status = 200, description = "The municipalities.", body = Page<MunicipalityItem>)),
)]
#[get("/municipalities")]
async fn list(app: &State<App>, _who: Researcher, query: Query) -> Result<Answer, Problem> {
    let mut fields = query.fields(&["on", "q", "province", "min", "max", "cursor", "limit"]);
    let on = date(app, &mut fields);
    let text = fields.optional("q", input::text).unwrap_or_default();
    let province = fields.optional("province", |value| {
        let name = input::text(value)?;
        Province::recognise(&name).ok_or_else(|| {
            let allowed = Province::ALL.map(Province::as_str).join(", ");
            FieldProblem::new("", FieldCode::Value).with("allowed", allowed)
        })
    });
    let min = fields.optional("min", input::integer(0, INHABITANTS_LIMIT));
    let max = fields.optional("max", input::integer(0, INHABITANTS_LIMIT));
    let Listing { after, limit } = listing(&mut fields);
    let filter = Filter { on, text, province, edges: Edges { min, max }, after };
    let filter = fields.finish(|| Some(filter))?;
    let places = app.store.read(municipalities::places).await?;
    let page = municipalities::page(&places, &filter, limit);
    Ok(Answer::ok(page)?.header("Cache-Control", KEPT.to_owned()))
}

/// One municipality on a date.
#[utoipa::path(
    params(
        (
            "on" = Option<NaiveDate>,
            Query,
            description = "The date, whose latest 1 January counts; today when left out.",
        ),
    ),
    responses((status = 200, description = "The municipality.", body = MunicipalityItem)),
    extensions(("x-problems" = json!(["invalid"]))),
)]
#[get("/municipalities/<code>")]
async fn show(
    app: &State<App>,
    _who: Researcher,
    code: Id<MunicipalityCode>,
    query: Query,
) -> Result<Answer, Problem> {
    let mut fields = query.fields(&["on"]);
    let on = date(app, &mut fields);
    fields.finish(|| Some(()))?;
    let places = app.store.read(municipalities::places).await?;
    let item = municipalities::get(&places, code.0, on)?;
    Ok(Answer::ok(item)?.header("Cache-Control", KEPT.to_owned()))
}

/// The date that is asked for, or today.
fn date(app: &App, fields: &mut Fields) -> NaiveDate {
    fields.optional("on", input::date).unwrap_or_else(|| app.clock.now().utc().date_naive())
}
