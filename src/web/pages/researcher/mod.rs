//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod account;
mod availability;
mod blocks;
mod consent_forms;
pub(super) mod desk;
mod guides;
mod home;
mod import;
mod interviews;
mod invitations;
mod letters;
mod overview;
mod person;
mod replan;
mod respondents;
mod sheet;
mod sign_in;
mod strata;
mod studies;
mod team;
mod travel;
mod why_not;
mod wordings;

pub(super) use sign_in::PATH as SIGN_IN;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        account::routes(),
        availability::routes(),
        blocks::routes(),
        consent_forms::routes(),
        guides::routes(),
        home::routes(),
        import::routes(),
        interviews::routes(),
        invitations::routes(),
        letters::routes(),
        overview::routes(),
        person::routes(),
        replan::routes(),
        respondents::routes(),
        sheet::routes(),
        sign_in::routes(),
        strata::routes(),
        studies::routes(),
        team::routes(),
        travel::routes(),
        why_not::routes(),
        wordings::routes(),
    ]
    .concat()
}
