//! How a study is doing.

use rocket::{Route, State, get};

use crate::id::StudyId;
use crate::problem::Problem;
use crate::queries::overview;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, Researcher};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![one]
}

#[get("/studies/<study>/overview")]
async fn one(app: &State<App>, who: Researcher, study: Id<StudyId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    Answer::ok(app.store.read(move |tx| overview::of(tx, who.user, study.0, now)).await?)
}
