//! Respondents from a file: the first step, in which a list comes in and is kept sealed until it is looked through.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand, wrong};
use crate::actions::read_import::read_import;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::contact_list::{Layout, check_length, decode_any};
use crate::domain::municipality::Places;
use crate::id::{ImportId, StudyId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::{imports, municipalities};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::upload::SignedUpload;
use crate::words::dates;
use crate::words::pages::researcher::{EarlierImport, Import, Section};
use crate::words::pages::shared::FieldMessage;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![choose, take_in]
}

/// The page on which a list comes in.
#[must_use]
pub fn entrance_of(study: StudyId) -> String {
    format!("{}/import", base(study))
}

/// The page of a list that is being prepared.
#[must_use]
pub fn page_of(study: StudyId, id: ImportId) -> String {
    format!("{}/{id}", entrance_of(study))
}

#[get("/studies/<study>/import")]
async fn choose(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let page = page(app, &who, &at, study.0, (String::new(), Vec::new())).await?;
    Html::page(at.language, page)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    (pasted, errors): (String, Vec<FieldMessage>),
) -> Outcome<Import> {
    let (desk, item) = at.study(app, who, study, Section::Respondents).await?;
    demand(&item, Right::Contacts)?;
    let (now, user) = (app.clock.now(), who.user);
    let waiting = app.store.read(move |tx| imports::waiting(tx, now, user, study)).await?;
    let waiting = waiting.map(|(id, state)| (page_of(study, id), state.as_str().to_owned()));
    let zone = item.study.rules.time_zone;
    let earlier = app.store.read(move |tx| imports::done(tx, now, user, study)).await?;
    let told = |(id, came, rows): (ImportId, Instant, u64)| EarlierImport {
        href: page_of(study, id),
        at: dates::stamp(at.language, zone, came),
        rows,
    };
    let earlier = earlier.into_iter().map(told).collect();
    Ok(Import { desk, csv: pasted, waiting, earlier, errors })
}

#[post("/studies/<study>/import", data = "<upload>")]
async fn take_in(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    upload: SignedUpload,
) -> Outcome<Either<Redirect, Html>> {
    let SignedUpload { form, file } = upload;
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let pasted = form.given.text("csv");
    let is_file = !file.is_empty();
    let bytes = if is_file { file } else { pasted.clone().into_bytes() };
    let places = app.store.read(municipalities::places).await?;
    let read = tokio::task::spawn_blocking(move || read(bytes, &places));
    match read.await.map_err(Problem::internal)? {
        Ok((text, guess)) => {
            let made = app
                .store
                .write_once(form.once(now), move |tx| read_import(tx, now, user, study, &text, &guess))
                .await?;
            Ok(Either::Left(Redirect::to(page_of(study, made.resource))))
        }
        Err(problem) => {
            let at = at.on(entrance_of(study));
            let pasted = if is_file { String::new() } else { pasted };
            let errors = wrong(at.language, &problem).unwrap_or_default();
            let shown = page(app, &form.who, &at, study, (pasted, errors)).await?;
            Html::again(at.language, &problem, shown).map(Either::Right)
        }
    }
}

/// The text of a file and a guess of how it is to be read.
fn read(bytes: Vec<u8>, places: &Places) -> Outcome<(String, Layout)> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::field("file", FieldCode::Required));
    }
    let not_text =
        || Problem::Invalid(vec![FieldProblem::new("file", FieldCode::Type).with("expected", "text/csv")]);
    let text = decode_any(bytes).ok_or_else(not_text)?;
    let guess = Layout::guess(&text, &places.index);
    check_length(&text, guess.delimiter).map_err(|problem| Problem::Invalid(vec![problem]))?;
    Ok((text, guess))
}
