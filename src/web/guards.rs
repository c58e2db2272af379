//! Who asks, and in which language: the guards that stand before the handlers.
//!
//! A guard that refuses leaves its problem with the request, where the catcher finds it. Nothing here decides what a
//! person may do in a study: that is read inside the transaction (R11).

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Mutex;

use rocket::data;
use rocket::http::{Header, Method, Status};
use rocket::request::{self, FromParam, FromRequest};
use rocket::{Request, Response, Route};

use super::App;
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::text::is_deceptive;
use crate::id::{SessionId, UserId};
use crate::keys::{About, TOKEN_LENGTH, token_digest};
use crate::problem::{Outcome, Problem};
use crate::queries::who;
use crate::store::idempotency::Once;

#[derive(Default)]
struct Refusal(Mutex<Option<Problem>>);

fn leave(request: &Request<'_>, problem: Problem) -> Status {
    let status = super::answers::status(&problem);
    let cache = request.local_cache(Refusal::default);
    if let Ok(mut place) = cache.0.lock() {
        *place = Some(problem);
    }
    status
}

/// The problem that a guard of this request left behind.
pub(super) fn refusal(request: &Request<'_>) -> Option<Problem> {
    request.local_cache(Refusal::default).0.lock().ok()?.take()
}

/// Refuses from a request guard.
fn refuse<S>(request: &Request<'_>, problem: Problem) -> request::Outcome<S, ()> {
    request::Outcome::Error((leave(request, problem), ()))
}

/// Refuses from a data guard.
pub(super) fn refuse_data<'r, S>(request: &Request<'_>, problem: Problem) -> data::Outcome<'r, S, ()> {
    data::Outcome::Error((leave(request, problem), ()))
}

/// What every handler can reach, for guards.
pub(super) fn app<'r>(request: &'r Request<'_>) -> Outcome<&'r App> {
    request.rocket().state::<App>().ok_or_else(|| Problem::internal("the house was built without its state"))
}

/// The other methods for which the path exists, in the order of their names.
pub(super) fn allowed_methods(request: &Request<'_>) -> Vec<&'static str> {
    let asked: Vec<&str> = request.uri().path().as_str().trim_matches('/').split('/').collect();
    let fits = |route: &&Route| {
        let mounted: Vec<&str> = route.uri.path().trim_matches('/').split('/').collect();
        route.method != request.method()
            && mounted.len() == asked.len()
            && mounted.iter().zip(&asked).all(|(m, a)| m.starts_with('<') || m == a)
    };
    let methods: BTreeSet<&str> = request.rocket().routes().filter(fits).map(|r| r.method.as_str()).collect();
    methods.into_iter().collect()
}

/// The language to answer in: the one the address asks for, else the best the browser accepts, else Dutch.
#[must_use]
pub fn language_of(request: &Request<'_>) -> Language {
    request
        .query_value::<&str>("lang")
        .and_then(Result::ok)
        .and_then(|tag| tag.parse().ok())
        .or_else(|| request.headers().get_one("Accept-Language").and_then(Language::accepted))
        .unwrap_or_default()
}

/// The cookie that remembers which language a person chose.
pub const LANGUAGE_COOKIE: &str = "lang";

/// The language that a person chose for pages: in the address, or earlier.
#[must_use]
pub fn chosen_language(request: &Request<'_>) -> Option<Language> {
    let asked = request.query_value::<&str>("lang").and_then(Result::ok);
    let kept = request.cookies().get(LANGUAGE_COOKIE).map(|cookie| cookie.value().to_owned());
    asked.and_then(|tag| tag.parse().ok()).or_else(|| kept.and_then(|tag| tag.parse().ok()))
}

/// The language of a page about which nothing else is known.
#[must_use]
pub fn page_language(request: &Request<'_>) -> Language {
    chosen_language(request).unwrap_or_else(|| language_of(request))
}

/// The language that a person chose, as a guard; the page knows what to fall back on.
#[derive(Debug, Clone, Copy)]
pub struct Chosen(pub Option<Language>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Chosen {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(chosen_language(request)))
    }
}

/// The language in which to answer: the one that was chosen before, else that of the request; as a guard.
#[derive(Debug, Clone, Copy)]
pub struct Speaks(pub Language);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Speaks {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(page_language(request)))
    }
}

/// The address of the client: that of the connection, or the one a trusted proxy names (E25).
#[must_use]
pub fn client_address(request: &Request<'_>) -> Option<IpAddr> {
    let direct = request.remote().map(|remote| remote.ip());
    let trusted = app(request).ok().and_then(|app| app.settings.trusted_proxy);
    if trusted.is_some() && trusted == direct {
        let forwarded = request.headers().get_one("X-Forwarded-For");
        // The proxy appends the address that it saw; what stands before it came from the client.
        if let Some(seen) = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()) {
            return Some(seen);
        }
    }
    direct
}

/// The address of the client, as a guard.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ClientAddress {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(client_address(request)))
    }
}

/// The browser as it names itself, cut to what fits a list and without characters that could deceive.
#[derive(Debug, Clone)]
pub struct UserAgent(pub String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for UserAgent {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let named = request.headers().get_one("User-Agent").unwrap_or_default();
        request::Outcome::Success(Self(named.chars().filter(|c| !is_deceptive(*c)).take(200).collect()))
    }
}

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
pub(super) async fn signed_in(request: &Request<'_>) -> Outcome<Researcher> {
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
    let (session, user, email, name) = found.ok_or(Problem::Unauthenticated)?;
    Ok(Researcher { user, email, name, session: Some(session), csrf })
}

/// Whether the browser shows the cookie of a session, which may have ended.
pub(super) fn carries_session(request: &Request<'_>) -> bool {
    app(request).is_ok_and(|app| request.cookies().get(cookie_name(app.settings.is_https())).is_some())
}

/// Whether the browser says that the request comes from one of our own pages. A client that is no browser says
/// nothing and is judged by its token alone.
pub(super) fn is_same_origin(request: &Request<'_>) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get_one("Sec-Fetch-Site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get_one("Origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    let ours = app(request).ok().map(|app| app.settings.base_url.clone()).unwrap_or_default();
    origin == ours || (host.is_some() && host == headers.get_one("Host"))
}

/// Compares two tokens without telling by the time it takes how much of them agrees.
pub(super) fn same_token(given: &str, wanted: &str) -> bool {
    !wanted.is_empty() && token_digest(given) == token_digest(wanted)
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Researcher {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let outcome = async {
            let who = signed_in(request).await?;
            let safe = matches!(request.method(), Method::Get | Method::Head | Method::Options);
            if !safe && who.session.is_some() {
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

/// The token of a personal link, as the path has it. Anything that can't be one is unknown (R5).
#[derive(Debug, Clone)]
pub struct LinkToken(String);

impl LinkToken {
    /// What the database knows the link by.
    #[must_use]
    pub fn digest(&self) -> String {
        token_digest(&self.0)
    }

    /// The token itself, for the addresses of the person's own pages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> FromParam<'a> for LinkToken {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        let fits = param.len() == TOKEN_LENGTH
            && param.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits { Ok(Self(param.to_owned())) } else { Err(()) }
    }
}

/// An id in a path; one that can't be an id is a 404 before the handler.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<'a, T: std::str::FromStr> FromParam<'a> for Id<T> {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        param.parse().map(Self).map_err(|_| ())
    }
}

/// The `Idempotency-Key` of a request, if it has one.
#[derive(Debug, Clone)]
pub struct RepeatKey {
    key: Option<String>,
    route: String,
}

impl RepeatKey {
    /// The one-shot key of a form on a page; a form without one is taken every time.
    #[must_use]
    pub fn of_form(path: &str, key: Option<String>) -> Self {
        Self { key, route: format!("POST {}", token_digest(path)) }
    }

    /// The request as the store recognises it again.
    #[must_use]
    pub fn once(&self, caller: impl ToString, body: &[u8], now: Instant) -> Option<Once> {
        let key = self.key.clone()?;
        Some(Once { caller: caller.to_string(), route: self.route.clone(), key, body: body.to_vec(), now })
    }
}

/// The method and path for which a key stands. The path holds a token for respondents, so only its digest is kept.
pub(super) fn route(request: &Request<'_>) -> String {
    format!("{} {}", request.method(), token_digest(request.uri().path().as_str()))
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RepeatKey {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let mut keys = request.headers().get("Idempotency-Key").map(str::to_owned);
        let (key, another) = (keys.next(), keys.next());
        if another.is_some() || key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 255) {
            let rule = "Idempotency-Key stands once and takes 1 to 255 characters";
            return refuse(request, Problem::Malformed(rule.to_owned()));
        }
        request::Outcome::Success(Self { key, route: route(request) })
    }
}

/// The `If-Match` of a request (RFC 9110 13.1.1), if it has one.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Demands that the thing still is at the revision that the caller saw.
    ///
    /// # Errors
    /// [`Problem::PreconditionFailed`] when it is not.
    pub fn check(&self, revision: i32) -> Outcome<()> {
        self.names(&[etag(revision)])
    }

    /// Demands that a thing still is as the caller saw it, or at least the one part of it that they change.
    ///
    /// # Errors
    /// [`Problem::PreconditionFailed`] when neither is.
    pub fn check_part(&self, whole: i32, part: i32) -> Outcome<()> {
        self.names(&[etag(whole), part_etag(part)])
    }

    fn names(&self, stands: &[String]) -> Outcome<()> {
        let fits = |tag: &str| tag == "*" || stands.iter().any(|stands| stands == tag);
        match &self.0 {
            Some(tags) if !tags.split(',').any(|tag| fits(tag.trim())) => Err(Problem::PreconditionFailed),
            _ => Ok(()),
        }
    }
}

/// The entity tag of a revision.
#[must_use]
pub fn etag(revision: i32) -> String {
    format!("\"{revision}\"")
}

/// The entity tag of a part of a thing, such as one answer on a sheet.
fn part_etag(revision: i32) -> String {
    format!("\"q{revision}\"")
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IfMatch {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(request.headers().get_one("If-Match").map(str::to_owned)))
    }
}

/// Sets a header once.
pub(super) fn set_default(response: &mut Response<'_>, name: &'static str, value: &'static str) {
    if !response.headers().contains(name) {
        response.set_header(Header::new(name, value));
    }
}
