//! Choosing a time: online or in person, then a week of free starts, then one button. For a first interview that keeps
//! the time and leads to the rest of the form; one that stands moves at once.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, details, one_shot_key};
use crate::actions::Wish;
use crate::actions::reschedule::{Move, reschedule};
use crate::clock::Instant;
use crate::domain::availability::{Slot as FreeSlot, date_at, day_begins};
use crate::domain::interview::{Asker, Mode};
use crate::domain::notice::Alteration;
use crate::problem::{Outcome, Problem};
use crate::queries::slots;
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{ChooseMode, ChooseTime, Plan, Slot, SlotDay, Taken};
use crate::words::pages::shared::{Deed, FieldMessage, Notice};
use crate::words::{dates, problem_sentence};

/// How many days one page shows.
const DAYS_SHOWN: u64 = 7;
/// How far the first page looks for a week that has something free.
const DAYS_SEARCHED: u64 = 28;

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![choose, choose_other, take_other]
}

#[get("/<token>/book?<mode>&<from>&<done>")]
async fn choose(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
    from: Option<&str>,
    done: Option<&str>,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    if guest.has_interview() {
        return Ok(Either::Left(guest.to_interview()));
    }
    let deed = guest.done(done);
    let (plan, given) = ((Plan::Book, deed), Given::default());
    page(app, &guest, &token, plan, (mode, from), &given).await.map(Either::Right)
}

#[get("/<token>/move?<mode>&<from>")]
async fn choose_other(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
    from: Option<&str>,
) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    page(app, &guest, &token, (Plan::Move, None), (mode, from), &Given::default()).await
}

#[post("/<token>/move", data = "<sent>")]
async fn take_other(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    move_to(app, &token, chosen, sent).await
}

/// What comes first: how to meet, or the times of a week with what was chosen and typed so far.
pub(super) async fn page(
    app: &App,
    guest: &Guest,
    token: &LinkToken,
    (plan, done): (Plan, Option<Deed>),
    (mode, from): (Option<&str>, Option<&str>),
    given: &Given,
) -> Outcome<Html> {
    if let Some(ended) = guest.ended() {
        return Html::page(guest.language, ended);
    }
    match plan {
        Plan::Book => guest.demand_consent()?,
        Plan::Move if guest.meeting().is_none() => return guest.without_interview(path(plan)),
        Plan::Move => guest.demand(Alteration::Move, app.clock.now())?,
    }
    let modes = guest.facts.rules.modes.clone();
    let mode = mode.and_then(|mode| mode.parse().ok()).filter(|mode| modes.contains(mode));
    let mode = mode.or_else(|| modes.first().copied().filter(|_| modes.len() == 1));
    let Some(mode) = mode else {
        let page = ChooseMode {
            visit: guest.visit(path(plan), done),
            plan,
            modes,
            meeting: guest.meeting().filter(|_| plan == Plan::Move),
        };
        return Html::page(guest.language, page);
    };
    let from = from.and_then(|from| from.parse::<NaiveDate>().ok());
    let mut page = times_with(app, guest, token, plan, (mode, from), given).await?;
    page.visit.notice = done.map(Notice::from);
    Html::page(guest.language, page)
}

/// The page of a week with what was chosen and typed. A time that was chosen beside one that had gone may lie in
/// another week, which is shown in its place.
async fn times_with(
    app: &App,
    guest: &Guest,
    token: &LinkToken,
    plan: Plan,
    (mode, from): (Mode, Option<NaiveDate>),
    given: &Given,
) -> Outcome<ChooseTime> {
    let mut page = times(app, guest, token, plan, mode, from).await?;
    if let Some(chosen) = Instant::parse(&given.text("starts_at"))
        && !SlotDay::choose(&mut page.days, Some(&chosen.to_string()))
        && from != Some(date_of(guest, chosen))
    {
        page = times(app, guest, token, plan, mode, Some(date_of(guest, chosen))).await?;
        SlotDay::choose(&mut page.days, Some(&chosen.to_string()));
    }
    page.place = details::place(guest, mode, given).filter(|_| plan == Plan::Move);
    Ok(page)
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
    let mut days: BTreeMap<NaiveDate, Vec<(NaiveTime, Slot)>> = BTreeMap::new();
    for start in free.keys().filter(|start| date_at(zone, **start) < end) {
        let slot =
            Slot { starts_at: start.to_string(), label: dates::start(language, zone, *start), chosen: false };
        let local = start.utc().with_timezone(&zone);
        days.entry(local.date_naive()).or_default().push((local.time(), slot));
    }
    let earlier = match asked {
        Some(_) => earlier_week(app, token, mode, zone, (opening, begin), now).await?,
        None => None,
    };
    let week = |from: NaiveDate| format!("{}{}?mode={mode}&from={from}", guest.base, path(plan));
    let midnight = |date| day_begins(zone, date).unwrap_or(now);
    let mut days: Vec<_> = days
        .into_iter()
        .map(|(date, slots)| SlotDay::new(dates::date_in_year(language, date), slots))
        .collect();
    SlotDay::choose(&mut days, None);
    Ok(ChooseTime {
        visit: guest.visit(&format!("{}?mode={mode}&from={begin}", path(plan)), None),
        plan,
        mode,
        other_mode: rules.modes.len() > 1,
        meeting: guest.meeting().filter(|_| plan == Plan::Move),
        range: dates::days(language, zone, midnight(begin), midnight(end).plus_seconds(-1)),
        days,
        zone: dates::zone_name(language, zone, midnight(begin)),
        earlier: earlier.map(week),
        later: (end <= last).then(|| week(end)),
        place: details::place(guest, mode, &Given::default()).filter(|_| plan == Plan::Move),
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

/// The date on which a start lies, in the study's zone.
pub(super) fn date_of(guest: &Guest, start: Instant) -> NaiveDate {
    date_at(guest.facts.rules.time_zone, start)
}

fn later_by(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

fn earlier_by(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

async fn move_to(
    app: &App,
    token: &LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, token, &chosen).await?;
    let target = format!("{}/move", guest.base);
    let (key, raw) = (RepeatKey::of_form(&target, sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token, key: &key, door: Door::TakingPart, raw: &raw, now };
    let outcome = match pressed.told(details::read(&sent.given)).await {
        Ok(Wish { starts_at, mode, place, .. }) => {
            let to = Move { starts_at, mode: Some(mode), place: Some(place), interviewer: None };
            pressed.change(move |tx, who| reschedule(tx, now, who, &to)).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(Either::Left(Redirect::to(format!("{}?done=moved", guest.base)))),
        Err(problem) if may_choose_again(&problem) => {
            let page = again(app, &guest, token, Plan::Move, &sent.given, &problem).await?;
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

/// Whether another choice on the same page can help.
pub(super) const fn may_choose_again(problem: &Problem) -> bool {
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

/// The same page with what was wrong, the input kept, and for a time that has gone the free ones near it.
pub(super) async fn again(
    app: &App,
    guest: &Guest,
    token: &LinkToken,
    plan: Plan,
    given: &Given,
    problem: &Problem,
) -> Outcome<ChooseTime> {
    let (language, zone) = (guest.language, guest.facts.rules.time_zone);
    let mode = given.text("mode").parse().unwrap_or(Mode::Teams);
    let from = Instant::parse(&given.text("starts_at")).map(|start| date_at(zone, start));
    let mut page = times_with(app, guest, token, plan, (mode, from), given).await?;
    match problem {
        Problem::Invalid(problems) => page.errors = FieldMessage::all(language, problems),
        Problem::SlotTaken { wanted: Some(gone) } => {
            let (gone, now) = (*gone, app.clock.now());
            let near = app.store.read(move |tx| slots::near(tx, gone, Asker::Respondent, now)).await?;
            let slot = |start: Instant| Slot {
                starts_at: start.to_string(),
                label: dates::moment(language, zone, start),
                chosen: false,
            };
            page.taken = Some(Taken {
                is_news: true,
                wanted: dates::moment(language, zone, gone.starts_at),
                alternatives: near.iter().map(|free| slot(free.starts_at)).collect(),
            });
        }
        other => page.problem = Some(problem_sentence(language, other)),
    }
    Ok(page)
}
