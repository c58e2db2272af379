//! The members of a study.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, done, wrong};
use crate::actions::add_member::add_member;
use crate::actions::remove_member::remove_member;
use crate::domain::access::Role;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::members;
use crate::store::idempotency::Made;
use crate::store::members::MemberItem;
use crate::web::App;
use crate::web::api::members::new_member;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::{MemberRow, Section, Team};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::problem_sentence;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, add, remove]
}

#[get("/studies/<study>/members")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, study.0).await?)
}

async fn page(app: &App, who: &Researcher, at: &At, study: StudyId) -> Outcome<Team> {
    let user = who.user;
    let (desk, _) = at.study(app, who, study, Section::Team).await?;
    let members = app.store.read(move |tx| members::all(tx, user, study)).await?;
    let row = |member: MemberItem| MemberRow {
        id: member.user.to_string(),
        name: member.name,
        email: member.email,
        role: member.role.as_str().to_owned(),
        myself: member.user == user,
    };
    Ok(Team {
        desk,
        rows: members.items.into_iter().map(row).collect(),
        email: String::new(),
        role: Role::Interviewer.as_str().to_owned(),
        errors: Vec::new(),
    })
}

fn address(study: StudyId) -> String {
    format!("{}/members", base(study))
}

#[post("/studies/<study>/members", data = "<form>")]
async fn add(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let outcome = async {
        let (email, role) = new_member(form.given.fields())?;
        let change = move |tx: &mut crate::store::Tx<'_>| {
            Ok(add_member(tx, now, user, study, &email, role)?.map(|id| Made::new(201, id)))
        };
        app.store.write_once(form.once(now), change).await
    };
    let Err(problem) = outcome.await else {
        return Ok(Either::Left(done(&address(study), Deed::MemberAdded)));
    };
    let at = at.on(address(study));
    let Some(errors) = refused(&at, &problem) else { return Err(problem) };
    let (email, role) = (form.given.text("email"), form.given.text("role"));
    let shown = Team { email, role, errors, ..page(app, &form.who, &at, study).await? };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

#[post("/studies/<study>/members/<member>/remove", data = "<form>")]
async fn remove(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    member: Id<UserId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study, member) = (app.clock.now(), form.who.user, study.0, member.0);
    let Err(problem) = app.store.write(move |tx| remove_member(tx, now, user, study, member)).await else {
        // Whoever left the study can't see it any more.
        let after = if member == user { "/".to_owned() } else { address(study) };
        return Ok(Either::Left(done(&after, Deed::MemberRemoved)));
    };
    let at = at.on(address(study));
    let Some(errors) = refused(&at, &problem) else { return Err(problem) };
    let shown = Team { errors, ..page(app, &form.who, &at, study).await? };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

/// What was wrong with a form; that somebody is a member already, or the last owner, is told beside the address.
fn refused(at: &At, problem: &Problem) -> Option<Vec<FieldMessage>> {
    match problem {
        Problem::Exists(_) | Problem::LastOwner => {
            let message = problem_sentence(at.language, problem);
            Some(vec![FieldMessage { field: "email".to_owned(), label: None, message }])
        }
        _ => wrong(at.language, problem),
    }
}
