//! The strata of a study: size classes with targets and caps.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Map, Value};

use super::desk::{At, at_fields, base, demand, demand_sight, done};
use crate::actions::set_strata::set_strata;
use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::domain::stratum::{StratumPlan, doubts};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::strata::{self, StratumItem};
use crate::web::App;
use crate::web::api::strata::plans;
use crate::web::guards::{Id, Researcher, content_etag};
use crate::web::input::Fields;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::pages::researcher::{Section, StrataForm, StratumInput};
use crate::words::pages::shared::{Deed, Seen};

/// How many empty rows are added at once.
const MORE: usize = 3;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, set]
}

#[get("/studies/<study>/strata")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Settings).await?;
    demand_sight(&item, Right::ChangeStudy)?;
    let view = app.store.read(move |tx| strata::all(tx, user, study)).await?;
    let plans: Vec<StratumPlan> = view.items.iter().map(|item| item.plan.clone()).collect();
    let rows = view.items.into_iter().map(filled).chain([StratumInput::default()]).collect();
    let outside = u64::try_from(view.outside.municipalities).unwrap_or(u64::MAX);
    let seen = Seen { tag: content_etag(&plans)?, now: None };
    let page = StrataForm { desk, rows, doubts: doubts(&plans), outside, seen, errors: Vec::new() };
    Html::page(at.language, page)
}

#[post("/studies/<study>/strata", data = "<form>")]
async fn set(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let path = format!("{}/strata", base(study));
    let at = at.on(path.clone());
    let (desk, item) = at.study(app, &form.who, study, Section::Settings).await?;
    demand(&item, Right::ChangeStudy)?;
    // Messages are found by the places of the rows, so empty ones are left out before they are counted.
    let typed: Vec<Given> = form.given.rows("").into_iter().filter(|row| !row.is_blank()).collect();
    let shown =
        |more: usize| typed.iter().map(again).chain((0..more).map(|_| StratumInput::default())).collect();
    // What is doubtful is told of strata that hold, not of what is still being typed.
    let page = |rows, seen, errors| StrataForm { desk, rows, doubts: Vec::new(), outside: 0, seen, errors };
    if form.given.text("act") == "more" {
        return Html::page(at.language, page(shown(MORE), form.seen(), Vec::new())).map(Either::Right);
    }
    let condition = form.if_as_seen();
    let fits = move |found: &[StratumPlan]| condition.check_content(&found);
    let outcome = async {
        let plans = plans(listed(&typed))?;
        app.store.write(move |tx| set_strata(tx, now, user, study, &plans, &fits)).await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(done(&path, Deed::Saved))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let seen = match &problem {
        Problem::PreconditionFailed => overtaken(app, at.language, user, study).await?,
        _ => form.seen(),
    };
    Html::again(at.language, &problem, page(shown(1), seen, errors)).map(Either::Right)
}

/// The strata that somebody else put in the place of those that were seen.
async fn overtaken(app: &App, language: Language, user: UserId, study: StudyId) -> Outcome<Seen> {
    let held = app.store.read(move |tx| strata::all(tx, user, study)).await?.items;
    let plans: Vec<&StratumPlan> = held.iter().map(|item| &item.plan).collect();
    let now = plans.iter().map(|plan| StrataForm::told(language, plan)).collect();
    Ok(Seen { tag: content_etag(&plans)?, now: Some(now) })
}

fn filled(item: StratumItem) -> StratumInput {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let plan = item.plan;
    StratumInput {
        key: plan.key,
        label: plan.label,
        min_inhabitants: number(plan.edges.min),
        max_inhabitants: number(plan.edges.max),
        target: number(plan.target),
        cap: number(plan.cap),
    }
}

fn again(row: &Given) -> StratumInput {
    StratumInput {
        key: row.text("key"),
        label: row.text("label"),
        min_inhabitants: row.text("min_inhabitants"),
        max_inhabitants: row.text("max_inhabitants"),
        target: row.text("target"),
        cap: row.text("cap"),
    }
}

/// The rows as the list that the API takes.
fn listed(rows: &[Given]) -> Fields {
    let row = |row: &Given| -> Value {
        let filled = row.below("").filter(|(_, text)| !text.is_empty());
        Value::Object(filled.map(|(name, text)| (name.to_owned(), text.into())).collect())
    };
    Fields::of_text(Map::from_iter([(String::new(), rows.iter().map(row).collect())]))
}
