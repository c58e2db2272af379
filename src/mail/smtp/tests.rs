//! Refusals, reuse and protection, against a real server on a local port.

use super::*;
use crate::domain::text::EmailAddress;
use crate::id::LetterId;
use crate::mail::test_server::{Offer, Script, TestServer, Turn};
use crate::mail::{Patience, RefusalKind, Sender, Transport};
use RefusalKind::{Away, Final, Passing};
use Turn::{Drop, Hang, Say, SayAndDrop};

const MESSAGE: &str = "Subject: Hello\r\n\r\nHello\r\n.\r\n..dots\r\n";

fn sender(server: &TestServer, scheme: &str) -> Sender {
    let settings = SmtpSettings::parse(&server.url(scheme), Some(server.authority.as_bytes())).unwrap();
    Transport::Smtp(settings).sender()
}

async fn send(sender: &mut Sender) -> Result<Delivered, Refusal> {
    let from = EmailAddress::parse("onderzoek@example.org").unwrap();
    let to = EmailAddress::parse("P.Jansen@gemeente.example.org").unwrap();
    sender
        .send(&Outgoing { letter: LetterId::new(), from: &from, to: &to, message: MESSAGE.as_bytes() })
        .await
}

/// What becomes of a letter on a first connection with this script.
async fn refused(script: Script) -> Refusal {
    let server = TestServer::start(Offer::Plain, vec![script]).await;
    let refusal = send(&mut sender(&server, "smtp")).await.unwrap_err();
    assert!(!refusal.said.to_lowercase().contains("jansen"), "{}", refusal.said);
    assert_eq!(server.messages(), [""; 0]);
    refusal
}

#[tokio::test]
async fn a_message_arrives_byte_for_byte_under_its_envelope() {
    let server = TestServer::start(Offer::Plain, vec![]).await;
    let mut sender = sender(&server, "smtp");
    let delivered = send(&mut sender).await.unwrap();
    sender.close().await;
    assert_eq!(delivered.said, "250 2.0.0 queued as 12345");
    assert_eq!(server.messages(), [MESSAGE]);
    assert_eq!(
        server.commands(),
        [
            "EHLO [127.0.0.1]",
            "MAIL FROM:<onderzoek@example.org>",
            "RCPT TO:<P.Jansen@gemeente.example.org>",
            "DATA",
            "QUIT"
        ]
    );
}

#[tokio::test]
async fn many_letters_share_one_connection() {
    let server = TestServer::start(Offer::Plain, vec![]).await;
    let mut sender = sender(&server, "smtp");
    for _ in 0..20 {
        send(&mut sender).await.unwrap();
    }
    assert_eq!((server.messages().len(), server.connections()), (20, 1));
}

#[tokio::test]
async fn a_refused_recipient_or_message_is_final_and_says_why() {
    let refusal = refused(vec![(
        "RCPT",
        Say("550-5.1.1 <p.jansen@gemeente.example.org>\r\n550 5.1.1 P.Jansen does not live here"),
    )])
    .await;
    assert_eq!(refusal.kind, Final);
    assert_eq!(refusal.said, "550 5.1.1 <***> *** does not live here");
    assert_eq!(refused(vec![("DATA", Say("554 5.5.1 no valid recipients"))]).await.kind, Final);
    let refusal = refused(vec![("MESSAGE", Say("552 5.3.4 too big"))]).await;
    assert_eq!((refusal.kind, refusal.said.as_str()), (Final, "552 5.3.4 too big"));
}

#[tokio::test]
async fn only_a_silence_after_the_last_byte_leaves_in_doubt_whether_the_letter_arrived() {
    let turns =
        [("RCPT", Drop), ("DATA", Drop), ("MESSAGE", Say("451 later")), ("MESSAGE", Say("421 closing"))];
    for certain in turns {
        let refusal = refused(vec![certain]).await;
        assert!(!refusal.in_doubt, "{}", refusal.said);
    }
    assert!(refused(vec![("MESSAGE", Drop)]).await.in_doubt);
}

#[tokio::test]
async fn a_busy_server_is_away_but_a_busy_mailbox_is_not() {
    for command in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"] {
        let leaving = "421 4.3.2 shutting down";
        assert_eq!(refused(vec![(command, Say(leaving))]).await.kind, Away, "{command}");
        let expected = if matches!(command, "RCPT" | "DATA" | "MESSAGE") { Passing } else { Away };
        for answer in ["450 4.2.0 greylisted", "451 4.3.0 try again"] {
            assert_eq!(refused(vec![(command, Say(answer))]).await.kind, expected, "{command} {answer}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_set_up_wrongly_kills_no_letter() {
    for (command, answer) in [
        ("CONNECT", "554 no service for you"),
        ("EHLO", "550 who are you"),
        ("MAIL", "550 5.7.1 sender not allowed"),
        ("MAIL", "530 5.7.0 must sign in"),
        ("RCPT", "530 5.7.0 must sign in"),
        ("RCPT", "503 5.5.1 bad sequence of commands"),
        ("DATA", "250 what?"),
        ("DATA", "502 5.5.2 not implemented"),
        ("RCPT", "what?"),
    ] {
        assert_eq!(refused(vec![(command, Say(answer))]).await.kind, Away, "{command} {answer}");
    }
}

#[tokio::test]
async fn a_wrong_password_stops_all_letters_and_is_not_repeated() {
    let server =
        TestServer::start(Offer::Plain, vec![vec![("AUTH", Say("535 5.7.8 bad user or password"))]]).await;
    let url = server.url("smtp").replace("://", "://user:pa%24%24word@");
    let mut sender = Transport::Smtp(SmtpSettings::parse(&url, None).unwrap()).sender();
    let refusal = send(&mut sender).await.unwrap_err();
    assert_eq!((refusal.kind, refusal.said.as_str()), (Away, "535 5.7.8 bad user or password"));
    send(&mut sender).await.unwrap();
    assert!(server.commands().contains(&"AUTH PLAIN AHVzZXIAcGEkJHdvcmQ=".to_owned()));
}

#[tokio::test]
async fn a_server_that_hangs_up_or_cannot_be_reached_is_away() {
    for command in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"] {
        assert_eq!(refused(vec![(command, Drop)]).await.kind, Away, "{command}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let settings = SmtpSettings::parse(&format!("smtp://{nobody}"), None).unwrap();
    assert_eq!(send(&mut Transport::Smtp(settings).sender()).await.unwrap_err().kind, Away);
}

#[tokio::test]
async fn a_server_that_hangs_is_away_once_patience_ends() {
    let short = Duration::from_millis(50);
    let patience = Patience { connect: short, command: short, message: short };
    for command in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"] {
        let server = TestServer::start(Offer::Plain, vec![vec![(command, Hang)]]).await;
        let settings = SmtpSettings::parse(&server.url("smtp"), None).unwrap().with_patience(patience);
        let refusal = send(&mut Transport::Smtp(settings).sender()).await.unwrap_err();
        assert_eq!(refusal.kind, Away);
        assert!(refusal.said.starts_with("no answer"), "{}", refusal.said);
    }
}

#[tokio::test]
async fn after_a_refused_letter_the_next_one_uses_the_same_connection() {
    let script = vec![
        ("RCPT", Say("550 5.1.1 unknown")),
        ("MAIL", Say("250 OK")),
        ("MAIL", Say("450 4.0.0 later")),
        ("MESSAGE", Say("554 5.7.1 spam")),
    ];
    let server = TestServer::start(Offer::Plain, vec![script]).await;
    let mut sender = sender(&server, "smtp");
    for expected in [Err(Final), Err(Away), Err(Final), Ok(()), Ok(())] {
        assert_eq!(send(&mut sender).await.map(|_| ()).map_err(|refusal| refusal.kind), expected);
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.commands().iter().filter(|command| *command == "RSET").count(), 2);
}

#[tokio::test]
async fn a_connection_that_went_stale_is_replaced_without_losing_the_letter() {
    for hang_up in [Drop, SayAndDrop("421 4.4.2 idle for too long")] {
        let script = vec![("MAIL", Say("250 OK")), ("MAIL", hang_up)];
        let server = TestServer::start(Offer::Plain, vec![script]).await;
        let mut sender = sender(&server, "smtp");
        send(&mut sender).await.unwrap();
        send(&mut sender).await.unwrap();
        assert_eq!((server.messages().len(), server.connections()), (2, 2));
    }
}

#[tokio::test]
async fn a_cut_after_the_message_is_not_repeated_at_once() {
    let script = vec![("MAIL", Say("250 OK")), ("MESSAGE", Drop)];
    let server = TestServer::start(Offer::Plain, vec![script]).await;
    let mut sender = sender(&server, "smtp");
    assert_eq!(send(&mut sender).await.unwrap_err().kind, Away);
    assert_eq!(server.connections(), 1);
    send(&mut sender).await.unwrap();
    assert_eq!((server.messages().len(), server.connections()), (1, 2));
}

#[tokio::test]
async fn starttls_and_tls_protect_everything_that_matters() {
    for (offer, scheme) in [(Offer::StartTls, "smtp+starttls"), (Offer::Tls, "smtps")] {
        let server = TestServer::start(offer, vec![]).await;
        let url = server.url(scheme).replace("://", "://user:password@");
        let settings = SmtpSettings::parse(&url, Some(server.authority.as_bytes())).unwrap();
        let mut sender = Transport::Smtp(settings).sender();
        send(&mut sender).await.unwrap();
        send(&mut sender).await.unwrap();
        assert_eq!(server.messages(), [MESSAGE, MESSAGE]);
        let plain: Vec<String> = server.commands().into_iter().filter(|c| !c.starts_with('*')).collect();
        assert!(plain.iter().all(|c| c.starts_with("EHLO") || c == "STARTTLS"), "{plain:?}");
        assert!(server.commands().iter().any(|command| command.starts_with("*AUTH")));
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_stops_everything() {
    for (offer, scheme) in [(Offer::StartTls, "smtp+starttls"), (Offer::Tls, "smtps")] {
        let server = TestServer::start(offer, vec![]).await;
        let settings = SmtpSettings::parse(&server.url(scheme), None).unwrap();
        let refusal = send(&mut Transport::Smtp(settings).sender()).await.unwrap_err();
        assert_eq!(refusal.kind, Away);
        assert!(refusal.said.contains("certificate"), "{}", refusal.said);
        assert!(!server.commands().iter().any(|command| command.contains("MAIL")));
    }
}

#[tokio::test]
async fn a_server_that_hides_starttls_gets_no_letter_in_the_clear() {
    let server = TestServer::start(Offer::Plain, vec![]).await;
    let refusal = send(&mut sender(&server, "smtp+starttls")).await.unwrap_err();
    assert_eq!(refusal.kind, Away);
    assert!(refusal.said.contains("STARTTLS"), "{}", refusal.said);
    assert_eq!(server.commands()[0], "EHLO [127.0.0.1]");
    assert!(!server.commands().iter().any(|command| command.contains("MAIL")));
}

#[tokio::test]
async fn an_answer_slipped_in_before_the_handshake_is_never_believed() {
    let script = vec![("STARTTLS", Say("220 go on\r\n250-evil\r\n250 AUTH PLAIN"))];
    let server = TestServer::start(Offer::StartTls, vec![script]).await;
    let refusal = send(&mut sender(&server, "smtp+starttls")).await.unwrap_err();
    assert_eq!(refusal.kind, Away);
    assert!(!server.commands().iter().any(|command| command.starts_with('*')), "{:?}", server.commands());
}
