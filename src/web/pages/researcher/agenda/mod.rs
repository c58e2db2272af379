//! The agenda of a study: a week or a day of it, and what can be put into it.

pub(super) mod asked;
mod block;
mod book;
mod time;
mod view;

use chrono::NaiveDate;
use rocket::{Route, State, get};
use url::form_urlencoded::Serializer;

use super::desk::{At, at_fields, base};
use crate::domain::access::Right;
use crate::domain::agenda::{Extent, Sheet};
use crate::domain::availability::date_at;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::agenda::days;
use crate::web::App;
use crate::web::api::agenda::EXTENTS;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::query::Query;
use crate::words::pages::researcher::{Agenda, Section};

/// What stands in the address for the agenda of everybody.
const EVERYBODY: &str = "all";

/// The routes of these files.
#[must_use]
pub fn routes() -> Vec<Route> {
    [rocket::routes![show], block::routes(), book::routes(), time::routes()].concat()
}

/// Which agenda is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The study.
    pub study: StudyId,
    /// The days.
    pub sheet: Sheet,
    /// Whose; `None` for everybody's.
    pub who: Option<UserId>,
    /// The date in the study's zone.
    pub today: NaiveDate,
}

impl Asked {
    /// The address of the page.
    fn address(self) -> String {
        let who = self.who.map_or_else(|| EVERYBODY.to_owned(), |who| who.to_string());
        let mut query = Serializer::new(String::new());
        query.append_pair("view", self.sheet.extent().as_str());
        query.append_pair("date", &self.sheet.first().to_string());
        query.append_pair("who", &who);
        format!("{}/agenda?{}", base(self.study), query.finish())
    }
}

/// The address of a week or a day of somebody.
pub(super) fn address(study: StudyId, extent: Extent, date: NaiveDate, who: Option<UserId>) -> String {
    Asked { study, sheet: Sheet::of(extent, date), who, today: date }.address()
}

/// What an address asks for. Whoever plans interviews sees their own week first; others see everybody's.
fn read(query: &Query, usual: Asked) -> Outcome<Asked> {
    let everybody = query.text("who") == EVERYBODY;
    let names: &[&str] = if everybody { &["view", "date"] } else { &["view", "date", "who"] };
    let mut fields = query.fields(names);
    let extent = fields.optional("view", input::word::<Extent>(EXTENTS));
    let date = fields.optional("date", input::date);
    let whose = fields.optional("who", input::id);
    fields.finish(|| {
        let sheet = Sheet::of(extent.unwrap_or(Extent::Week), date.unwrap_or(usual.today));
        let own = if everybody { None } else { usual.who };
        Some(Asked { sheet, who: whose.or(own), ..usual })
    })
}

/// What can't be read or found is told above the agenda that is usual.
#[get("/studies/<study>/agenda")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Agenda).await?;
    let today = date_at(item.study.rules.time_zone, now);
    let plans = item.role.may(Right::PlanSelf);
    let usual = Asked { study, sheet: Sheet::of(Extent::Week, today), who: plans.then_some(user), today };
    let (asked, mut problem) = match read(&query, usual) {
        Ok(asked) => (asked, None),
        Err(problem) => (usual, Some(problem)),
    };
    let days = |asked: Asked| app.store.read(move |tx| days::of(tx, user, study, asked.sheet, None, now));
    let (mut asked, found) = match days(asked).await {
        Err(Problem::RangeTooWide) => {
            problem = Some(Problem::field("date", FieldCode::Value));
            (usual, days(usual).await?)
        }
        found => (asked, found?),
    };
    if asked.who.is_some_and(|who| found.interviewers.iter().all(|diary| diary.interviewer != who)) {
        problem = problem.or_else(|| Some(Problem::field("who", FieldCode::UnknownReference)));
        asked.who = None;
    }
    let page = view::Page { language: at.language, now, asked, item: &item }.of(desk, &found);
    let Some(problem) = problem else { return Html::page(at.language, page) };
    let (errors, problem) = at_fields(at.language, problem)?;
    Html::again(at.language, &problem, Agenda { errors, ..page })
}
