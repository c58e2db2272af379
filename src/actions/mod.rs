//! The verbs: one file per thing that changes something, one public function, one transaction.
//!
//! An action is given `now` and everything else it needs, loads through the store, asks the domain whether it may,
//! writes, and puts what must follow into the outbox of the same transaction. It never waits for a network.

mod accompany;
mod arrange;
mod assign_strata;
mod demand_notice;
mod hand_over;
mod tell;
mod tell_owner;

pub mod accept_invitation;
pub mod add_member;
pub mod add_respondent;
pub mod add_user;
pub mod announce_link;
pub mod ask_reset;
pub mod block_time;
pub mod book;
pub mod call_off;
pub mod cancel;
pub mod change_guide;
pub mod change_member;
pub mod change_password;
pub mod change_study;
pub mod choose_interviewer;
pub mod close_study;
pub mod consent;
pub mod correct_respondent;
pub mod create_study;
pub mod create_token;
pub mod decline;
pub mod delegate;
pub mod draft_consent_form;
pub mod draft_guide;
pub mod end_session;
pub mod end_token;
pub mod erase_respondent;
pub mod import_municipalities;
pub mod import_respondents;
pub mod invite_member;
pub mod issue_token;
pub mod note_export;
pub mod note_view;
pub mod offer_setup;
pub mod opt_out;
pub mod plan_availability;
pub mod plan_travel;
pub mod press;
pub mod publish_consent_form;
pub mod publish_guide;
mod readdress;
pub mod record;
pub mod record_answer;
pub mod remind;
pub mod remove_member;
pub mod renew_link;
pub mod reschedule;
pub mod reset_password;
pub mod retry_letter;
pub mod revoke_invitation;
pub mod second_factor;
pub mod second_interviewer;
pub mod set_join_link;
pub mod set_strata;
pub mod set_up;
pub mod sign_in;
pub mod wave;
pub mod withdraw;
pub mod word_letter;

pub use arrange::Wish;
