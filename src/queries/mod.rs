//! The questions: read-only views for pages, the API and exports. A question never changes anything and never
//! decides; it asks the store and arranges the answer.

pub mod access;
pub mod account;
pub mod members;
pub mod municipalities;
pub mod outbox_state;
pub mod page;
pub mod respondents;
pub mod strata;
pub mod studies;
pub mod who;
