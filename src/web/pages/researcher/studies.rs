//! A new study, which needs little to begin with, and opening one again that was closed.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, base, done};
use super::settings::address;
use crate::actions::close_study::reopen_study;
use crate::actions::create_study::create_study;
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::api::study_body::new_study;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::NewStudy;
use crate::words::pages::shared::Deed;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![begin, create, reopen]
}

#[get("/studies/new")]
fn begin(who: Researcher, at: At) -> Outcome<Html> {
    let form = NewStudy {
        desk: at.desk(&who),
        title: String::new(),
        contact_email: who.email.clone(),
        language: at.language.to_string(),
        errors: Vec::new(),
    };
    Html::page(at.language, form)
}

#[post("/studies", data = "<form>")]
async fn create(app: &State<App>, at: At, form: SignedForm) -> Outcome<Either<Redirect, Html>> {
    let (now, user) = (app.clock.now(), form.who.user);
    let outcome = async {
        // Whoever uses these pages is most likely away on Dutch holidays; the API leaves that to its caller.
        let study = new_study(form.given.fields().with("public_holidays", true.into()), now)?;
        app.store
            .write_once(form.once(now), move |tx| {
                Ok(create_study(tx, now, user, &study)?.map(|id| Made::new(201, id)))
            })
            .await
    };
    match outcome.await {
        Ok(made) => Ok(Either::Left(done(&base(made.resource), Deed::StudyCreated))),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let at = at.on("/studies/new".to_owned());
            let again = NewStudy {
                desk: at.desk(&form.who),
                title: form.given.text("title"),
                contact_email: form.given.text("contact_email"),
                language: form.given.text("language"),
                errors,
            };
            Html::again(at.language, &problem, again).map(Either::Right)
        }
    }
}

#[post("/studies/<study>/reopen", data = "<form>")]
async fn reopen(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    app.store.write(move |tx| reopen_study(tx, now, user, study)).await?;
    Ok(done(&address(study), Deed::Reopened))
}
