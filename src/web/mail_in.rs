//! How mail comes in, for pages and for monitors.

use super::App;
use crate::mail::incoming::ImapSettings;
use crate::problem::Outcome;
use crate::queries::incoming_mail;
use crate::store::mail_folders::Progress;

/// How mail comes in.
#[derive(Debug, Clone, Default)]
pub struct MailInState {
    has_folder: bool,
    has_address: bool,
    /// How reading the folder goes.
    pub progress: Progress,
    /// How many messages wait for a person, in whatever study.
    pub waiting: i64,
}

impl MailInState {
    /// `off`, `pipe` when a mail server brings the messages, `folder` while a folder is read, or `failing`.
    #[must_use]
    pub const fn way(&self) -> &'static str {
        match (self.has_folder, self.progress.failing_since.is_some(), self.has_address) {
            (true, true, _) => "failing",
            (true, false, _) => "folder",
            (false, _, true) => "pipe",
            (false, _, false) => "off",
        }
    }
}

/// How mail comes in at this moment.
///
/// # Errors
/// Only those of the database.
pub async fn state(app: &App) -> Outcome<MailInState> {
    let settings = &app.settings;
    let authority = settings.imap_authority()?;
    let folder = settings.imap_url.as_ref();
    let folder = folder.and_then(|url| ImapSettings::parse(url.expose(), authority.as_deref()).ok());
    let (has_folder, name) = (folder.is_some(), folder.map(|folder| folder.name()));
    let has_address = settings.mail_in_address.is_some();
    app.store
        .read(move |tx| {
            let progress = match &name {
                Some(name) => incoming_mail::progress(tx, name)?,
                None => Progress::default(),
            };
            Ok(MailInState { has_folder, has_address, progress, waiting: incoming_mail::waiting(tx)? })
        })
        .await
}
