//! Another password for somebody who forgot theirs, by a link that is mailed.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, done, wrong};
use super::entrance::{door, gone};
use super::sign_in;
use crate::actions::ask_reset::ask_reset;
use crate::actions::reset_password::reset_password;
use crate::domain::language::Language;
use crate::problem::{Outcome, Problem};
use crate::queries::account_links;
use crate::web::guards::{ClientAddress, LinkToken};
use crate::web::pages::Html;
use crate::web::pages::forms::Given;
use crate::web::pages::visitor::VisitorForm;
use crate::web::{App, input, passwords};
use crate::words::pages::researcher::{ForgotPassword, NewPassword};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::problem_sentence;

const PATH: &str = "/password";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, ask, show_link, choose]
}

fn page(app: &App, jar: &CookieJar<'_>, at: &At, errors: Vec<FieldMessage>) -> ForgotPassword {
    ForgotPassword { door: door(app, jar, at, errors), email: String::new(), problem: None, asked: false }
}

#[get("/password")]
fn show(app: &State<App>, jar: &CookieJar<'_>, at: At) -> Outcome<Html> {
    Html::page(at.language, page(app, jar, &at, Vec::new()))
}

/// The answer is the same with and without an account (ASVS 5.0 V6.3.8).
#[post("/password", data = "<form>")]
async fn ask(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    address: ClientAddress,
    form: VisitorForm,
) -> Outcome<Html> {
    let at = at.on(PATH.to_owned());
    let mut fields = form.given.fields();
    let email = fields.required("email", input::email);
    let asked = async {
        let email = fields.finish(|| email)?;
        let (now, language) = (app.clock.now(), at.language);
        app.store.write(move |tx| ask_reset(tx, now, &email, address.0, language)).await
    };
    let Err(problem) = asked.await else {
        return Html::page(at.language, ForgotPassword { asked: true, ..page(app, jar, &at, Vec::new()) });
    };
    let (errors, sentence) = match &problem {
        Problem::Throttled(_) => (Vec::new(), Some(problem_sentence(at.language, &problem))),
        _ => match wrong(at.language, &problem) {
            Some(errors) => (errors, None),
            None => return Err(problem),
        },
    };
    let shown =
        ForgotPassword { email: form.given.text("email"), problem: sentence, ..page(app, jar, &at, errors) };
    Html::again(at.language, &problem, shown)
}

async fn resets(app: &App, token: &LinkToken) -> Outcome<Option<String>> {
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.read(move |tx| account_links::resets(tx, &digest, now)).await
}

#[get("/password/<token>")]
async fn show_link(app: &State<App>, jar: &CookieJar<'_>, at: At, token: LinkToken) -> Outcome<Html> {
    let Some(email) = resets(app, &token).await? else { return gone(&at, "password") };
    Html::page(at.language, NewPassword { door: door(app, jar, &at, Vec::new()), email })
}

#[post("/password/<token>", data = "<form>")]
async fn choose(
    app: &State<App>,
    jar: &CookieJar<'_>,
    at: At,
    token: LinkToken,
    form: VisitorForm,
) -> Outcome<Either<Redirect, Html>> {
    // Hashing is dear, so it is done for links only that work.
    let Some(email) = resets(app, &token).await? else {
        return gone(&at, "password").map(Either::Right);
    };
    match replace(app, &token, &form.given, at.language).await {
        Ok(()) => Ok(Either::Left(done(sign_in::PATH, Deed::PasswordReset))),
        Err(Problem::NotFound) => gone(&at, "password").map(Either::Right),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let shown = NewPassword { door: door(app, jar, &at, errors), email };
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
    }
}

async fn replace(app: &App, token: &LinkToken, given: &Given, language: Language) -> Outcome<()> {
    let mut fields = given.fields();
    let password = passwords::read_new(&mut fields, "password");
    let password = fields.finish(|| password)?;
    let hash = passwords::hash(app, password).await?;
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.write(move |tx| reset_password(tx, now, &digest, &hash, language)).await
}
