//! Removing the contact data of a respondent while what was agreed to and said stays.

use rocket::{Route, State, delete};
use utoipa::OpenApi;

use crate::actions::remove_contact::remove_contact;
use crate::id::RespondentId;
use crate::problem::Problem;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, IfMatch, Researcher};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![remove]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(remove))]
pub struct Reference;

/// Removes the contact data of a respondent.
///
/// Name, address, telephone, letters and the personal link go; code, stratum, status, consent, interviews and sheets
/// stay. It works in the archive too. While the data are needed it is refused with `wrong_state`, and the sentence
/// tells why.
#[utoipa::path(
    params(IfMatch),
    responses((status = 204, description = "Removed.")),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
#[delete("/respondents/<id>/contact")]
async fn remove(
    app: &State<App>,
    who: Researcher,
    id: Id<RespondentId>,
    revision: IfMatch,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    let fits = move |found| revision.check(found);
    app.store.write(move |tx| remove_contact(tx, now, user, id, &fits)).await?;
    Answer::with_status(204, ())
}
