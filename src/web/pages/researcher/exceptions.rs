//! The forms on the page of hours that open or close a single date, and take that back.

use chrono::NaiveDate;
use rocket::response::Redirect;
use rocket::{Either, Route, State, post};

use super::availability::{address, page, saved, whose, written_time};
use super::desk::{At, at_fields};
use crate::actions::except_date::{except_date, follow_week};
use crate::domain::availability::{AvailabilityDraft, Exception, ExceptionDraft};
use crate::domain::language::Language;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::web::App;
use crate::web::guards::Id;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::dates;
use crate::words::pages::researcher::{AvailabilityForm, ExceptionForm, ExceptionRow};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![except, restore]
}

/// The form with the dates that differ.
pub(super) fn form<'e>(
    language: Language,
    today: NaiveDate,
    kept: impl Iterator<Item = &'e Exception>,
) -> ExceptionForm {
    let row = |exception: &Exception| {
        let stretch = exception.change.stretch();
        ExceptionRow {
            day: dates::date(language, exception.date),
            date: exception.date.to_string(),
            open: exception.change.is_open(),
            from: stretch.map(|stretch| stretch.from().to_string()).unwrap_or_default(),
            until: stretch.map(|stretch| stretch.until().to_string()).unwrap_or_default(),
        }
    };
    let mut kept: Vec<&Exception> = kept.collect();
    kept.sort_by_key(|exception| exception.date);
    let (ahead, past): (Vec<_>, Vec<_>) = kept.into_iter().partition(|exception| exception.date >= today);
    ExceptionForm {
        ahead: ahead.into_iter().map(row).collect(),
        past: past.into_iter().map(row).collect(),
        ..ExceptionForm::default()
    }
}

/// What was typed, in the place of what stands in an empty form.
fn typed(given: &Given, kept: ExceptionForm) -> ExceptionForm {
    ExceptionForm {
        date: given.text("date"),
        open: given.text("open") == "true",
        from: written_time(&given.text("from")),
        until: written_time(&given.text("until")),
        ..kept
    }
}

/// Reads a date and what differs on it.
///
/// # Errors
/// Everything that is wrong, beside its field.
fn read(given: &Given, interviewer: UserId) -> Outcome<Exception> {
    let ExceptionForm { date, open, from, until, .. } = typed(given, ExceptionForm::default());
    let time = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let one =
        ExceptionDraft { interviewer: None, date, open: Some(open), from: time(from), until: time(until) };
    let draft = AvailabilityDraft { rules: Vec::new(), exceptions: vec![one] };
    let unread = || Problem::internal("a date that was read is none");
    match draft.check(interviewer) {
        Ok(read) => read.exceptions.into_iter().next().ok_or_else(unread),
        Err(mut problems) => {
            for problem in &mut problems {
                problem.field = problem.field.trim_start_matches("exceptions.0.").to_owned();
            }
            Err(Problem::Invalid(problems))
        }
    }
}

#[post("/studies/<study>/availability/exceptions", data = "<form>")]
async fn except(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let whose = whose(&form)?;
    let outcome = match read(&form.given, whose) {
        Ok(exception) => app.store.write(move |tx| except_date(tx, now, user, study, exception)).await,
        Err(problem) => Err(problem),
    };
    let Err(problem) = outcome else { return Ok(Either::Left(saved(study, whose))) };
    let (errors, problem) = at_fields(at.language, problem)?;
    let at = at.on(address(study, whose));
    let page = page(app, &form.who, &at, (study, whose)).await?;
    let exceptions = typed(&form.given, page.exceptions);
    Html::again(at.language, &problem, AvailabilityForm { exceptions, errors, ..page }).map(Either::Right)
}

#[post("/studies/<study>/availability/exceptions/remove", data = "<form>")]
async fn restore(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let whose = whose(&form)?;
    let exception = read(&form.given, whose)?;
    app.store.write(move |tx| follow_week(tx, now, user, study, exception)).await?;
    Ok(saved(study, whose))
}
