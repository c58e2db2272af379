//! The data of a study as a CSV file (RFC 4180), sent while it is read, so that its size costs no memory.

use std::io::Cursor;
use std::pin::Pin;
use std::str::FromStr;

use csv::{Terminator, WriterBuilder};
use rocket::futures::stream::{self, Stream, StreamExt};
use rocket::http::{ContentType, Header};
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, get};
use utoipa::OpenApi;

use crate::actions::note_export::note_export;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::contact_list::csv_safe;
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::export::{self, ExportPage, ExportPlan};
use crate::store::Store;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::query::Query;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![take_out]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(take_out))]
pub struct Reference;

/// The last line of a file that could not be finished: with the status sent, nothing else can tell.
const BROKEN_OFF: &str = "INCOMPLETE: the export broke off here, please repeat it";

/// How the cells of a file are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Commas, as RFC 4180 has it.
    Csv,
    /// Semicolons behind a byte order mark: what Excel opens by itself where a comma stands in decimal numbers.
    CsvExcel,
}

impl Format {
    const fn delimiter(self) -> u8 {
        match self {
            Self::Csv => b',',
            Self::CsvExcel => b';',
        }
    }

    /// What stands before the first cell.
    const fn mark(self) -> &'static str {
        match self {
            Self::Csv => "",
            Self::CsvExcel => "\u{FEFF}",
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "csv" => Ok(Self::Csv),
            "csv_excel" => Ok(Self::CsvExcel),
            _ => Err(()),
        }
    }
}

/// A file that is written while it is sent.
struct Download {
    name: String,
    chunks: Pin<Box<dyn Stream<Item = Vec<u8>> + Send>>,
}

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::new("text", "csv").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", format!("attachment; filename=\"{}\"", self.name)))
            .streamed_body(ReaderStream::from(self.chunks.map(Cursor::new)))
            .ok()
    }
}

/// The data of a study as a file.
///
/// One row for each respondent, by pseudonym, without contact data. Cells that a spreadsheet would run are led by an
/// apostrophe. The taking out is noted in the log of changes.
#[utoipa::path(
    params(
        (
            "format" = Option<String>,
            Query,
            description = "`csv`, or `csv_excel` with semicolons and a byte order mark, which a Dutch Excel opens by \
                           itself; `csv` when left out.",
        ),
        (
            "notes" = Option<bool>,
            Query,
            description = "Whether to add the interviewers' notes; no when left out.",
        ),
    ),
    responses((
        status = 200,
        description = "The file, by RFC 4180 or with semicolons. A last line `INCOMPLETE: …` says that it broke off.",
        body = String,
        content_type = "text/csv",
    )),
    extensions(("x-problems" = json!(["invalid", "forbidden"]))),
)]
#[get("/studies/<study>/export")]
async fn take_out(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Download, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (format, with_notes) = app.told(read(&query), Place::Study(study), user, Right::Export).await?;
    app.store.write(move |tx| note_export(tx, now, user, study, with_notes)).await?;
    let plan = app.store.read(move |tx| export::plan(tx, user, study, with_notes)).await?;
    let first = page(&app.store, &plan, None).await?;
    let name = file_name(&plan.title, (format, with_notes), now);
    let head = [format.mark().as_bytes(), &csv_lines(format, &[plan.header()])?].concat();
    let rest = pages(app.store.clone(), (plan, format), first);
    Ok(Download { name, chunks: Box::pin(stream::once(async { head }).chain(rest)) })
}

/// How the file is asked for, and whether with notes.
fn read(query: &Query) -> Outcome<(Format, bool)> {
    let mut fields = query.fields(&["format", "notes"]);
    let format = fields.optional("format", input::word::<Format>("csv, csv_excel")).unwrap_or(Format::Csv);
    let notes = fields.optional("notes", input::boolean).unwrap_or(false);
    fields.finish(|| Some((format, notes)))
}

/// The rows, a page at a time; the next page is read when the last one has left.
fn pages(
    store: Store,
    (plan, format): (ExportPlan, Format),
    first: ExportPage,
) -> impl Stream<Item = Vec<u8>> + Send {
    stream::unfold(Some(Ok(first)), move |page_now: Option<Outcome<ExportPage>>| {
        let (store, plan) = (store.clone(), plan.clone());
        async move {
            let written = page_now?.and_then(|page| Ok((csv_lines(format, &page.rows)?, page.after)));
            match written {
                Ok((lines, Some(after))) => Some((lines, Some(page(&store, &plan, Some(after)).await))),
                Ok((lines, None)) => Some((lines, None)),
                Err(problem) => {
                    tracing::error!(%problem, "an export broke off");
                    Some((format!("{BROKEN_OFF}\r\n").into_bytes(), None))
                }
            }
        }
    })
}

async fn page(store: &Store, plan: &ExportPlan, after: Option<String>) -> Outcome<ExportPage> {
    let plan = plan.clone();
    store.read(move |tx| export::page(tx, &plan, after.as_deref())).await
}

/// Records as CSV; every cell is made safe for spreadsheets, whatever it holds (R10).
fn csv_lines(format: Format, records: &[Vec<String>]) -> Outcome<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(format.delimiter())
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for record in records {
        writer
            .write_record(record.iter().map(|cell| csv_safe(cell).into_owned()))
            .map_err(Problem::internal)?;
    }
    writer.into_inner().map_err(|error| Problem::internal(error.to_string()))
}

/// A name for the file from the study's title, what is in it, for what and the day: letters and digits only, since the
/// title is anybody's text.
fn file_name(title: &str, (format, with_notes): (Format, bool), now: Instant) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(6)
        .map(|word| word.chars().take(20).collect::<String>().to_ascii_lowercase())
        .collect();
    let day = now.utc().date_naive();
    let title = if words.is_empty() { "export".to_owned() } else { words.join("-") };
    let notes = if with_notes { "-with-notes" } else { "" };
    let excel = if format == Format::CsvExcel { "-excel" } else { "" };
    format!("{title}{notes}{excel}-{day}.csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_reach_out_of_the_file_name() {
        let name = |title: &str| file_name(title, (Format::Csv, false), Instant::from_unix(0));
        assert_eq!(name("Sociaal domein!"), "sociaal-domein-1970-01-01.csv");
        let notes = file_name("Sociaal", (Format::CsvExcel, true), Instant::from_unix(0));
        assert_eq!(notes, "sociaal-with-notes-excel-1970-01-01.csv");
        assert_eq!(name("../\"a\"\r\nX: y"), "a-x-y-1970-01-01.csv");
        assert_eq!(name("研究"), "export-1970-01-01.csv");
        assert!(name(&"ab ".repeat(200)).len() < 150);
    }

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_led_by_an_apostrophe() {
        let record = vec!["R01".to_owned(), "=1+1".to_owned(), "a, \"b\"\nc; d".to_owned()];
        for (format, wanted) in [
            (Format::Csv, "R01,'=1+1,\"a, \"\"b\"\"\nc; d\"\r\n"),
            (Format::CsvExcel, "R01;'=1+1;\"a, \"\"b\"\"\nc; d\"\r\n"),
        ] {
            let lines = csv_lines(format, std::slice::from_ref(&record)).unwrap();
            assert_eq!(String::from_utf8(lines).unwrap(), wanted);
        }
    }
}
