//! The sheet of an interview.

use rocket::{Route, State, delete, get, put};
use utoipa::OpenApi;

use crate::actions::record_answer::{self, clear_answer, record_answer};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::id::{InterviewId, UserId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::sheet::{self, SheetView};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, Researcher, etag};
use crate::web::input::{self, Body};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![one, record, clear]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(one, record, clear))]
pub struct Reference;

async fn show(app: &App, user: UserId, interview: InterviewId, now: Instant) -> Result<Answer, Problem> {
    let view = app.store.read(move |tx| sheet::of(tx, user, interview, now)).await?;
    Ok(Answer::ok(&view)?.header("ETag", etag(view.revision)))
}

/// The sheet of an interview: its guide, what was asked, and the consent that holds.
///
/// Before the first write it shows the guide that it would take, the latest published one.
#[utoipa::path(
    responses((status = 200, description = "The sheet.", body = SheetView, headers(("ETag" = String)))),
    extensions(("x-problems" = json!(["forbidden", "withdrawn"]))),
)]
#[get("/interviews/<id>/sheet")]
async fn one(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    show(app, who.user, id.0, app.clock.now()).await
}

/// Writes what became of a question.
///
/// The first write fixes the guide. A sheet may be filled before the interview, but not for one that was called off.
/// `If-Match` takes the `ETag` of the sheet or, as `"q7"`, the `revision` of this one question in the sheet: then
/// whoever writes on another question is not in the way.
#[utoipa::path(
    params(IfMatch),
    request_body = record_answer::Answer,
    responses((status = 200, description = "The sheet.", body = SheetView, headers(("ETag" = String)))),
    extensions(("x-problems" = json!(["withdrawn", "wrong_state"]))),
)]
#[put("/interviews/<id>/sheet/<question>", data = "<body>")]
async fn record(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    question: String,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let mut fields = body.fields();
    let state = fields.required("state", input::word("asked, covered, skipped"));
    let note = fields.optional("note", input::prose).filter(|note| !note.is_empty());
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let answer = fields.finish(|| Some(record_answer::Answer { state: state?, note }));
    let answer = app.told(answer, Place::Sheet(id), user, Right::Interviews).await?;
    app.store
        .write(move |tx| {
            record_answer(tx, now, user, id, &question, &answer, |at| seen.check_part(at.sheet, at.answer))
        })
        .await?;
    show(app, user, id, now).await
}

/// Takes back what was written about a question.
///
/// `If-Match` is understood as where something is written.
#[utoipa::path(
    params(IfMatch),
    responses((status = 200, description = "The sheet.", body = SheetView, headers(("ETag" = String)))),
    extensions(("x-problems" = json!(["withdrawn", "wrong_state"]))),
)]
#[delete("/interviews/<id>/sheet/<question>")]
async fn clear(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    question: String,
    seen: IfMatch,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    app.store
        .write(move |tx| {
            clear_answer(tx, now, user, id, &question, |at| seen.check_part(at.sheet, at.answer))
        })
        .await?;
    show(app, user, id, now).await
}
