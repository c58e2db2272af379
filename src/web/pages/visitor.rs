//! Forms of somebody who is not signed in yet. Without a session to bind a form to, a cookie of its own takes that
//! part, so that nobody can be signed in to a stranger's account from another site.

use rocket::Request;
use rocket::data::{self, Data, FromData};
use rocket::http::{Cookie, CookieJar, SameSite};

use super::forms::{CSRF_FIELD, Given, read_form};
use crate::keys::{About, fresh_token};
use crate::problem::{Outcome, Problem};
use crate::web::{App, guards};

const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-visitor" } else { "visitor" }
}

fn token_for(app: &App, cookie: &str) -> String {
    app.store.keys().digest(About::Form, &[b"visitor", cookie.as_bytes()])
}

/// What a form of this visitor must carry; gives the browser the cookie that it belongs to.
#[must_use]
pub fn form_token(app: &App, jar: &CookieJar<'_>) -> String {
    let https = app.settings.is_https();
    let name = cookie_name(https);
    if let Some(known) = jar.get(name) {
        return token_for(app, known.value());
    }
    let fresh = fresh_token();
    let token = token_for(app, &fresh);
    let cookie = Cookie::build((name, fresh)).path("/").http_only(true).secure(https);
    jar.add(cookie.same_site(SameSite::Lax));
    token
}

/// A form of a visitor, sent from one of our own pages.
#[derive(Debug)]
pub struct VisitorForm {
    /// The fields.
    pub given: Given,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for VisitorForm {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        match checked(request, data).await {
            Ok(given) => data::Outcome::Success(Self { given }),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}

async fn checked(request: &Request<'_>, data: Data<'_>) -> Outcome<Given> {
    let app = guards::app(request)?;
    let mut given = read_form(request, data).await?;
    let token = given.take(CSRF_FIELD);
    let cookie = request.cookies().get(cookie_name(app.settings.is_https())).ok_or(Problem::CrossSite)?;
    let wanted = token_for(app, cookie.value());
    if guards::is_same_origin(request) && guards::same_token(&token, &wanted) {
        Ok(given)
    } else {
        Err(Problem::CrossSite)
    }
}
