//! Researchers' passwords: what is taken, how they are kept, and how guessing is slowed down.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};

/// The least length of a password, in characters (ASVS 5.0 V6.2.1).
pub const PASSWORD_MINIMUM: usize = 8;

/// Passwords that meet the length and are among the first that anybody tries.
const COMMON: [&str; 25] = [
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "abcd1234",
    "password",
    "password1",
    "qwertyui",
    "qwerty123",
    "iloveyou",
    "welkom123",
    "0123456789",
    "1234567891",
    "12345678910",
    "123456789012",
    "password12",
    "password123",
    "password1234",
    "qwertyuiop",
    "qwerty12345",
    "wachtwoord",
    "wachtwoord1",
    "wachtwoord123",
    "welkom12345",
    "veldwerk123",
];

/// Checks a new password for the field `field`.
///
/// # Errors
/// The problem that belongs beside the field.
pub fn check_password(field: &str, password: &str) -> Result<(), FieldProblem> {
    let lower = password.to_lowercase();
    let monotonous = lower.chars().all(|c| lower.starts_with(c));
    if password.chars().count() < PASSWORD_MINIMUM || monotonous || COMMON.contains(&lower.as_str()) {
        return Err(FieldProblem::new(field, FieldCode::PasswordWeak).with("minimum", PASSWORD_MINIMUM));
    }
    Ok(())
}

/// Hashes a password by argon2id with 19 MiB and two passes. Takes tens of milliseconds: never in a transaction.
///
/// # Errors
/// A fault of ours.
pub fn hash_password(password: &str) -> Outcome<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Problem::internal(error.to_string()))
}

/// Whether a password fits a hash. Without a hash the same work is done for nothing, so that the time taken does not
/// tell whether an account exists.
#[must_use]
pub fn fits(password: &str, hash: Option<&str>) -> bool {
    match hash.map(PasswordHash::new) {
        Some(Ok(hash)) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        Some(Err(_)) => false,
        None => {
            let _ = hash_password(password);
            false
        }
    }
}

/// What guesses are counted by (E25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuessedBy {
    /// One account from one address: the narrowest and strictest.
    AccountAndAddress,
    /// One account from anywhere.
    Account,
    /// One address at any account.
    Address,
}

impl GuessedBy {
    /// The seconds to wait after this many failures: none at first, then doubling to a quarter of an hour. Nobody is
    /// ever locked out.
    #[must_use]
    pub fn delay(self, failures: i32) -> i64 {
        let free = match self {
            Self::AccountAndAddress => 4,
            Self::Account => 30,
            Self::Address => 60,
        };
        match u32::try_from(failures.saturating_sub(free)) {
            Err(_) | Ok(0) => 0,
            Ok(beyond) => 2_i64.saturating_pow(beyond.min(20)).min(900),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_ends_at_a_quarter_of_an_hour() {
        let by = GuessedBy::AccountAndAddress;
        assert_eq!([4, 5, 6, 7, 40].map(|n| by.delay(n)), [0, 2, 4, 8, 900]);
        assert_eq!(GuessedBy::Address.delay(60), 0);
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("een goed wachtwoord").unwrap();
        assert!(fits("een goed wachtwoord", Some(&hash)));
        assert!(!fits("een slecht wachtwoord", Some(&hash)));
        assert!(!fits("een goed wachtwoord", None));
    }

    #[test]
    fn short_common_and_monotonous_passwords_are_refused() {
        for weak in ["kort", "Wachtwoord123", "aaaaaaaaaaaaaa"] {
            assert!(check_password("password", weak).is_err(), "{weak}");
        }
        assert!(check_password("password", "vier losse woorden samen").is_ok());
    }
}
