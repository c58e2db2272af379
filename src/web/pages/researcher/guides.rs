//! The interview guides of a study: their list, how one reads, publishing it. [`super::guide_editor`] and
//! [`super::guide_markdown`] write them.

use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::consent_forms::number;
use super::desk::{At, base, done};
use crate::actions::change_guide::change_guide;
use crate::actions::publish_guide::publish_guide;
use crate::domain::bilingual::Bilingual;
use crate::domain::guide::{Alignment, Guide, Question};
use crate::domain::language::Language;
use crate::id::{GuideId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::queries::guides::{self, GuideItem};
use crate::queries::page::{Page, one_more};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Query, Ways, listing};
use crate::words::pages::researcher::{
    self as pages, GuideMatrix, GuideOutline, GuideRow, MatrixColumn, MatrixRow, OutlineQuestion,
    OutlineSection, Section,
};
use crate::words::pages::shared::Deed;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, publish]
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
        version: number(item.head.version),
        status: item.head.status.to_owned(),
        questions: u64::try_from(item.questions).unwrap_or(u64::MAX),
        minutes: u64::try_from(item.head.minutes).unwrap_or_default(),
    }
}

/// The page of a guide.
pub(super) fn page_of(id: GuideId) -> String {
    format!("/guides/{id}")
}

#[get("/guides/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<GuideId>) -> Outcome<Html> {
    let user = who.user;
    let view = app.store.read(move |tx| guides::one(tx, user, id.0)).await?;
    let (desk, item) = at.study(app, &who, view.head.study, Section::Guides).await?;
    let page = pages::GuideView {
        desk,
        base: page_of(view.head.id),
        title: view.guide.title.clone(),
        status: view.head.status.to_owned(),
        version: number(view.head.version),
        outline: outline(at.language, &view.guide, item.study.rules.interview_minutes),
    };
    Html::page(at.language, page)
}

/// What a guide asks, for what, and how long that takes of the minutes that are available.
pub(super) fn outline(language: Language, guide: &Guide, available: i32) -> GuideOutline {
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
    text.text(spoken_in(language, text)).to_owned()
}

/// The language in which [`in_words`] tells a text.
#[must_use]
pub fn spoken_in(language: Language, text: &Bilingual) -> Language {
    if !text.text(language).trim().is_empty() {
        return language;
    }
    let other = Language::ALL.into_iter().find(|other| !text.text(*other).trim().is_empty());
    other.unwrap_or(language)
}

/// Minutes as pages count them.
#[must_use]
pub fn minutes(minutes: i32) -> u64 {
    u64::try_from(minutes).unwrap_or_default()
}

/// Puts other words into a draft, unless it is not the one that the form was made of.
///
/// # Errors
/// [`Problem::PreconditionFailed`] then, and those of [`change_guide`].
pub(super) async fn replace(app: &App, form: &SignedForm, id: GuideId, guide: Guide) -> Outcome<()> {
    let (now, user) = (app.clock.now(), form.who.user);
    let seen = form.given.text("revision").parse::<i32>().ok();
    let checked = move |revision: i32| match seen {
        Some(seen) if seen != revision => Err(Problem::PreconditionFailed),
        _ => Ok(()),
    };
    app.store.write(move |tx| change_guide(tx, now, user, id, &guide, checked)).await.map(drop)
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
