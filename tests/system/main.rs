//! The whole system, driven through its real router over a real database: one file per thing that it does.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod archive;
mod audit_trail;
mod availability;
mod blocks;
mod booking;
mod browser;
mod browsing_accounts;
mod browsing_researchers;
mod browsing_respondents;
mod browsing_sheets;
mod caldav;
mod calendar_objects;
mod calendar_rules;
mod chromium;
mod cluster;
mod consent;
mod corrected_address;
mod database;
mod delegate;
mod described;
mod differential;
mod edge;
mod entrance;
mod erase_respondent;
mod export;
mod failed_letters;
mod fieldwork;
mod forgotten_password;
mod guides;
mod house;
mod import_respondents;
mod invite_mails;
mod invite_outcome;
mod invite_stage;
mod invite_table;
mod last_letter;
mod leaving;
mod leaving_member;
mod letter_order;
mod letter_texts;
mod members;
mod migrations;
mod moving;
mod municipalities;
mod notice;
mod openapi;
mod overview;
mod pages_access;
mod pages_of_fieldwork;
mod pages_of_words;
mod pages_overview;
mod pages_own;
mod pages_respondents;
mod pages_sign_in;
mod pages_study;
mod panel;
mod pool;
mod post;
mod races;
mod readers;
mod recording;
mod reminder_races;
mod reminders;
mod reservations;
mod respondents;
mod second_factor;
mod second_interviewer;
mod sheets;
mod sign_in;
mod simulated_calendar;
mod smtp;
mod store;
mod stored_calendars;
mod strata;
mod studies;
mod study;
mod tables;
mod travel;
mod unsubscribe;
mod waves;
mod why_not;
