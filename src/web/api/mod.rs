//! The JSON API under `/api/v1`. One file per noun; each gives its routes.

pub mod session;

use rocket::fairing::AdHoc;

/// Mounts the API.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("API", |rocket| async { rocket.mount("/api/v1", session::routes()) })
}
