//! The whole system, driven through its real router over a real database: one file per thing that it does.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod audit_trail;
mod availability;
mod booking;
mod cluster;
mod consent;
mod database;
mod export;
mod fieldwork;
mod guides;
mod house;
mod leaving;
mod migrations;
mod moving;
mod overview;
mod races;
mod recording;
mod reservations;
mod sheets;
mod sign_in;
mod store;
mod study;
mod tables;
