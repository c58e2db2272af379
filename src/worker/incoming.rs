//! A message that came in, from its bytes to what became of it: read as mail, read as a calendar, and handed to the
//! action. Whoever brings it, a pipe or a folder of a mail server, calls [`take`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::actions::receive_mail::{Taken, receive_mail};
use crate::calendar::{Answer, read_answer};
use crate::clock::Clock;
use crate::domain::incoming::{Content, Doubt, Excerpt, Incoming};
use crate::mail::incoming::{Found, open};
use crate::problem::{Outcome, Problem};
use crate::store::Store;

/// Takes a message; `server` is whose word about the sender is believed, see [`open`]. Once this has answered, whoever
/// brought the message need not keep it.
///
/// # Errors
/// [`Problem::Busy`] when the database is away; trying again later helps.
pub async fn take(store: &Store, clock: &Clock, server: Option<&str>, raw: Vec<u8>) -> Outcome<Taken> {
    let (now, raw) = (clock.now(), Arc::new(raw));
    let incoming = Arc::new(read(&raw, server));
    let (bytes, said) = (Arc::clone(&raw), Arc::clone(&incoming));
    match store.write(move |tx| receive_mail(tx, now, &bytes, &said)).await {
        Ok(taken) => Ok(taken),
        Err(Problem::Busy(seconds)) => Err(Problem::Busy(seconds)),
        // What can't be done for a reason of its own must not keep the next message waiting.
        Err(problem) => {
            tracing::error!(%problem, "a message that came in could not be handled and waits for a person");
            let content = Content::Unknown(Doubt::Broken);
            let plain = Incoming { content, ..Incoming::clone(&incoming) };
            store.write(move |tx| receive_mail(tx, now, &raw, &plain)).await
        }
    }
}

/// Tells a person of a message that the mail server does not hand out, by the folder and its number there.
///
/// # Errors
/// [`Problem::Busy`] when the database is away; trying again later helps.
pub async fn note_withheld(
    store: &Store,
    clock: &Clock,
    folder: &str,
    (validity, uid): (i64, u32),
) -> Outcome<Taken> {
    let (now, name) = (clock.now(), format!("{folder} {validity} {uid}"));
    let unread = unread(Doubt::Withheld, Excerpt::default());
    store.write(move |tx| receive_mail(tx, now, name.as_bytes(), &unread)).await
}

/// Reads a message. A fault in a reader is a message that can't be read, not the end of the program.
#[must_use]
pub fn read(raw: &[u8], server: Option<&str>) -> Incoming {
    let read = catch_unwind(AssertUnwindSafe(|| understood(raw, server)));
    read.unwrap_or_else(|_| unread(Doubt::Broken, Excerpt::default()))
}

fn understood(raw: &[u8], server: Option<&str>) -> Incoming {
    match open(raw, server) {
        Ok(found) => {
            let content = content(&found);
            Incoming { letter: found.letter, from: found.from, is_unproven: found.is_unproven, content }
        }
        Err((doubt, letter)) => unread(doubt, letter),
    }
}

const fn unread(doubt: Doubt, letter: Excerpt) -> Incoming {
    Incoming { letter, from: None, is_unproven: true, content: Content::Unknown(doubt) }
}

/// What a message says. A report comes first, since it may bring our own letter back with all that it says; then an
/// answer of a calendar, which many programs mark as automatic although a person pressed the button.
fn content(found: &Found) -> Content {
    if let Some(bounce) = &found.bounce {
        return Content::Bounce(bounce.clone());
    }
    // Many programs send the same answer twice, and not always in the same bytes.
    let mut answers: Vec<Result<Answer, Doubt>> =
        found.calendars.iter().map(|calendar| read_answer(calendar)).collect();
    answers.dedup();
    match answers.as_slice() {
        [Ok(Answer::Reply(reply))] => return Content::Reply(reply.clone()),
        [Ok(Answer::Counter(counter))] => return Content::Counter(counter.clone()),
        // An answer that can't be read is one all the same.
        [Err(Doubt::CalendarBroken)] => return Content::Unknown(Doubt::CalendarBroken),
        [Err(doubt)] if !found.is_automatic => return Content::Unknown(*doubt),
        [_, _, ..] if !found.is_automatic => return Content::Unknown(Doubt::CalendarBroken),
        _ => {}
    }
    if let Some(token) = &found.unsubscribe {
        return Content::Unsubscribe(token.clone());
    }
    if found.is_automatic { Content::AutoReply } else { Content::Unknown(Doubt::Written) }
}
