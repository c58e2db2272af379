//! Somebody who makes an appointment for a respondent, such as a secretary, and gets the invite as well. They speak for
//! the respondent's calendar and for nothing else: consent is the respondent's own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::language::Language;
use super::text::EmailAddress;

/// Somebody who makes an appointment for a respondent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegate {
    /// The name.
    #[schema(max_length = 200)]
    pub name: String,
    /// Where the invite goes besides.
    pub email: EmailAddress,
    /// The language of letters to them; the respondent's when left out.
    pub language: Option<Language>,
}
