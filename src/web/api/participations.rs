//! What a respondent sees and does by their personal link, without an account.

use rocket::{Route, State, get, post};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::Wish;
use crate::actions::book::book as book_interview;
use crate::actions::cancel::cancel as cancel_interview;
use crate::actions::consent::{Given, consent as give_consent};
use crate::actions::decline::decline as decline_study;
use crate::actions::delegate::remove_delegate as take_off;
use crate::actions::opt_out::opt_out as object;
use crate::actions::reschedule::{Move, reschedule as move_interview};
use crate::actions::withdraw::withdraw as leave;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done};
use crate::domain::availability::Slot;
use crate::domain::interview::{Asker, Mode};
use crate::domain::respondent::RespondentStatus;
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem};
use crate::queries::interviews::{self, InterviewView};
use crate::queries::page::Page;
use crate::queries::participation::{self, Evidence, Participation};
use crate::queries::slots as free;
use crate::store::Tx;
use crate::store::idempotency::Made;
use crate::store::respondents::Respondent;
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{LinkToken, RepeatKey};
use crate::web::input::{self, Body};
use crate::web::openapi::Nothing;
use crate::web::participation::{Door, Pressed, not_ourselves, with_alternatives};
use crate::web::query::Query;

use super::interviews::{MODES, Reason, read_move};
use super::participation_body::{read_consent, read_wish};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![
        show,
        consent,
        slots,
        book,
        reschedule,
        cancel,
        remove_delegate,
        withdraw,
        decline,
        opt_out
    ]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(
    show,
    consent,
    slots,
    book,
    reschedule,
    cancel,
    remove_delegate,
    withdraw,
    decline,
    opt_out
))]
pub struct Reference;

/// What a respondent sees of their participation.
///
/// Of one that has ended by withdrawal only the status is shown.
#[utoipa::path(responses((status = 200, description = "The participation.", body = Participation)))]
#[get("/participations/<token>")]
async fn show(app: &State<App>, token: LinkToken) -> Result<Answer, Problem> {
    let (now, digest) = (app.clock.now(), token.digest());
    Answer::ok(app.store.read(move |tx| participation::of_link(tx, &digest, now)).await?)
}

/// Consents.
///
/// Every item of the form is answered; those that are required must be agreed to. A copy goes out by mail.
#[utoipa::path(
    params(RepeatKey),
    request_body = Given,
    responses((status = 200, description = "The evidence of the consent.", body = Evidence)),
    extensions(("x-problems" = json!([
        "withdrawn", "study_closed", "consent_missing", "consent_required", "version_conflict",
    ]))),
)]
#[post("/participations/<token>/consent", data = "<body>")]
async fn consent(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let (now, given) = (pressed.now, pressed.told(read_consent(body.fields())).await?);
    let made = pressed.change(move |tx, who| give_consent(tx, now, who, &given)).await?;
    let id = made.resource;
    Answer::made(&made, app.store.read(move |tx| participation::evidence(tx, id)).await?)
}

/// The free times that a respondent can choose from.
///
/// They are told before the respondent has consented too, as they say nothing about anybody; booking and keeping one
/// need the consent.
#[utoipa::path(
    params(
        ("from" = Option<Instant>, Query, description = "The first moment; now when left out."),
        (
            "until" = Option<Instant>,
            Query,
            description = "The moment before which they begin, at most 31 days later; 14 days later when \
                left out.",
        ),
        (
            "mode" = Option<Mode>,
            Query,
            description = "Only for an interview that is held in this way, which decides the interviewer's \
                travel. When left out, as the interview that stands, else online where the study has that.",
        ),
    ),
    responses((status = 200, description = "The times; nothing follows.", body = Page<Slot>)),
    extensions(("x-problems" = json!(["invalid", "range_too_wide", "study_closed", "withdrawn"]))),
)]
#[get("/participations/<token>/slots")]
async fn slots(app: &State<App>, token: LinkToken, query: Query) -> Result<Answer, Problem> {
    let (now, digest) = (app.clock.now(), token.digest());
    let mut fields = query.fields(&["from", "until", "mode"]);
    let range = (fields.optional("from", input::bound), fields.optional("until", input::bound));
    let mode = fields.optional("mode", input::word::<Mode>(MODES));
    let asked = fields.finish(|| Some((range, mode)));
    if asked.is_err() {
        let link = digest.clone();
        app.store.read(move |tx| participation::admit(tx, &link).map(drop)).await?;
    }
    let (range, mode) = asked?;
    let items = app.store.read(move |tx| free::of_link(tx, &digest, mode, range, now)).await?;
    Answer::ok(Page::whole(items))
}

/// Books an interview.
///
/// Both sides get an invite by mail, and so does a `delegate`: somebody who makes the appointment for the respondent.
/// The respondent consents before that themselves. A start that was taken a moment ago is refused with the nearest
/// `alternatives`.
#[utoipa::path(
    params(RepeatKey),
    request_body = Wish,
    responses((status = 201, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!([
        "withdrawn", "consent_missing", "already_booked", "too_soon", "study_closed", "day_full",
        "outside_availability", "outside_window", "quota_full", "slot_taken", "week_full",
    ]))),
)]
#[post("/participations/<token>/interview", data = "<body>")]
async fn book(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Refused> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let read = read_wish(body.fields()).and_then(|wish| not_ourselves(app, wish));
    let (now, wish) = (pressed.now, pressed.told(read).await?);
    let domain = app.settings.mail_domain().to_owned();
    let made = interview(&pressed, move |tx, who| book_interview(tx, now, who, &wish, &domain));
    match made.await {
        Ok(answer) => Ok(answer),
        Err(problem) => Err(with_alternatives(app, problem, Asker::Respondent, now).await),
    }
}

/// Moves the planned interview.
///
/// The id stays, the sequence rises, and both sides get a renewed invite. Where the study asks for a notice, it is
/// refused after that.
#[utoipa::path(
    params(RepeatKey),
    request_body = Move,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!([
        "withdrawn", "no_interview", "too_soon", "study_closed", "day_full", "outside_availability",
        "outside_window", "slot_taken", "too_late_to_move", "week_full",
    ]))),
)]
#[post("/participations/<token>/interview/reschedule", data = "<body>")]
async fn reschedule(
    app: &State<App>,
    token: LinkToken,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Refused> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let (now, to): (_, Move) = (pressed.now, pressed.told(read_move(body.fields())).await?);
    match interview(&pressed, move |tx, who| move_interview(tx, now, who, &to)).await {
        Ok(answer) => Ok(answer),
        Err(problem) => Err(with_alternatives(app, problem, Asker::Respondent, now).await),
    }
}

/// Cancels the planned interview.
///
/// Cancelling twice is the same as once. Where the study asks for a notice, it is refused after that; withdrawing never
/// is.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Reason>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["withdrawn", "no_interview", "too_late_to_cancel", "wrong_state"]))),
)]
#[post("/participations/<token>/interview/cancel", data = "<body>")]
async fn cancel(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Refused> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let mut fields = body.fields();
    let reason = fields.optional("reason", input::prose);
    let (now, reason) = (pressed.now, pressed.told(fields.finish(|| Some(reason))).await?);
    let answer = interview(&pressed, move |tx, who| cancel_interview(tx, now, who, reason.as_deref()));
    Ok(answer.await?)
}

/// Takes off who made the appointment: it leaves their calendar, and their name and address are deleted.
///
/// The interview stands.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["withdrawn", "no_interview"]))),
)]
#[post("/participations/<token>/interview/remove-delegate", data = "<body>")]
async fn remove_delegate(
    app: &State<App>,
    token: LinkToken,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Refused> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let now = pressed.now;
    pressed.told(nothing_in(&body)).await?;
    Ok(interview(&pressed, move |tx, who| take_off(tx, now, who)).await?)
}

/// Withdraws from the study: consent ends, a planned interview is cancelled, and no more mail is sent.
///
/// Withdrawing twice is the same as once.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "Where the respondent stands.", body = Standing)),
)]
#[post("/participations/<token>/withdraw", data = "<body>")]
async fn withdraw(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::Everybody);
    let now = pressed.now;
    pressed.told(nothing_in(&body)).await?;
    let made = pressed.change(move |tx, who| leave(tx, now, who)).await?;
    standing(app, &token, made).await
}

/// Says no to the study.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "Where the respondent stands.", body = Standing)),
    extensions(("x-problems" = json!(["withdrawn", "wrong_state"]))),
)]
#[post("/participations/<token>/decline", data = "<body>")]
async fn decline(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let now = pressed.now;
    pressed.told(nothing_in(&body)).await?;
    let made = pressed.change(move |tx, who| decline_study(tx, now, who)).await?;
    standing(app, &token, made).await
}

/// Objects to being written to.
///
/// An interview that is planned stays.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "Where the respondent stands.", body = Standing)),
    extensions(("x-problems" = json!(["withdrawn"]))),
)]
#[post("/participations/<token>/opt-out", data = "<body>")]
async fn opt_out(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let now = pressed.now;
    pressed.told(nothing_in(&body)).await?;
    let made = pressed
        .change(move |tx, who| {
            let done = object(tx, now, who, Actor::Respondent(who.id))?;
            Ok(done.map(|()| Made::new(200, who.id)))
        })
        .await?;
    standing(app, &token, made).await
}

pub(super) fn pressed<'r>(
    app: &'r State<App>,
    token: &'r LinkToken,
    key: &'r RepeatKey,
    body: &'r Body,
    door: Door,
) -> Pressed<'r> {
    Pressed { app: app.inner(), token, key, door, raw: &body.raw, now: app.clock.now() }
}

/// Changes the respondent's interview; the answer is the interview as it stands then.
async fn interview<F>(pressed: &Pressed<'_>, change: F) -> Outcome<Answer>
where
    F: Fn(&mut Tx<'_>, &Respondent) -> Outcome<Done<Made<InterviewId>>> + Send + 'static,
{
    let (made, shown) = pressed.change_and_show(change, |tx, id| interviews::own(tx, *id)).await?;
    Answer::made(&made, shown)
}

/// Where a respondent stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Standing {
    status: RespondentStatus,
}

/// The answer to a step out of the study: where the respondent stands now.
pub(super) async fn standing<R>(app: &App, token: &LinkToken, made: Made<R>) -> Result<Answer, Problem> {
    let digest = token.digest();
    let status = app.store.read(move |tx| participation::status(tx, &digest)).await?;
    Answer::made(&made, Standing { status })
}

fn nothing_in(body: &Body) -> Outcome<()> {
    body.fields().finish(|| Some(()))
}
