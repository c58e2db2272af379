//! The JSON API under `/api/v1`. One file per noun; each gives its routes.

pub mod audit;
pub mod export;
mod guide_body;
pub mod guides;
pub mod overview;
pub mod session;
pub mod sheet;

use rocket::fairing::AdHoc;

/// Mounts the API.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("API", |rocket| async {
        rocket
            .mount("/api/v1", session::routes())
            .mount("/api/v1", guides::routes())
            .mount("/api/v1", sheet::routes())
            .mount("/api/v1", export::routes())
            .mount("/api/v1", overview::routes())
            .mount("/api/v1", audit::routes())
    })
}
