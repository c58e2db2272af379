//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod account;
mod availability;
mod blocks;
mod consent_forms;
pub(super) mod desk;
mod entrance;
mod guides;
mod home;
mod import;
mod incoming;
mod interviews;
mod invitations;
mod leaving;
mod letters;
mod overview;
mod password;
mod person;
mod proposals;
mod replan;
mod respondents;
mod second_factor;
mod sheet;
mod sheet_form;
mod sign_in;
mod sign_in_code;
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
        entrance::routes(),
        guides::routes(),
        home::routes(),
        import::routes(),
        incoming::routes(),
        interviews::routes(),
        invitations::routes(),
        leaving::routes(),
        letters::routes(),
        overview::routes(),
        password::routes(),
        person::routes(),
        proposals::routes(),
        replan::routes(),
        respondents::routes(),
        second_factor::routes(),
        sheet::routes(),
        sign_in::routes(),
        sign_in_code::routes(),
        strata::routes(),
        studies::routes(),
        team::routes(),
        travel::routes(),
        why_not::routes(),
        wordings::routes(),
    ]
    .concat()
}
