//! Not the right person: naming a colleague in one's own place.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::refer::refer;
use crate::domain::respondent::RespondentStatus;
use crate::problem::{Outcome, Problem};
use crate::queries::municipalities;
use crate::web::App;
use crate::web::api::referrals::read;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{Ended, EndedBy, Refer};
use crate::words::pages::shared::FieldMessage;

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![ask, send]
}

#[get("/<token>/colleague")]
async fn ask(app: &State<App>, token: LinkToken, chosen: Chosen) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    page(&guest, &Given::default())
}

/// The form with what was typed so far.
pub(super) fn page(guest: &Guest, given: &Given) -> Outcome<Html> {
    let Some(open) = &guest.facts.open else {
        let visit = guest.visit("", None);
        return Html::page(guest.language, Ended { visit, by: EndedBy::Withdrawn });
    };
    if guest.facts.study.closed {
        return Err(Problem::StudyClosed);
    }
    if matches!(open.status, RespondentStatus::Booked | RespondentStatus::Held) {
        return Err(Problem::WrongState(open.status.as_str()));
    }
    Html::page(guest.language, form(guest, given))
}

#[post("/<token>/colleague", data = "<sent>")]
async fn send(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let path = format!("{}/colleague", guest.base);
    let (key, raw) = (RepeatKey::of_form(&path, sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now };
    let places = app.store.read(municipalities::places).await?;
    let language = guest.facts.open.as_ref().map_or(guest.language, |open| open.language);
    let outcome = match pressed.told(read(&places, sent.given.fields(), language)).await {
        Ok(colleague) => pressed.change(move |tx, who| refer(tx, now, who, &colleague)).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(Either::Left(Redirect::to(format!("{}?done=referred", guest.base)))),
        Err(problem) => {
            let Problem::Invalid(problems) = &problem else { return Err(problem) };
            let errors = FieldMessage::all(guest.language, problems);
            let page = Refer { errors, ..form(&guest, &sent.given) };
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
    }
}

fn form(guest: &Guest, given: &Given) -> Refer {
    Refer {
        visit: guest.visit("/colleague", None),
        municipality: guest.facts.municipality.clone(),
        email: given.text("email"),
        name: given.text("name"),
        role: given.text("role"),
        named: given.has("named"),
        errors: Vec::new(),
        key: one_shot_key(),
    }
}
