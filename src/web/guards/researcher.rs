//! Who is signed in, by a session or an API token, and whether a request of a session comes from a page of our own.

use rocket::Request;
use rocket::http::Method;
use rocket::request::{self, FromRequest};

use super::{app, refuse};
use crate::actions::keep_session::keep_session;
use crate::id::{SessionId, UserId};
use crate::keys::{About, token_digest};
use crate::problem::{Outcome, Problem};
use crate::queries::who;
use crate::store::sessions::Found;

/// How long a session goes without being noted as in use, in minutes.
const KEPT_MINUTES: i64 = 10;

/// A signed-in researcher: by an API token, or by a session whose forms and requests prove that they are our own.
#[derive(Debug, Clone)]
pub struct Researcher {
    /// Who.
    pub user: UserId,
    /// The address that they sign in with.
    pub email: String,
    /// The name that respondents see.
    pub name: String,
    /// The session, when signed in by one.
    pub session: Option<SessionId>,
    /// What a form or `X-CSRF-Token` of this session must carry (E31); empty for an API token.
    pub csrf: String,
}

/// The name of the session cookie. With https the `__Host-` prefix binds it to this host and to https.
#[must_use]
pub const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-veldwerk" } else { "veldwerk" }
}

/// Who asks, without a look at forged forms: for reading, and for forms that check their own field.
pub(in crate::web) async fn signed_in(request: &Request<'_>) -> Outcome<Researcher> {
    let app = app(request)?;
    let now = app.clock.now();
    if let Some(authorization) = request.headers().get_one("Authorization") {
        let (scheme, token) = authorization.split_once(' ').ok_or(Problem::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Err(Problem::Unauthenticated);
        }
        let digest = token_digest(token.trim());
        let found = app.store.read(move |tx| who::by_token(tx, &digest)).await?;
        let (user, email, name) = found.ok_or(Problem::Unauthenticated)?;
        return Ok(Researcher { user, email, name, session: None, csrf: String::new() });
    }
    let cookie = request.cookies().get(cookie_name(app.settings.is_https()));
    let digest = token_digest(cookie.ok_or(Problem::Unauthenticated)?.value());
    let csrf = app.store.keys().digest(About::Form, &[digest.as_bytes()]);
    let found = app.store.read(move |tx| who::by_session(tx, &digest, now)).await?;
    let Found { id, seen_at, user, email, name } = found.ok_or(Problem::Unauthenticated)?;
    if !is_safe(request) && seen_at.plus_minutes(KEPT_MINUTES) <= now {
        app.store.write(move |tx| keep_session(tx, now, id)).await?;
    }
    Ok(Researcher { user, email, name, session: Some(id), csrf })
}

/// Whether a request only looks (RFC 9110 9.2.1).
fn is_safe(request: &Request<'_>) -> bool {
    matches!(request.method(), Method::Get | Method::Head | Method::Options)
}

/// Whether the browser shows the cookie of a session, which may have ended.
pub(in crate::web) fn carries_session(request: &Request<'_>) -> bool {
    app(request).is_ok_and(|app| request.cookies().get(cookie_name(app.settings.is_https())).is_some())
}

/// Whether the browser says that the request comes from one of our own pages. A client that is no browser says
/// nothing and is judged by its token alone.
pub(in crate::web) fn is_same_origin(request: &Request<'_>) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get_one("Sec-Fetch-Site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get_one("Origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    let ours = app(request).ok().map(|app| app.settings.base_url.clone()).unwrap_or_default();
    origin == ours || (host.is_some() && host == headers.get_one("Host"))
}

/// A request that no page of another site has begun, for what is done without a session (E31).
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        if is_same_origin(request) {
            request::Outcome::Success(Self)
        } else {
            refuse(request, Problem::CrossSite)
        }
    }
}

/// Compares two tokens without telling by the time it takes how much of them agrees.
pub(in crate::web) fn same_token(given: &str, wanted: &str) -> bool {
    !wanted.is_empty() && token_digest(given) == token_digest(wanted)
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Researcher {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let outcome = async {
            let who = signed_in(request).await?;
            if !is_safe(request) && who.session.is_some() {
                let given = request.headers().get_one("X-CSRF-Token").unwrap_or_default();
                if !is_same_origin(request) || !same_token(given, &who.csrf) {
                    return Err(Problem::CrossSite);
                }
            }
            Ok(who)
        };
        match outcome.await {
            Ok(who) => request::Outcome::Success(who),
            Err(problem) => refuse(request, problem),
        }
    }
}
