//! Whether a consent form tells what it should: the thirteen points of the information list of the University of
//! Twente (domain Humanities and Social Sciences), looked for in what the study itself proves and in the words of the
//! form. It is a help to whoever writes and no proof: a word that is there may be in the wrong sentence, and a point
//! may be told in other words. So it keeps nobody from publishing.

use serde::Serialize;

use super::bilingual::Bilingual;
use super::consent::{ConsentForm, RECORDING};
use super::language::Language;
use super::study::Study;

/// What whoever is asked for consent should be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Taking part is voluntary.
    Voluntary,
    /// What the study is and what it is for, also where it is done for training only.
    Purpose,
    /// What strain it may put on people.
    Strain,
    /// Refusing and stopping, without a reason and without consequences.
    Stopping,
    /// Whether voice or image are recorded.
    Recording,
    /// What stays confidential, and where that ends.
    Confidentiality,
    /// What happens with what is found by accident.
    IncidentalFindings,
    /// Whether there is an insurance.
    Insurance,
    /// For which period the consent holds.
    Period,
    /// How and how long data are kept.
    Storage,
    /// Whether data are used again.
    Reuse,
    /// What people get for it.
    Incentive,
    /// Who can be asked, and how.
    Contact,
}

impl Point {
    /// Every point, in the order of the list.
    pub const ALL: [Self; 13] = [
        Self::Voluntary,
        Self::Purpose,
        Self::Strain,
        Self::Stopping,
        Self::Recording,
        Self::Confidentiality,
        Self::IncidentalFindings,
        Self::Insurance,
        Self::Period,
        Self::Storage,
        Self::Reuse,
        Self::Incentive,
        Self::Contact,
    ];

    /// The name under which the words speak of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voluntary => "voluntary",
            Self::Purpose => "purpose",
            Self::Strain => "strain",
            Self::Stopping => "stopping",
            Self::Recording => "recording",
            Self::Confidentiality => "confidentiality",
            Self::IncidentalFindings => "incidental_findings",
            Self::Insurance => "insurance",
            Self::Period => "period",
            Self::Storage => "storage",
            Self::Reuse => "reuse",
            Self::Incentive => "incentive",
            Self::Contact => "contact",
        }
    }
}

/// What became of the search for a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is told in both languages.
    Found,
    /// There is a sign of it in one language only: somebody has to look.
    Look,
    /// There is no sign of it.
    Missing,
}

/// What was found of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which point.
    pub point: Point,
    /// What became of the search.
    pub verdict: Verdict,
    /// Whether a field of the study or an item of the form proves it, whatever the words say.
    pub is_proven: bool,
    /// The sentences that gave it away, by language; empty where there is none.
    pub signs: Bilingual,
}

/// Looks for every point. `terms` gives the words that are a sign of a point in a language.
#[must_use]
pub fn examine(
    form: &ConsentForm,
    study: &Study,
    terms: impl Fn(Point, Language) -> Vec<String>,
) -> Vec<Finding> {
    let finding = |point: Point| {
        let sign = |language| sign(form, language, &terms(point, language)).unwrap_or_default();
        let signs = Bilingual { nl: sign(Language::Nl), en: sign(Language::En) };
        let is_proven = proves(form, study, point);
        let verdict = match (is_proven, signs.nl.is_empty(), signs.en.is_empty()) {
            (true, ..) | (_, false, false) => Verdict::Found,
            (_, true, true) => Verdict::Missing,
            _ => Verdict::Look,
        };
        Finding { point, verdict, is_proven, signs }
    };
    Point::ALL.into_iter().map(finding).collect()
}

/// Whether respondents are told a point by what the study or the form has a field for: their page and letters show it
/// in both languages.
fn proves(form: &ConsentForm, study: &Study, point: Point) -> bool {
    let is_told = |text: &Bilingual| Language::ALL.iter().all(|l| !text.text(*l).trim().is_empty());
    match point {
        Point::Purpose => is_told(&study.privacy_notice.purpose),
        Point::Storage => is_told(&study.privacy_notice.retention),
        Point::Contact => !study.contact_email.as_str().is_empty(),
        Point::Recording => form.items.iter().any(|item| RECORDING.contains(&item.key.as_str())),
        _ => false,
    }
}

/// The first sentence of a form in which one of the words stands, at the beginning of a word.
fn sign(form: &ConsentForm, language: Language, terms: &[String]) -> Option<String> {
    let items = form.items.iter().map(|item| item.text.text(language));
    let mut texts = std::iter::once(form.intro.text(language)).chain(items);
    texts.find_map(|text| {
        let mut sentences = text.split_inclusive(['.', '!', '?', '\n']);
        let sentence = sentences.find(|sentence| {
            let calm = calm(sentence);
            terms.iter().any(|term| begins_a_word(&calm, &calm_term(term)))
        });
        sentence.map(|sentence| sentence.trim().to_owned())
    })
}

/// Lower case, with one space between words and one before the first.
fn calm(text: &str) -> String {
    let mut calm = String::with_capacity(text.len() + 1);
    for word in text.to_lowercase().split_whitespace() {
        calm.push(' ');
        calm.push_str(word);
    }
    calm
}

fn calm_term(term: &str) -> String {
    calm(term).trim_start().to_owned()
}

fn begins_a_word(sentence: &str, term: &str) -> bool {
    let is_start = |(at, _): (usize, &str)| {
        sentence.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphanumeric())
    };
    !term.is_empty() && sentence.match_indices(term).any(is_start)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::consent::ConsentItem;
    use crate::domain::study::{PrivacyNotice, StudyRules};
    use crate::domain::text::EmailAddress;

    fn study() -> Study {
        Study {
            title: "Beleid".to_owned(),
            organisation: String::new(),
            contact_email: EmailAddress::parse("onderzoek@example.org").unwrap(),
            privacy_notice: PrivacyNotice::default(),
            rules: StudyRules::usual(NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()),
        }
    }

    fn form(nl: &str, en: &str) -> ConsentForm {
        let intro = Bilingual { nl: nl.to_owned(), en: en.to_owned() };
        ConsentForm { intro, items: Vec::new() }
    }

    fn terms(point: Point, language: Language) -> Vec<String> {
        let words: &[&str] = match (point, language) {
            (Point::Voluntary, Language::Nl) => &["vrijwillig"],
            (Point::Voluntary, Language::En) => &["voluntar"],
            (Point::Insurance, Language::Nl) => &["verzeker"],
            (Point::Stopping, _) => &["at any  time"],
            _ => &[],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn of(form: &ConsentForm, study: &Study, point: Point) -> Finding {
        examine(form, study, terms).into_iter().find(|finding| finding.point == point).unwrap()
    }

    #[test]
    fn a_point_is_found_when_both_languages_show_a_sign_of_it_and_the_sentence_is_told() {
        let form = form("Welkom. Deelname is VRIJWILLIG!\nDank", "It is\nvoluntary to join.");
        let found = of(&form, &study(), Point::Voluntary);
        assert_eq!((found.verdict, found.is_proven), (Verdict::Found, false));
        assert_eq!(
            (found.signs.nl.as_str(), found.signs.en.as_str()),
            ("Deelname is VRIJWILLIG!", "voluntary to join.")
        );
    }

    #[test]
    fn a_sign_in_one_language_only_asks_to_look_and_none_at_all_is_missing() {
        let form = form("Er is een verzekering. U kunt onvrijwillig", "You may stop at any\u{a0}time.");
        assert_eq!(of(&form, &study(), Point::Insurance).verdict, Verdict::Look);
        assert_eq!(of(&form, &study(), Point::Stopping).verdict, Verdict::Look);
        assert_eq!(of(&form, &study(), Point::Voluntary).verdict, Verdict::Missing, "not within a word");
    }

    #[test]
    fn what_the_study_or_an_item_proves_is_found_whatever_the_words_say() {
        let mut study = study();
        let mut form = form("", "");
        assert!(of(&form, &study, Point::Contact).is_proven, "every page names the contact");
        assert_eq!(of(&form, &study, Point::Storage).verdict, Verdict::Missing);
        study.privacy_notice.retention = Bilingual { nl: "tien jaar".to_owned(), en: String::new() };
        assert!(!of(&form, &study, Point::Storage).is_proven, "not in English");
        study.privacy_notice.retention.en = "ten years".to_owned();
        assert!(of(&form, &study, Point::Storage).is_proven);
        assert_eq!(of(&form, &study, Point::Recording).verdict, Verdict::Missing);
        form.items = vec![ConsentItem { key: "opname".to_owned(), ..ConsentItem::default() }];
        assert_eq!(of(&form, &study, Point::Recording).verdict, Verdict::Found);
    }
}
