//! Putting a study into the archive, after a look at what that means, and taking it out again.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand_sight, done};
use crate::actions::archive_study::{archive_study, unarchive_study};
use crate::domain::access::Right;
use crate::id::StudyId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::closing;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::{Archive, Section};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, archive, unarchive]
}

async fn page(app: &App, who: &Researcher, at: &At, study: StudyId) -> Outcome<Archive> {
    let (now, user) = (app.clock.now(), who.user);
    let (desk, item) = at.study(app, who, study, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let foreseen = app.store.read(move |tx| closing::foresee(tx, now, user, study)).await?;
    let retention = item.study.privacy_notice.retention.told(at.language).map(str::to_owned);
    Ok(Archive {
        desk,
        retention,
        planned: foreseen.planned.count.unsigned_abs(),
        contacts: foreseen.contacts.unsigned_abs(),
        errors: Vec::new(),
    })
}

fn address(study: StudyId) -> String {
    format!("{}/archive", base(study))
}

#[get("/studies/<study>/archive")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, study.0).await?)
}

#[post("/studies/<study>/archive", data = "<form>")]
async fn archive(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(address(study));
    if form.given.text("exported") != "true" {
        let page = page(app, &form.who, &at, study).await?;
        let problems = vec![FieldProblem::new("exported", FieldCode::Required)];
        let errors = FieldMessage::all(at.language, &problems);
        let shown = Html::again(at.language, &Problem::Invalid(problems), Archive { errors, ..page })?;
        return Ok(Either::Right(shown));
    }
    app.store.write(move |tx| archive_study(tx, now, user, study)).await?;
    Ok(Either::Left(done(&address(study), Deed::Archived)))
}

#[post("/studies/<study>/unarchive", data = "<form>")]
async fn unarchive(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    app.store.write(move |tx| unarchive_study(tx, now, user, study)).await?;
    Ok(done(&address(study), Deed::Unarchived))
}
