//! The folder that mail comes into, on a server that speaks IMAP over TLS (RFC 3501), as far as it is asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use veldwerk::mail::incoming::ImapFault;
use veldwerk::settings::Secret;
use veldwerk::worker::{Look, MailFolder};

use crate::house::House;
use crate::incoming_mail::{Booked, filled};
use crate::teams_check::veldwerk;

/// What lies in the folder.
#[derive(Default)]
struct Folder {
    validity: u32,
    messages: Vec<(u32, Vec<u8>)>,
    /// The messages that the server does not hand out.
    withheld: Vec<u32>,
    commands: Vec<String>,
}

/// A server with one folder. It ends with the test.
struct Server {
    address: SocketAddr,
    authority: String,
    folder: Arc<Mutex<Folder>>,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    fn open(messages: Vec<(u32, Vec<u8>)>) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(tls));
        let folder = Arc::new(Mutex::new(Folder { validity: 7, messages, ..Folder::default() }));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = folder.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, folder) = (tls.clone(), shared.clone());
                tokio::spawn(async move {
                    // A client that trusts no such certificate leaves at once.
                    if let Ok(stream) = tls.accept(stream).await {
                        let _ = serve(BufReader::new(stream), &folder).await;
                    }
                });
            }
        });
        Self { address, authority: cert.pem(), folder, _runtime: runtime }
    }

    fn add(&self, uid: u32, message: Vec<u8>) {
        self.folder.lock().unwrap().messages.push((uid, message));
    }

    fn commands(&self) -> Vec<String> {
        std::mem::take(&mut self.folder.lock().unwrap().commands)
    }

    /// The folder as the settings of a house name it.
    fn as_set(&self, house: &House, password: &str) -> MailFolder {
        let authority = house.settings.data_dir.join("authority.pem");
        std::fs::write(&authority, &self.authority).unwrap();
        let mut settings = house.settings.clone();
        let url = format!("imaps://veldwerk:{password}@{}/Answers", self.address);
        settings.imap_url = Some(Secret::new(url));
        settings.imap_ca_file = Some(authority);
        MailFolder::of(&settings).unwrap().unwrap()
    }
}

async fn serve<S>(mut stream: BufReader<S>, folder: &Mutex<Folder>) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(b"* OK ready\r\n").await?;
    stream.flush().await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
        folder.lock().unwrap().commands.push(command.to_owned());
        let answer = answer(tag, command, &folder.lock().unwrap());
        stream.write_all(&answer).await?;
        stream.flush().await?;
        if command == "LOGOUT" {
            let _ = stream.read(&mut [0]).await?;
            return Ok(());
        }
    }
}

fn answer(tag: &str, command: &str, folder: &Folder) -> Vec<u8> {
    let ok = format!("{tag} OK done\r\n").into_bytes();
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["LOGIN", _, "\"geheim\""] => ok,
        ["LOGIN", ..] => format!("{tag} NO wrong\r\n").into_bytes(),
        ["EXAMINE", "\"Answers\""] => {
            let (count, validity) = (folder.messages.len(), folder.validity);
            let told = format!("* {count} EXISTS\r\n* OK [UIDVALIDITY {validity}] counted\r\n");
            [told.into_bytes(), ok].concat()
        }
        ["EXAMINE", ..] => format!("{tag} NO no such folder\r\n").into_bytes(),
        ["UID", "SEARCH", "UID", range, "SINCE", _] => {
            let from: u32 = range.split(':').next().unwrap().parse().unwrap();
            let last = folder.messages.last().map(|(uid, _)| *uid);
            let found =
                folder.messages.iter().map(|(uid, _)| *uid).filter(|uid| *uid >= from || Some(*uid) == last);
            let found: Vec<String> = found.map(|uid| uid.to_string()).collect();
            [format!("* SEARCH {}\r\n", found.join(" ")).trim_end_matches(' ').as_bytes().to_vec(), ok]
                .concat()
        }
        ["UID", "FETCH", uid, ..] => {
            let uid: u32 = uid.parse().unwrap();
            if folder.withheld.contains(&uid) {
                return format!("{tag} NO can't be read\r\n").into_bytes();
            }
            let Some((_, message)) = folder.messages.iter().find(|(found, _)| *found == uid) else {
                return ok;
            };
            let head = format!("* 1 FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", message.len());
            [head.into_bytes(), message.clone(), b")\r\n".to_vec(), ok].concat()
        }
        _ => ok,
    }
}

fn look(booked: &Booked, folder: &mut MailFolder) -> Look {
    let house = &booked.panel.house;
    house.wait(folder.look(&house.clock, &house.store)).unwrap()
}

fn unsubscribe(booked: &Booked, person: usize) -> Vec<u8> {
    filled("unsubscribe", &[("token", &booked.panel.unsubscribe(person))])
}

fn status(booked: &Booked, person: usize) -> String {
    let path = format!("/api/v1/respondents/{}", booked.panel.people[person]);
    let found = booked.panel.house.get(&booked.panel.owner, &path).expect(200).json();
    found["status"].as_str().unwrap().to_owned()
}

fn taken(booked: &Booked) -> usize {
    booked.panel.house.lines("SELECT id AS line FROM incoming_mail").len()
}

#[test]
fn new_messages_are_taken_once_in_their_order_and_the_folder_is_left_as_it_was() {
    let booked = Booked::new();
    let server = Server::open(vec![(4, b"nonsense".to_vec()), (9, unsubscribe(&booked, 1))]);
    let mut folder = server.as_set(&booked.panel.house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Read(2));
    assert_eq!(status(&booked, 1), "opted_out", "what can't be read does not keep the next one waiting");
    let commands = server.commands();
    assert!(commands.iter().all(|command| !command.contains("STORE") && !command.contains("SELECT ")));
    assert!(
        commands.iter().filter(|command| command.contains("FETCH")).all(|fetch| fetch.contains("BODY.PEEK"))
    );
    assert_eq!(look(&booked, &mut folder), Look::Read(0));
    assert!(server.commands().iter().all(|command| !command.contains("FETCH")));
    server.add(10, filled("written", &[]));
    assert_eq!(look(&booked, &mut folder), Look::Read(1));
    assert_eq!(taken(&booked), 3);
}

#[test]
fn a_message_that_is_withheld_keeps_the_later_ones_waiting_only_until_one_of_them_comes() {
    let booked = Booked::new();
    let server = Server::open(vec![(4, filled("written", &[])), (9, filled("gmail_vacation", &[]))]);
    server.folder.lock().unwrap().withheld = vec![9];
    let mut folder = server.as_set(&booked.panel.house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Failed(ImapFault::Withheld));
    server.add(10, unsubscribe(&booked, 1));
    assert_eq!(look(&booked, &mut folder), Look::Read(1));
    assert_eq!(status(&booked, 1), "opted_out");
    assert_eq!(booked.doubts(), ["withheld", "written"], "the latest comes first");
    assert_eq!(look(&booked, &mut folder), Look::Read(0), "and it is not asked for again");
}

#[test]
fn a_message_that_was_withheld_for_a_while_is_taken_when_it_can_be_had() {
    let booked = Booked::new();
    let server = Server::open(vec![(4, filled("written", &[])), (9, unsubscribe(&booked, 1))]);
    server.folder.lock().unwrap().withheld = vec![4, 9];
    let mut folder = server.as_set(&booked.panel.house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Failed(ImapFault::Withheld));
    server.folder.lock().unwrap().withheld.clear();
    assert_eq!(look(&booked, &mut folder), Look::Read(2));
    assert_eq!(booked.doubts(), ["written"]);
}

/// A folder in which many messages in a row are withheld.
fn with_row(booked: &Booked, row: std::ops::RangeInclusive<u32>) -> (Server, MailFolder) {
    let message = |uid| (uid, [filled("written", &[]), format!("{uid}\r\n").into_bytes()].concat());
    let server = Server::open(row.clone().map(message).collect());
    server.folder.lock().unwrap().withheld = row.collect();
    let folder = server.as_set(&booked.panel.house, "geheim");
    (server, folder)
}

/// How many messages are asked for in a look that takes none.
#[track_caller]
fn asked_in_vain(booked: &Booked, server: &Server, folder: &mut MailFolder) -> usize {
    server.commands();
    assert_eq!(look(booked, folder), Look::Failed(ImapFault::Withheld));
    server.commands().iter().filter(|command| command.contains("FETCH")).count()
}

#[test]
fn however_many_messages_are_withheld_in_a_row_the_one_behind_them_is_taken_and_a_person_is_told_of_each() {
    let booked = Booked::new();
    let (server, mut folder) = with_row(&booked, 1..=50);
    server.add(60, unsubscribe(&booked, 1));
    let asked: Vec<usize> = (0..2).map(|_| asked_in_vain(&booked, &server, &mut folder)).collect();
    assert_eq!(asked, [21, 20], "each look is short");
    assert_eq!(look(&booked, &mut folder), Look::Read(1));
    assert_eq!(status(&booked, 1), "opted_out");
    assert!(booked.doubts().iter().all(|doubt| doubt == "withheld"), "{:?}", booked.doubts());
    assert_eq!(taken(&booked), 51);
    server.commands();
    assert_eq!(look(&booked, &mut folder), Look::Read(0));
    assert!(server.commands().iter().all(|command| !command.contains("FETCH")), "all were dealt with");
}

#[test]
fn a_long_row_that_is_handed_out_after_all_is_taken_from_its_beginning() {
    let booked = Booked::new();
    let (server, mut folder) = with_row(&booked, 1..=30);
    let asked: Vec<usize> = (0..3).map(|_| asked_in_vain(&booked, &server, &mut folder)).collect();
    assert_eq!(asked, [21, 9, 21], "behind the last one it begins anew");
    server.folder.lock().unwrap().withheld.clear();
    assert_eq!(look(&booked, &mut folder), Look::Read(30));
    assert!(booked.doubts().iter().all(|doubt| doubt == "written"), "{:?}", booked.doubts());
    assert_eq!(taken(&booked), 30);
}

#[test]
fn a_mail_server_that_numbers_anew_brings_nothing_twice() {
    let booked = Booked::new();
    let server = Server::open(vec![(4, filled("written", &[])), (9, filled("gmail_vacation", &[]))]);
    let mut folder = server.as_set(&booked.panel.house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Read(2));
    {
        let mut folder = server.folder.lock().unwrap();
        folder.validity = 8;
        folder.messages.iter_mut().for_each(|(uid, _)| *uid -= 3);
    }
    assert_eq!(look(&booked, &mut folder), Look::Read(2), "all of them are read");
    assert_eq!(taken(&booked), 2, "and none is taken again");
}

#[test]
fn what_keeps_the_folder_from_being_read_is_told_to_people_and_to_monitors() {
    let mut house = House::open();
    let server = Server::open(Vec::new());
    house.settings.imap_url = Some(Secret::new(format!("imaps://veldwerk:fout@{}/Answers", server.address)));
    house.settings.imap_ca_file = Some(house.settings.data_dir.join("authority.pem"));
    let mut wrong = server.as_set(&house, "fout");
    let house = house.rebuilt();
    let failed = house.wait(wrong.look(&house.clock, &house.store)).unwrap();
    assert_eq!(failed, Look::Failed(ImapFault::SignIn));
    let ready = house.get_openly("/health/ready").expect(200).json();
    assert_eq!((ready["status"].as_str(), ready["mail_in"].as_str()), (Some("ready"), Some("failing")));
    house.at("2027-03-01T08:05:00Z");
    let figures = house.get_openly("/metrics").expect(200).text;
    assert!(figures.contains("veldwerk_mail_in_failing_seconds 300"), "{figures}");
    let anna = house.researcher("anna");
    let study = house.empty_study(&anna).replace("/api/v1", "");
    let page = crate::browser::Browser::of(&house, &anna).get(&format!("{study}/incoming-mail?lang=en"));
    assert!(page.expect(200).text.contains("does not accept the user name or password"));
    let mut right = server.as_set(&house, "geheim");
    assert_eq!(house.wait(right.look(&house.clock, &house.store)).unwrap(), Look::Read(0));
    assert_eq!(house.get_openly("/health/ready").expect(200).json()["mail_in"], "folder");
}

#[test]
fn check_mail_says_whether_the_folder_can_be_read_and_shows_no_password() {
    let house = House::open();
    let server = Server::open(vec![(4, filled("written", &[])), (9, filled("unsubscribe", &[]))]);
    let authority = house.settings.data_dir.join("authority.pem");
    std::fs::write(&authority, &server.authority).unwrap();
    let check = |password: &str, folder: &str, authority: &str| {
        let url = format!("imaps://veldwerk:{password}@{}/{folder}", server.address);
        let variables = [("VELDWERK_IMAP_URL", url.as_str()), ("VELDWERK_IMAP_CA_FILE", authority)];
        let output = veldwerk(&house, &["check", "mail"], &variables);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.contains(password), "{said}");
        said
    };
    let trusted = authority.to_str().unwrap();
    let place = format!("on {}", server.address);
    let said = check("geheim", "Answers", trusted);
    assert!(said.contains(&format!("right:   Answers {place} can be read and holds 2 messages")), "{said}");
    let said = check("verkeerd", "Answers", trusted);
    assert!(
        said.contains(&format!("missing: Answers {place} can't be read: the server does not take")),
        "{said}"
    );
    assert!(check("geheim", "Elders", trusted).contains("can't be read: the server has no such folder"));
    assert!(server.commands().iter().all(|command| !command.contains("FETCH")), "no message is read");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_taken() {
    let booked = Booked::new();
    let (server, other) = (Server::open(Vec::new()), Server::open(Vec::new()));
    let mut folder = server.as_set(&booked.panel.house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Read(0));
    let mut settings = booked.panel.house.settings.clone();
    std::fs::write(settings.data_dir.join("other.pem"), &other.authority).unwrap();
    settings.imap_url = Some(Secret::new(format!("imaps://veldwerk:geheim@{}/Answers", server.address)));
    settings.imap_ca_file = Some(settings.data_dir.join("other.pem"));
    folder = MailFolder::of(&settings).unwrap().unwrap();
    assert_eq!(look(&booked, &mut folder), Look::Failed(ImapFault::Certificate));
}

#[test]
fn one_server_looks_at_a_time() {
    let booked = Booked::new();
    let house = &booked.panel.house;
    let server = Server::open(vec![(1, filled("written", &[]))]);
    let mut folder = server.as_set(house, "geheim");
    assert_eq!(look(&booked, &mut folder), Look::Read(1));
    crate::fieldwork::execute(house, "UPDATE mail_folders SET claimed_until = 4102444800");
    assert_eq!(look(&booked, &mut folder), Look::Elsewhere);
}
