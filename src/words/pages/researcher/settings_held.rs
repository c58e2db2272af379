//! What is set on a card of the settings, and what of it differs from what somebody wants there.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::SettingsPart;
use crate::domain::language::Language;
use crate::domain::study::Study;
use crate::problem::{Outcome, Problem};
use crate::words::{dates, phrase, word};

impl SettingsPart {
    /// What stands on the card, by the names in the API.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::About => &["title", "organisation", "contact_email", "language"],
            Self::Times => &[
                "interview_minutes",
                "buffer_minutes",
                "slot_step_minutes",
                "window_from",
                "window_until",
                "horizon_days",
                "time_zone",
                "max_per_day",
                "max_per_week",
                "public_holidays",
            ],
            Self::Notices => &[
                "min_notice_minutes",
                "move_notice_minutes",
                "cancel_notice_minutes",
                "max_reminders",
                "min_reminder_days",
                "reminder_lead_minutes",
                "quiet_from",
                "quiet_until",
            ],
            Self::Places => &["modes", "teams_link_source", "teams_link"],
            Self::Privacy => &["ethics", "privacy_notice"],
            Self::Sizes => &["population_on"],
        }
    }

    /// What is set on the card in a study.
    ///
    /// # Errors
    /// When it can't be written as JSON.
    pub fn held(self, study: &Study) -> Outcome<Map<String, Value>> {
        let all = serde_json::to_value(study).map_err(Problem::internal)?;
        let held = |name: &&str| Some(((*name).to_owned(), all.get(*name)?.clone()));
        Ok(self.names().iter().filter_map(held).collect())
    }

    /// What is held now and differs from what is wished, a line for each setting.
    #[must_use]
    pub fn differing(
        self,
        language: Language,
        held: &Map<String, Value>,
        wished: &Map<String, Value>,
    ) -> Vec<String> {
        let of = |name: &&str| {
            let (held, wished) = (held.get(*name)?, wished.get(*name)?);
            Some(lines(language, name, held, wished))
        };
        self.names().iter().filter_map(of).flatten().collect()
    }

    /// What an invented change leaves to be told.
    pub(super) fn sample_of_change(language: Language) -> Vec<String> {
        lines(language, "interview_minutes", &json!(45), &json!(60))
    }
}

fn lines(language: Language, name: &str, held: &Value, wished: &Value) -> Vec<String> {
    if held == wished {
        return Vec::new();
    }
    if name != "privacy_notice" {
        let label = word(language, &format!("label.{name}"));
        return vec![line(language, &label, &told(language, name, held))];
    }
    let texts = held.as_object().into_iter().flatten();
    let texts = texts.flat_map(|(text, both)| Language::ALL.map(|written| (text, written, both)));
    texts
        .filter(|(text, written, both)| {
            both.get(written.as_str()) != wished[text.as_str()].get(written.as_str())
        })
        .map(|(text, written, both)| {
            let named = word(language, &format!("privacy_notice.{text}"));
            let label = format!("{named} ({})", word(language, &format!("language.{written}")));
            line(language, &label, &told(language, text, &both[written.as_str()]))
        })
        .collect()
}

fn line(language: Language, label: &str, value: &str) -> String {
    phrase(language, "form.now_line", &json!({ "label": label, "value": value }))
}

/// A value in words.
fn told(language: Language, name: &str, value: &Value) -> String {
    let lead = |minutes: &Value| {
        dates::lead(
            language,
            minutes.as_i64().and_then(|minutes| minutes.try_into().ok()).unwrap_or_default(),
        )
    };
    match value {
        Value::Bool(true) => word(language, "consent.yes"),
        Value::Bool(false) => word(language, "consent.no"),
        Value::Number(minutes) if name.ends_with("_notice_minutes") => match minutes.as_i64() {
            Some(0) => word(language, "settings.told.always"),
            _ => lead(value),
        },
        Value::Number(number) => number.to_string(),
        Value::Array(items) if !items.is_empty() => {
            let item = |item: &Value| match item.as_str() {
                Some(mode) => word(language, &format!("mode.{mode}")),
                None => lead(item),
            };
            items.iter().map(item).collect::<Vec<_>>().join(", ")
        }
        Value::String(text) if !text.is_empty() => match (name, text.parse::<NaiveDate>()) {
            ("language", _) => word(language, &format!("language.{text}")),
            ("teams_link_source", _) => word(language, &format!("link_source.{text}.name")),
            (_, Ok(date)) => dates::date_alone(language, date),
            (_, Err(_)) => text.clone(),
        },
        _ => word(language, "form.nothing"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::study::StudyPatch;

    fn study(title: &str) -> Study {
        let patch = StudyPatch {
            title: Some(title.to_owned()),
            contact_email: Some("noor@example.org".to_owned()),
            ..StudyPatch::default()
        };
        Study::create(&patch, NaiveDate::from_ymd_opt(2027, 3, 1).unwrap()).unwrap()
    }

    #[test]
    fn every_setting_of_a_study_stands_on_one_card() {
        let study = study("Een");
        let all = serde_json::to_value(&study).unwrap();
        let all: BTreeSet<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
        let named: Vec<&str> = SettingsPart::ALL.iter().flat_map(|part| part.names()).copied().collect();
        assert_eq!(named.len(), all.len(), "none stands on two");
        assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), all);
    }

    #[test]
    fn whatever_differs_is_told_in_words() {
        let (mut held, wished) = (study("Een"), study("Twee"));
        let rules = &mut held.rules;
        (rules.public_holidays, rules.move_notice_minutes) = (!rules.public_holidays, 90);
        (rules.window_from, rules.reminder_lead_minutes) = (Some(rules.population_on), Vec::new());
        held.privacy_notice.purpose.en = "Why.".to_owned();
        let (mut told, nothing) = (Vec::new(), word(Language::En, "form.nothing"));
        for part in SettingsPart::ALL {
            let (now, then) = (part.held(&held).unwrap(), part.held(&wished).unwrap());
            assert_eq!(part.differing(Language::En, &now, &now), Vec::<String>::new());
            told.extend(part.differing(Language::En, &now, &then));
        }
        for words in ["Title: Een", "1 March 2027", "90 minutes", "(English): Why.", &nothing] {
            assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:?}");
        }
        assert_eq!(told.len(), 6, "{told:?}");
    }
}
