//! In which language a request is answered: the one that was chosen, else what the browser accepts.

use std::sync::{Arc, OnceLock};

use rocket::Request;
use rocket::request::{self, FromRequest};

use crate::domain::language::Language;

/// The language to answer in: the one the address asks for, else the best the browser accepts, else Dutch.
#[must_use]
pub fn language_of(request: &Request<'_>) -> Language {
    request
        .query_value::<&str>("lang")
        .and_then(Result::ok)
        .and_then(|tag| tag.parse().ok())
        .or_else(|| request.headers().get_one("Accept-Language").and_then(Language::accepted))
        .unwrap_or_default()
}

/// The cookie that remembers which language a person chose.
pub const LANGUAGE_COOKIE: &str = "lang";

/// The language that a person chose for pages: in the address, or earlier.
#[must_use]
pub fn chosen_language(request: &Request<'_>) -> Option<Language> {
    let asked = request.query_value::<&str>("lang").and_then(Result::ok);
    let kept = request.cookies().get(LANGUAGE_COOKIE).map(|cookie| cookie.value().to_owned());
    asked.and_then(|tag| tag.parse().ok()).or_else(|| kept.and_then(|tag| tag.parse().ok()))
}

/// The language of a page about which nothing else is known.
#[must_use]
pub fn page_language(request: &Request<'_>) -> Language {
    let theirs = || theirs(request).get().copied();
    chosen_language(request).or_else(theirs).unwrap_or_else(|| language_of(request))
}

/// The language in which the person behind a personal link is written to, once the link was looked up.
fn theirs<'r>(request: &'r Request<'_>) -> &'r Arc<OnceLock<Language>> {
    request.local_cache(Arc::default)
}

/// The language that a person chose, as a guard; the page knows what to fall back on.
#[derive(Debug, Clone)]
pub struct Chosen {
    language: Option<Language>,
    theirs: Arc<OnceLock<Language>>,
}

impl Chosen {
    /// The language that was chosen, else the one that a page would speak.
    #[must_use]
    pub fn or(&self, own: Language) -> Language {
        self.language.unwrap_or(own)
    }

    /// The same for the person behind a personal link, who is told in it what goes wrong from here on as well.
    #[must_use]
    pub fn or_theirs(&self, own: Language) -> Language {
        let _ = self.theirs.set(own);
        self.or(own)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Chosen {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let (language, theirs) = (chosen_language(request), theirs(request).clone());
        request::Outcome::Success(Self { language, theirs })
    }
}

/// The language in which to answer: the one that was chosen before, else that of the request; as a guard.
#[derive(Debug, Clone, Copy)]
pub struct Speaks(pub Language);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Speaks {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        request::Outcome::Success(Self(page_language(request)))
    }
}
