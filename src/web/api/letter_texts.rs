//! A study's own words for its letters: what can be said, how it will look, and a test of it.

use rocket::{Route, State, delete, get, post, put};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::letters::{self, Item};
use crate::actions::word_letter::{rehearse_letter, unword_letter, word_letter};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Placeholder, Wording};
use crate::id::{RespondentId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::letter_texts;
use crate::queries::page::Page;
use crate::store::letter_texts::LetterText;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::Nothing;
use crate::words::letters::{Letter, StudyFace, proposal};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, set, unset, preview, test]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, show, set, unset, preview, test))]
pub struct Reference;

/// Which words a letter has.
#[derive(Serialize, ToSchema)]
struct LetterTextItem {
    /// Which letter.
    kind: LetterKind,
    /// In which language.
    language: Language,
    /// Whether they are the study's own.
    own: bool,
    /// When the study changed them last; null for ours.
    changed_at: Option<Instant>,
}

/// The words of a letter.
#[derive(Serialize, ToSchema)]
#[schema(as = LetterText)]
struct LetterTextView {
    /// Which letter.
    kind: LetterKind,
    /// In which language.
    language: Language,
    /// Whether they are the study's own.
    own: bool,
    /// The subject.
    subject: String,
    /// The body, in paragraphs.
    body: String,
    /// When the study changed them last; null for ours.
    changed_at: Option<Instant>,
    /// What they can name.
    placeholders: LetterPlaceholders,
}

/// What a letter can name, each written between double braces.
#[derive(Serialize, ToSchema)]
struct LetterPlaceholders {
    /// In its subject.
    subject: Vec<String>,
    /// In its body.
    body: Vec<String>,
}

/// The words that a study gives a letter.
#[derive(ToSchema)]
#[schema(examples(json!({ "subject": "{{study}}", "body": "Dear {{name}},\n\nYour page: {{link}}" })))]
#[expect(dead_code, reason = "it only describes the body")]
struct NewWording {
    /// The subject, on one line.
    #[schema(max_length = 200)]
    subject: String,
    /// The body.
    #[schema(max_length = 20_000)]
    body: String,
}

/// What to show: the words that are given or, without any, those that hold now.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct PreviewAsked {
    /// Whose name the letter bears.
    respondent: Option<RespondentId>,
    /// A subject.
    subject: Option<String>,
    /// A body.
    body: Option<String>,
}

/// A letter as it will look.
#[derive(Serialize, ToSchema)]
struct LetterPreview {
    /// The subject.
    subject: String,
    /// The letter as text.
    text: String,
    /// The letter as HTML.
    html: String,
}

/// The letters that a study can reword, in each language.
#[utoipa::path(
    responses((
        status = 200,
        description = "Which letters have words of their own.",
        body = Page<LetterTextItem>,
    )),
)]
#[get("/studies/<study>/letter-texts")]
async fn list(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    let own = app.store.read(move |tx| letter_texts::list(tx, who.user, study.0)).await?;
    let editable = LetterKind::ALL.into_iter().filter(|kind| kind.is_editable());
    let items: Vec<LetterTextItem> = editable
        .flat_map(|kind| Language::ALL.map(|language| (kind, language)))
        .map(|(kind, language)| {
            let changed_at = own.iter().find(|(k, l, _)| (*k, *l) == (kind, language)).map(|(.., at)| *at);
            LetterTextItem { kind, language, own: changed_at.is_some(), changed_at }
        })
        .collect();
    Answer::ok(Page::whole(items))
}

/// The words of a letter: the study's own or, where it has none, ours.
#[utoipa::path(
    responses((status = 200, description = "The words, and what they can name.", body = LetterTextView)),
)]
#[get("/studies/<study>/letter-texts/<kind>/<language>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Result<Answer, Problem> {
    let (kind, language) = (editable(kind.0)?, language.0);
    let own = app.store.read(move |tx| letter_texts::get(tx, who.user, study.0, kind, language)).await?;
    Answer::ok(shown(kind, language, own)?)
}

/// Gives a letter a study's own words.
///
/// What stands between double braces is a placeholder of the closed list of that letter; all else is literal text.
#[utoipa::path(
    request_body = NewWording,
    responses((status = 200, description = "The words.", body = LetterTextView)),
)]
#[put("/studies/<study>/letter-texts/<kind>/<language>", data = "<body>")]
async fn set(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (kind, language) = (editable(kind.0)?, language.0);
    let mut fields = body.fields();
    let wording = wording(kind, &mut fields);
    let wording = fields.finish(|| wording);
    let wording = app.told(wording, Place::Study(study), user, Right::Letters).await?;
    app.store.write(move |tx| word_letter(tx, now, user, study, (kind, language), &wording)).await?;
    let own = app.store.read(move |tx| letter_texts::get(tx, user, study, kind, language)).await?;
    Answer::ok(shown(kind, language, own)?)
}

/// Takes a study's own words back, so that ours hold again.
#[utoipa::path(responses((status = 204, description = "Taken back.")))]
#[delete("/studies/<study>/letter-texts/<kind>/<language>")]
async fn unset(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let letter = (editable(kind.0)?, language.0);
    app.store.write(move |tx| unword_letter(tx, now, who.user, study.0, letter)).await?;
    Answer::with_status(204, ())
}

/// Shows how a letter will look.
///
/// With the words that are given or, without any, with those that hold now. Facts are invented but for the study's
/// own and the name of the respondent who is asked for.
#[utoipa::path(
    request_body = Option<PreviewAsked>,
    responses((status = 200, description = "The letter.", body = LetterPreview)),
)]
#[post("/studies/<study>/letter-texts/<kind>/<language>/preview", data = "<body>")]
async fn preview(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    body: Body,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let (kind, language) = (editable(kind.0)?, language.0);
    let mut fields = body.fields();
    let respondent = fields.optional("respondent", input::id::<RespondentId>);
    let subject = fields.optional("subject", input::text);
    let text = fields.optional("body", input::text);
    let draft = match (subject, text) {
        (None, None) => Some(None),
        (subject, text) => {
            checked(kind, &mut fields, &subject.unwrap_or_default(), &text.unwrap_or_default()).map(Some)
        }
    };
    let draft = app.told(fields.finish(|| draft), Place::Study(study), user, Right::Letters).await?;
    let setting = app
        .store
        .read(move |tx| letter_texts::setting(tx, user, study, (kind, language), respondent))
        .await?;
    let face = StudyFace::of(&setting.study, &setting.researcher, language);
    let letter = Letter::rehearsal(kind, language, face, setting.name, &app.settings.base_url);
    let words = draft.or(setting.own.map(|own| own.wording));
    let rendered = letter.render(language, words.as_ref())?;
    Answer::ok(LetterPreview { subject: rendered.subject, text: rendered.text, html: rendered.html })
}

/// Sends a letter with invented facts to the researcher who asks.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 202, description = "The letter in the outbox.", body = Item)),
)]
#[post("/studies/<study>/letter-texts/<kind>/<language>/test", data = "<body>")]
async fn test(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (kind, language) = (editable(kind.0)?, language.0);
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::Study(study), user, Right::Letters).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| rehearse_letter(tx, now, user, study, kind, &[language]))
        .await?;
    Answer::made(&made, letters::find(app, user, made.resource).await?)
}

/// The letters to interviewers have no words of a study's own.
pub(in crate::web) fn editable(kind: LetterKind) -> Outcome<LetterKind> {
    if kind.is_editable() { Ok(kind) } else { Err(Problem::NotFound) }
}

/// Reads the words of a letter.
fn wording(kind: LetterKind, fields: &mut Fields) -> Option<Wording> {
    let subject = fields.required("subject", input::text);
    let body = fields.required("body", input::text);
    checked(kind, fields, &subject?, &body?)
}

fn checked(kind: LetterKind, fields: &mut Fields, subject: &str, body: &str) -> Option<Wording> {
    Wording::parse(kind, subject, body).map_err(|problems| fields.note_all(problems)).ok()
}

fn shown(kind: LetterKind, language: Language, own: Option<LetterText>) -> Outcome<LetterTextView> {
    let names = |placeholders: &[Placeholder]| -> Vec<String> {
        placeholders.iter().map(ToString::to_string).collect()
    };
    let changed_at = own.as_ref().map(|own| own.changed_at);
    let (subject, body) = match &own {
        Some(own) => (own.wording.subject().to_owned(), own.wording.body().to_owned()),
        None => proposal(language, kind)?,
    };
    Ok(LetterTextView {
        kind,
        language,
        own: own.is_some(),
        subject,
        body,
        changed_at,
        placeholders: LetterPlaceholders {
            subject: names(kind.subject_placeholders()),
            body: names(kind.placeholders()),
        },
    })
}
