//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod account;
mod desk;
mod home;
mod import;
mod interviews;
mod invitations;
mod overview;
mod parts;
mod person;
mod replan;
mod respondents;
mod sign_in;
mod strata;
mod studies;
mod team;

pub(super) use sign_in::PATH as SIGN_IN;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        account::routes(),
        home::routes(),
        import::routes(),
        interviews::routes(),
        invitations::routes(),
        overview::routes(),
        person::routes(),
        replan::routes(),
        respondents::routes(),
        sign_in::routes(),
        strata::routes(),
        studies::routes(),
        team::routes(),
    ]
    .concat()
}
