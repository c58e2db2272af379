//! The headers that protect every answer: what a page may load, where it may stand, what may be kept.

use rocket::fairing::{self, Info, Kind};
use rocket::http::{Cookie, Header, SameSite, Status};
use rocket::{Request, Response};

use super::guards::{self, LANGUAGE_COOKIE, set_default};
use crate::domain::language::Language;

/// No script, style, frame or form of anybody else; nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; object-src 'none'";

/// Puts the headers on every answer.
pub struct Fairing;

#[rocket::async_trait]
impl fairing::Fairing for Fairing {
    fn info(&self) -> Info {
        Info { name: "Security headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        set_default(response, "Content-Security-Policy", POLICY);
        set_default(response, "X-Content-Type-Options", "nosniff");
        set_default(response, "X-Frame-Options", "DENY");
        set_default(response, "Referrer-Policy", "no-referrer");
        set_default(response, "Cross-Origin-Opener-Policy", "same-origin");
        set_default(response, "Cross-Origin-Resource-Policy", "same-origin");
        set_default(response, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
        // Only what is the same for everybody may be kept by a browser or proxy (E31).
        set_default(response, "Cache-Control", "no-store");
        if response.status() == Status::MethodNotAllowed {
            response.set_header(Header::new("Allow", guards::allowed_methods(request).join(", ")));
        }
        remember_language(request, response);
        let https = guards::app(request).is_ok_and(|app| app.settings.is_https());
        if https {
            set_default(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }
}

/// Keeps the language that the address asked for, so that the next page speaks it too.
fn remember_language(request: &Request<'_>, response: &mut Response<'_>) {
    let asked = request.query_value::<&str>("lang").and_then(Result::ok);
    if let Some(language) = asked.and_then(|tag| tag.parse::<Language>().ok()) {
        let https = guards::app(request).is_ok_and(|app| app.settings.is_https());
        let cookie = Cookie::build((LANGUAGE_COOKIE, language.as_str()))
            .path("/")
            .http_only(true)
            .secure(https)
            .same_site(SameSite::Lax);
        response.adjoin_header(cookie.build());
    }
}
