//! Respondents from a file: what would become of each row, and then the import itself.
//!
//! The report carries the list along as text, so that nothing of people who are not respondents yet is kept here.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand};
use super::respondents::list_of;
use crate::actions::import_respondents::{Import as Order, Report};
use crate::domain::access::Right;
use crate::domain::contact_list::{RowProblem, decode};
use crate::domain::language::Language;
use crate::id::StudyId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::web::App;
use crate::web::api::import::take_in;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::upload::SignedUpload;
use crate::words::pages::researcher::{Desk, Import, ImportReport, RejectedRow, Section};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{field_message, phrase, word};

/// The columns that the page explains, each under its own name.
const COLUMNS: [&str; 6] = ["name", "email", "municipality", "role", "phone", "language"];

/// How many refusals are shown.
const SHOWN: usize = 1_000;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![choose, import]
}

#[get("/studies/<study>/import")]
async fn choose(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Respondents).await?;
    demand(&item, Right::Contacts)?;
    Html::page(at.language, Import { desk, csv: String::new(), errors: Vec::new() })
}

#[post("/studies/<study>/import", data = "<upload>")]
async fn import(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    upload: SignedUpload,
) -> Outcome<Either<Redirect, Html>> {
    let SignedUpload { form, file } = upload;
    let at = at.on(format!("{}/import", base(study.0)));
    let order = Order { now: app.clock.now(), user: form.who.user, study: study.0 };
    let (desk, item) = at.study(app, &form.who, study.0, Section::Respondents).await?;
    demand(&item, Right::Contacts)?;
    let pasted = form.given.text("csv");
    let file = if file.is_empty() { pasted.clone().into_bytes() } else { file };
    let dry_run = form.given.text("confirm").is_empty();
    let once = form.once(order.now).filter(|_| !dry_run);
    let csv = if dry_run { decode(file.clone()).unwrap_or_default() } else { String::new() };
    let outcome = if file.is_empty() {
        Err(Problem::field("file", FieldCode::Required))
    } else {
        take_in(app, order, file, once, dry_run).await
    };
    match outcome {
        Ok(report) if !dry_run && report.rejected.is_empty() => {
            let (list, deed) = (list_of(study.0), Deed::Imported.as_str());
            let after = format!("{list}?done={deed}&count={}", report.imported);
            Ok(Either::Left(Redirect::to(after)))
        }
        Ok(report) => Html::page(at.language, told(&at, desk, &report, csv, dry_run)).map(Either::Right),
        Err(problem) => {
            let Problem::Invalid(problems) = &problem else { return Err(problem) };
            let errors = problems.iter().map(|found| of_header(at.language, found)).collect();
            Html::again(at.language, &problem, Import { desk, csv: pasted, errors }).map(Either::Right)
        }
    }
}

/// What is wrong with the columns of a file: one that is missing, by its name, or one that is not known, as it calls itself.
fn of_header(language: Language, found: &FieldProblem) -> FieldMessage {
    let field = if COLUMNS.contains(&found.field.as_str()) { found.field.clone() } else { "file".to_owned() };
    let message = match found.code {
        FieldCode::Required if found.field != "file" => word(language, "import.column_missing"),
        FieldCode::UnknownField => {
            phrase(language, "import.column_unknown", &serde_json::json!({ "name": found.field }))
        }
        _ => field_message(language, found),
    };
    let label = (field != "file").then(|| word(language, &format!("label.{field}")));
    FieldMessage { field, label, message }
}

fn told(at: &At, desk: Desk, report: &Report, csv: String, dry_run: bool) -> ImportReport {
    let row = |row: &RowProblem| RejectedRow {
        row: row.row,
        field: row.problem.field.clone(),
        message: field_message(at.language, &row.problem),
    };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    ImportReport {
        desk,
        dry_run,
        csv,
        imported: count(report.imported),
        rejected: report.rejected.iter().take(SHOWN).map(row).collect(),
        refusals: count(report.rejected.len()),
    }
}
