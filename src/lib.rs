//! Veldwerk takes an interview study from its sampling frame to its archived data set.
//!
//! The map of the house, from the street to the cellar. A room knows only what stands below it; `tests/architecture.rs`
//! holds that, and `ARCHITECTURE.md` gives the reasons.
//!
//! - [`command`]: what can be asked on the command line; the only place that knows both `web` and `worker`
//! - [`web`]: requests from people become actions and questions; the only room that knows Rocket
//! - [`worker`]: what is due by itself; it meets the web in the outbox and nowhere else
//! - [`words`]: every page and letter in every language; the only room that knows the templates
//! - [`mail`]: a letter becomes a message and leaves; the only room that knows SMTP
//! - [`outbound`]: questions to other servers; the only room with an HTTP client
//! - [`calendar`]: an interview becomes what calendars understand; the only room that knows iCalendar
//! - [`archive`]: everything that a database holds in one file, and back; and who was erased since
//! - [`actions`]: verbs, one file per thing that changes and one transaction per change
//! - [`queries`]: questions, which change nothing
//! - [`store`]: keeps and finds, and never decides; the only room that knows Diesel
//! - [`domain`]: nouns and their rules, without input or output; it decides, and never asks
//! - [`settings`]: everything that an operator can set, read once
//! - [`problem`]: all that can be refused or go wrong
//! - [`keys`]: the one secret and what is derived from it
//! - [`id`]: one type of id per noun
//! - [`clock`]: the only reader of the time

pub mod actions;
pub mod archive;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod domain;
pub mod id;
pub mod keys;
pub mod mail;
pub mod outbound;
pub mod problem;
pub mod queries;
pub mod settings;
pub mod store;
pub mod web;
pub mod words;
pub mod worker;
