//! Beginning a study with what was set up for another.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, base, demand_sight, done};
use crate::actions::copy_study::{Parts, copy_study};
use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::copying::{self, Copyable};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::{CopyForm, CopyPart, Section};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::phrase;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![ask, copy]
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    typed: Option<(String, Parts)>,
) -> Outcome<CopyForm> {
    let (desk, item) = at.study(app, who, study, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let user: UserId = who.user;
    let there = app.store.read(move |tx| copying::of(tx, user, study)).await?;
    let proposed = serde_json::json!({ "title": there.title });
    let (title, chosen) = match typed {
        Some(typed) => typed,
        None => (phrase(at.language, "copying.proposed", &proposed), ALL),
    };
    let errors: Vec<FieldMessage> = Vec::new();
    Ok(CopyForm { action: address(study), title, parts: parts(&there, chosen), desk, errors })
}

const ALL: Parts = Parts {
    strata: true,
    consent_form: true,
    guide: true,
    wordings: true,
    privacy_notice: true,
    availability: true,
};

fn address(study: StudyId) -> String {
    format!("{}/copy", base(study))
}

/// What can be chosen: what is there.
fn parts(there: &Copyable, chosen: Parts) -> Vec<CopyPart> {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let versioned = |of: Option<(i32, usize)>| match of {
        Some((version, number)) => (Some(version.unsigned_abs().into()), count(number)),
        None => (None, 0),
    };
    let (form, items) = versioned(there.consent_form);
    let (guide, questions) = versioned(there.guide);
    let part =
        |name: &str, version, count, is_chosen| CopyPart { name: name.to_owned(), version, count, is_chosen };
    let all = vec![
        part("strata", None, count(there.strata), chosen.strata),
        part("privacy_notice", None, u64::from(there.privacy_notice), chosen.privacy_notice),
        part("consent_form", form, items, chosen.consent_form),
        part("guide", guide, questions, chosen.guide),
        part("wordings", None, count(there.wordings), chosen.wordings),
        part("availability", None, count(there.hours), chosen.availability),
    ];
    all.into_iter().filter(|part| part.count > 0).collect()
}

#[get("/studies/<study>/copy")]
async fn ask(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, study.0, None).await?)
}

#[post("/studies/<study>/copy", data = "<form>")]
async fn copy(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(address(study));
    let ticked = |name: &str| form.given.all("parts").iter().any(|part| part == name);
    let parts = Parts {
        strata: ticked("strata"),
        consent_form: ticked("consent_form"),
        guide: ticked("guide"),
        wordings: ticked("wordings"),
        privacy_notice: ticked("privacy_notice"),
        availability: ticked("availability"),
    };
    let outcome = async {
        let mut fields = form.given.without(|name| name == "parts").fields();
        let title = fields.required("title", input::line);
        let title = fields.finish(|| title)?;
        let once = form.once(now);
        app.store.write_once(once, move |tx| copy_study(tx, now, user, study, &title, parts)).await
    };
    match outcome.await {
        Ok(made) => Ok(Either::Left(done(&base(made.resource), Deed::StudyCopied))),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let typed = Some((form.given.text("title"), parts));
            let page = page(app, &form.who, &at, study, typed).await?;
            Html::again(at.language, &problem, CopyForm { errors, ..page }).map(Either::Right)
        }
    }
}
