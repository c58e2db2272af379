//! Where a request comes from: the address that throttles count by, and the browser as it names itself. Neither proves
//! who somebody is.

use std::net::IpAddr;

use rocket::Request;
use rocket::request::{self, FromRequest};

use super::app;
use crate::domain::text::is_deceptive;

/// The address of the client: that of the connection, or the one a trusted proxy names (E25).
#[must_use]
pub fn client_address(request: &Request<'_>) -> Option<IpAddr> {
    let direct = request.remote().map(|remote| remote.ip());
    let trusted = app(request).ok().and_then(|app| app.settings.trusted_proxy);
    if trusted.is_some() && trusted == direct {
        // The proxy appends the address that it saw, to the last line or as a line of its own; what stands before it
        // came from the client.
        let forwarded = request.headers().get("X-Forwarded-For").last();
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
