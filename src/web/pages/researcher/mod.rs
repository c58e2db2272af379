//! The pages of a signed-in researcher. A handler is one sentence: who asks, what is asked of the queries, and the
//! page; or the form, the action, and the page that says what was done.

mod account;
mod agenda;
mod archive;
mod availability;
mod batches;
mod blocks;
mod calendars;
mod closing;
mod consent_forms;
mod consent_versions;
mod copying;
pub(super) mod desk;
mod entrance;
mod exceptions;
mod exports;
mod guide_blocks;
mod guide_editor;
mod guide_folds;
mod guide_form;
mod guide_markdown;
mod guides;
mod home;
mod import;
mod import_columns;
mod import_draft;
mod incoming;
mod interviews;
mod invitation_form;
mod invitations;
mod leaving;
mod letters;
mod municipalities;
mod overview;
mod password;
mod person;
mod proposals;
mod replan;
mod replan_check;
mod respondents;
mod second_factor;
mod settings;
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
        agenda::routes(),
        archive::routes(),
        availability::routes(),
        batches::routes(),
        blocks::routes(),
        closing::routes(),
        calendars::routes(),
        consent_forms::routes(),
        consent_versions::routes(),
        copying::routes(),
        entrance::routes(),
        exceptions::routes(),
        exports::routes(),
        guide_editor::routes(),
        guide_markdown::routes(),
        guides::routes(),
        home::routes(),
        import::routes(),
        import_columns::routes(),
        import_draft::routes(),
        incoming::routes(),
        interviews::routes(),
        invitations::routes(),
        leaving::routes(),
        letters::routes(),
        municipalities::routes(),
        overview::routes(),
        password::routes(),
        person::routes(),
        proposals::routes(),
        replan::routes(),
        replan_check::routes(),
        respondents::routes(),
        second_factor::routes(),
        settings::routes(),
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
