//! The hours in which interviewers can hold interviews.

use rocket::{Route, State, get, put};
use utoipa::OpenApi;

use crate::actions::plan_availability::plan_availability;
use crate::domain::access::Right;
use crate::domain::availability::{
    Availability, AvailabilityDraft, EXCEPTIONS_LIMIT, ExceptionDraft, RULES_LIMIT, RuleDraft,
};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::availability;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, Researcher, content_etag};
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

/// The hours in which interviewers can hold interviews.
#[utoipa::path(
    responses((
        status = 200,
        description = "The hours of all interviewers.",
        body = Availability,
        headers(("ETag" = String)),
    )),
)]
#[get("/studies/<study>/availability")]
async fn show(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    tagged(app.store.read(move |tx| availability::of_study(tx, who.user, study.0)).await?)
}

/// Sets the hours of interviewers.
///
/// Only the hours of the interviewers who are named are replaced. Interviewers set their own; owners set everybody's.
#[utoipa::path(
    params(IfMatch),
    request_body = AvailabilityDraft,
    responses((
        status = 200,
        description = "The hours of all interviewers.",
        body = Availability,
        headers(("ETag" = String)),
    )),
)]
#[put("/studies/<study>/availability", data = "<body>")]
async fn plan(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let draft = app.told(read(body.fields()), Place::Study(study), user, Right::PlanSelf).await?;
    let fits = move |found: &Availability| seen.check_content(found);
    app.store.write(move |tx| plan_availability(tx, now, user, study, user, &draft, &fits)).await?;
    tagged(app.store.read(move |tx| availability::of_study(tx, user, study)).await?)
}

fn tagged(hours: Availability) -> Result<Answer, Problem> {
    let tag = content_etag(&hours)?;
    Ok(Answer::ok(hours)?.header("ETag", tag))
}

/// Reads hours.
pub(in crate::web) fn read(mut fields: Fields) -> Outcome<AvailabilityDraft> {
    let rules = fields.list("rules", RULES_LIMIT, |rule| {
        Some(RuleDraft {
            interviewer: rule.optional("interviewer", input::text),
            weekday: rule.optional("weekday", input::text).unwrap_or_default(),
            from: rule.optional("from", input::text).unwrap_or_default(),
            until: rule.optional("until", input::text).unwrap_or_default(),
        })
    });
    let exceptions = fields.list("exceptions", EXCEPTIONS_LIMIT, |exception| {
        Some(ExceptionDraft {
            interviewer: exception.optional("interviewer", input::text),
            date: exception.optional("date", input::text).unwrap_or_default(),
            open: exception.optional("open", input::boolean),
            from: exception.optional("from", input::text),
            until: exception.optional("until", input::text),
        })
    });
    fields.finish(|| Some(AvailabilityDraft { rules, exceptions }))
}
