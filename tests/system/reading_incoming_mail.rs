//! What is understood of a message that comes in: of each program's own way of writing, and of what should not be read.

use proptest::prelude::*;
use veldwerk::calendar::read_answer;
use veldwerk::clock::Instant;
use veldwerk::domain::attendance::Attendance;
use veldwerk::domain::incoming::{Bounce, Content, Doubt, Fate, MESSAGE_LIMIT, Reply};
use veldwerk::mail::incoming::open;
use veldwerk::worker::incoming::read;

use crate::incoming_mail::{SANNE, filled};

const UID: &str = "0195a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b@veldwerk.example";

/// A file of `tests/data/mail` with its blanks filled in.
fn message(name: &str, blanks: &[(&str, &str)]) -> Vec<u8> {
    let usual = [("uid", UID), ("sequence", "1"), ("message_id", "0195a1b2.1@veldwerk.example")];
    filled(name, &[blanks, &usual].concat())
}

fn reply(raw: &[u8]) -> Reply {
    match read(raw, None).content {
        Content::Reply(reply) => reply,
        other => panic!("{other:?}"),
    }
}

fn bounce(raw: &[u8]) -> Bounce {
    match read(raw, None).content {
        Content::Bounce(bounce) => bounce,
        other => panic!("{other:?}"),
    }
}

fn doubt(raw: &[u8]) -> Option<Doubt> {
    match read(raw, None).content {
        Content::Unknown(doubt) => Some(doubt),
        _ => None,
    }
}

#[test]
fn the_answers_of_outlook_gmail_apple_and_thunderbird_say_the_same() {
    let messages = [
        message("outlook_accepts", &[]),
        message("gmail_declines", &[]),
        message("apple_tentative", &[]),
        message("thunderbird_accepts", &[]),
    ];
    for raw in messages {
        let found = reply(&raw);
        assert_eq!((found.uid.as_str(), found.version.sequence), (UID, 1));
        assert_eq!(found.version.stamp, Instant::parse("2027-03-01T09:15:03Z").unwrap());
        assert_eq!((found.attendee.as_str(), found.attendance), (SANNE, Attendance::Accepted));
        assert_eq!(read(&raw, None).from.as_deref(), Some(SANNE));
    }
    let outlook = reply(&message("outlook_accepts", &[("partstat", "DECLINED")]));
    assert_eq!(outlook.attendance, Attendance::Declined);
    assert_eq!(outlook.comment.as_deref(), Some("Graag tot maandag, ik heb me voorbereid."));
}

#[test]
fn another_time_that_outlook_proposes_is_read_in_the_zone_that_windows_names() {
    let Content::Counter(counter) = read(&message("outlook_counter", &[]), None).content else {
        panic!("no counter")
    };
    assert_eq!(counter.starts_at, Instant::parse("2027-03-08T09:00:00Z").unwrap());
    assert_eq!(counter.ends_at, Instant::parse("2027-03-08T10:00:00Z"));
    assert_eq!((counter.uid.as_str(), counter.attendee.as_str()), (UID, SANNE));
}

#[test]
fn the_reports_of_postfix_exchange_and_exim_name_letter_recipient_and_code() {
    let tagged = message("postfix_bounce", &[("to", "bounces+abcdef@veldwerk.example")]);
    for (raw, status) in [
        (tagged, Some("5.1.1")),
        (message("exchange_bounce", &[]), Some("5.1.10")),
        (message("exim_bounce", &[]), None),
    ] {
        let report = bounce(&raw);
        assert_eq!(report.message_ids, ["0195a1b2.1@veldwerk.example"]);
        let worst = report.worst().unwrap();
        assert_eq!((worst.fate, worst.status.as_deref()), (Fate::Failed, status));
        assert!(worst.addresses.iter().all(|address| address == SANNE), "{worst:?}");
    }
    let report = bounce(&message("postfix_bounce", &[("to", "bounces+abcdef@veldwerk.example")]));
    assert!(report.tokens.iter().all(|token| token == "abcdef") && !report.tokens.is_empty());
    assert!(report.worst().unwrap().said.contains("mailbox of S. de Vries is gone"));
}

#[test]
fn a_report_of_a_delay_is_no_failure_and_one_that_gives_up_is_one_whatever_the_code() {
    let delayed = bounce(&message("postfix_bounce", &[("action", "delayed"), ("status", "4.4.1")]));
    assert_eq!(delayed.worst().unwrap().fate, Fate::Delayed);
    let given_up = bounce(&message("postfix_bounce", &[("action", "failed"), ("status", "4.2.2")]));
    assert_eq!(given_up.worst().unwrap().fate, Fate::Failed, "the server tries no more");
    let relayed = bounce(&message("postfix_bounce", &[("action", "relayed"), ("status", "2.0.0")]));
    assert_eq!(relayed.worst().unwrap().fate, Fate::Passed);
}

#[test]
fn a_broken_answer_is_for_a_person_even_where_it_says_that_a_machine_sent_it() {
    let text = String::from_utf8(message("outlook_counter", &[])).unwrap();
    let unknown = text.replace("TZID=W. Europe Standard Time", "TZID=Hier");
    assert_eq!(doubt(unknown.as_bytes()), Some(Doubt::CalendarBroken));
    let marked = format!("Auto-Submitted: auto-generated\r\n{unknown}");
    assert_eq!(doubt(marked.as_bytes()), Some(Doubt::CalendarBroken));
}

#[test]
fn an_answer_of_a_machine_is_no_answer_of_a_person() {
    for raw in [message("outlook_out_of_office", &[]), message("gmail_vacation", &[])] {
        assert_eq!(read(&raw, None).content, Content::AutoReply);
    }
}

#[test]
fn what_a_person_writes_waits_with_its_words() {
    let found = read(&message("written", &[]), None);
    assert_eq!(found.content, Content::Unknown(Doubt::Written));
    assert_eq!(found.letter.sender, format!("Sanne de Vries <{SANNE}>"));
    assert_eq!(found.letter.subject, "Vraag over het gesprek in café De Brug");
    assert!(found.letter.text.contains("Mag mijn collega meekijken?"));
}

#[test]
fn an_answer_inside_a_forwarded_message_is_not_the_answer_of_whoever_forwards_it() {
    assert_eq!(doubt(&message("forwarded_answer", &[])), Some(Doubt::Written));
}

#[test]
fn the_token_of_an_unsubscribe_link_is_found_behind_its_word() {
    let raw = message("unsubscribe", &[("token", "AbC-_9")]);
    assert_eq!(read(&raw, None).content, Content::Unsubscribe("AbC-_9".to_owned()));
}

#[test]
fn an_invitation_a_series_and_two_answers_at_once_are_no_answer() {
    let raw = message("thunderbird_accepts", &[]);
    let text = String::from_utf8(raw).unwrap();
    let with = |from: &str, to: &str| doubt(text.replace(from, to).as_bytes());
    assert_eq!(with("METHOD:REPLY", "METHOD:REQUEST"), Some(Doubt::NoAnswer));
    assert_eq!(with("TRANSP:OPAQUE", "RRULE:FREQ=DAILY"), Some(Doubt::CalendarBroken));
    assert_eq!(
        with("TRANSP:OPAQUE", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.nl"),
        Some(Doubt::CalendarBroken)
    );
    assert_eq!(
        with("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT"),
        Some(Doubt::CalendarBroken)
    );
    assert_eq!(with("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"), Some(Doubt::CalendarBroken));
    assert_eq!(with("END:VCALENDAR", "END:VCALENDER"), Some(Doubt::CalendarBroken));
    assert_eq!(with("DTSTAMP:20270301T091503Z\r\n", ""), Some(Doubt::CalendarBroken));
}

#[test]
fn an_answer_without_a_sequence_is_to_the_first_version_and_base64_is_read() {
    let raw = String::from_utf8(message("thunderbird_accepts", &[])).unwrap();
    let plain = raw.replace("SEQUENCE:1\r\n", "");
    assert_eq!(reply(plain.as_bytes()).version.sequence, 0);
    let (head, rest) = raw.split_once("BEGIN:VCALENDAR").unwrap();
    let (calendar, end) = rest.split_once("END:VCALENDAR").unwrap();
    let calendar = format!("BEGIN:VCALENDAR{calendar}END:VCALENDAR");
    let encoded = data_encoding::BASE64_MIME.encode(calendar.as_bytes());
    let head = head.replace(
        "charset=UTF-8\r\nContent-Transfer-Encoding: 7bit",
        "charset=UTF-8\r\nContent-Transfer-Encoding: base64",
    );
    assert_eq!(reply(format!("{head}{encoded}{end}").as_bytes()).version.sequence, 1);
}

#[test]
fn what_is_too_long_too_deep_or_no_message_is_not_read() {
    let mut long = message("written", &[]);
    long.resize(MESSAGE_LIMIT + 1, b'x');
    assert_eq!(doubt(&long), Some(Doubt::TooLarge));
    assert!(read(&long, None).letter.subject.contains("De Brug"), "a person sees what it is about");
    let nested: String = (0..2_000).fold(String::new(), |all, level| {
        format!("{all}Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
    });
    assert_eq!(doubt(nested.as_bytes()), Some(Doubt::TooDeep));
    let wide = format!(
        "From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(5_000)
    );
    assert_eq!(doubt(wide.as_bytes()), Some(Doubt::TooDeep));
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(200_000);
    assert_eq!(doubt(messages.as_bytes()), Some(Doubt::Written));
    let hidden =
        "From: a@b.nl\r\nContent-Type: text/plain; x=\"\r\n\r\n\"\r\n".to_owned() + messages.as_str();
    assert_eq!(doubt(hidden.as_bytes()), Some(Doubt::Written));
    assert_eq!(doubt(b""), Some(Doubt::Broken));
    let calendar =
        format!("From: a@b.nl\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{}", "x".repeat(1_000_001));
    assert_eq!(doubt(calendar.as_bytes()), Some(Doubt::TooLarge));
    let components = format!(
        "From: a@b.nl\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{}",
        "BEGIN:X\r\n".repeat(100_000)
    );
    assert_eq!(doubt(components.as_bytes()), Some(Doubt::CalendarBroken));
}

fn all_messages() -> Vec<Vec<u8>> {
    vec![
        message("outlook_accepts", &[]),
        message("gmail_declines", &[]),
        message("apple_tentative", &[]),
        message("outlook_counter", &[]),
        message("postfix_bounce", &[]),
        message("exchange_bounce", &[]),
        message("exim_bounce", &[]),
        message("forwarded_answer", &[]),
        message("written", &[]),
    ]
}

/// Runs the readers themselves: [`read`] would hide their faults.
fn readers_hold(raw: &[u8]) {
    if let Ok(found) = open(raw, None) {
        for calendar in &found.calendars {
            let _ = read_answer(calendar);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damaged_message_stops_the_reader(
        which in 0_usize..9,
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_usize..4), 1..40),
    ) {
        let mut raw = all_messages().swap_remove(which);
        for (at, byte, kind) in edits {
            if raw.is_empty() {
                break;
            }
            let at = at.index(raw.len().max(1)).min(raw.len().saturating_sub(1));
            match kind {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => { raw.remove(at); }
                _ => raw.truncate(at.max(1)),
            }
        }
        readers_hold(&raw);
    }

    #[test]
    fn no_heap_of_bytes_stops_the_reader(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        readers_hold(&raw);
    }
}
