//! The municipalities of a study: searched, filtered and sorted, with the way to add somebody who works for one.

use std::str::FromStr;

use rocket::{Route, State, get};

use super::desk::{At, base};
use super::respondents::list_of;
use crate::domain::municipality::Province;
use crate::domain::recruitment::Reach;
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::queries::overview::register::{self, Order, RegisterItem, Wish};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{Choice, MunicipalityList, MunicipalityRow, Section, outside_strata};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list]
}

/// How far recruitment has come, as an address says it.
struct Come(Reach);

impl FromStr for Come {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Reach::ALL.into_iter().find(|reach| reach.as_str() == text).map(Self).ok_or(())
    }
}

/// A province, as an address says it.
struct Lies(Province);

impl FromStr for Lies {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Province::ALL.into_iter().find(|province| province.as_str() == text).map(Self).ok_or(())
    }
}

#[get("/studies/<study>/municipalities")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, _) = at.study(app, &who, study, Section::Respondents).await?;
    let (wish, part) = wish(&query)?;
    let asked = wish.clone();
    let register = app.store.read(move |tx| register::of(tx, user, study, now, &asked)).await?;
    let from = part.after.unwrap_or_default();
    let total = register.items.len();
    let until = from.saturating_add(part.limit).min(total);
    let next = (until < total).then(|| until.to_string());
    let province = wish.province.map(|province| province.as_str().to_owned()).unwrap_or_default();
    let state = wish.reach.map(|reach| reach.as_str().to_owned()).unwrap_or_default();
    let stratum = wish.stratum.unwrap_or_default();
    let order = wish.order.as_str();
    let filters = [
        ("q", wish.text.as_str()),
        ("province", &province),
        ("stratum", &stratum),
        ("state", &state),
        ("sort", if wish.order == Order::Name { "" } else { order }),
    ];
    let path = format!("{}/municipalities", base(study));
    let Ways { first, next } = part.ways(&path, &filters, next.as_deref());
    let shown = register.items.into_iter().skip(from).take(part.limit);
    let respondents = list_of(study);
    let page = MunicipalityList {
        desk,
        rows: shown.map(|item| row(&at, &respondents, item)).collect(),
        total: u64::try_from(total).unwrap_or(u64::MAX),
        counted: register.counted_on.map(|on| dates::date_alone(at.language, on)),
        provinces: Province::ALL.iter().map(|province| province.as_str().to_owned()).collect(),
        strata: register.strata.into_iter().map(|(value, label)| Choice { value, label }).collect(),
        states: Reach::ALL.iter().map(|reach| reach.as_str().to_owned()).collect(),
        sorts: Order::ALL.iter().map(|order| order.as_str().to_owned()).collect(),
        q: wish.text.clone(),
        province,
        stratum,
        state,
        sort: order.to_owned(),
        first,
        next,
    };
    Html::page(at.language, page)
}

fn wish(query: &Query) -> Outcome<(Wish, Listing<usize>)> {
    let mut fields = query.fields(&["q", "province", "stratum", "state", "sort", "cursor", "limit"]);
    let text = fields.optional("q", input::line).unwrap_or_default();
    let province = fields.optional("province", input::word::<Lies>("Groningen, Fryslân, …"));
    let stratum = fields.optional("stratum", input::line);
    let reach = fields
        .optional("state", input::word::<Come>("untouched, ended, listed, invited, consented, booked, held"));
    let order = fields.optional("sort", input::word::<Order>("name, inhabitants, respondents"));
    let part = listing(&mut fields);
    fields.finish(|| {
        let (province, reach) = (province.map(|lies| lies.0), reach.map(|state| state.0));
        Some((Wish { text, province, stratum, reach, order: order.unwrap_or_default() }, part))
    })
}

fn row(at: &At, respondents: &str, item: RegisterItem) -> MunicipalityRow {
    let RegisterItem { place, stratum, formerly } = item;
    let code = place.code.to_string();
    let count = place.respondents.unsigned_abs();
    MunicipalityRow {
        list: (count > 0).then(|| format!("{respondents}?municipality={code}")),
        add: format!("{respondents}/new?municipality={code}"),
        name: place.name,
        province: place.province.as_str().to_owned(),
        inhabitants: place.inhabitants.map(u64::from),
        stratum: stratum.unwrap_or_else(|| outside_strata(at.language)),
        state: place.reach.as_str().to_owned(),
        respondents: count,
        formerly,
    }
}
