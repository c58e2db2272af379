//! The whole system, driven through its real router over a real database: one file per thing that it does.

mod cluster;
mod database;
mod erase_respondent;
mod house;
mod import_respondents;
mod members;
mod municipalities;
mod respondents;
mod sign_in;
mod strata;
mod studies;
