//! Time that a researcher keeps free, and giving it back.

use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::address;
use crate::actions::block_time::unblock_time;
use crate::domain::agenda::Extent;
use crate::domain::availability::date_at;
use crate::id::{BlockId, StudyId};
use crate::problem::Outcome;
use crate::queries::{blocks, studies};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::pages::researcher::desk::{At, base};
use crate::words::dates;
use crate::words::pages::researcher::{BlockRelease, Section};
use crate::words::pages::shared::Deed;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, remove]
}

#[get("/studies/<study>/agenda/blocks/<block>")]
async fn show(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    block: Id<BlockId>,
) -> Outcome<Html> {
    let (user, study, id) = (who.user, study.0, block.0);
    let (desk, item) = at.study(app, &who, study, Section::Agenda).await?;
    let zone = item.study.rules.time_zone;
    let block = app.store.read(move |tx| blocks::get(tx, user, id)).await?;
    let page = BlockRelease {
        desk,
        back: address(study, Extent::Week, date_at(zone, block.from), Some(user)),
        from: dates::moment(at.language, zone, block.from),
        until: dates::moment(at.language, zone, block.until),
        action: format!("{}/agenda/blocks/{id}/remove", base(study)),
    };
    Html::page(at.language, page)
}

#[post("/studies/<study>/agenda/blocks/<block>/remove", data = "<form>")]
async fn remove(
    app: &State<App>,
    study: Id<StudyId>,
    block: Id<BlockId>,
    form: SignedForm,
) -> Outcome<Redirect> {
    let (now, user, study, id) = (app.clock.now(), form.who.user, study.0, block.0);
    let (item, block) =
        app.store.read(move |tx| Ok((studies::get(tx, user, study)?, blocks::get(tx, user, id)?))).await?;
    app.store.write(move |tx| unblock_time(tx, now, user, id)).await?;
    let date = date_at(item.study.rules.time_zone, block.from);
    let back = address(study, Extent::Week, date, Some(user));
    Ok(Redirect::to(format!("{back}&done={}", Deed::Released.as_str())))
}
