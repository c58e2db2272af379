//! An online meeting that is made through Microsoft Graph for an interview: what is wanted of it, how far that has
//! come, and what is done about whatever went wrong. The interview itself never waits for it.

use std::fmt;
use std::str::FromStr;

use rand::Rng;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::delivery::retry_wait;
use crate::clock::Instant;
use crate::problem::FieldCode;

/// Seconds before the first retry; they double up to an hour, as for letters (E23).
const FIRST_WAIT: u32 = 30;
/// How often a meeting is asked for before it fails: about half a day of waiting an hour at most in between.
pub const MOST_ATTEMPTS: i32 = 18;
/// The longest wait that a server is granted which says itself when to come back.
const LONGEST_RETRY_AFTER: i64 = 24 * 3_600;

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in JSON and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|each| each.as_str() == text).ok_or(())
            }
        }
    };
}

named! {
    /// Where the links to online interviews of a study come from.
    LinkSource {
        /// The fixed link of the interviewer or of the study.
        Fixed = "fixed",
        /// A link that somebody pastes for each interview; until then it is told that the link follows.
        Pasted = "pasted",
        /// A meeting of its own for each interview, made through Microsoft Graph.
        Graph = "graph",
    }
}

named! {
    /// What is wanted of a meeting.
    Wanted {
        /// That it is there, at the time of the interview.
        Made = "made",
        /// That it is not there any more.
        Gone = "gone",
    }
}

named! {
    /// How far what is wanted has come.
    MeetingState {
        /// It is being asked for, perhaps after attempts in vain.
        Waiting = "waiting",
        /// It is so.
        Settled = "settled",
        /// It was refused for good or tried for too long; somebody has to look at it.
        Failed = "failed",
    }
}

named! {
    /// Why a meeting is not as it is wanted.
    MeetingProblem {
        /// The installation has no access to Microsoft Graph.
        NotSetUp = "not_set_up",
        /// The interviewer has told no Microsoft object id.
        NoObjectId = "no_object_id",
        /// Microsoft does not let the installation sign in.
        SignIn = "sign_in",
        /// The installation may not make meetings for this person: 403.
        PolicyMissing = "policy_missing",
        /// Microsoft does not know the person: 404.
        UserUnknown = "user_unknown",
        /// Microsoft refuses the request for another reason.
        Refused = "refused",
        /// Microsoft asks to come back later: 429.
        Throttled = "throttled",
        /// Microsoft has trouble of its own: 5xx.
        Unavailable = "unavailable",
        /// No answer came in time.
        NoAnswer = "no_answer",
        /// A meeting was made, and its link is not known yet.
        NoLink = "no_link",
    }
}

impl MeetingProblem {
    /// Whether trying again by itself can't help.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::NotSetUp | Self::NoObjectId | Self::PolicyMissing | Self::UserUnknown | Self::Refused
        )
    }

    /// Whether it speaks of Microsoft as a whole, so that other meetings need not be tried now.
    #[must_use]
    pub const fn is_of_the_service(self) -> bool {
        matches!(self, Self::SignIn | Self::Throttled | Self::Unavailable | Self::NoAnswer)
    }
}

/// When a meeting is asked for again that went wrong the so-manieth time; `None` when it is given up. What the server
/// said about coming back is kept to, and otherwise the wait doubles with some chance in it.
#[must_use]
pub fn next_try(
    problem: MeetingProblem,
    attempts: i32,
    retry_after: Option<i64>,
    now: Instant,
    random: &mut impl Rng,
) -> Option<Instant> {
    if problem.is_final() || attempts >= MOST_ATTEMPTS {
        return None;
    }
    let wait = match retry_after {
        Some(seconds) => seconds.clamp(1, LONGEST_RETRY_AFTER),
        None => retry_wait(FIRST_WAIT, attempts, random),
    };
    Some(now.plus_seconds(wait))
}

/// Reads a Microsoft object id: 32 hexadecimal digits in groups, as the admin centre shows it.
///
/// # Errors
/// The code that belongs beside the field.
pub fn object_id(text: &str) -> Result<String, FieldCode> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err(FieldCode::Required);
    }
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_id = lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_id { Ok(text) } else { Err(FieldCode::Value) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_refusal_for_good_is_not_tried_again_and_a_passing_one_a_bounded_number_of_times() {
        let (now, mut random) = (Instant::from_unix(1_000_000), StdRng::seed_from_u64(3));
        let mut next = |problem, attempts| next_try(problem, attempts, None, now, &mut random);
        for problem in MeetingProblem::ALL.iter().copied().filter(|problem| problem.is_final()) {
            assert_eq!(next(problem, 1), None, "{problem}");
        }
        for problem in MeetingProblem::ALL.iter().copied().filter(|problem| !problem.is_final()) {
            assert!(next(problem, 1).is_some_and(|at| at >= now.plus_seconds(30)), "{problem}");
            assert_eq!(next(problem, MOST_ATTEMPTS), None, "{problem}");
        }
        let late = next(MeetingProblem::Unavailable, MOST_ATTEMPTS - 1).unwrap();
        assert!(late >= now.plus_seconds(3_600) && late <= now.plus_seconds(4_320));
    }

    #[test]
    fn what_the_server_says_about_coming_back_is_kept_to_within_a_day() {
        let (now, mut random) = (Instant::from_unix(1_000_000), StdRng::seed_from_u64(3));
        let mut next = |after| next_try(MeetingProblem::Throttled, 1, Some(after), now, &mut random).unwrap();
        assert_eq!(next(7), now.plus_seconds(7));
        assert_eq!((next(-5), next(0)), (now.plus_seconds(1), now.plus_seconds(1)));
        assert_eq!(next(i64::MAX), now.plus_seconds(86_400));
    }

    #[test]
    fn an_object_id_is_a_guid_and_no_sign_in_name() {
        let id = "0A1b2c3d-0000-4444-8888-0123456789ab";
        assert_eq!(object_id(&format!(" {id} ")), Ok(id.to_ascii_lowercase()));
        for bad in ["noor@example.org", "0a1b2c3d", "0a1b2c3d-0000-4444-8888-0123456789ag", "../me"] {
            assert_eq!(object_id(bad), Err(FieldCode::Value), "{bad}");
        }
        assert_eq!(object_id(" "), Err(FieldCode::Required));
    }
}
