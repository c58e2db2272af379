//! Respondents, one by one.

use std::sync::Arc;

use rocket::{Route, State, delete, get, patch, post, put};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::add_respondent::{Recruit, add_respondent};
use crate::actions::choose_interviewer::choose_interviewer;
use crate::actions::correct_respondent::{Correction, correct_respondent};
use crate::actions::erase_respondent::erase_respondent;
use crate::actions::note_view::View;
use crate::actions::renew_link::renew_link;
use crate::domain::access::Right;
use crate::domain::contact_list::ContactDraft;
use crate::domain::language::Language;
use crate::domain::municipality::{MunicipalityCode, Places};
use crate::domain::respondent::RespondentStatus;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::municipalities;
use crate::queries::page::Page;
use crate::queries::respondents::{self, Asked, RespondentItem};
use crate::store::contacts::Contact;
use crate::store::idempotency::Made;
use crate::store::respondents::Step;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, RepeatKey, Researcher, etag};
use crate::web::input::{self, Body, Fault, Fields};
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// Every status, for telling which are possible.
pub(in crate::web) const STATUSES: &str = "listed, invited, consented, booked, held, no_show, declined, referred, \
    opted_out, withdrawn";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, add, show, correct, choose, erase, history, link]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, add, show, correct, choose, erase, history, link))]
pub struct Reference;

/// The respondents of a study, in the order of their making.
#[utoipa::path(
    params(
        ("status" = Option<RespondentStatus>, Query, description = "Only with this status."),
        ("stratum" = Option<String>, Query, description = "Only of the stratum with this key."),
        Paged,
    ),
    responses((status = 200, description = "The respondents.", body = Page<RespondentItem>)),
)]
#[get("/studies/<study>/respondents")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let (asked, part) = app.told(asked(&query), Place::Study(study), user, Right::View).await?;
    let page = app.store.read(move |tx| respondents::page(tx, user, study, &asked, part.limit)).await?;
    app.note_view(user, View::Respondents(study)).await?;
    Answer::ok(page)
}

/// Puts somebody on the list of a study.
///
/// Whoever objected to mail or withdrew in this study before, and was erased since, is listed as `opted_out`.
#[utoipa::path(
    params(RepeatKey),
    request_body = ContactDraft,
    responses((
        status = 201,
        description = "The respondent.",
        body = RespondentItem,
        headers(("ETag" = String)),
    )),
)]
#[post("/studies/<study>/respondents", data = "<body>")]
async fn add(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let places = app.store.read(municipalities::places).await?;
    let input = recruit(&places, body.fields());
    let recruit = app.told(input, Place::Study(study), user, Right::Contacts).await?;
    let made = app
        .store
        .write_once(key.once(user, &body.raw, now), move |tx| {
            Ok(add_respondent(tx, now, user, study, &recruit)?.map(|id| Made::new(201, id)))
        })
        .await?;
    let item = find(app, user, made.resource).await?;
    let tag = etag(item.revision);
    Ok(Answer::made(&made, item)?.header("ETag", tag))
}

/// One respondent.
#[utoipa::path(
    responses((
        status = 200,
        description = "The respondent.",
        body = RespondentItem,
        headers(("ETag" = String)),
    )),
)]
#[get("/respondents/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<RespondentId>) -> Result<Answer, Problem> {
    let item = find(app, who.user, id.0).await?;
    app.note_view(who.user, View::Respondent(id.0)).await?;
    tagged(item)
}

/// Corrects what is known of a respondent.
///
/// Another municipality may be in another stratum; an interview then takes its place there.
#[utoipa::path(
    params(IfMatch),
    request_body = Correction,
    responses((
        status = 200,
        description = "The respondent.",
        body = RespondentItem,
        headers(("ETag" = String)),
    )),
    extensions(("x-problems" = json!(["contact_removed"]))),
)]
#[patch("/respondents/<id>", data = "<body>")]
async fn correct(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    revision: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let places = app.store.read(municipalities::places).await?;
    let input = correction(&places, body.fields());
    let correction = app.told(input, Place::Respondent(id), user, Right::Contacts).await?;
    app.store
        .write(move |tx| correct_respondent(tx, now, user, id, &correction, |found| revision.check(found)))
        .await?;
    tagged(find(app, user, id).await?)
}

/// Chooses who is to interview a respondent; null for whoever of the study has the fewest interviews that week.
///
/// Only the times of the chosen one are offered. An interview that is planned stays with whoever holds it.
#[utoipa::path(
    request_body = Option<Choice>,
    responses((
        status = 200,
        description = "The respondent.",
        body = RespondentItem,
        headers(("ETag" = String)),
    )),
)]
#[put("/respondents/<id>/interviewer", data = "<body>")]
async fn choose(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let mut fields = body.fields();
    let chosen = fields.optional("interviewer", input::id);
    let chosen = fields.finish(|| Some(chosen));
    let chosen = app.told(chosen, Place::Respondent(id), user, Right::Interviews).await?;
    app.store.write(move |tx| choose_interviewer(tx, now, user, id, chosen)).await?;
    tagged(find(app, user, id).await?)
}

/// Who is to interview a respondent.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Choice {
    /// A member who plans interviews; null for nobody in particular.
    interviewer: Option<UserId>,
}

/// Erases a person.
///
/// An active interview is cancelled; counts stay. From then on the respondent is unknown.
#[utoipa::path(params(IfMatch), responses((status = 204, description = "Erased.")))]
#[delete("/respondents/<id>")]
async fn erase(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    revision: IfMatch,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let fits = move |found| revision.check(found);
    app.store.write(move |tx| erase_respondent(tx, now, user, id, &fits)).await?;
    Answer::with_status(204, ())
}

/// What happened to a respondent, oldest first.
#[utoipa::path(responses((status = 200, description = "The changes of status.", body = Page<Step>)))]
#[get("/respondents/<id>/history")]
async fn history(app: &State<App>, who: Researcher, id: Id<RespondentId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| respondents::history(tx, who.user, id.0)).await?)
}

/// Gives a respondent a new personal link; the old one ends.
#[utoipa::path(
    request_body = Option<Nothing>,
    responses((status = 201, description = "The link, which is shown this once.", body = PersonalLink)),
    extensions(("x-problems" = json!(["contact_removed"]))),
)]
#[post("/respondents/<id>/link", data = "<body>")]
async fn link(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    body: Body,
) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::Respondent(id.0), who.user, Right::Contacts).await?;
    let token = app.store.write(move |tx| renew_link(tx, now, who.user, id.0)).await?;
    let url = format!("{}/p/{token}", app.settings.base_url);
    Answer::with_status(201, PersonalLink { url, token })
}

/// A personal link.
#[derive(Serialize, ToSchema)]
struct PersonalLink {
    /// The address of the respondent's page.
    url: String,
    /// The token in it, for the routes of participations.
    token: String,
}

/// Reads which part of the list is asked for, and how much of it.
fn asked(query: &Query) -> Outcome<(Asked, Listing<RespondentId>)> {
    let mut fields = query.fields(&["status", "stratum", "cursor", "limit"]);
    let status = fields.optional("status", input::word::<RespondentStatus>(STATUSES));
    let stratum = fields.optional("stratum", input::text);
    let part = listing(&mut fields);
    fields.finish(|| Some((Asked { status, stratum, after: part.after, ..Asked::default() }, part)))
}

async fn find(app: &State<App>, user: UserId, id: RespondentId) -> Outcome<RespondentItem> {
    app.store.read(move |tx| respondents::get(tx, user, id)).await
}

fn tagged(item: RespondentItem) -> Result<Answer, Problem> {
    let tag = etag(item.revision);
    Ok(Answer::ok(item)?.header("ETag", tag))
}

/// Reads somebody new.
pub(in crate::web) fn recruit(places: &Arc<Places>, mut fields: Fields) -> Outcome<Recruit> {
    let draft = ContactDraft {
        name: fields.required("name", input::text).unwrap_or_default(),
        email: fields.required("email", input::text).unwrap_or_default(),
        role: fields.optional("role", input::text),
        phone: fields.optional("phone", input::text),
        municipality: fields.required("municipality", input::text).unwrap_or_default(),
        language: fields.optional("language", input::text),
    };
    let municipality = places.index.resolve(&draft.municipality).or_problem("municipality");
    let person = draft.check().map_err(|problems| fields.note_all(problems)).ok();
    let municipality = municipality.map_err(|problem| fields.note_all(vec![problem])).ok();
    fields.finish(|| {
        let person = person?;
        let contact =
            Contact { name: person.name, email: person.email, role: person.role, phone: person.phone };
        let language = person.language;
        Some(Recruit { contact, municipality: municipality?, language, import: None })
    })
}

/// Reads what is to be corrected.
pub(in crate::web) fn correction(places: &Arc<Places>, mut fields: Fields) -> Outcome<Correction> {
    let line_or_none = |value: &serde_json::Value| -> Result<Option<String>, Fault> {
        let text = input::text(value)?;
        if text.trim().is_empty() { Ok(None) } else { input::line(value).map(Some) }
    };
    let correction = Correction {
        name: fields.change("name", input::line),
        email: fields.change("email", input::email),
        role: fields.change_or_clear("role", line_or_none).map(Option::flatten),
        phone: fields.change_or_clear("phone", line_or_none).map(Option::flatten),
        municipality: fields.change("municipality", |value| -> Result<MunicipalityCode, Fault> {
            places.index.resolve(&input::line(value)?).or_problem("")
        }),
        language: fields.change("language", input::word::<Language>("nl, en")),
    };
    fields.finish(|| Some(correction))
}
