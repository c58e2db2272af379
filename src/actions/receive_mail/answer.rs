//! An answer of a calendar to an invite, or its proposal of another time.

use super::Verdict;
use crate::actions::propose::propose;
use crate::clock::Instant;
use crate::domain::attendance::{Version, Weight};
use crate::domain::audit::{Actor, Entry};
use crate::domain::incoming::{Counter, Doubt, Reply};
use crate::domain::interview::InterviewStatus;
use crate::domain::proposal::{ProposalOrigin, ProposalSource, ProposalState, Proposing};
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem};
use crate::store::attendances::NewAnswer;
use crate::store::incoming_mail::Subject;
use crate::store::interviews::Interview;
use crate::store::letters::Recipient;
use crate::store::respondents::Respondent;
use crate::store::{Tx, accounts, attendances, contacts, interviews, proposals, respondents, studies};

/// How many days a calendar's clock may go fast: an answer from further ahead would keep all later ones out.
const FAST_DAYS: i64 = 1;

/// Who wrote a message, as far as that is known.
#[derive(Clone, Copy)]
pub(super) struct Sender<'a> {
    pub(super) address: Option<&'a str>,
    pub(super) is_unproven: bool,
}

/// Who says something about which version of which interview.
struct Claim<'a> {
    uid: &'a str,
    version: Version,
    attendee: &'a str,
    sent_by: Option<&'a str>,
    from: Sender<'a>,
}

/// What a claim is about, once it holds.
struct Ground {
    interview: Interview,
    respondent: Respondent,
    attendee: Recipient,
    subject: Subject,
}

/// Notes what an attendee answered.
pub(super) fn reply(tx: &mut Tx<'_>, now: Instant, from: Sender<'_>, reply: &Reply) -> Outcome<Verdict> {
    let claim = Claim {
        uid: &reply.uid,
        version: reply.version,
        attendee: &reply.attendee,
        sent_by: reply.sent_by.as_deref(),
        from,
    };
    let ground = match ground(tx, now, &claim)? {
        Ok(ground) => ground,
        Err(doubt) => return Ok(doubt),
    };
    let version = not_ahead(reply.version, now);
    let known = attendances::of(tx, ground.interview.id, ground.attendee)?;
    match version.against(known.as_ref().map(attendances::Answered::version)) {
        Weight::Overtaken => return Ok(Verdict::doubt(ground.subject, Doubt::Overtaken)),
        // Two answers of one moment say which is the later one only where they say the same.
        Weight::Repeated if known.is_some_and(|known| known.attendance != reply.attendance) => {
            return Ok(Verdict::doubt(ground.subject, Doubt::Overtaken));
        }
        Weight::Repeated => return Ok(Verdict::idle(ground.subject)),
        Weight::News => {}
    }
    let answer = NewAnswer {
        attendee: ground.attendee,
        attendance: reply.attendance,
        version,
        comment: reply.comment.as_deref(),
    };
    attendances::put(tx, ground.interview.id, &answer, now)?;
    let entry = Entry::new(now, Actor::System, "interview.answered").study(ground.interview.study);
    let entry = entry.subject(&ground.respondent.code).field("interview", ground.interview.id);
    let entry = entry.field("attendance", reply.attendance);
    Ok(Verdict::done(ground.subject, entry))
}

/// Keeps the other time that a respondent proposes, for a researcher to accept with one press. What can't be a
/// proposal, one about an earlier time among them, waits for a person.
pub(super) fn counter(
    tx: &mut Tx<'_>,
    now: Instant,
    from: Sender<'_>,
    counter: &Counter,
) -> Outcome<Verdict> {
    let claim = Claim {
        uid: &counter.uid,
        version: counter.version,
        attendee: &counter.attendee,
        sent_by: counter.sent_by.as_deref(),
        from,
    };
    let Ground { interview, respondent, attendee, subject } = match ground(tx, now, &claim)? {
        Ok(ground) => ground,
        Err(doubt) => return Ok(doubt),
    };
    let is_late = counter.version.sequence < interview.time_sequence;
    // Whoever makes the appointments of a respondent proposes for them too.
    let (speaks, delegate) = match attendee {
        Recipient::Respondent(_) => (true, None),
        Recipient::Delegate(id) => (true, Some(id)),
        Recipient::User(_) | Recipient::Former(..) => (false, None),
    };
    let moves_nothing = counter.starts_at == interview.starts_at;
    // A researcher decides how long an interview takes, so a wish for another length is not accepted with one press.
    let length = |from: Instant, until: Instant| until.unix() - from.unix();
    let usual = length(interview.starts_at, interview.ends_at);
    let is_as_long = counter.ends_at.is_none_or(|end| length(counter.starts_at, end) == usual);
    if is_late || moves_nothing || !speaks || !is_as_long {
        return Ok(Verdict::doubt(subject, Doubt::Proposal));
    }
    let asked_at = not_ahead(counter.version, now).stamp;
    if let Some(known) = proposals::latest_of(tx, respondent.id)? {
        let is_same = known.source == ProposalSource::Mail && known.moments().eq([counter.starts_at]);
        if is_same && (known.asked_at == asked_at || known.state == ProposalState::Open) {
            return Ok(Verdict::idle(subject));
        }
        if asked_at < known.asked_at {
            return Ok(Verdict::doubt(subject, Doubt::Overtaken));
        }
    }
    let proposing = Proposing {
        mode: interview.mode,
        place: interview.place(tx)?,
        moments: vec![counter.starts_at],
        remark: counter.comment.clone(),
    };
    let origin = ProposalOrigin::Calendar { interview: interview.id, asked_at, delegate };
    match propose(tx, now, &respondent, origin, &proposing) {
        Ok(done) => Ok(Verdict { subject, doubt: None, entries: done.into_parts().1 }),
        Err(problem @ (Problem::Busy(_) | Problem::Internal(_))) => Err(problem),
        Err(_) => Ok(Verdict::doubt(subject, Doubt::Proposal)),
    }
}

/// What a claim is about, or why a person must look at it.
fn ground(tx: &mut Tx<'_>, now: Instant, claim: &Claim<'_>) -> Outcome<Result<Ground, Verdict>> {
    let Some(found) = interview(tx, claim.uid)? else {
        return Ok(Err(Verdict::doubt(Subject::default(), Doubt::UnknownInterview)));
    };
    let mut subject = Subject { study: Some(found.study), interview: Some(found.id), ..Subject::default() };
    studies::hold(tx, found.study)?;
    let respondent = match respondents::lock(tx, found.respondent) {
        Err(Problem::NotFound) => return Ok(Err(Verdict::doubt(subject, Doubt::NotPlanned))),
        respondent => respondent?,
    };
    let interview = interviews::get(tx, found.id)?;
    let Some(attendee) = attendee(tx, &interview, claim.attendee)? else {
        return Ok(Err(Verdict::doubt(subject, Doubt::UnknownAttendee)));
    };
    if !matches!(attendee, Recipient::User(_)) {
        subject.respondent = Some(respondent.id);
    }
    // Whoever answers for another, as a secretary does, writes from the same house: the message itself says who they
    // are.
    let house = |address: &str| address.rsplit_once('@').map(|(_, host)| host.trim().to_lowercase());
    let sent_by = claim.sent_by.filter(|by| house(by).is_some() && house(by) == house(claim.attendee));
    let may_write = [Some(claim.attendee), sent_by];
    let is_theirs =
        claim.from.address.is_some_and(|from| may_write.into_iter().flatten().any(|own| same(own, from)));
    let doubt = if !is_theirs {
        Some(Doubt::OtherSender)
    } else if claim.from.is_unproven {
        Some(Doubt::Unproven)
    } else if interview.status != InterviewStatus::Booked || interview.ends_at <= now {
        Some(Doubt::NotPlanned)
    } else if claim.version.sequence > interview.sequence {
        Some(Doubt::NotYetSent)
    } else {
        None
    };
    Ok(match doubt {
        Some(doubt) => Err(Verdict::doubt(subject, doubt)),
        None => Ok(Ground { interview, respondent, attendee, subject }),
    })
}

/// The interview of an identifier in calendars, which begins with its id.
fn interview(tx: &mut Tx<'_>, uid: &str) -> Outcome<Option<Interview>> {
    let id = uid.split_once('@').and_then(|(id, _)| id.parse::<InterviewId>().ok());
    let Some(id) = id else { return Ok(None) };
    match interviews::get(tx, id) {
        Err(Problem::NotFound) => Ok(None),
        found => Ok(Some(found?).filter(|interview| interview.uid == uid)),
    }
}

/// Which of those who were invited has an address.
fn attendee(tx: &mut Tx<'_>, interview: &Interview, address: &str) -> Outcome<Option<Recipient>> {
    let contact = contacts::find(tx, interview.respondent)?;
    if contact.is_some_and(|contact| same(contact.email.as_str(), address)) {
        return Ok(Some(Recipient::Respondent(interview.respondent)));
    }
    for holder in interview.holders() {
        if same(&accounts::get(tx, holder)?.email, address) {
            return Ok(Some(Recipient::User(holder)));
        }
    }
    let delegate = interview.delegate(tx)?.filter(|named| same(named.who.email.as_str(), address));
    Ok(delegate.map(|named| Recipient::Delegate(named.id)))
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn not_ahead(version: Version, now: Instant) -> Version {
    Version { stamp: version.stamp.min(now.plus_days(FAST_DAYS)), ..version }
}
