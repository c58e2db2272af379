//! One's own second factor. Switching it on or off asks for the password and a code (ASVS 5.0 V7.5.1).

use chrono_tz::Europe::Amsterdam;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, done, wrong};
use crate::actions::second_factor::{Proven, begin_factor, count_code, switch_off, switch_on};
use crate::actions::sign_in::forget_guesses;
use crate::domain::second_factor::recovery_codes;
use crate::problem::{Outcome, Problem};
use crate::queries::account;
use crate::store::second_factors::Factor;
use crate::web::api::session::proven;
use crate::web::guards::{ClientAddress, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::{App, input};
use crate::words::pages::researcher::{FactorState, SecondFactor};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::qr::QrPicture;
use crate::words::{dates, problem_sentence};

const PATH: &str = "/account/second-factor";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, begin, confirm, end]
}

#[get("/account/second-factor")]
async fn show(app: &State<App>, who: Researcher, at: At) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at).await?)
}

async fn page(app: &App, who: &Researcher, at: &At) -> Outcome<SecondFactor> {
    let user = who.user;
    let (factor, left) = app.store.read(move |tx| account::second_factor(tx, user)).await?;
    let state = match factor {
        None => FactorState::Off,
        Some(Factor { secret, confirmed_at: None, .. }) => {
            FactorState::Begun { picture: QrPicture::of(&secret.address(&who.email))?, secret: secret.text() }
        }
        Some(Factor { confirmed_at: Some(since), .. }) => FactorState::On {
            since: dates::stamp(at.language, Amsterdam, since),
            codes_left: left.unsigned_abs(),
        },
    };
    let (desk, email) = (at.desk(who), who.email.clone());
    Ok(SecondFactor { desk, email, state, codes: Vec::new(), errors: Vec::new() })
}

#[post("/account/second-factor", data = "<form>")]
async fn begin(app: &State<App>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| begin_factor(tx, now, user)).await?;
    Ok(Redirect::to(PATH))
}

/// The recovery codes are stored nowhere as they are, so this answers with the page itself.
#[post("/account/second-factor/on", data = "<form>")]
async fn confirm(app: &State<App>, at: At, address: ClientAddress, form: SignedForm) -> Outcome<Html> {
    let at = at.on(PATH.to_owned());
    let (now, email) = (app.clock.now(), form.who.email.clone());
    let outcome = async {
        let (who, code) = read(app, &at, address, &form).await?;
        let codes = recovery_codes();
        let kept = codes.clone();
        app.store
            .write(move |tx| {
                let done = switch_on(tx, now, &who, &code, &kept)?;
                forget_guesses(tx, &email, address.0)?;
                Ok(done)
            })
            .await?;
        Ok(codes)
    };
    match outcome.await {
        Ok(codes) => Html::page(at.language, SecondFactor { codes, ..page(app, &form.who, &at).await? }),
        Err(problem) => again(app, &at, &form, problem).await,
    }
}

#[post("/account/second-factor/off", data = "<form>")]
async fn end(
    app: &State<App>,
    at: At,
    address: ClientAddress,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let at = at.on(PATH.to_owned());
    let (now, email) = (app.clock.now(), form.who.email.clone());
    let outcome = async {
        let (who, code) = read(app, &at, address, &form).await?;
        app.store
            .write(move |tx| {
                let done = switch_off(tx, now, &who, &code)?;
                forget_guesses(tx, &email, address.0)?;
                Ok(done)
            })
            .await
    };
    match outcome.await {
        Ok(()) => Ok(Either::Left(done("/account", Deed::FactorOff))),
        Err(problem) => again(app, &at, &form, problem).await.map(Either::Right),
    }
}

/// Reads the code and the password, and proves the latter. Both tries are counted.
async fn read(app: &App, at: &At, address: ClientAddress, form: &SignedForm) -> Outcome<(Proven, String)> {
    let mut fields = form.given.fields();
    let code = fields.required("code", input::raw);
    let current = fields.required("current", input::raw);
    let (code, current) = fields.finish(|| Some((code?, current?)))?;
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| count_code(tx, now, user)).await?;
    let compared = proven(app, &form.who, address, current).await?;
    Ok((Proven { user, session: form.who.session, compared, language: at.language }, code))
}

async fn again(app: &App, at: &At, form: &SignedForm, problem: Problem) -> Outcome<Html> {
    let errors = match &problem {
        Problem::SecondFactorWrong | Problem::Throttled(_) => {
            let message = problem_sentence(at.language, &problem);
            vec![FieldMessage { field: "code".to_owned(), label: None, message }]
        }
        _ => match wrong(at.language, &problem) {
            Some(errors) => errors,
            None => return Err(problem),
        },
    };
    let shown = SecondFactor { errors, ..page(app, &form.who, at).await? };
    Html::again(at.language, &problem, shown)
}
