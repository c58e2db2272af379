//! Text that people type, parsed at the edge: one-line fields, longer texts and mail addresses.
//!
//! Text is kept as it was sent, never normalised (E30); what must not be there is refused, not repaired.

use crate::problem::FieldCode;

/// The greatest length of a one-line field, in characters.
pub const LINE_LIMIT: usize = 200;
/// The greatest length of a text, in characters.
pub const TEXT_LIMIT: usize = 20_000;

/// Whether a character would let text pretend to be something else: controls, line separators and the bidirectional
/// overrides of Unicode (UAX 9), which can turn a name around.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Checks a one-line field: not empty, at most 200 characters, no controls.
///
/// # Errors
/// The code that belongs beside the field.
pub fn line(text: &str) -> Result<String, FieldCode> {
    if text.trim().is_empty() {
        return Err(FieldCode::Required);
    }
    if text.chars().any(is_deceptive) {
        return Err(FieldCode::ControlCharacter);
    }
    if text.chars().count() > LINE_LIMIT {
        return Err(FieldCode::TooLong);
    }
    Ok(text.to_owned())
}

/// Checks a longer text: at most 20,000 characters; line breaks and tabs are welcome, other controls are not.
///
/// # Errors
/// The code that belongs beside the field.
pub fn prose(text: &str) -> Result<String, FieldCode> {
    if text.chars().any(|c| is_deceptive(c) && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FieldCode::ControlCharacter);
    }
    if text.chars().count() > TEXT_LIMIT {
        return Err(FieldCode::TooLong);
    }
    Ok(text.to_owned())
}

/// A mail address that can be written into a header and an SMTP dialogue as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address: a dot-atom local part (RFC 5321 4.1.2, without quoting) of at most 64 octets, and a domain
    /// of at least two labels, or `localhost` (RFC 6761 6.3) for trying things out. Capitals and plus-tags are kept,
    /// since calendars compare what was addressed.
    ///
    /// # Errors
    /// [`FieldCode::Required`] for nothing, [`FieldCode::EmailInvalid`] for anything else.
    pub fn parse(text: &str) -> Result<Self, FieldCode> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldCode::Required);
        }
        let valid = text.rsplit_once('@').is_some_and(|(local, domain)| {
            text.len() <= LINE_LIMIT && is_local_part(local) && is_domain(domain)
        });
        if valid { Ok(Self(text.to_owned())) } else { Err(FieldCode::EmailInvalid) }
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling under which two addresses count as the same person: without regard to case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// What stands after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        })
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    (labels.len() >= 2 || domain.eq_ignore_ascii_case("localhost"))
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_refuses_breaks_overrides_and_more_than_200_characters() {
        assert_eq!(line("Jansen"), Ok("Jansen".to_owned()));
        assert_eq!(line("  "), Err(FieldCode::Required));
        assert_eq!(line("a\r\nBcc: b"), Err(FieldCode::ControlCharacter));
        assert_eq!(line("a\u{202E}b"), Err(FieldCode::ControlCharacter));
        assert_eq!(line(&"é".repeat(200)).map(|t| t.chars().count()), Ok(200));
        assert_eq!(line(&"é".repeat(201)), Err(FieldCode::TooLong));
    }

    #[test]
    fn an_address_keeps_its_spelling_and_refuses_what_a_header_could_not_carry() {
        for good in ["A.Jansen+veld@Example.org", "o'neill@gemeente.example.nl"] {
            assert_eq!(EmailAddress::parse(good).map(|e| e.as_str().to_owned()), Ok(good.to_owned()));
        }
        for bad in [
            "a",
            "a@b",
            "a b@c.nl",
            "a@c..nl",
            ".a@c.nl",
            "a@-c.nl",
            "a@b.nl\r\nBcc: x@y.nl",
            "\"a\"@b.nl",
            "ü@b.nl",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(FieldCode::EmailInvalid), "{bad}");
        }
    }
}
