//! What a mail server reports of a letter: groups of fields (RFC 3464), as Postfix, Exchange and newer Exim send them,
//! the header by which an older Exim names whom it could not reach, and words for people only.

use mail_parser::Message;

use super::parts::{self, Part};
use crate::domain::incoming::{Bounce, Fate, Undelivered, shown};

/// How many recipients and Message-IDs of a report are read.
const LIMIT: usize = 20;
/// How many characters of what a mail server said are kept.
const SAID: usize = 1_000;

/// The report in a message, if it is one.
pub(super) fn of(head: &Message<'_>, parts: &[Part<'_>], addresses: &[String]) -> Option<Bounce> {
    let delivery = parts.iter().find(|part| part.kind.ends_with("/delivery-status"));
    let recipients = match delivery {
        Some(part) => groups(&part.text()),
        None => failed_recipients(head).or_else(|| is_of_a_mail_server(head).then(Vec::new))?,
    };
    let mut message_ids: Vec<String> = parts.iter().filter_map(returned_id).collect();
    if delivery.is_none() {
        message_ids.extend(parts.iter().filter(|part| part.kind == "text/plain").filter_map(quoted_id));
    }
    message_ids.truncate(LIMIT);
    Some(Bounce { message_ids, tokens: tokens(addresses), recipients })
}

/// The recipients that a report speaks of. The first group is about the message as a whole.
fn groups(text: &str) -> Vec<Undelivered> {
    let text = text.replace("\r\n", "\n");
    let groups = text.split("\n\n").filter(|group| !group.trim().is_empty());
    groups.filter_map(group).take(LIMIT).collect()
}

fn group(text: &str) -> Option<Undelivered> {
    let fields = unfolded(text);
    let value = |name: &str| {
        let found = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let addresses: Vec<String> = ["Original-Recipient", "Final-Recipient"]
        .iter()
        .filter_map(|name| value(name))
        .map(address)
        .collect();
    if addresses.is_empty() && value("Action").is_none() {
        return None;
    }
    let status = value("Status").and_then(status);
    let fate = fate(value("Action").unwrap_or_default(), status.as_deref());
    let said = value("Diagnostic-Code").or_else(|| value("X-Supplementary-Info")).unwrap_or_default();
    Some(Undelivered { addresses, fate, status, said: shown(said, SAID) })
}

/// What became of the letter. The class of the status decides where the word is unknown (RFC 3463 2).
fn fate(action: &str, status: Option<&str>) -> Fate {
    let class = status.and_then(|status| status.chars().next());
    match action.split_whitespace().next().unwrap_or_default().to_ascii_lowercase().as_str() {
        // Given up for good, though the reason may pass (RFC 3464 2.3.3).
        "failed" => Fate::Failed,
        "delayed" => Fate::Delayed,
        "delivered" | "relayed" | "expanded" => Fate::Passed,
        _ => match class {
            Some('5') => Fate::Failed,
            Some('4') => Fate::Delayed,
            _ => Fate::Passed,
        },
    }
}

/// A status code `class.subject.detail`, without the comment behind it.
fn status(text: &str) -> Option<String> {
    let code = text.split(|c: char| c.is_whitespace() || c == '(').next()?;
    let mut numbers = code.split('.');
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let valid = numbers.clone().count() == 3 && numbers.all(is_number);
    valid.then(|| code.to_owned())
}

/// The address behind its type: `rfc822; jan@example.org`.
fn address(text: &str) -> String {
    let address = text.split_once(';').map_or(text, |(_, address)| address);
    shown(address.trim().trim_matches(['<', '>']), 200)
}

/// Fields with their continuation lines joined.
fn unfolded(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(200) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

/// Whom an Exim without reports could not reach. It sends such a message only when it gives up.
fn failed_recipients(head: &Message<'_>) -> Option<Vec<Undelivered>> {
    let named = super::header(head, "X-Failed-Recipients")?;
    let addresses = named.split(',').map(|address| shown(address, 200)).filter(|address| !address.is_empty());
    let failed = |address| Undelivered {
        addresses: vec![address],
        fate: Fate::Failed,
        status: None,
        said: String::new(),
    };
    Some(addresses.take(LIMIT).map(failed).collect())
}

/// Whether a mail server writes, of which a machine can't tell what it says: by the name that such a server has, and
/// without an address to which errors could be told (RFC 5321 4.5.5).
fn is_of_a_mail_server(head: &Message<'_>) -> bool {
    let from = super::address(head.from()).unwrap_or_default().to_lowercase();
    let name = from.split('@').next().unwrap_or_default();
    let is_nobodys = super::header(head, "Return-Path").is_some_and(|path| path == "<>");
    name == "mailer-daemon" || (name == "postmaster" && (is_nobodys || super::is_automatic(head)))
}

/// The Message-ID of the letter that came back, whole or only its headers.
fn returned_id(part: &Part<'_>) -> Option<String> {
    let is_returned =
        matches!(part.kind.as_str(), "message/rfc822" | "message/global" | "text/rfc822-headers")
            || part.kind == "message/global-headers";
    if !is_returned {
        return None;
    }
    // Headers alone end where the text ends.
    let text = format!("{}\r\n\r\n", part.text());
    parts::headers(text.as_bytes())?.message_id().map(|id| shown(id, 300))
}

/// The Message-ID in a letter that came back as plain text.
fn quoted_id(part: &Part<'_>) -> Option<String> {
    let text = part.text();
    let line = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("message-id").then(|| value.trim().to_owned())
    })?;
    Some(shown(line.trim_matches(['<', '>']), 300))
}

/// What stands behind a plus in the addresses that a message came to.
fn tokens(addresses: &[String]) -> Vec<String> {
    let tag = |address: &String| {
        let (local, _) = address.rsplit_once('@')?;
        local.rsplit_once('+').map(|(_, tag)| tag.to_owned())
    };
    addresses.iter().filter_map(tag).take(LIMIT).collect()
}
