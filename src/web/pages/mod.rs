//! The HTML pages: the respondent's under `/p`, the researcher's under `/`.
//!
//! A page shows; a button posts. Every POST ends in a redirect to a page that says what happened, or in the same
//! form again with what was wrong beside the fields and the input kept.

pub mod assets;
pub mod forms;
pub mod framed;
mod mailbox;
mod researcher;
pub mod unsubscribe;
pub mod upload;
pub mod visit;
pub mod visitor;

use std::io::Cursor;

use rocket::http::{ContentType, Header, Method, Status};
use rocket::response::{self, Redirect, Responder, Response};
use rocket::{Request, fairing::AdHoc};
use url::form_urlencoded::Serializer;

use self::forms::Unsent;
use self::researcher::SIGN_IN;
use super::{answers, guards};
use crate::domain::language::Language;
use crate::mail::Folder;
use crate::problem::{Outcome, Problem};
use crate::words::pages::Page;
use crate::words::pages::shared::ProblemPage;

/// Mounts the pages.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("Pages", |rocket| async {
        rocket
            .mount("/static", assets::routes())
            .mount("/p", visit::routes())
            .mount("/", unsubscribe::routes())
            .mount("/", researcher::routes())
    })
}

/// The mailbox of the demonstration, which shows every letter to everybody.
#[must_use]
pub fn mailbox(folder: Folder) -> AdHoc {
    AdHoc::on_ignite("Mailbox", |rocket| async { rocket.manage(folder).mount("/", mailbox::routes()) })
}

/// A rendered page.
#[derive(Debug)]
pub struct Html {
    status: Status,
    retry_after: Option<u32>,
    body: String,
}

impl Html {
    /// A page with status 200.
    ///
    /// # Errors
    /// When a template asks for what its context lacks, which is a fault of ours.
    pub fn page(language: Language, page: impl Into<Page>) -> Outcome<Self> {
        Self::with_status(Status::Ok, language, page)
    }

    /// A form that is shown again, with the status of what was wrong.
    ///
    /// # Errors
    /// As [`Html::page`].
    pub fn again(language: Language, problem: &Problem, page: impl Into<Page>) -> Outcome<Self> {
        answers::log(problem);
        let html = Self::with_status(answers::status(problem), language, page)?;
        Ok(Self { retry_after: retry_after(problem), ..html })
    }

    /// The page itself, to be sent by other means.
    #[must_use]
    pub fn into_text(self) -> String {
        self.body
    }

    fn with_status(status: Status, language: Language, page: impl Into<Page>) -> Outcome<Self> {
        Ok(Self { status, retry_after: None, body: page.into().render(language)? })
    }
}

impl<'r> Responder<'r, 'static> for Html {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.status(self.status).header(ContentType::HTML);
        if let Some(seconds) = self.retry_after {
            answer.header(Header::new("Retry-After", seconds.to_string()));
        }
        answer.sized_body(self.body.len(), Cursor::new(self.body)).ok()
    }
}

/// When to try again, where that helps.
const fn retry_after(problem: &Problem) -> Option<u32> {
    match problem {
        Problem::Throttled(seconds) | Problem::Busy(seconds) => Some(*seconds),
        _ => None,
    }
}

/// A problem as a page of its own, with a way back to where the person came from.
///
/// # Errors
/// None; the signature is Rocket's.
pub(super) fn problem_page(request: &Request<'_>, problem: &Problem) -> response::Result<'static> {
    if matches!(problem, Problem::Unauthenticated) && matches!(request.method(), Method::Get | Method::Head) {
        return Redirect::to(way_in(&request.uri().to_string())).respond_to(request);
    }
    answers::log(problem);
    let language = guards::page_language(request);
    let path = request.uri().path().to_string();
    let back = match problem {
        Problem::Unauthenticated => Some(way_in(&form_page(request, &path))),
        _ => way_back(request, problem, &path),
    };
    let page = ProblemPage { unsent: Unsent::of(request), ..ProblemPage::new(language, problem, path, back) };
    let body = Page::from(page).render(language).unwrap_or_else(|fault| {
        answers::log(&fault);
        problem.code().to_owned()
    });
    let mut answer = Response::build();
    answer.status(answers::status(problem)).header(ContentType::HTML);
    if let Some(seconds) = retry_after(problem) {
        answer.header(Header::new("Retry-After", seconds.to_string()));
    }
    answer.sized_body(body.len(), Cursor::new(body)).ok()
}

/// The page to sign in on, which leads back to what was asked for.
fn way_in(next: &str) -> String {
    let query = Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{SIGN_IN}?{query}")
}

/// The page of a form that was sent to a path, or one near it: browsers don't tell which it was.
fn form_page(request: &Request<'_>, path: &str) -> String {
    let is_page = guards::allowed_methods(request).contains(&"GET");
    if is_page { path } else { thing_of(path).unwrap_or("/") }.to_owned()
}

/// Where somebody can go on from a problem: a respondent to their own page, or to the form that they have to agree to
/// first, a researcher to the page of the thing at
/// hand, or to their studies where that is what could not be shown.
fn way_back(request: &Request<'_>, problem: &Problem, path: &str) -> Option<String> {
    if path.starts_with("/p/") {
        let own = personal_page(path)?;
        let form = format!("{own}/consent");
        if matches!(problem, Problem::ConsentMissing) && form != path {
            return Some(form);
        }
        return Some(own.to_owned()).filter(|back| back != path);
    }
    let is_at_home = !path.starts_with("/u/") && guards::carries_session(request);
    let is_lost = matches!(problem, Problem::NotFound | Problem::Forbidden);
    let thing =
        thing_of(path).filter(|thing| !is_lost && (request.method() != Method::Get || *thing != path));
    is_at_home.then(|| thing.unwrap_or("/").to_owned())
}

/// The page of the thing that a researcher's path is about: what it is and which one, or their account.
fn thing_of(path: &str) -> Option<&str> {
    let noun = path.split('/').nth(1)?;
    let parts = match noun {
        "account" => 1,
        "studies" | "respondents" | "letters" | "consent-forms" | "interviews" | "guides" => 2,
        _ => return None,
    };
    let (end, _) = path.match_indices('/').nth(parts).unwrap_or((path.len(), ""));
    path.get(..end).filter(|thing| thing.matches('/').count() == parts)
}

/// The overview that a path below a personal link belongs to.
fn personal_page(path: &str) -> Option<&str> {
    let token = path.strip_prefix("/p/")?.split('/').next()?;
    path.get(.."/p/".len() + token.len())
}
