//! The interview guides of a study: writing one as Markdown, publishing it, taking it out.

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::request::FromParam;
use rocket::response::{self, Redirect, Responder, Response};
use rocket::{Either, Request, Route, State, get, post};

use super::desk::{At, base, demand, done};
use crate::actions::change_guide::change_guide;
use crate::actions::draft_guide::draft_guide;
use crate::actions::publish_guide::publish_guide;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::guide::{Alignment, Guide, Question, markdown};
use crate::domain::language::Language;
use crate::id::{GuideId, StudyId};
use crate::problem::{FieldProblem, Outcome, Problem};
use crate::queries::guides::{self, GuideItem, GuideView};
use crate::queries::page::{Page, one_more};
use crate::queries::studies::StudyItem;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Query, Ways, listing};
use crate::words::pages::researcher::{
    self as pages, Desk, GuideEditor, GuideMatrix, GuideOutline, GuideRow, MatrixColumn, MatrixRow,
    OutlineQuestion, OutlineSection, Section,
};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{field_message, phrase};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, blank, draft, show, take_out, change, publish]
}

#[get("/studies/<study>/guides")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing::<GuideId>(&mut fields);
    let part = fields.finish(|| Some(part))?;
    let (desk, _) = at.study(app, &who, study, Section::Guides).await?;
    let more = one_more(part.limit);
    let rows = app.store.read(move |tx| guides::list(tx, user, study, part.after, more)).await?;
    let page = Page::cut(rows, part.limit, |last: &GuideItem| last.head.id.to_string());
    let here = format!("{}/guides", base(study));
    let Ways { first, next } = part.ways(&here, &[], page.next.as_deref());
    let list = pages::Guides { desk, rows: page.items.into_iter().map(row).collect(), first, next };
    Html::page(at.language, list)
}

fn row(item: GuideItem) -> GuideRow {
    GuideRow {
        href: page_of(item.head.id),
        title: item.title,
        version: item.head.version.and_then(|number| u64::try_from(number).ok()),
        status: item.head.status.to_owned(),
        questions: u64::try_from(item.questions).unwrap_or(u64::MAX),
        minutes: u64::try_from(item.head.minutes).unwrap_or_default(),
    }
}

fn page_of(id: GuideId) -> String {
    format!("/guides/{id}")
}

#[get("/studies/<study>/guides/new")]
async fn blank(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (desk, item) = at.study(app, &who, study.0, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    Html::page(at.language, unwritten(desk, study.0))
}

/// A guide that is not kept yet.
fn unwritten(desk: Desk, study: StudyId) -> GuideEditor {
    GuideEditor {
        desk,
        action: format!("{}/guides", base(study)),
        base: None,
        title: String::new(),
        status: "draft".to_owned(),
        version: None,
        markdown: String::new(),
        revision: String::new(),
        overtaken: false,
        outline: None,
        errors: Vec::new(),
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
    let text = form.given.text("markdown");
    let guide = match markdown::read(&text) {
        Ok(guide) => guide,
        Err(problems) => {
            let at = at.on(format!("{}/guides/new", base(study)));
            let (desk, item) = at.study(app, &form.who, study, Section::Guides).await?;
            demand(&item, Right::Guides)?;
            let errors = beside_the_text(at.language, &problems);
            let page = GuideEditor { markdown: text, errors, ..unwritten(desk, study) };
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

#[get("/guides/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<GuideId>) -> Outcome<Html> {
    let user = who.user;
    let view = app.store.read(move |tx| guides::one(tx, user, id.0)).await?;
    let (desk, item) = at.study(app, &who, view.head.study, Section::Guides).await?;
    Html::page(at.language, editor(desk, at.language, &item, &view))
}

fn editor(desk: Desk, language: Language, study: &StudyItem, view: &GuideView) -> GuideEditor {
    let here = page_of(view.head.id);
    GuideEditor {
        desk,
        action: here.clone(),
        base: Some(here),
        title: view.guide.title.clone(),
        status: view.head.status.to_owned(),
        version: view.head.version.and_then(|number| u64::try_from(number).ok()),
        markdown: markdown::write(&view.guide),
        revision: view.head.revision.to_string(),
        overtaken: false,
        outline: Some(outline(language, &view.guide, study.study.rules.interview_minutes)),
        errors: Vec::new(),
    }
}

fn outline(language: Language, guide: &Guide, available: i32) -> GuideOutline {
    let mut from_minute = 0;
    let sections = guide.sections.iter().map(|section| {
        let begins = from_minute;
        from_minute += minutes(section.minutes);
        OutlineSection {
            title: section.title.clone(),
            minutes: minutes(section.minutes),
            from_minute: begins,
            questions: section.questions.iter().map(|q| outline_question(language, q)).collect(),
        }
    });
    GuideOutline {
        sections: sections.collect(),
        minutes: minutes(guide.minutes()),
        available: minutes(available),
        matrix: matrix(language, guide, &Alignment::of(guide, available)),
    }
}

fn matrix(language: Language, guide: &Guide, alignment: &Alignment) -> GuideMatrix {
    let columns = guide.research_questions.iter().enumerate().map(|(place, question)| MatrixColumn {
        key: question.key.clone(),
        text: question.text.clone(),
        is_gap: !alignment.questions.iter().any(|row| row.answers.get(place) == Some(&true)),
    });
    let rows = guide.questions().zip(&alignment.questions).map(|(question, row)| MatrixRow {
        text: in_words(language, &question.text),
        kind: question.kind.as_str().to_owned(),
        answers: row.answers.clone(),
        is_gap: !row.answers.contains(&true),
    });
    GuideMatrix { columns: columns.collect(), rows: rows.collect() }
}

fn outline_question(language: Language, question: &Question) -> OutlineQuestion {
    OutlineQuestion {
        kind: question.kind.as_str().to_owned(),
        must_ask: question.must_ask,
        text: in_words(language, &question.text),
        probes: question.probes.clone(),
    }
}

/// A text in a language or, where that has none, in the other.
#[must_use]
pub fn in_words(language: Language, text: &Bilingual) -> String {
    let other = Language::ALL.into_iter().find(|other| !text.text(*other).trim().is_empty());
    let language = if text.text(language).trim().is_empty() { other.unwrap_or(language) } else { language };
    text.text(language).to_owned()
}

/// Minutes as pages count them.
#[must_use]
pub fn minutes(minutes: i32) -> u64 {
    u64::try_from(minutes).unwrap_or_default()
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

#[post("/guides/<id>", data = "<form>")]
async fn change(
    app: &State<App>,
    at: At,
    id: Id<GuideId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let text = form.given.text("markdown");
    let seen = form.given.text("revision").parse::<i32>().ok();
    let checked = move |revision: i32| match seen {
        Some(seen) if seen != revision => Err(Problem::PreconditionFailed),
        _ => Ok(()),
    };
    let outcome = match markdown::read(&text) {
        Ok(guide) => {
            app.store.write(move |tx| change_guide(tx, now, user, id, &guide, checked)).await.map(drop)
        }
        Err(problems) => Err(Problem::Invalid(problems)),
    };
    let Err(problem) = outcome else { return Ok(Either::Left(done(&page_of(id), Deed::Drafted))) };
    let (errors, overtaken) = match &problem {
        Problem::Invalid(problems) => (beside_the_text(at.language, problems), false),
        Problem::PreconditionFailed => (Vec::new(), true),
        _ => return Err(problem),
    };
    let at = at.on(page_of(id));
    let view = app.store.read(move |tx| guides::one(tx, user, id)).await?;
    let (desk, item) = at.study(app, &form.who, view.head.study, Section::Guides).await?;
    demand(&item, Right::Guides)?;
    let kept = editor(desk, at.language, &item, &view);
    // Whoever was overtaken is told once, and may then replace what the other one wrote.
    let revision = if overtaken { kept.revision.clone() } else { form.given.text("revision") };
    let page = GuideEditor { markdown: text, revision, overtaken, outline: None, errors, ..kept };
    Html::again(at.language, &problem, page).map(Either::Right)
}

#[post("/guides/<id>/publish", data = "<form>")]
async fn publish(app: &State<App>, id: Id<GuideId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    app.store
        .write_once(form.once(now), move |tx| {
            Ok(publish_guide(tx, now, user, id, |_| Ok(()))?.map(|id| Made::new(200, id)))
        })
        .await?;
    Ok(done(&page_of(id), Deed::Published))
}
