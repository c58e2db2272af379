//! The second factor: setting it up, switching it off, and the page that asks for a code at sign-in.

use serde::Serialize;

use super::entrance::Doorstep;
use super::{Desk, desk};
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::problem_sentence;
use crate::words::qr::QrPicture;

/// How far somebody is with their second factor.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FactorState {
    /// There is none. Posts nothing to `/account/second-factor`.
    Off,
    /// A secret waits to be confirmed. Posts `code` and `current` to `/account/second-factor/on`.
    Begun {
        /// What an app scans.
        picture: QrPicture,
        /// The same for typing.
        secret: String,
    },
    /// It is asked for. Posts `code` and `current` to `/account/second-factor/off`.
    On {
        /// Since when.
        since: String,
        /// How many recovery codes are left.
        codes_left: u64,
    },
}

/// One's own second factor.
#[derive(Debug, Clone, Serialize)]
pub struct SecondFactor {
    /// What surrounds it.
    pub desk: Desk,
    /// The address one signs in with.
    pub email: String,
    /// How far it is.
    #[serde(flatten)]
    pub state: FactorState,
    /// The recovery codes, shown this once.
    pub codes: Vec<String>,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// The page that asks for a code after the password. Posts `code` to `/sign-in/code`.
#[derive(Debug, Clone, Serialize)]
pub struct SignInCode {
    /// What surrounds it.
    #[serde(flatten)]
    pub door: Doorstep,
    /// Why the code was refused.
    pub problem: Option<String>,
}

impl Sample for SecondFactor {
    fn samples(language: Language) -> Vec<Self> {
        let wrong = [FieldProblem::new("code", FieldCode::Required)];
        let page = |state, codes, errors| Self {
            desk: desk(None, ""),
            email: "noor.verhoeven@example.org".to_owned(),
            state,
            codes,
            errors,
        };
        let address = "otpauth://totp/Veldwerk:noor?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Veldwerk";
        let secret = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned();
        let begun = QrPicture::of(address).ok().map(|picture| FactorState::Begun { picture, secret });
        let on = FactorState::On { since: "2 mrt 2027, 09.12".to_owned(), codes_left: 9 };
        let codes = vec!["GEZD GNBV GY3T QOJQ".to_owned(); 10];
        let mut pages = vec![
            page(FactorState::Off, Vec::new(), Vec::new()),
            page(on.clone(), Vec::new(), FieldMessage::all(language, &wrong)),
            page(on, codes, Vec::new()),
        ];
        pages.extend(begun.map(|begun| page(begun, Vec::new(), FieldMessage::all(language, &wrong))));
        pages
    }
}

impl Sample for SignInCode {
    fn samples(language: Language) -> Vec<Self> {
        let page = |problem| Self {
            door: Doorstep { here: "/sign-in/code".to_owned(), csrf: "csrf".to_owned(), errors: Vec::new() },
            problem,
        };
        vec![page(None), page(Some(problem_sentence(language, &Problem::SecondFactorWrong)))]
    }
}
