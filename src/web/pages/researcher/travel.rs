//! The form on the page of hours that sets how long an interviewer is on the way.

use rocket::response::Redirect;
use rocket::{Either, Route, State, post};
use serde_json::{Map, Value, json};

use super::availability::{address, page, saved, whose};
use super::desk::{At, at_fields};
use crate::actions::plan_travel::plan_travel;
use crate::domain::travel::Travel;
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::travel::TravelView;
use crate::store::municipalities;
use crate::web::App;
use crate::web::api::travel::read;
use crate::web::guards::{Id, content_etag};
use crate::web::input::Fields;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::{AvailabilityForm, TravelForm, WayRow};
use crate::words::pages::shared::Seen;

/// How many empty rows stand ready to be filled in.
const EMPTY_ROWS: usize = 3;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![plan]
}

/// Rows, and some empty ones behind them.
fn with_empty_rows(rows: impl IntoIterator<Item = WayRow>) -> Vec<WayRow> {
    rows.into_iter().chain(vec![WayRow::default(); EMPTY_ROWS]).collect()
}

/// The form with the ways as they are kept.
pub(super) fn form(kept: &TravelView) -> Outcome<TravelForm> {
    let rows = kept
        .municipalities
        .iter()
        .map(|way| WayRow { municipality: way.municipality.name.clone(), minutes: way.minutes.to_string() });
    Ok(TravelForm {
        minutes: kept.minutes.to_string(),
        rows: with_empty_rows(rows),
        seen: Seen { tag: content_etag(&Travel::from(kept))?, now: None },
        unsaved: false,
    })
}

/// What was typed; rows in which nothing was filled in are left out.
fn typed(form: &SignedForm) -> TravelForm {
    let given = &form.given;
    let rows = given.rows("municipalities.").into_iter();
    let rows =
        rows.map(|row| WayRow { municipality: row.text("municipality"), minutes: row.text("minutes") });
    let is_blank = |row: &WayRow| row.municipality.trim().is_empty() && row.minutes.trim().is_empty();
    TravelForm {
        minutes: given.text("minutes"),
        rows: rows.filter(|row| !is_blank(row)).collect(),
        seen: form.seen(),
        unsaved: true,
    }
}

/// The body that the API takes.
fn fields(typed: &TravelForm) -> Fields {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let way =
        |row: &WayRow| json!({ "municipality": text(&row.municipality), "minutes": text(&row.minutes) });
    let mut body = Map::new();
    body.insert("minutes".to_owned(), json!(text(&typed.minutes)));
    body.insert("municipalities".to_owned(), Value::Array(typed.rows.iter().map(way).collect()));
    Fields::of_text(body)
}

/// The page with what was typed in the place of what is kept.
fn filled(page: AvailabilityForm, typed: TravelForm) -> AvailabilityForm {
    let travel = TravelForm { rows: with_empty_rows(typed.rows), ..typed };
    AvailabilityForm { travel: Some(travel), ..page }
}

#[post("/studies/<study>/availability/travel", data = "<form>")]
async fn plan(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let whose = whose(&form)?;
    let at = at.on(address(study, whose));
    let typed = typed(&form);
    if form.given.text("act") == "more" {
        let page = page(app, &form.who, &at, (study, whose)).await?;
        return Ok(Either::Right(Html::page(at.language, filled(page, typed))?));
    }
    let places = app.store.read(municipalities::places).await?;
    let condition = form.if_as_seen();
    let fits = move |found: &Travel| condition.check_content(found);
    let outcome = match read(&places, fields(&typed)) {
        Ok(ways) => app.store.write(move |tx| plan_travel(tx, now, user, study, whose, &ways, &fits)).await,
        Err(problem) => Err(problem),
    };
    let Err(problem) = outcome else { return Ok(Either::Left(saved(study, whose))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let page = page(app, &form.who, &at, (study, whose)).await?;
    let seen = match (&problem, &page.travel) {
        (Problem::PreconditionFailed, Some(held)) => {
            Seen { now: Some(held.told(at.language)), ..held.seen.clone() }
        }
        _ => typed.seen.clone(),
    };
    let typed = TravelForm { seen, ..typed };
    let page = AvailabilityForm { errors, ..filled(page, typed) };
    Ok(Either::Right(Html::again(at.language, &problem, page)?))
}
