//! The JSON API under `/api/v1`. One file per noun; each gives its routes.

pub mod import;
pub mod members;
pub mod municipalities;
pub mod respondents;
pub mod session;
pub mod strata;
pub mod studies;

use rocket::Route;
use rocket::fairing::AdHoc;

/// Mounts the API.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("API", |rocket| async { rocket.mount("/api/v1", routes()) })
}

fn routes() -> Vec<Route> {
    [
        import::routes(),
        members::routes(),
        municipalities::routes(),
        respondents::routes(),
        session::routes(),
        strata::routes(),
        studies::routes(),
    ]
    .concat()
}
