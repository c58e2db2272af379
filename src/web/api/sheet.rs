//! The sheet of an interview.

use rocket::{Route, State, delete, get, put};

use crate::actions::record_answer::{self, clear_answer, record_answer};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::id::{InterviewId, UserId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::sheet;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, Researcher, etag};
use crate::web::input::{self, Body};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![one, record, clear]
}

async fn show(app: &App, user: UserId, interview: InterviewId, now: Instant) -> Result<Answer, Problem> {
    let view = app.store.read(move |tx| sheet::of(tx, user, interview, now)).await?;
    Ok(Answer::ok(&view)?.header("ETag", etag(view.revision)))
}

#[get("/interviews/<id>/sheet")]
async fn one(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    show(app, who.user, id.0, app.clock.now()).await
}

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
            record_answer(tx, now, user, id, &question, &answer, |revision| seen.check(revision))
        })
        .await?;
    show(app, user, id, now).await
}

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
        .write(move |tx| clear_answer(tx, now, user, id, &question, |revision| seen.check(revision)))
        .await?;
    show(app, user, id, now).await
}
