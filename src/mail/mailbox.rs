//! A name and an address, as settings write them: `Name <address>`.

use std::str::FromStr;

use crate::domain::text::{EmailAddress, is_deceptive};
use crate::problem::FieldCode;

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// What mail programs show; may be empty.
    pub name: String,
    /// Where mail goes.
    pub address: EmailAddress,
}

impl FromStr for Mailbox {
    type Err = FieldCode;

    /// Reads `address` or `Name <address>`; the name may stand in double quotes.
    fn from_str(text: &str) -> Result<Self, FieldCode> {
        let text = text.trim();
        if text.chars().any(is_deceptive) {
            return Err(FieldCode::ControlCharacter);
        }
        let Some((name, address)) = text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) else {
            return Ok(Self { name: String::new(), address: EmailAddress::parse(text)? });
        };
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
        Ok(Self { name: name.replace("\\\"", "\""), address: EmailAddress::parse(address)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_an_address_with_or_without_a_name() {
        for (text, name) in [
            ("a@example.org", ""),
            ("<a@example.org>", ""),
            ("Dr. B. Bakker, onderzoek <a@example.org>", "Dr. B. Bakker, onderzoek"),
            (" \"Team \\\"Sociaal\\\" é\" <a@example.org> ", "Team \"Sociaal\" é"),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!((mailbox.name.as_str(), mailbox.address.as_str()), (name, "a@example.org"));
        }
    }

    #[test]
    fn what_is_no_mailbox_is_refused() {
        for (text, code) in [
            ("", FieldCode::Required),
            ("Name <>", FieldCode::Required),
            ("Name", FieldCode::EmailInvalid),
            ("Name a@example.org", FieldCode::EmailInvalid),
            ("Name <a@example.org> x", FieldCode::EmailInvalid),
            ("N\r\nBcc: x <a@example.org>", FieldCode::ControlCharacter),
        ] {
            assert_eq!(text.parse::<Mailbox>(), Err(code), "{text}");
        }
    }
}
