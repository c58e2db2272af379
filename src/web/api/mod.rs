//! The JSON API under `/api/v1`. One file per noun; each gives its routes.

pub mod agenda;
pub mod audit;
pub mod availability;
pub mod batches;
pub mod blocks;
pub mod bookings;
pub mod calendar_file;
pub mod calendars;
pub mod consent_forms;
pub mod consent_versions;
pub mod contact_data;
pub mod export;
mod guide_body;
pub mod guides;
pub mod holds;
pub mod import;
pub mod incoming_mail;
pub mod interviews;
pub mod letter_texts;
pub mod letters;
pub mod meetings;
pub mod members;
pub mod municipalities;
pub mod overview;
mod participation_body;
pub mod participations;
pub mod proposals;
pub mod referrals;
pub mod respondents;
pub mod session;
pub mod sheet;
pub mod slots;
pub mod strata;
pub mod studies;
pub(super) mod study_body;
pub mod study_life;
pub mod travel;
pub mod waves;
pub mod why_not;

use rocket::Route;
use rocket::fairing::AdHoc;

/// Mounts the API.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("API", |rocket| async { rocket.mount("/api/v1", routes()) })
}

fn routes() -> Vec<Route> {
    [
        agenda::routes(),
        audit::routes(),
        availability::routes(),
        batches::routes(),
        blocks::routes(),
        bookings::routes(),
        calendar_file::routes(),
        calendars::routes(),
        consent_forms::routes(),
        consent_versions::routes(),
        contact_data::routes(),
        export::routes(),
        guides::routes(),
        holds::routes(),
        import::routes(),
        incoming_mail::routes(),
        interviews::routes(),
        letter_texts::routes(),
        letters::routes(),
        meetings::routes(),
        members::routes(),
        municipalities::routes(),
        overview::routes(),
        participations::routes(),
        proposals::routes(),
        referrals::routes(),
        respondents::routes(),
        session::routes(),
        sheet::routes(),
        slots::routes(),
        strata::routes(),
        studies::routes(),
        study_life::routes(),
        travel::routes(),
        waves::routes(),
        why_not::routes(),
    ]
    .concat()
}
