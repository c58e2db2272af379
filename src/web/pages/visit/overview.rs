//! Where a respondent starts and comes back to, and the calendar file.

use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::delegate::remove_delegate;
use crate::domain::notice::Alteration;
use crate::domain::respondent::RespondentStatus;
use crate::problem::Problem;
use crate::queries::participation::OpenParticipation;
use crate::web::App;
use crate::web::api::calendar_file::{CalendarFile, file_of_link};
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::pages::Html;
use crate::web::pages::forms::OpenForm;
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{Ended, EndedBy, Overview, Stage, Standby};
use crate::words::pages::shared::Deed;

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![overview, calendar, take_off]
}

#[get("/<token>?<done>")]
async fn overview(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    done: Option<&str>,
) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let deed = guest.done(done);
    let visit = guest.visit("", deed);
    let Some(open) = &guest.facts.open else {
        return Html::page(guest.language, Ended { visit, by: EndedBy::Withdrawn });
    };
    let meeting = guest.meeting();
    if guest.facts.study.closed && meeting.is_none() {
        return Html::page(guest.language, Ended { visit, by: EndedBy::Closed });
    }
    let intro = open.consent_form.as_ref().map(|form| form.intro.text(guest.language).to_owned());
    let stage = stage(open, guest.facts.full);
    let now = app.clock.now();
    let named = open.interview.as_ref().and_then(|interview| interview.delegate.as_ref());
    let named = named.map(|who| Standby::from((who.name.clone(), who.email.as_str().to_owned())));
    let page = Overview {
        delegate: named.filter(|_| stage == Stage::Booked),
        key: one_shot_key(),
        kept: guest.kept().map(|(_, kept)| kept),
        may_move: guest.may_still(Alteration::Move, now),
        may_cancel: guest.may_still(Alteration::Cancel, now),
        visit,
        stage,
        meeting: meeting.filter(|_| stage == Stage::Booked),
        about: intro.unwrap_or_default(),
        modes: guest.facts.rules.modes.clone(),
        may_withdraw: open.consent.is_some(),
        proposed: guest.proposed(),
        versions: guest.earlier_version().filter(|_| stage == Stage::ConsentAgain),
    };
    Html::page(guest.language, page)
}

/// What comes next for a respondent.
fn stage(open: &OpenParticipation, full: bool) -> Stage {
    match open.status {
        RespondentStatus::Booked => Stage::Booked,
        RespondentStatus::Held => Stage::Held,
        RespondentStatus::Declined => Stage::Declined,
        RespondentStatus::Referred => Stage::Referred,
        _ if open.consent_form.is_none() => Stage::NotOpen,
        RespondentStatus::OptedOut if open.consent.is_none() => Stage::OptedOut,
        _ if !open.consents_now() && open.consent.is_some() => Stage::ConsentAgain,
        _ if !open.consents_now() => Stage::Consent,
        _ if full => Stage::Full,
        RespondentStatus::NoShow => Stage::NoShow,
        _ => Stage::Book,
    }
}

#[post("/<token>/delegate", data = "<sent>")]
async fn take_off(app: &State<App>, token: LinkToken, sent: OpenForm) -> Result<Redirect, Problem> {
    let base = format!("/p/{}", token.as_str());
    let (key, raw) = (RepeatKey::of_form(&format!("{base}/delegate"), sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now };
    pressed.change(move |tx, who| remove_delegate(tx, now, who)).await?;
    Ok(Redirect::to(format!("{base}?done={}", Deed::DelegateRemoved.as_str())))
}

#[get("/<token>/interview.ics")]
async fn calendar(app: &State<App>, token: LinkToken) -> Result<CalendarFile, Problem> {
    file_of_link(app, &token).await
}
