//! The editor of interview guides: a form for all of a guide, whose buttons add, move and take out parts of it without
//! keeping anything, until it is kept as a draft.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::consent_forms::number;
use super::desk::{At, base, demand, done};
use super::guide_blocks::{Turn, press};
use super::guide_folds::{self as folds, OPEN, Spot, packed};
use super::guide_form::{fresh, read, so_far, tidied, typed, written};
use super::guides::{outline, page_of, replace};
use crate::actions::draft_guide::draft_guide;
use crate::domain::access::Right;
use crate::domain::guide::Guide;
use crate::domain::language::Language;
use crate::id::{GuideId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::queries::guides::{self, Beginning, GuideHead};
use crate::queries::studies::StudyItem;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::pages::researcher::{
    Desk, GuideEditor, GuideFields, GuideOrigin, Section, folded_messages, guide_messages,
};
use crate::words::pages::shared::{Deed, FieldMessage};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![blank, draft, edit, redraft]
}

/// Where the form goes, and what was seen of the draft.
struct Frame {
    action: String,
    base: Option<String>,
    markdown: String,
    revision: String,
}

impl Frame {
    fn of_new(study: StudyId) -> Self {
        let action = format!("{}/guides", base(study));
        let markdown = format!("{action}/markdown");
        Self { action, base: None, markdown, revision: String::new() }
    }

    fn of_kept(head: &GuideHead) -> Self {
        let here = page_of(head.id);
        Self {
            action: format!("{here}/edit"),
            markdown: format!("{here}/markdown"),
            base: Some(here),
            revision: head.revision.to_string(),
        }
    }
}

fn editor(
    desk: Desk,
    language: Language,
    study: &StudyItem,
    frame: Frame,
    fields: GuideFields,
    wished: Spot,
) -> Outcome<GuideEditor> {
    let Frame { action, base, markdown, revision } = frame;
    let open = folds::open(&fields, wished);
    let opened = open.and_then(|open| fields.sections.get(open));
    let runs = opened.map(|section| folds::runs(section, wished.question.unwrap_or_default()));
    let runs = runs.unwrap_or_default();
    Ok(GuideEditor {
        desk,
        action,
        base,
        markdown,
        outline: outline(language, &so_far(&fields), study.study.rules.interview_minutes),
        folded: packed(&fields, open, &runs)?,
        guide: fields,
        open,
        runs,
        origin: GuideOrigin::default(),
        revision,
        overtaken: false,
        asked: None,
        focus: None,
        unsaved: false,
        errors: Vec::new(),
    })
}

#[get("/studies/<study>/guides/new")]
async fn blank(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    let beginning = app.store.read(move |tx| guides::beginning(tx, user, study)).await?;
    let (origin, fields) = began(&beginning, query.text("begin") == "empty");
    let page = editor(desk, at.language, &item, Frame::of_new(study), fields, Spot::default())?;
    Html::page(at.language, GuideEditor { origin, ..page })
}

/// What a new guide begins with: a copy, unless one wants nothing of what there is.
fn began(beginning: &Beginning, wants_nothing: bool) -> (GuideOrigin, GuideFields) {
    let model = beginning.model.as_ref().filter(|_| !wants_nothing);
    let origin = GuideOrigin {
        is_copy: model.is_some(),
        version: model.and_then(|model| number(model.head.version)),
        draft: beginning.draft.map(page_of),
    };
    (origin, model.map_or_else(fresh, |model| written(&model.guide)))
}

/// The form as it is shown again, and why.
struct Again {
    fields: GuideFields,
    /// What was open.
    open: Spot,
    turn: Turn,
    problem: Option<Problem>,
}

impl Again {
    /// What is to be seen: where a button led to, else the first in which something is wrong. A control of a section as
    /// a whole leaves those questions of it open that were.
    fn wished(&self, errors: &[FieldMessage]) -> Spot {
        let led = self.turn.asked.as_deref().or(self.turn.focus.as_deref()).and_then(Spot::of);
        let wrong = || errors.iter().find_map(|error| Spot::of(&error.field));
        let spot = led.or_else(wrong).unwrap_or(self.open);
        let stays = spot.question.is_none() && spot.section == self.open.section;
        if stays { self.open } else { spot }
    }
}

/// What a press of a button of the editor asks for.
enum Asked {
    /// To keep the guide.
    Keep(Guide),
    /// To show it again, with more room, in another order, or with what is wrong with it.
    Again(Again),
}

fn asked(given: &Given) -> Outcome<Asked> {
    let (mut fields, open) = (typed(given)?, opened(given));
    let act = given.text("act");
    if !act.is_empty() {
        let turn = press(&mut fields, &act);
        return Ok(Asked::Again(Again { fields, open, turn, problem: None }));
    }
    let fields = tidied(fields);
    Ok(match read(&fields) {
        Ok(guide) => Asked::Keep(guide),
        Err(problems) => {
            let problem = Some(Problem::Invalid(problems));
            Asked::Again(Again { fields, open, turn: Turn::default(), problem })
        }
    })
}

/// What was open in a form.
fn opened(given: &Given) -> Spot {
    Spot::told(&given.text(OPEN))
}

async fn again(
    app: &App,
    form: &SignedForm,
    at: &At,
    (study, frame): (StudyId, Frame),
    again: Again,
) -> Outcome<Either<Redirect, Html>> {
    let (desk, item) = at.study(app, &form.who, study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    let errors = match &again.problem {
        Some(Problem::Invalid(problems)) => guide_messages(at.language, problems),
        _ => Vec::new(),
    };
    let wished = again.wished(&errors);
    let Again { fields, turn, problem, .. } = again;
    let page = editor(desk, at.language, &item, frame, fields, wished)?;
    let errors = folded_messages(errors, page.open, &page.runs);
    let page = GuideEditor {
        asked: turn.asked,
        focus: turn.focus,
        unsaved: true,
        overtaken: matches!(problem, Some(Problem::PreconditionFailed)),
        errors,
        ..page
    };
    match problem {
        None => Html::page(at.language, page).map(Either::Right),
        Some(problem @ (Problem::Invalid(_) | Problem::PreconditionFailed)) => {
            Html::again(at.language, &problem, page).map(Either::Right)
        }
        Some(problem) => Err(problem),
    }
}

#[post("/studies/<study>/guides", data = "<form>")]
async fn draft(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let guide = match asked(&form.given)? {
        Asked::Keep(guide) => guide,
        Asked::Again(shown) => {
            let at = at.on(format!("{}/guides/new", base(study)));
            return again(app, &form, &at, (study, Frame::of_new(study)), shown).await;
        }
    };
    let made = app
        .store
        .write_once(form.once(now), move |tx| {
            Ok(draft_guide(tx, now, user, study, &guide)?.map(|id| Made::new(201, id)))
        })
        .await?;
    Ok(Either::Left(done(&page_of(made.resource), Deed::Drafted)))
}

#[get("/guides/<id>/edit")]
async fn edit(app: &State<App>, who: Researcher, at: At, id: Id<GuideId>) -> Outcome<Html> {
    let user = who.user;
    let view = app.store.read(move |tx| guides::one(tx, user, id.0)).await?;
    let (desk, item) = at.study(app, &who, view.head.study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    if view.head.version.is_some() {
        return Err(Problem::Published);
    }
    let (frame, fields) = (Frame::of_kept(&view.head), written(&view.guide));
    let page = editor(desk, at.language, &item, frame, fields, Spot::default())?;
    Html::page(at.language, page)
}

#[post("/guides/<id>/edit", data = "<form>")]
async fn redraft(
    app: &State<App>,
    at: At,
    id: Id<GuideId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, id) = (form.who.user, id.0);
    let head = app.store.read(move |tx| guides::one(tx, user, id)).await?.head;
    if head.version.is_some() {
        return Err(Problem::Published);
    }
    let at = at.on(format!("{}/edit", page_of(id)));
    let frame = Frame { revision: form.given.text("revision"), ..Frame::of_kept(&head) };
    let guide = match asked(&form.given)? {
        Asked::Keep(guide) => guide,
        Asked::Again(shown) => return again(app, &form, &at, (head.study, frame), shown).await,
    };
    let Err(problem) = replace(app, &form, id, guide).await else {
        return Ok(Either::Left(done(&page_of(id), Deed::Drafted)));
    };
    // Whoever was overtaken is told once, and may then replace what the other one wrote.
    let (fields, open) = (tidied(typed(&form.given)?), opened(&form.given));
    let shown = Again { fields, open, turn: Turn::default(), problem: Some(problem) };
    again(app, &form, &at, (head.study, Frame::of_kept(&head)), shown).await
}
