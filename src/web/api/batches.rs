//! What is done to many respondents at once: prepared, looked at, confirmed.

use rocket::{Route, State, delete, get, post};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use super::respondents::STATUSES;
use crate::actions::confirm_batch::drop_batch;
use crate::actions::prepare_batch::Plan;
use crate::domain::access::Right;
use crate::domain::batch::{Act, Fate};
use crate::domain::respondent::RespondentStatus;
use crate::domain::wave::{Fitting, Selection};
use crate::id::{BatchId, RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::batches::{self, BatchItem, BatchPerson};
use crate::queries::page::Page;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::batches as shared;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fault};
use crate::web::openapi::Paged;
use crate::web::query::{Listing, Query, listing};

/// The names of what can be done, for telling which are possible. An import is undone from its page.
pub(in crate::web) const ACTS: &str = "withdraw, opt_out, choose_interviewer, renew_link, send_link, remove_contact, \
    erase";
/// The names of what becomes of people.
pub(in crate::web) const FATES: &str = "waiting, done, unknown, gone, withdrawn, opted_out, declined, referred, \
    not_invited, same_interviewer, in_use, contact_removed, taking_part, interview_planned, letters_waiting, mail_waiting";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![prepare, show, people, confirm, throw_away]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(prepare, show, people, confirm, throw_away))]
pub struct Reference;

/// Prepares something that is to be done to many respondents.
///
/// Nothing is done yet. While its `state` is `gathering`, whom it is for is still being looked up. It waits for a day,
/// and only its researcher sees it.
#[utoipa::path(
    params(RepeatKey),
    request_body = BatchAsked,
    responses((status = 201, description = "For how many it is, and who is left out.", body = BatchItem)),
    extensions(("x-problems" = json!(["study_closed"]))),
)]
#[post("/studies/<study>/batches", data = "<body>")]
async fn prepare(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let plan = app.told(plan(&body), Place::Study(study), user, Right::Contacts).await?;
    let made = shared::prepare(app, key.once(user, &body.raw, now), (user, study), plan).await?;
    Answer::made(&made, find(app, user, made.resource).await?)
}

/// One batch, and how far it has come.
#[utoipa::path(
    responses((status = 200, description = "The batch.", body = BatchItem)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/batches/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<BatchId>) -> Result<Answer, Problem> {
    Answer::ok(find(app, who.user, id.0).await?)
}

/// The people of a batch in the order of the list, and what becomes of each.
#[utoipa::path(
    params(
        ("fate" = Option<Fate>, Query, description = "Only those of whom this becomes."),
        Paged,
    ),
    responses((status = 200, description = "The people.", body = Page<BatchPerson>)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/batches/<id>/people")]
async fn people(app: &State<App>, who: Researcher, id: Id<BatchId>, query: Query) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = query.fields(&["fate", "cursor", "limit"]);
    let fate = fields.optional("fate", input::word::<Fate>(FATES));
    let Listing { after, limit } = listing::<RespondentId>(&mut fields);
    // Whoever may not see the batch is told so before what was wrong with the question.
    find(app, user, id).await?;
    let (fate, after) = fields.finish(|| Some((fate, after)))?;
    Answer::ok(app.store.read(move |tx| batches::people(tx, now, user, id, (fate, after, limit))).await?)
}

/// Does what was prepared, to exactly those people for whom it was prepared.
///
/// `count` is the number of those who wait; another one is refused. It goes on by itself after the answer, as its
/// `state` tells. Whoever changed in between is left out, with the reason. Confirming twice is the same as once.
#[utoipa::path(
    request_body = BatchConfirmed,
    responses((status = 200, description = "The batch.", body = BatchItem)),
    extensions(("x-problems" = json!(["version_conflict"]))),
)]
#[post("/batches/<id>/confirm", data = "<body>")]
async fn confirm(app: &State<App>, who: Researcher, id: Id<BatchId>, body: Body) -> Result<Answer, Problem> {
    let (user, id) = (who.user, id.0);
    find(app, user, id).await?;
    let mut fields = body.fields();
    let count = fields.required("count", input::integer(0, i64::MAX));
    let count = fields.finish(|| count)?;
    shared::confirm(app, user, id, Some(count)).await?;
    Answer::ok(find(app, user, id).await?)
}

/// Throws a batch away that was not confirmed.
#[utoipa::path(
    responses((status = 204, description = "Thrown away.")),
    extensions(("x-problems" = json!(["version_conflict"]))),
)]
#[delete("/batches/<id>")]
async fn throw_away(app: &State<App>, who: Researcher, id: Id<BatchId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.store.write(move |tx| drop_batch(tx, now, who.user, id.0)).await?;
    Answer::with_status(204, ())
}

async fn find(app: &App, user: UserId, id: BatchId) -> Outcome<BatchItem> {
    let now = app.clock.now();
    app.store.read(move |tx| batches::get(tx, now, user, id)).await
}

/// What is to be done, and to whom.
#[derive(ToSchema)]
#[schema(examples(json!({ "act": "withdraw", "respondents": null, "status": "invited" })))]
#[expect(dead_code, reason = "it only describes the body")]
struct BatchAsked {
    /// What is done: any act but `remove`.
    act: Act,
    /// The ids of respondents; null for everybody whom the rest leaves.
    respondents: Option<Vec<RespondentId>>,
    /// Where everybody is meant: only with this status.
    status: Option<RespondentStatus>,
    /// Where everybody is meant: only of the stratum with this key.
    stratum: Option<String>,
    /// Where everybody is meant: only who works for the municipality with this code.
    municipality: Option<String>,
    /// For `choose_interviewer`: who; null for nobody in particular.
    interviewer: Option<UserId>,
}

/// For how many people it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct BatchConfirmed {
    /// How many people wait.
    count: i64,
}

fn plan(body: &Body) -> Outcome<Plan> {
    let mut fields = body.fields();
    let act = fields.required("act", asked_act);
    let respondents = fields.optional("respondents", ids);
    let stratum = fields.optional("stratum", input::line);
    let fitting = Fitting {
        status: fields.optional("status", input::word::<RespondentStatus>(STATUSES)),
        municipality: fields.optional("municipality", input::id),
        ..Fitting::default()
    };
    let interviewer = fields.optional("interviewer", input::id);
    fields.finish(|| {
        let selection = Selection::new(respondents, stratum).fitting(fitting);
        Some(Plan { act: act?, interviewer, selection })
    })
}

fn asked_act(value: &Value) -> Result<Act, Fault> {
    let act = input::word::<Act>(ACTS)(value)?;
    let is_offered = Act::CHOSEN.contains(&act);
    if is_offered { Ok(act) } else { Err(FieldProblem::new("", FieldCode::Value).with("allowed", ACTS)) }
}

/// A list of ids; one that can be no id is as unknown as any other (E29).
fn ids(value: &Value) -> Result<Vec<RespondentId>, Fault> {
    let wrong_type = || FieldProblem::new("", FieldCode::Type).with("expected", "array");
    value.as_array().ok_or_else(wrong_type)?.iter().map(input::id).collect()
}
