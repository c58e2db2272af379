//! One's own account: the password, the browsers that are signed in, and the keys of the JSON API.

use chrono_tz::Europe::Amsterdam;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, done};
use crate::actions::end_session::end_session;
use crate::actions::end_token::end_token;
use crate::actions::issue_token::issue_token;
use crate::domain::audit::Actor;
use crate::id::{SessionId, TokenId};
use crate::problem::Outcome;
use crate::queries::account;
use crate::store::accounts::Token;
use crate::store::sessions::Session;
use crate::web::App;
use crate::web::api::session::replace_password;
use crate::web::guards::{ClientAddress, Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::dates;
use crate::words::pages::researcher::{Account, SessionRow, TokenRow};
use crate::words::pages::shared::Deed;

const PATH: &str = "/account";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, change_password, end, make_token, stop_token]
}

#[get("/account")]
async fn show(app: &State<App>, who: Researcher, at: At) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at).await?)
}

async fn page(app: &App, who: &Researcher, at: &At) -> Outcome<Account> {
    let (now, user) = (app.clock.now(), who.user);
    let (sessions, tokens, (factor, _)) = app
        .store
        .read(move |tx| {
            let sessions = account::sessions(tx, user, now)?;
            Ok((sessions, account::tokens(tx, user)?, account::second_factor(tx, user)?))
        })
        .await?;
    let row = |session: Session| SessionRow {
        id: session.id.to_string(),
        browser: called(&session.browser),
        since: dates::stamp(at.language, Amsterdam, session.created_at),
        last_used: dates::stamp(at.language, Amsterdam, session.seen_at),
        current: who.session == Some(session.id),
    };
    let token = |token: Token| TokenRow {
        id: token.id.to_string(),
        label: token.label,
        since: dates::stamp(at.language, Amsterdam, token.created_at),
    };
    Ok(Account {
        desk: at.desk(who),
        email: who.email.clone(),
        sessions: sessions.into_iter().map(row).collect(),
        factor_on: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
        tokens: tokens.into_iter().map(token).collect(),
        label: String::new(),
        new_token: None,
        errors: Vec::new(),
    })
}

/// A browser as its owner would call it, from the line by which it names itself. Browsers name those that they are
/// like before themselves, so the first that fits here is the one that it is.
fn called(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let first = |known: &[(&'static str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let named: Vec<&str> = first(&BROWSERS).into_iter().chain(first(&SYSTEMS)).collect();
    if named.is_empty() { user_agent.to_owned() } else { named.join(", ") }
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
    let (errors, problem) = at_fields(at.language, problem)?;
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

/// A key is stored nowhere and must not stand in an address, so this answers with the page itself.
#[post("/account/tokens", data = "<form>")]
async fn make_token(app: &State<App>, at: At, form: SignedForm) -> Outcome<Html> {
    let (now, user) = (app.clock.now(), form.who.user);
    let at = at.on(PATH.to_owned());
    let mut fields = form.given.fields();
    let label = fields.required("label", input::line);
    let label = match fields.finish(|| label) {
        Ok(label) => label,
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            let shown =
                Account { errors, label: form.given.text("label"), ..page(app, &form.who, &at).await? };
            return Html::again(at.language, &problem, shown);
        }
    };
    let token = app.store.write(move |tx| issue_token(tx, now, Actor::User(user), user, &label)).await?;
    let at = at.after(Deed::TokenMade);
    Html::page(at.language, Account { new_token: Some(token), ..page(app, &form.who, &at).await? })
}

#[post("/account/tokens/<token>/end", data = "<form>")]
async fn stop_token(app: &State<App>, token: Id<TokenId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| end_token(tx, now, user, token.0)).await?;
    Ok(done(PATH, Deed::TokenEnded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_own_name_and_one_that_is_unknown_by_what_it_says() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!(called(edge), "Edge, Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
        assert_eq!(called(phone), "Safari, iPhone");
        assert_eq!(called("curl/8.0"), "curl/8.0");
    }
}
