//! An answer of Microsoft, and what a refusal means.

use chrono::DateTime;
use serde_json::Value;
use ureq::Body;
use ureq::http::Response;

use super::Trouble;
use crate::clock::Instant;
use crate::domain::meeting::MeetingProblem;

/// The most that is read of an answer, in bytes.
const LONGEST: u64 = 256 * 1024;

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    retry_after: Option<String>,
    /// The body; null where it is no JSON.
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn read(mut response: Response<Body>) -> Self {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (request_id, retry_after) = (header("request-id"), header("retry-after"));
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(LONGEST).read_to_string();
        let body = text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { status, request_id, retry_after, body }
    }

    /// What a refusal means, by its status alone.
    pub(super) fn trouble(&self, now: Instant) -> Trouble {
        let problem = match self.status {
            401 => MeetingProblem::SignIn,
            403 => MeetingProblem::PolicyMissing,
            404 => MeetingProblem::UserUnknown,
            408 => MeetingProblem::NoAnswer,
            429 => MeetingProblem::Throttled,
            500..=599 => MeetingProblem::Unavailable,
            _ => MeetingProblem::Refused,
        };
        let retry_after = self.retry_after.as_deref().and_then(|text| seconds(text, now));
        Trouble { retry_after, ..self.as_trouble(problem) }
    }

    pub(super) fn as_trouble(&self, problem: MeetingProblem) -> Trouble {
        let error = self.body.get("error");
        let code = error.and_then(|error| error.get("code").unwrap_or(error).as_str());
        // A code is a word; what is none may tell anything.
        let is_word = |code: &&str| {
            !code.is_empty()
                && code.len() <= 80
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b))
        };
        let code = code.filter(is_word).map(str::to_owned);
        Trouble { problem, status: Some(self.status), retry_after: None, code }
    }
}

/// Reads a Retry-After: seconds, or a moment (RFC 9110 10.2.3).
fn seconds(text: &str, now: Instant) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?;
    Some((at.timestamp() - now.unix()).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_in_seconds_or_by_a_date_when_to_come_back() {
        let now = Instant::parse("2027-03-01T08:00:00Z").unwrap();
        assert_eq!(seconds(" 120 ", now), Some(120));
        assert_eq!(seconds("Mon, 01 Mar 2027 08:01:30 GMT", now), Some(90));
        assert_eq!(seconds("Mon, 01 Mar 2027 07:00:00 GMT", now), Some(0));
        assert_eq!(seconds("soon", now), None);
    }

    #[test]
    fn a_refusal_is_judged_by_its_status_and_only_a_word_is_taken_from_it() {
        let trouble = |status: u16, code: &str| {
            let body = serde_json::json!({ "error": { "code": code, "message": "x" } });
            Answer { status, request_id: None, retry_after: None, body }.trouble(Instant::from_unix(0))
        };
        for (status, problem) in [
            (400, MeetingProblem::Refused),
            (401, MeetingProblem::SignIn),
            (403, MeetingProblem::PolicyMissing),
            (404, MeetingProblem::UserUnknown),
            (409, MeetingProblem::Refused),
            (429, MeetingProblem::Throttled),
            (302, MeetingProblem::Refused),
            (503, MeetingProblem::Unavailable),
        ] {
            assert_eq!(trouble(status, "General").problem, problem, "{status}");
        }
        assert_eq!(trouble(403, "General").code.as_deref(), Some("General"));
        assert_eq!(trouble(403, "no word <b>").code, None);
    }
}
