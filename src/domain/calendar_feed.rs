//! A calendar that somebody publishes and we read for its busy times: when to look again, and what can go wrong.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::problem::FieldCode;

/// The greatest number of calendars that one person has read.
pub const CALENDARS_LIMIT: usize = 10;
/// The greatest length of an address, in characters; those of Outlook have about 200.
pub const ADDRESS_LIMIT: usize = 2_000;
/// The greatest number of separate busy times that one calendar may have within the horizon.
pub const BUSY_LIMIT: usize = 10_000;

/// How many days ahead busy times are kept: the greatest horizon of a study (E8), and a day for the zones.
const DAYS_AHEAD: i64 = 731;
/// Minutes between two looks at a calendar that can be read.
const USUAL_MINUTES: i64 = 15;
/// The longest pause after failures, in minutes.
const LONGEST_MINUTES: i64 = 6 * 60;

/// The address of a calendar. It is a secret, and is never written into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedAddress {
    /// The whole of it, which is a secret.
    pub url: String,
    /// The server, which is all of it that is shown.
    pub host: String,
}

impl FeedAddress {
    /// Reads an address as calendar programs give it: `https`, or `webcal`, which means the same.
    ///
    /// # Errors
    /// [`FieldCode::TooLong`], and [`FieldCode::Value`] for one that is no such address or carries a password.
    pub fn parse(text: &str) -> Result<Self, FieldCode> {
        let text = text.trim();
        if text.chars().count() > ADDRESS_LIMIT {
            return Err(FieldCode::TooLong);
        }
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let url = match scheme.as_deref() {
            Some("webcal" | "webcals") => text.split_once("://").map(|(_, rest)| format!("https://{rest}")),
            Some("https") => Some(text.to_owned()),
            _ => None,
        };
        let url = url.and_then(|url| Url::parse(&url).ok()).ok_or(FieldCode::Value)?;
        let is_open = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().filter(|host| host.len() <= 253 && is_open).ok_or(FieldCode::Value)?;
        Ok(Self { host: host.to_owned(), url: url.into() })
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Why a calendar could not be read. What was read before stays in force.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = CalendarFault)]
        pub enum FeedFault { $($(#[$doc])* $variant),+ }

        impl FeedFault {
            /// Every fault.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in JSON and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

faults! {
    /// No connection was made, or it broke.
    Unreachable = "unreachable",
    /// The name leads to an address that is not on the public internet.
    AddressRefused = "address_refused",
    /// The server's certificate can't be trusted.
    CertificateRefused = "certificate_refused",
    /// The server wants to know who asks.
    Denied = "denied",
    /// There is nothing at the address, or not any more.
    NotFound = "not_found",
    /// The server answered that it can't, or something that is no answer.
    ServerFault = "server_fault",
    /// The server sent on too often, or to an address that is not https.
    RedirectRefused = "redirect_refused",
    /// The answer is larger than is read.
    TooLarge = "too_large",
    /// The answer took too long.
    TooSlow = "too_slow",
    /// What came is not a calendar.
    NotACalendar = "not_a_calendar",
    /// The calendar breaks off.
    CutOff = "cut_off",
    /// The calendar has more busy times, or takes more work, than is done for one.
    TooMuch = "too_much",
}

impl fmt::Display for FeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FeedFault {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|fault| fault.as_str() == text).ok_or(())
    }
}

/// The time of which busy times are kept: what has not passed, to the greatest horizon. It moves on by whole days, so
/// that a calendar that did not change gives the same rows.
#[must_use]
pub fn window(now: Instant) -> (Instant, Instant) {
    let today = Instant::from_unix(now.unix() - now.unix().rem_euclid(86_400));
    (today.plus_days(-1), today.plus_days(DAYS_AHEAD))
}

/// When to look at a calendar again after so many failures on end, of which 0 means that it was read. Each pause is
/// twice as long as the one before, up to six hours. `spread`, from 0 to 255, draws looks at many calendars apart: it
/// adds up to a quarter.
#[must_use]
pub fn next_look(now: Instant, failures: i32, spread: u8) -> Instant {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or_default().min(16);
    let minutes = USUAL_MINUTES.saturating_mul(1 << doublings).min(LONGEST_MINUTES);
    let seconds = minutes * 60;
    now.plus_seconds(seconds + seconds * i64::from(spread) / (4 * 255))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_under_either_name_and_carries_no_password() {
        let read = |text| FeedAddress::parse(text).map(|address| (address.url, address.host));
        let same = ("https://cal.example/a?b=c".to_owned(), "cal.example".to_owned());
        assert_eq!(read(" webcal://cal.example/a?b=c "), Ok(same.clone()));
        assert_eq!(read("https://Cal.example/a?b=c"), Ok(same));
        for wrong in
            ["", "http://cal.example/", "file:///etc/passwd", "https://", "https://me:pw@cal.example/", "x"]
        {
            assert_eq!(read(wrong), Err(FieldCode::Value), "{wrong}");
        }
        assert_eq!(read(&format!("https://a/{}", "x".repeat(ADDRESS_LIMIT))), Err(FieldCode::TooLong));
    }

    #[test]
    fn looks_grow_rarer_with_every_failure_up_to_six_hours_and_a_quarter() {
        let now = Instant::from_unix(1_800_000_000);
        let minutes = |failures, spread| (next_look(now, failures, spread).unix() - now.unix()) / 60;
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6].map(|failures| minutes(failures, 0)),
            [15, 15, 30, 60, 120, 240, 360]
        );
        assert_eq!(minutes(i32::MAX, 255), 450);
        assert_eq!(minutes(0, 255), 18);
    }

    #[test]
    fn a_fault_is_known_by_its_name() {
        for fault in FeedFault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(*fault));
            assert_eq!(serde_json::json!(fault), fault.as_str());
        }
    }
}
