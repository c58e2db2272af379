//! How to reach the mail server: what `SMTP_URL` says.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::tls::{self, Implicit};

/// How to reach the mail server, and how long to wait for it.
#[derive(Clone)]
pub struct SmtpSettings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) patience: Patience,
}

/// How the connection is protected. What is asked for is kept to: there is no falling back.
#[derive(Clone)]
pub(super) enum Security {
    Plain,
    StartTls(TlsParameters),
    Tls(Implicit),
}

/// How long to wait for a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection, and for the greeting.
    pub connect: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For the answer to a whole message; servers check for viruses and spam before they give it.
    pub message: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(30),
            message: Duration::from_secs(180),
        }
    }
}

/// Why `SMTP_URL` can't be used. Says nothing of what it holds, for it holds a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSmtpUrl {
    /// Another scheme or none.
    #[error(
        "SMTP_URL must begin with smtp:// (plain), smtps:// (TLS) or smtp+starttls:// (STARTTLS), for example \
         smtp+starttls://user:password@mail.example.org:587"
    )]
    Scheme,
    /// Not a URL with a host.
    #[error(
        "SMTP_URL must read scheme://user:password@host:port, with special characters in user and password \
         percent-encoded, for example %40 for @"
    )]
    Form,
    /// Something stands behind the port.
    #[error("nothing may follow the port in SMTP_URL")]
    Rest,
    /// A user without a password, or the other way round.
    #[error("SMTP_URL must give both user and password, or neither")]
    Credentials,
    /// The host can't have a certificate, or the own authority is not a certificate.
    #[error(
        "the mail server's certificate can't be checked: the host in SMTP_URL or the given authority is unusable"
    )]
    Certificate,
}

impl SmtpSettings {
    /// Reads `smtp://`, `smtps://` or `smtp+starttls://`, with user and password if the server wants them, and the
    /// port if it is not 25, 465 or 587. `authority` holds certificates in PEM that are trusted besides the public
    /// ones.
    ///
    /// # Errors
    /// A sentence that helps the one who set it.
    pub fn parse(url: &str, authority: Option<&[u8]>) -> Result<Self, InvalidSmtpUrl> {
        let (scheme, _) = url.split_once("://").ok_or(InvalidSmtpUrl::Scheme)?;
        let usual_port = match scheme {
            "smtp" => 25,
            "smtps" => 465,
            "smtp+starttls" => 587,
            _ => return Err(InvalidSmtpUrl::Scheme),
        };
        let parsed = Url::parse(url).map_err(|_| InvalidSmtpUrl::Form)?;
        let host = match parsed.host().ok_or(InvalidSmtpUrl::Form)? {
            Host::Domain(name) if is_host_name(name) => name.to_owned(),
            Host::Domain(_) => return Err(InvalidSmtpUrl::Form),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        if !matches!(parsed.path(), "" | "/") || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(InvalidSmtpUrl::Rest);
        }
        let credentials = match (parsed.username(), parsed.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(InvalidSmtpUrl::Credentials),
            (user, Some(password)) => Some(Credentials::new(decoded(user)?, decoded(password)?)),
        };
        let security = match scheme {
            "smtps" => tls::implicit(&host, authority).map(Security::Tls),
            "smtp+starttls" => tls::upgrade(&host, authority).map(Security::StartTls),
            _ => Ok(Security::Plain),
        };
        Ok(Self {
            host,
            port: parsed.port().unwrap_or(usual_port),
            security: security.map_err(|_| InvalidSmtpUrl::Certificate)?,
            credentials,
            patience: Patience::default(),
        })
    }

    /// Where the server is and how the connection to it is protected, for people.
    #[must_use]
    pub fn place(&self) -> String {
        let protection = match self.security {
            Security::Plain => "without TLS",
            Security::StartTls(_) => "by STARTTLS",
            Security::Tls(_) => "by TLS",
        };
        format!("{}:{} {protection}", self.host, self.port)
    }

    /// Whether a user and a password are given.
    #[must_use]
    pub const fn signs_in(&self) -> bool {
        self.credentials.is_some()
    }

    /// The same server with other patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let security = match self.security {
            Security::Plain => "plain",
            Security::StartTls(_) => "starttls",
            Security::Tls(_) => "tls",
        };
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &security)
            .field("credentials", &self.credentials.as_ref().map(|_| "***"))
            .field("patience", &self.patience)
            .finish()
    }
}

fn is_host_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn decoded(part: &str) -> Result<String, InvalidSmtpUrl> {
    percent_decode_str(part).decode_utf8().map(Into::into).map_err(|_| InvalidSmtpUrl::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> SmtpSettings {
        SmtpSettings::parse(url, None).unwrap()
    }

    #[test]
    fn each_scheme_has_its_usual_port_and_protection() {
        let plain = parsed("smtp://localhost");
        assert_eq!((plain.host.as_str(), plain.port), ("localhost", 25));
        assert!(matches!(plain.security, Security::Plain));
        let tls = parsed("smtps://mail.example.org/");
        assert_eq!(tls.port, 465);
        assert!(matches!(tls.security, Security::Tls(_)));
        let upgraded = parsed("smtp+starttls://mail.example.org");
        assert_eq!(upgraded.port, 587);
        assert!(matches!(upgraded.security, Security::StartTls(_)));
    }

    #[test]
    fn a_given_port_and_addresses_instead_of_names_are_taken() {
        assert_eq!(parsed("smtp://127.0.0.1:1025").port, 1025);
        let six = parsed("smtps://[::1]:2465");
        assert_eq!((six.host.as_str(), six.port), ("::1", 2465));
    }

    #[test]
    fn user_and_password_are_percent_decoded_and_never_shown() {
        let settings = parsed("smtp+starttls://veld%40example.org:p%40ss%3Aw%C3%B6rd@mail.example.org");
        assert_eq!(
            settings.credentials,
            Some(Credentials::new("veld@example.org".to_owned(), "p@ss:wörd".to_owned()))
        );
        let shown = format!("{settings:?}");
        assert!(
            shown.contains("mail.example.org") && !shown.contains("veld") && !shown.contains("p@ss"),
            "{shown}"
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_a_sentence_that_holds_no_secret() {
        for (url, problem) in [
            ("", InvalidSmtpUrl::Scheme),
            ("mail.example.org:587", InvalidSmtpUrl::Scheme),
            ("http://secret:secret@mail.example.org", InvalidSmtpUrl::Scheme),
            ("SMTPS//mail.example.org", InvalidSmtpUrl::Scheme),
            ("smtp://", InvalidSmtpUrl::Form),
            ("smtp://mail example.org", InvalidSmtpUrl::Form),
            ("smtp://user:secret@mail.example.org:port", InvalidSmtpUrl::Form),
            ("smtp://user:sec#ret@mail.example.org", InvalidSmtpUrl::Form),
            ("smtp://user:%FF@mail.example.org", InvalidSmtpUrl::Form),
            ("smtp://mail.example.org/secret", InvalidSmtpUrl::Rest),
            ("smtp://mail.example.org?tls=secret", InvalidSmtpUrl::Rest),
            ("smtp://user@mail.example.org", InvalidSmtpUrl::Credentials),
            ("smtp://:secret@mail.example.org", InvalidSmtpUrl::Credentials),
        ] {
            let refused = SmtpSettings::parse(url, None).unwrap_err();
            assert_eq!(refused, problem, "{url}");
            assert!(!refused.to_string().contains("secret"));
        }
        for scheme in ["smtps", "smtp+starttls"] {
            let nonsense =
                SmtpSettings::parse(&format!("{scheme}://mail.example.org"), Some(b"no certificate"));
            assert_eq!(nonsense.unwrap_err(), InvalidSmtpUrl::Certificate);
        }
    }
}
