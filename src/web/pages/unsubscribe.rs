//! The link in a letter by which a person ends all letters, and can do nothing else.
//!
//! Mail programs post to it by themselves when their "unsubscribe" is pressed (RFC 8058), people press the button of
//! the page. Both come without a cookie, so there is nothing to forge; the link is the proof.

use rocket::{Route, State, get, post};

use super::Html;
use crate::actions::opt_out::opt_out_by_link;
use crate::problem::Problem;
use crate::queries::unsubscribe::{self, Asked};
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken};
use crate::words::pages::respondent::Unsubscribe;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show, press]
}

#[get("/u/<token>")]
async fn show(app: &State<App>, token: LinkToken, chosen: Chosen) -> Result<Html, Problem> {
    let digest = token.digest();
    let asked = app.store.read(move |tx| unsubscribe::of(tx, &digest)).await?;
    page(&token, &chosen, asked)
}

/// What the body says makes no difference: whoever has the link and posts to it wants no more letters.
#[post("/u/<token>")]
async fn press(app: &State<App>, token: LinkToken, chosen: Chosen) -> Result<Html, Problem> {
    let (now, digest) = (app.clock.now(), token.digest());
    app.store.write(move |tx| opt_out_by_link(tx, now, &digest)).await?;
    let digest = token.digest();
    let asked = app.store.read(move |tx| unsubscribe::of(tx, &digest)).await?;
    page(&token, &chosen, Asked { done: true, ..asked })
}

fn page(token: &LinkToken, chosen: &Chosen, asked: Asked) -> Result<Html, Problem> {
    let Asked { study, language, done } = asked;
    let here = format!("/u/{}", token.as_str());
    Html::page(chosen.or(language), Unsubscribe { here, study, done })
}
