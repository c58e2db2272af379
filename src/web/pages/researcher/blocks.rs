//! The forms on the page of hours that keep one's own time free in all studies, and give it back.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, post};

use super::availability::{address, page, saved};
use super::desk::{At, at_fields};
use crate::actions::block_time::{block_time, unblock_time};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::availability::{WallTime, moment_at};
use crate::domain::language::Language;
use crate::id::{BlockId, StudyId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::studies;
use crate::store::blocks::Block;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::Id;
use crate::web::input::{self, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::dates;
use crate::words::pages::researcher::{AvailabilityForm, BlockForm, BlockRow};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![block, unblock]
}

/// The form with what is kept free, in the words of a study's zone.
pub(super) fn form(language: Language, zone: Tz, kept: &[Block]) -> BlockForm {
    let row = |block: &Block| BlockRow {
        id: block.id.to_string(),
        from: dates::moment(language, zone, block.from),
        until: dates::moment(language, zone, block.until),
    };
    BlockForm { kept: kept.iter().map(row).collect(), ..BlockForm::default() }
}

#[post("/studies/<study>/availability/blocks", data = "<form>")]
async fn block(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(address(study, user));
    let item = app.store.read(move |tx| studies::get(tx, user, study)).await?;
    let span = read(form.given.fields(), item.study.rules.time_zone);
    let outcome = async {
        let span = app.told(span, Place::Study(study), user, Right::PlanSelf).await?;
        let once = form.once(now);
        app.store
            .write_once(once, move |tx| Ok(block_time(tx, now, user, span)?.map(|id| Made::new(201, id))))
            .await
    };
    let Err(problem) = outcome.await else { return Ok(Either::Left(saved(study, user))) };
    let problem = beside_its_field(problem);
    let (errors, problem) = at_fields(at.language, problem)?;
    let page = page(app, &form.who, &at, (study, user)).await?;
    let blocks = page.blocks.map(|kept| typed(&form.given, kept));
    Html::again(at.language, &problem, AvailabilityForm { blocks, errors, ..page }).map(Either::Right)
}

/// Reads from when until when, in a zone. Without a time a whole day is meant.
fn read(mut fields: Fields, zone: Tz) -> Outcome<(Instant, Instant)> {
    let mut moment = |end: &str, usual: WallTime| {
        let date = fields.required(&format!("{end}_date"), input::date);
        let time = fields.optional(&format!("{end}_time"), |value| {
            let wrong = || FieldProblem::new("", FieldCode::Value).with("allowed", "00:00–24:00");
            input::raw(value)?.trim().parse::<WallTime>().map_err(|()| wrong())
        });
        let moment = moment_at(zone, date?, time.unwrap_or(usual));
        if moment.is_none() {
            fields.note(&format!("{end}_time"), FieldProblem::new("", FieldCode::Skipped));
        }
        moment
    };
    let from = moment("from", WallTime::START_OF_DAY);
    let until = moment("until", WallTime::END_OF_DAY);
    fields.finish(|| Some((from?, until?)))
}

/// What the action says of a moment stands beside its date.
fn beside_its_field(problem: Problem) -> Problem {
    let Problem::Invalid(mut problems) = problem else { return problem };
    for problem in problems.iter_mut().filter(|problem| matches!(problem.field.as_str(), "from" | "until")) {
        problem.field.push_str("_date");
    }
    Problem::Invalid(problems)
}

fn typed(given: &Given, kept: BlockForm) -> BlockForm {
    BlockForm {
        from_date: given.text("from_date"),
        from_time: given.text("from_time"),
        until_date: given.text("until_date"),
        until_time: given.text("until_time"),
        ..kept
    }
}

#[post("/studies/<study>/availability/blocks/<block>/remove", data = "<form>")]
async fn unblock(
    app: &State<App>,
    study: Id<StudyId>,
    block: Id<BlockId>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write(move |tx| unblock_time(tx, now, user, block.0)).await?;
    Ok(saved(study.0, user))
}
