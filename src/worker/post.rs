//! Where letters leave from, read once from the settings.

use std::time::Duration;

use crate::domain::delivery::retry_wait;
use crate::domain::text::EmailAddress;
use crate::keys::Keys;
use crate::mail::{Folder, Mailbox, SmtpSettings, Transport};
use crate::problem::{Outcome, Problem};
use crate::settings::{Settings, takes};

/// How many characters an address may have before its plus: 64, less the plus and a token of 45.
const BEFORE_TOKEN: usize = 18;

/// Where letters leave from, and under whose name.
#[derive(Debug, Clone)]
pub struct Post {
    pub(super) transport: Transport,
    /// The mailbox that all mail comes from; of an invite also the organizer (E20).
    pub(super) from: Mailbox,
    /// The domain in UIDs and Message-IDs.
    pub(super) domain: String,
    /// What links begin with.
    pub(super) base_url: String,
    /// Whether a mail program may unsubscribe by itself (E24).
    pub(super) one_click: bool,
    /// Where mail comes in, if it does.
    pub(super) mail_in: Option<EmailAddress>,
    /// Where reports about letters come to, if not to the mailbox that they come from.
    pub(super) bounces: Option<EmailAddress>,
    retry_seconds: u32,
    pub(super) connections: usize,
    /// Who is told the head of the log of changes.
    pub(super) operator: Option<EmailAddress>,
}

impl Post {
    /// The post of an installation: to its mail server or, without one, into a folder in the data directory.
    ///
    /// # Errors
    /// A sentence that names the setting that can't be used.
    pub fn of(settings: &Settings) -> Outcome<Self> {
        let transport = match &settings.smtp_url {
            Some(url) => {
                let authority = settings.smtp_authority()?;
                let server = SmtpSettings::parse(url.expose(), authority.as_deref());
                Transport::Smtp(server.map_err(|refused| Problem::internal(refused.to_string()))?)
            }
            None => Transport::Folder(Folder::new(settings.mail_dir())),
        };
        Self::through(transport, settings)
    }

    /// The post of an installation through another transport, such as one that keeps letters in memory.
    ///
    /// # Errors
    /// As [`Post::of`].
    pub fn through(transport: Transport, settings: &Settings) -> Outcome<Self> {
        let from: Mailbox = settings.mail_from.parse().map_err(|_| takes("mail_from"))?;
        let address = |key: &str, text: &Option<String>| {
            let address = text.as_deref().map(EmailAddress::parse).transpose();
            address.map_err(|_| takes(key))
        };
        let mail_in = address("mail_in_address", &settings.mail_in_address)?;
        let bounces = address("bounce_address", &settings.bounce_address)?;
        if bounces.as_ref().is_some_and(|address| !takes_tokens(address)) {
            return Err(takes("bounce_address"));
        }
        let own = settings.imap_url.as_ref().map(|_| from.address.clone());
        Ok(Self {
            transport,
            domain: from.address.domain().to_owned(),
            from,
            base_url: settings.base_url.clone(),
            one_click: settings.is_https(),
            retry_seconds: settings.mail_retry_seconds,
            connections: settings.smtp_connections,
            mail_in: mail_in.or(own),
            bounces,
            operator: address("operator_email", &settings.operator_email)?,
        })
    }

    /// Where reports about a message go: an address of its own, by which they are known.
    pub(super) fn return_path(&self, keys: &Keys, identifier: &str) -> Option<EmailAddress> {
        let (local, domain) = self.bounces.as_ref()?.as_str().rsplit_once('@')?;
        let token = keys.return_path(identifier)?;
        EmailAddress::parse(&format!("{local}+{token}@{domain}")).ok()
    }

    /// The folder that letters are written into, where no mail server is set up.
    pub(super) fn folder(&self) -> Option<Folder> {
        match &self.transport {
            Transport::Folder(folder) => Some(folder.clone()),
            Transport::Smtp(_) | Transport::Memory(_) => None,
        }
    }

    /// How many seconds to wait after so many attempts in vain (E23).
    pub(super) fn retry_wait(&self, attempts: i32) -> i64 {
        retry_wait(self.retry_seconds, attempts, &mut rand::rng())
    }

    /// How long a sender leaves a mail server alone that took no letter so many times in a row: a second, doubling to
    /// half a minute. Letters that are due wait untried in the meantime.
    pub(super) fn pause(times: u32) -> Duration {
        Duration::from_secs(1 << times.saturating_sub(1).min(5)).min(Duration::from_secs(30))
    }
}

/// Whether an address leaves room for a plus and a token (RFC 5321 4.5.3.1.1).
fn takes_tokens(address: &EmailAddress) -> bool {
    address.as_str().rsplit_once('@').is_some_and(|(local, _)| local.len() <= BEFORE_TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(outcome: Outcome<Post>) -> String {
        match outcome {
            Err(Problem::Internal(cause)) => cause.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_setting_that_cannot_be_used_is_named_in_a_sentence() {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings::local(home.path(), 8000, "x");
        let wrong = Settings { mail_from: "nobody".to_owned(), ..settings.clone() };
        assert!(sentence(Post::of(&wrong)).contains("VELDWERK_MAIL_FROM"));
        let secret = crate::settings::Secret::new("smtp://user:secret@host:port".to_owned());
        let refused = sentence(Post::of(&Settings { smtp_url: Some(secret), ..settings }));
        assert!(refused.contains("SMTP_URL") && !refused.contains("secret"), "{refused}");
    }

    #[test]
    fn without_a_mail_server_letters_become_files_in_the_data_directory() {
        let home = tempfile::tempdir().unwrap();
        let post = Post::of(&Settings::local(home.path(), 8000, "x")).unwrap();
        let Transport::Folder(folder) = post.transport else { panic!("no folder") };
        assert_eq!(folder.path(), home.path().join("mail"));
    }
}
