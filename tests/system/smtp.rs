//! Letters to a real mail server on a local port, which answers as a script says (E23, R2).

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;
use veldwerk::mail::{SmtpSettings, Transport};

use crate::panel::Panel;

/// What the server says to the next command of a name, instead of its usual answer.
type Script = Vec<(&'static str, &'static str)>;

/// A mail server that remembers every message that came in, whatever it answered.
struct MailServer {
    address: SocketAddr,
    messages: Arc<Mutex<Vec<String>>>,
    script: Arc<Mutex<VecDeque<(&'static str, &'static str)>>>,
}

impl MailServer {
    fn open(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, messages: Arc::default(), script: Arc::new(Mutex::new(script.into())) };
        let (messages, script) = (server.messages.clone(), server.script.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (messages, script) = (messages.clone(), script.clone());
                // A client that leaves ends its own conversation only.
                thread::spawn(move || converse(stream, &messages, &script).ok());
            }
        });
        server
    }

    fn transport(&self) -> Transport {
        Transport::Smtp(SmtpSettings::parse(&format!("smtp://{}", self.address), None).unwrap())
    }

    fn messages(&self) -> Vec<String> {
        self.messages.lock().unwrap().clone()
    }
}

fn converse(
    mut stream: TcpStream,
    messages: &Mutex<Vec<String>>,
    script: &Mutex<VecDeque<(&'static str, &'static str)>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut say = |command: &str, usual: &'static str| {
        let mut script = script.lock().unwrap();
        let at = script.iter().position(|(name, _)| *name == command);
        let answer = at.and_then(|at| script.remove(at)).map_or(usual, |(_, answer)| answer);
        stream.write_all(format!("{answer}\r\n").as_bytes()).map(|()| answer)
    };
    say("CONNECT", "220 localhost")?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let verb = line.split([' ', '\r']).next().unwrap().to_owned();
        let usual = match verb.as_str() {
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 OK",
        };
        if verb == "DATA" && say("DATA", usual)?.starts_with("354") {
            let mut message = String::new();
            loop {
                line.clear();
                reader.read_line(&mut line)?;
                if line == ".\r\n" {
                    break;
                }
                message.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            messages.lock().unwrap().push(message);
            say("MESSAGE", "250 queued")?;
        } else if verb != "DATA" {
            say(&verb, usual)?;
        }
        line.clear();
    }
    Ok(())
}

#[test]
fn a_letter_that_was_deferred_after_its_last_byte_comes_again_byte_for_byte() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let server = MailServer::open(vec![("MESSAGE", "451 4.3.0 try again"), ("MESSAGE", "421 4.3.2 closing")]);
    for moment in ["08:00:00", "08:01:00", "08:04:00"] {
        panel.house.at(&format!("2027-03-01T{moment}Z"));
        assert_eq!(panel.house.deliver_to(server.transport()), 1);
    }
    assert_eq!(panel.outbox(), ["invitation sent -"]);
    let messages = server.messages();
    assert_eq!(messages.len(), 3);
    assert!(
        messages.iter().all(|message| *message == messages[0]),
        "one Message-ID, one Date, the same bytes"
    );
    assert_eq!(panel.house.deliver_to(server.transport()), 0);
}

#[test]
fn a_server_that_is_closing_costs_no_letter_and_leaves_the_others_untried() {
    let panel = Panel::of(5);
    panel.invite(&json!({})).expect(200);
    let server = MailServer::open(vec![("MAIL", "421 4.3.2 closing")]);
    panel.house.deliver_to(server.transport());
    let tried: Vec<_> = panel.letters().iter().map(|letter| letter["attempts"].as_i64().unwrap()).collect();
    assert_eq!(tried, [1; 5], "the first in vain, the others after it came back");
    assert_eq!(panel.outbox()[0], "invitation queued 421 4.3.2 closing");
    panel.house.at("2027-03-01T08:01:00Z");
    assert_eq!(panel.house.deliver_to(server.transport()), 1);
    assert_eq!(server.messages().len(), 5);
}

#[test]
fn a_recipient_who_is_not_there_fails_with_the_words_of_the_server_but_no_address() {
    let panel = Panel::of(2);
    panel.invite(&json!({})).expect(200);
    let answer = "550 5.1.1 <S.deVries+0@gemeente.example>: Recipient address rejected: User unknown";
    let server = MailServer::open(vec![("RCPT", answer)]);
    assert_eq!(panel.house.deliver_to(server.transport()), 2);
    let failed = "invitation failed 550 5.1.1 <***>: Recipient address rejected: User unknown";
    assert_eq!(panel.outbox(), [failed, "invitation sent -"]);
}

#[test]
fn letters_without_a_mail_server_are_files_that_only_their_owner_reads() {
    let panel = Panel::of(1);
    panel.invite(&json!({})).expect(200);
    let post = veldwerk::worker::Post::of(&panel.house.settings).unwrap();
    let house = &panel.house;
    house.wait(veldwerk::worker::deliver(&post, &house.clock, &house.store)).unwrap();
    let letter = panel.letters()[0]["id"].as_str().unwrap().to_owned();
    let file = house.settings.data_dir.join("mail").join(format!("{letter}.eml"));
    assert!(std::fs::read_to_string(file).unwrap().contains("Message-ID: <"));
}
