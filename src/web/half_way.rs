//! Somebody whose password fitted and whose code is still to come. What is known of them is sealed in a cookie, so that
//! nothing has to be kept for those who never go on; it opens nothing by itself, and each try at a code is counted.

use data_encoding::BASE64URL_NOPAD;
use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::time::Duration;
use serde::{Deserialize, Serialize};

use super::App;
use crate::clock::Instant;
use crate::id::UserId;
use crate::keys::sha256_hex;
use crate::problem::{Outcome, Problem};
use crate::store::accounts::Account;

/// How long one may take over the code, in minutes.
const MINUTES: i64 = 10;
/// The place that the cookie is sealed for.
const PLACE: &str = "half way in";

/// What is known of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HalfWay {
    /// Who.
    pub user: UserId,
    /// Where to go afterwards.
    pub next: String,
    until: Instant,
    /// The digest of the hash that the password fitted: another password ends this.
    fitted: String,
}

impl HalfWay {
    /// Somebody whose password has just fitted.
    #[must_use]
    pub fn of(account: &Account, next: String, now: Instant) -> Self {
        let fitted = sha256_hex(account.password_hash.as_bytes());
        Self { user: account.id, next, until: now.plus_minutes(MINUTES), fitted }
    }

    /// Whether the account still has the password that fitted.
    #[must_use]
    pub fn is_of(&self, account: &Account) -> bool {
        self.fitted == sha256_hex(account.password_hash.as_bytes())
    }

    /// Gives the cookie to the browser.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn remember(&self, app: &App, jar: &CookieJar<'_>) -> Outcome<()> {
        let plain = serde_json::to_vec(self).map_err(Problem::internal)?;
        let sealed = BASE64URL_NOPAD.encode(&app.store.keys().seal(PLACE, &plain)?);
        let https = app.settings.is_https();
        let cookie = Cookie::build((name(https), sealed)).path("/").http_only(true).secure(https);
        jar.add(cookie.same_site(SameSite::Lax).max_age(Duration::minutes(MINUTES)));
        Ok(())
    }

    /// What the browser brings, unless it is too old or was not sealed by us.
    #[must_use]
    pub fn recall(app: &App, jar: &CookieJar<'_>) -> Option<Self> {
        let cookie = jar.get(name(app.settings.is_https()))?;
        let sealed = BASE64URL_NOPAD.decode(cookie.value().as_bytes()).ok()?;
        let plain = app.store.keys().open(PLACE, &sealed).ok()?;
        serde_json::from_slice(&plain).ok().filter(|half: &Self| half.until > app.clock.now())
    }

    /// Takes the cookie away.
    pub fn forget(app: &App, jar: &CookieJar<'_>) {
        let https = app.settings.is_https();
        // Browsers take no notice of a `__Host-` cookie that is not `Secure`, not even to remove it.
        jar.remove(Cookie::build(name(https)).path("/").secure(https));
    }
}

const fn name(https: bool) -> &'static str {
    if https { "__Host-half-way" } else { "half-way" }
}
