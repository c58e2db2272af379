//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod availability;
mod consent_forms;
mod desk;
mod interviews;
mod invitations;
mod letters;
mod replan;
mod wordings;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        availability::routes(),
        consent_forms::routes(),
        interviews::routes(),
        invitations::routes(),
        letters::routes(),
        replan::routes(),
        wordings::routes(),
    ]
    .concat()
}
