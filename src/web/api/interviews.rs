//! Interviews, on the researcher's side.

use rocket::{Route, State, delete, get, post, put};
use utoipa::{OpenApi, ToSchema};

use crate::actions::cancel::cancel_interview;
use crate::actions::delegate::remove_delegate_of;
use crate::actions::note_view::View;
use crate::actions::record::{Became, record};
use crate::actions::reschedule::{Move, reschedule_interview};
use crate::actions::second_interviewer::set_second_interviewer;
use crate::actions::set_join_link::set_join_link;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::{Asker, InterviewStatus, Mode};
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::incoming_mail::{self, CalendarAnswer};
use crate::queries::interviews::{self, Filter, InterviewView};
use crate::queries::page::{Cursor, Page, one_more};
use crate::queries::reminders::{self, Reminders};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::{Nothing, Paged};
use crate::web::participation::with_alternatives;
use crate::web::query::{Listing, Query, listing};

/// The ways to hold an interview, for the sentence about another one.
pub(in crate::web) const MODES: &str = "teams, in_person";
const STATUSES: &str = "booked, cancelled, held, no_show";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![
        list,
        show,
        show_reminders,
        show_answers,
        reschedule,
        set_link,
        set_second,
        remove_delegate,
        cancel,
        held,
        no_show
    ]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(
    list,
    super::bookings::book,
    show,
    show_reminders,
    show_answers,
    reschedule,
    set_link,
    set_second,
    remove_delegate,
    cancel,
    held,
    no_show
))]
pub struct Reference;

/// The interviews of a study by their starts, the cancelled ones included.
#[utoipa::path(
    params(
        ("status" = Option<InterviewStatus>, Query, description = "Only with this status."),
        ("from" = Option<Instant>, Query, description = "Only those that begin at this moment or later."),
        Paged,
    ),
    responses((status = 200, description = "The interviews.", body = Page<InterviewView>)),
)]
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
    let from = fields.optional("from", input::bound);
    let Listing { after, limit } = listing::<Cursor<InterviewId>>(&mut fields);
    let filter = Filter { status, from, after: after.map(|Cursor(start, id)| (start, id)) };
    let filter = app.told(fields.finish(|| Some(filter)), Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| interviews::page(tx, user, study, filter, one_more(limit))).await?;
    if rows.iter().any(InterviewView::is_personal) {
        app.note_view(user, View::Interviews(study)).await?;
    }
    Answer::ok(Page::cut(rows, limit, |last| Cursor(last.starts_at, last.id).to_string()))
}

/// One interview.
#[utoipa::path(responses((status = 200, description = "The interview.", body = InterviewView)))]
#[get("/interviews/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    let interview = app.store.read(move |tx| interviews::one(tx, who.user, id.0)).await?;
    if interview.is_personal() {
        app.note_view(who.user, View::Interview(id.0)).await?;
    }
    Answer::ok(interview)
}

/// The reminders of an interview: those to come, and the letters that were made.
///
/// Both sides are reminded as the study's `reminder_lead_minutes` and quiet hours say. A lead that was past when the
/// interview got its time is not made up for, and an interview that is moved has the reminders of its new time only.
#[utoipa::path(responses((status = 200, description = "The reminders.", body = Reminders)))]
#[get("/interviews/<id>/reminders")]
async fn show_reminders(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| reminders::of(tx, who.user, id.0)).await?)
}

/// What the respondent and the researcher answered in their calendars to the invite.
///
/// An answer to an earlier time does not hold for this one. Declining in a calendar never cancels an interview.
#[utoipa::path(responses((status = 200, description = "The answers.", body = Vec<CalendarAnswer>)))]
#[get("/interviews/<id>/answers")]
async fn show_answers(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    let answers = app.store.read(move |tx| incoming_mail::answers(tx, who.user, id.0)).await?;
    if answers.iter().any(|answer| answer.comment.is_some()) {
        app.note_view(who.user, View::Interview(id.0)).await?;
    }
    Answer::ok(answers)
}

/// Moves an interview to another time, place, way or interviewer.
///
/// The id stays, the sequence rises, and everybody who is to be there gets a renewed invite. The notice of the study
/// does not bind researchers. A second interviewer moves along; one who is named as `interviewer` takes the interview
/// over.
#[utoipa::path(
    params(RepeatKey),
    request_body = Move,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!([
        "study_closed", "contact_removed", "day_full", "outside_availability", "outside_window", "slot_taken",
        "second_interviewer_taken", "second_interviewer_away", "wrong_state", "too_soon", "week_full", "withdrawn",
    ]))),
)]
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

/// Sets the link by which an online interview is joined, and sends both sides an update.
#[utoipa::path(
    request_body = Option<JoinLink>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
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

/// Gives a planned interview a second interviewer, or none.
///
/// It takes their time too: the interview, the buffer and, in person, their travel. Everybody is told who will be
/// there.
#[utoipa::path(
    request_body = Option<SecondInterviewer>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["wrong_state", "second_interviewer_taken", "second_interviewer_away"]))),
)]
#[put("/interviews/<id>/second-interviewer", data = "<body>")]
async fn set_second(
    app: &State<App>,
    who: Researcher,
    id: Id<InterviewId>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = body.fields();
    let second = fields.optional("second_interviewer", input::id);
    let second =
        app.told(fields.finish(|| Some(second)), Place::Interview(id), user, Right::Interviews).await?;
    let made = app.store.write(move |tx| set_second_interviewer(tx, now, user, id, second)).await?;
    answer(app, user, made).await
}

/// Takes off who made the appointment for the respondent.
///
/// It leaves their calendar, and their name and address are deleted; the interview stands.
#[utoipa::path(responses((status = 204, description = "They are told of it no longer.")))]
#[delete("/interviews/<id>/delegate")]
async fn remove_delegate(app: &State<App>, who: Researcher, id: Id<InterviewId>) -> Result<Answer, Problem> {
    let (now, user) = (app.clock.now(), who.user);
    app.store.write(move |tx| remove_delegate_of(tx, now, user, id.0)).await?;
    Answer::with_status(204, ())
}

/// Cancels an interview.
///
/// Cancelling twice is the same as once.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Reason>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
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

/// Notes that an interview was held, from its start on.
///
/// One that was noted as missed is corrected, which takes its place again.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["too_soon", "wrong_state", "quota_full", "already_booked"]))),
)]
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

/// Notes that the respondent did not come, from the start of the interview on.
///
/// This frees the place; one that was noted as held is corrected.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!(["too_soon", "wrong_state", "already_booked"]))),
)]
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

/// By which link one joins.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct JoinLink {
    /// An https address; null for the interviewer's or the study's own link.
    #[schema(max_length = 2_000)]
    join_link: Option<String>,
}

/// Who holds an interview together with its interviewer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct SecondInterviewer {
    /// A member who plans interviews; null for nobody.
    second_interviewer: Option<UserId>,
}

/// Why something is called off.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
pub(super) struct Reason {
    /// What the other side is told.
    #[schema(max_length = 20_000)]
    reason: Option<String>,
}

/// An interview as it is after a change.
pub(super) async fn answer(app: &App, user: UserId, made: Made<InterviewId>) -> Result<Answer, Problem> {
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
