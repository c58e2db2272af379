//! Signing in, and one's own account.

use serde::Serialize;

use super::{Desk, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::problem_sentence;

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
    /// Why signing in was refused.
    pub problem: Option<String>,
    /// Whether nobody can sign in yet: the page then tells how to make the first researcher.
    pub empty: bool,
}

/// A signed-in browser.
#[derive(Debug, Clone, Serialize)]
pub struct SessionRow {
    /// Its id, for `/account/sessions/{id}/end`.
    pub id: String,
    /// Since when.
    pub since: String,
    /// When it was last used.
    pub last_used: String,
    /// Whether it is this one.
    pub current: bool,
}

/// One's own account. Posts `current` and `new` to `/account/password`.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// What surrounds it.
    pub desk: Desk,
    /// The address one signs in with.
    pub email: String,
    /// The signed-in browsers.
    pub sessions: Vec<SessionRow>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for SignIn {
    fn samples(language: Language) -> Vec<Self> {
        let page = |problem, empty| Self {
            here: "/sign-in".to_owned(),
            csrf: "csrf".to_owned(),
            email: "noor.verhoeven@example.org".to_owned(),
            next: "/".to_owned(),
            problem,
            empty,
        };
        let refused = problem_sentence(language, &Problem::SignInRefused);
        vec![page(None, false), page(Some(refused), false), page(None, true)]
    }
}

impl Sample for Account {
    fn samples(language: Language) -> Vec<Self> {
        let session = |id: &str, current| SessionRow {
            id: id.to_owned(),
            since: "2 mrt 2027, 09.12".to_owned(),
            last_used: "2 mrt 2027, 14.40".to_owned(),
            current,
        };
        let problems = [
            FieldProblem::new("current", FieldCode::PasswordWrong),
            FieldProblem::new("new", FieldCode::PasswordWeak).with("minimum", 12),
        ];
        let page = |errors| Self {
            desk: desk(None, ""),
            email: "noor.verhoeven@example.org".to_owned(),
            sessions: vec![session("a", true), session("b", false)],
            errors,
        };
        vec![page(Vec::new()), page(FieldMessage::all(language, &problems))]
    }
}
