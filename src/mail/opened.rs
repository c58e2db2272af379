//! Opens a letter that was written as a file, for reading on a screen. It trusts nothing in it.

use mail_parser::{Addr, MessageParser, MimeHeaders};

/// A letter as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The decoded subject.
    pub subject: String,
    /// The sender's name and address.
    pub from: String,
    /// The first recipient's name and address.
    pub to: String,
    /// The date as an RFC 3339 moment, empty when there is none.
    pub date: String,
    /// The plain text.
    pub text: String,
    /// The HTML twin, if there is one.
    pub html: Option<String>,
    /// The calendar part, if there is one.
    pub calendar: Option<String>,
}

impl Opened {
    /// Reads a message; `None` when it is none.
    #[must_use]
    pub fn read(message: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(message)?;
        let calendar = message
            .parts
            .iter()
            .find(|part| part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar")))
            .and_then(|part| part.text_contents())
            .map(str::to_owned);
        Some(Self {
            subject: message.subject().unwrap_or_default().to_owned(),
            from: message.from().and_then(|from| from.first()).map(mailbox).unwrap_or_default(),
            to: message.to().and_then(|to| to.first()).map(mailbox).unwrap_or_default(),
            date: message.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default(),
            text: message.body_text(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
            html: message
                .html_body
                .first()
                .and_then(|_| message.body_html(0))
                .map(std::borrow::Cow::into_owned),
            calendar,
        })
    }
}

fn mailbox(of: &Addr<'_>) -> String {
    let address = of.address().unwrap_or_default();
    of.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}
