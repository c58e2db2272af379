//! What stands in a path: the token of a personal link, or an id. Whether it is one of ours only the store knows.

use rocket::request::FromParam;

use crate::keys::{TOKEN_LENGTH, token_digest};

/// The token of a personal link, as the path has it. Anything that can't be one is unknown (R5).
#[derive(Debug, Clone)]
pub struct LinkToken(String);

impl LinkToken {
    /// What the database knows the link by.
    #[must_use]
    pub fn digest(&self) -> String {
        token_digest(&self.0)
    }

    /// The token itself, for the addresses of the person's own pages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> FromParam<'a> for LinkToken {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        let fits = param.len() == TOKEN_LENGTH
            && param.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits { Ok(Self(param.to_owned())) } else { Err(()) }
    }
}

/// An id in a path; one that can't be an id is a 404 before the handler.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<'a, T: std::str::FromStr> FromParam<'a> for Id<T> {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        param.parse().map(Self).map_err(|_| ())
    }
}
