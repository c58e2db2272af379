//! Takes a message that came in: does what it says where that is beyond doubt, and else keeps it for a person.
//!
//! From is easily forged, so what a message does is small, is logged, and can be undone: it notes an answer, marks a
//! letter, or ends letters to somebody who shows their own token. It never cancels an interview, and nobody is
//! answered.

mod answer;
mod bounce;

use crate::actions::opt_out::opt_out;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::incoming::{Content, Doubt, Excerpt, Incoming, Kind};
use crate::domain::text::EmailAddress;
use crate::id::{IncomingId, StudyId};
use crate::keys::token_digest;
use crate::problem::{Outcome, Problem};
use crate::store::incoming_mail::{self, Subject};
use crate::store::{Tx, respondents};

/// In how many studies a message waits at most.
const PLACES: usize = 10;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was taken before.
    Before,
    /// It was done, or said nothing that matters.
    Done,
    /// It waits for a person.
    Waits(IncomingId, Doubt),
}

/// What a message comes to.
struct Verdict {
    subject: Subject,
    doubt: Option<Doubt>,
    entries: Vec<Entry>,
}

impl Verdict {
    /// It is done, and nothing had to change.
    const fn idle(subject: Subject) -> Self {
        Self { subject, doubt: None, entries: Vec::new() }
    }

    /// It changed something.
    fn done(subject: Subject, entry: Entry) -> Self {
        Self { subject, doubt: None, entries: vec![entry] }
    }

    /// A person has to look at it.
    const fn doubt(subject: Subject, doubt: Doubt) -> Self {
        Self { subject, doubt: Some(doubt), entries: Vec::new() }
    }
}

/// Takes a message, whose bytes were read as `incoming`.
///
/// # Errors
/// Only those of the database; trying again later helps.
pub fn receive_mail(tx: &mut Tx<'_>, now: Instant, raw: &[u8], incoming: &Incoming) -> Outcome<Done<Taken>> {
    let digest = incoming_mail::digest(tx, raw);
    if incoming_mail::is_known(tx, &digest)? {
        return Ok(Done::housekeeping(Taken::Before));
    }
    let from = incoming.from.as_deref();
    let sender = answer::Sender { address: from, is_unproven: incoming.is_unproven };
    let verdict = match &incoming.content {
        Content::Reply(reply) => answer::reply(tx, now, sender, reply)?,
        Content::Counter(counter) => answer::counter(tx, now, sender, counter)?,
        Content::Bounce(report) => bounce::bounce(tx, now, report)?,
        Content::Unsubscribe(token) => objection(tx, now, token)?,
        Content::AutoReply => Verdict::idle(Subject::default()),
        Content::Unknown(doubt) => Verdict::doubt(Subject::default(), *doubt),
    };
    let kind = incoming.content.kind();
    let letter = Excerpt { answer: incoming.content.told(), ..incoming.letter.clone() };
    let mut places = placed(tx, verdict.subject, from, kind)?.into_iter();
    let first = places.next().unwrap_or_default();
    let id = incoming_mail::note(tx, &digest, kind, (first, verdict.doubt), &letter, now)?;
    let taken = verdict.doubt.map_or(Taken::Done, |doubt| Taken::Waits(id, doubt));
    let result = if verdict.doubt.is_some() { "waiting" } else { "done" };
    let entry = |id: IncomingId, study: Option<StudyId>| {
        let entry = Entry::new(now, Actor::System, "mail.received").subject(id).field("kind", kind.as_str());
        let entry = entry.result(result);
        match study {
            Some(study) => entry.study(study),
            None => entry,
        }
    };
    let mut done = Done::housekeeping(taken).and(entry(id, first.study));
    if let Some(doubt) = verdict.doubt {
        for place in places {
            let copy = incoming_mail::copy(tx, (id, &digest), kind, (place, doubt), &letter, now)?;
            done = done.and(entry(copy, place.study));
        }
    }
    Ok(done.after(verdict.entries))
}

/// Somebody who shows the token of their unsubscribe link wants no more letters, whatever address they write from.
fn objection(tx: &mut Tx<'_>, now: Instant, token: &str) -> Outcome<Verdict> {
    let respondent = match respondents::by_unsubscribe(tx, &token_digest(token)) {
        Err(Problem::NotFound) => return Ok(Verdict::doubt(Subject::default(), Doubt::UnknownPerson)),
        found => found?,
    };
    let (study, id) = (Some(respondent.study), Some(respondent.id));
    let (actor, subject) =
        (Actor::Respondent(respondent.id), Subject { study, respondent: id, ..Subject::default() });
    let ((), entries) = opt_out(tx, now, &respondent, actor)?.into_parts();
    Ok(Verdict { subject, doubt: None, entries })
}

/// Whose message it may be, by who wrote it, where what it says does not tell; several where their address is known in
/// several studies. A mail server's own address is nobody's. In an installation with one study, whatever is nobody's is
/// that study's; with more of them only the operator sees it.
fn placed(tx: &mut Tx<'_>, subject: Subject, from: Option<&str>, kind: Kind) -> Outcome<Vec<Subject>> {
    if subject.study.is_some() {
        return Ok(vec![subject]);
    }
    let address = from.filter(|_| kind != Kind::Bounce).and_then(|from| EmailAddress::parse(from).ok());
    let known = match address {
        Some(address) => incoming_mail::known_senders(tx, &address, PLACES)?,
        None => Vec::new(),
    };
    if known.is_empty() {
        return Ok(vec![Subject { study: incoming_mail::only_study(tx)?, ..subject }]);
    }
    let place = |(study, respondent)| Subject { study: Some(study), respondent: Some(respondent), ..subject };
    Ok(known.into_iter().map(place).collect())
}
