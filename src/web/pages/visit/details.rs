//! The last step before an appointment: the time is kept while the form is filled in, and one button books it. What is
//! no longer kept is tried all the same; if somebody else has it by now, times near it stand in the same form.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use url::form_urlencoded::Serializer;

use super::{Guest, booking, one_shot_key};
use crate::actions::Wish;
use crate::actions::book::book;
use crate::actions::hold::{Choice, hold};
use crate::clock::Instant;
use crate::domain::delegate::Delegate;
use crate::domain::interview::{Asker, Mode};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem, Wanted};
use crate::queries::slots;
use crate::web::App;
use crate::web::api::interviews::MODES;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, OpenForm};
use crate::web::participation::{Door, Pressed, not_ourselves};
use crate::words::letters::When;
use crate::words::pages::respondent::{Details, PlaceChoice, Plan, Slot, Taken};
use crate::words::pages::shared::FieldMessage;
use crate::words::{dates, problem_sentence};

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![keep, fill_in, take]
}

/// Keeps the chosen time, and leads to the form. Whoever chose too often goes on without.
#[post("/<token>/hold", data = "<sent>")]
async fn keep(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let target = format!("{}/hold", guest.base);
    let (key, raw) = (RepeatKey::of_form(&target, sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now };
    let outcome = match pressed.told(read_choice(&sent.given)).await {
        Ok(choice) => match pressed.change(move |tx, who| hold(tx, now, who, choice)).await {
            Ok(_) | Err(Problem::Throttled(_)) => Ok(choice),
            Err(problem) => Err(problem),
        },
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(Choice { starts_at, mode, .. }) => {
            Ok(Either::Left(Redirect::to(address(&guest, starts_at, mode))))
        }
        Err(Problem::AlreadyBooked) => Ok(Either::Left(guest.to_interview())),
        Err(problem) if booking::may_choose_again(&problem) => {
            let page = booking::again(app, &guest, &token, Plan::Book, &sent.given, &problem).await?;
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
        Err(problem) => Err(problem),
    }
}

fn read_choice(given: &Given) -> Outcome<Choice> {
    let mut fields = given.fields();
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    fields.finish(|| Some(Choice { starts_at: starts_at?, mode: mode?, interviewer: None }))
}

/// The form for a time.
pub(super) fn address(guest: &Guest, starts_at: Instant, mode: Mode) -> String {
    let query = Serializer::new(String::new())
        .append_pair("mode", mode.as_str())
        .append_pair("starts_at", &starts_at.to_string())
        .finish();
    format!("{}/details?{query}", guest.base)
}

#[get("/<token>/details?<mode>&<starts_at>")]
async fn fill_in(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    mode: Option<&str>,
    starts_at: Option<&str>,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    if guest.has_interview() {
        return Ok(Either::Left(guest.to_interview()));
    }
    match asked(&guest, mode, starts_at) {
        Some(asked) => page(app, &guest, asked, &Given::default()).await.map(Either::Right),
        None => Ok(Either::Left(Redirect::to(format!("{}/book", guest.base)))),
    }
}

/// The time and the manner that the address of the form names.
pub(super) fn asked(guest: &Guest, mode: Option<&str>, starts_at: Option<&str>) -> Option<(Instant, Mode)> {
    let asked = starts_at.and_then(Instant::parse).zip(mode.and_then(|mode| mode.parse().ok()));
    asked.filter(|(_, mode)| guest.facts.rules.modes.contains(mode))
}

/// The form with what was typed so far, and with the free times if it held them; why it did was told before.
pub(super) async fn page(
    app: &App,
    guest: &Guest,
    (starts_at, mode): (Instant, Mode),
    given: &Given,
) -> Outcome<Html> {
    if let Some(ended) = guest.ended() {
        return Html::page(guest.language, ended);
    }
    guest.demand_consent()?;
    let mut page = form(guest, (starts_at, mode), given);
    if !given.text("wanted").is_empty() {
        page = with_others(app, guest, page, wanted(guest, (starts_at, mode)), given).await?;
        page.taken = page.taken.map(|taken| Taken { is_news: false, ..taken });
    }
    Html::page(guest.language, page)
}

#[post("/<token>/book", data = "<sent>")]
async fn take(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let target = format!("{}/book", guest.base);
    let (key, raw) = (RepeatKey::of_form(&target, sent.key.clone()), sent.given.bytes());
    let now = app.clock.now();
    let pressed = Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now };
    let outcome = match pressed.told(read(&sent.given).and_then(|wish| not_ourselves(app, wish))).await {
        Ok(wish) => {
            let domain = app.settings.mail_domain().to_owned();
            pressed.change(move |tx, who| book(tx, now, who, &wish, &domain)).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(Either::Left(Redirect::to(format!("{}?done=booked", guest.base)))),
        Err(Problem::AlreadyBooked) => Ok(Either::Left(guest.to_interview())),
        Err(problem) if booking::may_choose_again(&problem) => {
            let sent = &sent.given;
            let start =
                Instant::parse(&sent.text("starts_at")).or_else(|| Instant::parse(&sent.text("wanted")));
            if let Some(asked) = start.zip(sent.text("mode").parse().ok()) {
                let page = again(app, &guest, asked, sent, &problem).await?;
                Html::again(guest.language, &problem, page).map(Either::Right)
            } else {
                let page = booking::again(app, &guest, &token, Plan::Book, sent, &problem).await?;
                Html::again(guest.language, &problem, page).map(Either::Right)
            }
        }
        Err(problem) => Err(problem),
    }
}

/// Reads what is wished for in a form with a time: where to meet, and who makes the appointment.
pub(super) fn read(given: &Given) -> Outcome<Wish> {
    let mut fields = given.fields();
    let starts_at = fields.required("starts_at", input::instant);
    let mode = fields.required("mode", input::word::<Mode>(MODES));
    // The time that could not be had, in a form with others near it.
    fields.optional("wanted", input::raw);
    let kind = fields.optional("place_kind", input::raw);
    let place = fields.optional("place", input::line);
    fields.optional("planned_place", input::raw);
    // Whoever types another address means it, though the button beside the town hall is still pressed in.
    let is_typed = place.as_ref().is_some_and(|place| *place != given.text("planned_place"));
    let elsewhere = mode == Some(Mode::InPerson) && (kind.as_deref() == Some("other") || is_typed);
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

/// The place as it was chosen in a form that is shown again, else the address of the interview that moves, else the
/// town hall.
pub(super) fn place(guest: &Guest, mode: Mode, given: &Given) -> Option<PlaceChoice> {
    let planned = guest.planned_place().unwrap_or_default();
    let is_shown_again = !given.text("place_kind").is_empty();
    let (chosen, other) = if is_shown_again {
        (given.text("place_kind"), given.text("place"))
    } else {
        (if planned.is_empty() { "town_hall" } else { "other" }.to_owned(), planned.clone())
    };
    (mode == Mode::InPerson).then(|| PlaceChoice {
        town_hall: Some(guest.town_hall()),
        chosen: Some(chosen),
        other,
        planned,
    })
}

fn form(guest: &Guest, (starts_at, mode): (Instant, Mode), given: &Given) -> Details {
    let (language, zone) = (guest.language, guest.facts.rules.time_zone);
    let ends_at = guest.facts.rules.timing().ends_at(starts_at);
    let here = address(guest, starts_at, mode);
    Details {
        visit: guest.visit(here.strip_prefix(&guest.base).unwrap_or_default(), None),
        mode,
        starts_at: starts_at.to_string(),
        when: When::new(language, zone, starts_at, ends_at),
        others: format!("{}/book?mode={mode}&from={}", guest.base, booking::date_of(guest, starts_at)),
        kept: guest.kept().filter(|(hold, _)| hold.is_for(starts_at, mode)).map(|(_, kept)| kept),
        place: place(guest, mode, given),
        delegate: (given.text("delegate_name"), given.text("delegate_email")).into(),
        taken: None,
        errors: Vec::new(),
        problem: None,
        key: one_shot_key(),
    }
}

/// The same page with what was wrong and the input kept; in the place of a time that cannot be had, the free ones near
/// it.
async fn again(
    app: &App,
    guest: &Guest,
    (starts_at, mode): (Instant, Mode),
    given: &Given,
    problem: &Problem,
) -> Outcome<Details> {
    let mut page = form(guest, (starts_at, mode), given);
    if let Problem::Invalid(problems) = problem {
        page.errors = FieldMessage::all(guest.language, &on_page(problems));
        if !given.text("starts_at").is_empty() {
            return Ok(page);
        }
    }
    let gone = match problem {
        Problem::SlotTaken { wanted: Some(gone) } => *gone,
        other => {
            let is_invalid = matches!(other, Problem::Invalid(_));
            page.problem = (!is_invalid).then(|| problem_sentence(guest.language, other));
            wanted(guest, (starts_at, mode))
        }
    };
    with_others(app, guest, page, gone, &Given::default()).await
}

/// A time as it is looked for near which others are free.
fn wanted(guest: &Guest, (starts_at, mode): (Instant, Mode)) -> Wanted {
    let (study, respondent) = (guest.facts.study_id, Some(guest.facts.respondent));
    Wanted { study, respondent, in_person: mode == Mode::InPerson, starts_at }
}

/// The page with the free times near one that cannot be had, of which one may be chosen already.
async fn with_others(
    app: &App,
    guest: &Guest,
    mut page: Details,
    wanted: Wanted,
    given: &Given,
) -> Outcome<Details> {
    let (language, zone, now) = (guest.language, guest.facts.rules.time_zone, app.clock.now());
    let starts_at = wanted.starts_at;
    let chosen = Instant::parse(&given.text("starts_at"));
    let near = app.store.read(move |tx| slots::near(tx, wanted, Asker::Respondent, now)).await?;
    let slot = |start: Instant| Slot {
        starts_at: start.to_string(),
        label: dates::moment(language, zone, start),
        chosen: chosen == Some(start),
    };
    page.kept = None;
    page.taken = Some(Taken {
        is_news: true,
        wanted: dates::moment(language, zone, starts_at),
        alternatives: near.iter().map(|free| slot(free.starts_at)).collect(),
    });
    Ok(page)
}

/// The problems under the names that their fields have on the page.
fn on_page(problems: &[FieldProblem]) -> Vec<FieldProblem> {
    let mut problems = problems.to_vec();
    for problem in &mut problems {
        problem.field = problem.field.replace("delegate.", "delegate_");
    }
    problems
}
