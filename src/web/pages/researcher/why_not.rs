//! Why a moment is not offered.

use chrono_tz::Tz;
use rocket::{Route, State, get};

use super::desk::{At, at_fields};
use crate::domain::availability::{WallTime, date_at, moment_at};
use crate::domain::interview::{Asker, Mode};
use crate::domain::language::Language;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome};
use crate::queries::respondents;
use crate::queries::why_not::{self, Question};
use crate::web::App;
use crate::web::api::interviews::MODES;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{Section, VerdictRow, WhyNot, WhyNotAnswer};

/// The time that stands in the form at first.
const USUAL_TIME: &str = "10:00";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![ask]
}

#[get("/studies/<study>/why-not")]
async fn ask(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Availability).await?;
    let rules = item.study.rules;
    let zone = rules.time_zone;
    let typed = |name: &str| query.text(name);
    let is_asked = !typed("date").is_empty();
    let page = WhyNot {
        desk,
        time_zone: zone.name().to_owned(),
        date: if is_asked { typed("date") } else { date_at(zone, now).to_string() },
        time: if is_asked { typed("time") } else { USUAL_TIME.to_owned() },
        mode: typed("mode").parse().ok(),
        modes: rules.modes,
        code: typed("code"),
        answer: None,
        errors: Vec::new(),
    };
    if !is_asked {
        return Html::page(at.language, page);
    }
    match answer(app, user, (study, zone), &query, at.language).await {
        Ok(answer) => Html::page(at.language, WhyNot { answer: Some(answer), ..page }),
        Err(problem) => {
            let (errors, problem) = at_fields(at.language, problem)?;
            Html::again(at.language, &problem, WhyNot { errors, ..page })
        }
    }
}

async fn answer(
    app: &App,
    user: UserId,
    (study, zone): (StudyId, Tz),
    query: &Query,
    language: Language,
) -> Outcome<WhyNotAnswer> {
    let now = app.clock.now();
    let mut fields = query.fields(&["date", "time", "mode", "code"]);
    let date = fields.required("date", input::date);
    let time = fields.required("time", |value| {
        let wrong = || FieldProblem::new("", FieldCode::Value).with("allowed", "00:00–24:00");
        input::raw(value)?.trim().parse::<WallTime>().map_err(|()| wrong())
    });
    let mode = fields.optional("mode", input::word::<Mode>(MODES));
    let code = fields.optional("code", input::line);
    let at = date.zip(time).map(|(date, time)| moment_at(zone, date, time));
    if at == Some(None) {
        fields.note("time", FieldProblem::new("", FieldCode::Skipped));
    }
    let (at, mode, code) = fields.finish(|| Some((at??, mode, code)))?;
    let found = app.store.read(move |tx| {
        let respondent = match &code {
            Some(code) => Some(respondents::id_of_code(tx, user, study, code.trim())?),
            None => None,
        };
        why_not::of(tx, user, study, Question { at, mode, respondent, asker: Asker::Respondent }, now)
    });
    let found = found.await?;
    let row = |verdict: why_not::Verdict| VerdictRow::new(language, verdict.name, &verdict.reasons);
    let obstacle = |found: &why_not::Obstacle| WhyNotAnswer::obstacle(language, found.as_str());
    Ok(WhyNotAnswer {
        at: dates::moment(language, zone, found.starts_at),
        mode: found.mode,
        offered: found.offered,
        obstacles: found.obstacles.iter().map(obstacle).collect(),
        rows: found.interviewers.into_iter().map(row).collect(),
    })
}
