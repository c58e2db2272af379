//! Adding, correcting and erasing a respondent.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, demand, done};
use super::respondents::{list_of, page_of};
use crate::actions::add_respondent::add_respondent;
use crate::actions::correct_respondent::correct_respondent;
use crate::actions::erase_respondent::erase_respondent;
use crate::actions::note_view::View;
use crate::domain::access::Right;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{RespondentId, StudyId};
use crate::problem::Outcome;
use crate::queries::{dossier, municipalities, respondents};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::api::respondents::{correction, recruit};
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{Desk, Erase, RespondentForm, Section};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![begin, add, edit, correct, question, erase]
}

#[get("/studies/<study>/respondents/new")]
async fn begin(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Respondents).await?;
    demand(&item, Right::Contacts)?;
    let language = item.study.rules.language.to_string();
    let code = query.text("municipality").parse::<MunicipalityCode>().ok();
    let places = app.store.read(municipalities::places).await?;
    let municipality = code.map(|code| places.name(code)).unwrap_or_default();
    let form = RespondentForm {
        municipality,
        language,
        ..typed(desk, list_of(study.0), None, &Given::default(), Vec::new())
    };
    Html::page(at.language, form)
}

#[post("/studies/<study>/respondents", data = "<form>")]
async fn add(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(format!("{}/new", list_of(study)));
    let (desk, item) = at.study(app, &form.who, study, Section::Respondents).await?;
    demand(&item, Right::Contacts)?;
    let places = app.store.read(municipalities::places).await?;
    let outcome = async {
        let recruit = recruit(&places, form.given.fields())?;
        app.store
            .write_once(form.once(now), move |tx| {
                Ok(add_respondent(tx, now, user, study, &recruit)?.map(|id| Made::new(201, id)))
            })
            .await
    };
    match outcome.await {
        Ok(made) => {
            let id = made.resource;
            let status = app.store.read(move |tx| Ok(respondents::get(tx, user, id)?.status)).await?;
            let objects = status == RespondentStatus::OptedOut;
            let deed = if objects { Deed::AddedObjecting } else { Deed::Added };
            Ok(Either::Left(done(&page_of(id), deed)))
        }
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let shown = typed(desk, list_of(study), None, &form.given, errors);
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
    }
}

#[get("/respondents/<id>/edit")]
async fn edit(app: &State<App>, who: Researcher, at: At, id: Id<RespondentId>) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let (study, respondent) = app
        .store
        .read(move |tx| {
            let study = respondents::study_of(tx, user, id, Right::Contacts)?;
            Ok((study, respondents::get(tx, user, id)?))
        })
        .await?;
    app.note_view(user, View::Respondent(id)).await?;
    let (desk, _) = at.study(app, &who, study, Section::Respondents).await?;
    let form = RespondentForm {
        desk,
        action: page_of(id),
        code: Some(respondent.code),
        name: respondent.name.unwrap_or_default(),
        email: respondent.email.unwrap_or_default(),
        role: respondent.role.unwrap_or_default(),
        phone: respondent.phone.unwrap_or_default(),
        municipality: respondent.municipality.name,
        language: respondent.language.to_string(),
        errors: Vec::new(),
    };
    Html::page(at.language, form)
}

#[post("/respondents/<id>", data = "<form>")]
async fn correct(
    app: &State<App>,
    at: At,
    id: Id<RespondentId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let at = at.on(format!("{}/edit", page_of(id)));
    let (study, code, places) = app
        .store
        .read(move |tx| {
            let study = respondents::study_of(tx, user, id, Right::Contacts)?;
            Ok((study, respondents::get(tx, user, id)?.code, municipalities::places(tx)?))
        })
        .await?;
    let outcome = async {
        let correction = correction(&places, form.given.edits())?;
        app.store.write(move |tx| correct_respondent(tx, now, user, id, &correction, |_| Ok(()))).await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(done(&page_of(id), Deed::Corrected))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let (desk, _) = at.study(app, &form.who, study, Section::Respondents).await?;
    let shown = typed(desk, page_of(id), Some(code), &form.given, errors);
    Html::again(at.language, &problem, shown).map(Either::Right)
}

/// The form as it was typed.
fn typed(
    desk: Desk,
    action: String,
    code: Option<String>,
    given: &Given,
    errors: Vec<FieldMessage>,
) -> RespondentForm {
    RespondentForm {
        desk,
        action,
        code,
        name: given.text("name"),
        email: given.text("email"),
        role: given.text("role"),
        phone: given.text("phone"),
        municipality: given.text("municipality"),
        language: given.text("language"),
        errors,
    }
}

#[get("/respondents/<id>/erase")]
async fn question(app: &State<App>, who: Researcher, at: At, id: Id<RespondentId>) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let preview = app.store.read(move |tx| dossier::to_erase(tx, user, id)).await?;
    let (desk, item) = at.study(app, &who, preview.study, Section::Respondents).await?;
    let zone = item.study.rules.time_zone;
    let page = Erase {
        desk,
        base: page_of(id),
        code: preview.code,
        interview: preview.interview.map(|start| dates::stamp(at.language, zone, start)),
        letters: preview.letters.unsigned_abs(),
    };
    Html::page(at.language, page)
}

#[post("/respondents/<id>/erase", data = "<form>")]
async fn erase(app: &State<App>, id: Id<RespondentId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let study = app.store.read(move |tx| respondents::study_of(tx, user, id, Right::Contacts)).await?;
    app.store.write(move |tx| erase_respondent(tx, now, user, id, |_| Ok(()))).await?;
    Ok(done(&list_of(study), Deed::Erased))
}
