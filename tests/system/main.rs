//! The whole system, driven through its real router over a real database: one file per thing that it does.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod cluster;
mod database;
mod house;
mod migrations;
mod reservations;
mod sign_in;
mod store;
