//! Passwords on their way through the web room: hashing is slow and hungry, so it is done aside and few at a time.

use super::App;
use super::input::{self, Fields};
use crate::domain::account;
use crate::problem::{Outcome, Problem};

/// Reads a new password from a field, and notes what is wrong with it.
pub fn read_new(fields: &mut Fields, name: &str) -> Option<String> {
    let password = fields.required(name, input::raw)?;
    match account::check_password(name, &password) {
        Ok(()) => Some(password),
        Err(fault) => {
            fields.note(name, fault);
            None
        }
    }
}

/// Whether a password fits a hash.
///
/// # Errors
/// [`Problem::Busy`] when the house is closing.
pub async fn fits(app: &App, password: String, hash: Option<String>) -> Outcome<bool> {
    aside(app, move || Ok(account::fits(&password, hash.as_deref()))).await
}

/// Hashes a new password.
///
/// # Errors
/// As [`fits`].
pub async fn hash(app: &App, password: String) -> Outcome<String> {
    aside(app, move || account::hash_password(&password)).await
}

async fn aside<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let _permit = app.hashing.acquire().await.map_err(|_| Problem::Busy(1))?;
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}
