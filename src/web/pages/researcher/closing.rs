//! Closing a study: what it means for whom, doing it, and how far that has come where many are told.

use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::desk::{At, base, done};
use super::wording_frames;
use crate::actions::close_study::close_study;
use crate::domain::letter::LetterKind;
use crate::id::StudyId;
use crate::problem::{FieldCode, FieldProblem, Outcome};
use crate::queries::closing::{self, Group};
use crate::web::App;
use crate::web::closing::{Way, Winding};
use crate::web::guards::{Id, Researcher};
use crate::web::input::{self, Fault, Fields};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::Query;
use crate::words::pages::researcher::{Closing, ClosingGroup, ClosingLeft, Section};
use crate::words::pages::shared::Deed;

/// How many steps one press takes, each a transaction: so that no answer takes long.
const STEPS: usize = 20;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, close]
}

fn address(study: StudyId) -> String {
    format!("{}/closing", base(study))
}

/// What is left to do, as a form or an address says it.
fn winding(fields: &mut Fields) -> Winding {
    let mut way = |name: &str| {
        let way = fields.optional(name, |value| {
            input::text(value)?
                .parse::<Way>()
                .map_err(|()| -> Fault { FieldProblem::new("", FieldCode::Value).with("allowed", "no, yes") })
        });
        way.unwrap_or(Way::Over)
    };
    Winding { letters: way("letters"), interviews: way("interviews") }
}

#[get("/studies/<study>/closing")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let mut fields = query.fields(&["letters", "interviews"]);
    let left = winding(&mut fields);
    let left = fields.finish(|| Some(left))?;
    let foreseen = app.store.read(move |tx| closing::foresee(tx, now, user, study)).await?;
    let (desk, _) = at.study(app, &who, study, Section::Settings).await?;
    let page = Closing {
        action: format!("{}/close", base(study)),
        letter: wording_frames::page_of(study, LetterKind::StudyClosed),
        cancel_letter: wording_frames::page_of(study, LetterKind::Cancelled),
        waiting: group(foreseen.waiting),
        silent: foreseen.silent.unsigned_abs(),
        planned: group(foreseen.planned),
        left: (!left.is_over() && foreseen.closed_at.is_some())
            .then(|| ClosingLeft { letters: left.letters.written(), interviews: left.interviews.written() }),
        desk,
    };
    Html::page(at.language, page)
}

fn group(group: Group) -> ClosingGroup {
    let count = group.count.unsigned_abs();
    let more = count.saturating_sub(u64::try_from(group.codes.len()).unwrap_or_default());
    ClosingGroup { count, codes: group.codes, more }
}

#[post("/studies/<study>/close", data = "<form>")]
async fn close(app: &State<App>, study: Id<StudyId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let mut fields = form.given.fields();
    let left = winding(&mut fields);
    let mut left = fields.finish(|| Some(left))?;
    app.store.write(move |tx| close_study(tx, now, user, study)).await?;
    for _ in 0..STEPS {
        if left.is_over() {
            return Ok(done(&address(study), Deed::Closed));
        }
        left = left.step(app, now, user, study).await?;
    }
    if left.is_over() {
        return Ok(done(&address(study), Deed::Closed));
    }
    let (letters, interviews) = (left.letters.written(), left.interviews.written());
    Ok(Redirect::to(format!("{}?letters={letters}&interviews={interviews}", address(study))))
}
