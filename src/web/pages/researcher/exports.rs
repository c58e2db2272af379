//! What can be taken out of a study, before it is.

use rocket::{Route, State, get};

use super::desk::{At, base};
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::queries::export::{self, Description};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::words::pages::researcher::{ColumnRow, ExportRow, Exports, Section};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show]
}

#[get("/studies/<study>/exports")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let there = app.store.read(move |tx| export::describe(tx, user, study)).await?;
    let (desk, _) = at.study(app, &who, study, Section::Overview).await?;
    let Description { rows, header, header_with_notes, guide, may_audit } = there;
    let api = format!("/api/v1{}", base(study));
    let table = |name: &str, query: &str, header: &[String], is_personal| ExportRow {
        name: name.to_owned(),
        href: format!("{api}/export?format=csv{query}"),
        excel: Some(format!("{api}/export?format=csv_excel{query}")),
        is_personal,
        rows: Some(rows.unsigned_abs()),
        columns: ColumnRow::all(at.language, header),
    };
    let other = |name: &str, href: String, is_personal| ExportRow {
        name: name.to_owned(),
        href,
        excel: None,
        is_personal,
        rows: None,
        columns: Vec::new(),
    };
    let mut all = vec![table("table", "", &header, false)];
    all.extend(header_with_notes.map(|header| table("table_with_notes", "&notes=true", &header, true)));
    all.extend(guide.map(|id| other("guide", format!("/guides/{id}.md"), false)));
    all.extend(may_audit.then(|| other("audit", format!("{api}/audit"), true)));
    Html::page(at.language, Exports { desk, rows: all })
}
