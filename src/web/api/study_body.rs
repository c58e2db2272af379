//! A study as callers send it: a new one, or what is to change.

use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::study::{Edit, PrivacyNotice, Study, StudyPatch};
use crate::domain::text::EmailAddress;
use crate::problem::{FieldCode, FieldProblem, Outcome};
use crate::web::input::{self, Fault, Fields};

/// A new study. Only its title and its address are needed; the rest has sound defaults.
#[derive(ToSchema)]
#[schema(examples(json!({
    "title": "Sociaal domein in gesprek",
    "contact_email": "onderzoek@example.org",
    "population_on": "2022-01-01",
    "interview_minutes": 45,
    "modes": ["teams", "in_person"],
})))]
#[expect(dead_code, reason = "it only describes the body")]
pub(super) struct NewStudy {
    #[serde(flatten)]
    patch: StudyPatch,
    /// The public name, as respondents read it.
    #[schema(max_length = 200)]
    title: String,
    /// Where respondents can ask: the Reply-To of all letters.
    contact_email: EmailAddress,
}

/// Reads a new study.
pub(in crate::web) fn new_study(mut fields: Fields, now: Instant) -> Outcome<Study> {
    let patch = read(&mut fields, Reading::New);
    let today = now.utc().with_timezone(&chrono_tz::Europe::Amsterdam).date_naive();
    let study = Study::create(&patch, today).map_err(|problems| fields.note_all(problems)).ok();
    fields.finish(|| study)
}

/// Reads what is to change in a study.
pub(in crate::web) fn changes(mut fields: Fields, before: &Study) -> Outcome<StudyPatch> {
    let patch = read(&mut fields, Reading::Change);
    if let Err(problems) = before.change(&patch) {
        fields.note_all(problems);
    }
    fields.finish(|| Some(patch))
}

/// What a field that is null or left out means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// In a new study: the default.
    New,
    /// In a change: left out stays; null empties what may be empty and is refused elsewhere.
    Change,
}

fn read(f: &mut Fields, reading: Reading) -> StudyPatch {
    StudyPatch {
        title: needed(f, reading, "title", input::text),
        organisation: emptied(f, reading, "organisation"),
        contact_email: needed(f, reading, "contact_email", input::text),
        privacy_notice: privacy_notice(f),
        time_zone: needed(f, reading, "time_zone", input::text),
        language: needed(f, reading, "language", input::text),
        population_on: needed(f, reading, "population_on", input::text),
        interview_minutes: needed(f, reading, "interview_minutes", whole),
        slot_step_minutes: needed(f, reading, "slot_step_minutes", whole),
        buffer_minutes: needed(f, reading, "buffer_minutes", whole),
        min_notice_minutes: needed(f, reading, "min_notice_minutes", whole),
        move_notice_minutes: needed(f, reading, "move_notice_minutes", whole),
        cancel_notice_minutes: needed(f, reading, "cancel_notice_minutes", whole),
        horizon_days: needed(f, reading, "horizon_days", whole),
        window_from: edit(f, "window_from", input::text),
        window_until: edit(f, "window_until", input::text),
        modes: needed(f, reading, "modes", words),
        teams_link: edit(f, "teams_link", input::text),
        teams_link_source: needed(f, reading, "teams_link_source", input::text),
        ethics: edit(f, "ethics", input::text),
        max_per_day: edit(f, "max_per_day", whole),
        max_per_week: edit(f, "max_per_week", whole),
        public_holidays: needed(f, reading, "public_holidays", input::boolean),
        max_reminders: needed(f, reading, "max_reminders", whole),
        min_reminder_days: needed(f, reading, "min_reminder_days", whole),
        reminder_lead_minutes: needed(f, reading, "reminder_lead_minutes", numbers),
        quiet_from: edit(f, "quiet_from", input::text),
        quiet_until: edit(f, "quiet_until", input::text),
    }
}

/// The notice is given as a whole: null empties it, and so does each text that it lacks.
fn privacy_notice(fields: &mut Fields) -> Option<PrivacyNotice> {
    let notice = fields.change_object("privacy_notice", |given| {
        Some(PrivacyNotice {
            purpose: given.optional_bilingual("purpose"),
            address_source: given.optional_bilingual("address_source"),
            legal_basis: given.optional_bilingual("legal_basis"),
            retention: given.optional_bilingual("retention"),
        })
    });
    notice.map(Option::unwrap_or_default)
}

fn needed<T>(
    fields: &mut Fields,
    reading: Reading,
    name: &str,
    read: impl Fn(&Value) -> Result<T, Fault>,
) -> Option<T> {
    match reading {
        Reading::New => fields.optional(name, read),
        Reading::Change => fields.change(name, read),
    }
}

/// A text that may be empty, for which null says the same.
fn emptied(fields: &mut Fields, reading: Reading, name: &str) -> Option<String> {
    match reading {
        Reading::New => fields.optional(name, input::text),
        Reading::Change => fields.change_or_clear(name, input::text).map(Option::unwrap_or_default),
    }
}

fn edit<T>(fields: &mut Fields, name: &str, read: impl Fn(&Value) -> Result<T, Fault>) -> Edit<T> {
    match fields.change_or_clear(name, read) {
        None => Edit::Keep,
        Some(None) => Edit::Clear,
        Some(Some(value)) => Edit::Set(value),
    }
}

fn whole(value: &Value) -> Result<i64, Fault> {
    input::integer(i64::MIN, i64::MAX)(value)
}

fn words(value: &Value) -> Result<Vec<String>, Fault> {
    let fault = || FieldProblem::new("", FieldCode::Type).with("expected", "array");
    value.as_array().ok_or_else(fault)?.iter().map(|word| input::text(word).map_err(|_| fault())).collect()
}

fn numbers(value: &Value) -> Result<Vec<i64>, Fault> {
    let fault = || FieldProblem::new("", FieldCode::Type).with("expected", "array");
    value.as_array().ok_or_else(fault)?.iter().map(|number| whole(number).map_err(|_| fault())).collect()
}
