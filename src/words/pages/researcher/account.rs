//! Signing in, and one's own account.

use serde::Serialize;

use super::{Desk, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::pages::Sample;
use crate::words::pages::shared::{Deed, FieldMessage, Notice};
use crate::words::{problem_sentence, word};

/// The sign-in page. Posts `email`, `password`, `next` and `_csrf` to `/sign-in`.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// Path of this page.
    pub here: String,
    /// The token against cross-site requests.
    pub csrf: String,
    /// The address as it was typed.
    pub email: String,
    /// The path to go to afterwards.
    pub next: String,
    /// What was just done.
    pub notice: Option<Notice>,
    /// Why signing in was refused.
    pub problem: Option<String>,
    /// Whether nobody can sign in yet: the page then tells how to make the first researcher.
    pub empty: bool,
}

/// The page of a link that signs in once. Posts `_csrf` to its own path, for opening a link changes nothing (R4).
#[derive(Debug, Clone, Serialize)]
pub struct SignInLink {
    /// Path of this page, to which it posts.
    pub here: String,
    /// The token against cross-site requests.
    pub csrf: String,
}

impl SignInLink {
    /// Why a link that is used, expired or unknown signs nobody in.
    #[must_use]
    pub fn refusal(language: Language) -> String {
        word(language, "sign_in.link_used")
    }
}

/// A signed-in browser.
#[derive(Debug, Clone, Serialize)]
pub struct SessionRow {
    /// Its id, for `/account/sessions/{id}/end`.
    pub id: String,
    /// The browser and the system it runs on; empty where the browser does not say.
    pub browser: String,
    /// Since when.
    pub since: String,
    /// When it was last used.
    pub last_used: String,
    /// Whether it is this one.
    pub current: bool,
}

/// A key of the JSON API.
#[derive(Debug, Clone, Serialize)]
pub struct TokenRow {
    /// Its id, for `/account/tokens/{id}/end`.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// Since when.
    pub since: String,
}

/// One's own account. Posts `current` and `new` to `/account/password`, `label` to `/account/tokens`.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// What surrounds it.
    pub desk: Desk,
    /// The address one signs in with.
    pub email: String,
    /// The signed-in browsers.
    pub sessions: Vec<SessionRow>,
    /// Whether a second factor is asked for.
    pub factor_on: bool,
    /// The keys of the JSON API.
    pub tokens: Vec<TokenRow>,
    /// What a new key is for, as it was typed.
    pub label: String,
    /// The new key, shown this once.
    pub new_token: Option<String>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for SignIn {
    fn samples(language: Language) -> Vec<Self> {
        let page = |notice, problem, empty| Self {
            here: "/sign-in".to_owned(),
            csrf: "csrf".to_owned(),
            email: "noor.verhoeven@example.org".to_owned(),
            next: "/".to_owned(),
            notice,
            problem,
            empty,
        };
        let refused = problem_sentence(language, &Problem::SignInRefused);
        let signed_out = Some(Notice::from(Deed::SignedOut));
        vec![page(None, None, false), page(signed_out, Some(refused), false), page(None, None, true)]
    }
}

impl Sample for SignInLink {
    fn samples(_: Language) -> Vec<Self> {
        vec![Self { here: "/sign-in/token".to_owned(), csrf: "csrf".to_owned() }]
    }
}

impl Sample for Account {
    fn samples(language: Language) -> Vec<Self> {
        let session = |id: &str, current| SessionRow {
            id: id.to_owned(),
            browser: "Firefox, Linux".to_owned(),
            since: "2 mrt 2027, 09.12".to_owned(),
            last_used: "2 mrt 2027, 14.40".to_owned(),
            current,
        };
        let problems = [
            FieldProblem::new("current", FieldCode::PasswordWrong),
            FieldProblem::new("new", FieldCode::PasswordWeak).with("minimum", 12),
        ];
        let token = TokenRow {
            id: "t".to_owned(),
            label: "R-script".to_owned(),
            since: "2 mrt 2027, 09.12".to_owned(),
        };
        let page = |errors| Self {
            desk: desk(None, ""),
            email: "noor.verhoeven@example.org".to_owned(),
            sessions: vec![session("a", true), session("b", false)],
            factor_on: false,
            tokens: Vec::new(),
            label: String::new(),
            new_token: None,
            errors,
        };
        let made = Self {
            factor_on: true,
            tokens: vec![token],
            new_token: Some("vw_made-up-and-shown-only-once-0123456789abcde".to_owned()),
            ..page(Vec::new())
        };
        vec![page(Vec::new()), page(FieldMessage::all(language, &problems)), made]
    }
}
