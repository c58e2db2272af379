//! What changed between two versions of a consent form, and who agreed to one.

use std::collections::BTreeMap;

use rocket::{Route, State, get};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::consent::ConsentForm;
use crate::domain::consent_changes::FormChanges;
use crate::domain::language::Language;
use crate::id::{ConsentFormId, ConsentId, RespondentId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::consent_forms::{self, FormView, GivenView, RespondentConsent, Standing};
use crate::queries::page::Page;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::openapi::Paged;
use crate::web::query::{Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![changes, given, of_respondent]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(changes, given, of_respondent))]
pub struct Reference;

/// What changed from one form to another.
#[derive(Serialize, ToSchema)]
struct Changes {
    /// The earlier form.
    from: ConsentFormId,
    /// Its version; null for a draft.
    from_version: Option<i32>,
    /// The form that was asked for.
    to: ConsentFormId,
    /// Its version; null for a draft.
    to_version: Option<i32>,
    /// What changed, in each language.
    languages: Vec<FormChanges>,
}

/// What changed in a consent form since another version of it.
#[utoipa::path(
    params((
        "from" = Option<ConsentFormId>,
        Query,
        description = "The form to compare with; the version published before it when left out.",
    )),
    responses((status = 200, description = "The changes.", body = Changes)),
    extensions(("x-problems" = json!(["invalid", "unknown_reference"]))),
)]
#[get("/consent-forms/<id>/changes")]
async fn changes(
    app: &State<App>,
    who: Researcher,
    id: Id<ConsentFormId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["from"]);
    let from = fields.optional("from", input::id::<ConsentFormId>);
    let from = app.told(fields.finish(|| Some(from)), Place::ConsentForm(id), user, Right::View).await?;
    let compared = app.store.read(move |tx| consent_forms::compared(tx, user, id, from)).await?;
    let (before, after) = (words(&compared.before), words(&compared.after));
    let between = |language: &Language| FormChanges::between(&before, &after, *language);
    Answer::ok(Changes {
        from: compared.before.shown.id,
        from_version: compared.before.shown.version,
        to: compared.after.shown.id,
        to_version: compared.after.shown.version,
        languages: Language::ALL.iter().map(between).collect(),
    })
}

fn words(form: &FormView) -> ConsentForm {
    ConsentForm { intro: form.shown.intro.clone(), items: form.shown.items.clone() }
}

/// A consent to a form.
#[derive(Serialize, ToSchema)]
struct ConsentToForm {
    /// The consent's id.
    id: ConsentId,
    /// Who gave it; null once the person is erased.
    respondent: Option<RespondentId>,
    /// Their code.
    code: String,
    /// When.
    given_at: Instant,
    /// In which language the form was read.
    language: Language,
    /// What was answered to each item.
    items: BTreeMap<String, bool>,
    /// What became of it.
    standing: Standing,
    /// When it was taken back.
    withdrawn_at: Option<Instant>,
}

/// Who agreed to a consent form, newest first.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The consents.", body = Page<ConsentToForm>)),
)]
#[get("/consent-forms/<id>/consents")]
async fn given(
    app: &State<App>,
    who: Researcher,
    id: Id<ConsentFormId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing::<ConsentId>(&mut fields);
    let part = app.told(fields.finish(|| Some(part)), Place::ConsentForm(id), user, Right::View).await?;
    let page = app.store.read(move |tx| consent_forms::given(tx, user, id, part.after, part.limit)).await?;
    let items = page.items.into_iter().map(told).collect::<Outcome<Vec<_>>>()?;
    Answer::ok(Page { items, next: page.next })
}

/// What a respondent agreed to, and which version is asked for now.
///
/// Where these differ, an interview can be planned only once the respondent agrees again; their status stays.
#[utoipa::path(
    responses((status = 200, description = "The consent.", body = RespondentConsent)),
)]
#[get("/respondents/<id>/consent")]
async fn of_respondent(app: &State<App>, who: Researcher, id: Id<RespondentId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| consent_forms::of_respondent(tx, who.user, id.0)).await?)
}

fn told(GivenView { given, standing }: GivenView) -> Outcome<ConsentToForm> {
    Ok(ConsentToForm {
        id: given.id,
        respondent: given.erased_at.is_none().then_some(given.respondent),
        items: given.items()?.into_iter().collect(),
        code: given.code,
        given_at: given.given_at,
        language: given.language,
        standing,
        withdrawn_at: given.withdrawn_at,
    })
}
