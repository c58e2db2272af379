//! Guides as Markdown: pasted in, changed as a text, taken out as a file.

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::request::FromParam;
use rocket::response::{self, Redirect, Responder, Response};
use rocket::{Either, Request, Route, State, get, post};

use super::desk::{At, base, demand, done};
use super::guides::{page_of, replace};
use crate::actions::draft_guide::draft_guide;
use crate::domain::access::Right;
use crate::domain::guide::markdown;
use crate::domain::language::Language;
use crate::id::{GuideId, StudyId};
use crate::problem::{FieldProblem, Outcome, Problem};
use crate::queries::guides::{self, GuideView};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::words::pages::researcher::{Desk, GuideMarkdown, Section};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{field_message, phrase};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![blank, draft, edit, redraft, take_out]
}

/// A guide that is not kept yet.
fn unwritten(desk: Desk, study: StudyId) -> GuideMarkdown {
    let guides = format!("{}/guides", base(study));
    GuideMarkdown {
        desk,
        action: format!("{guides}/markdown"),
        base: None,
        fields: format!("{guides}/new"),
        markdown: String::new(),
        revision: String::new(),
        overtaken: false,
        errors: Vec::new(),
    }
}

fn editor(desk: Desk, view: &GuideView) -> GuideMarkdown {
    let here = page_of(view.head.id);
    GuideMarkdown {
        desk,
        action: format!("{here}/markdown"),
        fields: format!("{here}/edit"),
        base: Some(here),
        markdown: markdown::write(&view.guide),
        revision: view.head.revision.to_string(),
        overtaken: false,
        errors: Vec::new(),
    }
}

#[get("/studies/<study>/guides/markdown")]
async fn blank(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    Html::page(at.language, unwritten(desk, study.0))
}

#[post("/studies/<study>/guides/markdown", data = "<form>")]
async fn draft(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let text = form.given.text("markdown");
    let guide = match markdown::read(&text) {
        Ok(guide) => guide,
        Err(problems) => {
            let (desk, item) = at.study(app, &form.who, study, Section::Guides).await?;
            demand(&item, Right::Guides)?;
            let errors = beside_the_text(at.language, &problems);
            let page = GuideMarkdown { markdown: text, errors, ..unwritten(desk, study) };
            let again = Html::again(at.language, &Problem::Invalid(problems), page)?;
            return Ok(Either::Right(again));
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

/// What is wrong with a guide, all of it beside the one field that it is written in, each with its line.
fn beside_the_text(language: Language, problems: &[FieldProblem]) -> Vec<FieldMessage> {
    let message = |problem: &FieldProblem| {
        let message = field_message(language, problem);
        let is_placed = problem.parameters.contains_key("reason");
        match problem.parameters.get("line").filter(|_| !is_placed) {
            Some(line) => {
                phrase(language, "guide.at_line", &serde_json::json!({ "line": line, "message": message }))
            }
            None => message,
        }
    };
    let beside =
        |problem| FieldMessage { field: "markdown".to_owned(), label: None, message: message(problem) };
    problems.iter().map(beside).collect()
}

#[get("/guides/<id>/markdown")]
async fn edit(app: &State<App>, who: Researcher, at: At, id: Id<GuideId>) -> Outcome<Html> {
    let user = who.user;
    let view = app.store.read(move |tx| guides::one(tx, user, id.0)).await?;
    let (desk, item) = at.study(app, &who, view.head.study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    if view.head.version.is_some() {
        return Err(Problem::Published);
    }
    Html::page(at.language, editor(desk, &view))
}

#[post("/guides/<id>/markdown", data = "<form>")]
async fn redraft(
    app: &State<App>,
    at: At,
    id: Id<GuideId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, id) = (form.who.user, id.0);
    let text = form.given.text("markdown");
    let outcome = match markdown::read(&text) {
        Ok(guide) => replace(app, &form, id, guide).await,
        Err(problems) => Err(Problem::Invalid(problems)),
    };
    let Err(problem) = outcome else { return Ok(Either::Left(done(&page_of(id), Deed::Drafted))) };
    let (errors, overtaken) = match &problem {
        Problem::Invalid(problems) => (beside_the_text(at.language, problems), false),
        Problem::PreconditionFailed => (Vec::new(), true),
        _ => return Err(problem),
    };
    let view = app.store.read(move |tx| guides::one(tx, user, id)).await?;
    let (desk, item) = at.study(app, &form.who, view.head.study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    let kept = editor(desk, &view);
    // Whoever was overtaken is told once, and may then replace what the other one wrote.
    let revision = if overtaken { kept.revision.clone() } else { form.given.text("revision") };
    let page = GuideMarkdown { markdown: text, revision, overtaken, errors, ..kept };
    Html::again(at.language, &problem, page).map(Either::Right)
}

/// The name of a guide's Markdown file: its id and `.md`.
struct MarkdownFile(GuideId);

impl<'a> FromParam<'a> for MarkdownFile {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        param.strip_suffix(".md").and_then(|id| id.parse().ok()).map(Self).ok_or(())
    }
}

/// A guide to be kept as a file.
struct Download(String);

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::new("text", "markdown").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", "attachment; filename=\"guide.md\""))
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}

#[get("/guides/<file>", rank = 2)]
async fn take_out(app: &State<App>, who: Researcher, file: MarkdownFile) -> Outcome<Download> {
    let (user, id) = (who.user, file.0);
    let view = app.store.read(move |tx| guides::one(tx, user, id)).await?;
    Ok(Download(markdown::write(&view.guide)))
}
