//! The ways in for somebody who has no account or no password (any more): links from the console or a mail that work
//! once. Opening one changes nothing, for mail scanners open every link; pressing its button does (R4).

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, base, done};
use super::sign_in;
use crate::actions::accept_invitation::{Joined, accept_invitation};
use crate::actions::set_up::{Chosen, set_up};
use crate::actions::sign_in::Arrival;
use crate::keys::fresh_token;
use crate::problem::{Outcome, Problem};
use crate::queries::account_links::{self, Offer};
use crate::web::api::session::set_cookie;
use crate::web::guards::{LinkToken, UserAgent};
use crate::web::pages::Html;
use crate::web::pages::forms::Given;
use crate::web::pages::visitor::{VisitorForm, form_token};
use crate::web::{App, input, passwords};
use crate::words::pages::researcher::{Doorstep, Join, LinkGone, SetUp};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show_set_up, begin, show_join, join]
}

/// What surrounds a page of somebody who is not signed in.
pub(super) fn door(app: &App, jar: &CookieJar<'_>, at: &At, errors: Vec<FieldMessage>) -> Doorstep {
    Doorstep { here: at.here(), csrf: form_token(app, jar), errors }
}

/// The page of a link that is unknown, used or expired: which of them is nobody's business.
pub(super) fn gone(at: &At, kind: &'static str) -> Outcome<Html> {
    Html::again(at.language, &Problem::NotFound, LinkGone { here: at.here(), kind })
}

/// A browser at its arrival, with the cookie that it is to get.
fn arrival(browser: UserAgent) -> Arrival {
    Arrival { cookie: fresh_token(), browser: browser.0 }
}

#[get("/setup/<token>")]
async fn show_set_up(app: &State<App>, jar: &CookieJar<'_>, at: At, token: LinkToken) -> Outcome<Html> {
    if !sets_up(app, &token).await? {
        return gone(&at, "setup");
    }
    let page = SetUp { door: door(app, jar, &at, Vec::new()), name: String::new(), email: String::new() };
    Html::page(at.language, page)
}

async fn sets_up(app: &App, token: &LinkToken) -> Outcome<bool> {
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.read(move |tx| account_links::sets_up(tx, &digest, now)).await
}

#[post("/setup/<token>", data = "<form>")]
async fn begin(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    token: LinkToken,
    browser: UserAgent,
    form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    if !sets_up(app, &token).await? {
        return gone(&at, "setup").map(Either::Right);
    }
    let arrival = arrival(browser);
    let cookie = arrival.cookie.clone();
    match first_account(app, &token, &form.given, arrival).await {
        Ok(()) => {
            set_cookie(app, jar, cookie);
            Ok(Either::Left(done("/", Deed::SetUp)))
        }
        Err(Problem::NotFound) => gone(&at, "setup").map(Either::Right),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let (name, email) = (form.given.text("name"), form.given.text("email"));
            let page = SetUp { door: door(app, jar, &at, errors), name, email };
            Html::again(at.language, &problem, page).map(Either::Right)
        }
    }
}

async fn first_account(app: &App, token: &LinkToken, given: &Given, arrival: Arrival) -> Outcome<()> {
    let mut fields = given.fields();
    let name = fields.required("name", input::line);
    let email = fields.required("email", input::email);
    let password = passwords::read_new(&mut fields, "password");
    let (name, email, password) = fields.finish(|| Some((name?, email?, password?)))?;
    let password_hash = passwords::hash(app, password).await?;
    let (now, digest, chosen) = (app.clock.now(), token.digest(), Chosen { name, password_hash });
    app.store.write(move |tx| set_up(tx, now, &digest, &email, &chosen, &arrival)).await.map(drop)
}

async fn offer(app: &App, token: &LinkToken) -> Outcome<Option<Offer>> {
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.read(move |tx| account_links::offer(tx, &digest, now)).await
}

#[get("/join/<token>")]
async fn show_join(app: &State<App>, jar: &CookieJar<'_>, at: At, token: LinkToken) -> Outcome<Html> {
    let Some(offer) = offer(app, &token).await? else { return gone(&at, "join") };
    Html::page(at.language, page(door(app, jar, &at, Vec::new()), offer, String::new()))
}

fn page(door: Doorstep, offer: Offer, name: String) -> Join {
    let Offer { study, by, email, role, has_account } = offer;
    let (email, role) = (email.as_str().to_owned(), role.as_str().to_owned());
    Join { door, study, by, email, role, has_account, name }
}

#[post("/join/<token>", data = "<form>")]
async fn join(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    token: LinkToken,
    browser: UserAgent,
    form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    let Some(offer) = offer(app, &token).await? else { return gone(&at, "join").map(Either::Right) };
    let arrival = arrival(browser);
    let cookie = arrival.cookie.clone();
    match answer(app, &token, &form.given, offer.has_account, arrival).await {
        Ok(Joined { study, signed_in: true }) => {
            set_cookie(app, jar, cookie);
            Ok(Either::Left(Redirect::to(base(study))))
        }
        Ok(Joined { signed_in: false, .. }) => Ok(Either::Left(done(sign_in::PATH, Deed::Joined))),
        Err(Problem::NotFound) => gone(&at, "join").map(Either::Right),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let shown = page(door(app, jar, &at, errors), offer, form.given.text("name"));
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
    }
}

async fn answer(
    app: &App,
    token: &LinkToken,
    given: &Given,
    has_account: bool,
    arrival: Arrival,
) -> Outcome<Joined> {
    let chosen = if has_account { None } else { Some(chosen(app, given).await?) };
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.write(move |tx| accept_invitation(tx, now, &digest, chosen.as_ref(), &arrival)).await
}

async fn chosen(app: &App, given: &Given) -> Outcome<Chosen> {
    let mut fields = given.fields();
    let name = fields.required("name", input::line);
    let password = passwords::read_new(&mut fields, "password");
    let (name, password) = fields.finish(|| Some((name?, password?)))?;
    Ok(Chosen { name, password_hash: passwords::hash(app, password).await? })
}
