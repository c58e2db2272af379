//! The client for what strangers publish: where it does not go, and what it does not take.

use veldwerk::domain::calendar_feed::FeedFault;
use veldwerk::outbound::published::{OwnHosts, Published, Reply as Fetched};

use crate::calendar_host::{CalendarHost, Reply};

const FILE: &str = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

fn fault(client: &Published, address: &str) -> FeedFault {
    client.fetch(address, None, None).unwrap_err()
}

#[test]
fn a_file_is_fetched_and_asked_for_again_by_its_mark_without_telling_who_asks() {
    let host = CalendarHost::open(FILE);
    let client = host.trusted_as("localhost");
    let Ok(Fetched::Whole(document)) = client.fetch(&host.url("/a?secret=1"), None, None) else {
        panic!("a file");
    };
    assert_eq!((document.body.as_slice(), document.last_modified), (FILE.as_bytes(), None));
    let again = client.fetch(&host.url("/a"), document.etag.as_deref(), None);
    assert_eq!(again, Ok(Fetched::Unchanged));
    let heads = host.asked().join("").to_lowercase();
    assert!(heads.contains("user-agent: veldwerk/"), "{heads}");
    for told in ["authorization", "cookie", "referer", "accept-encoding: gzip"] {
        assert!(!heads.contains(told), "{heads}");
    }
}

#[test]
fn no_private_address_is_connected_to_however_it_is_written() {
    let host = CalendarHost::open(FILE);
    let port = host.url("").rsplit(':').next().unwrap().to_owned();
    // Whoever is trusted by another name is a stranger by this one.
    let client = host.trusted_as("calendars.example");
    for name in
        ["localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
    {
        assert_eq!(fault(&client, &format!("https://{name}:{port}/")), FeedFault::AddressRefused, "{name}");
        assert_eq!(fault(&client, &format!("https://{name}/")), FeedFault::AddressRefused, "{name}");
    }
    for address in ["http://example.org/", "ftp://example.org/", "https://me:pw@localhost/", "nonsense"] {
        assert_eq!(fault(&client, address), FeedFault::AddressRefused, "{address}");
    }
    assert_eq!(host.asked(), Vec::<String>::new(), "nobody was asked");
}

#[test]
fn a_redirect_is_followed_a_few_times_and_judged_like_a_first_question() {
    let host = CalendarHost::open(FILE);
    let client = host.trusted_as("localhost");
    let port = host.url("").rsplit(':').next().unwrap().to_owned();
    let sends_to = |to: String| {
        host.say(Reply::Status(302, "Location", to));
        fault(&client, &host.url("/"))
    };
    assert_eq!(sends_to(format!("https://127.0.0.1:{port}/")), FeedFault::AddressRefused);
    assert_eq!(sends_to("https://[::1]/".to_owned()), FeedFault::AddressRefused);
    assert_eq!(sends_to(format!("http://localhost:{port}/")), FeedFault::RedirectRefused);
    assert_eq!(sends_to("https://\u{1}".to_owned()), FeedFault::ServerFault);
    host.asked();
    assert_eq!(sends_to("/again".to_owned()), FeedFault::RedirectRefused);
    assert_eq!(host.asked().len(), 4, "three times and no more");
}

#[test]
fn what_is_too_large_too_slow_or_no_answer_is_told_by_its_name() {
    let host = CalendarHost::open(FILE);
    let client = host.trusted_as("localhost");
    for (reply, expected) in [
        (Reply::Octets(10 * 1024 * 1024), FeedFault::TooLarge),
        (Reply::Drip, FeedFault::TooSlow),
        (Reply::Hang, FeedFault::TooSlow),
        (Reply::Status(401, "X", "x".to_owned()), FeedFault::Denied),
        (Reply::Status(403, "X", "x".to_owned()), FeedFault::Denied),
        (Reply::Status(404, "X", "x".to_owned()), FeedFault::NotFound),
        (Reply::Status(410, "X", "x".to_owned()), FeedFault::NotFound),
        (Reply::Status(500, "X", "x".to_owned()), FeedFault::ServerFault),
        (Reply::Status(302, "X", "x".to_owned()), FeedFault::ServerFault),
        (Reply::Status(204, "X", "x".to_owned()), FeedFault::ServerFault),
    ] {
        host.say(reply.clone());
        assert_eq!(fault(&client, &host.url("/")), expected, "{reply:?}");
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let host = CalendarHost::open(FILE);
    let own = OwnHosts { names: vec!["localhost".to_owned()], authority: None };
    let client = Published::new(own).unwrap();
    assert_eq!(fault(&client, &host.url("/")), FeedFault::CertificateRefused);
    assert_eq!(host.asked(), Vec::<String>::new());
    assert!(Published::new(OwnHosts { names: Vec::new(), authority: Some(b"none".to_vec()) }).is_err());
}
