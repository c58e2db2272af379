//! What is set for a study: a card for each part, which says in plain words what holds now.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{Desk, Section, desk, desk_of_archive};
use crate::domain::bilingual::Bilingual;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::{Edit, PrivacyNotice, Study, StudyPatch, StudyRules};
use crate::words::dates;
use crate::words::pages::Sample;
use crate::words::{phrase, plural, word};

/// A part of the settings of a study, which has a form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsPart {
    /// What the study is called, and whom to ask about it.
    About,
    /// How long interviews are and when they can be.
    Times,
    /// Until when respondents can do what, and when they are reminded.
    Notices,
    /// Where interviews are held, and where links come from.
    Places,
    /// What respondents are told about their data and the ethical review.
    Privacy,
    /// The date of the numbers of inhabitants.
    Sizes,
}

impl SettingsPart {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::About, Self::Times, Self::Notices, Self::Places, Self::Privacy, Self::Sizes];

    /// The name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Times => "times",
            Self::Notices => "notices",
            Self::Places => "places",
            Self::Privacy => "privacy",
            Self::Sizes => "sizes",
        }
    }

    /// What holds now, in whole sentences.
    fn told(self, language: Language, study: &Study, strata: &[String]) -> Vec<String> {
        match self {
            Self::About => about(language, study),
            Self::Times => times(language, &study.rules),
            Self::Notices => notices(language, &study.rules),
            Self::Places => places(language, &study.rules),
            Self::Privacy => privacy(language, study),
            Self::Sizes => sizes(language, &study.rules, strata),
        }
    }
}

impl FromStr for SettingsPart {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|part| part.as_str() == text).ok_or(())
    }
}

/// A part of the settings with what holds now.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsCard {
    /// Which part.
    pub part: SettingsPart,
    /// What holds now, a sentence each.
    pub told: Vec<String>,
}

/// The settings of a study.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// What surrounds it.
    pub desk: Desk,
    /// The parts in their order.
    pub cards: Vec<SettingsCard>,
}

impl Settings {
    /// The settings of a study with the names of its strata.
    #[must_use]
    pub fn of(language: Language, desk: Desk, study: &Study, strata: &[String]) -> Self {
        let card = |part: SettingsPart| SettingsCard { part, told: part.told(language, study, strata) };
        Self { desk, cards: SettingsPart::ALL.map(card).to_vec() }
    }
}

fn about(language: Language, study: &Study) -> Vec<String> {
    let named = match study.organisation.as_str() {
        "" => phrase(language, "settings.told.title", &json!({ "title": study.title })),
        by => {
            phrase(language, "settings.told.title_by", &json!({ "title": study.title, "organisation": by }))
        }
    };
    let asked = json!({ "email": study.contact_email.as_str() });
    let spoken = word(language, &format!("settings.told.language.{}", study.rules.language));
    vec![named, phrase(language, "settings.told.questions", &asked), spoken]
}

fn times(language: Language, rules: &StudyRules) -> Vec<String> {
    let length = json!({ "minutes": rules.interview_minutes, "rest": rules.buffer_minutes });
    let date = |date: NaiveDate| dates::date_alone(language, date);
    let fieldwork = match (rules.window_from, rules.window_until) {
        (Some(from), Some(until)) => phrase(
            language,
            "settings.told.window",
            &json!({ "from": date(from), "until": date(until), "days": rules.horizon_days }),
        ),
        (Some(from), None) => phrase(
            language,
            "settings.told.window_from",
            &json!({ "from": date(from), "days": rules.horizon_days }),
        ),
        (None, Some(until)) => phrase(
            language,
            "settings.told.window_until",
            &json!({ "until": date(until), "days": rules.horizon_days }),
        ),
        (None, None) => phrase(language, "settings.told.no_window", &json!({ "days": rules.horizon_days })),
    };
    let most = |number: Option<i32>, key: &str| {
        number.map(|number| plural(language, key, u64::try_from(number).unwrap_or(0)))
    };
    let caps =
        [most(rules.max_per_day, "availability.per_day"), most(rules.max_per_week, "availability.per_week")];
    let caps: Vec<String> = caps.into_iter().flatten().collect();
    let holidays = if rules.public_holidays { "settings.told.holidays" } else { "settings.told.no_holidays" };
    let mut told = vec![phrase(language, "settings.told.length", &length), fieldwork];
    if !caps.is_empty() {
        told.push(phrase(language, "settings.told.caps", &json!({ "caps": caps.join(", ") })));
    }
    told.push(word(language, holidays));
    told
}

fn notices(language: Language, rules: &StudyRules) -> Vec<String> {
    let until = |minutes: i32| match minutes {
        0 => word(language, "settings.told.always"),
        _ => phrase(language, "settings.told.until", &json!({ "lead": dates::lead(language, minutes) })),
    };
    let notices = json!({
        "book": until(rules.min_notice_minutes),
        "move": until(rules.move_notice_minutes),
        "cancel": until(rules.cancel_notice_minutes),
    });
    let invited = match u64::try_from(rules.max_reminders).unwrap_or(0) {
        0 => word(language, "settings.told.no_reminders"),
        most => plural(language, "settings.told.reminders", most),
    };
    let leads: Vec<String> =
        rules.reminder_lead_minutes.iter().map(|lead| dates::lead(language, *lead)).collect();
    let reminded = if leads.is_empty() {
        word(language, "settings.told.no_leads")
    } else {
        phrase(language, "settings.told.leads", &json!({ "leads": leads.join(", ") }))
    };
    vec![phrase(language, "settings.told.notices", &notices), invited, reminded]
}

fn places(language: Language, rules: &StudyRules) -> Vec<String> {
    let modes = match rules.modes.as_slice() {
        [mode] => mode.as_str(),
        _ => "both",
    };
    let mut told = vec![word(language, &format!("settings.told.modes.{modes}"))];
    if rules.modes.contains(&Mode::Teams) {
        let key = format!("settings.told.link.{}", rules.teams_link_source);
        told.push(match (&rules.teams_link, rules.teams_link_source.as_str()) {
            (Some(_), "fixed") => word(language, "settings.told.link.study"),
            _ => word(language, &key),
        });
    }
    told
}

fn privacy(language: Language, study: &Study) -> Vec<String> {
    let texts = study.privacy_notice.texts();
    let empty: Vec<String> = texts
        .iter()
        .filter(|(_, text)| text.told(language).is_none())
        .map(|(name, _)| word(language, &format!("settings.told.text.{name}")))
        .collect();
    let notice = if empty.is_empty() {
        word(language, "settings.told.notice")
    } else if empty.len() == texts.len() {
        word(language, "settings.told.no_notice")
    } else {
        phrase(language, "settings.told.notice_lacks", &json!({ "texts": empty.join(", ") }))
    };
    let ethics = match &study.rules.ethics {
        Some(ethics) => phrase(language, "settings.told.ethics", &json!({ "ethics": ethics })),
        None => word(language, "settings.told.no_ethics"),
    };
    vec![notice, ethics]
}

fn sizes(language: Language, rules: &StudyRules, strata: &[String]) -> Vec<String> {
    let date = dates::date_alone(language, rules.population_on);
    let mut told = vec![phrase(language, "settings.told.population", &json!({ "date": date }))];
    if !strata.is_empty() {
        told.push(phrase(language, "settings.told.strata", &json!({ "strata": strata.join(", ") })));
    }
    told
}

impl Sample for Settings {
    fn samples(language: Language) -> Vec<Self> {
        let today = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap_or_default();
        let patch = StudyPatch {
            title: Some("Sociaal domein in gesprek".to_owned()),
            contact_email: Some("noor.verhoeven@example.org".to_owned()),
            max_per_day: Edit::Set(3),
            ..StudyPatch::default()
        };
        let strata = ["large", "medium", "small"].map(|key| word(language, &format!("sample.stratum_{key}")));
        let page = |desk, study: &Study| Self::of(language, desk, study, &strata);
        let here = || desk(Some(Section::Settings), "/settings");
        let mut closed = here();
        if let Some(study) = &mut closed.study {
            study.closed_at = Some("2 mrt 2027, 10.00".to_owned());
        }
        let Ok(usual) = Study::create(&patch, today) else { return Vec::new() };
        let purpose = Bilingual { nl: word(language, "sample.question_1"), en: String::new() };
        let other = Study {
            organisation: "Universiteit Twente".to_owned(),
            privacy_notice: PrivacyNotice { purpose, ..PrivacyNotice::default() },
            rules: StudyRules {
                modes: vec![Mode::InPerson],
                max_reminders: 0,
                reminder_lead_minutes: Vec::new(),
                move_notice_minutes: 120,
                window_from: Some(today),
                window_until: NaiveDate::from_ymd_opt(2027, 5, 28),
                public_holidays: true,
                ethics: Some("BMS 240123".to_owned()),
                ..usual.rules.clone()
            },
            ..usual.clone()
        };
        vec![
            page(here(), &usual),
            page(closed, &other),
            page(desk_of_archive(Section::Settings, "/settings"), &other),
        ]
    }
}
