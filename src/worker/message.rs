//! A letter as the whole message that leaves: words, calendar and mail put together.

use super::post::Post;
use crate::calendar::{Meeting, Party, Place};
use crate::domain::correspondence::Correspondence;
use crate::domain::interview::Mode;
use crate::domain::letter::CalendarMethod;
use crate::domain::letter_facts::{About, Countered, Proposed};
use crate::domain::text::EmailAddress;
use crate::id::LetterId;
use crate::keys::Keys;
use crate::mail::{Calendar, Mail, Mailbox, Unsubscribe};
use crate::problem::{Outcome, Problem};
use crate::words::letters::{CalendarWords, Letter};

/// How many minutes before the start a calendar reminds of an interview.
const ALARM_MINUTES: u32 = 15;

/// A message with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) to: EmailAddress,
    /// Where reports about it go, where it has an address of its own for them.
    pub(super) return_path: Option<EmailAddress>,
    pub(super) bytes: Vec<u8>,
}

impl Message {
    /// As it is kept: the recipient, and where reports go, on a line of their own, then the message.
    pub(super) fn kept(&self) -> Vec<u8> {
        let reports =
            self.return_path.as_ref().map_or_else(String::new, |path| format!(" {}", path.as_str()));
        [self.to.as_str().as_bytes(), reports.as_bytes(), b"\n", &self.bytes].concat()
    }

    /// Reads what [`Message::kept`] gave.
    pub(super) fn from_kept(kept: &[u8]) -> Outcome<Self> {
        let damaged = || Problem::internal("a message that was kept is damaged");
        let end = kept.iter().position(|byte| *byte == b'\n').ok_or_else(damaged)?;
        let (to, bytes) = kept.split_at_checked(end).ok_or_else(damaged)?;
        let mut addresses =
            std::str::from_utf8(to).map_err(|_| damaged())?.split(' ').map(EmailAddress::parse);
        let to = addresses.next().and_then(Result::ok).ok_or_else(damaged)?;
        let return_path = addresses.next().transpose().map_err(|_| damaged())?;
        Ok(Self { to, return_path, bytes: bytes.get(1..).unwrap_or_default().to_vec() })
    }
}

/// The identifier of a letter's message. A letter that is sent again after it failed is another message.
pub(super) fn identifier(post: &Post, letter: LetterId, fence: i32) -> String {
    format!("{letter}.{fence}@{}", post.domain)
}

/// Writes a letter as a message.
///
/// # Errors
/// [`Problem::Internal`] when the letter can't be written; trying again does not help.
pub(super) fn write(post: &Post, keys: &Keys, identifier: &str, from: &Correspondence) -> Outcome<Message> {
    let letter = Letter::of(from, &post.base_url, &post.from.address)?;
    let unsubscribe = match &letter {
        Letter::Invitation(facts) | Letter::Reminder(facts) if from.subject.is_some() => {
            let mail = post.mail_in.as_ref().zip(from.subject.as_ref());
            let mail = mail.map(|(to, subject)| (to.clone(), subject.unsubscribe.clone()));
            Some(Unsubscribe { url: facts.unsubscribe.clone(), one_click: post.one_click, mail })
        }
        _ => None,
    };
    let mut rendered = letter.render(from.language, from.wording.as_ref())?;
    if matches!(from.facts.about, About::Rehearsal(_)) {
        rendered = rendered.as_test(from.language);
    }
    let mail = Mail {
        from: post.from.clone(),
        reply_to: Some(Mailbox { name: String::new(), address: from.study.contact_email.clone() }),
        to: Mailbox { name: from.name.clone(), address: from.email.clone() },
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        date: from.stamp,
        message_id: identifier.to_owned(),
        in_reply_to: from.thread.clone(),
        unsubscribe,
        calendar: calendar(post, from)?,
    };
    let bytes = mail.to_bytes().map_err(Problem::internal)?;
    Ok(Message { to: from.email.clone(), return_path: post.return_path(keys, identifier), bytes })
}

/// The calendar object of a letter. Whoever is the organizer gets the interview, and its end, as a file to open (E21).
fn calendar(post: &Post, from: &Correspondence) -> Outcome<Calendar> {
    if let About::Proposal(Proposed { counter: Some(counter), .. }) = &from.facts.about {
        let ics = stands(post, from, counter).decline_counter();
        let is_own = from.is_to(&post.from.address);
        return Ok(if is_own { Calendar::None } else { Calendar::Invite { ics } });
    }
    let (Some(method), About::Interview(_)) = (from.kind.calendar_method(), &from.facts.about) else {
        return Ok(Calendar::None);
    };
    let meeting = meeting(post, from)?;
    Ok(match (method, from.is_to(&post.from.address)) {
        (CalendarMethod::Request, true) => Calendar::Attached { ics: meeting.download() },
        (CalendarMethod::Request, false) => Calendar::Invite { ics: meeting.request() },
        (CalendarMethod::Cancel, _) if !from.invited_before => Calendar::None,
        (CalendarMethod::Cancel, true) => Calendar::Attached { ics: meeting.cancelled_download() },
        (CalendarMethod::Cancel, false) => Calendar::Invite { ics: meeting.cancel() },
    })
}

/// A meeting that stays where it is though its attendee's calendar proposed another time.
fn stands(post: &Post, from: &Correspondence, counter: &Countered) -> Meeting {
    Meeting {
        uid: counter.uid.clone(),
        sequence: counter.sequence,
        stamp: from.stamp,
        starts_at: counter.starts_at,
        ends_at: counter.ends_at,
        zone: from.study.rules.time_zone,
        summary: CalendarWords::summary(from.language),
        description: String::new(),
        place: Place::InPerson { address: None },
        organizer: Party { name: post.from.name.clone(), address: post.from.address.clone() },
        attendee: Party { name: from.name.clone(), address: from.email.clone() },
        attendance: None,
        takes_counters: true,
        optional: false,
        alarm_minutes: None,
    }
}

fn meeting(post: &Post, from: &Correspondence) -> Outcome<Meeting> {
    let (About::Interview(facts), Some((_, sequence))) = (&from.facts.about, from.interview) else {
        return Err(Problem::internal("a calendar object needs an interview"));
    };
    let words = CalendarWords::of(from, &post.base_url)?;
    Ok(Meeting {
        uid: facts.uid.clone(),
        sequence,
        stamp: from.stamp,
        starts_at: facts.starts_at,
        ends_at: facts.ends_at,
        zone: from.study.rules.time_zone,
        summary: words.summary,
        description: words.description,
        place: match facts.mode {
            Mode::Teams => Place::Teams { join_link: facts.join_link.clone() },
            Mode::InPerson => Place::InPerson { address: words.place },
        },
        organizer: Party { name: post.from.name.clone(), address: post.from.address.clone() },
        attendee: Party { name: from.name.clone(), address: from.email.clone() },
        attendance: from.attendance,
        takes_counters: post.mail_in.is_some() && !from.kind.is_for_interviewer(),
        optional: from.kind.is_for_delegate(),
        alarm_minutes: Some(ALARM_MINUTES),
    })
}
