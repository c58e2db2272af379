//! A small SMTP server on a local port that follows a script: it accepts everything, except where told otherwise.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// What the server does instead of accepting.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Turn {
    /// Gives this answer.
    Say(&'static str),
    /// Gives this answer and hangs up.
    SayAndDrop(&'static str),
    /// Hangs up without an answer.
    Drop,
    /// Never answers.
    Hang,
}

/// The turns of one connection: at the named command, once each, in their order. `CONNECT` stands for the greeting
/// and `MESSAGE` for the answer to the final dot.
pub(crate) type Script = Vec<(&'static str, Turn)>;

/// How the server protects its connections, with a certificate that it signed itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    Plain,
    StartTls,
    Tls,
}

#[derive(Default)]
struct Seen {
    messages: Vec<String>,
    commands: Vec<String>,
    connections: usize,
}

pub(crate) struct TestServer {
    address: SocketAddr,
    /// The authority to trust, in PEM.
    pub(crate) authority: String,
    seen: Arc<Mutex<Seen>>,
}

impl TestServer {
    pub(crate) async fn start(offer: Offer, scripts: Vec<Script>) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                PrivatePkcs8KeyDer::from(signing_key.serialize_der()).into(),
            )
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server =
            Self { address: listener.local_addr().unwrap(), authority: cert.pem(), seen: Arc::default() };
        let seen = server.seen.clone();
        let mut scripts = VecDeque::from(scripts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                seen.lock().unwrap().connections += 1;
                let script = scripts.pop_front().unwrap_or_default();
                let session = Session { script, seen: seen.clone(), tls: tls.clone(), offer };
                tokio::spawn(session.serve(stream));
            }
        });
        server
    }

    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    /// The messages that it took over, as they came in.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.seen.lock().unwrap().messages.clone()
    }

    /// The commands of all connections, in their order; those inside TLS begin with a `*`.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.seen.lock().unwrap().commands.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }
}

struct Session {
    script: Script,
    seen: Arc<Mutex<Seen>>,
    tls: TlsAcceptor,
    offer: Offer,
}

impl Session {
    async fn serve(mut self, stream: TcpStream) -> io::Result<()> {
        if self.offer == Offer::Tls {
            let stream = self.tls.clone().accept(stream).await?;
            self.answer(&mut BufReader::new(stream), true, true).await?;
            return Ok(());
        }
        let mut stream = BufReader::new(stream);
        if self.answer(&mut stream, true, false).await? {
            let stream = self.tls.clone().accept(stream.into_inner()).await?;
            self.answer(&mut BufReader::new(stream), false, true).await?;
        }
        Ok(())
    }

    /// Answers until the client leaves, or asks for TLS: then with `true`.
    async fn answer<S>(&mut self, stream: &mut BufReader<S>, greet: bool, inside: bool) -> io::Result<bool>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if greet && self.turn(stream, "CONNECT", "220 localhost").await?.is_none() {
            return Ok(false);
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            let mark = if inside { "*" } else { "" };
            self.seen.lock().unwrap().commands.push(format!("{mark}{}", line.trim_end()));
            let verb = line.split([' ', '\r']).next().unwrap().to_owned();
            let usual = match verb.as_str() {
                "EHLO" if self.offer == Offer::StartTls && !inside => "250-localhost\r\n250 STARTTLS",
                "EHLO" => "250-localhost\r\n250 AUTH PLAIN LOGIN",
                "STARTTLS" => "220 go on",
                "DATA" => "354 go on",
                "AUTH" => "235 2.7.0 welcome",
                "QUIT" => "221 2.0.0 bye",
                _ => "250 2.1.0 OK",
            };
            let Some(answer) = self.turn(stream, &verb, usual).await? else {
                return Ok(false);
            };
            match verb.as_str() {
                "STARTTLS" => return Ok(true),
                "DATA" if answer.starts_with("354") && !self.message(stream).await? => return Ok(false),
                _ => {}
            }
        }
    }

    /// Reads a message up to its final dot and takes it over, unless the script has another turn.
    async fn message<S>(&mut self, stream: &mut BufReader<S>) -> io::Result<bool>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut message = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            if line == ".\r\n" {
                break;
            }
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        if !self.script.iter().any(|(at, _)| *at == "MESSAGE") {
            self.seen.lock().unwrap().messages.push(message);
        }
        Ok(self.turn(stream, "MESSAGE", "250 2.0.0 queued as 12345").await?.is_some())
    }

    /// Gives the usual answer or the next scripted one for this command; `None` ends the connection.
    async fn turn<'a, S>(
        &mut self,
        stream: &mut BufReader<S>,
        command: &str,
        usual: &'a str,
    ) -> io::Result<Option<&'a str>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let scripted =
            self.script.iter().position(|(at, _)| *at == command).map(|at| self.script.remove(at).1);
        let (answer, go_on) = match scripted {
            None => (usual, true),
            Some(Turn::Say(answer)) => (answer, true),
            Some(Turn::SayAndDrop(answer)) => (answer, false),
            Some(Turn::Drop) => return Ok(None),
            Some(Turn::Hang) => std::future::pending().await,
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
        Ok(go_on.then_some(answer))
    }
}
