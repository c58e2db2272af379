//! Letters to a real mail server on a local port, which answers as a script says (E23, R2).

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::json;
use veldwerk::mail::{SmtpSettings, Transport};
use veldwerk::settings::Database;
use veldwerk::worker::{self, Post, Upkeep};

use crate::fieldwork::execute;
use crate::panel::Panel;

/// What the server says to the next command of a name, instead of its usual answer.
type Script = Vec<(&'static str, &'static str)>;

/// What stands for a server that goes silent.
const NOTHING: &str = "";

/// A mail server that remembers every message that came in, whatever it answered.
struct MailServer {
    address: SocketAddr,
    messages: Arc<Mutex<Vec<String>>>,
    script: Arc<Mutex<VecDeque<(&'static str, &'static str)>>>,
    arrivals: Receiver<()>,
}

impl MailServer {
    fn open(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (arrived, arrivals) = channel();
        let script = Arc::new(Mutex::new(script.into()));
        let server = Self { address, messages: Arc::default(), script, arrivals };
        let (messages, script) = (server.messages.clone(), server.script.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (messages, script, arrived) = (messages.clone(), script.clone(), arrived.clone());
                // A client that leaves ends its own conversation only.
                thread::spawn(move || converse(stream, &messages, &script, &arrived).ok());
            }
        });
        server
    }

    fn transport(&self) -> Transport {
        Transport::Smtp(SmtpSettings::parse(&format!("smtp://{}", self.address), None).unwrap())
    }

    /// Waits until so many messages have come in since the last look.
    fn wait_for(&self, messages: usize) {
        for _ in 0..messages {
            self.arrivals.recv_timeout(Duration::from_secs(30)).expect("a message arrives");
        }
    }

    fn messages(&self) -> Vec<String> {
        self.messages.lock().unwrap().clone()
    }
}

fn converse(
    mut stream: TcpStream,
    messages: &Mutex<Vec<String>>,
    script: &Mutex<VecDeque<(&'static str, &'static str)>>,
    arrived: &Sender<()>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut say = |command: &str, usual: &'static str| {
        let mut script = script.lock().unwrap();
        let at = script.iter().position(|(name, _)| *name == command);
        let answer = at.and_then(|at| script.remove(at)).map_or(usual, |(_, answer)| answer);
        if answer == NOTHING {
            return Ok(answer);
        }
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
            // A test that waits for no arrival has dropped its end.
            let _ = arrived.send(());
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
    let post = Post::of(&panel.house.settings).unwrap();
    let house = &panel.house;
    house.wait(worker::deliver(&post, &house.clock, &house.store)).unwrap();
    let letter = panel.letters()[0]["id"].as_str().unwrap().to_owned();
    let file = house.settings.data_dir.join("mail").join(format!("{letter}.eml"));
    assert!(std::fs::read_to_string(file).unwrap().contains("Message-ID: <"));
}

/// The worker of a house at its work.
struct AtWork {
    runtime: tokio::runtime::Runtime,
    worker: tokio::task::JoinHandle<()>,
    end: tokio::sync::oneshot::Sender<()>,
}

impl AtWork {
    fn begin(panel: &Panel, server: &MailServer) -> Self {
        let post = Post::through(server.transport(), &panel.house.settings).unwrap();
        let (clock, store) = (panel.house.clock.clone(), panel.house.store.clone());
        let upkeep = Upkeep::of(&panel.house.settings);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (end, ending) = tokio::sync::oneshot::channel();
        let worker = runtime.spawn(worker::run((post, None), upkeep, clock, store, async {
            let _ = ending.await;
        }));
        Self { runtime, worker, end }
    }

    /// Asks it to stop, and waits until it has.
    fn stop(self) {
        self.end.send(()).unwrap();
        self.runtime.block_on(self.worker).unwrap();
    }

    /// As a power cut would.
    fn kill(self) {
        self.runtime.shutdown_background();
    }
}

#[test]
fn letters_leave_by_themselves_once_they_are_queued_and_the_last_is_finished_before_the_end() {
    let panel = Panel::of(20);
    let server = MailServer::open(vec![]);
    let work = AtWork::begin(&panel, &server);
    panel.invite(&json!({})).expect(200);
    server.wait_for(20);
    work.stop();
    assert_eq!(panel.outbox(), ["invitation sent -"; 20]);
    assert_eq!(server.messages().len(), 20);
}

#[test]
fn a_letter_whose_postman_was_killed_before_the_answer_comes_again_byte_for_byte() {
    let panel = Panel::of(1);
    let server = MailServer::open(vec![("MESSAGE", NOTHING)]);
    let work = AtWork::begin(&panel, &server);
    panel.invite(&json!({})).expect(200);
    server.wait_for(1);
    work.kill();
    assert_eq!(panel.outbox(), ["invitation queued -"]);
    if matches!(panel.house.database(), Database::Postgres(_)) {
        // Its leases run by its own clock, which no test can move.
        execute(&panel.house, "UPDATE letters SET claimed_until = 0");
    }
    let work = AtWork::begin(&panel, &server);
    server.wait_for(1);
    work.stop();
    assert_eq!(panel.outbox(), ["invitation sent -"]);
    let messages = server.messages();
    assert_eq!((messages.len(), &messages[0]), (2, &messages[1]));
}
