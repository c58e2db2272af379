//! The members of a study.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, done, wrong};
use crate::actions::change_member::change_member;
use crate::actions::invite_member::{INVITED, invite_member};
use crate::actions::revoke_invitation::revoke_invitation;
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::meeting::LinkSource;
use crate::id::{InvitationId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::page::Cursor;
use crate::queries::{account_links, members};
use crate::store::member_invitations::Invitation;
use crate::store::members::MemberItem;
use crate::web::App;
use crate::web::api::members::{member_patch, new_member};
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{InvitedRow, MemberRow, OwnLink, Section, Team};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::problem_sentence;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, add, revoke, change]
}

#[get("/studies/<study>/members")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing(&mut fields);
    let part = fields.finish(|| Some(part))?;
    Html::page(at.language, page(app, &who, &at, study.0, part).await?)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    part: Listing<Cursor<UserId>>,
) -> Outcome<Team> {
    let (user, now) = (who.user, app.clock.now());
    let (desk, item) = at.study(app, who, study, Section::Team).await?;
    let (members, own, invited, owners) = app
        .store
        .read(move |tx| {
            let page = members::page(tx, user, study, part.after, part.limit)?;
            let own = members::get(tx, user, study, user)?;
            Ok((page, own, account_links::pending(tx, user, study)?, members::owners(tx, user, study)?))
        })
        .await?;
    let zone = item.study.rules.time_zone;
    let is_made = item.study.rules.teams_link_source == LinkSource::Graph;
    let Ways { first, next } = part.ways(&address(study), &[], members.next.as_deref());
    let row = |member: MemberItem| MemberRow {
        id: member.user.to_string(),
        name: member.name,
        email: member.email,
        role: member.role.as_str().to_owned(),
        myself: member.user == user,
        only_owner: member.role == Role::Owner && owners == 1,
    };
    Ok(Team {
        desk,
        rows: members.items.into_iter().map(row).collect(),
        first,
        next,
        invited: invited.into_iter().map(|each| invited_row(at, zone, now, each)).collect(),
        own: item.role.may(Right::PlanSelf).then(|| OwnLink {
            action: member_address(study, user),
            link: own.teams_link.unwrap_or_default(),
            microsoft_id: is_made.then(|| own.microsoft_id.unwrap_or_default()),
        }),
        email: String::new(),
        role: Role::Interviewer.as_str().to_owned(),
        errors: Vec::new(),
    })
}

fn invited_row(at: &At, zone: Tz, now: Instant, invitation: Invitation) -> InvitedRow {
    InvitedRow {
        id: invitation.id.to_string(),
        email: invitation.email.as_str().to_owned(),
        role: invitation.role.as_str().to_owned(),
        until: dates::stamp(at.language, zone, invitation.expires_at),
        expired: invitation.expires_at <= now,
        letter: invitation.state.map(|state| state.as_str().to_owned()),
    }
}

pub(super) fn address(study: StudyId) -> String {
    format!("{}/members", base(study))
}

pub(super) fn member_address(study: StudyId, member: UserId) -> String {
    format!("{}/{member}", address(study))
}

/// The page as it is shown again after a form was refused: from its beginning.
pub(super) async fn again(app: &App, who: &Researcher, at: &At, study: StudyId) -> Outcome<Team> {
    page(app, who, at, study, Listing::default()).await
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
        let language = at.language;
        app.store
            .write_once(form.once(now), move |tx| invite_member(tx, now, user, study, &email, role, language))
            .await
    };
    let problem = match outcome.await {
        Ok(made) => {
            let deed = if made.status == INVITED { Deed::MemberInvited } else { Deed::MemberAdded };
            return Ok(Either::Left(done(&address(study), deed)));
        }
        Err(problem) => problem,
    };
    let at = at.on(address(study));
    let Some(errors) = refused(&at, &problem, "email") else { return Err(problem) };
    let (email, role) = (form.given.text("email"), form.given.text("role"));
    let shown = Team { email, role, errors, ..again(app, &form.who, &at, study).await? };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

#[post("/studies/<study>/members/invited/<invitation>/revoke", data = "<form>")]
async fn revoke(
    app: &State<App>,
    study: Id<StudyId>,
    invitation: Id<InvitationId>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user, study, invitation) = (app.clock.now(), form.who.user, study.0, invitation.0);
    app.store.write(move |tx| revoke_invitation(tx, now, user, study, invitation)).await?;
    Ok(done(&address(study), Deed::InvitationRevoked))
}

/// Another role for a member, or another link to one's own meetings.
#[post("/studies/<study>/members/<member>", data = "<form>", rank = 2)]
async fn change(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    member: Id<UserId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study, member) = (app.clock.now(), form.who.user, study.0, member.0);
    let outcome = async {
        let patch = member_patch(form.given.edits())?;
        let has_link = matches!(patch.teams_link, Some(Some(_)));
        app.store.write(move |tx| change_member(tx, now, user, study, member, &patch)).await?;
        Ok(if has_link { Deed::LinkSet } else { Deed::Saved })
    };
    let problem = match outcome.await {
        Ok(deed) => return Ok(Either::Left(done(&address(study), deed))),
        Err(problem) => problem,
    };
    let at = at.on(address(study));
    let role = format!("role.{member}");
    let Some(errors) = refused(&at, &problem, &role) else { return Err(problem) };
    let mut shown = Team { errors, ..again(app, &form.who, &at, study).await? };
    if let Some(own) = shown.own.as_mut().filter(|_| form.given.has("teams_link")) {
        own.link = form.given.text("teams_link");
    }
    if let Some(own) = shown.own.as_mut().filter(|_| form.given.has("microsoft_id")) {
        own.microsoft_id = Some(form.given.text("microsoft_id"));
    }
    Html::again(at.language, &problem, shown).map(Either::Right)
}

/// What was wrong with a form; that somebody is a member already, or the last owner, is told beside a field.
pub(super) fn refused(at: &At, problem: &Problem, beside: &str) -> Option<Vec<FieldMessage>> {
    match problem {
        Problem::Exists(_) | Problem::LastOwner | Problem::Throttled(_) => {
            let message = problem_sentence(at.language, problem);
            Some(vec![FieldMessage { field: beside.to_owned(), label: None, message }])
        }
        _ => wrong(at.language, problem),
    }
}
