//! An interview: how it is held, what state it is in, and who may book, move or close one when.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::Actor;
use super::respondent::RespondentStatus;
use super::text::is_deceptive;
use crate::clock::Instant;
use crate::problem::{FieldCode, Problem};

/// How an interview is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Online, through Microsoft Teams.
    Teams,
    /// At the respondent's town hall or another address.
    InPerson,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 2] = [Self::Teams, Self::InPerson];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Teams => "teams",
            Self::InPerson => "in_person",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|m| m.as_str() == text).ok_or(())
    }
}

/// Which of the two researchers that an interview can have somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seat {
    /// The interviewer, whom every interview has.
    First,
    /// The second interviewer, who holds it together with the first.
    Second,
}

impl Seat {
    /// Whether it is the second interviewer's.
    #[must_use]
    pub const fn is_second(self) -> bool {
        matches!(self, Self::Second)
    }
}

/// Who asks for something about an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The person who is to be interviewed, through their personal link.
    Respondent,
    /// A member of the study.
    Researcher,
}

impl Asker {
    /// In which way somebody asks who does something about an interview: whatever is not done by the respondent is done
    /// for the study.
    #[must_use]
    pub const fn of(actor: Actor) -> Self {
        if actor.is_respondent() { Self::Respondent } else { Self::Researcher }
    }
}

/// What became of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterviewStatus {
    /// Planned; the interviewer's time is reserved.
    Booked,
    /// Called off by either side; its time and place are free again.
    Cancelled,
    /// It took place.
    Held,
    /// The respondent did not come; the place in the stratum is free again.
    NoShow,
}

impl InterviewStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Booked, Self::Cancelled, Self::Held, Self::NoShow];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
            Self::NoShow => "no_show",
        }
    }

    /// Checks a step from this status to another. What became of an interview can be told from its start on and
    /// corrected afterwards (E10); one that is planned can be moved or cancelled; what is done already is no change.
    ///
    /// # Errors
    /// [`Problem::TooSoon`] before the start, [`Problem::WrongState`] for a step that leads nowhere.
    pub fn may_become(self, next: Self, starts_at: Instant, now: Instant) -> Result<(), Problem> {
        match (self, next) {
            (Self::Booked, Self::Cancelled) => Ok(()),
            (Self::Booked | Self::Held | Self::NoShow, Self::Held | Self::NoShow) => {
                if now < starts_at {
                    Err(Problem::TooSoon)
                } else {
                    Ok(())
                }
            }
            _ if self == next => Ok(()),
            _ => Err(Problem::WrongState(self.as_str())),
        }
    }

    /// Whether the interview takes a place in its stratum (E13).
    #[must_use]
    pub const fn takes_place(self) -> bool {
        matches!(self, Self::Booked | Self::Held)
    }
}

impl FromStr for InterviewStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// Whether a respondent may book at all, before time and place are looked at, in the order of E11.
///
/// `has_consent` tells whether they agreed to the form as it now is; `has_interview` whether one is planned or held.
///
/// # Errors
/// [`Problem::Withdrawn`], [`Problem::ConsentMissing`] or [`Problem::AlreadyBooked`].
pub fn may_book(status: RespondentStatus, has_consent: bool, has_interview: bool) -> Result<(), Problem> {
    if status == RespondentStatus::Withdrawn {
        return Err(Problem::Withdrawn);
    }
    if !has_consent {
        return Err(Problem::ConsentMissing);
    }
    if has_interview {
        return Err(Problem::AlreadyBooked);
    }
    Ok(())
}

/// The greatest length of a link to a meeting, in characters: Teams makes them longer than a line of other text.
pub const MEETING_LINK_LIMIT: usize = 2_000;

/// Checks a link to an online meeting: an https address with a host and without a user name, which could pretend to
/// be a host, in the characters that an address may have (RFC 3986 2).
///
/// # Errors
/// The code that belongs beside the field.
pub fn meeting_link(text: &str) -> Result<String, FieldCode> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldCode::Required);
    }
    if text.chars().any(is_deceptive) {
        return Err(FieldCode::ControlCharacter);
    }
    if text.chars().count() > MEETING_LINK_LIMIT {
        return Err(FieldCode::TooLong);
    }
    let authority = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let has_host = authority.is_some_and(|authority| {
        authority.contains('.') && authority.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
    });
    let is_clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b));
    if has_host && is_clean { Ok(text.to_owned()) } else { Err(FieldCode::Value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<(), Problem>) -> &'static str {
        result.err().map_or("ok", |problem| problem.code())
    }

    #[test]
    fn what_became_of_an_interview_is_told_from_its_start_on_and_can_be_corrected() {
        use InterviewStatus::{Booked, Cancelled, Held, NoShow};
        let (start, before) = (Instant::from_unix(600), Instant::from_unix(599));
        assert_eq!(code(Booked.may_become(Held, start, before)), "too_soon");
        for (from, to) in [(Booked, Held), (Booked, NoShow), (Held, NoShow), (NoShow, Held), (Held, Held)] {
            assert_eq!(code(from.may_become(to, start, start)), "ok", "{from:?} to {to:?}");
        }
        for (from, to) in [(Cancelled, Held), (Cancelled, Booked), (Held, Cancelled), (NoShow, Booked)] {
            assert_eq!(code(from.may_become(to, start, start)), "wrong_state", "{from:?} to {to:?}");
        }
    }

    #[test]
    fn an_interview_is_cancelled_at_any_time_and_twice_is_the_same_as_once() {
        use InterviewStatus::{Booked, Cancelled};
        let (start, after) = (Instant::from_unix(600), Instant::from_unix(601));
        assert_eq!(code(Booked.may_become(Cancelled, start, after)), "ok");
        assert_eq!(code(Cancelled.may_become(Cancelled, start, after)), "ok");
        assert_eq!(code(Booked.may_become(Booked, start, start)), "ok");
    }

    #[test]
    fn withdrawal_comes_before_consent_and_consent_before_an_interview_that_is_there() {
        assert_eq!(code(may_book(RespondentStatus::Withdrawn, false, true)), "withdrawn");
        assert_eq!(code(may_book(RespondentStatus::Booked, false, true)), "consent_missing");
        assert_eq!(code(may_book(RespondentStatus::Booked, true, true)), "already_booked");
        assert_eq!(code(may_book(RespondentStatus::Consented, true, false)), "ok");
    }

    #[test]
    fn a_meeting_link_leads_over_https_to_a_host_that_is_what_it_seems() {
        for good in [
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%7d",
            "https://meet.example.org:8443/a#b",
        ] {
            assert_eq!(meeting_link(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://teams.microsoft.com/x",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://teams.microsoft.com@evil.example/x",
            "https://example.org/\"onclick",
            "https://example.org/a b",
            "https://exämple.org/",
        ] {
            assert_eq!(meeting_link(bad), Err(FieldCode::Value), "{bad}");
        }
        assert_eq!(meeting_link(""), Err(FieldCode::Required));
        assert_eq!(meeting_link("https://example.org/\r\nX: y"), Err(FieldCode::ControlCharacter));
        assert_eq!(
            meeting_link(&format!("https://example.org/{}", "a".repeat(2_000))),
            Err(FieldCode::TooLong)
        );
    }
}
