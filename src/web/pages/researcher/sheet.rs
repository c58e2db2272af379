//! The sheet of an interview: the guide beside the conversation, under the consent that was given.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, done};
use super::guides::{in_words, minutes};
use super::interviews::page_of;
use crate::actions::record_answer::{Answer, record_answers};
use crate::domain::guide::QuestionState;
use crate::domain::language::Language;
use crate::domain::text::prose;
use crate::id::{InterviewId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::sheet::{self, SheetView};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::words::letters::EvidenceItem;
use crate::words::pages::researcher::{
    OutlineQuestion, Section, SheetAnswer, SheetPage, SheetQuestion, SheetSection,
};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{dates, phrase, problem_sentence};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, record]
}

async fn view(app: &App, user: UserId, id: InterviewId) -> Outcome<SheetView> {
    let now = app.clock.now();
    app.store.read(move |tx| sheet::of(tx, user, id, now)).await
}

#[get("/interviews/<id>/sheet")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<InterviewId>) -> Outcome<Html> {
    let view = view(app, who.user, id.0).await?;
    Html::page(at.language, page(app, &who, &at, view).await?)
}

async fn page(app: &App, who: &Researcher, at: &At, view: SheetView) -> Outcome<SheetPage> {
    let language = at.language;
    let (desk, item) = at.study(app, who, view.interview.study, Section::Interviews).await?;
    let items = view.consent.iter().flat_map(|consent| &consent.items);
    let guide = view.guide.as_ref().map(|guide| {
        let about = serde_json::json!({ "title": guide.title, "version": guide.version });
        phrase(language, "sheet.guide", &about)
    });
    Ok(SheetPage {
        desk,
        base: page_of(view.interview.id),
        code: view.interview.code.clone(),
        at: dates::stamp(language, item.study.rules.time_zone, view.interview.starts_at),
        guide: guide.unwrap_or_default(),
        consent: items
            .map(|item| EvidenceItem { text: in_words(language, &item.text), agreed: item.given })
            .collect(),
        sections: sections(language, &view),
        touched: count(view.coverage.all.done),
        questions: count(view.coverage.all.of),
        must_ask_left: count(view.coverage.counts.must_ask_left),
        elapsed: view.started_at.map(|_| u64::try_from(view.elapsed_seconds / 60).unwrap_or_default()),
        revision: view.revision.to_string(),
        errors: Vec::new(),
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn sections(language: Language, view: &SheetView) -> Vec<SheetSection> {
    let mut from_minute = 0;
    let mut questions = view.questions.iter();
    let mut sections = Vec::with_capacity(view.sections.len());
    for section in &view.sections {
        let of_section = questions.by_ref().take(section.questions.len());
        let entries = of_section.map(|question| SheetQuestion {
            key: question.key.clone(),
            question: OutlineQuestion {
                kind: question.kind.as_str().to_owned(),
                must_ask: question.must_ask,
                text: in_words(language, &question.text),
                probes: question.probes.clone(),
            },
            answer: SheetAnswer {
                state: question.state.map_or("", QuestionState::as_str).to_owned(),
                note: question.note.clone().unwrap_or_default(),
            },
        });
        sections.push(SheetSection {
            title: section.title.clone(),
            minutes: minutes(section.minutes),
            from_minute,
            questions: entries.collect(),
        });
        from_minute += minutes(section.minutes);
    }
    sections
}

#[post("/interviews/<id>/sheet", data = "<form>")]
async fn record(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let here = format!("{}/sheet", page_of(id));
    let seen = form.given.text("revision").parse::<i32>().ok();
    let outcome = match changes(&view(app, user, id).await?, &form.given) {
        Ok(answers) => {
            let checked = move |revision: i32| match seen {
                Some(seen) if seen != revision => Err(Problem::PreconditionFailed),
                _ => Ok(()),
            };
            app.store
                .write_once(form.once(now), move |tx| {
                    Ok(record_answers(tx, now, user, id, &answers, checked)?.map(|()| Made::new(200, id)))
                })
                .await
        }
        Err(problems) => Err(Problem::Invalid(problems)),
    };
    let Err(problem) = outcome else {
        return Ok(Either::Left(done(&here, Deed::Saved)));
    };
    let errors = match &problem {
        Problem::Invalid(problems) => FieldMessage::all(at.language, problems),
        // Somebody else wrote on the sheet, or called the interview off: all that was typed here stands there still.
        Problem::PreconditionFailed | Problem::WrongState(_) => vec![FieldMessage {
            field: "main".to_owned(),
            label: None,
            message: problem_sentence(at.language, &problem),
        }],
        _ => return Err(problem),
    };
    let mut page = page(app, &form.who, &at, view(app, user, id).await?).await?;
    for entry in page.sections.iter_mut().flat_map(|section| &mut section.questions) {
        entry.answer = typed(&form.given, &entry.key);
    }
    Ok(Either::Right(Html::again(at.language, &problem, SheetPage { errors, ..page })?))
}

fn typed(given: &Given, key: &str) -> SheetAnswer {
    SheetAnswer { state: given.text(&format!("state.{key}")), note: given.text(&format!("note.{key}")) }
}

/// What was typed and differs from what is kept. A question with a note and without a state was asked.
fn changes(view: &SheetView, given: &Given) -> Result<Vec<(String, Option<Answer>)>, Vec<FieldProblem>> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for question in &view.questions {
        let SheetAnswer { state, note } = typed(given, &question.key);
        let note = match prose(&note) {
            Ok(note) => Some(note).filter(|note| !note.trim().is_empty()),
            Err(code) => {
                problems.push(FieldProblem::new(format!("note.{}", question.key), code));
                continue;
            }
        };
        let state = match (state.as_str(), &note) {
            ("", None) => None,
            ("", Some(_)) => Some(QuestionState::Asked),
            (state, _) => {
                let Ok(state) = state.parse() else {
                    problems.push(FieldProblem::new(format!("note.{}", question.key), FieldCode::Value));
                    continue;
                };
                Some(state)
            }
        };
        if (state, &note) != (question.state, &question.note) {
            changes.push((question.key.clone(), state.map(|state| Answer { state, note })));
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}
