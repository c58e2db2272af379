//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod account;
mod archive;
mod availability;
mod blocks;
mod closing;
mod consent_forms;
mod consent_versions;
mod copying;
pub(super) mod desk;
mod entrance;
mod exports;
mod guides;
mod home;
mod import;
mod interviews;
mod invitations;
mod leaving;
mod letters;
mod overview;
mod password;
mod person;
mod replan;
mod respondents;
mod second_factor;
mod sheet;
mod sheet_form;
mod sign_in;
mod sign_in_code;
mod strata;
mod studies;
mod subject_log;
mod team;
mod travel;
mod why_not;
mod wording_frames;
mod wordings;

pub(super) use sign_in::PATH as SIGN_IN;

use rocket::Route;

/// The routes of all pages of a researcher.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        account::routes(),
        archive::routes(),
        availability::routes(),
        blocks::routes(),
        closing::routes(),
        consent_forms::routes(),
        consent_versions::routes(),
        copying::routes(),
        entrance::routes(),
        exports::routes(),
        guides::routes(),
        home::routes(),
        import::routes(),
        interviews::routes(),
        invitations::routes(),
        leaving::routes(),
        letters::routes(),
        overview::routes(),
        password::routes(),
        person::routes(),
        replan::routes(),
        respondents::routes(),
        second_factor::routes(),
        sheet::routes(),
        sign_in::routes(),
        sign_in_code::routes(),
        strata::routes(),
        studies::routes(),
        subject_log::routes(),
        team::routes(),
        travel::routes(),
        why_not::routes(),
        wording_frames::routes(),
        wordings::routes(),
    ]
    .concat()
}
