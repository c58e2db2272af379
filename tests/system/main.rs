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
mod export;
mod fieldwork;
mod guides;
mod house;
mod migrations;
mod openapi;
mod overview;
mod reservations;
mod sheets;
mod sign_in;
mod store;
