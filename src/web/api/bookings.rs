//! Interviews that a researcher books for somebody.

use rocket::{Route, State, post};
use utoipa::ToSchema;

use super::interviews::{MODES, answer};
use crate::actions::Wish;
use crate::actions::book_for::book_for;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::{Asker, Mode};
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::access::Place;
use crate::queries::interviews::InterviewView;
use crate::web::App;
use crate::web::answers::{Answer, Refused};
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};
use crate::web::participation::with_alternatives;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![book]
}

/// Books an interview for a respondent who asked a researcher to.
///
/// Only for whoever has consented to the form as it is now. Both sides get the letters of any booking. The notice of
/// the study does not bind researchers.
#[utoipa::path(
    params(RepeatKey),
    request_body = Booking,
    responses((status = 201, description = "The interview.", body = InterviewView)),
    extensions(("x-problems" = json!([
        "withdrawn", "study_closed", "consent_missing", "already_booked", "outside_availability", "outside_window",
        "contact_removed", "too_soon", "day_full", "week_full", "quota_full", "slot_taken",
    ]))),
)]
#[post("/studies/<study>/interviews", data = "<body>")]
pub(super) async fn book(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Refused> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let read = read_booking(body.fields());
    let (respondent, wish) = app.told(read, Place::Study(study), user, Right::Interviews).await?;
    let (once, domain) = (key.once(user, &body.raw, now), app.settings.mail_domain().to_owned());
    let whose = (study, respondent);
    let made = app.store.write_once(once, move |tx| book_for(tx, now, user, whose, &wish, &domain)).await;
    match made {
        Ok(made) => Ok(answer(app, user, made).await?),
        Err(problem) => Err(with_alternatives(app, problem, Asker::Researcher, now).await),
    }
}

/// For whom, when, how and where.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct Booking {
    /// Who is to be interviewed.
    respondent: RespondentId,
    /// When it is to begin.
    starts_at: Instant,
    /// How it is to be held.
    mode: Mode,
    /// Where, in person; null for the town hall.
    #[schema(max_length = 200)]
    place: Option<String>,
    /// Who is to hold it; null for whoever is free.
    interviewer: Option<UserId>,
}

/// Reads for whom an interview is to be booked, and when, how and where.
pub(in crate::web) fn read_booking(mut fields: Fields) -> Outcome<(RespondentId, Wish)> {
    let respondent = fields.required("respondent", input::id);
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let place = fields.optional("place", input::line);
    let interviewer = fields.optional("interviewer", input::id);
    fields.finish(|| {
        Some((respondent?, Wish { starts_at: starts_at?, mode: mode?, place, interviewer, delegate: None }))
    })
}
