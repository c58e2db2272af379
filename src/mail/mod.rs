//! Letters as mail: a [`Mail`] becomes the bytes of a message, and a [`Sender`] hands them over.
//!
//! This is the only room that speaks MIME and SMTP, and the only user of `lettre`. It knows neither templates nor the
//! outbox: whoever claims a letter renders it, keeps the bytes, and tries again what was refused for the time being.

mod folder;
pub mod incoming;
mod mailbox;
mod memory;
mod message;
mod opened;
mod refusal;
mod smtp;
mod smtp_settings;
#[cfg(test)]
mod test_server;
mod tls;
mod transport;
mod wire;

pub use folder::Folder;
pub use mailbox::Mailbox;
pub use memory::{Kept, Memory};
pub use message::{Calendar, Mail, Unsubscribe, Unwritable};
pub use opened::Opened;
pub use refusal::{Delivered, Refusal, RefusalKind};
pub use smtp::{Step, Stumble, rehearse};
pub use smtp_settings::{InvalidSmtpUrl, Patience, SmtpSettings};
pub use transport::{Outgoing, Sender, Transport};
