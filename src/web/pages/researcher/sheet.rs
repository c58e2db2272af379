//! The sheet of an interview: the guide beside the conversation, under the consent that was given.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::json;

use super::desk::{At, done};
use super::guides::{in_words, minutes, spoken_in};
use super::interviews::page_of;
use super::sheet_form;
use crate::actions::record_answer::record_answers;
use crate::domain::interview::InterviewStatus;
use crate::domain::language::Language;
use crate::id::{InterviewId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::sheet::{self, SheetView};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::words::pages::researcher::{
    OutlineQuestion, Section, SheetConsentLine, SheetPage, SheetQuestion, SheetSection, TalkClock,
};
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{dates, phrase, problem_sentence, word};

/// The name behind which an address says in which language the questions stand.
const QUESTIONS: &str = "questions";

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
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<InterviewId>, query: Query) -> Outcome<Html> {
    let view = view(app, who.user, id.0).await?;
    Html::page(at.language, page(app, &who, &at, view, chosen(&query)).await?)
}

/// The language that was chosen for what is read aloud.
fn chosen(query: &Query) -> Option<Language> {
    query.text(QUESTIONS).parse().ok()
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    view: SheetView,
    chosen: Option<Language>,
) -> Outcome<SheetPage> {
    let language = at.language;
    let spoken = chosen.unwrap_or(view.language);
    let (desk, item) = at.study(app, who, view.interview.study, Section::Interviews).await?;
    let (rules, interview) = (&item.study.rules, &view.interview);
    let zone = rules.time_zone;
    let items = view.consent.iter().flat_map(|consent| &consent.items);
    let guide = view.guide.as_ref().map(|guide| {
        let about = json!({ "title": guide.title, "version": guide.version });
        phrase(language, "sheet.guide", &about)
    });
    let consented = view.consent.as_ref().map(|consent| {
        let at = dates::stamp(language, zone, consent.given_at);
        phrase(language, "sheet.consented", &json!({ "at": at, "version": consent.version }))
    });
    let clock = TalkClock {
        starts_at: interview.starts_at.unix(),
        now: app.clock.now().unix(),
        minutes: minutes(rules.interview_minutes),
    };
    Ok(SheetPage {
        desk,
        base: page_of(interview.id),
        code: interview.code.clone(),
        spoken,
        spoken_chosen: chosen.is_some(),
        day: dates::day(language, zone, interview.starts_at),
        planned: dates::time_range(language, zone, interview.starts_at, interview.ends_at),
        begun: view.started_at.map(|begun| dates::time(language, zone, begun)),
        guide: guide.unwrap_or_default(),
        recording: view.recording,
        consented,
        consent: items
            .map(|item| SheetConsentLine {
                text: in_words(spoken, &item.text),
                language: spoken_in(spoken, &item.text),
                agreed: item.given,
            })
            .collect(),
        seen: sheet_form::seen(&view),
        sections: sections(language, spoken, zone, &view),
        touched: count(view.coverage.all.done),
        questions: count(view.coverage.all.of),
        must_ask_left: count(view.coverage.counts.must_ask_left),
        clock: (interview.status == InterviewStatus::Booked).then_some(clock),
        errors: Vec::new(),
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn sections(language: Language, spoken: Language, zone: Tz, view: &SheetView) -> Vec<SheetSection> {
    let mut from = view.interview.starts_at;
    let mut questions = view.questions.iter().enumerate();
    let mut sections = Vec::with_capacity(view.sections.len());
    for section in &view.sections {
        let of_section = questions.by_ref().take(section.questions.len());
        let until = from.plus_minutes(i64::from(section.minutes));
        sections.push(SheetSection {
            title: section.title.clone(),
            minutes: minutes(section.minutes),
            planned: dates::time_range(language, zone, from, until),
            questions: of_section.map(|(number, question)| entry(spoken, number, question)).collect(),
        });
        from = until;
    }
    sections
}

fn entry(spoken: Language, number: usize, question: &sheet::SheetQuestion) -> SheetQuestion {
    SheetQuestion {
        number,
        question: OutlineQuestion {
            kind: question.kind.as_str().to_owned(),
            must_ask: question.must_ask,
            text: in_words(spoken, &question.text),
            probes: question.probes.clone(),
        },
        language: spoken_in(spoken, &question.text),
        kept: None,
        answer: sheet_form::kept(question),
    }
}

#[post("/interviews/<id>/sheet", data = "<form>")]
async fn record(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    query: Query,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let here = format!("{}/sheet", page_of(id));
    let chosen = chosen(&query);
    let outcome = match sheet_form::changes(&view(app, user, id).await?, &form.given) {
        Ok(changes) => {
            app.store
                .write_once(form.once(now), move |tx| {
                    Ok(record_answers(tx, now, user, id, &changes)?.map(|()| Made::new(200, id)))
                })
                .await
        }
        Err(problems) => Err(Problem::Invalid(problems)),
    };
    let Err(problem) = outcome else {
        return Ok(Either::Left(match chosen {
            Some(spoken) => {
                Redirect::to(format!("{here}?{QUESTIONS}={spoken}&done={}", Deed::Saved.as_str()))
            }
            None => done(&here, Deed::Saved),
        }));
    };
    let errors = match &problem {
        Problem::Invalid(problems) => FieldMessage::all(at.language, problems),
        // Somebody else wrote on the sheet, or called the interview off: all that was typed here stands there still.
        Problem::PreconditionFailed => Vec::new(),
        Problem::WrongState(_) => vec![beside("main".to_owned(), problem_sentence(at.language, &problem))],
        _ => return Err(problem),
    };
    let view = view(app, user, id).await?;
    let page = page(app, &form.who, &at, view.clone(), chosen).await?;
    let mut page = filled_again(at.language, SheetPage { errors, ..page }, &view, &form.given);
    if page.errors.is_empty() {
        page.errors.push(beside("main".to_owned(), problem_sentence(at.language, &problem)));
    }
    Ok(Either::Right(Html::again(at.language, &problem, page)?))
}

/// The page with what was typed in its fields, and both texts where somebody else wrote meanwhile.
fn filled_again(language: Language, mut page: SheetPage, view: &SheetView, given: &Given) -> SheetPage {
    let entries = page.sections.iter_mut().flat_map(|section| &mut section.questions);
    for (entry, question) in entries.zip(&view.questions) {
        let (answer, is_both) = sheet_form::again(question, given);
        if is_both {
            page.errors.push(beside(format!("note.{}", entry.number), word(language, "sheet.both_here")));
        }
        let kept = std::mem::replace(&mut entry.answer, answer);
        entry.kept = Some(kept).filter(|kept| *kept != entry.answer);
    }
    page
}

fn beside(field: String, message: String) -> FieldMessage {
    FieldMessage { field, label: None, message }
}
