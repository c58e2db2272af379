//! Opens a message that came in, as far as a machine has to: who says they wrote it, what calendars lie in it, and
//! whether a mail server or a machine speaks. It trusts nothing in it, and never fails but with a reason.

mod imap;
mod parts;
mod report;

pub use imap::{Folder, Handed, ImapFault, ImapSettings, InvalidImapUrl};

use mail_parser::{Address, Message};

use crate::domain::incoming::{Bounce, CALENDAR_LIMIT, Doubt, EXCERPT, Excerpt, MESSAGE_LIMIT, shown};
use crate::domain::text::LINE_LIMIT;

/// What was found in a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What a person is shown.
    pub letter: Excerpt,
    /// The address in From.
    pub from: Option<String>,
    /// The calendars in it, each once, though programs like to send the same one twice.
    pub calendars: Vec<String>,
    /// What a mail server reports.
    pub bounce: Option<Bounce>,
    /// Whether the mail server that took the message in could not establish that it comes from there.
    pub is_unproven: bool,
    /// Whether a machine says that it answered by itself.
    pub is_automatic: bool,
    /// The token of an unsubscribe link, where the subject asks for no more letters.
    pub unsubscribe: Option<String>,
}

/// Opens a message. `server` is the name under which the mail server that took it in writes down what it found out
/// about the sender (RFC 8601); without one nobody did.
///
/// # Errors
/// Why it can't be read, with what of it can be shown.
#[expect(
    clippy::result_large_err,
    reason = "what can be shown of a message is the outcome here, as often as not"
)]
pub fn open(raw: &[u8], server: Option<&str>) -> Result<Found, (Doubt, Excerpt)> {
    if raw.len() > MESSAGE_LIMIT {
        return Err((Doubt::TooLarge, excerpt_of_head(raw)));
    }
    let head = parts::headers(raw).ok_or_else(|| (Doubt::Broken, Excerpt::default()))?;
    let all = parts::parts(raw).map_err(|doubt| (doubt, excerpt(&head, &[])))?;
    let letter = excerpt(&head, &all);
    let mut calendars: Vec<String> = Vec::new();
    for part in all.iter().filter(|part| is_calendar(&part.kind)) {
        let text = part.text();
        if text.len() > CALENDAR_LIMIT {
            return Err((Doubt::TooLarge, letter));
        }
        if !calendars.contains(&text) {
            calendars.push(text);
        }
    }
    Ok(Found {
        from: from(&head),
        is_unproven: server.is_some_and(|server| !is_proven(&head, server)),
        calendars,
        bounce: report::of(&head, &all, &destinations(&head)),
        is_automatic: is_automatic(&head),
        unsubscribe: unsubscribe(&letter.subject),
        letter,
    })
}

/// How many headers of the own mail server about the sender are read.
const AUTHENTICATION_HEADERS: usize = 10;

fn is_calendar(kind: &str) -> bool {
    matches!(kind, "text/calendar" | "application/ics")
}

/// The words before the token in the subject of a mail that unsubscribes.
pub const UNSUBSCRIBE: &str = "unsubscribe";

/// The token in a subject, as the link in our letters writes it; answering programs put words such as `Re:` before it.
fn unsubscribe(subject: &str) -> Option<String> {
    let words: Vec<&str> = subject.split_whitespace().collect();
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(UNSUBSCRIBE))?;
    words.get(at + 1).map(|token| (*token).to_owned())
}

/// Whether a machine answered: it says so (RFC 3834 5), or in one of the ways from before that.
fn is_automatic(head: &Message<'_>) -> bool {
    let submitted = header(head, "Auto-Submitted").is_some_and(|value| !value.eq_ignore_ascii_case("no"));
    let precedence = header(head, "Precedence").is_some_and(|value| {
        ["bulk", "junk", "list", "auto_reply"].iter().any(|word| value.eq_ignore_ascii_case(word))
    });
    let marks = ["X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autorespond-Subject"];
    submitted || precedence || marks.iter().any(|mark| header(head, mark).is_some())
}

/// Whether a mail server found that a message comes from where From says: by DMARC or, for a domain that has none, by a
/// signature or the sending server.
fn is_proven(head: &Message<'_>, server: &str) -> bool {
    let verdicts = found_out(head, server);
    let has = |result: &str| verdicts.iter().any(|verdict| verdict.result == result);
    let Some(theirs) = from(head).and_then(|from| Some(from.rsplit_once('@')?.1.to_ascii_lowercase())) else {
        return false;
    };
    // What was looked at has to be what we read, where the server tells it.
    let of_them = |verdict: &Finding| {
        let looked_at = verdict.properties.iter().find_map(|part| part.strip_prefix("header.from="));
        verdict.result == "dmarc=pass" && looked_at.is_none_or(|domain| domain == theirs)
    };
    let aligned = |result: &str, property: &str| {
        verdicts.iter().filter(|verdict| verdict.result == result).any(|verdict| {
            let domain = verdict.properties.iter().find_map(|part| part.strip_prefix(property));
            let domain = domain.map(|name| name.rsplit_once('@').map_or(name, |(_, host)| host));
            domain.is_some_and(|domain| is_one_house(domain, &theirs))
        })
    };
    verdicts.iter().any(of_them)
        || (!has("dmarc=fail")
            && (aligned("dkim=pass", "header.d=") || aligned("spf=pass", "smtp.mailfrom=")))
}

/// Whether two domains are the same, or one lies in the other (RFC 7489 3.1, without a list of the domains under which
/// anybody can have one: whoever has a domain decides about what lies in it).
fn is_one_house(one: &str, other: &str) -> bool {
    let lies_in = |inner: &str, outer: &str| {
        outer.contains('.') && inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with('.'))
    };
    one == other || lies_in(one, other) || lies_in(other, one)
}

/// What a mail server found out about where a message comes from, in as many headers as it wrote: some have a program
/// for each method. Where two headers speak of one method the upper one counts, since it was written later.
fn found_out(head: &Message<'_>, server: &str) -> Vec<Finding> {
    let results = head.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"));
    let own = results.filter_map(|(_, value)| {
        let (by, found) = value.split_once(';')?;
        let by = by.split_whitespace().next()?;
        by.eq_ignore_ascii_case(server).then(|| findings(&found.to_ascii_lowercase()))
    });
    own.take(AUTHENTICATION_HEADERS).fold(Vec::new(), |mut known: Vec<Finding>, found| {
        let is_new = |finding: &Finding| known.iter().all(|one| one.method() != finding.method());
        let new: Vec<_> = found.into_iter().filter(is_new).collect();
        known.extend(new);
        known
    })
}

/// One verdict in a header, such as `spf=pass`, with its properties.
struct Finding {
    result: String,
    properties: Vec<String>,
}

impl Finding {
    fn method(&self) -> &str {
        self.result.split('=').next().unwrap_or_default()
    }
}

/// The verdicts of one header (RFC 8601 2.2). What strangers may have written, in comments and quoted strings, is left
/// out.
fn findings(found: &str) -> Vec<Finding> {
    let (mut plain, mut depth, mut is_quoted) = (String::new(), 0_u32, false);
    let mut letters = found.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // What follows stands for itself (RFC 5322 3.2.1).
            '\\' if depth > 0 || is_quoted => drop(letters.next()),
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 && !is_quoted => plain.push(letter),
            _ => {}
        }
    }
    let finding = |part: &str| {
        let mut words = part.split_whitespace().map(str::to_owned);
        Some(Finding { result: words.next()?, properties: words.collect() })
    };
    plain.split(';').filter_map(finding).collect()
}

/// The first header of a name, as it was sent.
fn header(head: &Message<'_>, name: &str) -> Option<String> {
    let (_, value) = head.headers_raw().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
    Some(shown(&value.replace(['\r', '\n'], " "), 1_000))
}

/// The addresses that a message came to, as far as the mail servers on its way wrote them down.
fn destinations(head: &Message<'_>) -> Vec<String> {
    let told = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];
    let told = told.iter().filter_map(|name| header(head, name));
    let told = told.map(|text| text.trim_matches(['<', '>']).to_owned());
    told.chain(head.to().into_iter().flat_map(addresses)).take(20).collect()
}

fn addresses<'a>(of: &'a Address<'_>) -> impl Iterator<Item = String> + 'a {
    of.iter().filter_map(|address| address.address()).map(|address| shown(address, LINE_LIMIT))
}

/// The one address in the one header From: mail servers and programs differ in which of two they look at (RFC 5322
/// 3.6).
fn from(head: &Message<'_>) -> Option<String> {
    let headers = head.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("From")).count();
    address(head.from()).filter(|_| headers == 1)
}

fn address(of: Option<&Address<'_>>) -> Option<String> {
    let mut all = addresses(of?);
    // Whoever writes under two names says neither.
    all.next().filter(|_| all.next().is_none())
}

fn excerpt(head: &Message<'_>, all: &[parts::Part<'_>]) -> Excerpt {
    let sender = head.from().and_then(|from| from.first());
    let sender = sender.map_or_else(String::new, |sender| {
        let address = sender.address().unwrap_or_default();
        sender.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
    });
    let plain = all.iter().find(|part| part.kind == "text/plain").map(parts::Part::text);
    let html = || all.iter().find(|part| part.kind == "text/html").map(|part| without_tags(&part.text()));
    Excerpt {
        sender: one_line(&sender),
        subject: one_line(head.subject().unwrap_or_default()),
        text: shown(&plain.or_else(html).unwrap_or_default(), EXCERPT),
        answer: None,
    }
}

fn excerpt_of_head(raw: &[u8]) -> Excerpt {
    parts::headers(raw).map_or_else(Excerpt::default, |head| excerpt(&head, &[]))
}

fn one_line(text: &str) -> String {
    shown(&text.split_whitespace().collect::<Vec<_>>().join(" "), LINE_LIMIT)
}

/// The text of a page without its marks: rough, and enough to see what somebody wants.
fn without_tags(html: &str) -> String {
    let cut: String = html.chars().take(20 * EXCERPT).collect();
    mail_parser::decoders::html::html_to_text(&cut)
}

#[cfg(test)]
mod tests;
