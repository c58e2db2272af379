//! What a respondent agrees to: a form, the exact text of it that is evidence, and the answer to each item.
//!
//! # The exact text
//!
//! The evidence of a consent carries the SHA-256 (FIPS 180-4) of the form as it was shown, in one language. So that
//! anybody can check it later, what is digested is this text, in UTF-8, each line ended by one LF:
//!
//! ```text
//! veldwerk consent text 1
//! language nl
//! intro 13
//! De inleiding.
//! item take_part required 11
//! Ik doe mee.
//! item recording optional 20
//! Een opname is prima.
//! ```
//!
//! The number that ends a line is the length in bytes of the text that follows it, with the line breaks inside it as
//! they were written; the LF after that text is not counted. The length keeps a text from posing as another item.
//! Items stand in the order of the form. This never changes: another way of writing gets another first line.

use std::collections::BTreeMap;
use std::fmt::Write;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::bilingual::Bilingual;
use super::findings::Findings;
use super::language::Language;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest number of items of a form.
pub const ITEMS_LIMIT: usize = 30;

/// The keys, in English and in Dutch, of the item by which a respondent allows a recording. Forms are free in what
/// they ask; this one item has a meaning of its own, since whoever interviews must know before the first question.
pub(super) const RECORDING: [&str; 2] = ["recording", "opname"];

/// Whether an interview may be recorded. Only a given yes allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// The respondent agreed to it.
    Agreed,
    /// The respondent was asked and did not agree.
    Refused,
    /// The form has no item named `recording` or `opname`.
    NotAsked,
    /// There is no valid consent at all.
    NoConsent,
}

impl Recording {
    /// What follows from the answers to a form, by the keys of its items; `None` without a valid consent.
    #[must_use]
    pub fn of<'a>(answers: Option<impl IntoIterator<Item = (&'a str, bool)>>) -> Self {
        let Some(answers) = answers else { return Self::NoConsent };
        match answers.into_iter().find(|(key, _)| RECORDING.contains(key)) {
            Some((_, true)) => Self::Agreed,
            Some((_, false)) => Self::Refused,
            None => Self::NotAsked,
        }
    }

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::NotAsked => "not_asked",
            Self::NoConsent => "no_consent",
        }
    }
}

/// The words of a consent form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentFormDraft)]
pub struct ConsentForm {
    /// What is read first: what the study is and what happens with the answers.
    pub intro: Bilingual,
    /// What is agreed to, each on its own.
    #[schema(min_items = 1, max_items = 30)]
    pub items: Vec<ConsentItem>,
}

/// One thing to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentItem {
    /// The name of the item in answers and exports.
    pub key: String,
    /// Whether one cannot take part without it.
    pub required: bool,
    /// What is agreed to.
    pub text: Bilingual,
}

impl ConsentForm {
    /// Checks a form before it is kept: one to 30 items with different keys, and every text in both languages.
    ///
    /// # Errors
    /// Everything that is wrong, with the path of each field, for example `items.0.text.en`.
    pub fn check(&self) -> Result<(), Vec<FieldProblem>> {
        let mut findings = Findings::default();
        check_text(&mut findings, "intro", &self.intro);
        if self.items.is_empty() {
            findings.add("items", FieldCode::Required);
        }
        if findings.count("items", self.items.len(), ITEMS_LIMIT) {
            for (i, item) in self.items.iter().enumerate() {
                let path = format!("items.{i}");
                findings.key(format!("{path}.key"), &item.key);
                if self.items.iter().take(i).any(|earlier| earlier.key == item.key) {
                    findings.add(format!("{path}.key"), FieldCode::Duplicate);
                }
                check_text(&mut findings, &format!("{path}.text"), &item.text);
            }
        }
        findings.outcome(())
    }

    /// The text that is digested, as the [module](self) says.
    #[must_use]
    pub fn exact_text(&self, language: Language) -> String {
        let mut exact = format!("veldwerk consent text 1\nlanguage {language}\n");
        let intro = self.intro.text(language);
        // Writing to a String cannot fail.
        let _ = write!(exact, "intro {}\n{intro}\n", intro.len());
        for ConsentItem { key, required, text } in &self.items {
            let (text, required) = (text.text(language), if *required { "required" } else { "optional" });
            let _ = write!(exact, "item {key} {required} {}\n{text}\n", text.len());
        }
        exact
    }

    /// The SHA-256 of the [exact text](Self::exact_text) in hexadecimal.
    #[must_use]
    pub fn sha256(&self, language: Language) -> String {
        HEXLOWER.encode(&Sha256::digest(self.exact_text(language)))
    }

    /// The answer to every item. An optional item that was left out is not agreed to, since nothing is ticked
    /// beforehand.
    ///
    /// # Errors
    /// [`FieldCode::ConsentRequired`] at `items.<key>` for each item that the form does not have and each required
    /// one that is missing or false (E12).
    pub fn answers(
        &self,
        given: &BTreeMap<String, bool>,
    ) -> Result<BTreeMap<String, bool>, Vec<FieldProblem>> {
        let mut findings = Findings::default();
        let mut refuse = |key: &str| findings.add(format!("items.{key}"), FieldCode::ConsentRequired);
        let mut answers = BTreeMap::new();
        for item in &self.items {
            let agreed = given.get(&item.key).copied().unwrap_or(false);
            if item.required && !agreed {
                refuse(&item.key);
            }
            answers.insert(item.key.clone(), agreed);
        }
        given.keys().filter(|key| !answers.contains_key(*key)).for_each(|key| refuse(key));
        findings.outcome(answers)
    }
}

fn check_text(findings: &mut Findings, path: &str, text: &Bilingual) {
    for language in Language::ALL {
        findings.required_prose(format!("{path}.{language}"), text.text(language));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> ConsentForm {
        serde_json::from_value(json!({
            "intro": { "nl": "Dit onderzoek gaat over het sociaal domein.\nDeelname is vrijwillig.", "en": "About policy." },
            "items": [
                { "key": "take_part", "required": true, "text": { "nl": "Ik doe mee.", "en": "I take part." } },
                { "key": "recording", "required": false, "text": { "nl": "Opname mag.", "en": "You may record." } },
            ],
        }))
        .unwrap()
    }

    fn found(result: Result<impl Sized, Vec<FieldProblem>>) -> Vec<(String, &'static str)> {
        let problems = result.err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.field, problem.code.as_str())).collect()
    }

    fn given(answers: &[(&str, bool)]) -> BTreeMap<String, bool> {
        answers.iter().map(|(key, agreed)| ((*key).to_owned(), *agreed)).collect()
    }

    #[test]
    fn the_exact_text_and_its_digest_never_change() {
        assert_eq!(
            form().exact_text(Language::En),
            "veldwerk consent text 1\nlanguage en\nintro 13\nAbout policy.\n\
             item take_part required 12\nI take part.\nitem recording optional 15\nYou may record.\n"
        );
        assert_eq!(
            form().sha256(Language::En),
            "424b710f902ec9eaf80fb558805d16d6f264d10021454c36537bb68adf67b307"
        );
        assert_eq!(
            form().sha256(Language::Nl),
            "fe21d76572968ec7fba2b57c6302615313a1c04d3f293fea9b9a4f5e8efebc53"
        );
    }

    #[test]
    fn a_text_cannot_pose_as_another_item() {
        let mut posing = form();
        posing.items.truncate(1);
        posing.items.first_mut().unwrap().text.en =
            "I take part.\nitem recording optional 15\nYou may record.".to_owned();
        assert_ne!(posing.sha256(Language::En), form().sha256(Language::En));
    }

    #[test]
    fn every_text_is_needed_in_both_languages_and_every_key_once() {
        assert!(form().check().is_ok());
        assert_eq!(
            found(ConsentForm::default().check()),
            [
                ("intro.nl".to_owned(), "required"),
                ("intro.en".to_owned(), "required"),
                ("items".to_owned(), "required"),
            ]
        );
        let mut wrong = form();
        wrong.intro.nl = "a".repeat(20_001);
        wrong.items[0].text.en = " \n".to_owned();
        wrong.items[1].key = "take_part".to_owned();
        wrong.items.push(ConsentItem { key: "Quote me".to_owned(), ..wrong.items[1].clone() });
        assert_eq!(
            found(wrong.check()),
            [
                ("intro.nl".to_owned(), "too_long"),
                ("items.0.text.en".to_owned(), "required"),
                ("items.1.key".to_owned(), "duplicate"),
                ("items.2.key".to_owned(), "value"),
            ]
        );
        let many = ConsentForm { items: vec![ConsentItem::default(); 31], ..form() };
        assert_eq!(found(many.check()), [("items".to_owned(), "value")]);
    }

    #[test]
    fn what_is_not_ticked_is_not_agreed_to() {
        let answers = form().answers(&given(&[("take_part", true)])).unwrap();
        assert_eq!(answers, given(&[("take_part", true), ("recording", false)]));
    }

    #[test]
    fn a_required_item_that_is_missing_or_false_and_an_unknown_one_are_refused() {
        let refused = [("items.take_part".to_owned(), "consent_required")];
        assert_eq!(found(form().answers(&given(&[("take_part", false)]))), refused);
        assert_eq!(found(form().answers(&given(&[("recording", true)]))), refused);
        assert_eq!(
            found(form().answers(&given(&[("take_part", true), ("quote", false)]))),
            [("items.quote".to_owned(), "consent_required")]
        );
    }

    #[test]
    fn only_a_given_yes_to_the_item_about_it_allows_a_recording() {
        let of = |answers: &[(&'static str, bool)]| Recording::of(Some(answers.iter().copied()));
        assert_eq!(of(&[("take_part", true), ("recording", true)]), Recording::Agreed);
        assert_eq!(of(&[("opname", true)]), Recording::Agreed);
        assert_eq!(of(&[("take_part", true), ("recording", false)]), Recording::Refused);
        assert_eq!(of(&[("take_part", true)]), Recording::NotAsked);
        assert_eq!(Recording::of(None::<[(&str, bool); 0]>), Recording::NoConsent);
    }
}
