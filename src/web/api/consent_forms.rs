//! Consent forms: drafts, and the versions that respondents are shown.

use rocket::{Route, State, get, post, put};
use utoipa::OpenApi;

use crate::actions::draft_consent_form::{draft_consent_form, redraft_consent_form};
use crate::actions::publish_consent_form::publish_consent_form;
use crate::domain::access::Right;
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::id::{ConsentFormId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::consent_forms::{self, FormView};
use crate::queries::page::{Page, one_more};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, RepeatKey, Researcher, content_etag};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// More items than a form may have are read only to be refused.
const ITEMS_READ: usize = 200;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, draft, show, redraft, publish]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, draft, show, redraft, publish))]
pub struct Reference;

/// The consent forms of a study, drafts and versions, oldest first.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The forms.", body = Page<FormView>)),
)]
#[get("/studies/<study>/consent-forms")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after, limit } = listing::<ConsentFormId>(&mut fields);
    let after = app.told(fields.finish(|| Some(after)), Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| consent_forms::page(tx, user, study, after, one_more(limit))).await?;
    Answer::ok(Page::cut(rows, limit, |last| last.shown.id.to_string()))
}

/// Drafts a consent form.
#[utoipa::path(
    params(RepeatKey),
    request_body = ConsentForm,
    responses((status = 201, description = "The draft.", body = FormView, headers(("ETag" = String)))),
)]
#[post("/studies/<study>/consent-forms", data = "<body>")]
async fn draft(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let form = app.told(read(body.fields()), Place::Study(study), user, Right::PublishConsent).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| draft_consent_form(tx, now, user, study, &form));
    answer(app, user, made.await?).await
}

/// One consent form.
#[utoipa::path(
    responses((status = 200, description = "The form.", body = FormView, headers(("ETag" = String)))),
)]
#[get("/consent-forms/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<ConsentFormId>) -> Result<Answer, Problem> {
    tagged(app.store.read(move |tx| consent_forms::one(tx, who.user, id.0)).await?)
}

/// Replaces the words of a draft.
#[utoipa::path(
    params(IfMatch),
    request_body = ConsentForm,
    responses((status = 200, description = "The draft.", body = FormView, headers(("ETag" = String)))),
    extensions(("x-problems" = json!(["published"]))),
)]
#[put("/consent-forms/<id>", data = "<body>")]
async fn redraft(
    app: &State<App>,
    who: Researcher,
    id: Id<ConsentFormId>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let place = Place::ConsentForm(id);
    let form = app.told(read(body.fields()), place, user, Right::PublishConsent).await?;
    let fits = move |found: &ConsentForm| seen.check_content(found);
    app.store.write(move |tx| redraft_consent_form(tx, now, user, id, &form, &fits)).await?;
    tagged(app.store.read(move |tx| consent_forms::one(tx, user, id)).await?)
}

/// Publishes a draft, which makes it the version that respondents are shown and can never change.
#[utoipa::path(
    params(RepeatKey, IfMatch),
    request_body = Option<Nothing>,
    responses((
        status = 200,
        description = "The form with its version.",
        body = FormView,
        headers(("ETag" = String)),
    )),
    extensions(("x-problems" = json!(["published", "version_conflict"]))),
)]
#[post("/consent-forms/<id>/publish", data = "<body>")]
async fn publish(
    app: &State<App>,
    who: Researcher,
    id: Id<ConsentFormId>,
    key: RepeatKey,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::ConsentForm(id), user, Right::PublishConsent).await?;
    let once = key.once(user, &body.raw, now);
    let fits = move |found: &ConsentForm| seen.check_content(found);
    let made = app.store.write_once(once, move |tx| publish_consent_form(tx, now, user, id, &fits)).await?;
    answer(app, user, made).await
}

async fn answer(app: &App, user: UserId, made: Made<ConsentFormId>) -> Result<Answer, Problem> {
    let id = made.resource;
    let view = app.store.read(move |tx| consent_forms::one(tx, user, id)).await?;
    let tag = content_etag(&words(&view))?;
    Ok(Answer::made(&made, view)?.header("ETag", tag))
}

fn tagged(view: FormView) -> Result<Answer, Problem> {
    let tag = content_etag(&words(&view))?;
    Ok(Answer::ok(view)?.header("ETag", tag))
}

/// What a form says, for which its entity tag stands.
fn words(view: &FormView) -> ConsentForm {
    ConsentForm { intro: view.shown.intro.clone(), items: view.shown.items.clone() }
}

/// Reads a form; what its rules find wrong is told together with what could not be read.
pub(in crate::web) fn read(mut fields: Fields) -> Outcome<ConsentForm> {
    let intro = fields.bilingual("intro");
    let items = fields.list("items", ITEMS_READ, |item| {
        Some(ConsentItem {
            key: item.optional("key", input::text).unwrap_or_default(),
            required: item.required("required", input::boolean).unwrap_or_default(),
            text: item.bilingual("text"),
        })
    });
    let form = ConsentForm { intro, items };
    if let Err(problems) = form.check() {
        fields.note_all(problems);
    }
    fields.finish(|| Some(form))
}
