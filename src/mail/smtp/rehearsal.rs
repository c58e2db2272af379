//! Everything that a letter goes through before its text, without a letter: to find what is set up wrongly.

use lettre::transport::smtp::commands::{Mail, Rcpt, Rset};

use super::super::refusal::said;
use super::{Failure, RefusalKind, Smtp, Stage, address, within};
use crate::domain::text::EmailAddress;
use crate::mail::SmtpSettings;

/// A step on the way of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To reach the server, to be greeted, and to protect the connection.
    Connect,
    /// To sign in, where that is set up.
    SignIn,
    /// To name the sender.
    Sender,
    /// To name the recipient.
    Recipient,
}

/// The step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stumble {
    /// Which.
    pub step: Step,
    /// What the server said, in one line without addresses.
    pub said: String,
}

/// Goes as far as a letter would before its text, and takes leave.
///
/// # Errors
/// The first step that fails.
pub async fn rehearse(
    settings: &SmtpSettings,
    from: &EmailAddress,
    to: &EmailAddress,
) -> Result<(), Stumble> {
    let stumble = |failure: Failure| {
        let step = match failure.stage {
            Stage::Connection => Step::Connect,
            Stage::SignIn => Step::SignIn,
            Stage::Sender => Step::Sender,
            Stage::Recipient | Stage::Message => Step::Recipient,
        };
        Stumble { step, said: said(&failure.said, to) }
    };
    let smtp = Smtp::new(settings.clone());
    let mut connection = smtp.connect().await.map_err(stumble)?;
    let patience = settings.patience.command;
    let outcome = async {
        let sender = address(from.as_str(), Stage::Sender, RefusalKind::Away)?;
        let recipient = address(to.as_str(), Stage::Recipient, RefusalKind::Final)?;
        within(patience, Stage::Sender, connection.command(Mail::new(Some(sender), vec![]))).await?;
        within(patience, Stage::Recipient, connection.command(Rcpt::new(recipient, vec![]))).await?;
        within(patience, Stage::Recipient, connection.command(Rset)).await.map(drop)
    }
    .await;
    // Only a courtesy: the server will notice anyway.
    let _ = tokio::time::timeout(patience, connection.quit()).await;
    outcome.map_err(stumble)
}
