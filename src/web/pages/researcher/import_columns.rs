//! Respondents from a file: the second step, in which a person says which column holds what.

use std::time::{Duration, Instant};

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::At;
use super::import::page_of;
use crate::actions::judge_import::{go_on_judging, judge_import};
use crate::actions::note_view::View;
use crate::domain::contact_list::{Field, Glance, Layout};
use crate::domain::import_draft::DraftState;
use crate::domain::language::Language;
use crate::id::{ImportId, StudyId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::imports;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::pages::researcher::{ImportColumn, ImportColumns, Section};
use crate::words::pages::shared::FieldMessage;
use crate::words::{field_message, phrase, word};

/// How long a request looks at rows before it leaves the rest to the worker and shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How many rows are shown as samples.
const SAMPLES: usize = 3;
/// How long a sample may be, in characters.
const SAMPLE_LENGTH: usize = 60;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, choose]
}

#[get("/studies/<study>/import/<id>/columns")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    id: Id<ImportId>,
) -> Outcome<Either<Html, Redirect>> {
    let (now, user, study, id) = (app.clock.now(), who.user, study.0, id.0);
    let progress = app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    if !matches!(progress.state, DraftState::Read | DraftState::Judged) || !progress.has_text {
        return Ok(Either::Right(Redirect::to(page_of(study, id))));
    }
    let page = page(app, &who, &at, (study, id), (progress.layout, Vec::new())).await?;
    Html::page(at.language, page).map(Either::Left)
}

#[post("/studies/<study>/import/<id>/columns", data = "<form>")]
async fn choose(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    id: Id<ImportId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study, id) = (app.clock.now(), form.who.user, study.0, id.0);
    let progress = app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    let layout = chosen(&form.given, &progress.layout);
    let wanted = layout.clone();
    match app.store.write(move |tx| judge_import(tx, now, user, id, &wanted)).await {
        Ok(()) => {
            let began = Instant::now();
            go_on_judging(&app.store, id, || began.elapsed() < PATIENCE).await?;
            Ok(Either::Left(Redirect::to(page_of(study, id))))
        }
        Err(problem) => {
            let Problem::Invalid(faults) = &problem else { return Err(problem) };
            let errors = faults.iter().map(|fault| told(at.language, fault)).collect();
            let at = at.on(format!("{}/columns", page_of(study, id)));
            let page = page(app, &form.who, &at, (study, id), (layout, errors)).await?;
            Html::again(at.language, &problem, page).map(Either::Right)
        }
    }
}

/// What was chosen for each column that the list has.
fn chosen(given: &Given, before: &Layout) -> Layout {
    let field = |place: usize| given.text(&format!("column.{place}")).parse::<Field>().ok();
    Layout {
        has_header: !given.text("header").is_empty(),
        fields: (0..before.fields.len()).map(field).collect(),
        ..before.clone()
    }
}

/// What is wrong with a choice: a field that no column holds leads to the first one, one that stands twice to itself.
fn told(language: Language, fault: &FieldProblem) -> FieldMessage {
    let (field, message) = match fault.code {
        FieldCode::Required => {
            let name = word(language, &format!("label.{}", fault.field));
            ("column.0", phrase(language, "import.nowhere", &serde_json::json!({ "name": name })))
        }
        FieldCode::Duplicate => (fault.field.as_str(), word(language, "import.chosen_twice")),
        _ => (fault.field.as_str(), field_message(language, fault)),
    };
    FieldMessage { field: field.to_owned(), label: None, message }
}

/// The columns of a list with samples of what stands in them.
pub(super) async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    (study, id): (StudyId, ImportId),
    (layout, errors): (Layout, Vec<FieldMessage>),
) -> Outcome<ImportColumns> {
    let (now, user) = (app.clock.now(), who.user);
    let (desk, _) = at.study(app, who, study, Section::Respondents).await?;
    let by = layout.clone();
    let glance =
        app.store.read(move |tx| imports::glance(tx, now, (user, study), id, (Some(&by), SAMPLES))).await?;
    app.note_view(user, View::Respondents(study)).await?;
    let columns = layout.fields.iter().enumerate().map(|(place, field)| column(&glance, place, *field));
    Ok(ImportColumns {
        desk,
        action: page_of(study, id),
        columns: columns.collect(),
        fields: Field::ALL.iter().map(|field| field.as_str().to_owned()).collect(),
        has_header: layout.has_header,
        total: u64::try_from(glance.total).unwrap_or(u64::MAX),
        errors,
    })
}

fn column(glance: &Glance, place: usize, field: Option<Field>) -> ImportColumn {
    let short = |cell: &String| {
        let mut text: String = cell.chars().take(SAMPLE_LENGTH).collect();
        if text.len() < cell.len() {
            text.push('…');
        }
        text
    };
    let samples = glance.rows.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.trim().is_empty());
    ImportColumn {
        place: place + 1,
        heading: glance.headings.get(place).map(short).unwrap_or_default(),
        field: field.map(|field| field.as_str().to_owned()).unwrap_or_default(),
        samples: samples.map(short).collect(),
    }
}
