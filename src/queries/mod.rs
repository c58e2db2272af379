//! The questions: read-only views for pages, the API and exports. A question never changes anything and never
//! decides; it asks the store and arranges the answer.

pub mod access;
pub mod account;
pub mod account_links;
pub mod agenda;
pub mod audit_trail;
pub mod availability;
pub mod blocks;
pub mod closing;
pub mod consent_forms;
pub mod copying;
pub mod correspondence;
pub mod dossier;
pub mod export;
pub mod guides;
pub mod interviews;
pub mod letter_texts;
pub mod letters;
pub mod members;
pub mod municipalities;
pub mod outbox_state;
pub mod overview;
pub mod page;
pub mod participation;
pub mod reminders;
pub mod respondents;
pub mod sheet;
pub mod slots;
pub mod strata;
pub mod studies;
pub mod travel;
pub mod unsubscribe;
pub mod visit;
pub mod wave;
pub mod who;
pub mod why_not;
