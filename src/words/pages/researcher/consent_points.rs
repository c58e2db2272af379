//! What a consent form says of the points that belong to consent.

use serde::Serialize;

use crate::domain::consent::ConsentForm;
use crate::domain::consent_points::{Finding, Point, Verdict, examine};
use crate::domain::language::Language;
use crate::domain::study::Study;
use crate::words::{sentences, word};

/// One of the points that belong to consent, and what was found of it.
#[derive(Debug, Clone, Serialize)]
pub struct PointRow {
    /// Its name; `consent_point.<name>` speaks of it.
    pub point: String,
    /// What became of the search.
    pub verdict: Verdict,
    /// Whether a field of the study or an item proves it.
    pub is_proven: bool,
    /// The sentence that gave it away.
    pub sign: Option<String>,
    /// The language of that sentence.
    pub sign_language: Language,
}

impl PointRow {
    /// What a form says of every point, for a reader of a language.
    #[must_use]
    pub fn all(language: Language, study: &Study, form: &ConsentForm) -> Vec<Self> {
        let terms =
            |point: Point, language| sentences(language, &format!("consent_point.{}.terms", point.as_str()));
        let other = Language::ALL.into_iter().find(|other| *other != language).unwrap_or(language);
        let row = |finding: Finding| {
            let sign_language = if finding.signs.text(language).is_empty() { other } else { language };
            let sign = finding.signs.text(sign_language).to_owned();
            Self {
                point: finding.point.as_str().to_owned(),
                verdict: finding.verdict,
                is_proven: finding.is_proven,
                sign: Some(sign).filter(|sign| !sign.is_empty()),
                sign_language,
            }
        };
        examine(form, study, terms).into_iter().map(row).collect()
    }

    pub(super) fn samples() -> Vec<Self> {
        let row = |(place, point): (usize, Point)| {
            let (verdict, sign) = match place % 3 {
                0 => (Verdict::Found, Some(word(Language::Nl, "sample.intro"))),
                1 => (Verdict::Missing, None),
                _ => (Verdict::Look, Some(word(Language::En, "sample.intro"))),
            };
            let sign_language = if place % 3 == 0 { Language::Nl } else { Language::En };
            let is_proven = point == Point::Contact;
            Self { point: point.as_str().to_owned(), verdict, is_proven, sign, sign_language }
        };
        Point::ALL.into_iter().enumerate().map(row).collect()
    }
}
