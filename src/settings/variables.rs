//! What each setting is named in the environment and in `Rocket.toml`, and what it takes.

/// The variables of the environment, the keys that they stand for, and what each takes.
pub(super) const VARIABLES: [(&str, &str, &str); 22] = [
    ("VELDWERK_ADDRESS", "address", "an IP address, for example 127.0.0.1"),
    ("VELDWERK_PORT", "port", "a number from 0 to 65535"),
    ("VELDWERK_BASE_URL", "base_url", "an address that begins with http:// or https://, without ? or #"),
    ("VELDWERK_DATA_DIR", "data_dir", "a directory"),
    ("DATABASE_URL", "database_url", "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"),
    ("SMTP_URL", "smtp_url", "smtp://, smtps:// or smtp+starttls:// with a host"),
    ("VELDWERK_SMTP_CA_FILE", "smtp_ca_file", "a file of certificates in PEM"),
    ("VELDWERK_MAIL_FROM", "mail_from", "an address, or a name and an address: Name <name@example.org>"),
    ("VELDWERK_MAIL_RETRY_SECONDS", "mail_retry_seconds", "a number of seconds, 1 or more"),
    ("VELDWERK_SMTP_CONNECTIONS", "smtp_connections", "a number from 1 to 64"),
    (
        "VELDWERK_IMAP_URL",
        "imap_url",
        "imaps:// with user, password and host, and a folder if it is not INBOX",
    ),
    ("VELDWERK_IMAP_SECONDS", "imap_seconds", "a number of seconds from 5 to 86400"),
    ("VELDWERK_IMAP_CA_FILE", "imap_ca_file", "a file of certificates in PEM"),
    ("VELDWERK_MAIL_IN_ADDRESS", "mail_in_address", "a mail address"),
    ("VELDWERK_MAIL_IN_SERVER", "mail_in_server", "the name of a mail server"),
    ("VELDWERK_BOUNCE_ADDRESS", "bounce_address", "a mail address with at most 18 characters before the @"),
    ("VELDWERK_OPERATOR_EMAIL", "operator_email", "a mail address"),
    ("VELDWERK_BACKUP_DIR", "backup_dir", "a directory"),
    ("VELDWERK_BACKUP_KEEP", "backup_keep", "a number from 1 to 1000"),
    ("VELDWERK_BACKUP_PASSPHRASE", "backup_passphrase", "a text"),
    ("VELDWERK_TRUSTED_PROXY", "trusted_proxy", "an IP address, for example 127.0.0.1"),
    ("VELDWERK_SECRET_KEY", "secret_key", "at least 32 characters"),
];
