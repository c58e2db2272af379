//! Studies: making, seeing, changing, closing.

use rocket::{Route, State, get, patch, post};
use utoipa::{OpenApi, ToSchema};

use super::study_body::{NewStudy, changes, new_study};
use crate::actions::change_study::change_study;
use crate::actions::close_study::{close_study, reopen_study};
use crate::actions::create_study::create_study;
use crate::domain::access::Right;
use crate::domain::audit::Done;
use crate::domain::study::StudyPatch;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::{self, Place};
use crate::queries::page::Page;
use crate::queries::studies::{self, StudyItem};
use crate::store::idempotency::Made;
use crate::store::studies::StudyRow;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::closing::{Way, Winding};
use crate::web::guards::{Id, IfMatch, RepeatKey, Researcher, etag};
use crate::web::input::{self, Body};
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, create, show, change, close, reopen]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, create, show, change, close, reopen))]
pub struct Reference;

/// The studies of which one is a member, in the order of their making.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The studies.", body = Page<StudyItem>)),
)]
#[get("/studies")]
async fn list(app: &State<App>, who: Researcher, query: Query) -> Result<Answer, Problem> {
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after, limit } = listing(&mut fields);
    fields.finish(|| Some(()))?;
    Answer::ok(app.store.read(move |tx| studies::page(tx, who.user, after, limit)).await?)
}

/// Makes a study, of which one becomes the owner.
#[utoipa::path(
    params(RepeatKey),
    request_body = NewStudy,
    responses((status = 201, description = "The study.", body = StudyItem, headers(("ETag" = String)))),
)]
#[post("/studies", data = "<body>")]
async fn create(app: &State<App>, who: Researcher, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let study = new_study(body.fields(), now)?;
    let once = key.once(who.user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| Ok(create_study(tx, now, who.user, &study)?.map(|id| Made::new(201, id))))
        .await?;
    let study = find(app, who.user, made.resource).await?;
    let tag = etag(study.revision);
    Ok(Answer::made(&made, study)?.header("ETag", tag))
}

/// One study.
#[utoipa::path(
    responses((status = 200, description = "The study.", body = StudyItem, headers(("ETag" = String)))),
)]
#[get("/studies/<study>")]
async fn show(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    tagged(find(app, who.user, study.0).await?)
}

/// Changes a study.
///
/// Another date of population moves every respondent to the right stratum. Other rules bind new bookings only.
#[utoipa::path(
    params(IfMatch),
    request_body = StudyPatch,
    responses((status = 200, description = "The study.", body = StudyItem, headers(("ETag" = String)))),
)]
#[patch("/studies/<study>", data = "<body>")]
async fn change(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    revision: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let study = study.0;
    let place = Place::Study(study);
    app.store.read(move |tx| access::require(tx, place, who.user, Right::ChangeStudy)).await?;
    let before = find(app, who.user, study).await?;
    let patch = changes(body.fields(), &before.study)?;
    let now = app.clock.now();
    let fits = move |found: &StudyRow| revision.check(found.revision);
    app.store.write(move |tx| change_study(tx, now, who.user, study, &patch, &fits)).await?;
    tagged(find(app, who.user, study).await?)
}

/// Closes a study: it takes no more bookings.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Closing>,
    responses((status = 200, description = "The study.", body = StudyItem)),
)]
#[post("/studies/<study>/close", data = "<body>")]
async fn close(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = body.fields();
    let letters = fields.optional("letters", input::boolean).unwrap_or(false);
    let cancels = fields.optional("cancel_interviews", input::boolean).unwrap_or(false);
    let wish = Winding { letters: Way::wished(letters), interviews: Way::wished(cancels) };
    let mut left =
        app.told(fields.finish(|| Some(wish)), Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| Ok(close_study(tx, now, user, study)?.map(|()| Made::new(200, study))))
        .await?;
    while !left.is_over() {
        left = left.step(app, now, user, study).await?;
    }
    Answer::made(&made, find(app, user, study).await?)
}

/// Opens a closed study again.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The study.", body = StudyItem)),
)]
#[post("/studies/<study>/reopen", data = "<body>")]
async fn reopen(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| -> Outcome<Done<_>> {
            Ok(reopen_study(tx, now, user, study)?.map(|()| Made::new(200, study)))
        })
        .await?;
    Answer::made(&made, find(app, user, study).await?)
}

/// How a study is closed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Closing {
    /// Whether those who wait are told by mail; no when left out.
    letters: Option<bool>,
    /// Whether interviews that are still ahead are called off, and both sides told; no when left out.
    cancel_interviews: Option<bool>,
}

async fn find(app: &State<App>, user: UserId, study: StudyId) -> Outcome<StudyItem> {
    app.store.read(move |tx| studies::get(tx, user, study)).await
}

fn tagged(study: StudyItem) -> Result<Answer, Problem> {
    let tag = etag(study.revision);
    Ok(Answer::ok(study)?.header("ETag", tag))
}
