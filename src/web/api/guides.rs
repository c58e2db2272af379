//! Interview guides: drafts, versions, Markdown and the alignment with research questions.

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::request::{self, FromRequest};
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, get, post, put};
use utoipa::OpenApi;

use super::guide_body::GuideBody;
use crate::actions::change_guide::change_guide;
use crate::actions::draft_guide::draft_guide;
use crate::actions::publish_guide::publish_guide;
use crate::domain::access::Right;
use crate::domain::guide::{Alignment, GuideDraft, markdown};
use crate::id::{GuideId, StudyId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::guides::{self, GuideItem, GuideView};
use crate::queries::page::{Page, one_more};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, RepeatKey, Researcher, etag};
use crate::web::input::Body;
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![draft, list, one, change, publish, alignment]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(draft, list, one, change, publish, alignment))]
pub struct Reference;

/// Whether the caller would rather have Markdown than JSON.
struct WantsMarkdown(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for WantsMarkdown {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let wants = request.accept().is_some_and(|accept| accept.preferred().media_type().is_markdown());
        request::Outcome::Success(Self(wants))
    }
}

/// A guide in the format that the caller prefers.
struct Shown {
    view: GuideView,
    as_markdown: bool,
}

impl<'r> Responder<'r, 'static> for Shown {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let tag = etag(self.view.head.revision);
        let mut answer = if self.as_markdown {
            let document = markdown::write(&self.view.guide);
            Response::build()
                .header(ContentType::Markdown)
                .sized_body(document.len(), Cursor::new(document))
                .finalize()
        } else {
            Answer::ok(&self.view).respond_to(request)?
        };
        answer.set_header(Header::new("ETag", tag));
        answer.set_header(Header::new("Vary", "Accept"));
        Ok(answer)
    }
}

/// What was made, as it now is.
async fn made(app: &App, who: &Researcher, made: Made<GuideId>) -> Result<Answer, Problem> {
    let (user, id) = (who.user, made.resource);
    let view = app.store.read(move |tx| guides::one(tx, user, id)).await?;
    Ok(Answer::made(&made, &view)?.header("ETag", etag(view.head.revision)))
}

/// Drafts an interview guide.
///
/// As JSON or, sent as `text/markdown`, as a document such as a guide can be exported as.
#[utoipa::path(
    params(RepeatKey),
    request_body(content((GuideDraft = "application/json"), (String = "text/markdown"))),
    responses((status = 201, description = "The draft.", body = GuideView, headers(("ETag" = String)))),
)]
#[post("/studies/<study>/guides", data = "<body>")]
async fn draft(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: GuideBody,
) -> Result<Answer, Problem> {
    let (now, user) = (app.clock.now(), who.user);
    let guide = app.told(body.guide(), Place::Study(study.0), user, Right::Guides).await?;
    let once = key.once(user, body.raw(), now);
    let done = app
        .store
        .write_once(once, move |tx| {
            Ok(draft_guide(tx, now, user, study.0, &guide)?.map(|id| Made::new(201, id)))
        })
        .await?;
    made(app, &who, done).await
}

/// The interview guides of a study, newest first.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The guides without their questions.", body = Page<GuideItem>)),
)]
#[get("/studies/<study>/guides")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after: before, limit } = listing::<GuideId>(&mut fields);
    let before = app.told(fields.finish(|| Some(before)), Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| guides::list(tx, user, study, before, one_more(limit))).await?;
    Answer::ok(Page::cut(rows, limit, |last| last.head.id.to_string()))
}

/// One interview guide.
///
/// `Accept: text/markdown` asks for it as a document, which can be sent back as it is.
#[utoipa::path(
    responses((
        status = 200,
        description = "The guide.",
        content((GuideView = "application/json"), (String = "text/markdown")),
        headers(("ETag" = String)),
    )),
)]
#[get("/guides/<id>")]
async fn one(
    app: &State<App>,
    who: Researcher,
    id: Id<GuideId>,
    markdown: WantsMarkdown,
) -> Result<Shown, Problem> {
    let view = app.store.read(move |tx| guides::one(tx, who.user, id.0)).await?;
    Ok(Shown { view, as_markdown: markdown.0 })
}

/// Replaces the content of a draft.
///
/// As JSON or as `text/markdown`; answered as `Accept` prefers.
#[utoipa::path(
    params(IfMatch),
    request_body(content((GuideDraft = "application/json"), (String = "text/markdown"))),
    responses((
        status = 200,
        description = "The draft.",
        content((GuideView = "application/json"), (String = "text/markdown")),
        headers(("ETag" = String)),
    )),
    extensions(("x-problems" = json!(["published"]))),
)]
#[put("/guides/<id>", data = "<body>")]
async fn change(
    app: &State<App>,
    who: Researcher,
    id: Id<GuideId>,
    seen: IfMatch,
    markdown: WantsMarkdown,
    body: GuideBody,
) -> Result<Shown, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let guide = app.told(body.guide(), Place::Guide(id), user, Right::Guides).await?;
    app.store
        .write(move |tx| change_guide(tx, now, user, id, &guide, |revision| seen.check(revision)))
        .await?;
    let view = app.store.read(move |tx| guides::one(tx, user, id)).await?;
    Ok(Shown { view, as_markdown: markdown.0 })
}

/// Publishes a draft, which makes it the next version and can never change.
#[utoipa::path(
    params(IfMatch, RepeatKey),
    request_body = Option<Nothing>,
    responses((
        status = 200,
        description = "The guide with its version.",
        body = GuideView,
        headers(("ETag" = String)),
    )),
    extensions(("x-problems" = json!(["published", "version_conflict"]))),
)]
#[post("/guides/<id>/publish", data = "<body>")]
async fn publish(
    app: &State<App>,
    who: Researcher,
    id: Id<GuideId>,
    seen: IfMatch,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user) = (app.clock.now(), who.user);
    app.told(body.fields().finish(|| Some(())), Place::Guide(id.0), user, Right::Guides).await?;
    let once = key.once(user, &body.raw, now);
    let done = app
        .store
        .write_once(once, move |tx| {
            let done = publish_guide(tx, now, user, id.0, |revision| seen.check(revision))?;
            Ok(done.map(|id| Made::new(200, id)))
        })
        .await?;
    made(app, &who, done).await
}

/// How the questions of a guide serve the research questions, and its minutes an interview.
#[utoipa::path(
    responses((status = 200, description = "The matrix, and what deserves a look.", body = Alignment)),
)]
#[get("/guides/<id>/alignment")]
async fn alignment(app: &State<App>, who: Researcher, id: Id<GuideId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| guides::alignment(tx, who.user, id.0)).await?)
}
