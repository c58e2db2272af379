//! Microsoft Graph, as far as an interview needs it: an online meeting of its own in the name of the interviewer.
//!
//! Meetings are made by `createOrGet` with the id of the interview, so that a repeat finds what an earlier attempt
//! made. They stand in nobody's calendar and Microsoft invites nobody: the invite is our own mail. What a refusal means
//! is judged by its status alone; its code and text differ from tenant to tenant.

mod answer;
mod token;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use ureq::http::Method;
use ureq::{Agent, Proxy};

use self::answer::Answer;
use self::token::Token;
use crate::clock::Instant;
use crate::domain::meeting::MeetingProblem;
use crate::id::random_name;

pub use self::token::Grant;

/// How long one question may take in all.
const PATIENCE: Duration = Duration::from_secs(8);
/// What may stand in a part of a path as it is (RFC 3986 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// By what an installation is let in.
#[derive(Clone)]
pub struct Access {
    /// The tenant.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Where tokens are given out.
    pub login_url: String,
    /// Where Graph answers.
    pub graph_url: String,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// What a meeting is to be.
#[derive(Debug, Clone)]
pub struct Wish {
    /// By what it is found again; the same within a tenant and an organizer is the same meeting.
    pub external_id: String,
    /// What Teams shows; it names neither the study nor a person (E22).
    pub subject: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

/// A meeting that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id at Microsoft.
    pub id: String,
    /// Its link, which Microsoft may tell only later.
    pub link: Option<String>,
    /// Whether it was made just now, and so as it was wished.
    pub is_new: bool,
}

/// Why Microsoft did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it means for a meeting.
    pub problem: MeetingProblem,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// After how many seconds Microsoft wants to be asked again.
    pub retry_after: Option<i64>,
    /// The stable code in the answer, such as `invalid_client`; never a text.
    pub code: Option<String>,
}

/// A door to Microsoft Graph. It blocks whoever asks.
pub struct Graph {
    agent: Agent,
    access: Access,
    token: Mutex<Option<Token>>,
    closed: AtomicBool,
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Graph").field(&self.access).finish()
    }
}

impl Graph {
    /// The door of an installation.
    #[must_use]
    pub fn new(access: Access) -> Self {
        Self::with_patience(access, PATIENCE)
    }

    /// The same with other patience for each question.
    #[must_use]
    pub fn with_patience(access: Access, patience: Duration) -> Self {
        // What stays on this machine goes through no proxy.
        let is_outside = access.graph_url.starts_with("https://");
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(32 * 1024)
            .user_agent(concat!("Veldwerk/", env!("CARGO_PKG_VERSION")))
            .proxy(if is_outside { Proxy::try_from_env() } else { None });
        Self {
            agent: config.build().new_agent(),
            access,
            token: Mutex::default(),
            closed: AtomicBool::new(false),
        }
    }

    /// Asks nothing more: the house closes. A question that is on its way still takes its time.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Finds the meeting of somebody with an external id, or makes it.
    ///
    /// # Errors
    /// [`Trouble`]; 404 means that Microsoft does not know the person.
    pub fn create_or_get(&self, organizer: &str, wish: &Wish, now: Instant) -> Result<Found, Trouble> {
        let body = json!({
            "externalId": wish.external_id,
            "subject": wish.subject,
            "startDateTime": wish.starts_at,
            "endDateTime": wish.ends_at,
        });
        let path = format!("{}/createOrGet", meetings_of(organizer));
        let answer = self.ask(Method::POST, &path, Some(&body), now)?;
        let text = |name: &str| {
            let told = answer.body.get(name).and_then(Value::as_str);
            told.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let id = text("id").ok_or_else(|| answer.as_trouble(MeetingProblem::NoLink))?;
        Ok(Found { id, link: text("joinWebUrl"), is_new: answer.status == 201 })
    }

    /// Gives a meeting another time.
    ///
    /// # Errors
    /// [`Trouble`]; 404 means that the meeting is gone.
    pub fn change(&self, organizer: &str, id: &str, wish: &Wish, now: Instant) -> Result<(), Trouble> {
        let body = json!({
            "subject": wish.subject,
            "startDateTime": wish.starts_at,
            "endDateTime": wish.ends_at,
        });
        self.ask(Method::PATCH, &meeting_of(organizer, id), Some(&body), now).map(drop)
    }

    /// Ends a meeting; one that is gone already is as good.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn delete(&self, organizer: &str, id: &str, now: Instant) -> Result<(), Trouble> {
        match self.ask(Method::DELETE, &meeting_of(organizer, id), None, now) {
            Err(trouble) if trouble.status == Some(404) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Signs in anew and tells what the installation may do.
    ///
    /// # Errors
    /// [`Trouble`] with the code of Microsoft's refusal.
    pub fn sign_in(&self, now: Instant) -> Result<Grant, Trouble> {
        let token = token::fetch(&self.agent, &self.access, now)?;
        let grant = token.grant();
        *self.kept() = Some(token);
        Ok(grant)
    }

    /// Asks with the token that is kept, and once more with a new one where that is not taken.
    fn ask(&self, method: Method, path: &str, body: Option<&Value>, now: Instant) -> Result<Answer, Trouble> {
        let mut answer = self.send(&method, path, body, &self.token(now)?)?;
        if answer.status == 401 {
            *self.kept() = None;
            answer = self.send(&method, path, body, &self.token(now)?)?;
        }
        if (200..300).contains(&answer.status) { Ok(answer) } else { Err(answer.trouble(now)) }
    }

    fn token(&self, now: Instant) -> Result<String, Trouble> {
        if let Some(token) = self.kept().as_ref().filter(|token| token.holds_at(now)) {
            return Ok(token.value.clone());
        }
        if self.closed.load(Ordering::Relaxed) {
            return Err(Trouble::silence());
        }
        let token = token::fetch(&self.agent, &self.access, now)?;
        let value = token.value.clone();
        *self.kept() = Some(token);
        Ok(value)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        token: &str,
    ) -> Result<Answer, Trouble> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Trouble::silence());
        }
        let ours = random_name();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/v1.0{path}", self.access.graph_url))
            .header("Authorization", format!("Bearer {token}"))
            .header("client-request-id", &ours)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json");
        let text = body.map(Value::to_string).unwrap_or_default();
        let request = request.body(text).map_err(|_| Trouble::silence())?;
        let answer = match self.agent.run(request) {
            Ok(response) => Answer::read(response),
            Err(error) => {
                tracing::warn!(%method, client_request_id = %ours, %error, "Microsoft Graph gave no answer");
                return Err(Trouble::silence());
            }
        };
        let (status, theirs) = (answer.status, answer.request_id.as_deref().unwrap_or("-"));
        tracing::info!(%method, status, request_id = %theirs, client_request_id = %ours, "Microsoft Graph");
        Ok(answer)
    }
}

impl Trouble {
    const fn silence() -> Self {
        Self { problem: MeetingProblem::NoAnswer, status: None, retry_after: None, code: None }
    }
}

fn meetings_of(organizer: &str) -> String {
    format!("/users/{}/onlineMeetings", utf8_percent_encode(organizer, UNRESERVED))
}

fn meeting_of(organizer: &str, id: &str) -> String {
    format!("{}/{}", meetings_of(organizer), utf8_percent_encode(id, UNRESERVED))
}
