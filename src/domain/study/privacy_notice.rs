//! What respondents are told about their personal data before they were asked anything: the parts that only the
//! researcher of the study can know. What is the same in every study stands in the letters and pages themselves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::bilingual::Bilingual;
use crate::domain::findings::Findings;
use crate::domain::language::Language;

/// What a study tells about the personal data of those it approaches (GDPR art. 13 and 14).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivacyNotice {
    /// What the study is about and what it is for (art. 14(1)(c)).
    #[serde(default)]
    pub purpose: Bilingual,
    /// Where names and addresses came from, as a noun phrase: `the web site of your municipality` (art. 14(2)(f)).
    #[serde(default)]
    pub address_source: Bilingual,
    /// On what legal ground people are approached and interviewed (art. 14(1)(c)).
    #[serde(default)]
    pub legal_basis: Bilingual,
    /// How long which data are kept, and where (art. 14(2)(a)).
    #[serde(default)]
    pub retention: Bilingual,
}

impl PrivacyNotice {
    /// The texts by the names of their fields.
    #[must_use]
    pub const fn texts(&self) -> [(&'static str, &Bilingual); 4] {
        [
            ("purpose", &self.purpose),
            ("address_source", &self.address_source),
            ("legal_basis", &self.legal_basis),
            ("retention", &self.retention),
        ]
    }

    /// Whether every text was written, in one language at least.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.texts().into_iter().all(|(_, text)| text.told(Language::Nl).is_some())
    }

    /// Checks every text; each may be empty.
    pub(super) fn check(&self, findings: &mut Findings) {
        for (name, text) in self.texts() {
            for (language, words) in [("nl", &text.nl), ("en", &text.en)] {
                findings.prose(format!("privacy_notice.{name}.{language}"), words);
            }
        }
    }
}
