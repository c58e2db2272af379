//! The whole system, driven through its real router over a real database: one file per thing that it does.

mod availability;
mod booking;
mod cluster;
mod consent;
mod database;
mod house;
mod leaving;
mod migrations;
mod moving;
mod races;
mod recording;
mod reservations;
mod sign_in;
mod store;
mod study;
mod tables;
