//! The last question before an interview is moved: how it was, how it will be, and which letters leave. What is dragged
//! in the agenda ends here as well; nothing moves before the button is pressed.

use rocket::{Route, State, get};
use serde_json::json;

use super::agenda::asked::{NAMES, Wanted, demand_planner, refusal, refused, typed, venue, wanted};
use super::desk::{At, at_fields, demand};
use super::interviews::{meeting, page_of};
use crate::actions::note_view::View;
use crate::domain::access::Right;
use crate::domain::availability::{date_at, parse_date};
use crate::domain::interview::{Asker, Mode};
use crate::domain::language::Language;
use crate::id::InterviewId;
use crate::problem::Outcome;
use crate::queries::agenda::{self, InterviewDetail};
use crate::queries::studies::StudyItem;
use crate::queries::why_not::{self, Question};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::query::Query;
use crate::words::letters::When;
use crate::words::pages::researcher::{Arrangement, Choice, Desk, Section};
use crate::words::pages::respondent::Meeting;
use crate::words::{phrase, word};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![check]
}

#[get("/interviews/<id>/reschedule/check")]
async fn check(
    app: &State<App>,
    who: Researcher,
    at: At,
    id: Id<InterviewId>,
    query: Query,
) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let detail = app.store.read(move |tx| agenda::detail(tx, user, id)).await?;
    app.note_view(user, View::Interview(id)).await?;
    let (desk, item) = at.study(app, &who, detail.study, Section::Agenda).await?;
    demand(&item, Right::Interviews)?;
    let page = blank(at.language, desk, (&item, &detail), &query);
    let problem = match judge(app, &who, &at, (&item, &detail), &query, page.clone()).await {
        Ok(page) => return Html::page(at.language, page),
        Err(problem) => problem,
    };
    let (errors, problem) = at_fields(at.language, problem)?;
    Html::again(at.language, &problem, Arrangement { errors, ..page })
}

/// The page as long as nothing is known of what will be.
fn blank(
    language: Language,
    desk: Desk,
    (item, detail): (&StudyItem, &InterviewDetail),
    query: &Query,
) -> Arrangement {
    let (rules, zone, here) = (&item.study.rules, item.study.rules.time_zone, page_of(detail.interview.id));
    let (date, time) = typed(query, zone);
    let day = parse_date(&date).unwrap_or_else(|| date_at(zone, detail.interview.starts_at));
    Arrangement {
        desk,
        code: detail.interview.code.clone(),
        name: detail.name.clone(),
        municipality: detail.municipality.clone(),
        before: Some(meeting(language, zone, detail)),
        after: None,
        interviewer: Some(detail.interviewer.clone()),
        letters: Vec::new(),
        refused: None,
        free: Some(format!("{here}/reschedule?from={day}")),
        action: format!("{here}/reschedule"),
        back: here,
        fields: Vec::new(),
        date,
        time,
        modes: rules.modes.clone(),
        mode: query.text("mode").parse().unwrap_or(detail.interview.mode),
        place: place_typed(query, detail),
        errors: Vec::new(),
    }
}

/// The address in the form: what was typed, else where the interview is now.
fn place_typed(query: &Query, detail: &InterviewDetail) -> String {
    let typed = query.text("place");
    if typed.is_empty() && !query.is_bare("place") {
        detail.interview.place.clone().unwrap_or_default()
    } else {
        typed
    }
}

/// The page with what will be, or why it can't be.
async fn judge(
    app: &App,
    who: &Researcher,
    at: &At,
    (item, detail): (&StudyItem, &InterviewDetail),
    query: &Query,
    page: Arrangement,
) -> Outcome<Arrangement> {
    let (now, user, study, language) = (app.clock.now(), who.user, detail.study, at.language);
    let (zone, interview) = (item.study.rules.time_zone, &detail.interview);
    let mut fields = query.fields(&NAMES);
    let asked = wanted(&mut fields, query, zone);
    let asked = fields.finish(|| asked)?;
    let mode = asked.mode.unwrap_or(interview.mode);
    let place =
        Some(page.place.trim().to_owned()).filter(|place| mode == Mode::InPerson && !place.is_empty());
    let stays =
        asked.at == interview.starts_at && asked.interviewer.is_none_or(|with| with == interview.interviewer);
    if stays && mode == interview.mode && place == interview.place {
        let said = vec![word(language, "agenda.unchanged")];
        return Ok(Arrangement { refused: Some(refused(language, zone, asked.at, said)), ..page });
    }
    let (moment, respondent) = (asked.at, Some(interview.respondent));
    let question = Question { at: moment, mode: Some(mode), respondent, asker: Asker::Researcher };
    let found = app.store.read(move |tx| why_not::of(tx, user, study, question, now)).await?;
    demand_planner(&found, asked.interviewer)?;
    let with = found.interviewers.iter().find(|each| match asked.interviewer {
        Some(wanted) => each.interviewer == wanted,
        None => each.interviewer == interview.interviewer && (each.free || stays),
    });
    let with = with.map(|each| (each.interviewer, each.name.clone()));
    let ends_at = if stays { interview.ends_at } else { found.ends_at };
    if !stays && let Some(refused) = refusal(language, zone, found, asked.interviewer) {
        return Ok(Arrangement { refused: Some(refused), ..page });
    }
    let after = Meeting {
        when: When::new(language, zone, moment, ends_at),
        venue: venue(language, mode, place.as_deref(), &detail.municipality),
    };
    let stays_with = with.as_ref().is_none_or(|(who, _)| *who == interview.interviewer);
    Ok(Arrangement {
        after: Some(after),
        interviewer: with.map(|(_, name)| name),
        letters: letters(language, detail, stays_with),
        fields: posted(&asked, mode, place),
        ..page
    })
}

/// The letters that will leave: where a colleague takes over, to three people.
fn letters(language: Language, detail: &InterviewDetail, stays_with: bool) -> Vec<String> {
    let parameters = json!({ "code": detail.interview.code, "name": detail.interviewer });
    let kinds: &[&str] = if stays_with {
        &["moved", "interviewer_moved"]
    } else {
        &["moved", "interviewer_cancelled", "interviewer_booked"]
    };
    kinds.iter().map(|kind| phrase(language, &format!("agenda.letter.{kind}"), &parameters)).collect()
}

/// What the button posts, under the names of the API.
fn posted(asked: &Wanted, mode: Mode, place: Option<String>) -> Vec<Choice> {
    let with = asked.interviewer.map(|with| with.to_string());
    let named = [
        ("starts_at", Some(asked.at.to_string())),
        ("mode", Some(mode.to_string())),
        ("place", place),
        ("interviewer", with),
    ];
    let given = named.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.map(|(name, value)| Choice { value, label: name.to_owned() }).collect()
}
