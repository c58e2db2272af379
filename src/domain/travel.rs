//! How long an interviewer is on the way to an interview in person.
//!
//! The same time is reserved before the interview and after it, beyond the rest that the study asks for; nothing is for
//! an interview online. It follows the respondent's municipality, also where the interview is held at another address.
//! A change binds new bookings only, as it does for the rest.

use std::collections::BTreeMap;

use serde::Serialize;

use super::municipality::MunicipalityCode;

/// The longest way, in minutes: a working day.
pub const MINUTES_LIMIT: i32 = 480;
/// The greatest number of municipalities with a time of their own; there are fewer.
pub const MUNICIPALITIES_LIMIT: usize = 400;

/// An interviewer's ways, one way each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Travel {
    /// Minutes to a municipality for which nothing else is said, 0 to 480.
    pub minutes: i32,
    /// Minutes to those that are nearer or farther, 0 to 480.
    pub municipalities: BTreeMap<MunicipalityCode, i32>,
}
