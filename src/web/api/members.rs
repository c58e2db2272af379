//! The members of a study.

use rocket::{Route, State, delete, get, patch, post};
use utoipa::{OpenApi, ToSchema};

use crate::actions::add_member::add_member;
use crate::actions::change_member::{MemberPatch, change_member};
use crate::actions::remove_member::remove_member;
use crate::domain::access::{Right, Role};
use crate::domain::interview::{MEETING_LINK_LIMIT, meeting_link};
use crate::domain::meeting::object_id;
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::members;
use crate::queries::page::Page;
use crate::store::idempotency::Made;
use crate::store::members::MemberItem;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::Paged;
use crate::web::query::{Listing, Query, listing};

const ROLES: &str = "owner, interviewer, reader";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, add, change, remove]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, add, change, remove))]
pub struct Reference;

/// The members of a study, in the order in which they joined.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The members.", body = Page<MemberItem>)),
)]
#[get("/studies/<study>/members")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing(&mut fields);
    let read = fields.finish(|| Some(part));
    let Listing { after, limit } = app.told(read, Place::Study(study), user, Right::View).await?;
    Answer::ok(app.store.read(move |tx| members::page(tx, user, study, after, limit)).await?)
}

/// Makes a researcher a member of a study.
///
/// The researcher must have an account here.
#[utoipa::path(
    params(RepeatKey),
    request_body = NewMember,
    responses((status = 201, description = "The member.", body = MemberItem)),
    extensions(("x-problems" = json!(["exists"]))),
)]
#[post("/studies/<study>/members", data = "<body>")]
async fn add(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let input = new_member(body.fields());
    let (email, role) = app.told(input, Place::Study(study), user, Right::ChangeStudy).await?;
    let made = app
        .store
        .write_once(key.once(user, &body.raw, now), move |tx| {
            Ok(add_member(tx, now, user, study, &email, role)?.map(|id| Made::new(201, id)))
        })
        .await?;
    let member = made.resource;
    let item = app.store.read(move |tx| members::get(tx, user, study, member)).await?;
    Answer::made(&made, item)
}

/// Who is to become a member, and as what.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct NewMember {
    /// The address with which they sign in.
    email: EmailAddress,
    role: Role,
}

/// Reads who is to become a member, and as what.
pub(in crate::web) fn new_member(mut fields: Fields) -> Outcome<(EmailAddress, Role)> {
    let email = fields.required("email", input::email);
    let role = fields.required("role", input::word::<Role>(ROLES));
    fields.finish(|| Some((email?, role?)))
}

/// Changes the role of a member, the link to their meetings, or who they are to Microsoft.
///
/// Owners change everybody; interviewers set their own link and Microsoft object id. The last owner stays.
#[utoipa::path(
    request_body = MemberPatch,
    responses((status = 200, description = "The member.", body = MemberItem)),
    extensions(("x-problems" = json!(["last_owner", "interviews_planned"]))),
)]
#[patch("/studies/<study>/members/<member>", data = "<body>")]
async fn change(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    member: Id<UserId>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study, member) = (app.clock.now(), who.user, study.0, member.0);
    let patch = app.told(member_patch(body.fields()), Place::Study(study), user, Right::View).await?;
    app.store.write(move |tx| change_member(tx, now, user, study, member, &patch)).await?;
    Answer::ok(app.store.read(move |tx| members::get(tx, user, study, member)).await?)
}

/// Reads what is to change of a member.
pub(in crate::web) fn member_patch(mut fields: Fields) -> Outcome<MemberPatch> {
    let role = fields.change("role", input::word::<Role>(ROLES));
    let microsoft_id = fields.change_or_clear("microsoft_id", |value| {
        let text = input::text(value)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        object_id(&text).map(Some).map_err(|code| FieldProblem::new("", code))
    });
    let teams_link = fields.change_or_clear("teams_link", |value| {
        let text = input::text(value)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        meeting_link(&text).map(Some).map_err(|code| match code {
            FieldCode::TooLong => FieldProblem::new("", code).with("limit", MEETING_LINK_LIMIT),
            _ => FieldProblem::new("", code),
        })
    });
    let (teams_link, microsoft_id) = (teams_link.map(Option::flatten), microsoft_id.map(Option::flatten));
    fields.finish(|| Some(MemberPatch { role, teams_link, microsoft_id }))
}

/// Ends a membership.
///
/// The last owner stays. The planned interviews of an interviewer who leaves go to the `successor`, at the times at
/// which they stand.
#[utoipa::path(
    params((
        "successor" = Option<UserId>,
        Query,
        description = "Who takes over the interviews that are planned; needed where there are some.",
    )),
    responses((status = 204, description = "Ended.")),
    extensions(("x-problems" = json!(["last_owner", "interviews_planned", "successor_taken", "unknown_reference"]))),
)]
#[delete("/studies/<study>/members/<member>")]
async fn remove(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    member: Id<UserId>,
    query: Query,
) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let mut fields = query.fields(&["successor"]);
    let successor = fields.optional("successor", input::id);
    let read = fields.finish(|| Some(successor));
    let successor = app.told(read, Place::Study(study.0), who.user, Right::ChangeStudy).await?;
    app.store.write(move |tx| remove_member(tx, now, who.user, study.0, member.0, successor)).await?;
    Answer::with_status(204, ())
}
