//! Studies: making, seeing, changing, closing.

use rocket::{Route, State, get, patch, post};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use crate::actions::change_study::change_study;
use crate::actions::close_study::{close_study, reopen_study, tell_of_closing};
use crate::actions::create_study::create_study;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::Done;
use crate::domain::study::{Edit, PrivacyNotice, Study, StudyPatch};
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::{self, Place};
use crate::queries::page::Page;
use crate::queries::studies::{self, StudyItem};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, RepeatKey, Researcher, etag};
use crate::web::input::{self, Body, Fault, Fields};
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, create, show, change, close, reopen]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, create, show, change, close, reopen))]
pub struct Reference;

/// The studies of which one is a member, in the order of their making.
#[utoipa::path(
    params(Paged),
    responses((status = 200, description = "The studies.", body = Page<StudyItem>)),
)]
#[get("/studies")]
async fn list(app: &State<App>, who: Researcher, query: Query) -> Result<Answer, Problem> {
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after, limit } = listing(&mut fields);
    fields.finish(|| Some(()))?;
    Answer::ok(app.store.read(move |tx| studies::page(tx, who.user, after, limit)).await?)
}

/// Makes a study, of which one becomes the owner.
#[utoipa::path(
    params(RepeatKey),
    request_body = NewStudy,
    responses((status = 201, description = "The study.", body = StudyItem, headers(("ETag" = String)))),
)]
#[post("/studies", data = "<body>")]
async fn create(app: &State<App>, who: Researcher, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let study = new_study(body.fields(), now)?;
    let once = key.once(who.user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| Ok(create_study(tx, now, who.user, &study)?.map(|id| Made::new(201, id))))
        .await?;
    let study = find(app, who.user, made.resource).await?;
    let tag = etag(study.revision);
    Ok(Answer::made(&made, study)?.header("ETag", tag))
}

/// One study.
#[utoipa::path(responses((status = 200, description = "The study.", body = StudyItem, headers(("ETag" = String)))))]
#[get("/studies/<study>")]
async fn show(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    tagged(find(app, who.user, study.0).await?)
}

/// Changes a study.
///
/// Another date of population moves every respondent to the right stratum. Other rules bind new bookings only.
#[utoipa::path(
    params(IfMatch),
    request_body = StudyPatch,
    responses((status = 200, description = "The study.", body = StudyItem, headers(("ETag" = String)))),
)]
#[patch("/studies/<study>", data = "<body>")]
async fn change(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    revision: IfMatch,
    body: Body,
) -> Result<Answer, Problem> {
    let study = study.0;
    let place = Place::Study(study);
    app.store.read(move |tx| access::require(tx, place, who.user, Right::ChangeStudy)).await?;
    let before = find(app, who.user, study).await?;
    let patch = changes(body.fields(), &before.study)?;
    let now = app.clock.now();
    app.store
        .write(move |tx| change_study(tx, now, who.user, study, &patch, |found| revision.check(found)))
        .await?;
    tagged(find(app, who.user, study).await?)
}

/// Closes a study: it takes no more bookings.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Closing>,
    responses((status = 200, description = "The study.", body = StudyItem)),
)]
#[post("/studies/<study>/close", data = "<body>")]
async fn close(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = body.fields();
    let letters = fields.optional("letters", input::boolean).unwrap_or(false);
    let letters =
        app.told(fields.finish(|| Some(letters)), Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| Ok(close_study(tx, now, user, study)?.map(|()| Made::new(200, study))))
        .await?;
    if letters {
        tell_all(app, now, user, study).await?;
    }
    Answer::made(&made, find(app, user, study).await?)
}

/// Opens a closed study again.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The study.", body = StudyItem)),
)]
#[post("/studies/<study>/reopen", data = "<body>")]
async fn reopen(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let nothing = body.fields().finish(|| Some(()));
    app.told(nothing, Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| -> Outcome<Done<_>> {
            Ok(reopen_study(tx, now, user, study)?.map(|()| Made::new(200, study)))
        })
        .await?;
    Answer::made(&made, find(app, user, study).await?)
}

/// How a study is closed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Closing {
    /// Whether those who wait are told by mail; no when left out.
    letters: Option<bool>,
}

/// Tells everybody who waits that a study was closed, some at a time.
pub(in crate::web) async fn tell_all(app: &App, now: Instant, user: UserId, study: StudyId) -> Outcome<()> {
    let mut after = None;
    loop {
        after = app.store.write(move |tx| tell_of_closing(tx, now, user, study, after)).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// A new study. Only its title and its address are needed; the rest has sound defaults.
#[derive(ToSchema)]
#[schema(examples(json!({
    "title": "Sociaal domein in gesprek",
    "contact_email": "onderzoek@example.org",
    "population_on": "2022-01-01",
    "interview_minutes": 45,
    "modes": ["teams", "in_person"],
})))]
#[expect(dead_code, reason = "it only describes the body")]
struct NewStudy {
    #[serde(flatten)]
    patch: StudyPatch,
    /// The public name, as respondents read it.
    #[schema(max_length = 200)]
    title: String,
    /// Where respondents can ask: the Reply-To of all letters.
    contact_email: EmailAddress,
}

/// Reads a new study.
pub(in crate::web) fn new_study(mut fields: Fields, now: Instant) -> Outcome<Study> {
    let patch = read(&mut fields, Reading::New);
    let today = now.utc().with_timezone(&chrono_tz::Europe::Amsterdam).date_naive();
    let study = Study::create(&patch, today).map_err(|problems| fields.note_all(problems)).ok();
    fields.finish(|| study)
}

/// Reads what is to change in a study.
pub(in crate::web) fn changes(mut fields: Fields, before: &Study) -> Outcome<StudyPatch> {
    let patch = read(&mut fields, Reading::Change);
    if let Err(problems) = before.change(&patch) {
        fields.note_all(problems);
    }
    fields.finish(|| Some(patch))
}

async fn find(app: &State<App>, user: UserId, study: StudyId) -> Outcome<StudyItem> {
    app.store.read(move |tx| studies::get(tx, user, study)).await
}

fn tagged(study: StudyItem) -> Result<Answer, Problem> {
    let tag = etag(study.revision);
    Ok(Answer::ok(study)?.header("ETag", tag))
}

/// What a field that is null or left out means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// In a new study: the default.
    New,
    /// In a change: left out stays; null empties what may be empty and is refused elsewhere.
    Change,
}

fn read(f: &mut Fields, reading: Reading) -> StudyPatch {
    StudyPatch {
        title: needed(f, reading, "title", input::text),
        organisation: emptied(f, reading, "organisation"),
        contact_email: needed(f, reading, "contact_email", input::text),
        privacy_notice: privacy_notice(f),
        time_zone: needed(f, reading, "time_zone", input::text),
        language: needed(f, reading, "language", input::text),
        population_on: needed(f, reading, "population_on", input::text),
        interview_minutes: needed(f, reading, "interview_minutes", whole),
        slot_step_minutes: needed(f, reading, "slot_step_minutes", whole),
        buffer_minutes: needed(f, reading, "buffer_minutes", whole),
        min_notice_minutes: needed(f, reading, "min_notice_minutes", whole),
        horizon_days: needed(f, reading, "horizon_days", whole),
        window_from: edit(f, "window_from", input::text),
        window_until: edit(f, "window_until", input::text),
        modes: needed(f, reading, "modes", words),
        teams_link: edit(f, "teams_link", input::text),
        ethics: edit(f, "ethics", input::text),
        max_per_day: edit(f, "max_per_day", whole),
        max_reminders: needed(f, reading, "max_reminders", whole),
    }
}

/// The notice is given as a whole: null empties it, and so does each text that it lacks.
fn privacy_notice(fields: &mut Fields) -> Option<PrivacyNotice> {
    let notice = fields.change_object("privacy_notice", |given| {
        Some(PrivacyNotice {
            purpose: given.optional_bilingual("purpose"),
            address_source: given.optional_bilingual("address_source"),
            legal_basis: given.optional_bilingual("legal_basis"),
            retention: given.optional_bilingual("retention"),
        })
    });
    notice.map(Option::unwrap_or_default)
}

fn needed<T>(
    fields: &mut Fields,
    reading: Reading,
    name: &str,
    read: impl Fn(&Value) -> Result<T, Fault>,
) -> Option<T> {
    match reading {
        Reading::New => fields.optional(name, read),
        Reading::Change => fields.change(name, read),
    }
}

/// A text that may be empty, for which null says the same.
fn emptied(fields: &mut Fields, reading: Reading, name: &str) -> Option<String> {
    match reading {
        Reading::New => fields.optional(name, input::text),
        Reading::Change => fields.change_or_clear(name, input::text).map(Option::unwrap_or_default),
    }
}

fn edit<T>(fields: &mut Fields, name: &str, read: impl Fn(&Value) -> Result<T, Fault>) -> Edit<T> {
    match fields.change_or_clear(name, read) {
        None => Edit::Keep,
        Some(None) => Edit::Clear,
        Some(Some(value)) => Edit::Set(value),
    }
}

fn whole(value: &Value) -> Result<i64, Fault> {
    input::integer(i64::MIN, i64::MAX)(value)
}

fn words(value: &Value) -> Result<Vec<String>, Fault> {
    let fault = || FieldProblem::new("", FieldCode::Type).with("expected", "array");
    value.as_array().ok_or_else(fault)?.iter().map(|word| input::text(word).map_err(|_| fault())).collect()
}
