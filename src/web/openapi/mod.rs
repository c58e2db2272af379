//! The description of the API as OpenAPI 3.1, and a page to read it on.
//!
//! Every file of `web::api` describes its own routes beside them: `#[utoipa::path]` over the handler, whose doc
//! comment is the summary, and a `Reference` that lists them. What is asked and answered is derived where it is
//! defined. Here the parts are put together and completed with what holds for all: the form of problems, who may ask,
//! and the parameters that many share. A test compares the result with the routes that are mounted, and every test
//! that speaks to the API holds what it sends and gets against it.

mod complete;
mod page;
mod problems;
mod shapes;
mod values;

use std::sync::LazyLock;

use rocket::fairing::AdHoc;
use rocket::get;
use rocket::http::ContentType;
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{IntoParams, OpenApi as _, ToSchema};

use super::api::{
    agenda, audit, availability, batches, blocks, calendar_file, calendars, consent_forms, consent_versions,
    contact_data, export, guides, holds, import, incoming_mail, interviews, letter_texts, letters, meetings,
    members, municipalities, overview, participations, proposals, referrals, respondents, session, sheet,
    slots, strata, studies, study_life, travel, waves, why_not,
};
use super::guards::{IfMatch, RepeatKey, Speaks};
use super::health;
use super::packing::{Packed, Unpacks};
use super::pages::Html;
use crate::problem::Problem;

/// One file's share of the API: its heading, what it is about, and its routes below a base.
struct Part {
    heading: &'static str,
    about: &'static str,
    base: &'static str,
    routes: OpenApi,
}

const API: &str = "/api/v1";

/// All parts, in the order of the page.
fn parts() -> Vec<Part> {
    let part = |heading, about, routes| Part { heading, about, base: API, routes };
    vec![
        part("Sessions", "Signing in and out, and one's own account.", session::Reference::openapi()),
        part("Studies", "Making, changing and closing studies.", studies::Reference::openapi()),
        part(
            "Copies and the archive",
            "What begins and ends with a study.",
            study_life::Reference::openapi(),
        ),
        part("Overview", "How a study is doing.", overview::Reference::openapi()),
        part("Members", "Who works on a study, and as what.", members::Reference::openapi()),
        part(
            "Municipalities",
            "All Dutch municipalities with their inhabitants since 2017, for anybody who is signed in.",
            municipalities::Reference::openapi(),
        ),
        part("Strata", "The size classes from which a study recruits.", strata::Reference::openapi()),
        part("Respondents", "The people of a study, under pseudonyms.", respondents::Reference::openapi()),
        part(
            "Contact data",
            "Removing who somebody is while the interview stays under its code.",
            contact_data::Reference::openapi(),
        ),
        part("Referrals", "Colleagues that respondents name.", referrals::Reference::openapi()),
        part("Import", "Contact lists as files.", import::Reference::openapi()),
        part("Consent forms", "What respondents agree to.", consent_forms::Reference::openapi()),
        part(
            "Versions of consent forms",
            "What changed between two, and who agreed to one.",
            consent_versions::Reference::openapi(),
        ),
        part("Waves", "Letters to many: invitations and reminders.", waves::Reference::openapi()),
        part("Batches", "What is done to many respondents at once.", batches::Reference::openapi()),
        part("Letters", "The outbox of a study.", letters::Reference::openapi()),
        part("Incoming mail", "Messages that wait for a person.", incoming_mail::Reference::openapi()),
        part("Letter texts", "A study's own words for its letters.", letter_texts::Reference::openapi()),
        part("Availability", "When interviewers can hold interviews.", availability::Reference::openapi()),
        part("Travel", "How long interviewers are on the way.", travel::Reference::openapi()),
        part("Blocks", "Time that one keeps free in all one's studies.", blocks::Reference::openapi()),
        part(
            "Calendars",
            "Busy times out of one's own calendar, and one's interviews in it.",
            calendars::Reference::openapi(),
        ),
        part("Slots", "What is free.", slots::Reference::openapi()),
        part("Why not", "Why a moment is not offered.", why_not::Reference::openapi()),
        part("Agenda", "The weeks and days of a study.", agenda::Reference::openapi()),
        part("Interviews", "Planned, moved, held and missed.", interviews::Reference::openapi()),
        part("Proposals", "Moments that respondents propose.", proposals::Reference::openapi()),
        part("Meetings", "Teams meetings that are made for interviews.", meetings::Reference::openapi()),
        part("Guides", "What interviewers ask.", guides::Reference::openapi()),
        part("Sheets", "What was asked in an interview.", sheet::Reference::openapi()),
        part("Export", "The data of a study, by pseudonym.", export::Reference::openapi()),
        part("Audit", "The log of changes.", audit::Reference::openapi()),
        part(
            "Participations",
            "What a respondent does by their personal link, without signing in.",
            participations::Reference::openapi(),
        ),
        part("Holds", "A time that is kept while a form is filled in.", holds::Reference::openapi()),
        part("Calendar file", "The interview for a calendar.", calendar_file::Reference::openapi()),
        Part { base: "", ..part("Health", "For supervisors and monitors.", health::Reference::openapi()) },
    ]
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let info = InfoBuilder::new()
        .title("Veldwerk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Fieldwork for interview studies. JSON in snake_case, moments in RFC 3339 and UTC; unknown fields are \
             refused, and all that is wrong with an input is told at once. A body with nothing to say may be `{}` \
             or left out. Sentences are in the language of `?lang=` or `Accept-Language`, `nl` or `en`. To \
             somebody who is no member of a study, nothing in it exists.",
        ))
        .build();
    complete::complete(OpenApiBuilder::new().info(info).build(), parts())
});

/// The whole description.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Mounts the description and its page.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("OpenAPI", |rocket| async { rocket.mount("/api", rocket::routes![json, docs]) })
}

#[get("/openapi.json")]
fn json() -> (ContentType, String) {
    (ContentType::JSON, document().to_string())
}

#[get("/docs")]
fn docs(speaks: Speaks, unpacks: Unpacks) -> Result<Packed, Problem> {
    let page = Html::page(speaks.0, page::reference(document()))?;
    Ok(Packed::now(page.into_text(), ContentType::HTML, unpacks))
}

/// A body with nothing to say: `{}`, or none at all.
#[derive(ToSchema)]
pub struct Nothing {}

/// The parameters of a list, for `params(…)`.
pub struct Paged;

fn shared(name: &str, place: ParameterIn) -> Parameter {
    ParameterBuilder::new().name(name).parameter_in(place).build()
}

impl IntoParams for Paged {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        ["cursor", "limit"].map(|name| shared(name, ParameterIn::Query)).into()
    }
}

impl IntoParams for RepeatKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![shared("Idempotency-Key", ParameterIn::Header)]
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![shared("If-Match", ParameterIn::Header)]
    }
}
