//! Text that a researcher writes in every language in which the study speaks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::language::Language;

/// A text in each language; one that was left out is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// In Dutch.
    #[serde(default)]
    pub nl: String,
    /// In English.
    #[serde(default)]
    pub en: String,
}

impl Bilingual {
    /// The text in one language, exactly as it was written.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }

    /// The text in one language; where it was not written in that one, in the other. `None` when it is in neither.
    #[must_use]
    pub fn told(&self, language: Language) -> Option<&str> {
        let (own, other) = match language {
            Language::Nl => (&self.nl, &self.en),
            Language::En => (&self.en, &self.nl),
        };
        [own, other].into_iter().map(|text| text.trim()).find(|text| !text.is_empty())
    }
}
