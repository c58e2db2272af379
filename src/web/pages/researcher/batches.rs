//! What is done to many respondents at once: first whom it is for and who is left out, then how far it is, and in the
//! end what became of each.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, base, done};
use super::invitation_form::Choices;
use super::respondents::{list_of, page_of};
use crate::actions::confirm_batch::drop_batch;
use crate::actions::note_view::View;
use crate::actions::prepare_batch::Plan;
use crate::domain::batch::{Act, BatchState, Fate};
use crate::id::{BatchId, RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::batches::{self, BatchPerson, Known};
use crate::queries::municipalities;
use crate::web::App;
use crate::web::api::batches::{ACTS, FATES};
use crate::web::batches as shared;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::pages::researcher::{BatchPage, BatchRow, Section};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![prepare, show, confirm, throw_away]
}

/// The page of a batch.
#[must_use]
pub fn page_of_batch(study: StudyId, id: BatchId) -> String {
    format!("{}/batches/{id}", base(study))
}

#[post("/studies/<study>/batches", data = "<form>")]
async fn prepare(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (user, study) = (form.who.user, study.0);
    let plan = read(&form.given)?;
    let made = shared::prepare(app, form.once(app.clock.now()), (user, study), plan).await?;
    Ok(Redirect::to(page_of_batch(study, made.resource)))
}

/// What is chosen in the list of respondents, or on the page of one of them.
fn read(given: &Given) -> Outcome<Plan> {
    let mut fields = given.without(|name| !matches!(name, "act" | "interviewer")).fields();
    let act = fields.required("act", input::word::<Act>(ACTS));
    let interviewer = fields.optional("interviewer", input::id::<UserId>);
    let (act, interviewer) = fields.finish(|| Some((act?, interviewer)))?;
    if !Act::CHOSEN.contains(&act) {
        return Err(Problem::field("act", FieldCode::Value));
    }
    Ok(Plan { act, interviewer, selection: Choices::read_whom(given)?.selection().0 })
}

#[get("/studies/<study>/batches/<id>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    id: Id<BatchId>,
    query: Query,
) -> Outcome<Html> {
    let page = page(app, &who, &at, (study.0, id.0), &query).await?;
    Html::page(at.language, page)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    (study, id): (StudyId, BatchId),
    query: &Query,
) -> Outcome<BatchPage> {
    let (now, user) = (app.clock.now(), who.user);
    let mut fields = query.fields(&["show", "cursor", "limit"]);
    let fate = fields.optional("show", input::word::<Fate>(FATES));
    let part: Listing<RespondentId> = listing(&mut fields);
    let (fate, part) = fields.finish(|| Some((fate, part)))?;
    let (batch, interviewer) = app
        .store
        .read(move |tx| {
            let batch = batches::get(tx, now, user, id)?;
            let interviewer = batches::interviewer_name(tx, &batch)?;
            Ok((batch, interviewer))
        })
        .await?;
    if batch.study != study {
        return Err(Problem::NotFound);
    }
    let is_under_way = matches!(batch.state, BatchState::Gathering | BatchState::Running);
    // Whoever watches the count asks again and again, and needs to see nobody for it.
    let limit = if is_under_way { 0 } else { part.limit };
    let (people, known) = app
        .store
        .read(move |tx| {
            let people = batches::people(tx, now, user, id, (fate, part.after, limit))?;
            let known = batches::known(tx, now, user, id, &people.items)?;
            Ok((people, known))
        })
        .await?;
    let (desk, _) = at.study(app, who, study, Section::Respondents).await?;
    if !is_under_way {
        app.note_view(user, View::Respondents(study)).await?;
    }
    let places = app.store.read(municipalities::places).await?;
    let path = page_of_batch(study, id);
    let show = fate.map(|fate| fate.as_str().to_owned()).unwrap_or_default();
    let Ways { first, next } = part.ways(&path, &[("show", &show)], people.next.as_deref());
    let row = |person: BatchPerson| {
        let of = known.get(&person.respondent);
        let named = |tell: fn(&Known) -> String| of.map(tell).unwrap_or_default();
        BatchRow {
            href: of.map(|_| page_of(person.respondent)),
            code: if person.code.is_empty() { person.respondent.to_string() } else { person.code },
            name: named(|known| known.name.clone()),
            municipality: of.map(|known| places.name(known.municipality)).unwrap_or_default(),
            status: of.map(|known| known.status.as_str().to_owned()),
            fate: person.fate.as_str().to_owned(),
        }
    };
    Ok(BatchPage {
        desk,
        base: path,
        list: list_of(study),
        act: batch.act.as_str().to_owned(),
        interviewer,
        state: batch.state.as_str().to_owned(),
        waiting: batch.waiting.unsigned_abs(),
        done: batch.done.unsigned_abs(),
        reasons: batch
            .skipped
            .into_iter()
            .map(|(fate, count)| (fate.as_str().to_owned(), count.unsigned_abs()))
            .collect(),
        is_final: batch.act.is_final(),
        typed: String::new(),
        errors: Vec::new(),
        show,
        rows: people.items.into_iter().map(row).collect(),
        first,
        next,
    })
}

#[post("/studies/<study>/batches/<id>/confirm", data = "<form>")]
async fn confirm(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    id: Id<BatchId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, study, id) = (form.who.user, study.0, id.0);
    let mut fields = form.given.fields();
    let count = fields.optional("count", input::integer(0, i64::MAX));
    let outcome = match fields.finish(|| Some(count)) {
        Ok(count) => shared::confirm(app, user, id, count).await,
        Err(problem) => Err(problem),
    };
    let path = page_of_batch(study, id);
    let Err(problem) = outcome else { return Ok(Either::Left(Redirect::to(path))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let at = at.on(path);
    let page = page(app, &form.who, &at, (study, id), &Query::default()).await?;
    let shown = BatchPage { typed: form.given.text("count"), errors: at_count(errors), ..page };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

/// All that can be wrong is wrong with the number that was typed.
fn at_count(errors: Vec<FieldMessage>) -> Vec<FieldMessage> {
    errors.into_iter().filter(|error| error.field == "count").collect()
}

#[post("/studies/<study>/batches/<id>/drop", data = "<form>")]
async fn throw_away(
    app: &State<App>,
    study: Id<StudyId>,
    id: Id<BatchId>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    app.store.write(move |tx| drop_batch(tx, now, user, id)).await?;
    Ok(done(&list_of(study.0), Deed::BatchDropped))
}
