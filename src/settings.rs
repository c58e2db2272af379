//! Every setting, read once at the start from `Rocket.toml` and the environment, typed and checked.
//!
//! Nothing else reads the environment. A secret never shows in `Debug`, and a value that can't be used is refused in
//! words before anything is opened.

mod database;
mod files;
mod teams;
mod variables;

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use rocket::figment::Figment;
use serde::Deserialize;

use crate::keys::SECRET_MINIMUM;
use crate::problem::{Outcome, Problem};

use self::variables::VARIABLES;

pub use self::database::{Database, Secret};
pub use self::files::private_directory;
pub use self::teams::Teams;

/// Everything that an operator can set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub address: IpAddr,
    /// The TCP port to listen on; 0 takes a free one.
    pub port: u16,
    /// What personal links begin with, without a slash at the end.
    pub base_url: String,
    /// Where the database, the secret and the letters live when nothing else is said.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: Database,
    /// Where letters go; `None` writes them as files under the data directory.
    pub smtp_url: Option<Secret>,
    /// The mailbox that all mail comes from, with or without a display name.
    pub mail_from: String,
    /// Seconds before the first retry of a letter (E23).
    pub mail_retry_seconds: u32,
    /// Connections to the mail server at once.
    pub smtp_connections: usize,
    /// Certificates in PEM that the mail server may show besides the public ones.
    pub smtp_ca_file: Option<PathBuf>,
    /// The folder that messages come into: `imaps://user:password@host/folder`.
    pub imap_url: Option<Secret>,
    /// How often the folder is looked into, in seconds.
    pub imap_seconds: u64,
    /// Certificates in PEM that the server of the folder may show besides the public ones.
    pub imap_ca_file: Option<PathBuf>,
    /// The address whose mail comes in here, by the folder or by a pipe. With it letters say so: calendars may propose
    /// another time, and mail programs may unsubscribe by mail.
    pub mail_in_address: Option<String>,
    /// The name under which the own mail server writes down what it found out about a sender (RFC 8601). With it an
    /// answer is believed only from a sender who was proven.
    pub mail_in_server: Option<String>,
    /// The address that reports about letters come to; each letter has its own, with a token behind a plus.
    pub bounce_address: Option<String>,
    /// Who is written to about the installation itself: the head of the log of changes, once a day (R7).
    pub operator_email: Option<String>,
    /// Where a backup is made every day, if anywhere.
    pub backup_dir: Option<PathBuf>,
    /// How many of the daily backups are kept.
    pub backup_keep: usize,
    /// What backups are sealed with.
    pub backup_passphrase: Option<Secret>,
    /// The access to Microsoft Graph.
    pub teams: Teams,
    /// Hosts whose calendars may be read though they are not on the public internet, by their names.
    pub calendar_hosts: Vec<String>,
    /// Certificates in PEM that those hosts may show.
    pub calendar_ca_file: Option<PathBuf>,
    /// The proxy whose `X-Forwarded-For` is believed (E25).
    pub trusted_proxy: Option<IpAddr>,
    /// Whether everybody may read every letter that is written as a file. No setting of an operator: only the
    /// demonstration, which writes to nobody, has it.
    pub mailbox_page: bool,
    /// The secret, if one was given.
    pub secret: Option<Secret>,
}

#[derive(Deserialize)]
struct Raw {
    address: IpAddr,
    port: u16,
    base_url: Option<String>,
    data_dir: PathBuf,
    database_url: Option<Secret>,
    smtp_url: Option<Secret>,
    mail_from: String,
    mail_retry_seconds: u32,
    smtp_connections: usize,
    smtp_ca_file: Option<PathBuf>,
    imap_url: Option<Secret>,
    imap_seconds: u64,
    imap_ca_file: Option<PathBuf>,
    mail_in_address: Option<String>,
    mail_in_server: Option<String>,
    bounce_address: Option<String>,
    operator_email: Option<String>,
    backup_dir: Option<PathBuf>,
    backup_keep: usize,
    backup_passphrase: Option<Secret>,
    calendar_hosts: Option<String>,
    calendar_ca_file: Option<PathBuf>,
    trusted_proxy: Option<IpAddr>,
    teams_tenant: Option<String>,
    teams_client_id: Option<String>,
    teams_client_secret: Option<Secret>,
    teams_login_url: Option<String>,
    teams_graph_url: Option<String>,
    secret_key: Option<Secret>,
}

impl Settings {
    /// Reads `Rocket.toml` in the working directory, then the environment, which wins.
    ///
    /// # Errors
    /// A sentence that names the setting and what it takes.
    pub fn read() -> Outcome<Self> {
        let mut figment = rocket::Config::figment().merge(("port", 8000));
        if let Ok(file) = fs::read_to_string("Rocket.toml") {
            use rocket::figment::providers::{Format as _, Toml};
            figment = figment.merge(Toml::string(&file).nested());
        }
        for (variable, key, _) in VARIABLES {
            if let Ok(value) = std::env::var(variable)
                && !value.is_empty()
            {
                figment = match (key, value.parse::<i64>()) {
                    (
                        "port" | "mail_retry_seconds" | "smtp_connections" | "imap_seconds" | "backup_keep",
                        Ok(number),
                    ) => figment.merge((key, number)),
                    _ => figment.merge((key, value)),
                };
            }
        }
        Self::from_figment(&figment)
    }

    fn from_figment(figment: &Figment) -> Outcome<Self> {
        let figment = Figment::from(("data_dir", "data"))
            .join(("mail_from", "Veldwerk <veldwerk@localhost.localdomain>"))
            .join(("mail_retry_seconds", 30))
            .join(("smtp_connections", 4))
            .join(("imap_seconds", 60))
            .join(("backup_keep", 14))
            .merge(figment);
        let raw: Raw = figment.extract().map_err(|error| unreadable(&error))?;
        let base_url = raw.base_url.unwrap_or_else(|| format!("http://localhost:{}", raw.port));
        let base_url = base_url.trim_end_matches('/').to_owned();
        let parsed = url::Url::parse(&base_url).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
        });
        if parsed.is_none() {
            return Err(takes("base_url"));
        }
        let database = match &raw.database_url {
            Some(url) => Database::parse(url.expose()).map_err(|sentence| refused(&sentence))?,
            None => Database::Sqlite(raw.data_dir.join("veldwerk.db")),
        };
        if let Some(secret) = &raw.secret_key
            && secret.expose().chars().count() < SECRET_MINIMUM
        {
            return Err(takes("secret_key"));
        }
        if raw.smtp_connections == 0 || raw.smtp_connections > 64 {
            return Err(takes("smtp_connections"));
        }
        if !(5..=86_400).contains(&raw.imap_seconds) {
            return Err(takes("imap_seconds"));
        }
        if !(1..=1000).contains(&raw.backup_keep) {
            return Err(takes("backup_keep"));
        }
        let usual = Teams::default();
        let teams = Teams {
            tenant: raw.teams_tenant,
            client_id: raw.teams_client_id,
            client_secret: raw.teams_client_secret,
            login_url: raw.teams_login_url.unwrap_or(usual.login_url),
            graph_url: raw.teams_graph_url.unwrap_or(usual.graph_url),
        };
        Ok(Self {
            address: raw.address,
            port: raw.port,
            base_url,
            data_dir: raw.data_dir,
            database,
            smtp_url: raw.smtp_url,
            mail_from: raw.mail_from,
            mail_retry_seconds: raw.mail_retry_seconds.max(1),
            smtp_connections: raw.smtp_connections,
            smtp_ca_file: raw.smtp_ca_file,
            imap_url: raw.imap_url,
            imap_seconds: raw.imap_seconds,
            imap_ca_file: raw.imap_ca_file,
            mail_in_address: raw.mail_in_address,
            mail_in_server: raw.mail_in_server,
            bounce_address: raw.bounce_address,
            operator_email: raw.operator_email,
            backup_dir: raw.backup_dir,
            backup_keep: raw.backup_keep,
            backup_passphrase: raw.backup_passphrase,
            teams: teams.checked()?,
            calendar_hosts: hosts(raw.calendar_hosts.as_deref().unwrap_or_default()),
            calendar_ca_file: raw.calendar_ca_file,
            trusted_proxy: raw.trusted_proxy,
            mailbox_page: false,
            secret: raw.secret_key,
        })
    }

    /// Settings for an installation in a directory of its own, as the demo and the tests use them.
    #[must_use]
    pub fn local(data_dir: &Path, port: u16, secret: &str) -> Self {
        Self {
            address: IpAddr::from([127, 0, 0, 1]),
            port,
            base_url: format!("http://localhost:{port}"),
            data_dir: data_dir.to_owned(),
            database: Database::Sqlite(data_dir.join("veldwerk.db")),
            smtp_url: None,
            mail_from: "Veldwerk <veldwerk@veldwerk.example>".to_owned(),
            mail_retry_seconds: 30,
            smtp_connections: 2,
            smtp_ca_file: None,
            imap_url: None,
            imap_seconds: 60,
            imap_ca_file: None,
            mail_in_address: None,
            mail_in_server: None,
            bounce_address: None,
            operator_email: None,
            backup_dir: None,
            backup_keep: 14,
            backup_passphrase: None,
            teams: Teams::default(),
            calendar_hosts: Vec::new(),
            calendar_ca_file: None,
            trusted_proxy: None,
            mailbox_page: false,
            secret: Some(Secret::new(secret.to_owned())),
        }
    }

    /// The domain of the mailbox that all mail comes from; it stands in UIDs and Message-IDs (E20).
    #[must_use]
    pub fn mail_domain(&self) -> &str {
        self.mail_from.rsplit_once('@').map_or("localhost", |(_, rest)| rest.trim_end_matches(['>', ' ']))
    }

    /// Whether people reach this installation by https, so that cookies may demand it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Names with commas between them.
fn hosts(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect()
}

fn refused(sentence: &str) -> Problem {
    Problem::internal(sentence.to_owned())
}

/// The refusal of a setting, by its key.
#[must_use]
pub fn takes(key: &str) -> Problem {
    let known = VARIABLES.iter().find(|(_, known, _)| *known == key);
    refused(&known.map_or_else(
        || format!("the setting {key} cannot be used"),
        |(variable, key, takes)| format!("{variable} (`{key}` in Rocket.toml) takes {takes}"),
    ))
}

/// What figment could not read, in the words of the setting that it names.
fn unreadable(error: &rocket::figment::Error) -> Problem {
    match error.path.last() {
        Some(key) => takes(key),
        None => refused(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_cannot_be_used_is_named_with_what_it_takes() {
        let said = |key: &str, value: &str| {
            let rocket = rocket::Config::figment().merge(("port", 8000));
            match Settings::from_figment(&rocket.merge((key, value))) {
                Err(Problem::Internal(cause)) => cause.to_string(),
                other => panic!("{key}: {other:?}"),
            }
        };
        assert_eq!(
            said("port", "abc"),
            "VELDWERK_PORT (`port` in Rocket.toml) takes a number from 0 to 65535"
        );
        assert!(said("address", "nope").starts_with("VELDWERK_ADDRESS "));
        assert!(said("trusted_proxy", "nope").starts_with("VELDWERK_TRUSTED_PROXY "));
        assert!(said("mail_retry_seconds", "x").starts_with("VELDWERK_MAIL_RETRY_SECONDS "));
        assert!(said("base_url", "https://x.example/pad?q=1").starts_with("VELDWERK_BASE_URL "));
    }
}
