//! Colleagues that respondents name in their own place.

use std::sync::Arc;

use rocket::{Route, State, get, post};
use utoipa::{OpenApi, ToSchema};

use super::participations::{Standing, pressed, standing};
use crate::actions::refer::{Colleague, refer as name_colleague};
use crate::domain::language::Language;
use crate::domain::municipality::Places;
use crate::id::RespondentId;
use crate::problem::{Outcome, Problem};
use crate::queries::municipalities;
use crate::queries::participation;
use crate::queries::referrals::{self, Referrals};
use crate::store::contacts::Contact;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, LinkToken, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fault, Fields};
use crate::web::participation::Door;
use crate::words::word;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![refer, list]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(refer, list))]
pub struct Reference;

/// Names a colleague who is to take part in one's own place.
///
/// The colleague comes onto the list of the study and is not written to before a researcher invites them. The answer is
/// the same whether the address is new, known in the study, or one that must not be written to. At most three can be
/// named.
#[utoipa::path(
    params(RepeatKey),
    request_body = NewColleague,
    responses((status = 201, description = "Where the respondent stands.", body = Standing)),
    extensions(("x-problems" = json!(["withdrawn", "study_closed", "wrong_state", "enough_colleagues"]))),
)]
#[post("/participations/<token>/referrals", data = "<body>")]
async fn refer(app: &State<App>, token: LinkToken, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let pressed = pressed(app, &token, &key, &body, Door::TakingPart);
    let digest = token.digest();
    let (places, language) = app
        .store
        .read(move |tx| Ok((municipalities::places(tx)?, participation::language(tx, &digest)?)))
        .await?;
    let (now, colleague) = (pressed.now, pressed.told(read(&places, body.fields(), language)).await?);
    let made = pressed.change(move |tx, who| name_colleague(tx, now, who, &colleague)).await?;
    standing(app, &token, made).await
}

/// Reads who is named. Without a name, they are addressed as a colleague.
pub(in crate::web) fn read(
    places: &Arc<Places>,
    mut fields: Fields,
    language: Language,
) -> Outcome<Colleague> {
    let email = fields.required("email", input::email);
    let name = fields.optional("name", input::line);
    let role = fields.optional("role", input::line);
    let municipality = fields.optional("municipality", |value| -> Result<_, Fault> {
        places.index.resolve(&input::line(value)?).or_problem("")
    });
    let named = fields.optional("named", input::boolean).unwrap_or_default();
    fields.finish(|| {
        let name = name.unwrap_or_else(|| word(language, "refer.nameless"));
        let contact = Contact { name, email: email?, role, phone: None };
        Some(Colleague { contact, municipality, named })
    })
}

/// Who brought a respondent into the study, and whom they named, by their codes.
#[utoipa::path(responses((status = 200, description = "The referrals.", body = Referrals)))]
#[get("/respondents/<id>/referrals")]
async fn list(app: &State<App>, who: Researcher, id: Id<RespondentId>) -> Result<Answer, Problem> {
    Answer::ok(app.store.read(move |tx| referrals::of(tx, who.user, id.0)).await?)
}

/// A colleague.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct NewColleague {
    /// The mail address.
    #[schema(max_length = 200)]
    email: String,
    /// The name; they are addressed as a colleague when left out.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The job title.
    #[schema(max_length = 200)]
    role: Option<String>,
    /// The municipality by code, name or alias; the respondent's own when left out.
    #[schema(max_length = 200)]
    municipality: Option<String>,
    /// Whether the colleague may be told who named them; false when left out.
    #[schema(nullable = false)]
    named: Option<bool>,
}
