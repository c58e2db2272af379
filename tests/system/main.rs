//! The whole system, driven through its real router over a real database: one file per thing that it does.

mod cluster;
mod database;
mod house;
mod migrations;
mod reservations;
mod sign_in;
mod store;
