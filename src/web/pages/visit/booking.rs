//! Choosing a time: online or in person, then a week of free starts, then one button.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::Wish;
use crate::actions::book::book;
use crate::actions::reschedule::{Move, reschedule};
use crate::clock::Instant;
use crate::domain::availability::{Slot as FreeSlot, date_at, day_begins};
use crate::domain::delegate::Delegate;
use crate::domain::interview::{Asker, Mode};
use crate::domain::notice::Alteration;
use crate::id::InterviewId;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::slots;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::api::interviews::MODES;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{
    ChooseMode, ChooseTime, Ended, EndedBy, PlaceChoice, Plan, Slot, SlotDay, Standby, Taken,
};
use crate::words::pages::shared::FieldMessage;
use crate::words::{dates, problem_sentence};

/// How many days one page shows.
const DAYS_SHOWN: u64 = 7;
/// How far the first page looks for a week that has something free.
const DAYS_SEARCHED: u64 = 28;

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![choose, choose_other, take, take_other]
}

#[get("/<token>/book?<mode>&<from>")]
async fn choose(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
    from: Option<&str>,
) -> Result<Html, Problem> {
    show(app, &token, chosen, Plan::Book, (mode, from)).await
}

#[get("/<token>/move?<mode>&<from>")]
async fn choose_other(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
    from: Option<&str>,
) -> Result<Html, Problem> {
    show(app, &token, chosen, Plan::Move, (mode, from)).await
}

#[post("/<token>/book", data = "<sent>")]
async fn take(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    decide(app, &token, chosen, Plan::Book, sent).await
}

#[post("/<token>/move", data = "<sent>")]
async fn take_other(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    decide(app, &token, chosen, Plan::Move, sent).await
}

async fn show(
    app: &App,
    token: &LinkToken,
    chosen: Chosen,
    plan: Plan,
    (mode, from): (Option<&str>, Option<&str>),
) -> Result<Html, Problem> {
    let guest = Guest::of(app, token, chosen.0).await?;
    let Some(open) = &guest.facts.open else {
        let visit = guest.visit("", None);
        return Html::page(guest.language, Ended { visit, by: EndedBy::Withdrawn });
    };
    if plan != Plan::Move && !open.consents_now() {
        return Err(Problem::ConsentMissing);
    }
    if plan == Plan::Move && open.interview.is_none() {
        return Err(Problem::NoInterview);
    }
    if plan == Plan::Move {
        guest.demand(Alteration::Move, app.clock.now())?;
    }
    let modes = guest.facts.rules.modes.clone();
    let mode = mode.and_then(|mode| mode.parse().ok()).filter(|mode| modes.contains(mode));
    let mode = mode.or_else(|| modes.first().copied().filter(|_| modes.len() == 1));
    let Some(mode) = mode else {
        let page = ChooseMode {
            visit: guest.visit(path(plan), None),
            plan,
            modes,
            meeting: guest.meeting().filter(|_| plan == Plan::Move),
        };
        return Html::page(guest.language, page);
    };
    let from = from.and_then(|from| from.parse::<NaiveDate>().ok());
    let page = times(app, &guest, token, plan, mode, from).await?;
    Html::page(guest.language, page)
}

const fn path(plan: Plan) -> &'static str {
    match plan {
        Plan::Book => "/book",
        Plan::Move => "/move",
    }
}

/// The page of a week: the one that was asked for, or the first that has something free.
async fn times(
    app: &App,
    guest: &Guest,
    token: &LinkToken,
    plan: Plan,
    mode: Mode,
    from: Option<NaiveDate>,
) -> Outcome<ChooseTime> {
    let (language, rules, now) = (guest.language, &guest.facts.rules, app.clock.now());
    let zone = rules.time_zone;
    let today = date_at(zone, now);
    let last = later_by(today, u64::try_from(rules.horizon_days).unwrap_or_default());
    let last = rules.window_until.map_or(last, |until| until.min(last));
    let asked = from.map(|date| date.clamp(today, last.max(today)));
    let opening = rules.window_from.map_or(today, |first| first.max(today));
    let begin = asked.unwrap_or(opening);
    let searched = if asked.is_some() { DAYS_SHOWN } else { DAYS_SEARCHED };
    let free = free_between(app, token, mode, zone, (begin, later_by(begin, searched)), now).await?;
    let first = free.keys().next().map_or(begin, |start| date_at(zone, *start));
    let begin = if asked.is_some() { begin } else { first };
    let end = later_by(begin, DAYS_SHOWN);
    let mut days: BTreeMap<NaiveDate, Vec<Slot>> = BTreeMap::new();
    for start in free.keys().filter(|start| date_at(zone, **start) < end) {
        let slot = Slot {
            starts_at: start.to_string(),
            label: dates::bare_time(language, zone, *start),
            chosen: false,
        };
        days.entry(date_at(zone, *start)).or_default().push(slot);
    }
    let earlier = match asked {
        Some(_) => earlier_week(app, token, mode, zone, (opening, begin), now).await?,
        None => None,
    };
    let week = |from: NaiveDate| format!("{}{}?mode={mode}&from={from}", guest.base, path(plan));
    let midnight = |date| day_begins(zone, date).unwrap_or(now);
    Ok(ChooseTime {
        visit: guest.visit(&format!("{}?mode={mode}&from={begin}", path(plan)), None),
        plan,
        mode,
        other_mode: rules.modes.len() > 1,
        meeting: guest.meeting().filter(|_| plan == Plan::Move),
        range: dates::days(language, zone, midnight(begin), midnight(end).plus_seconds(-1)),
        days: days
            .into_iter()
            .map(|(date, slots)| SlotDay { heading: dates::date_in_year(language, date), slots })
            .collect(),
        zone: dates::zone_name(language, zone, midnight(begin)),
        earlier: earlier.map(week),
        later: (end <= last).then(|| week(end)),
        place: (mode == Mode::InPerson).then(|| PlaceChoice {
            town_hall: Some(guest.town_hall()),
            chosen: Some("town_hall".to_owned()),
            other: String::new(),
        }),
        delegate: Standby::default(),
        taken: None,
        errors: Vec::new(),
        problem: None,
        key: one_shot_key(),
    })
}

/// Where the page before one that was asked for begins, if there is something free before it. Beyond what one look
/// reaches, there may be.
async fn earlier_week(
    app: &App,
    token: &LinkToken,
    mode: Mode,
    zone: chrono_tz::Tz,
    (opening, begin): (NaiveDate, NaiveDate),
    now: Instant,
) -> Outcome<Option<NaiveDate>> {
    let looked = earlier_by(begin, DAYS_SEARCHED);
    if looked > opening {
        return Ok(Some(earlier_by(begin, DAYS_SHOWN)));
    }
    if begin <= opening {
        return Ok(None);
    }
    let free = free_between(app, token, mode, zone, (opening, begin), now).await?;
    let first = free.keys().next().map(|start| date_at(zone, *start));
    Ok(first.map(|first| earlier_by(begin, DAYS_SHOWN).max(first)))
}

/// The free starts between two local dates, whoever holds the interview.
async fn free_between(
    app: &App,
    token: &LinkToken,
    mode: Mode,
    zone: chrono_tz::Tz,
    (begin, end): (NaiveDate, NaiveDate),
    now: Instant,
) -> Outcome<BTreeMap<Instant, FreeSlot>> {
    let range = (day_begins(zone, begin), day_begins(zone, end));
    let digest = token.digest();
    let free = app.store.read(move |tx| slots::of_link(tx, &digest, Some(mode), range, now)).await?;
    Ok(free.into_iter().map(|slot| (slot.starts_at, slot)).collect())
}

fn later_by(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

fn earlier_by(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

async fn decide(
    app: &App,
    token: &LinkToken,
    chosen: Chosen,
    plan: Plan,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, token, chosen.0).await?;
    let target = format!("{}{}", guest.base, path(plan));
    let (key, raw) = (RepeatKey::of_form(&target, sent.key.clone()), sent.given.bytes());
    let pressed = Pressed { app, token, key: &key, door: Door::TakingPart, raw: &raw, now: app.clock.now() };
    let outcome = match pressed.told(read(&sent.given)).await {
        Ok(wish) => press(&pressed, plan, wish).await,
        Err(problem) => Err(problem),
    };
    let done = match plan {
        Plan::Book => "booked",
        Plan::Move => "moved",
    };
    match outcome {
        Ok(_) => Ok(Either::Left(Redirect::to(format!("{}?done={done}", guest.base)))),
        Err(problem) if may_choose_again(&problem) => {
            let page = again(app, &guest, token, plan, &sent.given, &problem).await?;
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

async fn press(pressed: &Pressed<'_>, plan: Plan, wish: Wish) -> Outcome<Made<InterviewId>> {
    let now = pressed.now;
    match plan {
        Plan::Book => {
            let domain = pressed.app.settings.mail_domain().to_owned();
            pressed.change(move |tx, who| book(tx, now, who, &wish, &domain)).await
        }
        Plan::Move => {
            let Wish { starts_at, mode, place, .. } = wish;
            let to = Move { starts_at, mode: Some(mode), place: Some(place), interviewer: None };
            pressed.change(move |tx, who| reschedule(tx, now, who, &to)).await
        }
    }
}

/// The problems under the names that their fields have on the page.
fn on_page(problems: &[FieldProblem]) -> Vec<FieldProblem> {
    let mut problems = problems.to_vec();
    for problem in &mut problems {
        problem.field = problem.field.replace("delegate.", "delegate_");
    }
    problems
}

/// Whether another choice on the same page can help.
const fn may_choose_again(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Invalid(_)
            | Problem::SlotTaken { .. }
            | Problem::TooSoon
            | Problem::OutsideAvailability
            | Problem::OutsideWindow
            | Problem::DayFull
            | Problem::WeekFull
    )
}

fn read(given: &Given) -> Outcome<Wish> {
    let mut fields = given.fields();
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    let kind = fields.optional("place_kind", input::raw);
    let place = fields.optional("place", input::line);
    // Whoever types an address means it, though the button beside the town hall is still pressed in.
    let elsewhere = mode == Some(Mode::InPerson) && (kind.as_deref() == Some("other") || place.is_some());
    if elsewhere && place.is_none() {
        fields.note("place", FieldProblem::new("", FieldCode::Required));
    }
    let place = place.filter(|_| elsewhere);
    let (name, email) =
        (fields.optional("delegate_name", input::line), fields.optional("delegate_email", input::email));
    // One without the other is half of what somebody meant.
    for (told, other) in [("delegate_name", "delegate_email"), ("delegate_email", "delegate_name")] {
        if !given.text(told).trim().is_empty() && given.text(other).trim().is_empty() {
            fields.note(other, FieldProblem::new("", FieldCode::Required));
        }
    }
    let delegate = name.zip(email).map(|(name, email)| Delegate { name, email, language: None });
    fields.finish(|| Some(Wish { starts_at: starts_at?, mode: mode?, place, interviewer: None, delegate }))
}

/// The same page with what was wrong, the input kept, and for a time that has gone the free ones near it.
async fn again(
    app: &App,
    guest: &Guest,
    token: &LinkToken,
    plan: Plan,
    given: &Given,
    problem: &Problem,
) -> Outcome<ChooseTime> {
    let (language, zone) = (guest.language, guest.facts.rules.time_zone);
    let mode = given.text("mode").parse().unwrap_or(Mode::Teams);
    let wanted = Instant::parse(&given.text("starts_at"));
    let from = wanted.map(|start| date_at(zone, start));
    let mut page = times(app, guest, token, plan, mode, from).await?;
    for slot in page.days.iter_mut().flat_map(|day| &mut day.slots) {
        slot.chosen = Some(&slot.starts_at) == wanted.map(|start| start.to_string()).as_ref();
    }
    if let Some(place) = &mut page.place {
        place.chosen = Some(given.text("place_kind")).filter(|kind| !kind.is_empty());
        place.other = given.text("place");
    }
    page.delegate = (given.text("delegate_name"), given.text("delegate_email")).into();
    match problem {
        Problem::Invalid(problems) => page.errors = FieldMessage::all(language, &on_page(problems)),
        Problem::SlotTaken { wanted: Some(gone) } => {
            let (gone, now) = (*gone, app.clock.now());
            let near = app.store.read(move |tx| slots::near(tx, gone, Asker::Respondent, now)).await?;
            let slot = |start: Instant| Slot {
                starts_at: start.to_string(),
                label: dates::moment(language, zone, start),
                chosen: false,
            };
            page.taken = Some(Taken {
                wanted: dates::moment(language, zone, gone.starts_at),
                alternatives: near.iter().map(|free| slot(free.starts_at)).collect(),
            });
        }
        other => page.problem = Some(problem_sentence(language, other)),
    }
    Ok(page)
}
