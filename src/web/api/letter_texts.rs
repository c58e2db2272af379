//! A study's own words for its letters: what can be said, how it will look, and a test of it.

use rocket::{Route, State, delete, get, post, put};
use serde_json::{Value, json};

use super::letters;
use crate::actions::word_letter::{rehearse_letter, unword_letter, word_letter};
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
use crate::words::letters::{Letter, StudyFace, proposal};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, set, unset, preview, test]
}

#[get("/studies/<study>/letter-texts")]
async fn list(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    let own = app.store.read(move |tx| letter_texts::list(tx, who.user, study.0)).await?;
    let editable = LetterKind::ALL.into_iter().filter(|kind| kind.is_editable());
    let items: Vec<Value> = editable
        .flat_map(|kind| Language::ALL.map(|language| (kind, language)))
        .map(|(kind, language)| {
            let changed_at = own.iter().find(|(k, l, _)| (*k, *l) == (kind, language)).map(|(.., at)| at);
            json!({
                "kind": kind,
                "language": language,
                "own": changed_at.is_some(),
                "changed_at": changed_at,
            })
        })
        .collect();
    Answer::ok(Page::whole(items))
}

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

/// How the letter will look: with the words that are given or, without any, with those that hold now. Facts are
/// invented but for the study's own and the name of the respondent who is asked for.
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
    Answer::ok(json!({ "subject": rendered.subject, "text": rendered.text, "html": rendered.html }))
}

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
    let letter = (editable(kind.0)?, language.0);
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::Study(study), user, Right::Letters).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| rehearse_letter(tx, now, user, study, letter)).await?;
    Answer::made(&made, letters::find(app, user, made.resource).await?)
}

/// The letters to interviewers have no words of a study's own.
pub(in crate::web) fn editable(kind: LetterKind) -> Outcome<LetterKind> {
    if kind.is_editable() { Ok(kind) } else { Err(Problem::NotFound) }
}

/// Reads the words of a letter.
pub(in crate::web) fn wording(kind: LetterKind, fields: &mut Fields) -> Option<Wording> {
    let subject = fields.required("subject", input::text);
    let body = fields.required("body", input::text);
    checked(kind, fields, &subject?, &body?)
}

fn checked(kind: LetterKind, fields: &mut Fields, subject: &str, body: &str) -> Option<Wording> {
    Wording::parse(kind, subject, body).map_err(|problems| fields.note_all(problems)).ok()
}

fn shown(kind: LetterKind, language: Language, own: Option<LetterText>) -> Outcome<Value> {
    let names = |placeholders: &[Placeholder]| -> Vec<String> {
        placeholders.iter().map(ToString::to_string).collect()
    };
    let changed_at = own.as_ref().map(|own| own.changed_at);
    let (subject, body) = match &own {
        Some(own) => (own.wording.subject().to_owned(), own.wording.body().to_owned()),
        None => proposal(language, kind)?,
    };
    Ok(json!({
        "kind": kind,
        "language": language,
        "own": own.is_some(),
        "subject": subject,
        "body": body,
        "changed_at": changed_at,
        "placeholders": {
            "subject": names(kind.subject_placeholders()),
            "body": names(kind.placeholders()),
        },
    }))
}
