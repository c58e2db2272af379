//! The JSON API under `/api/v1`. One file per noun; each gives its routes.

pub mod audit;
pub mod export;
mod guide_body;
pub mod guides;
pub mod overview;
pub mod session;
pub mod sheet;
pub mod availability;
pub mod calendar_file;
pub mod consent_forms;
pub mod interviews;
pub mod participations;
pub mod slots;
pub mod import;
pub mod members;
pub mod municipalities;
pub mod respondents;
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
        audit::routes(),
        availability::routes(),
        calendar_file::routes(),
        consent_forms::routes(),
        export::routes(),
        guides::routes(),
        interviews::routes(),
        overview::routes(),
        participations::routes(),
        session::routes(),
        sheet::routes(),
        slots::routes(),
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
