//! Veldwerk takes an interview study from its sampling frame to its archived data set.

pub mod actions;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod domain;
pub mod id;
pub mod keys;
pub mod mail;
pub mod problem;
pub mod queries;
pub mod settings;
pub mod store;
pub mod web;
pub mod words;
pub mod worker;
