//! The second step of signing in: a code from an authenticator app, or a recovery code.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, wrong};
use super::entrance::door;
use super::sign_in;
use crate::problem::{Outcome, Problem};
use crate::queries::account;
use crate::web::api::session::{enter, set_cookie};
use crate::web::guards::{ClientAddress, UserAgent};
use crate::web::half_way::HalfWay;
use crate::web::pages::Html;
use crate::web::pages::visitor::VisitorForm;
use crate::web::{App, input};
use crate::words::pages::researcher::SignInCode;
use crate::words::problem_sentence;

/// The page that asks for a code.
pub const PATH: &str = "/sign-in/code";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, pass]
}

#[get("/sign-in/code")]
fn show(app: &State<App>, jar: &CookieJar<'_>, at: At) -> Outcome<Either<Redirect, Html>> {
    if HalfWay::recall(app, jar).is_none() {
        return Ok(Either::Left(Redirect::to(sign_in::PATH)));
    }
    let page = SignInCode { door: door(app, jar, &at, Vec::new()), problem: None };
    Html::page(at.language, page).map(Either::Right)
}

#[post("/sign-in/code", data = "<form>")]
async fn pass(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    address: ClientAddress,
    browser: UserAgent,
    form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    let Some(half) = HalfWay::recall(app, jar) else {
        return Ok(Either::Left(Redirect::to(sign_in::PATH)));
    };
    let user = half.user;
    let account = app.store.read(move |tx| account::get(tx, user)).await?;
    if !half.is_of(&account) {
        HalfWay::forget(app, jar);
        return Ok(Either::Left(Redirect::to(sign_in::PATH)));
    }
    let mut fields = form.given.fields();
    let code = fields.required("code", input::raw);
    let entered = match fields.finish(|| code) {
        Ok(code) => enter(app, account, Some(code), address.0, browser.0).await,
        Err(problem) => Err(problem),
    };
    let problem = match entered {
        Ok(cookie) => {
            HalfWay::forget(app, jar);
            set_cookie(app, jar, cookie);
            return Ok(Either::Left(Redirect::to(half.next)));
        }
        Err(problem) => problem,
    };
    let (errors, sentence) = match &problem {
        Problem::SecondFactorWrong | Problem::Throttled(_) => {
            (Vec::new(), Some(problem_sentence(at.language, &problem)))
        }
        _ => match wrong(at.language, &problem) {
            Some(errors) => (errors, None),
            None => return Err(problem),
        },
    };
    let page = SignInCode { door: door(app, jar, &at, errors), problem: sentence };
    Html::again(at.language, &problem, page).map(Either::Right)
}
