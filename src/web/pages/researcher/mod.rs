//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod desk;
mod interviews;
mod invitations;
mod replan;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [interviews::routes(), invitations::routes(), replan::routes()].concat()
}
