//! The whole system, driven through its real router over a real database: one file per thing that it does.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod audit_trail;
mod cluster;
mod database;
mod erase_respondent;
mod export;
mod fieldwork;
mod guides;
mod house;
mod house;
mod import_respondents;
mod members;
mod migrations;
mod municipalities;
mod overview;
mod overview;
mod reservations;
mod reservations;
mod respondents;
mod sheets;
mod sign_in;
mod sign_in;
mod store;
mod strata;
mod studies;
