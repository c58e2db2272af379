//! The log of changes of a study, for its owners.

use rocket::{Route, State, get};

use crate::id::StudyId;
use crate::problem::Problem;
use crate::queries::audit_trail;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::paging::Paging;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list]
}

#[get("/studies/<study>/audit?<cursor>&<limit>")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    cursor: Option<&str>,
    limit: Option<&str>,
) -> Result<Answer, Problem> {
    let paging = Paging::<i64>::read(cursor, limit)?;
    let (before, wanted) = (paging.after, paging.wanted());
    let items = app.store.read(move |tx| audit_trail::list(tx, who.user, study.0, before, wanted)).await?;
    paging.answer(items, |item| item.id)
}
