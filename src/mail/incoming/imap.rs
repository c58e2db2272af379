//! Reads a folder of a mail server (RFC 3501), over TLS only.
//!
//! The folder is opened for reading and nothing in it is changed, no mark and no message, so that it may be one that
//! people read too. How far it was read is remembered by whoever calls this.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_imap::Session;
use async_imap::error::Error as ImapError;
use async_imap::imap_proto::{AttributeValue, Response, Status};
use chrono::NaiveDate;
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use crate::domain::incoming::MESSAGE_LIMIT;
use crate::keys::sha256_hex;
use crate::mail::tls::{self, Implicit};

/// How long to wait for a connection, and for the answer to a command.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait for a whole message.
const LONG_PATIENCE: Duration = Duration::from_secs(120);

/// Where the folder is.
#[derive(Clone)]
pub struct ImapSettings {
    host: String,
    port: u16,
    tls: Implicit,
    user: String,
    password: String,
    folder: String,
}

/// Why `VELDWERK_IMAP_URL` can't be used. Says nothing of what it holds, for it holds a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImapUrl {
    /// Not in the form that is expected.
    #[error(
        "VELDWERK_IMAP_URL must read imaps://user:password@host/folder, with special characters in user and password \
         percent-encoded, for example %40 for @"
    )]
    Form,
    /// The host can't have a certificate, or the own authority is not a certificate.
    #[error(
        "the server's certificate can't be checked: the host in VELDWERK_IMAP_URL or the authority is unusable"
    )]
    Certificate,
}

/// Why the folder can't be read. The words are codes that pages and figures tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImapFault {
    /// Nobody answers.
    #[error("unreachable")]
    Unreachable,
    /// The server shows no certificate that is trusted.
    #[error("certificate")]
    Certificate,
    /// The server does not take user and password.
    #[error("sign_in")]
    SignIn,
    /// The server has no such folder.
    #[error("folder")]
    Folder,
    /// The server says something that is no answer.
    #[error("protocol")]
    Protocol,
    /// The server does not hand out the messages that are new.
    #[error("withheld")]
    Withheld,
}

impl ImapSettings {
    /// Reads `imaps://user:password@host:port/folder`; the port is 993 and the folder INBOX if they are left out.
    /// `authority` holds certificates in PEM that are trusted besides the public ones.
    ///
    /// # Errors
    /// A sentence that helps the one who set it.
    pub fn parse(url: &str, authority: Option<&[u8]>) -> Result<Self, InvalidImapUrl> {
        let parsed = Url::parse(url).map_err(|_| InvalidImapUrl::Form)?;
        let password = parsed.password().unwrap_or_default();
        let is_whole = parsed.scheme() == "imaps" && !parsed.username().is_empty() && !password.is_empty();
        if !is_whole || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(InvalidImapUrl::Form);
        }
        let host = match parsed.host().ok_or(InvalidImapUrl::Form)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let folder = decoded(parsed.path().trim_start_matches('/'))?;
        Ok(Self {
            tls: tls::implicit(&host, authority).map_err(|_| InvalidImapUrl::Certificate)?,
            host,
            port: parsed.port().unwrap_or(993),
            user: decoded(parsed.username())?,
            password: decoded(password)?,
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
        })
    }

    /// What a person calls the folder: its name and its server, without user and password.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{} on {}:{}", self.folder, self.host, self.port)
    }

    /// The name under which it is remembered how far the folder was read; tells neither server nor user.
    #[must_use]
    pub fn name(&self) -> String {
        sha256_hex(format!("{}\n{}\n{}\n{}", self.host, self.port, self.user, self.folder).as_bytes())
    }
}

impl fmt::Debug for ImapSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        f.debug_struct("ImapSettings").field("host", host).field("port", port).finish_non_exhaustive()
    }
}

fn decoded(part: &str) -> Result<String, InvalidImapUrl> {
    let text = percent_decode_str(part).decode_utf8().map_err(|_| InvalidImapUrl::Form)?;
    // A line break would end the command that carries it.
    if text.chars().any(char::is_control) { Err(InvalidImapUrl::Form) } else { Ok(text.into()) }
}

/// What a mail server does when it is asked for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It hands it out, or as much of it as shows that it is too long.
    Message(Vec<u8>),
    /// It has it no more.
    Gone,
    /// It refuses.
    Withheld,
}

/// A folder that is open for reading.
pub struct Folder {
    session: Session<TlsStream<TcpStream>>,
    uid_validity: u32,
}

impl Folder {
    /// Connects, signs in and opens the folder.
    ///
    /// # Errors
    /// Why it can't be read.
    pub async fn open(settings: &ImapSettings) -> Result<Self, ImapFault> {
        let Implicit { config, name } = settings.tls.clone();
        let address = (settings.host.as_str(), settings.port);
        let tcp = timeout(PATIENCE, TcpStream::connect(address)).await;
        let tcp = tcp.map_err(|_| ImapFault::Unreachable)?.map_err(|_| ImapFault::Unreachable)?;
        let tls = timeout(PATIENCE, TlsConnector::from(config).connect(name, tcp)).await;
        let tls = tls.map_err(|_| ImapFault::Unreachable)?.map_err(|_| ImapFault::Certificate)?;
        let mut client = async_imap::Client::new(tls);
        let greeting = timeout(PATIENCE, client.read_response()).await;
        greeting.ok().and_then(Result::ok).flatten().ok_or(ImapFault::Unreachable)?;
        let sign_in = timeout(PATIENCE, client.login(&settings.user, &settings.password)).await;
        let mut session = match sign_in.map_err(|_| ImapFault::Unreachable)? {
            Ok(session) => session,
            Err((ImapError::No(_) | ImapError::Bad(_), _)) => return Err(ImapFault::SignIn),
            Err((error, _)) => return Err(fault(&error)),
        };
        let folder = match timeout(PATIENCE, session.examine(&settings.folder)).await {
            Ok(Err(ImapError::No(_) | ImapError::Bad(_))) => return Err(ImapFault::Folder),
            opened => opened.map_err(|_| ImapFault::Unreachable)?.map_err(|error| fault(&error))?,
        };
        Ok(Self { session, uid_validity: folder.uid_validity.ok_or(ImapFault::Protocol)? })
    }

    /// By which count the messages are numbered. When it is another one than before, all numbers mean other messages.
    #[must_use]
    pub const fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    /// The numbers of the messages after one that came on a day or later, in their order.
    ///
    /// # Errors
    /// Why they can't be told.
    pub async fn after(&mut self, last: u32, since: NaiveDate) -> Result<Vec<u32>, ImapFault> {
        let wanted = format!("UID {}:* SINCE {}", last.saturating_add(1), since.format("%d-%b-%Y"));
        let found = in_time(PATIENCE, self.session.uid_search(wanted)).await?;
        // The star stands for the last message, however low its number is.
        let mut found: Vec<u32> = found.into_iter().filter(|uid| *uid > last).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Asks for a message.
    ///
    /// # Errors
    /// Why no message can be had.
    pub async fn message(&mut self, uid: u32) -> Result<Handed, ImapFault> {
        let wanted = format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{}>)", MESSAGE_LIMIT + 1);
        let asked = in_time(PATIENCE, self.session.run_command(wanted)).await?;
        let mut found = None;
        loop {
            let answer = timeout(LONG_PATIENCE, self.session.read_response()).await;
            let answer = answer.map_err(|_| ImapFault::Unreachable)?.map_err(|_| ImapFault::Protocol)?;
            let answer = answer.ok_or(ImapFault::Unreachable)?;
            match answer.parsed() {
                Response::Fetch(_, values) if of(values, uid) => found = body(values).or(found),
                Response::Done { tag, status, .. } if *tag == asked => {
                    return match status {
                        Status::Ok => Ok(found.map_or(Handed::Gone, Handed::Message)),
                        Status::No | Status::Bad => Ok(Handed::Withheld),
                        Status::PreAuth | Status::Bye => Err(ImapFault::Protocol),
                    };
                }
                Response::Done { .. } => return Err(ImapFault::Protocol),
                _ => {}
            }
        }
    }

    /// Takes leave of the server; only a courtesy.
    pub async fn close(mut self) {
        let _ = timeout(PATIENCE, self.session.logout()).await;
    }
}

fn of(values: &[AttributeValue<'_>], uid: u32) -> bool {
    values.iter().any(|value| matches!(value, AttributeValue::Uid(found) if *found == uid))
}

fn body(values: &[AttributeValue<'_>]) -> Option<Vec<u8>> {
    values.iter().find_map(|value| match value {
        AttributeValue::BodySection { section: None, data: Some(data), .. } => Some(data.to_vec()),
        _ => None,
    })
}

async fn in_time<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, ImapError>>,
) -> Result<T, ImapFault> {
    timeout(limit, answer).await.map_err(|_| ImapFault::Unreachable)?.map_err(|error| fault(&error))
}

const fn fault(error: &ImapError) -> ImapFault {
    match error {
        ImapError::Io(_) | ImapError::ConnectionLost => ImapFault::Unreachable,
        _ => ImapFault::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_and_folder_have_their_usual_values_and_the_password_is_never_shown() {
        let settings =
            ImapSettings::parse("imaps://veld%40example.org:geheim%2F1@mail.example.org", None).unwrap();
        assert_eq!((settings.port, settings.folder.as_str()), (993, "INBOX"));
        assert_eq!((settings.user.as_str(), settings.password.as_str()), ("veld@example.org", "geheim/1"));
        assert!(!format!("{settings:?}").contains("geheim"));
        assert_eq!(settings.told(), "INBOX on mail.example.org:993");
        let other = ImapSettings::parse("imaps://a:b@mail.example.org:1993/Interviews/In", None).unwrap();
        assert_eq!((other.port, other.folder.as_str()), (1993, "Interviews/In"));
        assert_ne!(settings.name(), other.name());
    }

    #[test]
    fn what_is_not_protected_or_not_whole_is_refused_with_a_sentence_that_holds_no_secret() {
        for url in [
            "imap://a:secret@mail.example.org",
            "imaps://mail.example.org",
            "imaps://a@mail.example.org",
            "imaps://a:secret@mail.example.org/x%0d%0ay",
            "imaps://a:secret@mail.example.org?x",
            "secret",
        ] {
            let refused = ImapSettings::parse(url, None).unwrap_err();
            assert_eq!(refused, InvalidImapUrl::Form, "{url}");
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
