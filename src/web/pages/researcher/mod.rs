//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod availability;
mod consent_forms;
pub(super) mod desk;
mod guides;
mod interviews;
mod invitations;
mod letters;
mod replan;
mod sheet;
mod wordings;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        availability::routes(),
        consent_forms::routes(),
        guides::routes(),
        interviews::routes(),
        invitations::routes(),
        letters::routes(),
        replan::routes(),
        sheet::routes(),
        wordings::routes(),
    ]
    .concat()
}
