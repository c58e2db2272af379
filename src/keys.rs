//! The one secret of an installation and everything that is derived from it.
//!
//! Each purpose has its own key by HKDF-SHA256 (RFC 5869), so that no use can weaken another. Personal links are
//! computed, not stored: the database holds only their SHA-256 (R5). Contact data is sealed with XChaCha20-Poly1305,
//! bound to the row it belongs to, so that a blob moved to another row does not open (R6).

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::id::RespondentId;
use crate::problem::{Outcome, Problem};

/// The least number of characters of a secret that an operator gives (E26).
pub const SECRET_MINIMUM: usize = 32;

const NONCE: usize = 24;
/// How many octets of a digest stand in a return path: nobody guesses 96 bits.
const RETURN_PROOF: usize = 12;

/// A personal link's token has this many characters: 256 bits in base64url without padding.
pub const TOKEN_LENGTH: usize = 43;

/// HMAC-SHA256 that has taken its key already, which is half the work of a digest.
type Keyed = Hmac<Sha256>;

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    link: Keyed,
    unsubscribe: Keyed,
    digest: Keyed,
    sealing: [u8; 32],
    fingerprint: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// What a keyed digest is about; two purposes never give the same digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A respondent's mail address within a study.
    Email,
    /// A respondent's place among those who are imported with them.
    Code,
    /// The body of a request with an idempotency key.
    Body,
    /// What a guess was aimed at.
    Guess,
    /// The token against forged forms of a session.
    Form,
    /// The address that a letter's bounces go to.
    ReturnPath,
    /// A message that came in.
    Incoming,
}

impl About {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Email => b"email",
            Self::Code => b"code",
            Self::Body => b"body",
            Self::Guess => b"guess",
            Self::Form => b"form",
            Self::ReturnPath => b"return path",
            Self::Incoming => b"incoming",
        }
    }
}

impl Keys {
    /// Derives all keys from a secret.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(b"veldwerk"), secret);
        let key = |purpose: &[u8]| {
            let mut key = [0_u8; 32];
            // 32 octets are far below the limit of HKDF-SHA256, so expanding cannot fail.
            let _ = root.expand(purpose, &mut key);
            key
        };
        Self {
            link: keyed(key(b"personal link 1")),
            unsubscribe: keyed(key(b"unsubscribe link 1")),
            digest: keyed(key(b"digests 1")),
            sealing: key(b"sealing 1"),
            fingerprint: HEXLOWER.encode(key(b"fingerprint 1").get(..16).unwrap_or_default()),
        }
    }

    /// What may stand in the database to recognise this secret by.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The token of a respondent's personal link. A new generation ends the old link.
    #[must_use]
    pub fn link_token(&self, respondent: RespondentId, generation: i32) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.link, &[respondent.as_str().as_bytes(), &generation.to_be_bytes()]))
    }

    /// The token that can only stop letters to a respondent.
    #[must_use]
    pub fn unsubscribe_token(&self, respondent: RespondentId) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.unsubscribe, &[respondent.as_str().as_bytes()]))
    }

    /// A digest that only this installation can compute.
    #[must_use]
    pub fn digest(&self, about: About, parts: &[&[u8]]) -> String {
        let mut all = vec![about.label()];
        all.extend_from_slice(parts);
        HEXLOWER.encode(&mac(&self.digest, &all))
    }

    /// The token in the return path of a message, for an address such as `bounces+TOKEN@example.org`: the id of the
    /// letter that the message's identifier begins with, and a digest of the identifier. Letters and digits in one
    /// case, since mail servers may change that; 45 characters, so that 18 are left before the plus (RFC 5321
    /// 4.5.3.1.1). `None` for an identifier that is not ours.
    #[must_use]
    pub fn return_path(&self, message_id: &str) -> Option<String> {
        let letter = uuid::Uuid::try_parse(message_id.split(['.', '@']).next()?).ok()?;
        let proof = mac(&self.digest, &[About::ReturnPath.label(), message_id.as_bytes()]);
        let bytes = [letter.as_bytes().as_slice(), proof.get(..RETURN_PROOF)?].concat();
        Some(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    /// The id of the letter in a token of [`Keys::return_path`], in any case. Whether the token is genuine shows only
    /// when it is made again from the letter's message.
    #[must_use]
    pub fn letter_of_return_path(&self, token: &str) -> Option<String> {
        let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
        let (letter, proof) = bytes.split_at_checked(16)?;
        let letter = uuid::Uuid::from_slice(letter).ok().filter(|_| proof.len() == RETURN_PROOF)?;
        Some(letter.hyphenated().to_string())
    }

    /// Seals bytes for one place, such as `contact` and a respondent's id: a random nonce, then the ciphertext.
    ///
    /// # Errors
    /// [`Problem::Internal`] when the cipher refuses, which it does for more than 256 GiB only.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Outcome<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::random();
        let cipher = XChaCha20Poly1305::new(&self.sealing.into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| Problem::internal("sealing failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`Problem::Internal`] when the bytes were changed, moved from another place or sealed with another secret.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Outcome<Vec<u8>> {
        let broken = || Problem::internal(format!("a sealed value of {place} does not open"));
        let (nonce, cipher_text) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        XChaCha20Poly1305::new(&self.sealing.into())
            .decrypt(&XNonce::from(nonce), Payload { msg: cipher_text, aad: place.as_bytes() })
            .map_err(|_| broken())
    }
}

/// The SHA-256 of a token, as it stands in the database.
#[must_use]
pub fn token_digest(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A fresh secret of 256 bits as text.
#[must_use]
pub fn fresh_token() -> String {
    BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}

fn keyed(key: [u8; 32]) -> Keyed {
    // A shorter key is filled up with zeros to the length of a block (RFC 2104 2).
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(key) {
        *place = byte;
    }
    <Keyed as KeyInit>::new(&block.into())
}

/// HMAC-SHA256 over parts, each led by its length so that no two lists of parts collide.
fn mac(key: &Keyed, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_generation_gives_another_link_and_the_same_one_the_same() {
        let keys = Keys::derive(b"0123456789abcdef0123456789abcdef");
        let respondent = RespondentId::new();
        let first = keys.link_token(respondent, 1);
        assert_eq!(first, keys.link_token(respondent, 1));
        assert_eq!(first.len(), TOKEN_LENGTH);
        assert_ne!(first, keys.link_token(respondent, 2));
        assert_ne!(first, keys.unsubscribe_token(respondent));
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place_and_unchanged() {
        let keys = Keys::derive(b"0123456789abcdef0123456789abcdef");
        let mut sealed = keys.seal("contact 1", b"jansen@example.org").unwrap();
        assert_eq!(keys.open("contact 1", &sealed).unwrap(), b"jansen@example.org");
        assert!(keys.open("contact 2", &sealed).is_err());
        sealed[30] ^= 1;
        assert!(keys.open("contact 1", &sealed).is_err());
        assert!(keys.open("contact 1", b"short").is_err());
    }

    #[test]
    fn digests_of_different_parts_and_purposes_differ() {
        let keys = Keys::derive(b"0123456789abcdef0123456789abcdef");
        assert_ne!(keys.digest(About::Email, &[b"ab", b"c"]), keys.digest(About::Email, &[b"a", b"bc"]));
        assert_ne!(keys.digest(About::Email, &[b"a"]), keys.digest(About::Body, &[b"a"]));
    }
}
