//! Beginning a study with what was set up for another, and the archive.

use rocket::{Route, State, post};
use utoipa::{OpenApi, ToSchema};

use crate::actions::archive_study::{archive_study, unarchive_study};
use crate::actions::copy_study::{Parts, copy_study};
use crate::domain::access::Right;
use crate::id::{StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::studies::{self, StudyItem};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::openapi::Nothing;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![copy, archive, unarchive]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(copy, archive, unarchive))]
pub struct Reference;

/// Begins a study with what was set up for another.
///
/// Never with its people, their answers or its members; whoever copies is its owner. What held for the other one alone
/// is left out: the ethical review, the window of the fieldwork, the fixed online meeting. A study in the archive can
/// be copied too.
#[utoipa::path(
    params(RepeatKey),
    request_body = CopyAsked,
    responses((status = 201, description = "The new study.", body = StudyItem)),
)]
#[post("/studies/<study>/copy", data = "<body>")]
async fn copy(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, from) = (app.clock.now(), who.user, study.0);
    let (title, parts) =
        app.told(copy_asked(body.fields()), Place::Study(from), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| copy_study(tx, now, user, from, &title, parts)).await?;
    Answer::made(&made, find(app, user, made.resource).await?)
}

/// What a copy takes over; each is taken over when left out.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct CopyAsked {
    /// The title of the new study.
    #[schema(max_length = 200)]
    title: String,
    /// The strata with their targets and caps; without them the usual ones.
    strata: Option<bool>,
    /// The consent form that is in use, as a draft.
    consent_form: Option<bool>,
    /// The guide that is in use, as a draft.
    guide: Option<bool>,
    /// The study's own words for letters.
    wordings: Option<bool>,
    /// What is told about personal data.
    privacy_notice: Option<bool>,
    /// The hours of whoever copies.
    availability: Option<bool>,
}

fn copy_asked(mut fields: Fields) -> Outcome<(String, Parts)> {
    let title = fields.required("title", input::line);
    let mut part = |name: &str| fields.optional(name, input::boolean).unwrap_or(true);
    let parts = Parts {
        strata: part("strata"),
        consent_form: part("consent_form"),
        guide: part("guide"),
        wordings: part("wordings"),
        privacy_notice: part("privacy_notice"),
        availability: part("availability"),
    };
    fields.finish(|| Some((title?, parts)))
}

/// Puts a study into the archive, in which it is read and taken out but not changed.
///
/// It has to be closed, without an interview ahead; else it is refused with `wrong_state`.
#[utoipa::path(
    params(RepeatKey),
    request_body = ArchiveAsked,
    responses((status = 200, description = "The study.", body = StudyItem)),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
#[post("/studies/<study>/archive", data = "<body>")]
async fn archive(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = body.fields();
    let exported = fields.required("exported", input::boolean);
    if exported == Some(false) {
        fields.note("exported", FieldProblem::new("", FieldCode::Required));
    }
    app.told(fields.finish(|| exported), Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made = app
        .store
        .write_once(once, move |tx| Ok(archive_study(tx, now, user, study)?.map(|()| Made::new(200, study))))
        .await?;
    Answer::made(&made, find(app, user, study).await?)
}

/// What is said by whoever archives a study.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct ArchiveAsked {
    /// That what is needed was taken out: true.
    exported: bool,
}

/// Takes a study out of the archive; it stays closed.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The study.", body = StudyItem)),
)]
#[post("/studies/<study>/unarchive", data = "<body>")]
async fn unarchive(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    app.told(body.fields().finish(|| Some(())), Place::Study(study), user, Right::ChangeStudy).await?;
    let once = key.once(user, &body.raw, now);
    let made =
        app.store
            .write_once(once, move |tx| {
                Ok(unarchive_study(tx, now, user, study)?.map(|()| Made::new(200, study)))
            })
            .await?;
    Answer::made(&made, find(app, user, study).await?)
}

async fn find(app: &App, user: UserId, study: StudyId) -> Outcome<StudyItem> {
    app.store.read(move |tx| studies::get(tx, user, study)).await
}
