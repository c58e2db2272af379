//! Interviews, on the researcher's side.

use rocket::{Route, State, get, post, put};

use crate::actions::cancel::cancel_interview;
use crate::actions::note_view::View;
use crate::actions::record::{Became, record};
use crate::actions::reschedule::{Move, reschedule_interview};
use crate::actions::set_join_link::set_join_link;
use crate::domain::access::Right;
use crate::domain::interview::{Asker, InterviewStatus, Mode};
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::interviews::{self, Filter};
use crate::queries::page::{Cursor, Page, one_more};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::participation::with_alternatives;
use crate::web::query::{Listing, Query, listing};

/// The ways to hold an interview, for the sentence about another one.
pub(in crate::web) const MODES: &str = "teams, in_person";
const STATUSES: &str = "booked, cancelled, held, no_show";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, reschedule, set_link, cancel, held, no_show]
}

#[get("/studies/<study>/interviews")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["status", "from", "cursor", "limit"]);
    let status = fields.optional("status", input::word::<InterviewStatus>(STATUSES));
    let from = fields.optional("from", input::instant);
    let Listing { after, limit } = listing::<Cursor<InterviewId>>(&mut fields);
    let filter = Filter { status, from, after: after.map(|Cursor(start, id)| (start, id)) };
    let filter = app.told(fields.finish(|| Some(filter)), Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| interviews::page(tx, user, study, filter, one_more(limit))).await?;
    if rows.iter().any(|interview| interview.place.is_some()) {
        app.note_view(user, View::Interviews(study)).await?;
    }
    Answer::ok(Page::cut(rows, limit, |last| Cursor(last.starts_at, last.id).to_string()))
}

#[get("/interviews/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    let interview = app.store.read(move |tx| interviews::one(tx, who.user, id.0)).await?;
    if interview.place.is_some() {
        app.note_view(who.user, View::Interview(id.0)).await?;
    }
    Answer::ok(interview)
}

#[post("/interviews/<id>/reschedule", data = "<body>")]
async fn reschedule(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Refused> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let to = app.told(read_move(body.fields()), Place::Interview(id), user, Right::Interviews).await?;
    let once = key.once(user, &body.raw, now);
    match app.store.write_once(once, move |tx| reschedule_interview(tx, now, user, id, &to)).await {
        Ok(made) => Ok(answer(app, user, made).await?),
        Err(problem) => Err(with_alternatives(app, problem, Asker::Researcher, now).await),
    }
}

#[put("/interviews/<id>/join-link", data = "<body>")]
async fn set_link(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = body.fields();
    let link = fields.optional("join_link", input::text);
    let link = app.told(fields.finish(|| Some(link)), Place::Interview(id), user, Right::Interviews).await?;
    let made = app.store.write(move |tx| set_join_link(tx, now, user, id, link.as_deref())).await?;
    answer(app, user, made).await
}

#[post("/interviews/<id>/cancel", data = "<body>")]
async fn cancel(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = body.fields();
    let reason = fields.optional("reason", input::prose);
    let reason =
        app.told(fields.finish(|| Some(reason)), Place::Interview(id), user, Right::Interviews).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| cancel_interview(tx, now, user, id, reason.as_deref()));
    answer(app, user, made.await?).await
}

#[post("/interviews/<id>/held", data = "<body>")]
async fn held(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    note(app, who.user, id.0, &key, &body, Became::Held).await
}

#[post("/interviews/<id>/no-show", data = "<body>")]
async fn no_show(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    note(app, who.user, id.0, &key, &body, Became::NoShow).await
}

async fn note(
    app: &App,
    user: UserId,
    id: InterviewId,
    key: &RepeatKey,
    body: &Body,
    became: Became,
) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.told(body.fields().finish(|| Some(())), Place::Interview(id), user, Right::Interviews).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| record(tx, now, user, id, became)).await?;
    answer(app, user, made).await
}

async fn answer(app: &App, user: UserId, made: Made<InterviewId>) -> Result<Answer, Problem> {
    let id = made.resource;
    Answer::made(&made, app.store.read(move |tx| interviews::one(tx, user, id)).await?)
}

/// Reads where an interview is to be moved to.
pub(in crate::web) fn read_move(mut fields: Fields) -> Outcome<Move> {
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.change("mode", input::word::<Mode>(MODES));
    let place = fields.change_or_clear("place", input::line);
    let interviewer = fields.optional("interviewer", input::id);
    fields.finish(|| Some(Move { starts_at: starts_at?, mode, place, interviewer }))
}
