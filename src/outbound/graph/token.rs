//! The token by which an installation is let in: the flow of client credentials.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use ureq::Agent;

use super::answer::Answer;
use super::{Access, Trouble};
use crate::clock::Instant;
use crate::domain::meeting::MeetingProblem;

/// How long before its end a token is not used any more, in seconds.
const MARGIN: i64 = 300;
/// The permission without which no meeting can be made.
const PERMISSION: &str = "OnlineMeetings.ReadWrite.All";

/// A token, which is kept in memory only and never logged.
pub(super) struct Token {
    pub(super) value: String,
    until: Instant,
}

/// What a token says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// It carries the permission to make meetings.
    Permitted,
    /// It carries other permissions.
    NotPermitted,
    /// It can't be read, which is nobody's fault: only Graph has to read it.
    Unreadable,
}

impl Token {
    pub(super) fn holds_at(&self, now: Instant) -> bool {
        now < self.until
    }

    /// Reads the roles of a token. It is not verified: this only helps to find what is missing.
    pub(super) fn grant(&self) -> Grant {
        let claims =
            self.value.split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
        let claims: Option<Value> = claims.and_then(|claims| serde_json::from_slice(&claims).ok());
        let Some(claims) = claims else { return Grant::Unreadable };
        let roles = claims.get("roles").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if roles.iter().any(|role| role == PERMISSION) { Grant::Permitted } else { Grant::NotPermitted }
    }
}

/// Asks for a new token.
pub(super) fn fetch(agent: &Agent, access: &Access, now: Instant) -> Result<Token, Trouble> {
    let address = format!("{}/{}/oauth2/v2.0/token", access.login_url, access.tenant);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &access.client_id),
        ("client_secret", &access.client_secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let answer = match agent.post(&address).send_form(form) {
        Ok(response) => Answer::read(response),
        Err(error) => {
            tracing::warn!(%error, "Microsoft gave no answer to the sign-in");
            return Err(Trouble::silence());
        }
    };
    let body = &answer.body;
    let value = body["access_token"].as_str().filter(|value| is_header_value(value));
    if let Some(value) = value.filter(|_| answer.status == 200) {
        let seconds = body["expires_in"].as_i64().unwrap_or(0).clamp(0, 86_400);
        return Ok(Token { value: value.to_owned(), until: now.plus_seconds(seconds - MARGIN) });
    }
    let trouble = answer.trouble(now);
    tracing::warn!(
        status = answer.status,
        code = trouble.code.as_deref().unwrap_or("-"),
        numbers = %body["error_codes"],
        "Microsoft refuses the sign-in"
    );
    Err(match trouble.problem {
        MeetingProblem::Throttled | MeetingProblem::Unavailable | MeetingProblem::NoAnswer => trouble,
        _ => Trouble { problem: MeetingProblem::SignIn, ..trouble },
    })
}

fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> Token {
        let part = BASE64URL_NOPAD.encode(claims.as_bytes());
        Token { value: format!("x.{part}.y"), until: Instant::from_unix(100) }
    }

    #[test]
    fn a_token_tells_whether_it_carries_the_permission() {
        assert_eq!(token(r#"{"roles": ["OnlineMeetings.ReadWrite.All"]}"#).grant(), Grant::Permitted);
        assert_eq!(token(r#"{"roles": ["User.Read.All"]}"#).grant(), Grant::NotPermitted);
        assert_eq!(token("{}").grant(), Grant::NotPermitted);
        assert_eq!(token("opaque").grant(), Grant::Unreadable);
    }

    #[test]
    fn a_token_is_left_alone_from_the_moment_to_which_it_is_held() {
        let token = token("{}");
        assert!(token.holds_at(Instant::from_unix(99)) && !token.holds_at(Instant::from_unix(100)));
    }
}
