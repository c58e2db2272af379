//! What pages and the API share of closing a study: telling those who wait and calling off what is planned, in many
//! short transactions of which each can be the last for now.

use std::str::FromStr;

use super::App;
use crate::actions::close_study::{call_off_next, tell_of_closing};
use crate::clock::Instant;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::Outcome;

/// How far a way along the list of respondents was gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is not to be gone, or was gone to its end.
    Over,
    /// It goes on behind somebody, or begins.
    From(Option<RespondentId>),
}

impl Way {
    /// From the beginning, where it is wished.
    #[must_use]
    pub const fn wished(is_wished: bool) -> Self {
        if is_wished { Self::From(None) } else { Self::Over }
    }

    const fn behind(last: Option<RespondentId>) -> Self {
        match last {
            Some(last) => Self::From(Some(last)),
            None => Self::Over,
        }
    }

    /// As it stands in an address: `no`, `yes`, or the id of the last who was passed.
    #[must_use]
    pub fn written(self) -> String {
        match self {
            Self::Over => "no".to_owned(),
            Self::From(None) => "yes".to_owned(),
            Self::From(Some(last)) => last.to_string(),
        }
    }
}

impl FromStr for Way {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "no" => Ok(Self::Over),
            "yes" => Ok(Self::From(None)),
            last => last.parse().map(|last| Self::From(Some(last))).map_err(|_| ()),
        }
    }
}

/// What is still to be done for a study that was closed. Who waits is told first: whoever is called off after that gets
/// one letter and not two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Winding {
    /// Telling those who wait.
    pub letters: Way,
    /// Calling off what is planned.
    pub interviews: Way,
}

impl Winding {
    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_over(&self) -> bool {
        *self == Self { letters: Way::Over, interviews: Way::Over }
    }

    /// Does one part of it.
    ///
    /// # Errors
    /// Those of access.
    pub async fn step(self, app: &App, now: Instant, user: UserId, study: StudyId) -> Outcome<Self> {
        if let Way::From(after) = self.letters {
            let last = app.store.write(move |tx| tell_of_closing(tx, now, user, study, after)).await?;
            return Ok(Self { letters: Way::behind(last), ..self });
        }
        let Way::From(after) = self.interviews else { return Ok(self) };
        let last = app.store.write(move |tx| call_off_next(tx, now, user, study, after)).await?;
        Ok(Self { interviews: Way::behind(last), ..self })
    }
}
