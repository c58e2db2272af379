//! The consent form: each item asked by itself, nothing ticked beforehand.

use std::collections::BTreeMap;

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::{Guest, one_shot_key};
use crate::actions::consent::{Given, consent as give_consent};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken, RepeatKey};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{self, OpenForm};
use crate::web::participation::{Door, Pressed};
use crate::words::pages::respondent::{Consent, ConsentItem};
use crate::words::problem_sentence;

/// What the fields of the items begin with.
const ITEMS: &str = "items.";

pub(super) fn routes() -> Vec<Route> {
    rocket::routes![show, give]
}

#[get("/<token>/consent")]
async fn show(app: &State<App>, token: LinkToken, chosen: Chosen) -> Result<Html, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    page(&guest, &forms::Given::default())
}

/// The form with what was answered so far.
pub(super) fn page(guest: &Guest, given: &forms::Given) -> Outcome<Html> {
    let page = form(guest, given)?;
    let seen = given.text("version");
    if seen.is_empty() || seen == page.version {
        return Html::page(guest.language, page);
    }
    Html::page(guest.language, renewed(guest)?)
}

/// The form whose newer version is shown with its own text: what was answered belongs to the old one.
fn renewed(guest: &Guest) -> Outcome<Consent> {
    let problem = Some(problem_sentence(guest.language, &Problem::VersionConflict));
    Ok(Consent { problem, ..form(guest, &forms::Given::default())? })
}

#[post("/<token>/consent", data = "<sent>")]
async fn give(
    app: &State<App>,
    token: LinkToken,
    chosen: Chosen,
    sent: OpenForm,
) -> Result<Either<Redirect, Html>, Problem> {
    let guest = Guest::of(app, &token, &chosen).await?;
    let path = format!("{}/consent", guest.base);
    let (key, raw) = (RepeatKey::of_form(&path, sent.key.clone()), sent.given.bytes());
    let pressed =
        Pressed { app, token: &token, key: &key, door: Door::TakingPart, raw: &raw, now: app.clock.now() };
    let outcome = match pressed.told(read(&guest, &sent.given)).await {
        Ok(given) => {
            let now = pressed.now;
            pressed.change(move |tx, who| give_consent(tx, now, who, &given)).await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => {
            let next = if guest.facts.full || guest.has_interview() { "" } else { "/book" };
            Ok(Either::Left(Redirect::to(format!("{}{next}?done=consented", guest.base))))
        }
        Err(problem) => {
            let page = match &problem {
                Problem::Invalid(problems) => form(&guest, &sent.given)?.refused(guest.language, problems),
                Problem::VersionConflict => renewed(&guest)?,
                _ => return Err(problem),
            };
            Html::again(guest.language, &problem, page).map(Either::Right)
        }
    }
}

fn form(guest: &Guest, given: &forms::Given) -> Outcome<Consent> {
    let open = guest.facts.open.as_ref().ok_or(Problem::Withdrawn)?;
    let form = open.consent_form.as_ref().ok_or(Problem::ConsentMissing)?;
    let answer = |key: &str| match given.text(&format!("{ITEMS}{key}")).as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let items = form.items.iter().map(|item| ConsentItem {
        key: item.key.clone(),
        text: item.text.text(guest.language).to_owned(),
        required: item.required,
        answer: answer(&item.key),
    });
    Ok(Consent {
        visit: guest.visit("/consent", None),
        version: form.version.unwrap_or_default().to_string(),
        before: guest.earlier_version().map(|(before, _)| before),
        intro: form.intro.text(guest.language).to_owned(),
        items: items.collect(),
        name: given.text("name"),
        errors: Vec::new(),
        problem: None,
        key: one_shot_key(),
    })
}

fn read(guest: &Guest, given: &forms::Given) -> Outcome<Given> {
    let form = guest.facts.open.as_ref().and_then(|open| open.consent_form.as_ref());
    let mut fields = given.without(|name| name.starts_with(ITEMS)).fields();
    let version = fields.required("version", input::integer(1, i32::MAX));
    let name = fields.optional("name", input::line);
    let mut items = BTreeMap::new();
    for (key, value) in given.below(ITEMS) {
        match value {
            "yes" => items.insert(key.to_owned(), true),
            _ => items.insert(key.to_owned(), false),
        };
    }
    // On the page every item is answered, so that a «no» is a «no» and not an oversight.
    for item in form.into_iter().flat_map(|form| &form.items) {
        if !items.contains_key(&item.key) {
            fields.note(&format!("{ITEMS}{}", item.key), FieldProblem::new("", FieldCode::Required));
        }
    }
    let language = Some(guest.language);
    fields.finish(|| Some(Given { version: version?, language, items, name }))
}
