//! Signing in and out, and what a researcher can see and change of their own account.

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::time::Duration;
use rocket::{Route, State, delete, get, post, put};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::second_factor::count_code;
use crate::actions::{change_password::change_password, end_session::end_session, sign_in};
use crate::domain::text::EmailAddress;
use crate::id::SessionId;
use crate::keys::{About, fresh_token, token_digest};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::account;
use crate::queries::page::Page;
use crate::store::accounts::Account;
use crate::store::sessions::{ABSOLUTE_DAYS, Session};
use crate::web::answers::Answer;
use crate::web::guards::{ClientAddress, Id, Researcher, SameOrigin, UserAgent, cookie_name};
use crate::web::input::{self, Body, Fields};
use crate::web::{App, passwords};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![begin, end, me, set_password, sessions, end_other]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(begin, end, me, set_password, sessions, end_other))]
pub struct Reference;

/// Who wants to sign in.
pub(in crate::web) struct Given {
    pub(in crate::web) email: EmailAddress,
    pub(in crate::web) password: String,
    code: Option<String>,
}

/// Reads who wants to sign in.
pub(in crate::web) fn credentials(mut fields: Fields) -> Outcome<Given> {
    let email = fields.required("email", input::email);
    let password = fields.required("password", input::raw);
    let code = fields.optional("code", input::raw);
    fields.finish(|| Some(Given { email: email?, password: password?, code }))
}

/// The account that an address and a password fit. Shared with the sign-in page.
///
/// # Errors
/// [`Problem::SignInRefused`] or [`Problem::Throttled`].
pub async fn known(
    app: &App,
    email: EmailAddress,
    password: String,
    address: Option<std::net::IpAddr>,
) -> Outcome<Account> {
    let now = app.clock.now();
    let account = app.store.write(move |tx| sign_in::count_guess(tx, now, &email, address)).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = passwords::fits(app, password, hash).await?;
    account.filter(|_| fits).ok_or(Problem::SignInRefused)
}

/// Signs somebody in whose password fitted, with a code where a second factor is on; gives the cookie's value. Shared
/// with the sign-in pages.
///
/// # Errors
/// [`Problem::SecondFactorMissing`], [`Problem::SecondFactorWrong`] or [`Problem::Throttled`].
pub async fn enter(
    app: &App,
    account: Account,
    code: Option<String>,
    address: Option<std::net::IpAddr>,
    browser: String,
) -> Outcome<String> {
    let (now, user) = (app.clock.now(), account.id);
    if code.is_some() {
        app.store.write(move |tx| count_code(tx, now, user)).await?;
    }
    let arrival = sign_in::Arrival { cookie: fresh_token(), browser };
    let cookie = arrival.cookie.clone();
    app.store
        .write(move |tx| sign_in::sign_in(tx, now, &account, address, &arrival, code.as_deref()))
        .await?;
    Ok(cookie)
}

/// Gives the browser its session cookie.
pub fn set_cookie(app: &App, jar: &CookieJar<'_>, value: String) {
    let https = app.settings.is_https();
    jar.add(
        Cookie::build((cookie_name(https), value))
            .path("/")
            .http_only(true)
            .secure(https)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(ABSOLUTE_DAYS)),
    );
}

/// Takes the session cookie away.
pub fn clear_cookie(app: &App, jar: &CookieJar<'_>) {
    let https = app.settings.is_https();
    // Browsers take no notice of a `__Host-` cookie that is not `Secure`, not even to remove it.
    jar.remove(Cookie::build(cookie_name(https)).path("/").secure(https));
}

/// Who signs in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Credentials {
    /// The address of the account, in any case.
    email: String,
    password: String,
    /// Where a second factor is on: a code of the authenticator app, or a recovery code.
    code: Option<String>,
}

/// Signs in.
///
/// The cookie is sent by the browser from then on; the header `X-CSRF-Token` of the answer goes with every change.
/// Guessing is slowed down per account and address, with 429 and `Retry-After`.
#[utoipa::path(
    request_body = Credentials,
    responses((
        status = 204,
        description = "Signed in; the answer sets the cookie.",
        headers(("X-CSRF-Token" = String)),
    )),
    extensions(("x-problems" = json!([
        "cross_site", "sign_in_refused", "second_factor_missing", "second_factor_wrong", "throttled",
    ]))),
    security(()),
)]
#[post("/session", data = "<body>")]
async fn begin(
    app: &State<App>,
    jar: &CookieJar<'_>,
    _from: SameOrigin,
    body: Body,
    address: ClientAddress,
    browser: UserAgent,
) -> Result<Answer, Problem> {
    let Given { email, password, code } = credentials(body.fields())?;
    let account = known(app, email, password, address.0).await?;
    let cookie = enter(app, account, code, address.0, browser.0).await?;
    let csrf = app.store.keys().digest(About::Form, &[token_digest(&cookie).as_bytes()]);
    set_cookie(app, jar, cookie);
    Ok(Answer::with_status(204, ())?.header("X-CSRF-Token", csrf))
}

/// Signs out.
#[utoipa::path(responses((status = 204, description = "Signed out; the cookie is taken away.")))]
#[delete("/session")]
async fn end(app: &State<App>, jar: &CookieJar<'_>, who: Researcher) -> Result<Answer, Problem> {
    let now = app.clock.now();
    if let Some(session) = who.session {
        app.store.write(move |tx| end_session(tx, now, who.user, session)).await?;
    }
    clear_cookie(app, jar);
    Answer::with_status(204, ())
}

/// A researcher, as they see themselves.
#[derive(Serialize, ToSchema)]
struct Me {
    id: crate::id::UserId,
    email: String,
    name: String,
}

/// Who one is.
#[utoipa::path(
    responses((status = 200, description = "The account; with a session also `X-CSRF-Token`.", body = Me)),
)]
#[get("/me")]
fn me(who: Researcher) -> Result<Answer, Problem> {
    let answer = Answer::ok(Me { id: who.user, email: who.email, name: who.name })?;
    Ok(if who.session.is_some() { answer.header("X-CSRF-Token", who.csrf) } else { answer })
}

/// A new password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct NewPassword {
    /// The password until now.
    current: String,
    /// The password from now on.
    new: String,
}

/// Changes the password and ends all other sessions.
#[utoipa::path(
    request_body = NewPassword,
    responses((status = 204, description = "Changed. A wrong or weak password is told beside the field.")),
    extensions(("x-problems" = json!(["throttled"]))),
)]
#[put("/me/password", data = "<body>")]
async fn set_password(
    app: &State<App>,
    who: Researcher,
    address: ClientAddress,
    body: Body,
) -> Result<Answer, Problem> {
    replace_password(app, &who, address, body.fields()).await?;
    Answer::with_status(204, ())
}

/// The hash that the password of a researcher fits, whom a session has brought here: whoever took one over guesses as
/// slowly here as on the page for signing in (E25).
///
/// # Errors
/// [`Problem::Throttled`]; a problem with the field `current`.
pub(in crate::web) async fn proven(
    app: &App,
    who: &Researcher,
    ClientAddress(address): ClientAddress,
    current: String,
) -> Outcome<String> {
    let email =
        EmailAddress::parse(&who.email).map_err(|_| Problem::internal("an account without an address"))?;
    let now = app.clock.now();
    let account = app.store.write(move |tx| sign_in::count_guess(tx, now, &email, address)).await?;
    let compared = account.ok_or(Problem::Unauthenticated)?.password_hash;
    if !passwords::fits(app, current, Some(compared.clone())).await? {
        return Err(Problem::field("current", FieldCode::PasswordWrong));
    }
    Ok(compared)
}

/// Replaces a researcher's own password, which ends all their other sessions. Shared with the account page.
pub(in crate::web) async fn replace_password(
    app: &App,
    who: &Researcher,
    address: ClientAddress,
    mut fields: Fields,
) -> Outcome<()> {
    let current = fields.required("current", input::raw);
    let new = passwords::read_new(&mut fields, "new");
    let (current, new) = fields.finish(|| Some((current?, new?)))?;
    let (user, session) = (who.user, who.session);
    let now = app.clock.now();
    let compared = proven(app, who, address, current).await?;
    let hash = passwords::hash(app, new).await?;
    let email = who.email.clone();
    app.store
        .write(move |tx| {
            let done = change_password(tx, now, user, session, &compared, &hash)?;
            sign_in::forget_guesses(tx, &email, address.0)?;
            Ok(done)
        })
        .await
}

/// A session in the list of a researcher's own.
#[derive(Serialize, ToSchema)]
struct SessionItem {
    id: SessionId,
    /// The browser as it named itself.
    browser: String,
    created_at: crate::clock::Instant,
    seen_at: crate::clock::Instant,
    /// Whether it is the one that asks.
    current: bool,
}

/// One's own sessions that are still open.
#[utoipa::path(responses((status = 200, description = "The sessions.", body = Page<SessionItem>)))]
#[get("/me/sessions")]
async fn sessions(app: &State<App>, who: Researcher) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let found: Vec<Session> = app.store.read(move |tx| account::sessions(tx, who.user, now)).await?;
    let items: Vec<SessionItem> = found
        .into_iter()
        .map(|s| SessionItem {
            id: s.id,
            browser: s.browser,
            created_at: s.created_at,
            seen_at: s.seen_at,
            current: who.session == Some(s.id),
        })
        .collect();
    Answer::ok(Page::whole(items))
}

/// Ends one of one's own sessions.
#[utoipa::path(responses((status = 204, description = "Ended.")))]
#[delete("/me/sessions/<session>")]
async fn end_other(app: &State<App>, who: Researcher, session: Id<SessionId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.store.write(move |tx| end_session(tx, now, who.user, session.0)).await?;
    Answer::with_status(204, ())
}
