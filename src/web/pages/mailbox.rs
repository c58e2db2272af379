//! The mailbox of the demonstration: the letters that were written to files instead of being sent. Everybody who can
//! reach it reads every letter with its personal link, so it is only there where nobody real is written to.

use std::io::Cursor;

use chrono_tz::Tz;
use rocket::http::{ContentType, Header};
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, get};

use super::Html;
use super::framed::Framed;
use super::researcher::desk::At;
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::id::LetterId;
use crate::mail::{Folder, Opened};
use crate::problem::{Outcome, Problem};
use crate::web::guards::Id;
use crate::web::input;
use crate::web::query::Query;
use crate::words::dates;
use crate::words::pages::researcher::{Mailbox, MailboxLetter, MailboxRow};

/// How many letters a page of the list shows.
const LIMIT: usize = 50;
/// How many of the newest letters can be paged through.
const NEWEST: usize = 5_000;
/// Where the demonstration takes place.
const ZONE: Tz = Tz::Europe__Amsterdam;

/// The routes of this file; they need the folder in Rocket's state.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, letter, as_html, invite]
}

#[get("/mailbox")]
async fn list(folder: &State<Folder>, at: At, query: Query) -> Outcome<Html> {
    let mut fields = query.fields(&["before"]);
    let before = fields.optional("before", input::id::<LetterId>);
    let before = fields.finish(|| Some(before))?;
    let (folder, language) = (folder.inner().clone(), at.language);
    let (rows, next) = on_disk(move || page(&folder, language, before)).await?;
    let first = before.map(|_| "/mailbox".to_owned());
    Html::page(at.language, Mailbox { here: "/mailbox".to_owned(), rows, first, next })
}

fn page(
    folder: &Folder,
    language: Language,
    before: Option<LetterId>,
) -> Outcome<(Vec<MailboxRow>, Option<String>)> {
    let newest = folder.newest(NEWEST).map_err(Problem::internal)?;
    let mut left = newest.into_iter().filter(|id| before.is_none_or(|before| *id < before)).peekable();
    let (mut rows, mut last) = (Vec::new(), None);
    for id in left.by_ref().take(LIMIT) {
        last = Some(id);
        // One that is deleted while the page is made is not there any more.
        if let Ok(letter) = open(folder, id) {
            rows.push(MailboxRow {
                href: page_of(id),
                to: letter.to,
                subject: letter.subject,
                at: moment(language, &letter.date),
                calendar: letter.calendar.is_some(),
            });
        }
    }
    let next = last.filter(|_| left.peek().is_some()).map(|last| format!("/mailbox?before={last}"));
    Ok((rows, next))
}

fn open(folder: &Folder, id: LetterId) -> Outcome<Opened> {
    let message = folder.read(id).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::NotFound,
        _ => Problem::internal(error),
    })?;
    Opened::read(&message).ok_or(Problem::NotFound)
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

async fn opened(folder: &Folder, id: LetterId) -> Outcome<Opened> {
    let folder = folder.clone();
    on_disk(move || open(&folder, id)).await
}

fn page_of(id: LetterId) -> String {
    format!("/mailbox/{id}")
}

fn moment(language: Language, date: &str) -> String {
    Instant::parse(date).map(|at| dates::stamp(language, ZONE, at)).unwrap_or_default()
}

#[get("/mailbox/<id>")]
async fn letter(folder: &State<Folder>, at: At, id: Id<LetterId>) -> Outcome<Html> {
    let letter = opened(folder, id.0).await?;
    let here = page_of(id.0);
    let page = MailboxLetter {
        html_href: letter.html.map(|_| format!("{here}/html")),
        calendar_href: letter.calendar.as_ref().map(|_| format!("{here}/invite.ics")),
        from: letter.from,
        to: letter.to,
        subject: letter.subject,
        at: moment(at.language, &letter.date),
        text: letter.text,
        calendar: letter.calendar,
        here,
    };
    Html::page(at.language, page)
}

#[get("/mailbox/<id>/html")]
async fn as_html(folder: &State<Folder>, id: Id<LetterId>) -> Outcome<Framed> {
    opened(folder, id.0).await?.html.map(Framed).ok_or(Problem::NotFound)
}

/// A calendar object to be opened by a calendar.
struct Invite(String);

impl<'r> Responder<'r, 'static> for Invite {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .header(ContentType::new("text", "calendar").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", "attachment; filename=\"invite.ics\""))
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}

#[get("/mailbox/<id>/invite.ics")]
async fn invite(folder: &State<Folder>, id: Id<LetterId>) -> Outcome<Invite> {
    opened(folder, id.0).await?.calendar.map(Invite).ok_or(Problem::NotFound)
}
