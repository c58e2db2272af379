//! What is set for a study: a page that tells it, and a short form for each part.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Value, json};

use super::desk::{At, at_fields, base, demand, demand_sight, done};
use crate::actions::change_study::change_study;
use crate::domain::access::Right;
use crate::domain::availability::WallTime;
use crate::domain::language::Language;
use crate::domain::study::{PrivacyNotice, Study};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::strata;
use crate::store::studies::StudyRow;
use crate::web::App;
use crate::web::api::study_body::changes;
use crate::web::guards::{Id, Researcher, content_etag};
use crate::web::input::Fields;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SEEN_FIELD, SignedForm};
use crate::words::pages::researcher::{
    Desk, LeadChoice, Section, Settings, SettingsForm, SettingsPart, Span, SpanUnit,
};
use crate::words::pages::shared::{Deed, Seen};

/// The boxes of the leads of reminders.
const LEADS: &str = "reminder_lead_minutes";

/// The lengths of time that are typed in a unit of one's own choice.
const SPANS: [&str; 3] = ["min_notice", "move_notice", "cancel_notice"];

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, open, change]
}

/// The address of the settings of a study.
pub(super) fn address(study: StudyId) -> String {
    format!("{}/settings", base(study))
}

#[get("/studies/<study>/settings")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let strata = app.store.read(move |tx| strata::labels(tx, user, study)).await?;
    let labels: Vec<String> = strata.into_iter().map(|(_, label)| label).collect();
    Html::page(at.language, Settings::of(at.language, desk, &item.study, &labels))
}

#[get("/studies/<study>/settings/<part>")]
async fn open(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    part: Id<SettingsPart>,
) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let seen = Seen { tag: content_etag(&part.0.held(&item.study)?)?, now: None };
    Html::page(at.language, SettingsForm { seen, ..kept(app, at.language, desk, part.0, &item.study) })
}

#[post("/studies/<study>/settings/<part>", data = "<form>")]
async fn change(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    part: Id<SettingsPart>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study, part) = (app.clock.now(), form.who.user, study.0, part.0);
    let at = at.on(format!("{}/{}", address(study), part.as_str()));
    let (desk, item) = at.study(app, &form.who, study, Section::Settings).await?;
    demand(&item, Right::ChangeStudy)?;
    let condition = form.if_as_seen();
    let fits = move |found: &StudyRow| condition.check_content(&part.held(&found.study)?);
    let outcome = async {
        let patch = changes(edits(part, &form.given), &item.study)?;
        app.store.write(move |tx| change_study(tx, now, user, study, &patch, &fits)).await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(done(&address(study), Deed::Saved))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let seen = match &problem {
        Problem::PreconditionFailed => {
            let (_, item) = at.study(app, &form.who, study, Section::Settings).await?;
            overtaken(at.language, part, &form.given, &item.study)?
        }
        _ => form.seen(),
    };
    let shown = typed(at.language, &form.given, kept(app, at.language, desk, part, &item.study));
    Html::again(at.language, &problem, SettingsForm { seen, errors, ..shown }).map(Either::Right)
}

/// What holds now of a part that was changed since its form was opened, where that is not what was typed.
fn overtaken(language: Language, part: SettingsPart, given: &Given, now: &Study) -> Outcome<Seen> {
    let patch = changes(edits(part, given), now)?;
    let wished = now.change(&patch).map_err(Problem::Invalid)?;
    let (held, wished) = (part.held(now)?, part.held(&wished)?);
    Ok(Seen { tag: content_etag(&held)?, now: Some(part.differing(language, &held, &wished)) })
}

/// The body that the API takes. The modes and the leads of reminders are lists, which a form spreads over its boxes and
/// which are empty where none is ticked; the notice is a tree, which it spreads over its lines. A length of time is a
/// number and what it counts.
fn edits(part: SettingsPart, given: &Given) -> Fields {
    let is_unit = |name: &str| SPANS.iter().any(|span| name == format!("{span}_unit"));
    let fields = given
        .without(|name| name.starts_with("privacy_notice.") || is_unit(name) || name == SEEN_FIELD)
        .edits();
    match part {
        SettingsPart::Notices => {
            let sent = SPANS.iter().filter(|name| !given.text(&format!("{name}_minutes")).is_empty());
            let spans = sent.fold(fields, |fields, name| {
                fields.with(&format!("{name}_minutes"), span(given, name).in_minutes().into())
            });
            spans.with(LEADS, leads(given).into())
        }
        SettingsPart::Places => {
            fields.with("modes", given.all("modes").iter().cloned().map(Value::String).collect())
        }
        SettingsPart::Privacy => fields.with("privacy_notice", json!(privacy_notice(given))),
        SettingsPart::About | SettingsPart::Times | SettingsPart::Sizes => fields,
    }
}

/// A length of time as it was typed; a number alone counts minutes.
fn span(given: &Given, name: &str) -> Span {
    let unit = given.text(&format!("{name}_unit")).parse().unwrap_or(SpanUnit::Minutes);
    Span { amount: given.text(&format!("{name}_minutes")), unit }
}

/// The leads that are ticked, in minutes.
fn leads(given: &Given) -> Vec<i32> {
    given.all(LEADS).iter().filter_map(|minutes| minutes.parse().ok()).collect()
}

fn privacy_notice(given: &Given) -> PrivacyNotice {
    PrivacyNotice {
        purpose: given.bilingual("privacy_notice.purpose"),
        address_source: given.bilingual("privacy_notice.address_source"),
        legal_basis: given.bilingual("privacy_notice.legal_basis"),
        retention: given.bilingual("privacy_notice.retention"),
    }
}

/// The form of a part as it is kept.
fn kept(app: &App, language: Language, desk: Desk, part: SettingsPart, study: &Study) -> SettingsForm {
    let rules = &study.rules;
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let time = |time: Option<WallTime>| time.map(|time| time.to_string()).unwrap_or_default();
    let most = |most: Option<i32>| most.map(|most| most.to_string()).unwrap_or_default();
    SettingsForm {
        desk,
        part,
        title: study.title.clone(),
        organisation: study.organisation.clone(),
        contact_email: study.contact_email.as_str().to_owned(),
        privacy_notice: study.privacy_notice.clone(),
        time_zone: rules.time_zone.name().to_owned(),
        language: rules.language.to_string(),
        population_on: rules.population_on.to_string(),
        interview_minutes: rules.interview_minutes.to_string(),
        slot_step_minutes: rules.slot_step_minutes.to_string(),
        buffer_minutes: rules.buffer_minutes.to_string(),
        min_notice: Span::of(rules.min_notice_minutes),
        move_notice: Span::of(rules.move_notice_minutes),
        cancel_notice: Span::of(rules.cancel_notice_minutes),
        horizon_days: rules.horizon_days.to_string(),
        window_from: date(rules.window_from),
        window_until: date(rules.window_until),
        max_per_day: most(rules.max_per_day),
        max_per_week: most(rules.max_per_week),
        public_holidays: rules.public_holidays,
        max_reminders: rules.max_reminders.to_string(),
        min_reminder_days: rules.min_reminder_days.to_string(),
        leads: LeadChoice::all(language, &rules.reminder_lead_minutes),
        quiet_from: time(rules.quiet_from),
        quiet_until: time(rules.quiet_until),
        modes: rules.modes.clone(),
        teams_link: rules.teams_link.clone().unwrap_or_default(),
        teams_link_source: rules.teams_link_source.to_string(),
        graph_is_set_up: app.settings.teams.missing().is_empty(),
        ethics: rules.ethics.clone().unwrap_or_default(),
        seen: Seen::default(),
        errors: Vec::new(),
    }
}

/// The form as it was typed; a part shows none of the fields of others.
fn typed(language: Language, given: &Given, kept: SettingsForm) -> SettingsForm {
    let text = |name: &str| given.text(name);
    SettingsForm {
        title: text("title"),
        organisation: text("organisation"),
        contact_email: text("contact_email"),
        privacy_notice: privacy_notice(given),
        time_zone: text("time_zone"),
        language: text("language"),
        population_on: text("population_on"),
        interview_minutes: text("interview_minutes"),
        slot_step_minutes: text("slot_step_minutes"),
        buffer_minutes: text("buffer_minutes"),
        min_notice: span(given, "min_notice"),
        move_notice: span(given, "move_notice"),
        cancel_notice: span(given, "cancel_notice"),
        horizon_days: text("horizon_days"),
        window_from: text("window_from"),
        window_until: text("window_until"),
        max_per_day: text("max_per_day"),
        max_per_week: text("max_per_week"),
        public_holidays: text("public_holidays") == "true",
        max_reminders: text("max_reminders"),
        min_reminder_days: text("min_reminder_days"),
        leads: LeadChoice::all(language, &leads(given)),
        quiet_from: text("quiet_from"),
        quiet_until: text("quiet_until"),
        modes: given.all("modes").iter().filter_map(|mode| mode.parse().ok()).collect(),
        teams_link: text("teams_link"),
        teams_link_source: text("teams_link_source"),
        ethics: text("ethics"),
        ..kept
    }
}
