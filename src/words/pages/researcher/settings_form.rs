//! The forms of a study: a new one, and each part of the settings of one.

use serde::Serialize;

use super::{Desk, Section, SettingsPart, Span, desk, desk_of_archive};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::PrivacyNotice;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::dates;
use crate::words::pages::Sample;
use crate::words::pages::shared::{FieldMessage, Seen};

/// A new study: what has to be known before anything else. All values are as they were typed. Posts to `/studies`.
#[derive(Debug, Clone, Serialize)]
pub struct NewStudy {
    /// What surrounds it.
    pub desk: Desk,
    /// The public name.
    pub title: String,
    /// The address for questions.
    pub contact_email: String,
    /// `nl` or `en`.
    pub language: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// One part of the settings of a study, which shows and posts its own fields only. All values are as they were typed.
/// Posts to `{base}/settings/<part>`.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsForm {
    /// What surrounds it.
    pub desk: Desk,
    /// Which part.
    pub part: SettingsPart,
    /// The public name.
    pub title: String,
    /// The organisation.
    pub organisation: String,
    /// The address for questions.
    pub contact_email: String,
    /// What is told about personal data; the fields are `privacy_notice.<text>.<language>`.
    pub privacy_notice: PrivacyNotice,
    /// An IANA name.
    pub time_zone: String,
    /// `nl` or `en`.
    pub language: String,
    /// The date of the numbers of inhabitants, `2026-01-01`.
    pub population_on: String,
    /// Minutes of an interview.
    pub interview_minutes: String,
    /// Minutes between possible starts.
    pub slot_step_minutes: String,
    /// Minutes of rest after an interview.
    pub buffer_minutes: String,
    /// How long before a start a respondent can no longer choose it. The fields of this and the next two are
    /// `<name>_minutes` for the number, whatever it counts, and `<name>_unit`.
    pub min_notice: Span,
    /// How long before the start a respondent can no longer move an interview.
    pub move_notice: Span,
    /// How long before the start a respondent can no longer cancel an interview.
    pub cancel_notice: Span,
    /// Days ahead that can be booked.
    pub horizon_days: String,
    /// First day of fieldwork, or empty.
    pub window_from: String,
    /// Last day of fieldwork, or empty.
    pub window_until: String,
    /// The most interviews per day, or empty.
    pub max_per_day: String,
    /// The most interviews per week, or empty.
    pub max_per_week: String,
    /// Whether public holidays are kept.
    pub public_holidays: bool,
    /// The most reminders for one respondent.
    pub max_reminders: String,
    /// The fewest days between two letters that approach.
    pub min_reminder_days: String,
    /// How long before an interview both sides can be reminded, the longest first.
    pub leads: Vec<LeadChoice>,
    /// From when no reminder goes, `21:00`, or empty.
    pub quiet_from: String,
    /// Until when no reminder goes, or empty.
    pub quiet_until: String,
    /// The modes that are ticked.
    pub modes: Vec<Mode>,
    /// The fixed Teams link, or empty.
    pub teams_link: String,
    /// Where links come from: `fixed`, `pasted` or `graph`.
    pub teams_link_source: String,
    /// Whether this installation may ask Microsoft for meetings.
    pub graph_is_set_up: bool,
    /// The ethics approval.
    pub ethics: String,
    /// What the form was opened with.
    pub seen: Seen,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// A lead of a reminder that can be ticked.
#[derive(Debug, Clone, Serialize)]
pub struct LeadChoice {
    /// In minutes.
    pub minutes: i32,
    /// In words: `1 dag ervoor`.
    pub label: String,
    /// Whether it is ticked.
    pub ticked: bool,
}

impl LeadChoice {
    /// What people choose from: 7, 3, 2 and 1 days, 4, 2 and 1 hours, half an hour.
    const USUAL: [i32; 8] = [10_080, 4_320, 2_880, 1_440, 240, 120, 60, 30];

    /// The usual leads, and whatever others are ticked.
    #[must_use]
    pub fn all(language: Language, ticked: &[i32]) -> Vec<Self> {
        let others = ticked.iter().copied().filter(|lead| !Self::USUAL.contains(lead));
        let mut leads: Vec<i32> = Self::USUAL.into_iter().chain(others).collect();
        leads.sort_unstable_by(|a, b| b.cmp(a));
        leads.dedup();
        let choice = |minutes| Self {
            minutes,
            label: dates::lead(language, minutes),
            ticked: ticked.contains(&minutes),
        };
        leads.into_iter().map(choice).collect()
    }
}

impl Sample for NewStudy {
    fn samples(language: Language) -> Vec<Self> {
        let blank = Self {
            desk: desk(None, ""),
            title: String::new(),
            contact_email: "noor.verhoeven@example.org".to_owned(),
            language: "nl".to_owned(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("title", FieldCode::Required),
            FieldProblem::new("contact_email", FieldCode::EmailInvalid),
        ];
        let refused = Self {
            contact_email: "noor".to_owned(),
            errors: FieldMessage::all(language, &problems),
            ..blank.clone()
        };
        vec![blank, refused]
    }
}

impl Sample for SettingsForm {
    fn samples(language: Language) -> Vec<Self> {
        let form = |part: SettingsPart| Self {
            desk: desk(Some(Section::Settings), &format!("/settings/{}", part.as_str())),
            part,
            title: "Sociaal domein in gesprek".to_owned(),
            organisation: String::new(),
            contact_email: "noor.verhoeven@example.org".to_owned(),
            privacy_notice: PrivacyNotice::default(),
            time_zone: "Europe/Amsterdam".to_owned(),
            language: "nl".to_owned(),
            population_on: "2026-01-01".to_owned(),
            interview_minutes: "60".to_owned(),
            slot_step_minutes: "15".to_owned(),
            buffer_minutes: "15".to_owned(),
            min_notice: Span::of(1_440),
            move_notice: Span::of(0),
            cancel_notice: Span::of(90),
            horizon_days: "60".to_owned(),
            window_from: String::new(),
            window_until: String::new(),
            max_per_day: String::new(),
            max_per_week: String::new(),
            public_holidays: true,
            max_reminders: "2".to_owned(),
            min_reminder_days: "3".to_owned(),
            leads: LeadChoice::all(language, &[10_080, 1_440, 90]),
            quiet_from: "21:00".to_owned(),
            quiet_until: "08:00".to_owned(),
            modes: Vec::new(),
            teams_link: String::new(),
            teams_link_source: "fixed".to_owned(),
            graph_is_set_up: false,
            ethics: String::new(),
            seen: Seen::default(),
            errors: Vec::new(),
        };
        let refused = |part, field: &str, code| Self {
            errors: FieldMessage::all(language, &[FieldProblem::new(field, code)]),
            ..form(part)
        };
        let mut all = SettingsPart::ALL.map(form).to_vec();
        all.extend([
            refused(SettingsPart::About, "title", FieldCode::Required),
            refused(SettingsPart::Notices, "reminder_lead_minutes", FieldCode::Value),
            refused(SettingsPart::Notices, "quiet_until", FieldCode::Required),
            refused(SettingsPart::Places, "modes", FieldCode::Required),
            Self {
                seen: Seen { now: Some(SettingsPart::sample_of_change(language)), ..Seen::default() },
                ..form(SettingsPart::Times)
            },
            Self {
                desk: desk_of_archive(Section::Settings, "/settings/places"),
                ..form(SettingsPart::Places)
            },
        ]);
        all
    }
}
