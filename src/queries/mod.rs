//! The questions: read-only views for pages, the API and exports. A question never changes anything and never
//! decides; it asks the store and arranges the answer.

pub mod account;
pub mod availability;
pub mod consent_forms;
pub mod interviews;
pub mod outbox_state;
pub mod participation;
pub mod slots;
pub mod audit_trail;
pub mod export;
pub mod guides;
pub mod overview;
pub mod sheet;
pub mod who;
