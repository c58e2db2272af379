//! Who asks, and in which language: the guards that stand before the handlers.
//!
//! A guard that refuses leaves its problem with the request, where the catcher finds it. Nothing here decides what a
//! person may do in a study: that is read inside the transaction (R11).

mod client;
mod conditions;
mod language;
mod path;
mod researcher;

use std::collections::BTreeSet;
use std::sync::Mutex;

use rocket::data;
use rocket::http::{Header, Status};
use rocket::request;
use rocket::{Request, Response, Route};

pub use self::client::{ClientAddress, UserAgent, client_address};
pub(super) use self::conditions::route;
pub use self::conditions::{IfMatch, RepeatKey, content_etag, etag};
pub use self::language::{Chosen, LANGUAGE_COOKIE, Speaks, chosen_language, language_of, page_language};
pub use self::path::{Id, LinkToken};
pub use self::researcher::{Researcher, SameOrigin, cookie_name};
pub(super) use self::researcher::{carries_session, is_same_origin, same_token, signed_in};
use super::App;
use crate::problem::{Outcome, Problem};

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

/// Sets a header once.
pub(super) fn set_default(response: &mut Response<'_>, name: &'static str, value: &'static str) {
    if !response.headers().contains(name) {
        response.set_header(Header::new(name, value));
    }
}
