//! The first page: the studies of whoever is signed in, and for all others the way in.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get};

use super::desk::{At, base};
use super::sign_in;
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::queries::studies::{self, Shelved};
use crate::web::App;
use crate::web::guards::Researcher;
use crate::web::input;
use crate::web::pages::Html;
use crate::web::query::{Query, Ways, listing};
use crate::words::pages::researcher::{Home, StudyCard};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![home]
}

#[get("/")]
async fn home(
    app: &State<App>,
    who: Option<Researcher>,
    at: At,
    jar: &CookieJar<'_>,
    query: Query,
) -> Outcome<Either<Html, Redirect>> {
    let Some(who) = who else { return welcome(app, jar, &at).await };
    let mut fields = query.fields(&["cursor", "limit", "archived"]);
    let archived = fields.optional("archived", input::boolean).unwrap_or(false);
    let part = listing::<StudyId>(&mut fields);
    let part = fields.finish(|| Some(part))?;
    let shelf =
        app.store.read(move |tx| studies::shelf(tx, who.user, (part.after, archived), part.limit)).await?;
    let Ways { first, next } =
        part.ways("/", &[("archived", if archived { "true" } else { "" })], shelf.next.as_deref());
    let studies = shelf.items.into_iter().map(card).collect();
    Html::page(at.language, Home { desk: at.desk(&who), studies, archived, first, next }).map(Either::Left)
}

/// Somebody who is not signed in goes to sign in, or is told how to begin where nobody can sign in yet.
async fn welcome(app: &App, jar: &CookieJar<'_>, at: &At) -> Outcome<Either<Html, Redirect>> {
    let page = sign_in::page(app, jar, at, "/".to_owned()).await?;
    if page.empty {
        return Html::page(at.language, page).map(Either::Left);
    }
    Ok(Either::Right(Redirect::to(sign_in::PATH)))
}

fn card(shelved: Shelved) -> StudyCard {
    let Shelved { study, progress, target } = shelved;
    StudyCard {
        href: base(study.id),
        title: study.study.title,
        organisation: Some(study.study.organisation).filter(|name| !name.is_empty()),
        role: study.role.as_str().to_owned(),
        recruited: progress.recruited.unsigned_abs(),
        invited: progress.invited.unsigned_abs(),
        booked: progress.booked.unsigned_abs(),
        held: progress.held.unsigned_abs(),
        target,
    }
}
