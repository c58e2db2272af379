//! Why a moment is not offered.

use rocket::{Route, State, get};
use utoipa::OpenApi;

use super::interviews::MODES;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::{Asker, Mode};
use crate::id::{RespondentId, StudyId};
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::why_not::{self, Question, WhyNot};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::query::Query;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![ask]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(ask))]
pub struct Reference;

/// Why a moment is offered to respondents, or by which rules it is refused.
///
/// Every rule that refuses it is named for each interviewer. Of what takes an interviewer's time only the kind is told.
#[utoipa::path(
    params(
        ("at" = Instant, Query, description = "The moment at which an interview would begin."),
        (
            "mode" = Option<Mode>,
            Query,
            description = "How it would be held, which decides the travel. When left out, as the respondent's \
                interview that stands, else online where the study has that.",
        ),
        (
            "respondent" = Option<RespondentId>,
            Query,
            description = "For whom, which decides the municipality and the stratum. An interview that stands \
                would move.",
        ),
    ),
    responses((status = 200, description = "What speaks for and against it.", body = WhyNot)),
    extensions(("x-problems" = json!(["invalid", "unknown_reference"]))),
)]
#[get("/studies/<study>/why-not")]
async fn ask(app: &State<App>, who: Researcher, study: Id<StudyId>, query: Query) -> Result<Answer, Problem> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = query.fields(&["at", "mode", "respondent"]);
    let mode = fields.optional("mode", input::word::<Mode>(MODES));
    let respondent = fields.optional("respondent", input::id);
    let at = fields.required("at", input::instant);
    let question = fields.finish(|| Some(Question { at: at?, mode, respondent, asker: Asker::Respondent }));
    let question = app.told(question, Place::Study(study), user, Right::View).await?;
    Answer::ok(app.store.read(move |tx| why_not::of(tx, user, study, question, now)).await?)
}
