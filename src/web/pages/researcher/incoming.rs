//! The mail that came in and waits for a person: the list, one message, and telling what it means.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, at_fields, base, demand_sight, done};
use crate::actions::note_view::View;
use crate::actions::settle_mail::{Meaning, settle_mail};
use crate::domain::access::Right;
use crate::domain::attendance::Attendance;
use crate::domain::incoming::Told;
use crate::domain::language::Language;
use crate::id::{IncomingId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::queries::incoming_mail::{self, Message};
use crate::queries::page::{Page, one_more};
use crate::web::App;
use crate::web::api::incoming_mail::ATTENDANCES;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::mail_in;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{IncomingDetail, IncomingList, IncomingRow, MailIn, Section};
use crate::words::pages::shared::Deed;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, answer, object, discard]
}

#[get("/studies/<study>/incoming-mail")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing(&mut fields);
    let before = fields.finish(|| Some(part.after))?;
    let (desk, item) = at.study(app, &who, study, Section::Letters).await?;
    demand_sight(&item, Right::Contacts)?;
    let rows =
        app.store.read(move |tx| incoming_mail::page(tx, user, study, before, one_more(part.limit))).await?;
    app.note_view(user, View::Mail(study)).await?;
    let page = Page::cut(rows, part.limit, |message| message.id.to_string());
    let zone = item.study.rules.time_zone;
    let Ways { first, next } = part.ways(&list_of(study), &[], page.next.as_deref());
    let list = IncomingList {
        desk,
        rows: page.items.iter().map(|message| row(at.language, zone, message)).collect(),
        state: state(app, at.language, zone).await?,
        first,
        next,
    };
    Html::page(at.language, list)
}

/// How mail comes in, in words.
async fn state(app: &App, language: Language, zone: Tz) -> Outcome<MailIn> {
    let state = mail_in::state(app).await?;
    let told = |at| dates::stamp(language, zone, at);
    Ok(MailIn {
        way: state.way().to_owned(),
        read_at: state.progress.read_at.map(told),
        failing_since: state.progress.failing_since.map(told),
        failure: state.progress.failure,
    })
}

fn row(language: Language, zone: Tz, message: &Message) -> IncomingRow {
    IncomingRow {
        href: page_of(message.id),
        at: dates::stamp(language, zone, message.received_at),
        kind: message.kind.as_str().to_owned(),
        doubt: message.doubt.map(|doubt| doubt.as_str().to_owned()),
        sender: message.sender.clone(),
        subject: message.subject.clone(),
        code: message.code.clone(),
    }
}

fn list_of(study: StudyId) -> String {
    format!("{}/incoming-mail", base(study))
}

fn page_of(id: IncomingId) -> String {
    format!("/incoming-mail/{id}")
}

#[get("/incoming-mail/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<IncomingId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, id.0).await?.1)
}

async fn page(app: &App, who: &Researcher, at: &At, id: IncomingId) -> Outcome<(StudyId, IncomingDetail)> {
    let user = who.user;
    let (study, message) = app.store.read(move |tx| incoming_mail::one(tx, user, id)).await?;
    app.note_view(user, View::Mail(study)).await?;
    let (desk, item) = at.study(app, who, study, Section::Letters).await?;
    let zone = item.study.rules.time_zone;
    let page = IncomingDetail {
        desk,
        base: page_of(id),
        message: row(at.language, zone, &message),
        interview: message.interview.map(|id| format!("/interviews/{id}")),
        text: message.text.unwrap_or_default(),
        proposes: message.answer.as_ref().and_then(|answer| proposed(at.language, zone, answer)),
        comment: message.answer.and_then(|answer| answer.comment),
        elsewhere: message.waits_elsewhere,
        kept_until: dates::stamp(at.language, zone, message.kept_until),
        attendances: Attendance::ALL.map(|answer| answer.as_str().to_owned()).into(),
        code: message.code.unwrap_or_default(),
        attendance: String::new(),
        errors: Vec::new(),
    };
    Ok((study, page))
}

/// The time that a calendar proposes, in words.
fn proposed(language: Language, zone: Tz, answer: &Told) -> Option<String> {
    let starts_at = answer.starts_at?;
    let day = dates::day(language, zone, starts_at);
    let time = match answer.ends_at.filter(|ends_at| starts_at < *ends_at) {
        Some(ends_at) => dates::hours(language, zone, starts_at, ends_at),
        None => dates::time(language, zone, starts_at),
    };
    Some(format!("{day}, {time}"))
}

#[post("/incoming-mail/<id>/answer", data = "<form>")]
async fn answer(
    app: &State<App>,
    at: At,
    id: Id<IncomingId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, id) = (form.who.user, id.0);
    let mut fields = form.given.fields();
    let code = fields.required("code", input::line);
    let attendance = fields.required("attendance", input::word::<Attendance>(ATTENDANCES));
    let meaning = match fields.finish(|| code.zip(attendance)) {
        Ok((code, attendance)) => {
            respondent(app, user, id, code).await.map(|respondent| Meaning::Answer(respondent, attendance))
        }
        Err(problem) => Err(problem),
    };
    settled(app, at, id, form, meaning).await
}

#[post("/incoming-mail/<id>/opt-out", data = "<form>")]
async fn object(
    app: &State<App>,
    at: At,
    id: Id<IncomingId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, id) = (form.who.user, id.0);
    let mut fields = form.given.fields();
    let code = fields.required("code", input::line);
    let meaning = match fields.finish(|| code) {
        Ok(code) => respondent(app, user, id, code).await.map(Meaning::Objection),
        Err(problem) => Err(problem),
    };
    settled(app, at, id, form, meaning).await
}

#[post("/incoming-mail/<id>/discard", data = "<form>")]
async fn discard(
    app: &State<App>,
    at: At,
    id: Id<IncomingId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    settled(app, at, id.0, form, Ok(Meaning::Nothing)).await
}

/// The respondent whose code was typed.
async fn respondent(
    app: &App,
    user: UserId,
    id: IncomingId,
    code: String,
) -> Outcome<crate::id::RespondentId> {
    app.store.read(move |tx| incoming_mail::one(tx, user, id).map(drop)).await?;
    let found = app.store.read(move |tx| incoming_mail::respondent(tx, user, id, code.trim())).await;
    found.map_err(|problem| match problem {
        Problem::NotFound => Problem::field("code", FieldCode::UnknownReference),
        other => other,
    })
}

/// Settles a message, or shows it again with what was wrong.
async fn settled(
    app: &App,
    at: At,
    id: IncomingId,
    form: SignedForm,
    meaning: Outcome<Meaning>,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user) = (app.clock.now(), form.who.user);
    let outcome = match meaning {
        Ok(meaning) => {
            let study = app.store.read(move |tx| incoming_mail::one(tx, user, id)).await?.0;
            let once = form.once(now);
            let made = app.store.write_once(once, move |tx| settle_mail(tx, now, user, id, meaning)).await;
            made.map(|_| study)
        }
        Err(problem) => Err(problem),
    };
    let problem = match outcome {
        Ok(study) => return Ok(Either::Left(done(&list_of(study), Deed::MailSettled))),
        Err(Problem::NoInterview) => Problem::field("code", FieldCode::UnknownReference),
        Err(problem) => problem,
    };
    let (errors, problem) = at_fields(at.language, problem)?;
    let at = at.on(page_of(id));
    let (_, page) = page(app, &form.who, &at, id).await?;
    let (code, attendance) = (form.given.text("code"), form.given.text("attendance"));
    let page = IncomingDetail { code, attendance, errors, ..page };
    Html::again(at.language, &problem, page).map(Either::Right)
}
