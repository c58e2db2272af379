//! The second factor at sign-in: one-time codes by the clock (TOTP, RFC 6238), and codes to get in without the phone.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt as _;
use sha1::Sha1;

use crate::clock::Instant;

/// How long one code holds, in seconds (RFC 6238 4).
const STEP_SECONDS: i64 = 30;
/// How many digits a code has. Every authenticator app takes six; not all take more.
const DIGITS: u32 = 6;
/// How many steps a phone's clock may be off, to either side (RFC 6238 5.2).
const DRIFT: i64 = 1;
/// The length of a secret in bytes: that of the hash, as RFC 4226 4 advises.
const SECRET: usize = 20;
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// The length of a recovery code in bytes: 80 bits. Kept is a digest under the installation's own key, so that whoever
/// has the database alone cannot even try.
const RECOVERY: usize = 10;

/// A secret that an authenticator app and Veldwerk share.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorSecret([u8; SECRET]);

impl std::fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorSecret(hidden)")
    }
}

impl FactorSecret {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(rand::random())
    }

    /// The secret that was kept as bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for sealing.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret as a person types it, in groups of four.
    #[must_use]
    pub fn text(&self) -> String {
        grouped(&BASE32_NOPAD.encode(&self.0))
    }

    /// What the picture holds that an app reads: the secret, and under which name it is to be shown.
    #[must_use]
    pub fn address(&self, account: &str) -> String {
        let account = percent_encoding::utf8_percent_encode(account, percent_encoding::NON_ALPHANUMERIC);
        let secret = BASE32_NOPAD.encode(&self.0);
        format!("otpauth://totp/Veldwerk:{account}?secret={secret}&issuer=Veldwerk")
    }

    /// The code of a step.
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        // HMAC takes keys of any length, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let hash: [u8; SECRET] = mac.finalize().into_bytes().into();
        // Dynamic truncation (RFC 4226 5.3): the last four bits say where the four bytes of the code begin.
        let at = usize::from(hash[SECRET - 1] & 0x0f);
        let bytes = hash.get(at..at + 4).and_then(|part| part.try_into().ok()).unwrap_or_default();
        let number = u32::from_be_bytes(bytes) & 0x7fff_ffff;
        format!("{:0width$}", number % 10_u32.pow(DIGITS), width = DIGITS as usize)
    }

    /// The step of which a code is, if it is one that holds at a moment and comes after the last one that was used: a
    /// code is taken once (RFC 6238 5.2).
    #[must_use]
    pub fn fitting_step(&self, code: &str, now: Instant, last_used: i64) -> Option<i64> {
        let present = step_at(now);
        let steps = (present - DRIFT..=present + DRIFT).filter(|step| *step > last_used);
        // All are computed, so that the time taken does not tell which one it was.
        steps.fold(None, |found, step| if same(&self.code(step), code) { Some(step) } else { found })
    }
}

/// The number of the step that a moment lies in.
#[must_use]
pub const fn step_at(now: Instant) -> i64 {
    now.unix().div_euclid(STEP_SECONDS)
}

/// What somebody typed as a code, without the spaces and hyphens that are read with it.
#[must_use]
pub fn typed(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).take(64).collect()
}

/// Whether what was typed can be a code by the clock; else it can only be a recovery code.
#[must_use]
pub fn is_by_clock(typed: &str) -> bool {
    typed.len() == DIGITS as usize && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// Fresh recovery codes, as they are shown.
#[must_use]
pub fn recovery_codes() -> Vec<String> {
    let mut random = rand::rng();
    let code = |_| {
        let bytes: [u8; RECOVERY] = random.random();
        grouped(&BASE32_NOPAD.encode(&bytes))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Compares two codes without telling by the time it takes how much of them agrees.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238 appendix B, of whose eight digits the last six are ours.
        let secret = FactorSecret::from_bytes(b"12345678901234567890").unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(step_at(Instant::from_unix(second))), code);
        }
    }

    #[test]
    fn a_code_holds_for_a_step_to_either_side_and_only_once() {
        let (secret, now) = (FactorSecret::fresh(), Instant::from_unix(1_803_978_000));
        let step = step_at(now);
        for off in [-1, 0, 1] {
            assert_eq!(secret.fitting_step(&secret.code(step + off), now, 0), Some(step + off));
        }
        for off in [-2, 2] {
            let code = secret.code(step + off);
            let known = (-1..=1).any(|near| secret.code(step + near) == code);
            assert!(known || secret.fitting_step(&code, now, 0).is_none());
        }
        let code = secret.code(step);
        let repeated = secret.code(step + 1) == code;
        assert!(repeated || secret.fitting_step(&code, now, step).is_none());
    }

    #[test]
    fn what_is_typed_is_read_without_spaces_and_hyphens() {
        assert_eq!(typed(" 123 456\n"), "123456");
        assert_eq!(typed("abcd-efgh"), "ABCDEFGH");
        assert!(is_by_clock("123456") && !is_by_clock("12345") && !is_by_clock("ABCDEF"));
        let codes = recovery_codes();
        assert_eq!((codes.len(), codes[0].len()), (RECOVERY_CODES, 19));
        assert!(!is_by_clock(&typed(&codes[0])));
    }

    #[test]
    fn an_app_reads_the_secret_and_under_which_name_to_show_it() {
        let secret = FactorSecret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(secret.text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret.address("a+b@example.org"),
            "otpauth://totp/Veldwerk:a%2Bb%40example%2Eorg?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Veldwerk"
        );
    }
}
