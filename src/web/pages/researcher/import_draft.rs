//! Respondents from a file: the last steps, in which a person sees what becomes of each row, confirms it, and sees how
//! far it has come.

use std::time::{Duration, Instant};

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::batches::page_of_batch;
use super::desk::At;
use super::import::{entrance_of, page_of};
use super::respondents::list_of;
use super::{desk, import_columns};
use crate::actions::confirm_import::confirm_import;
use crate::actions::continue_import::continue_import;
use crate::actions::drop_import::drop_import;
use crate::actions::note_view::View;
use crate::actions::prepare_batch::Plan;
use crate::domain::batch::Act;
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::language::Language;
use crate::domain::municipality::{Called, Places};
use crate::domain::wave::{Fitting, Selection};
use crate::id::{ImportId, StudyId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::imports;
use crate::store::import_rows::Row;
use crate::web::App;
use crate::web::batches;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::pages::researcher::{ImportFault, ImportPreview, ImportRow, Section};
use crate::words::pages::shared::Deed;
use crate::words::{field_message, phrase, word};

/// How long a request adds people before it leaves the rest to the worker and shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, confirm, throw_away, undo]
}

#[get("/studies/<study>/import/<id>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    id: Id<ImportId>,
    query: Query,
) -> Outcome<Html> {
    let (now, user, study, id) = (app.clock.now(), who.user, study.0, id.0);
    let progress = app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    if progress.state == DraftState::Read {
        let at = at.on(format!("{}/columns", page_of(study, id)));
        let page = import_columns::page(app, &who, &at, (study, id), (progress.layout, Vec::new())).await?;
        return Html::page(at.language, page);
    }
    let mut fields = query.fields(&["show", "cursor", "limit"]);
    let verdict = fields.optional("show", input::word::<Verdict>("fresh, known, refused, erased"));
    let part: Listing<i32> = listing(&mut fields);
    let (verdict, part) = fields.finish(|| Some((verdict, part)))?;
    let is_under_way = matches!(progress.state, DraftState::Judging | DraftState::Importing);
    // Whoever watches the count asks again and again, and needs to see nobody for it.
    let limit = if is_under_way { 0 } else { part.limit };
    let shown = (verdict, part.after.unwrap_or_default(), limit);
    let (progress, page, places) =
        app.store.read(move |tx| imports::rows(tx, now, (user, study), id, shown)).await?;
    let (desk, _) = at.study(app, &who, study, Section::Respondents).await?;
    if !is_under_way {
        app.note_view(user, View::Respondents(study)).await?;
    }
    let show = verdict.map(|verdict| verdict.as_str().to_owned()).unwrap_or_default();
    let Ways { first, next } = part.ways(&page_of(study, id), &[("show", &show)], page.next.as_deref());
    let rows = page.items.into_iter().map(|row| told(at.language, row, &places)).collect();
    Html::page(
        at.language,
        ImportPreview {
            desk,
            base: page_of(study, id),
            another: entrance_of(study),
            state: progress.state.as_str().to_owned(),
            total: progress.total,
            has_text: progress.has_text,
            fresh: progress.count(Verdict::Fresh),
            added: progress.count(Verdict::Added),
            known: progress.count(Verdict::Known),
            refused: progress.count(Verdict::Refused),
            erased: progress.count(Verdict::Erased),
            show,
            rows,
            first,
            next,
        },
    )
}

/// A row with what becomes of it in words.
fn told(language: Language, row: Row, places: &Places) -> ImportRow {
    let written = row.written.unwrap_or_default();
    let name = written.code.map(|code| places.name(code)).unwrap_or_default();
    let note = match written.called {
        Some(Called::Other) => "import.called_other",
        Some(Called::Former) => "import.called_former",
        Some(Called::Own) | None => "",
    };
    let parameters = serde_json::json!({ "written": written.municipality, "name": name });
    ImportRow {
        row: u64::from(row.place.unsigned_abs()),
        verdict: row.verdict.as_str().to_owned(),
        name: written.name,
        email: written.email,
        municipality: if name.is_empty() { written.municipality } else { name },
        note: (!note.is_empty()).then(|| phrase(language, note, &parameters)),
        faults: row.reasons.iter().map(|problem| fault(language, problem)).collect(),
    }
}

fn fault(language: Language, problem: &FieldProblem) -> ImportFault {
    let parameters = serde_json::Value::Object(problem.parameters.clone());
    let message = match problem.code {
        FieldCode::EmailDuplicate if problem.parameters.contains_key("respondent") => {
            phrase(language, "import.already_there", &parameters)
        }
        FieldCode::EmailDuplicate if problem.parameters.contains_key("row") => {
            phrase(language, "import.twice", &parameters)
        }
        _ => field_message(language, problem),
    };
    ImportFault { field: word(language, &format!("label.{}", problem.field)), message }
}

#[post("/studies/<study>/import/<id>/confirm", data = "<form>")]
async fn confirm(
    app: &State<App>,
    study: Id<StudyId>,
    id: Id<ImportId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Redirect>> {
    let (now, user, study, id) = (app.clock.now(), form.who.user, study.0, id.0);
    app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    app.store.write(move |tx| confirm_import(tx, now, user, id)).await?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE && app.store.write(move |tx| continue_import(tx, now, id)).await? {}
    let progress = app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    let is_clean = progress.count(Verdict::Known) + progress.count(Verdict::Refused) == 0;
    if progress.state == DraftState::Done && is_clean {
        let (list, deed) = (list_of(study), Deed::Imported.as_str());
        let count = progress.count(Verdict::Added);
        return Ok(Either::Left(Redirect::to(format!("{list}?done={deed}&count={count}"))));
    }
    Ok(Either::Right(Redirect::to(page_of(study, id))))
}

#[post("/studies/<study>/import/<id>/drop", data = "<form>")]
async fn throw_away(
    app: &State<App>,
    study: Id<StudyId>,
    id: Id<ImportId>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user, study, id) = (app.clock.now(), form.who.user, study.0, id.0);
    app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    app.store.write(move |tx| drop_import(tx, now, user, id)).await?;
    Ok(desk::done(&entrance_of(study), Deed::ListDropped))
}

/// Prepares to take those off the list again who came onto it by this import.
#[post("/studies/<study>/import/<id>/undo", data = "<form>")]
async fn undo(app: &State<App>, study: Id<StudyId>, id: Id<ImportId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study, id) = (app.clock.now(), form.who.user, study.0, id.0);
    let progress = app.store.read(move |tx| imports::progress(tx, now, (user, study), id)).await?;
    if !matches!(progress.state, DraftState::Done | DraftState::Stopped) {
        return Err(Problem::VersionConflict);
    }
    let fitting = Fitting { import: Some(id), ..Fitting::default() };
    let selection = Selection::new(None, None).fitting(fitting);
    let plan = Plan { act: Act::Remove, interviewer: None, selection };
    let made = batches::prepare(app, form.once(now), (user, study), plan).await?;
    Ok(Redirect::to(page_of_batch(study, made.resource)))
}
