//! The mailbox of the demonstration: every letter that was written to a file instead of being sent.

use serde::Serialize;

use crate::domain::language::Language;
use crate::domain::letter::LetterKind;
use crate::words::letters::Letter;
use crate::words::pages::Sample;

/// A letter in the mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxRow {
    /// Its page.
    pub href: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When.
    pub at: String,
    /// Whether it carries an invite or a cancellation.
    pub calendar: bool,
}

/// The mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox {
    /// Path of this page.
    pub here: String,
    /// The letters, latest first.
    pub rows: Vec<MailboxRow>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// A letter of the mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxLetter {
    /// Path of this page.
    pub here: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When.
    pub at: String,
    /// A path that answers with the HTML part, under a policy that allows inline styles and nothing else.
    pub html_href: Option<String>,
    /// The text part.
    pub text: String,
    /// A path that answers with the calendar part, if there is one.
    pub calendar_href: Option<String>,
    /// The calendar part as text.
    pub calendar: Option<String>,
}

impl Sample for Mailbox {
    fn samples(_: Language) -> Vec<Self> {
        let row = |subject: &str, calendar| MailboxRow {
            href: "/mailbox/1".to_owned(),
            to: "Sanne de Vries <sanne.de.vries@example.org>".to_owned(),
            subject: subject.to_owned(),
            at: "2 mrt 2027, 10.00".to_owned(),
            calendar,
        };
        let page = |rows, next: Option<&str>| Self {
            here: "/mailbox".to_owned(),
            rows,
            first: None,
            next: next.map(ToOwned::to_owned),
        };
        let rows = vec![row("Uw interview is gepland", true), row("Uitnodiging voor een interview", false)];
        vec![page(rows, Some("/x")), page(Vec::new(), None)]
    }
}

impl Sample for MailboxLetter {
    fn samples(language: Language) -> Vec<Self> {
        let rendered = Letter::sample(LetterKind::Confirmation, language).render(language, None);
        let (subject, text) = rendered.map(|letter| (letter.subject, letter.text)).unwrap_or_default();
        let page = |calendar: Option<&str>| Self {
            here: "/mailbox/1".to_owned(),
            from: "Veldwerk <veldwerk@example.org>".to_owned(),
            to: "Sanne de Vries <sanne.de.vries@example.org>".to_owned(),
            subject: subject.clone(),
            at: "2 mrt 2027, 10.00".to_owned(),
            html_href: calendar.map(|_| "/mailbox/1/html".to_owned()),
            text: text.clone(),
            calendar_href: calendar.map(|_| "/mailbox/1/invite.ics".to_owned()),
            calendar: calendar.map(ToOwned::to_owned),
        };
        vec![page(Some("BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n")), page(None)]
    }
}
