//! Contact lists as files.

use rocket::data::{Data, FromData};
use rocket::http::ContentType;
use rocket::{Request, Route, State, post};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::import_respondents::{Import, Report, import_respondents};
use crate::domain::access::Right;
use crate::domain::contact_list::{ContactList, RowProblem};
use crate::domain::language::Language;
use crate::id::StudyId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::store::idempotency::Once;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{self, Id, RepeatKey, Researcher, Speaks};
use crate::web::input;
use crate::web::query::Query;
use crate::words;

/// The largest file, in bytes: 100,000 people take about a quarter of it.
pub const FILE_LIMIT: u64 = 32 * 1024 * 1024;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![import]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(import))]
pub struct Reference;

/// Puts a list of contacts on the list of a study.
///
/// The header has the names of the fields of a new respondent in any order and case; columns are separated by `,` or
/// `;`, the text is in UTF-8 or Windows-1252. A bad row never stops the rest. Whoever objected to mail or withdrew in
/// this study before, and was erased since, is put on the list as `opted_out`, and told of under `warnings`.
#[utoipa::path(
    params(
        (
            "dry_run" = Option<bool>,
            Query,
            description = "Whether to say only what would become of it; no when left out.",
        ),
        RepeatKey,
    ),
    request_body(content = String, content_type = "text/csv"),
    responses((
        status = 200,
        description = "How many were imported, and what is wrong with the others.",
        body = ImportReport,
    )),
)]
#[post("/studies/<study>/respondents/import", data = "<file>")]
async fn import(
    app: &State<App>,
    who: Researcher,
    speaks: Speaks,
    study: Id<StudyId>,
    query: Query,
    key: RepeatKey,
    file: Csv,
) -> Result<Answer, Problem> {
    let import = Import { now: app.clock.now(), user: who.user, study: study.0 };
    let place = Place::Study(import.study);
    let dry_run = app.told(dry_run(&query), place, import.user, Right::Contacts).await?;
    let once = key.once(import.user, &file.0, import.now).filter(|_| !dry_run);
    let report = take_in(app, import, file.0, once, dry_run).await?;
    let rejected = report.rejected.iter().map(|row| RejectedRow::new(speaks.0, row)).collect();
    let warnings = report.warnings.iter().map(|row| RejectedRow::new(speaks.0, row)).collect();
    let answer = Answer::ok(ImportReport { imported: report.imported, rejected, warnings })?;
    Ok(if report.replayed { answer.header("Idempotent-Replayed", "true".to_owned()) } else { answer })
}

/// Imports a file, or says what would become of it. Shared with the page.
pub(in crate::web) async fn take_in(
    app: &App,
    import: Import,
    file: Vec<u8>,
    once: Option<Once>,
    dry_run: bool,
) -> Outcome<Report> {
    let opened = tokio::task::spawn_blocking(move || ContactList::open(file).map_err(Problem::Invalid));
    let opened = opened.await.map_err(Problem::internal)?;
    let list = app.told(opened, Place::Study(import.study), import.user, Right::Contacts).await?;
    import_respondents(&app.store, import, list, once, dry_run).await
}

/// A bare `dry_run` could be meant either way, so it is refused: nobody is put on a list by mistake.
fn dry_run(query: &Query) -> Outcome<bool> {
    let mut fields = query.fields(&["dry_run"]);
    if query.is_bare("dry_run") {
        let problem = FieldProblem::new("", FieldCode::Value).with("allowed", "true, false");
        fields.note("dry_run", problem);
    }
    let dry_run = fields.optional("dry_run", input::boolean).unwrap_or(false);
    fields.finish(|| Some(dry_run))
}

/// What became of a contact list.
#[derive(Serialize, ToSchema)]
struct ImportReport {
    /// How many people were put on the list, or would be.
    imported: usize,
    /// What is wrong with the others.
    rejected: Vec<RejectedRow>,
    /// What to know of those who were put on the list; left out where there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<RejectedRow>,
}

/// What is wrong with one field of a row, or to be known of it.
#[derive(Serialize, ToSchema)]
struct RejectedRow {
    /// The number of the record, with the header as 1.
    row: u64,
    /// The column.
    field: String,
    /// The stable code, one of those of a field problem.
    code: &'static str,
    /// A sentence in the language of the request.
    message: String,
}

impl RejectedRow {
    fn new(language: Language, row: &RowProblem) -> Self {
        Self {
            row: row.row,
            field: row.problem.field.clone(),
            code: row.problem.code.as_str(),
            message: words::field_message(language, &row.problem),
        }
    }
}

/// A file in CSV, whatever its encoding says.
struct Csv(Vec<u8>);

#[rocket::async_trait]
impl<'r> FromData<'r> for Csv {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> rocket::data::Outcome<'r, Self> {
        let is_csv = |kind: &ContentType| kind.top() == "text" && kind.sub() == "csv";
        if !request.content_type().is_some_and(is_csv) {
            return guards::refuse_data(request, Problem::UnsupportedMediaType);
        }
        match input::read_bytes(request, data, FILE_LIMIT).await {
            Ok(bytes) => rocket::data::Outcome::Success(Self(bytes)),
            Err(problem) => guards::refuse_data(request, problem),
        }
    }
}
