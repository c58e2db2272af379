//! The log of changes of a study, for its owners.

use rocket::{Route, State, get};

use crate::domain::access::Right;
use crate::id::StudyId;
use crate::problem::Problem;
use crate::queries::access::Place;
use crate::queries::audit_trail;
use crate::queries::page::{Page, one_more};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};
use crate::web::query::{Listing, Query, listing};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list]
}

#[get("/studies/<study>/audit")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let Listing { after: before, limit } = listing::<i64>(&mut fields);
    let before =
        app.told(fields.finish(|| Some(before)), Place::Study(study), user, Right::ChangeStudy).await?;
    let rows = app.store.read(move |tx| audit_trail::list(tx, user, study, before, one_more(limit))).await?;
    Answer::ok(Page::cut(rows, limit, |last| last.id.to_string()))
}
