//! Taking a member out of a study; whoever has interviews planned hands them over first.

use rocket::response::Redirect;
use rocket::{Either, Route, State, post};

use super::desk::{At, done, wrong};
use super::team::{address, again, member_address, refused};
use crate::actions::remove_member::remove_member;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::members;
use crate::web::guards::Id;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::{App, input};
use crate::words::pages::researcher::{Choice, MemberLeaves, Section};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::problem_sentence;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![remove]
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
    let outcome = async {
        let mut fields = form.given.without(|name| name == "asked").fields();
        let successor = fields.optional("successor", input::id);
        let successor: Option<UserId> = fields.finish(|| Some(successor))?;
        app.store.write(move |tx| remove_member(tx, now, user, study, member, successor)).await
    };
    let Err(problem) = outcome.await else {
        // Whoever left the study can't see it any more.
        let after = if member == user { "/".to_owned() } else { address(study) };
        return Ok(Either::Left(done(&after, Deed::MemberRemoved)));
    };
    let at = at.on(address(study));
    let is_asked = form.given.has("asked");
    if is_asked || matches!(problem, Problem::InterviewsPlanned) {
        let errors = if is_asked { told(&at, &problem) } else { Some(Vec::new()) };
        let Some(errors) = errors else { return Err(problem) };
        let chosen = form.given.text("successor");
        let shown = MemberLeaves { chosen, errors, ..page(app, &at, &form, study, member).await? };
        return Html::again(at.language, &problem, shown).map(Either::Right);
    }
    let role = format!("role.{member}");
    let Some(errors) = refused(&at, &problem, &role) else { return Err(problem) };
    let mut shown = again(app, &form.who, &at, study).await?;
    shown.errors = errors;
    Html::again(at.language, &problem, shown).map(Either::Right)
}

/// What stands beside the choice of a successor.
fn told(at: &At, problem: &Problem) -> Option<Vec<FieldMessage>> {
    let message = match problem {
        Problem::SuccessorTaken(_) | Problem::InterviewsPlanned | Problem::LastOwner => {
            problem_sentence(at.language, problem)
        }
        _ => return wrong(at.language, problem),
    };
    Some(vec![FieldMessage { field: "successor".to_owned(), label: None, message }])
}

async fn page(
    app: &App,
    at: &At,
    form: &SignedForm,
    study: StudyId,
    member: UserId,
) -> Outcome<MemberLeaves> {
    let (now, user) = (app.clock.now(), form.who.user);
    let (desk, _) = at.study(app, &form.who, study, Section::Team).await?;
    let leaving = app.store.read(move |tx| members::leaving(tx, now, user, study, member)).await?;
    let choice = |(id, name): (UserId, String)| Choice { value: id.to_string(), label: name };
    Ok(MemberLeaves {
        desk,
        action: format!("{}/remove", member_address(study, member)),
        name: leaving.name,
        planned: u64::try_from(leaving.planned).unwrap_or_default(),
        choices: leaving.successors.into_iter().map(choice).collect(),
        chosen: String::new(),
        errors: Vec::new(),
    })
}
