//! Every way out: each explains what happens and what follows, and has one button and a way back.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::cancel::cancel;
use crate::actions::decline::decline;
use crate::actions::opt_out::opt_out;
use crate::actions::withdraw::withdraw;
use crate::clock::Instant;
use crate::domain::audit::Actor;
use crate::domain::notice::Alteration;
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{Confirm, Ended, EndedBy, Ending};
use crate::words::pages::shared::{Deed, FieldMessage};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![ask, end]
}

/// The ways out as the path names them.
struct WayOut(Ending);

impl<'a> rocket::request::FromParam<'a> for WayOut {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        Ending::of_path(param).map(Self).ok_or(())
    }
}

#[get("/<token>/<way>", rank = 2)]
async fn ask(app: &State<App>, token: LinkToken, way: WayOut, chosen: Chosen) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    page(&guest, way.0, &Given::default(), app.clock.now())
}

/// The question with what was typed so far.
pub(super) fn page(guest: &Guest, ending: Ending, given: &Given, now: Instant) -> Outcome<Html> {
    if guest.facts.open.is_none() {
        let visit = guest.visit("", None);
        return Html::page(guest.language, Ended { visit, by: EndedBy::Withdrawn });
    }
    if ending == Ending::Cancel && guest.meeting().is_none() {
        return guest.without_interview("/cancel");
    }
    if ending == Ending::Cancel {
        guest.demand(Alteration::Cancel, now)?;
    }
    Html::page(guest.language, question(guest, ending, given))
}

#[post("/<token>/<way>", data = "<sent>", rank = 2)]
async fn end(
    app: &State<App>,
    token: LinkToken,
    way: WayOut,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let path = format!("{}/{}", guest.base, way.0.path());
    let (key, raw) = (RepeatKey::of_form(&path, sent.key.clone()), sent.given.bytes());
    let door = if way.0 == Ending::Withdraw { Door::Everybody } else { Door::TakingPart };
    let pressed = Pressed { app, token: &token, key: &key, door, raw: &raw, now: app.clock.now() };
    let outcome = match pressed.told(read(&sent.given)).await {
        Ok(reason) => leave(&pressed, way.0, reason).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(deed) => Ok(Either::Left(Redirect::to(format!("{}?done={}", guest.base, deed.as_str())))),
        Err(problem @ Problem::Invalid(_)) => {
            let mut page = question(&guest, way.0, &sent.given);
            if let Problem::Invalid(problems) = &problem {
                page.errors = FieldMessage::all(guest.language, problems);
            }
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

fn read(given: &Given) -> Outcome<Option<String>> {
    let mut fields = given.fields();
    let reason = fields.optional("reason", input::prose);
    fields.finish(|| Some(reason))
}

async fn leave(pressed: &Pressed<'_>, ending: Ending, reason: Option<String>) -> Outcome<Deed> {
    let now = pressed.now;
    match ending {
        Ending::Cancel => {
            pressed.change(move |tx, who| cancel(tx, now, who, reason.as_deref())).await?;
            Ok(Deed::Cancelled)
        }
        Ending::Decline => {
            pressed.change(move |tx, who| decline(tx, now, who)).await?;
            Ok(Deed::Declined)
        }
        Ending::Withdraw => {
            pressed.change(move |tx, who| withdraw(tx, now, who)).await?;
            Ok(Deed::Withdrawn)
        }
        Ending::OptOut => {
            pressed
                .change(move |tx, who| {
                    let done = opt_out(tx, now, who, Actor::Respondent(who.id))?;
                    Ok(done.map(|()| Made::new(200, who.id)))
                })
                .await?;
            Ok(Deed::OptedOut)
        }
    }
}

fn question(guest: &Guest, ending: Ending, given: &Given) -> Confirm {
    let ends_meeting = !matches!(ending, Ending::OptOut);
    Confirm {
        visit: guest.visit(&format!("/{}", ending.path()), None),
        ending,
        action: format!("{}/{}", guest.base, ending.path()),
        meeting: guest.meeting().filter(|_| ends_meeting),
        reason: given.text("reason"),
        errors: Vec::new(),
        key: one_shot_key(),
    }
}
