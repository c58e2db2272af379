//! One letter to one recipient, as the bytes of a message (RFC 5322, 2045 ff.).
//!
//! The same [`Mail`] always gives the same bytes, so that a second attempt sends nothing new (R2): date, identifier
//! and the boundaries between the parts all follow from what is given.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, ContentTypeErr, Header, HeaderName, HeaderValue,
};
use lettre::message::{Message, MultiPart, SinglePart, SinglePartBuilder};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::incoming::UNSUBSCRIBE;
use super::mailbox::Mailbox;
use crate::clock::Instant;
use crate::domain::text::{EmailAddress, is_deceptive};

/// What an address must not bring along unencoded into a `mailto:` URI (RFC 6068 2).
const NOT_IN_MAILTO: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'/');

/// The last second that a `Date` header can tell: the end of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// How a recipient leaves the list (RFC 2369), on recruitment letters only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// The personal page that unsubscribes.
    pub url: String,
    /// Whether a mail program may POST to it by itself (RFC 8058); only where the URL is https (E24).
    pub one_click: bool,
    /// The address that takes a mail in the stead of a visit, and the token to show there.
    pub mail: Option<(EmailAddress, String)>,
}

/// The calendar object of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calendar {
    /// A letter about something else.
    None,
    /// An object with a METHOD, which mail programs offer to accept (RFC 6047).
    Invite {
        /// The object's text.
        ics: String,
    },
    /// An object without a METHOD in a plain notice, to be opened by hand (E21).
    Attached {
        /// The object's text.
        ics: String,
    },
}

/// All that a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who writes; of an invitation also the organizer (E20).
    pub from: Mailbox,
    /// Where answers by hand go.
    pub reply_to: Option<Mailbox>,
    /// The one recipient.
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The letter as HTML.
    pub html: String,
    /// When the message was made.
    pub date: Instant,
    /// `<unique>@<own domain>` without angle brackets; fixed when the letter was queued.
    pub message_id: String,
    /// The identifier of the earlier message that this one belongs to, without angle brackets.
    pub in_reply_to: Option<String>,
    /// How to leave the list.
    pub unsubscribe: Option<Unsubscribe>,
    /// The calendar object.
    pub calendar: Calendar,
}

/// Why a [`Mail`] can't be written as a message.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// An address that no header can carry.
    #[error("an address can't stand in a header")]
    Address(#[from] lettre::address::AddressError),
    /// An identifier that is not `left@right` in plain characters.
    #[error("a message identifier must be left@right without spaces or angle brackets")]
    Identifier,
    /// An unsubscribe link with characters that no URL has.
    #[error("the unsubscribe link is not a URL")]
    UnsubscribeLink,
    /// An invitation whose object has no METHOD.
    #[error("the calendar object of an invitation must have the method REQUEST, CANCEL or DECLINECOUNTER")]
    Method,
    /// A part whose type can't be written.
    #[error("a part has no valid type")]
    ContentType(#[from] ContentTypeErr),
    /// The parts are there but don't make a message.
    #[error("the message can't be composed")]
    Message(#[from] lettre::error::Error),
}

impl Mail {
    /// The whole message, with CRLF line ends and plain ASCII throughout.
    ///
    /// # Errors
    /// [`Unwritable`] names the part that is at fault; trying again can't help.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unwritable> {
        let mut message = Message::builder()
            .date(UNIX_EPOCH + Duration::from_secs(self.date.unix().clamp(0, LAST_SECOND).unsigned_abs()))
            .from(header_mailbox(&self.from)?)
            .to(header_mailbox(&self.to)?)
            .subject(subject(&self.subject))
            .message_id(Some(identifier(&self.message_id)?))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(header_mailbox(reply_to)?);
        }
        if let Some(earlier) = &self.in_reply_to {
            let earlier = identifier(earlier)?;
            message = message.in_reply_to(earlier.clone()).references(earlier);
        }
        if let Some(unsubscribe) = &self.unsubscribe {
            message = message.header(ListUnsubscribe::to(unsubscribe)?);
            if unsubscribe.one_click {
                message = message.header(ListUnsubscribePost);
            }
        }
        Ok(message.multipart(self.parts()?)?.formatted())
    }

    /// The tree of parts. Plain text comes first and the calendar last, for a mail program shows the last alternative
    /// that it understands; Outlook looks for an invitation in the first part of a mixed message only.
    fn parts(&self) -> Result<MultiPart, Unwritable> {
        let alternative = MultiPart::alternative()
            .boundary(self.boundary("alternative"))
            .singlepart(prose(ContentType::TEXT_PLAIN, &self.text))
            .singlepart(prose(ContentType::TEXT_HTML, &self.html));
        let (alternative, copy) = match &self.calendar {
            Calendar::None => return Ok(alternative),
            Calendar::Invite { ics } => {
                // Without a Content-Disposition: any takes the buttons away in some mail program.
                let inline = format!("text/calendar; method={}; charset=UTF-8", method(ics)?);
                let inline = object(SinglePart::builder(), &inline, ics)?;
                (alternative.singlepart(inline), attached("application/ics", "invite.ics", ics)?)
            }
            Calendar::Attached { ics } => {
                (alternative, attached("text/calendar; charset=UTF-8", "interview.ics", ics)?)
            }
        };
        Ok(MultiPart::mixed().boundary(self.boundary("mixed")).multipart(alternative).singlepart(copy))
    }

    /// A boundary that is the same for the same letter. `=_` occurs neither in quoted-printable nor in base64
    /// (RFC 2045 6.7), so no text can hold it.
    fn boundary(&self, level: &str) -> String {
        let digest = Sha256::new().chain_update(level).chain_update(&self.message_id).finalize();
        format!("=_{}", data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default()))
    }
}

/// A part that people read. Always quoted-printable: it survives every relay, and see [`Mail::boundary`].
fn prose(content_type: ContentType, text: &str) -> SinglePart {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = lines.chars().filter(|&c| matches!(c, '\n' | '\t') || !is_deceptive(c)).collect();
    SinglePart::builder()
        .header(content_type)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(plain.replace('\n', "\r\n"))
}

fn attached(content_type: &str, file_name: &str, ics: &str) -> Result<SinglePart, Unwritable> {
    let part = SinglePart::builder().header(ContentDisposition::attachment(file_name));
    object(part, &format!("{content_type}; name=\"{file_name}\""), ics)
}

/// A part that calendars read, byte for byte.
fn object(part: SinglePartBuilder, content_type: &str, ics: &str) -> Result<SinglePart, Unwritable> {
    let part = part.header(ContentType::parse(content_type)?).header(ContentTransferEncoding::Base64);
    Ok(part.body(ics.as_bytes().to_vec()))
}

/// The method that the object itself states, so that the part's parameter can never differ (RFC 6047 2.4).
fn method(ics: &str) -> Result<&str, Unwritable> {
    ics.lines()
        .find_map(|line| line.strip_prefix("METHOD:"))
        .filter(|method| matches!(*method, "REQUEST" | "CANCEL" | "DECLINECOUNTER"))
        .ok_or(Unwritable::Method)
}

fn header_mailbox(mailbox: &Mailbox) -> Result<lettre::message::Mailbox, Unwritable> {
    let name = one_line(&mailbox.name);
    let address: Address = mailbox.address.as_str().parse()?;
    Ok(lettre::message::Mailbox::new((!name.is_empty()).then_some(name), address))
}

fn subject(text: &str) -> String {
    // What looks like an encoded word (RFC 2047) would be decoded by the reader into something that nobody wrote.
    one_line(text).replace("=?", "= ?")
}

/// Header values end at the line, and mail programs don't agree on runs of spaces.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_deceptive(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn identifier(text: &str) -> Result<String, Unwritable> {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'@'))
    };
    match text.split_once('@') {
        Some((left, right)) if plain(left) && plain(right) => Ok(format!("<{text}>")),
        _ => Err(Unwritable::Identifier),
    }
}

macro_rules! header {
    ($type:ident, $name:literal, $self:ident => $value:expr) => {
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err(concat!($name, " is only written").into())
            }

            fn display(&$self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

/// Keeps machines from answering (RFC 3834 5).
#[derive(Clone)]
struct AutoSubmitted;
header!(AutoSubmitted, "Auto-Submitted", self => "auto-generated");

#[derive(Clone)]
struct ListUnsubscribe(String);
header!(ListUnsubscribe, "List-Unsubscribe", self => self.0);

impl ListUnsubscribe {
    /// By mail first, which the link of a program that knows no other way opens; one click goes by https whatever the
    /// order (RFC 8058 3.1).
    fn to(Unsubscribe { url, mail, .. }: &Unsubscribe) -> Result<Self, Unwritable> {
        let is_url = url.starts_with("http")
            && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b','));
        if !is_url {
            return Err(Unwritable::UnsubscribeLink);
        }
        let by_mail = mail.as_ref().map(|(to, token)| {
            let to = utf8_percent_encode(to.as_str(), NOT_IN_MAILTO);
            format!("<mailto:{to}?subject={UNSUBSCRIBE}%20{token}>, ")
        });
        Ok(Self(format!("{}<{url}>", by_mail.unwrap_or_default())))
    }
}

#[derive(Clone)]
struct ListUnsubscribePost;
header!(ListUnsubscribePost, "List-Unsubscribe-Post", self => "List-Unsubscribe=One-Click");

#[cfg(test)]
mod tests;
