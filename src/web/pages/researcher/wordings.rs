//! A study's own words for its letters: changing them, seeing how they look, and a test letter to oneself.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand, done, wrong};
use crate::actions::word_letter::{rehearse_letter, unword_letter, word_letter};
use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};
use crate::queries::letter_texts;
use crate::web::App;
use crate::web::api::letter_texts::{editable, wording};
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::pages::framed::Framed;
use crate::words::letters::{Letter, Rendered, StudyFace, proposal};
use crate::words::pages::researcher::{Preview, Section, WordingForm, WordingRow, Wordings};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::word;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, as_html, change]
}

#[get("/studies/<study>/wordings")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Letters).await?;
    demand(&item, Right::Letters)?;
    let own = app.store.read(move |tx| letter_texts::list(tx, user, study)).await?;
    let editable = LetterKind::ALL.into_iter().filter(|kind| kind.is_editable());
    let rows =
        editable.flat_map(|kind| Language::ALL.map(|language| (kind, language))).map(|(kind, language)| {
            WordingRow {
                kind,
                language,
                own: own.iter().any(|(k, l, _)| (*k, *l) == (kind, language)),
                href: page_of(study, kind, language),
            }
        });
    Html::page(at.language, Wordings { desk, rows: rows.collect() })
}

fn page_of(study: StudyId, kind: LetterKind, language: Language) -> String {
    format!("{}/wordings/{kind}/{language}", base(study))
}

/// What holds now for a letter, and how it looks.
struct Holds {
    own: bool,
    subject: String,
    body: String,
    rendered: Rendered,
}

/// The letter with the words that are given or, without any, with those that hold now.
async fn holds(
    app: &App,
    who: &Researcher,
    study: StudyId,
    (kind, language): (LetterKind, Language),
    draft: Option<&Wording>,
) -> Outcome<Holds> {
    let user = who.user;
    let setting =
        app.store.read(move |tx| letter_texts::setting(tx, user, study, (kind, language), None)).await?;
    let face = StudyFace::of(&setting.study, &setting.researcher, language);
    let letter = Letter::rehearsal(kind, language, face, None, &app.settings.base_url);
    let own = setting.own.map(|own| own.wording);
    let (subject, body) = match &own {
        Some(own) => (own.subject().to_owned(), own.body().to_owned()),
        None => proposal(language, kind)?,
    };
    let rendered = letter.render(language, draft.or(own.as_ref()))?;
    Ok(Holds { own: own.is_some(), subject, body, rendered })
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    (kind, language): (LetterKind, Language),
    draft: Option<&Wording>,
) -> Outcome<WordingForm> {
    let (desk, item) = at.study(app, who, study, Section::Letters).await?;
    demand(&item, Right::Letters)?;
    let Holds { own, subject, body, rendered } = holds(app, who, study, (kind, language), draft).await?;
    let action = page_of(study, kind, language);
    // Only what is kept has an address of its own.
    let html_href = draft.is_none().then(|| format!("{action}/html"));
    let (subject_placeholders, placeholders) = WordingForm::known(kind);
    Ok(WordingForm {
        desk,
        action,
        kind,
        language,
        own,
        subject,
        body,
        subject_placeholders,
        placeholders,
        preview: Some(Preview::of(rendered, html_href)),
        test_to: who.email.clone(),
        errors: Vec::new(),
    })
}

#[get("/studies/<study>/wordings/<kind>/<language>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Outcome<Html> {
    let letter = (editable(kind.0)?, language.0);
    Html::page(at.language, page(app, &who, &at, study.0, letter, None).await?)
}

#[get("/studies/<study>/wordings/<kind>/<language>/html")]
async fn as_html(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Outcome<Framed> {
    let letter = (editable(kind.0)?, language.0);
    Ok(Framed(holds(app, &who, study.0, letter, None).await?.rendered.html))
}

#[post("/studies/<study>/wordings/<kind>/<language>", data = "<form>")]
async fn change(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let letter = (editable(kind.0)?, language.0);
    let here = page_of(study, letter.0, letter.1);
    let act = form.given.text("act");
    if act == "reset" {
        app.store.write(move |tx| unword_letter(tx, now, user, study, letter)).await?;
        return Ok(Either::Left(done(&here, Deed::Reset)));
    }
    let at = at.on(here.clone());
    let mut fields = form.given.without(|name| name == "act").fields();
    let read = wording(letter.0, &mut fields);
    let wording = match fields.finish(|| read) {
        Ok(wording) => wording,
        Err(problem) => return again(app, &at, study, letter, &form, problem).await,
    };
    if act == "preview" {
        let page = page(app, &form.who, &at, study, letter, Some(&wording)).await?;
        return Ok(Either::Right(Html::page(at.language, as_typed(page, &form))?));
    }
    if act == "test" {
        let page = page(app, &form.who, &at, study, letter, None).await?;
        // A test letter is written when it leaves, from what is kept by then.
        if (page.subject.as_str(), page.body.as_str()) != (wording.subject(), wording.body()) {
            let message = word(at.language, "letters.save_first");
            let errors = vec![FieldMessage { field: "body".to_owned(), label: None, message }];
            let page = WordingForm { errors, ..as_typed(page, &form) };
            return Ok(Either::Right(Html::page(at.language, page)?));
        }
        let once = form.once(now);
        app.store.write_once(once, move |tx| rehearse_letter(tx, now, user, study, letter)).await?;
        return Ok(Either::Left(done(&here, Deed::TestSent)));
    }
    app.store.write(move |tx| word_letter(tx, now, user, study, letter, &wording)).await?;
    Ok(Either::Left(done(&here, Deed::Saved)))
}

fn as_typed(page: WordingForm, form: &SignedForm) -> WordingForm {
    WordingForm { subject: form.given.text("subject"), body: form.given.text("body"), ..page }
}

async fn again(
    app: &App,
    at: &At,
    study: StudyId,
    letter: (LetterKind, Language),
    form: &SignedForm,
    problem: Problem,
) -> Outcome<Either<Redirect, Html>> {
    let Some(errors) = wrong(at.language, &problem) else { return Err(problem) };
    let page = page(app, &form.who, at, study, letter, None).await?;
    let page = WordingForm { errors, preview: None, ..as_typed(page, form) };
    Ok(Either::Right(Html::again(at.language, &problem, page)?))
}
