//! What is written is read back by a parser that is not the writer.

use std::fmt::Write;

use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::*;
use crate::domain::text::EmailAddress;

const REQUEST: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:é\r\nEND:VEVENT\r\n\
                       END:VCALENDAR\r\n";

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: EmailAddress::parse(address).unwrap() }
}

fn plain() -> Mail {
    Mail {
        from: mailbox("Onderzoek Sociaal Domein", "onderzoek@veldwerk.example.org"),
        reply_to: Some(mailbox("", "b.bakker@university.example.org")),
        to: mailbox("A. Jansen", "A.Jansen+post@Gemeente.example.org"),
        subject: "Uw gesprek is verplaatst".to_owned(),
        text: "Beste heer/mevrouw Jansen,\n\nTot dan.\n".to_owned(),
        html: "<p>Beste heer/mevrouw Jansen,</p>\n<p>Tot dan.</p>\n".to_owned(),
        date: Instant::parse("2027-02-01T08:00:00Z").unwrap(),
        message_id: "0189f7c2@veldwerk.example.org".to_owned(),
        in_reply_to: None,
        unsubscribe: None,
        calendar: Calendar::None,
    }
}

fn invite() -> Mail {
    Mail {
        in_reply_to: Some("0189f7c1@veldwerk.example.org".to_owned()),
        calendar: Calendar::Invite { ics: REQUEST.to_owned() },
        ..plain()
    }
}

/// The message as text, after the checks that hold for every message.
fn written(mail: &Mail) -> String {
    let text = String::from_utf8(mail.to_bytes().unwrap()).unwrap();
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    text
}

/// The tree of content types, with their dispositions, as indented lines.
fn tree(text: &str) -> String {
    fn walk(message: &mail_parser::Message<'_>, part: u32, depth: usize, out: &mut String) {
        let part = message.part(part).unwrap();
        let kind = part.content_type().unwrap();
        write!(out, "{}{}/{}", "  ".repeat(depth), kind.ctype(), kind.subtype().unwrap()).unwrap();
        for name in ["method", "charset", "name"] {
            if let Some(value) = kind.attribute(name) {
                write!(out, "; {name}={value}").unwrap();
            }
        }
        if let Some(disposition) = part.content_disposition() {
            let file_name = disposition.attribute("filename").unwrap_or("-");
            write!(out, " [{} {file_name}]", disposition.ctype()).unwrap();
        }
        out.push('\n');
        if let PartType::Multipart(parts) = &part.body {
            for &part in parts {
                walk(message, part, depth + 1, out);
            }
        }
    }
    let message = MessageParser::default().parse(text).unwrap();
    let mut out = String::new();
    walk(&message, 0, 0, &mut out);
    out
}

fn header<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let (headers, _) = text.split_once("\r\n\r\n").unwrap();
    headers.split("\r\n").filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

fn boundaries(text: &str) -> [&str; 2] {
    let mut found = text.split("boundary=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    [found.next().unwrap(), found.next().unwrap()]
}

#[test]
fn a_letter_without_a_calendar_is_text_and_html() {
    let text = written(&plain());
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert_eq!(
        tree(&text),
        "multipart/alternative\n  text/plain; charset=utf-8\n  text/html; charset=utf-8\n"
    );
}

#[test]
fn an_invitation_has_the_calendar_as_last_alternative_and_the_same_bytes_attached() {
    let text = written(&invite());
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert_eq!(
        tree(&text),
        "multipart/mixed\n  multipart/alternative\n    text/plain; charset=utf-8\n    text/html; charset=utf-8\n    \
         text/calendar; method=REQUEST; charset=utf-8\n  application/ics; name=invite.ics [attachment invite.ics]\n"
    );
    let message = MessageParser::default().parse(&text).unwrap();
    let objects: Vec<&[u8]> = [4, 5].map(|part| message.part(part).unwrap().contents()).to_vec();
    assert_eq!(objects, [REQUEST.as_bytes(), REQUEST.as_bytes()]);
    assert_eq!(header(&text, "References"), ["<0189f7c1@veldwerk.example.org>"]);
    assert_eq!(header(&text, "In-Reply-To"), ["<0189f7c1@veldwerk.example.org>"]);
}

#[test]
fn the_method_of_the_part_is_the_method_of_the_object() {
    let ics = REQUEST.replace("METHOD:REQUEST", "METHOD:CANCEL");
    let text = written(&Mail { calendar: Calendar::Invite { ics }, ..plain() });
    assert!(tree(&text).contains("text/calendar; method=CANCEL;"));
    for ics in [REQUEST.replace("METHOD:REQUEST\r\n", ""), REQUEST.replace("REQUEST", "PUBLISH; x=y")] {
        let refused = Mail { calendar: Calendar::Invite { ics }, ..plain() }.to_bytes();
        assert!(matches!(refused, Err(Unwritable::Method)));
    }
}

#[test]
fn a_plain_notice_merely_has_the_object_attached() {
    let ics = REQUEST.replace("METHOD:REQUEST\r\n", "");
    let text = written(&Mail { calendar: Calendar::Attached { ics: ics.clone() }, ..plain() });
    assert_eq!(
        tree(&text),
        "multipart/mixed\n  multipart/alternative\n    text/plain; charset=utf-8\n    text/html; charset=utf-8\n  \
         text/calendar; charset=utf-8; name=interview.ics [attachment interview.ics]\n"
    );
    let message = MessageParser::default().parse(&text).unwrap();
    assert_eq!(message.part(4).unwrap().contents(), ics.as_bytes());
}

#[test]
fn the_same_letter_always_gives_the_same_bytes_and_another_identifier_other_boundaries() {
    assert_eq!(invite().to_bytes().unwrap(), invite().to_bytes().unwrap());
    let other = Mail { message_id: "other@veldwerk.example.org".to_owned(), ..invite() };
    assert_ne!(boundaries(&written(&invite())), boundaries(&written(&other)));
}

#[test]
fn text_that_knows_the_boundary_cannot_end_its_part() {
    let text = written(&invite());
    let mut forged = String::new();
    for boundary in boundaries(&text) {
        write!(forged, "\n--{boundary}--\n--{boundary}\nContent-Type: text/html\n\n").unwrap();
    }
    let mail = Mail { text: forged, ..invite() };
    assert_eq!(tree(&written(&mail)), tree(&text));
}

#[test]
fn unsubscribing_is_offered_only_when_given_and_with_one_click_only_when_allowed() {
    let url = "https://veldwerk.example.org/u/OBQXG43XN5ZGI".to_owned();
    assert_eq!(header(&written(&plain()), "List-Unsubscribe"), [""; 0]);
    for one_click in [false, true] {
        let unsubscribe = Some(Unsubscribe { url: url.clone(), one_click, mail: None });
        let text = written(&Mail { unsubscribe, ..plain() });
        assert_eq!(header(&text, "List-Unsubscribe"), [format!("<{url}>")]);
        assert_eq!(header(&text, "List-Unsubscribe-Post").len(), usize::from(one_click));
    }
    for url in ["javascript:x", "https://example.org/u/a\r\nBcc: x@example.org", "https://example.org/>,<x"] {
        let unsubscribe = Some(Unsubscribe { url: url.to_owned(), one_click: false, mail: None });
        assert!(matches!(Mail { unsubscribe, ..plain() }.to_bytes(), Err(Unwritable::UnsubscribeLink)));
    }
}

#[test]
fn every_letter_says_that_a_machine_sent_it_and_has_its_headers_once() {
    let text = written(&invite());
    assert_eq!(header(&text, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(&text, "Date"), ["Mon, 01 Feb 2027 08:00:00 +0000"]);
    assert_eq!(header(&text, "Message-ID"), ["<0189f7c2@veldwerk.example.org>"]);
    for name in ["From", "To", "Reply-To", "Subject", "MIME-Version", "Content-Type"] {
        assert_eq!(header(&text, name).len(), 1, "{name}");
    }
}

#[test]
fn hostile_names_subjects_and_texts_come_back_as_text_and_add_nothing() {
    let names = |text: &str| -> Vec<String> {
        let message = MessageParser::default().parse(text).unwrap();
        message.headers().iter().map(|header| header.name().to_owned()).collect()
    };
    let usual = names(&written(&invite()));
    for hostile in [
        "x\r\nBcc: evil@example.org",
        "x\r\n\r\n<h1>body",
        "x\rBcc: evil@example.org\n",
        "\"quoted\" \\back, <evil@example.org>; (comment)",
        "a,b;c:d@e",
        "=?utf-8?B?QmNjOiBldmls?=",
        "😀 Ünïcödé \u{202E}omgekeerd \u{0}\u{7} \u{2028}",
        "   ",
        "",
    ] {
        for hostile in [hostile.to_owned(), format!("{hostile}{}", " é-lang".repeat(40))] {
            let mail = Mail {
                from: mailbox(&hostile, "onderzoek@example.org"),
                reply_to: Some(mailbox(&hostile, "antwoord@example.org")),
                to: mailbox(&hostile, "R+07@example.org"),
                subject: hostile.clone(),
                text: hostile.clone(),
                html: hostile.clone(),
                ..invite()
            };
            let text = written(&mail);
            assert_eq!(names(&text), usual, "{hostile:?}");
            assert_eq!(tree(&text), tree(&written(&invite())));
            let message = MessageParser::default().parse(&text).unwrap();
            let spaced = hostile.replace(is_deceptive, " ");
            let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
            let subject = message.subject().unwrap_or_default();
            assert_eq!(subject, line.replace("=?", "= ?"));
            let to: Vec<_> = message.to().unwrap().iter().collect();
            assert_eq!(to.len(), 1);
            assert_eq!(to[0].address().unwrap(), "R+07@example.org");
            assert_eq!(to[0].name().unwrap_or_default(), line);
            let kept: String = hostile
                .replace("\r\n", "\n")
                .replace('\r', "\n")
                .chars()
                .filter(|&c| c == '\n' || !is_deceptive(c))
                .collect();
            assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), kept);
        }
    }
}

#[test]
fn an_identifier_that_could_break_out_of_its_header_is_refused() {
    for bad in ["", "a", "a@", "@b", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b@c", "é@b"] {
        let mail = Mail { message_id: bad.to_owned(), ..plain() };
        assert!(matches!(mail.to_bytes(), Err(Unwritable::Identifier)), "{bad}");
        let mail = Mail { in_reply_to: Some(bad.to_owned()), ..plain() };
        assert!(matches!(mail.to_bytes(), Err(Unwritable::Identifier)), "{bad}");
    }
}

#[test]
fn long_lines_dots_and_trailing_spaces_survive() {
    let text = format!(".\r\n.. \r\nFrom me\t\r\n{}\r\n", "woord ".repeat(500));
    let written = written(&Mail { text: text.clone(), ..plain() });
    assert!(written.split("\r\n").all(|line| line.len() <= 78));
    let message = MessageParser::default().parse(&written).unwrap();
    assert_eq!(message.body_text(0).unwrap(), text);
}
