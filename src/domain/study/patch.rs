//! What somebody wrote about a study, as they wrote it. Its rules are those of the study itself.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::PrivacyNotice;
use crate::domain::availability::WallTime;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::meeting::LinkSource;
use crate::domain::text::EmailAddress;

/// What is wanted of a new study or to be changed in one, not checked yet; what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyPatch {
    /// The public name, as respondents read it.
    #[schema(nullable = false, max_length = 200)]
    pub title: Option<String>,
    /// Who does the research; may be empty.
    #[schema(max_length = 200)]
    pub organisation: Option<String>,
    /// Where respondents can ask: the Reply-To of all letters.
    #[schema(value_type = Option<EmailAddress>, nullable = false)]
    pub contact_email: Option<String>,
    /// All of the notice: a text that it lacks is emptied.
    #[schema(nullable = false)]
    pub privacy_notice: Option<PrivacyNotice>,
    /// The zone of all wall times and dates, from the IANA database.
    #[schema(nullable = false, examples("Europe/Amsterdam"))]
    pub time_zone: Option<String>,
    /// The language of a respondent for whom none is known.
    #[schema(value_type = Option<Language>, nullable = false)]
    pub language: Option<String>,
    /// The date whose number of inhabitants decides the size class of a municipality.
    #[schema(value_type = Option<NaiveDate>, nullable = false)]
    pub population_on: Option<String>,
    /// The length of an interview in minutes.
    #[schema(nullable = false, minimum = 5, maximum = 480)]
    pub interview_minutes: Option<i64>,
    /// The distance between two possible starts in minutes.
    #[schema(nullable = false, minimum = 5, maximum = 240)]
    pub slot_step_minutes: Option<i64>,
    /// What the interviewer keeps free after an interview, in minutes.
    #[schema(nullable = false, minimum = 0, maximum = 240)]
    pub buffer_minutes: Option<i64>,
    /// How long before its start a respondent has to book, in minutes.
    #[schema(nullable = false, minimum = 0, maximum = 43_200)]
    pub min_notice_minutes: Option<i64>,
    /// Until how long before its start a respondent may move an interview, in minutes; 0 for at any time.
    #[schema(nullable = false, minimum = 0, maximum = 43_200)]
    pub move_notice_minutes: Option<i64>,
    /// Until how long before its start a respondent may cancel an interview, in minutes; 0 for at any time.
    #[schema(nullable = false, minimum = 0, maximum = 43_200)]
    pub cancel_notice_minutes: Option<i64>,
    /// How many days ahead interviews are offered.
    #[schema(nullable = false, minimum = 1, maximum = 730)]
    pub horizon_days: Option<i64>,
    /// The first date of the fieldwork.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub window_from: Edit<String>,
    /// The last date of the fieldwork.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub window_until: Edit<String>,
    /// The ways in which an interview can be held.
    #[schema(value_type = Option<Vec<Mode>>, nullable = false, min_items = 1)]
    pub modes: Option<Vec<String>>,
    /// The https address of the fixed Teams meeting of the study, where there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    pub teams_link: Edit<String>,
    /// Where the link to an online interview comes from.
    #[schema(value_type = Option<LinkSource>, nullable = false)]
    pub teams_link_source: Option<String>,
    /// What respondents are told about the ethical review.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20_000)]
    pub ethics: Edit<String>,
    /// How many interviews an interviewer has on one day at most.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 50)]
    pub max_per_day: Edit<i64>,
    /// How many interviews an interviewer has from one Monday to the next at most.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 200)]
    pub max_per_week: Edit<i64>,
    /// Whether weekly hours are closed on Dutch public holidays.
    #[schema(nullable = false)]
    pub public_holidays: Option<bool>,
    /// How many reminders a respondent gets at most after the invitation.
    #[schema(nullable = false, minimum = 0, maximum = 10)]
    pub max_reminders: Option<i64>,
    /// How many days lie at least between two letters that approach the same respondent.
    #[schema(nullable = false, minimum = 1, maximum = 60)]
    pub min_reminder_days: Option<i64>,
    /// How long before an interview both sides are reminded of it, in minutes, each once; an empty list for no
    /// reminders.
    #[schema(nullable = false, max_items = 5, examples(json!([10_080, 1_440, 120])))]
    pub reminder_lead_minutes: Option<Vec<i64>>,
    /// From when in the day no reminder of an interview goes: what falls into these hours goes when they begin or, for
    /// an interview that was booked since, when they end. Null, in both fields, for none.
    #[serde(default)]
    #[schema(value_type = Option<WallTime>)]
    pub quiet_from: Edit<String>,
    /// Until when no reminder goes.
    #[serde(default)]
    #[schema(value_type = Option<WallTime>)]
    pub quiet_until: Edit<String>,
}

/// What is to become of a field that a study may do without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Edit<T> {
    /// It was left out and stays as it is.
    #[default]
    Keep,
    /// It was given as null.
    Clear,
    /// It was given.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Edit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
