//! A study's own words for its letters: changing them in both languages, and a test of them to oneself.
//! [`super::wording_frames`] shows how they look.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, demand, demand_sight, done};
use super::wording_frames::{page_of, rehearsal};
use crate::actions::word_letter::{rehearse_letter, unword_letter, word_letters};
use crate::domain::access::Right;
use crate::domain::difference::{Part, difference};
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::id::StudyId;
use crate::problem::{FieldProblem, Outcome, Problem};
use crate::queries::letter_texts;
use crate::web::App;
use crate::web::api::letter_texts::editable;
use crate::web::guards::{Id, Researcher, content_etag};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::letters::proposal;
use crate::words::pages::researcher::{
    Offer, Section, WordingDraft, WordingForm, WordingReset, WordingRow, Wordings,
};
use crate::words::pages::shared::{Deed, FieldMessage, Seen};
use crate::words::word;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, change, leave, reset]
}

#[get("/studies/<study>/wordings")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Letters).await?;
    demand_sight(&item, Right::Letters)?;
    let own = app.store.read(move |tx| letter_texts::list(tx, user, study)).await?;
    let own_of = |kind| own.iter().filter(move |(of, ..)| *of == kind).map(|(_, language, _)| *language);
    let row = |kind| WordingRow { kind, own: own_of(kind).collect(), href: page_of(study, kind) };
    Html::page(at.language, Wordings::of(desk, row))
}

/// A subject and a body as one text, so that what changed in either is seen.
fn whole(subject: &str, body: &str) -> String {
    format!("{}\n\n{}", subject.trim_end(), body.trim_end())
}

/// The words of a letter that hold now: the study's own or ours, and what theirs changed.
fn draft(kind: LetterKind, language: Language, own: Option<&Wording>) -> Outcome<WordingDraft> {
    let (subject, body) = proposal(language, kind)?;
    let Some(own) = own else {
        return Ok(WordingDraft { language, own: false, subject, body, changes: Vec::new() });
    };
    let changes = difference(&whole(&subject, &body), &whole(own.subject(), own.body()));
    let (subject, body) = (own.subject().to_owned(), own.body().to_owned());
    Ok(WordingDraft { language, own: true, subject, body, changes })
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    kind: LetterKind,
) -> Outcome<WordingForm> {
    let (desk, item) = at.study(app, who, study, Section::Letters).await?;
    demand(&item, Right::Letters)?;
    let (mut drafts, mut held) = (Vec::new(), Vec::new());
    for language in Language::ALL {
        let (_, own) = rehearsal(app, who.user, study, (kind, language)).await?;
        drafts.push(draft(kind, language, own.as_ref())?);
        held.push(own);
    }
    let (letter, _) = rehearsal(app, who.user, study, (kind, at.language)).await?;
    Ok(WordingForm {
        desk,
        action: page_of(study, kind),
        kind,
        drafts,
        offers: Offer::of(&letter, at.language),
        test_to: who.email.clone(),
        seen: Seen { tag: content_etag(&held)?, now: None },
        errors: Vec::new(),
    })
}

#[get("/studies/<study>/wordings/<kind>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
) -> Outcome<Html> {
    let kind = editable(kind.0)?;
    Html::page(at.language, page(app, &who, &at, study.0, kind).await?)
}

/// The words that were typed in a language.
fn typed(given: &Given, language: Language) -> (String, String) {
    (given.text(&format!("subject.{language}")), given.text(&format!("body.{language}")))
}

/// Reads the words that were typed in a language.
///
/// # Errors
/// Everything that is wrong with them, at `subject` and `body`.
pub(super) fn read(
    kind: LetterKind,
    given: &Given,
    language: Language,
) -> Result<Wording, Vec<FieldProblem>> {
    let (subject, body) = typed(given, language);
    Wording::parse(kind, &subject, &body)
}

/// What is wrong with the words in one language, beside their own fields.
fn messages(at: &At, language: Language, problems: &[FieldProblem]) -> Vec<FieldMessage> {
    let named = |message: FieldMessage| {
        let label = message
            .label
            .map(|label| format!("{label} ({})", word(at.language, &format!("language.{language}"))));
        FieldMessage { field: format!("{}.{language}", message.field), label, ..message }
    };
    FieldMessage::all(at.language, problems).into_iter().map(named).collect()
}

#[post("/studies/<study>/wordings/<kind>", data = "<form>")]
async fn change(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let kind = editable(kind.0)?;
    let here = page_of(study, kind);
    let at = at.on(here.clone());
    let page = page(app, &form.who, &at, study, kind).await?;
    let (mut changed, mut wrong, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for held in &page.drafts {
        let language = held.language;
        let (subject, body) = typed(&form.given, language);
        if whole(&subject, &body) == whole(&held.subject, &held.body) {
            continue;
        }
        match read(kind, &form.given, language) {
            Ok(wording) => changed.push((language, wording)),
            Err(problems) => {
                errors.extend(messages(&at, language, &problems));
                wrong.extend(problems);
            }
        }
    }
    if !wrong.is_empty() {
        let page = WordingForm { errors, ..as_typed(page, &form) };
        return Ok(Either::Right(Html::again(at.language, &Problem::Invalid(wrong), page)?));
    }
    if form.given.text("act") != "test" {
        let condition = form.if_as_seen();
        let fits = move |found: &[Option<Wording>]| condition.check_content(&found);
        let kept = app.store.write(move |tx| word_letters(tx, now, user, study, kind, &changed, &fits)).await;
        let Err(problem) = kept else { return Ok(Either::Left(done(&here, Deed::Saved))) };
        let (errors, problem) = at_fields(at.language, problem)?;
        let held = self::page(app, &form.who, &at, study, kind).await?;
        let seen = Seen { now: Some(Vec::new()), ..held.seen.clone() };
        let page = WordingForm { seen, errors, ..as_typed(held, &form) };
        return Ok(Either::Right(Html::again(at.language, &problem, page)?));
    }
    // A test letter is written when it leaves, from what is kept by then.
    if let Some((language, _)) = changed.first() {
        let message = word(at.language, "letters.save_first");
        let errors = vec![FieldMessage { field: format!("body.{language}"), label: None, message }];
        let page = WordingForm { errors, ..as_typed(page, &form) };
        return Ok(Either::Right(Html::page(at.language, page)?));
    }
    let once = form.once(now);
    app.store.write_once(once, move |tx| rehearse_letter(tx, now, user, study, kind, &Language::ALL)).await?;
    Ok(Either::Left(done(&here, Deed::TestSent)))
}

fn as_typed(page: WordingForm, form: &SignedForm) -> WordingForm {
    let drafts = page.drafts.into_iter().map(|draft| {
        let (subject, body) = typed(&form.given, draft.language);
        WordingDraft { subject, body, ..draft }
    });
    WordingForm { drafts: drafts.collect(), seen: form.seen(), ..page }
}

#[get("/studies/<study>/wordings/<kind>/<language>/reset")]
async fn leave(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
) -> Outcome<Html> {
    let (study, kind, language) = (study.0, editable(kind.0)?, language.0);
    let (desk, item) = at.study(app, &who, study, Section::Letters).await?;
    demand(&item, Right::Letters)?;
    let (_, own) = rehearsal(app, who.user, study, (kind, language)).await?;
    let own = own.ok_or(Problem::NotFound)?;
    let back = page_of(study, kind);
    let page = WordingReset {
        desk,
        action: format!("{back}/{language}/reset"),
        frame: format!("{back}/{language}/ours/html"),
        back,
        kind,
        language,
        changes: changes_back(kind, language, &own)?,
    };
    Html::page(at.language, page)
}

fn changes_back(kind: LetterKind, language: Language, own: &Wording) -> Outcome<Vec<Part>> {
    let (subject, body) = proposal(language, kind)?;
    Ok(difference(&whole(own.subject(), own.body()), &whole(&subject, &body)))
}

#[post("/studies/<study>/wordings/<kind>/<language>/reset", data = "<form>")]
async fn reset(
    app: &State<App>,
    study: Id<StudyId>,
    kind: Id<LetterKind>,
    language: Id<Language>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let letter = (editable(kind.0)?, language.0);
    app.store.write(move |tx| unword_letter(tx, now, user, study, letter)).await?;
    Ok(done(&page_of(study, letter.0), Deed::Reset))
}
