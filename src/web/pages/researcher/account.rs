//! One's own account: the password, and the browsers that are signed in.

use chrono_tz::Europe::Amsterdam;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, done, wrong};
use crate::actions::end_session::end_session;
use crate::id::SessionId;
use crate::problem::Outcome;
use crate::queries::account;
use crate::store::sessions::Session;
use crate::web::App;
use crate::web::api::session::replace_password;
use crate::web::guards::{ClientAddress, Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::dates;
use crate::words::pages::researcher::{Account, SessionRow};
use crate::words::pages::shared::Deed;

const PATH: &str = "/account";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, change_password, end]
}

#[get("/account")]
async fn show(app: &State<App>, who: Researcher, at: At) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at).await?)
}

async fn page(app: &App, who: &Researcher, at: &At) -> Outcome<Account> {
    let (now, user) = (app.clock.now(), who.user);
    let sessions = app.store.read(move |tx| account::sessions(tx, user, now)).await?;
    let row = |session: Session| SessionRow {
        id: session.id.to_string(),
        browser: session.browser,
        since: dates::stamp(at.language, Amsterdam, session.created_at),
        last_used: dates::stamp(at.language, Amsterdam, session.seen_at),
        current: who.session == Some(session.id),
    };
    Ok(Account {
        desk: at.desk(who),
        email: who.email.clone(),
        sessions: sessions.into_iter().map(row).collect(),
        errors: Vec::new(),
    })
}

#[post("/account/password", data = "<form>")]
async fn change_password(
    app: &State<App>,
    at: At,
    address: ClientAddress,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let Err(problem) = replace_password(app, &form.who, address, form.given.fields()).await else {
        return Ok(Either::Left(done(PATH, Deed::PasswordChanged)));
    };
    let Some(errors) = wrong(at.language, &problem) else { return Err(problem) };
    let at = at.on(PATH.to_owned());
    let shown = Account { errors, ..page(app, &form.who, &at).await? };
    Html::again(at.language, &problem, shown).map(Either::Right)
}

#[post("/account/sessions/<session>/end", data = "<form>")]
async fn end(app: &State<App>, session: Id<SessionId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| end_session(tx, now, user, session.0)).await?;
    Ok(done(PATH, Deed::SessionEnded))
}
