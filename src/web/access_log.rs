//! One line for every request, in JSON on standard error: the path's template, never the path, so that no personal
//! link and no name gets into a log.

use rocket::fairing::{self, Info, Kind};
use rocket::http::Header;
use rocket::{Data, Request, Response};
use std::time::Instant as Stopwatch;

use crate::id::random_name;

/// Writes the log.
pub struct Fairing;

struct Started(Stopwatch, String);

#[rocket::async_trait]
impl fairing::Fairing for Fairing {
    fn info(&self) -> Info {
        Info { name: "Access log", kind: Kind::Request | Kind::Response }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| Started(Stopwatch::now(), random_name()));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let Started(started, id) = request.local_cache(|| Started(Stopwatch::now(), random_name()));
        let path = request.route().map_or("(none)".to_owned(), |route| route.uri.path().to_owned());
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "veldwerk::access",
            request = %id,
            method = %request.method(),
            path,
            status = response.status().code,
            micros,
        );
        response.set_header(Header::new("X-Request-Id", id.clone()));
    }
}
