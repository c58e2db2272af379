//! Messages that came in and wait for a person.

use rocket::{Route, State, get, post};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use crate::actions::note_view::View;
use crate::actions::settle_mail::{Meaning, settle_mail};
use crate::domain::access::Right;
use crate::domain::attendance::Attendance;
use crate::id::{IncomingId, RespondentId, StudyId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::incoming_mail::{self, Message};
use crate::queries::page::{Page, one_more};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::Paged;
use crate::web::query::{Listing, Query, listing};

/// The answers, for the sentence about another one.
pub(in crate::web) const ATTENDANCES: &str = "accepted, declined, tentative, delegated";
const MEANINGS: &str = "answer, objection, nothing";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, settle]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, show, settle))]
pub struct Reference;

/// The messages of a study that wait, latest first.
///
/// Whatever comes in and is beyond doubt is done at once and is not kept. The rest changes nothing and waits here:
/// forged, late, too large or broken messages, and those that a person wrote. Each look is noted in the log.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The messages.", body = Page<Message>)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/studies/<study>/incoming-mail")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after: before, limit } = listing(&mut fields);
    let before = fields.finish(|| Some(before));
    let before = app.told(before, Place::Study(study), user, Right::Contacts).await?;
    let rows =
        app.store.read(move |tx| incoming_mail::page(tx, user, study, before, one_more(limit))).await?;
    app.note_view(user, View::Mail(study)).await?;
    Answer::ok(Page::cut(rows, limit, |message| message.id.to_string()))
}

/// One message that waits, with its text.
#[utoipa::path(
    responses((status = 200, description = "The message.", body = Message)),
    extensions(("x-problems" = json!(["forbidden"]))),
)]
#[get("/incoming-mail/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<IncomingId>) -> Result<Answer, Problem> {
    let (user, id) = (who.user, id.0);
    let (study, message) = app.store.read(move |tx| incoming_mail::one(tx, user, id)).await?;
    app.note_view(user, View::Mail(study)).await?;
    Answer::ok(message)
}

/// Tells what a message means, and deletes what it says.
///
/// `answer` notes the answer of a respondent to the invite to their interview; it never cancels the interview.
/// `objection` ends the letters to a respondent. `nothing` only puts the message away, in an archived study too. A
/// message of somebody who is known in several studies waits in each of them; an answer or an objection settles it in
/// all.
#[utoipa::path(
    params(RepeatKey),
    request_body = Settlement,
    responses((status = 200, description = "It is settled.", body = Settled)),
    extensions(("x-problems" = json!(["no_interview"]))),
)]
#[post("/incoming-mail/<id>/settle", data = "<body>")]
async fn settle(
    app: &State<App>,
    who: Researcher,
    id: Id<IncomingId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let meaning = app.told(read_meaning(body.fields()), Place::Incoming(id), user, Right::Contacts).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| settle_mail(tx, now, user, id, meaning)).await?;
    Answer::made(&made, json!({ "id": made.resource }))
}

/// What a message means.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Settlement {
    /// `answer`, `objection` or `nothing`.
    means: String,
    /// Whose answer or objection it is.
    #[schema(nullable = false)]
    respondent: Option<RespondentId>,
    /// The answer.
    #[schema(nullable = false)]
    attendance: Option<Attendance>,
}

/// A message that is settled.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer")]
struct Settled {
    id: IncomingId,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Answer,
    Objection,
    Nothing,
}

impl std::str::FromStr for Means {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "answer" => Ok(Self::Answer),
            "objection" => Ok(Self::Objection),
            "nothing" => Ok(Self::Nothing),
            _ => Err(()),
        }
    }
}

fn read_meaning(mut fields: Fields) -> Outcome<Meaning> {
    let means = fields.required("means", input::word::<Means>(MEANINGS));
    let respondent = fields.optional("respondent", input::id::<RespondentId>);
    let attendance = fields.optional("attendance", input::word::<Attendance>(ATTENDANCES));
    if matches!(means, Some(Means::Answer | Means::Objection)) && respondent.is_none() {
        fields.note("respondent", FieldProblem::new("", FieldCode::Required));
    }
    if means == Some(Means::Answer) && attendance.is_none() {
        fields.note("attendance", FieldProblem::new("", FieldCode::Required));
    }
    fields.finish(|| match means? {
        Means::Answer => Some(Meaning::Answer(respondent?, attendance?)),
        Means::Objection => Some(Meaning::Objection(respondent?)),
        Means::Nothing => Some(Meaning::Nothing),
    })
}
