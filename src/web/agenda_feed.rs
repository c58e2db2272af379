//! A researcher's interviews at a secret address, for a calendar program that asks every few minutes and forever. So
//! the answer is cheap where nothing changed: the version is known from the rows alone, and nothing is written.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Mutex;

use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Header, Status};
use rocket::request::{self, FromParam, FromRequest};
use rocket::response::{self, Responder, Response};
use rocket::{Request, State, get};

use super::App;
use super::guards::LinkToken;
use crate::calendar::{AgendaEntry, agenda};
use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::problem::{Outcome, Problem};
use crate::queries::calendars::{self, SharedAgenda};
use crate::store::agenda_feeds::FeedInterview;

/// What the calendar is called.
const NAME: &str = "Veldwerk";
/// How often one address is answered in a minute; programs ask every few minutes.
const PER_MINUTE: u32 = 60;

/// Mounts the address.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("Agenda feeds", |rocket| async {
        rocket.manage(Pace::default()).mount("/feeds", rocket::routes![show])
    })
}

/// How often each address was answered in the minute that runs. It knows only addresses that lead to somebody.
#[derive(Debug, Default)]
struct Pace(Mutex<HashMap<String, (i64, u32)>>);

impl Pace {
    /// Counts an answer.
    fn count(&self, digest: &str, now: Instant) -> Outcome<()> {
        let minute = now.unix() / 60;
        let mut counts = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.retain(|_, (counted, _)| *counted == minute);
        let (_, answers) = counts.entry(digest.to_owned()).or_insert((minute, 0));
        *answers += 1;
        if *answers > PER_MINUTE { Err(Problem::Throttled(60)) } else { Ok(()) }
    }
}

/// The name of a file that is a token.
struct FeedFile(LinkToken);

impl<'a> FromParam<'a> for FeedFile {
    type Error = ();

    fn from_param(param: &'a str) -> Result<Self, ()> {
        LinkToken::from_param(param.strip_suffix(".ics").ok_or(())?).map(Self)
    }
}

/// The versions that the program has (RFC 9110 13.1.2).
struct Known(Vec<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Known {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let given = request.headers().get("If-None-Match").flat_map(|line| line.split(','));
        let tags = given.map(|tag| tag.trim().trim_start_matches("W/").to_owned());
        request::Outcome::Success(Self(tags.collect()))
    }
}

impl Known {
    fn has(&self, version: &str) -> bool {
        self.0.iter().any(|tag| tag == version || tag == "*")
    }
}

/// The answer: the calendar, or that it did not change.
struct Feed {
    version: String,
    changed_at: Option<Instant>,
    body: Option<String>,
}

impl<'r> Responder<'r, 'static> for Feed {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer
            .header(Header::new("ETag", self.version))
            .header(Header::new("Cache-Control", "private, max-age=300"))
            .header(Header::new("X-Robots-Tag", "noindex"));
        if let Some(at) = self.changed_at {
            answer.header(Header::new(
                "Last-Modified",
                at.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            ));
        }
        let Some(body) = self.body else { return answer.status(Status::NotModified).ok() };
        answer
            .header(ContentType::new("text", "calendar").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", "inline; filename=\"veldwerk.ics\""))
            .sized_body(body.len(), Cursor::new(body))
            .ok()
    }
}

#[get("/<file>")]
async fn show(app: &State<App>, pace: &State<Pace>, file: FeedFile, known: Known) -> Outcome<Feed> {
    let (now, digest) = (app.clock.now(), file.0.digest());
    let asked = digest.clone();
    let shared = app.store.read(move |tx| calendars::shared(tx, &asked, now)).await?;
    pace.count(&digest, now)?;
    let SharedAgenda { interviews, version, changed_at } = shared;
    let version = format!("\"{version}\"");
    let body = (!known.has(&version)).then(|| {
        let entries: Vec<AgendaEntry> = interviews.into_iter().map(|one| entry(app, one)).collect();
        agenda(NAME, &entries)
    });
    Ok(Feed { version, changed_at, body })
}

fn entry(app: &App, interview: FeedInterview) -> AgendaEntry {
    let FeedInterview { id, title, code, starts_at, ends_at, mode, sequence, changed_at } = interview;
    AgendaEntry {
        uid: format!("agenda-{id}@{}", app.settings.mail_domain()),
        sequence: u32::try_from(sequence).unwrap_or_default(),
        changed_at,
        starts_at,
        ends_at,
        summary: format!("{code} · {title}"),
        // The town hall of a small municipality would tell who it is.
        place: (mode == Mode::Teams).then(|| "Microsoft Teams".to_owned()),
        page: format!("{}/interviews/{id}", app.settings.base_url),
    }
}
