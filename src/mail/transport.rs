//! Where letters go, and the hand that brings them there.

use super::folder::Folder;
use super::memory::Memory;
use super::refusal::{Delivered, Refusal};
use super::smtp::Smtp;
use super::smtp_settings::SmtpSettings;
use crate::domain::text::EmailAddress;
use crate::id::LetterId;

/// Where letters go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(SmtpSettings),
    /// Into a folder of `.eml` files.
    Folder(Folder),
    /// Into memory.
    Memory(Memory),
}

/// One letter on its way.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Which letter it is; names its file in a folder.
    pub letter: LetterId,
    /// Who sends it, on the envelope: bounces go there.
    pub from: &'a EmailAddress,
    /// Who receives it, on the envelope.
    pub to: &'a EmailAddress,
    /// The whole message, as [`super::Mail::to_bytes`] made it.
    pub message: &'a [u8],
}

/// Sends letters one after the other. Every task that sends has its own, with its own connection.
pub struct Sender(Hand);

enum Hand {
    Smtp(Box<Smtp>),
    Folder(Folder),
    Memory(Memory),
}

impl Transport {
    /// A sender for one task; it connects with the first letter.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender(match self {
            Self::Smtp(settings) => Hand::Smtp(Box::new(Smtp::new(settings.clone()))),
            Self::Folder(folder) => Hand::Folder(folder.clone()),
            Self::Memory(memory) => Hand::Memory(memory.clone()),
        })
    }
}

impl Sender {
    /// Hands one letter over. When this is abandoned half way the letter may or may not have been taken, as with a
    /// connection that breaks after the last byte: sending the same bytes again does no harm.
    ///
    /// # Errors
    /// [`Refusal`] says whether trying again can help, and what the server said.
    pub async fn send(&mut self, outgoing: &Outgoing<'_>) -> Result<Delivered, Refusal> {
        match &mut self.0 {
            Hand::Smtp(smtp) => smtp.send(outgoing).await,
            Hand::Folder(folder) => folder.send(outgoing).await,
            Hand::Memory(memory) => memory.send(outgoing),
        }
    }

    /// Takes leave of the mail server, when there is nothing more to send.
    pub async fn close(&mut self) {
        if let Hand::Smtp(smtp) = &mut self.0 {
            smtp.close().await;
        }
    }
}
