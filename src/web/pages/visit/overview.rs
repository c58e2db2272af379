//! Where a respondent starts and comes back to, and the calendar file.

use rocket::{Route, State, get};

use super::Guest;
use crate::domain::notice::Alteration;
use crate::domain::respondent::RespondentStatus;
use crate::problem::Problem;
use crate::queries::participation::OpenParticipation;
use crate::web::App;
use crate::web::api::calendar_file::{CalendarFile, file_of_link};
use crate::web::guards::{Chosen, LinkToken};
use crate::web::pages::Html;
use crate::words::pages::respondent::{Ended, EndedBy, Overview, Stage};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![overview, calendar]
}

#[get("/<token>?<done>")]
async fn overview(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    done: Option<&str>,
) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, chosen.0).await?;
    let deed = done.and_then(|name| name.parse().ok());
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
    let page = Overview {
        may_move: guest.may_still(Alteration::Move, now),
        may_cancel: guest.may_still(Alteration::Cancel, now),
        visit,
        stage,
        meeting: meeting.filter(|_| stage == Stage::Booked),
        about: intro.unwrap_or_default(),
        modes: guest.facts.rules.modes.clone(),
        may_withdraw: open.consent.is_some(),
        proposed: guest.proposed(),
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
        _ if open.consent.is_none() => Stage::Consent,
        _ if full => Stage::Full,
        RespondentStatus::NoShow => Stage::NoShow,
        _ => Stage::Book,
    }
}

#[get("/<token>/interview.ics")]
async fn calendar(app: &State<App>, token: LinkToken) -> Result<CalendarFile, Problem> {
    file_of_link(app, &token).await
}
