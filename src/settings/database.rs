//! Which database, and what must not be shown of its address.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// A text that must not be shown: a password, a key, an address with a password in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Which database holds the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A file, opened by this process alone.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by its URL.
    Postgres(Secret),
}

impl Database {
    /// Reads a `DATABASE_URL`: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// A sentence that names what would be taken.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(
                    "DATABASE_URL needs a file after `sqlite:`, for example sqlite:data/veldwerk.db".into()
                );
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Secret::new(url.to_owned())));
        }
        Err("DATABASE_URL must begin with sqlite:, postgres:// or postgresql://".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_database_address_is_refused_in_words() {
        assert!(Database::parse("mysql://x").unwrap_err().contains("postgres://"));
        assert!(Database::parse("sqlite:").unwrap_err().contains("file"));
        assert_eq!(Database::parse("sqlite://a/b.db"), Ok(Database::Sqlite(PathBuf::from("a/b.db"))));
    }

    #[test]
    fn a_password_never_shows_when_settings_are_printed() {
        let database = Database::parse("postgres://u:hunter2@h/db").unwrap();
        assert!(!format!("{database:?}").contains("hunter2"));
    }
}
