//! How long an interviewer is on the way to interviews in person.

use std::collections::BTreeSet;
use std::sync::Arc;

use rocket::{Route, State, get, put};
use utoipa::{OpenApi, ToSchema};

use crate::actions::plan_travel::plan_travel;
use crate::domain::access::Right;
use crate::domain::municipality::Places;
use crate::domain::travel::{MINUTES_LIMIT, MUNICIPALITIES_LIMIT, Travel};
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::travel::{self, TravelView};
use crate::store::municipalities;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Body, Fields};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, plan]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(show, plan))]
pub struct Reference;

/// How long an interviewer travels to an interview in person, one way.
///
/// Interviewers see their own; owners see everybody's.
#[utoipa::path(
    responses((status = 200, description = "The ways of the interviewer.", body = TravelView)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/studies/<study>/members/<member>/travel")]
async fn show(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    member: Id<UserId>,
) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| travel::of(tx, who.user, study.0, member.0)).await?)
}

/// Sets how long an interviewer travels to an interview in person, one way.
///
/// That time is reserved before the interview, and after it and its buffer. It binds new bookings only. Interviewers
/// set their own; owners set everybody's.
#[utoipa::path(
    request_body = TravelDraft,
    responses((status = 200, description = "The ways of the interviewer.", body = TravelView)),
)]
#[put("/studies/<study>/members/<member>/travel", data = "<body>")]
async fn plan(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    member: Id<UserId>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study, member) = (app.clock.now(), who.user, study.0, member.0);
    let places = app.store.read(municipalities::places).await?;
    let ways = app.told(read(&places, body.fields()), Place::Study(study), user, Right::PlanSelf).await?;
    app.store.write(move |tx| plan_travel(tx, now, user, study, member, &ways, |_| Ok(()))).await?;
    Answer::ok(app.store.read(move |tx| travel::of(tx, user, study, member)).await?)
}

/// An interviewer's ways.
#[derive(ToSchema)]
#[schema(as = TravelChange)]
#[expect(dead_code, reason = "it only describes the body")]
struct TravelDraft {
    /// Minutes to a municipality for which nothing else is said.
    #[schema(minimum = 0, maximum = 480)]
    minutes: i64,
    /// Municipalities that are nearer or farther; none when left out.
    #[schema(max_items = 400)]
    municipalities: Option<Vec<WayDraft>>,
}

/// The way to one municipality.
#[derive(ToSchema)]
#[schema(as = TravelChangeWay)]
#[expect(dead_code, reason = "it only describes the body")]
struct WayDraft {
    /// By code, name or alias.
    #[schema(max_length = 200)]
    municipality: String,
    /// Minutes, one way.
    #[schema(minimum = 0, maximum = 480)]
    minutes: i64,
}

/// Reads an interviewer's ways.
pub(in crate::web) fn read(places: &Arc<Places>, mut fields: Fields) -> Outcome<Travel> {
    let minutes = fields.required("minutes", input::integer(0, MINUTES_LIMIT));
    let mut named = BTreeSet::new();
    let single = fields.list("municipalities", MUNICIPALITIES_LIMIT, |way| {
        let municipality =
            way.required("municipality", |value| places.index.resolve(&input::line(value)?).or_problem(""));
        if municipality.is_some_and(|code| !named.insert(code)) {
            way.note("municipality", FieldProblem::new("", FieldCode::Duplicate));
        }
        municipality.zip(way.required("minutes", input::integer(0, MINUTES_LIMIT)))
    });
    fields.finish(|| Some(Travel { minutes: minutes?, municipalities: single.into_iter().collect() }))
}
