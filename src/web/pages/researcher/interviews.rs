//! The interviews of a study, and one interview: what became of it, and calling it off.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::json;

use super::desk::{At, base, done, wrong};
use crate::actions::cancel::cancel_interview;
use crate::actions::delegate::remove_delegate_of;
use crate::actions::note_view::View;
use crate::actions::record::{Became, record};
use crate::actions::retry_meetings::retry_meetings;
use crate::actions::second_interviewer::set_second_interviewer;
use crate::actions::set_join_link::set_join_link;
use crate::domain::delivery::LetterState;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::meeting::{MeetingState, Wanted};
use crate::id::{InterviewId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::agenda::{self, AgendaItem, InterviewDetail, Part};
use crate::queries::incoming_mail::{self, CalendarAnswer};
use crate::queries::meetings::{self, TeamsMeeting, TeamsMeetings};
use crate::queries::page::{Cursor, Page};
use crate::queries::reminders::{self, Reminders};
use crate::store::Tx;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::Query;
use crate::words::letters::{Venue, When};
use crate::words::pages::researcher::{
    self as pages, AnswerRow, Choice, InterviewRow, MeetingRow, ReminderRow, Section,
};
use crate::words::pages::respondent::Meeting;
use crate::words::pages::shared::{Deed, FieldMessage};
use crate::words::{dates, phrase, problem_sentence};

/// How many interviews a part of the list shows at once.
const LIMIT: usize = 50;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, held, no_show, cancel, set_link, set_second, retry_meeting, remove_delegate]
}

#[get("/studies/<study>/interviews")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = query.fields(&["after", "before"]);
    let (after, before) = (fields.optional("after", input::id), fields.optional("before", input::id));
    let (after, before) = fields.finish(|| Some((after, before)))?;
    let (desk, item) = at.study(app, &who, study, Section::Interviews).await?;
    let place = |cursor: Option<Cursor<InterviewId>>| cursor.map(|Cursor(start, id)| (start, id));
    let (ahead, behind) = ((Part::Ahead, place(after)), (Part::Behind, place(before)));
    let (upcoming, past) = app
        .store
        .read(move |tx| {
            let upcoming = agenda::page(tx, user, study, ahead, now, LIMIT)?;
            Ok((upcoming, agenda::page(tx, user, study, behind, now, LIMIT)?))
        })
        .await?;
    app.note_view(user, View::Interviews(study)).await?;
    let zone = item.study.rules.time_zone;
    let rows = |page: &Page<AgendaItem>| page.items.iter().map(|item| row(at.language, zone, item)).collect();
    let more = |name: &str, next: &Option<String>| {
        next.as_ref().map(|cursor| format!("{}/interviews?{name}={cursor}", base(study)))
    };
    let page = pages::InterviewList {
        upcoming: rows(&upcoming),
        later: more("after", &upcoming.next),
        past: rows(&past),
        next: more("before", &past.next),
        first: (after.is_some() || before.is_some()).then(|| format!("{}/interviews", base(study))),
        desk,
    };
    Html::page(at.language, page)
}

/// An interview as a row of a list.
#[must_use]
pub fn row(language: Language, zone: Tz, item: &AgendaItem) -> InterviewRow {
    InterviewRow {
        href: format!("/interviews/{}", item.id),
        code: item.code.clone(),
        name: item.name.clone(),
        municipality: item.municipality.clone(),
        at: dates::stamp(language, zone, item.starts_at),
        mode: item.mode,
        link_missing: item.link_missing,
        status: item.status.as_str().to_owned(),
    }
}

#[get("/interviews/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<InterviewId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, id.0).await?)
}

async fn page(app: &App, who: &Researcher, at: &At, id: InterviewId) -> Outcome<pages::InterviewDetail> {
    let (now, user) = (app.clock.now(), who.user);
    let read = move |tx: &mut Tx<'_>| {
        let reminders = reminders::of(tx, user, id)?;
        let answers = incoming_mail::answers(tx, user, id)?;
        Ok((agenda::detail(tx, user, id)?, reminders, meetings::of(tx, user, id)?, answers))
    };
    let (detail, reminders, meetings, answers) = app.store.read(read).await?;
    app.note_view(user, View::Interview(id)).await?;
    let (desk, item) = at.study(app, who, detail.study, Section::Interviews).await?;
    let zone = item.study.rules.time_zone;
    Ok(pages::InterviewDetail {
        desk,
        base: page_of(id),
        respondent: (!detail.is_erased).then(|| format!("/respondents/{}", detail.interview.respondent)),
        meeting: meeting(at.language, zone, &detail),
        status: detail.interview.status.as_str().to_owned(),
        meetings: meeting_rows(at.language, zone, &meetings),
        answers: answers.into_iter().map(|answer| answer_row(at.language, zone, answer)).collect(),
        reminders: reminder_rows(at.language, zone, &reminders),
        delegate: detail
            .interview
            .delegate
            .as_ref()
            .map(|who| format!("{} ({})", who.name, who.email.as_str())),
        begun: detail.interview.starts_at <= now,
        join_link: detail.own_link.unwrap_or_default(),
        code: detail.interview.code,
        name: detail.name,
        municipality: detail.municipality,
        interviewer: detail.interviewer,
        second: detail.second,
        seconds: detail.candidates.into_iter().map(|(id, label)| choice(id, label)).collect(),
        second_chosen: detail.interview.second_interviewer.map(|id| id.to_string()).unwrap_or_default(),
        reason: detail.reason,
        cancel_reason: String::new(),
        errors: Vec::new(),
    })
}

fn choice(id: UserId, label: String) -> Choice {
    Choice { value: id.to_string(), label }
}

/// The meetings of an interview that somebody may want to know of.
fn meeting_rows(language: Language, zone: Tz, meetings: &TeamsMeetings) -> Vec<MeetingRow> {
    let told = |each: &&TeamsMeeting| (each.wanted, each.state) != (Wanted::Gone, MeetingState::Settled);
    let row = |each: &TeamsMeeting| MeetingRow {
        wanted: each.wanted.to_string(),
        state: each.state.to_string(),
        problem: each.problem.map(|problem| problem.to_string()),
        next: each.next_at.filter(|_| each.problem.is_some()).map(|at| dates::stamp(language, zone, at)),
    };
    meetings.items.iter().filter(told).map(row).collect()
}

fn answer_row(language: Language, zone: Tz, answer: CalendarAnswer) -> AnswerRow {
    AnswerRow {
        of: answer.of.to_owned(),
        attendance: answer.attendance.as_str().to_owned(),
        earlier: !answer.on_this_time,
        at: dates::stamp(language, zone, answer.noted_at),
        comment: answer.comment,
    }
}

/// The reminders of an interview: the letters that were made, then those to come.
fn reminder_rows(language: Language, zone: Tz, reminders: &Reminders) -> Vec<ReminderRow> {
    let row = |at, minutes, to: &str, state: Option<LetterState>| ReminderRow {
        at: dates::stamp(language, zone, at),
        lead: dates::lead(language, minutes),
        to: to.to_owned(),
        state: state.map(|state| state.as_str().to_owned()),
    };
    let letters = reminders.letters.iter();
    let made = letters.map(|letter| row(letter.at, letter.lead_minutes, letter.to, Some(letter.state)));
    let to_come = reminders.planned.iter().map(|each| row(each.at, each.lead_minutes, "both", None));
    made.chain(to_come).collect()
}

/// When and where an interview is, as its researchers may know.
#[must_use]
pub fn meeting(language: Language, zone: Tz, detail: &InterviewDetail) -> Meeting {
    let interview = &detail.interview;
    let place = match (interview.mode, &interview.place) {
        (Mode::InPerson, None) if detail.shows_place => {
            let municipality = json!({ "municipality": detail.municipality });
            Some(phrase(language, "invite.town_hall", &municipality))
        }
        (Mode::InPerson, place) => place.clone(),
        (Mode::Teams, _) => None,
    };
    let join_link = interview.join_link.clone().filter(|_| interview.mode == Mode::Teams);
    Meeting {
        when: When::new(language, zone, interview.starts_at, interview.ends_at),
        venue: Venue { mode: interview.mode, place, join_link },
    }
}

/// The page of an interview.
#[must_use]
pub fn page_of(id: InterviewId) -> String {
    format!("/interviews/{id}")
}

#[post("/interviews/<id>/held", data = "<form>")]
async fn held(app: &State<App>, id: Id<InterviewId>, form: SignedForm) -> Outcome<Redirect> {
    note(app, id.0, form, Became::Held).await?;
    Ok(done(&page_of(id.0), Deed::Held))
}

#[post("/interviews/<id>/no-show", data = "<form>")]
async fn no_show(app: &State<App>, id: Id<InterviewId>, form: SignedForm) -> Outcome<Redirect> {
    note(app, id.0, form, Became::NoShow).await?;
    Ok(done(&page_of(id.0), Deed::NoShow))
}

async fn note(app: &App, id: InterviewId, form: SignedForm, became: Became) -> Outcome<()> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write_once(form.once(now), move |tx| record(tx, now, user, id, became)).await.map(drop)
}

#[post("/interviews/<id>/cancel", data = "<form>")]
async fn cancel(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let mut fields = form.given.fields();
    let reason = fields.optional("reason", input::prose);
    let reason = match fields.finish(|| Some(reason)) {
        Ok(reason) => reason,
        Err(problem) => return again(app, at, id, &form, problem).await,
    };
    let once = form.once(now);
    app.store.write_once(once, move |tx| cancel_interview(tx, now, user, id, reason.as_deref())).await?;
    Ok(Either::Left(done(&page_of(id), Deed::CalledOff)))
}

#[post("/interviews/<id>/meetings/retry", data = "<form>")]
async fn retry_meeting(app: &State<App>, id: Id<InterviewId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    app.store.write_once(form.once(now), move |tx| retry_meetings(tx, now, user, id)).await?;
    Ok(done(&page_of(id), Deed::MeetingAsked))
}

#[post("/interviews/<id>/join-link", data = "<form>")]
async fn set_link(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let mut fields = form.given.fields();
    let link = fields.optional("join_link", input::text);
    let outcome = match fields.finish(|| Some(link)) {
        Ok(link) => {
            let once = form.once(now);
            app.store.write_once(once, move |tx| set_join_link(tx, now, user, id, link.as_deref())).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(Either::Left(done(&page_of(id), Deed::LinkSet))),
        Err(problem) => again(app, at, id, &form, problem).await,
    }
}

#[post("/interviews/<id>/second-interviewer", data = "<form>")]
async fn set_second(
    app: &State<App>,
    at: At,
    id: Id<InterviewId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let mut fields = form.given.fields();
    let second = fields.optional("second_interviewer", input::id);
    let outcome = match fields.finish(|| Some(second)) {
        Ok(second) => {
            let once = form.once(now);
            app.store.write_once(once, move |tx| set_second_interviewer(tx, now, user, id, second)).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(Either::Left(done(&page_of(id), Deed::SecondSet))),
        Err(problem) => again(app, at, id, &form, problem).await,
    }
}

#[post("/interviews/<id>/delegate", data = "<form>")]
async fn remove_delegate(app: &State<App>, id: Id<InterviewId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    app.store.write_once(form.once(now), move |tx| remove_delegate_of(tx, now, user, id)).await?;
    Ok(done(&page_of(id), Deed::DelegateRemoved))
}

/// The page of the interview with what was wrong with one of its forms and what was typed into it.
async fn again(
    app: &App,
    at: At,
    id: InterviewId,
    form: &SignedForm,
    problem: Problem,
) -> Outcome<Either<Redirect, Html>> {
    let at = at.on(page_of(id));
    let errors = match &problem {
        Problem::SecondInterviewerTaken | Problem::SecondInterviewerAway => {
            let message = problem_sentence(at.language, &problem);
            Some(vec![FieldMessage { field: "second_interviewer".to_owned(), label: None, message }])
        }
        other => wrong(at.language, other),
    };
    let Some(errors) = errors else { return Err(problem) };
    let page = page(app, &form.who, &at, id).await?;
    let typed = form.given.text("join_link");
    let chosen = form.given.has("second_interviewer").then(|| form.given.text("second_interviewer"));
    let page = pages::InterviewDetail {
        second_chosen: chosen.unwrap_or(page.second_chosen),
        cancel_reason: form.given.text("reason"),
        join_link: if typed.is_empty() { page.join_link } else { typed },
        errors,
        ..page
    };
    Ok(Either::Right(Html::again(at.language, &problem, page)?))
}

/// Why a form is shown again, in a sentence, where that is no matter of one field; other problems are pages of their
/// own.
#[must_use]
pub fn is_about_time(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::SlotTaken { .. }
            | Problem::SecondInterviewerTaken
            | Problem::SecondInterviewerAway
            | Problem::DayFull
            | Problem::WeekFull
            | Problem::OutsideAvailability
            | Problem::OutsideWindow
            | Problem::TooSoon
    )
}
