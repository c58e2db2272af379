//! Signing in with a password or with a link that works once, and signing out.

use rocket::http::CookieJar;
use rocket::http::uri::Origin;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, done};
use super::sign_in_code;
use crate::actions::end_session::end_session;
use crate::actions::sign_in::{Arrival, sign_in_by_link};
use crate::keys::fresh_token;
use crate::problem::{Outcome, Problem};
use crate::queries::account;
use crate::web::App;
use crate::web::api::session::{clear_cookie, credentials, enter, known, set_cookie};
use crate::web::guards::{ClientAddress, LinkToken, UserAgent};
use crate::web::half_way::HalfWay;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::pages::visitor::{VisitorForm, form_token};
use crate::words::pages::researcher::{SignIn, SignInLink};
use crate::words::pages::shared::Deed;
use crate::words::problem_sentence;

/// The page to sign in on.
pub const PATH: &str = "/sign-in";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, begin, show_link, use_link, end]
}

#[get("/sign-in?<next>")]
async fn show(app: &State<App>, jar: &CookieJar<'_>, at: At, next: Option<String>) -> Outcome<Html> {
    let next = own_path(next.as_deref().unwrap_or_default());
    Html::page(at.language, page(app, jar, &at, next).await?)
}

/// The page to sign in on; while nobody has an account it says how to make the first.
pub(super) async fn page(app: &App, jar: &CookieJar<'_>, at: &At, next: String) -> Outcome<SignIn> {
    Ok(SignIn {
        here: at.here(),
        csrf: form_token(app, jar),
        email: String::new(),
        next,
        notice: at.notice(),
        problem: None,
        empty: !app.store.read(account::any).await?,
    })
}

/// A path of our own to go to after signing in; anything else would lead a person elsewhere.
fn own_path(next: &str) -> String {
    let stays = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let returns = next.starts_with(PATH);
    if stays && !returns && Origin::parse(next).is_ok() { next.to_owned() } else { "/".to_owned() }
}

#[post("/sign-in", data = "<form>")]
async fn begin(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    address: ClientAddress,
    browser: UserAgent,
    form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    let next = own_path(&form.given.text("next"));
    match pass(app, jar, &form.given, (address, browser), &next).await {
        Ok(path) => Ok(Either::Left(Redirect::to(path))),
        Err(problem @ (Problem::SignInRefused | Problem::Throttled(_))) => {
            let at = at.on(PATH.to_owned());
            let shown = SignIn {
                email: form.given.text("email"),
                problem: Some(problem_sentence(at.language, &problem)),
                ..page(app, jar, &at, next).await?
            };
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

/// Signs somebody in, or remembers that only their code is still to come; answers where to go.
async fn pass(
    app: &App,
    jar: &CookieJar<'_>,
    given: &Given,
    (address, browser): (ClientAddress, UserAgent),
    next: &str,
) -> Outcome<String> {
    let fields = given.without(|name| name == "next").fields();
    // What can't be an address or a password is refused like one that does not fit.
    let given = credentials(fields).map_err(|_| Problem::SignInRefused)?;
    let account = known(app, given.email, given.password, address.0).await?;
    let half = HalfWay::of(&account, next.to_owned(), app.clock.now());
    match enter(app, account, None, address.0, browser.0).await {
        Ok(cookie) => {
            set_cookie(app, jar, cookie);
            Ok(next.to_owned())
        }
        Err(Problem::SecondFactorMissing) => {
            half.remember(app, jar)?;
            Ok(sign_in_code::PATH.to_owned())
        }
        Err(problem) => Err(problem),
    }
}

#[get("/sign-in/<_token>")]
fn show_link(app: &State<App>, jar: &CookieJar<'_>, at: At, _token: LinkToken) -> Outcome<Html> {
    Html::page(at.language, SignInLink { here: at.here(), csrf: form_token(app, jar) })
}

#[post("/sign-in/<token>", data = "<_form>")]
async fn use_link(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    token: LinkToken,
    browser: UserAgent,
    _form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    let now = app.clock.now();
    let arrival = Arrival { cookie: fresh_token(), browser: browser.0 };
    let cookie = arrival.cookie.clone();
    let begun = app.store.write(move |tx| sign_in_by_link(tx, now, token.as_str(), &arrival)).await;
    match begun {
        Ok(_) => {
            set_cookie(app, jar, cookie);
            Ok(Either::Left(Redirect::to("/")))
        }
        Err(problem @ Problem::NotFound) => {
            let at = at.on(PATH.to_owned());
            let shown = SignIn {
                problem: Some(SignInLink::refusal(at.language)),
                ..page(app, jar, &at, "/".to_owned()).await?
            };
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

#[post("/sign-out", data = "<form>")]
async fn end(app: &State<App>, jar: &CookieJar<'_>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    if let Some(session) = form.who.session {
        app.store.write(move |tx| end_session(tx, now, user, session)).await?;
    }
    clear_cookie(app, jar);
    Ok(done(PATH, Deed::SignedOut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_on_this_site() {
        assert_eq!(own_path("/studies/1?done=saved"), "/studies/1?done=saved");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/sign-in", "/a b"]
        {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
