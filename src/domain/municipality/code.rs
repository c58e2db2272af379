//! The code by which Statistics Netherlands names a municipality. A code belongs to one municipality for ever: when
//! municipalities merge, codes end and are not given out again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not a municipality code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a municipality code such as GM0363")]
pub struct NotAMunicipalityCode;

/// A CBS code: `GM` and four digits. The population register writes the same code without `GM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityCode([u8; 6]);

impl MunicipalityCode {
    /// The code with this number, from 1 to 9999.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        if number == 0 || number > 9999 {
            return None;
        }
        let digit = |power: u16| b'0' + (number / power % 10).to_le_bytes()[0];
        Some(Self([b'G', b'M', digit(1000), digit(100), digit(10), digit(1)]))
    }

    /// The code as it stands in answers and the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Reads a code as people write it in lists: `363`, `0363`, `gm363` or `GM 0363`.
    ///
    /// The text must be folded already ([`super::fold`]).
    pub(super) fn from_list(folded: &str) -> Option<Self> {
        let digits = folded.strip_prefix("gm").map_or(folded, str::trim_start);
        let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if plain { digits.parse().ok().and_then(Self::from_number) } else { None }
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MunicipalityCode {
    type Err = NotAMunicipalityCode;

    fn from_str(text: &str) -> Result<Self, NotAMunicipalityCode> {
        let digits = text.strip_prefix("GM").ok_or(NotAMunicipalityCode)?;
        if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAMunicipalityCode);
        }
        digits.parse().ok().and_then(Self::from_number).ok_or(NotAMunicipalityCode)
    }
}

impl Serialize for MunicipalityCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MunicipalityCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_spelling() {
        let amsterdam: MunicipalityCode = "GM0363".parse().unwrap();
        assert_eq!(amsterdam.to_string(), "GM0363");
        assert_eq!(serde_json::to_string(&amsterdam).unwrap(), "\"GM0363\"");
        for text in
            ["363", "0363", "gm0363", "GM363", "GM00363", "GM+363", " GM0363", "GM0000", "GM036３", ""]
        {
            assert_eq!(text.parse::<MunicipalityCode>(), Err(NotAMunicipalityCode), "{text}");
        }
    }

    #[test]
    fn a_list_may_leave_out_the_letters_and_the_leading_zeros() {
        let amsterdam = MunicipalityCode::from_number(363);
        for text in ["363", "0363", "gm0363", "gm 0363", "gm363"] {
            assert_eq!(MunicipalityCode::from_list(text), amsterdam, "{text}");
        }
        for text in ["", "gm", "0", "00363", "0363 0", "363a", "-363"] {
            assert_eq!(MunicipalityCode::from_list(text), None, "{text}");
        }
    }
}
