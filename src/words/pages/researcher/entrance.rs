//! The pages behind one-time links: the first account, an invitation to a study, another password.

use serde::Serialize;

use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// What surrounds a page for somebody who is not signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Doorstep {
    /// Path of this page, to which it posts.
    pub here: String,
    /// The token against cross-site requests.
    pub csrf: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// The page of the first researcher. Posts `name`, `email` and `password`.
#[derive(Debug, Clone, Serialize)]
pub struct SetUp {
    /// What surrounds it.
    #[serde(flatten)]
    pub door: Doorstep,
    /// The name as it was typed.
    pub name: String,
    /// The address as it was typed.
    pub email: String,
}

/// The page of somebody who was invited. Posts `name` and `password`, or nothing where there is an account.
#[derive(Debug, Clone, Serialize)]
pub struct Join {
    /// What surrounds it.
    #[serde(flatten)]
    pub door: Doorstep,
    /// The study's name.
    pub study: String,
    /// Who invites.
    pub by: String,
    /// The address that was invited.
    pub email: String,
    /// `owner`, `interviewer` or `reader`.
    pub role: String,
    /// Whether the address has an account by now.
    pub has_account: bool,
    /// The name as it was typed.
    pub name: String,
}

/// The page on which a link for another password is asked for. Posts `email`.
#[derive(Debug, Clone, Serialize)]
pub struct ForgotPassword {
    /// What surrounds it.
    #[serde(flatten)]
    pub door: Doorstep,
    /// The address as it was typed.
    pub email: String,
    /// Why the question was not taken, such as too many of them.
    pub problem: Option<String>,
    /// Whether it was asked: the same with and without an account.
    pub asked: bool,
}

/// The page on which another password is chosen. Posts `password`.
#[derive(Debug, Clone, Serialize)]
pub struct NewPassword {
    /// What surrounds it.
    #[serde(flatten)]
    pub door: Doorstep,
    /// The address of the account, by which a password keeper knows it.
    pub email: String,
}

/// The page of a link that is unknown, used or expired.
#[derive(Debug, Clone, Serialize)]
pub struct LinkGone {
    /// Path of this page.
    pub here: String,
    /// What it was for: `setup`, `join` or `password`.
    pub kind: &'static str,
}

fn door(errors: Vec<FieldMessage>) -> Doorstep {
    Doorstep { here: "/setup/token".to_owned(), csrf: "csrf".to_owned(), errors }
}

fn wrong(language: Language) -> Vec<FieldMessage> {
    let problems = [
        FieldProblem::new("name", FieldCode::Required),
        FieldProblem::new("email", FieldCode::EmailInvalid),
        FieldProblem::new("password", FieldCode::PasswordWeak).with("minimum", 10),
    ];
    FieldMessage::all(language, &problems)
}

impl Sample for SetUp {
    fn samples(language: Language) -> Vec<Self> {
        let page = |errors| Self { door: door(errors), name: String::new(), email: "noor".to_owned() };
        vec![page(Vec::new()), page(wrong(language))]
    }
}

impl Sample for Join {
    fn samples(language: Language) -> Vec<Self> {
        let page = |errors, has_account| Self {
            door: door(errors),
            study: "Beleid maken in het sociaal domein".to_owned(),
            by: "Noor Verhoeven".to_owned(),
            email: "bram.janssen@example.org".to_owned(),
            role: "interviewer".to_owned(),
            has_account,
            name: String::new(),
        };
        let problems = wrong(language).into_iter().filter(|error| error.field != "email").collect();
        vec![page(Vec::new(), false), page(problems, false), page(Vec::new(), true)]
    }
}

impl Sample for ForgotPassword {
    fn samples(language: Language) -> Vec<Self> {
        let page = |errors, asked| Self {
            door: door(errors),
            email: "noor.verhoeven@example.org".to_owned(),
            problem: None,
            asked,
        };
        let problems = wrong(language).into_iter().filter(|error| error.field == "email").collect();
        vec![page(Vec::new(), false), page(problems, false), page(Vec::new(), true)]
    }
}

impl Sample for NewPassword {
    fn samples(language: Language) -> Vec<Self> {
        let problems = wrong(language).into_iter().filter(|error| error.field == "password").collect();
        let page = |errors| Self { door: door(errors), email: "noor.verhoeven@example.org".to_owned() };
        vec![page(Vec::new()), page(problems)]
    }
}

impl Sample for LinkGone {
    fn samples(_: Language) -> Vec<Self> {
        let page = |kind| Self { here: "/join/token".to_owned(), kind };
        ["setup", "join", "password"].map(page).to_vec()
    }
}
