//! How a letter looks with the words of a study: documents for the frames beside the fields in which it is worded.
//!
//! What is typed and not yet kept is posted to such a frame by its own button, so that the page with the fields stays
//! as it is; the script presses that button after a pause. Nothing is changed by it.

use rocket::{Route, State, get, post};

use super::desk::{At, base};
use super::wordings::read;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::letter_texts;
use crate::web::App;
use crate::web::api::letter_texts::editable;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::forms::SignedForm;
use crate::web::pages::framed::Framed;
use crate::words::letters::{Letter, StudyFace, no_preview};
use crate::words::pages::shared::FieldMessage;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![kept, ours, preview]
}

/// The page of the words for a kind of letter.
pub(super) fn page_of(study: StudyId, kind: LetterKind) -> String {
    format!("{}/wordings/{kind}", base(study))
}

/// The letter with invented facts about the study, and the study's own words for it.
///
/// # Errors
/// Those of access.
pub(super) async fn rehearsal(
    app: &App,
    user: UserId,
    study: StudyId,
    (kind, language): (LetterKind, Language),
) -> Outcome<(Letter, Option<Wording>)> {
    let setting =
        app.store.read(move |tx| letter_texts::setting(tx, user, study, (kind, language), None)).await?;
    let face = StudyFace::of(&setting.study, &setting.researcher, language);
    let letter = Letter::rehearsal(kind, language, face, None, &app.settings.base_url);
    Ok((letter, setting.own.map(|own| own.wording)))
}

#[get("/studies/<study>/wordings/<kind>/<language>/html")]
async fn kept(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Outcome<Framed> {
    let (kind, language) = (editable(kind.0)?, language.0);
    let (letter, own) = rehearsal(app, who.user, study.0, (kind, language)).await?;
    Ok(Framed(letter.preview(language, own.as_ref())?))
}

#[get("/studies/<study>/wordings/<kind>/<language>/ours/html")]
async fn ours(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Outcome<Framed> {
    let (kind, language) = (editable(kind.0)?, language.0);
    let (letter, _) = rehearsal(app, who.user, study.0, (kind, language)).await?;
    Ok(Framed(letter.preview(language, None)?))
}

#[post("/studies/<study>/wordings/<kind>/<language>/preview", data = "<form>")]
async fn preview(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    form: SignedForm,
) -> Outcome<Framed> {
    let (kind, language) = (editable(kind.0)?, language.0);
    let (letter, _) = rehearsal(app, form.who.user, study.0, (kind, language)).await?;
    let document = match read(kind, &form.given, language) {
        Ok(wording) => letter.preview(language, Some(&wording))?,
        Err(problems) => no_preview(at.language, &FieldMessage::all(at.language, &problems))?,
    };
    Ok(Framed(document))
}
