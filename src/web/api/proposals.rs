//! Moments that respondents propose where none that is offered fits.

use rocket::{Route, State, get, post};
use serde_json::Value;
use utoipa::OpenApi;

use super::interviews::MODES;
use super::participations::pressed;
use crate::actions::accept_proposal::{Acceptance, accept_proposal};
use crate::actions::decline_proposal::decline_proposal;
use crate::actions::note_view::View;
use crate::actions::propose::propose as keep_proposal;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::{Asker, Mode};
use crate::domain::proposal::{ProposalOrigin, ProposalState, Proposing};
use crate::id::{ProposalId, StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::interviews::{self, InterviewView};
use crate::queries::page::{Page, one_more};
use crate::queries::proposals::{self, OwnProposal, ProposalDetail, ProposalView};
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{Id, LinkToken, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::{Nothing, Paged};
use crate::web::participation::{Door, with_alternatives};
use crate::web::query::{Listing, Query, listing};

const STATES: &str = "open, accepted, declined, replaced, ended";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![propose, list, show, accept, decline]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(propose, list, show, accept, decline))]
pub struct Reference;

/// Proposes moments where none that is offered fits.
///
/// Nothing is reserved: a researcher accepts one of them, or none. Where an interview is planned, it would move. A new
/// proposal takes the place of the one before it; booking, moving, cancelling, withdrawing and the closing of the study
/// end it.
#[utoipa::path(
    params(RepeatKey),
    request_body = Proposing,
    responses((status = 201, description = "The proposal.", body = OwnProposal)),
    extensions(("x-problems" = json!([
        "withdrawn", "study_closed", "consent_missing", "already_booked", "no_interview", "quota_full",
    ]))),
)]
#[post("/participations/<token>/proposals", data = "<body>")]
async fn propose(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let (now, proposing) = (pressed.now, pressed.told(read(body.fields())).await?);
    let made =
        pressed.change(move |tx, who| keep_proposal(tx, now, who, ProposalOrigin::Page, &proposing)).await?;
    let id = made.resource;
    Answer::made(&made, app.store.read(move |tx| proposals::own_one(tx, id)).await?)
}

fn read(mut fields: Fields) -> Outcome<Proposing> {
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let place = fields.optional("place", input::line);
    let remark = fields.optional("remark", input::prose);
    let given = fields.required("moments", |value| match value {
        Value::Array(moments) => Ok(moments.clone()),
        _ => Err(FieldProblem::new("", FieldCode::Type).with("expected", "array")),
    });
    let mut moments = Vec::new();
    for (number, moment) in given.iter().flatten().enumerate() {
        match input::instant(moment) {
            Ok(moment) => moments.push(moment),
            Err(fault) => fields.note(&format!("moments.{number}"), fault),
        }
    }
    fields.finish(|| Some(Proposing { mode: mode?, place, moments, remark }))
}

/// What respondents of a study proposed, in the order of its making.
#[utoipa::path(
    params(
        ("state" = Option<ProposalState>, Query, description = "Only what stands so; `open` is what waits."),
        Paged,
    ),
    responses((status = 200, description = "The proposals.", body = Page<ProposalView>)),
)]
#[get("/studies/<study>/proposals")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["state", "cursor", "limit"]);
    let state = fields.optional("state", input::word::<ProposalState>(STATES));
    let Listing { after, limit } = listing::<ProposalId>(&mut fields);
    let filter = fields.finish(|| Some((state, after)));
    let filter = app.told(filter, Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| proposals::page(tx, user, study, filter, one_more(limit))).await?;
    if rows.iter().any(|row| row.place.is_some() || row.remark.is_some()) {
        app.note_view(user, View::Respondents(study)).await?;
    }
    Answer::ok(Page::cut(rows, limit, |last| last.id.to_string()))
}

/// One proposal, and who could hold an interview at each of its moments.
#[utoipa::path(responses((status = 200, description = "The proposal.", body = ProposalDetail)))]
#[get("/proposals/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<ProposalId>) -> Result<Answer, Problem> {
    let found = detail(app, who.user, id.0, app.clock.now()).await?;
    Answer::ok(found)
}

/// Accepts one of the moments: the interview is booked, or moved to it.
///
/// Hours bind nobody who decides about them: one's own, and for an owner those of everybody. What is planned already,
/// the time to travel, the caps and the fieldwork do. Both sides get an invite by mail.
#[utoipa::path(
    params(RepeatKey),
    request_body = Acceptance,
    responses(
        (status = 200, description = "The interview that moved.", body = InterviewView),
        (status = 201, description = "The interview that was booked.", body = InterviewView),
    ),
    extensions(("x-problems" = json!([
        "proposal_over", "study_closed", "consent_missing", "withdrawn", "already_booked", "wrong_state",
        "too_soon", "quota_full", "outside_availability", "outside_window", "day_full", "week_full",
        "slot_taken", "second_interviewer_taken", "second_interviewer_away", "mode_not_offered",
    ]))),
)]
#[post("/proposals/<id>/accept", data = "<body>")]
async fn accept(
    app: &State<App>,
    who: Researcher,
    id: Id<ProposalId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Refused> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = body.fields();
    let starts_at = fields.required("starts_at", input::instant);
    let interviewer = fields.optional("interviewer", input::id);
    let read = fields.finish(|| Some(Acceptance { starts_at: starts_at?, interviewer }));
    let acceptance = app.told(read, Place::Proposal(id), user, Right::Interviews).await?;
    let (once, domain) = (key.once(user, &body.raw, now), app.settings.mail_domain().to_owned());
    let accepted =
        app.store.write_once(once, move |tx| accept_proposal(tx, now, user, id, acceptance, &domain));
    match accepted.await {
        Ok(made) => {
            let id = made.resource;
            let shown = app.store.read(move |tx| interviews::one(tx, user, id)).await?;
            Ok(Answer::made(&made, shown)?)
        }
        Err(problem) => Err(with_alternatives(app, problem, Asker::Researcher, now).await),
    }
}

/// Declines all moments of a proposal; the respondent is asked to choose another time.
///
/// An interview that would have moved stands where it stood. Declining twice is the same as once.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The proposal.", body = ProposalDetail)),
    extensions(("x-problems" = json!(["proposal_over"]))),
)]
#[post("/proposals/<id>/decline", data = "<body>")]
async fn decline(
    app: &State<App>,
    who: Researcher,
    id: Id<ProposalId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    app.told(body.fields().finish(|| Some(())), Place::Proposal(id), user, Right::Interviews).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| decline_proposal(tx, now, user, id)).await?;
    Answer::made(&made, detail(app, user, id, now).await?)
}

async fn detail(app: &App, user: UserId, id: ProposalId, now: Instant) -> Outcome<ProposalDetail> {
    let found = app.store.read(move |tx| proposals::one(tx, user, id, now)).await?;
    if found.proposal.place.is_some() || found.proposal.remark.is_some() {
        app.note_view(user, View::Respondent(found.proposal.respondent)).await?;
    }
    Ok(found)
}
