//! The description of the API as OpenAPI 3.1, and a page to read it on.
//!
//! Every file of `web::api` describes its own routes beside them: `#[utoipa::path]` over the handler, whose doc
//! comment is the summary, and a `Reference` that lists them. Here the parts are put together and completed with what
//! holds for all: the form of problems, who may ask, and the parameters that many share. A test compares the result
//! with the routes that are mounted.

mod complete;
mod page;
mod values;

use std::sync::LazyLock;

use rocket::fairing::AdHoc;
use rocket::get;
use rocket::http::ContentType;
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{IntoParams, OpenApi as _, ToSchema};

use super::api::session;
use super::guards::{IfMatch, RepeatKey, Speaks};
use super::health;
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
        Part { base: "", ..part("Health", "For supervisors and monitors.", health::Reference::openapi()) },
    ]
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let info = InfoBuilder::new()
        .title("Veldwerk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Fieldwork for interview studies. JSON in snake_case, moments in RFC 3339 and UTC; unknown fields are \
             refused, and all that is wrong with an input is told at once.",
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
fn docs(speaks: Speaks) -> Result<Html, Problem> {
    Html::page(speaks.0, page::reference(document()))
}

/// A list, as every list of the API comes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes answers")]
pub struct Listed<T: ToSchema> {
    /// The items of this answer.
    items: Vec<T>,
    /// What to give as `cursor` to go on; null at the end.
    next: Option<String>,
}

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
