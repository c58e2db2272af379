//! A new study, the settings of one, and opening one again that was closed.

use chrono_tz::Europe::Amsterdam;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Value, json};

use super::desk::{At, base, demand, demand_sight, done, wrong};
use crate::actions::change_study::change_study;
use crate::actions::close_study::reopen_study;
use crate::actions::create_study::create_study;
use crate::domain::access::Right;
use crate::domain::availability::WallTime;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::study::{PrivacyNotice, StudyRules};
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::api::study_body::{changes, new_study};
use crate::web::guards::{Id, Researcher};
use crate::web::input::Fields;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::pages::researcher::{Desk, LeadChoice, Section, Span, SpanUnit, StudyForm};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The boxes of the leads of reminders.
const LEADS: &str = "reminder_lead_minutes";

/// The lengths of time that are typed in a unit of one's own choice.
const SPANS: [&str; 3] = ["min_notice", "move_notice", "cancel_notice"];

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![begin, create, settings, change, reopen]
}

#[get("/studies/new")]
fn begin(app: &State<App>, who: Researcher, at: At) -> Outcome<Html> {
    let today = app.clock.now().utc().with_timezone(&Amsterdam).date_naive();
    let rules = StudyRules { language: at.language, public_holidays: true, ..StudyRules::usual(today) };
    let form =
        StudyForm { contact_email: who.email.clone(), ..fresh(app, at.language, at.desk(&who), &rules) };
    Html::page(at.language, form)
}

#[post("/studies", data = "<form>")]
async fn create(app: &State<App>, at: At, form: SignedForm) -> Outcome<Either<Redirect, Html>> {
    let (now, user) = (app.clock.now(), form.who.user);
    let outcome = async {
        let study = new_study(spread(&form.given, Given::fields), now)?;
        app.store
            .write_once(form.once(now), move |tx| {
                Ok(create_study(tx, now, user, &study)?.map(|id| Made::new(201, id)))
            })
            .await
    };
    match outcome.await {
        Ok(made) => Ok(Either::Left(done(&base(made.resource), Deed::StudyCreated))),
        Err(problem) => {
            let Some(errors) = wrong(at.language, &problem) else { return Err(problem) };
            let at = at.on("/studies/new".to_owned());
            let shown =
                again(app, at.language, at.desk(&form.who), "/studies".to_owned(), &form.given, errors);
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
    }
}

#[get("/studies/<study>/settings")]
async fn settings(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let filled = StudyForm {
        action: address(study.0),
        title: item.study.title.clone(),
        organisation: item.study.organisation.clone(),
        contact_email: item.study.contact_email.as_str().to_owned(),
        privacy_notice: item.study.privacy_notice.clone(),
        ..fresh(app, at.language, desk, &item.study.rules)
    };
    Html::page(at.language, filled)
}

#[post("/studies/<study>/settings", data = "<form>")]
async fn change(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(address(study));
    let (desk, item) = at.study(app, &form.who, study, Section::Settings).await?;
    demand(&item, Right::ChangeStudy)?;
    let outcome = async {
        let patch = changes(spread(&form.given, Given::edits), &item.study)?;
        app.store.write(move |tx| change_study(tx, now, user, study, &patch, |_| Ok(()))).await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(done(&address(study), Deed::Saved))) };
    let Some(errors) = wrong(at.language, &problem) else { return Err(problem) };
    let shown = again(app, at.language, desk, address(study), &form.given, errors);
    Html::again(at.language, &problem, shown).map(Either::Right)
}

#[post("/studies/<study>/reopen", data = "<form>")]
async fn reopen(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    app.store.write(move |tx| reopen_study(tx, now, user, study)).await?;
    Ok(done(&address(study), Deed::Reopened))
}

fn address(study: StudyId) -> String {
    format!("{}/settings", base(study))
}

/// The modes and the leads of reminders are lists, which a form spreads over its boxes, and the notice a tree, which it
/// spreads over its lines. A length of time is a number and what it counts.
fn spread(given: &Given, fields: impl FnOnce(&Given) -> Fields) -> Fields {
    let is_unit = |name: &str| SPANS.iter().any(|span| name == format!("{span}_unit"));
    let flat = given.without(|name| name.starts_with("privacy_notice.") || is_unit(name));
    let sent = SPANS.iter().filter(|name| !given.text(&format!("{name}_minutes")).is_empty());
    sent.fold(fields(&flat), |fields, name| {
        fields.with(&format!("{name}_minutes"), span(given, name).in_minutes().into())
    })
    .with("modes", given.all("modes").iter().cloned().map(Value::String).collect())
    .with(LEADS, leads(given).into())
    .with("privacy_notice", json!(privacy_notice(given)))
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

/// A form with the rules of a study and nothing else in it.
fn fresh(app: &App, language: Language, desk: Desk, rules: &StudyRules) -> StudyForm {
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let time = |time: Option<WallTime>| time.map(|time| time.to_string()).unwrap_or_default();
    StudyForm {
        desk,
        action: "/studies".to_owned(),
        title: String::new(),
        organisation: String::new(),
        contact_email: String::new(),
        privacy_notice: PrivacyNotice::default(),
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
        max_per_day: rules.max_per_day.map(|most| most.to_string()).unwrap_or_default(),
        max_per_week: rules.max_per_week.map(|most| most.to_string()).unwrap_or_default(),
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
        errors: Vec::new(),
    }
}

/// The form as it was typed.
fn again(
    app: &App,
    language: Language,
    desk: Desk,
    action: String,
    given: &Given,
    errors: Vec<FieldMessage>,
) -> StudyForm {
    let typed = |name: &str| given.text(name);
    StudyForm {
        desk,
        action,
        title: typed("title"),
        organisation: typed("organisation"),
        contact_email: typed("contact_email"),
        privacy_notice: privacy_notice(given),
        time_zone: typed("time_zone"),
        language: typed("language"),
        population_on: typed("population_on"),
        interview_minutes: typed("interview_minutes"),
        slot_step_minutes: typed("slot_step_minutes"),
        buffer_minutes: typed("buffer_minutes"),
        min_notice: span(given, "min_notice"),
        move_notice: span(given, "move_notice"),
        cancel_notice: span(given, "cancel_notice"),
        horizon_days: typed("horizon_days"),
        window_from: typed("window_from"),
        window_until: typed("window_until"),
        max_per_day: typed("max_per_day"),
        max_per_week: typed("max_per_week"),
        public_holidays: typed("public_holidays") == "true",
        max_reminders: typed("max_reminders"),
        min_reminder_days: typed("min_reminder_days"),
        leads: LeadChoice::all(language, &leads(given)),
        quiet_from: typed("quiet_from"),
        quiet_until: typed("quiet_until"),
        modes: given.all("modes").iter().filter_map(|mode| mode.parse::<Mode>().ok()).collect(),
        teams_link: typed("teams_link"),
        teams_link_source: typed("teams_link_source"),
        graph_is_set_up: app.settings.teams.missing().is_empty(),
        ethics: typed("ethics"),
        errors,
    }
}
