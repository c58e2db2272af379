//! Hands letters to a mail server (RFC 5321), one after the other over one connection.
//!
//! `lettre` speaks the protocol, command by command, because what a refusal means depends on the command that it
//! answers: only a recipient or a message can be refused for good. A server that knows no sender, no password or no
//! greeting is set up wrongly, and no letter may be lost over that (E23).

mod rehearsal;

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use super::refusal::{Delivered, Refusal, RefusalKind, said};
use super::smtp_settings::{Security, SmtpSettings};
use super::transport::Outgoing;
use super::wire::Wire;

pub use self::rehearsal::{Step, Stumble, rehearse};

/// How long a connection may lie idle before a new one is the safer choice.
const IDLE_LIMIT: Duration = Duration::from_secs(60);

/// The code with which a server ends the conversation at any point (RFC 5321 3.8).
const LEAVING: u16 = 421;

/// One mail server and at most one connection to it.
pub(super) struct Smtp {
    settings: SmtpSettings,
    open: Option<Open>,
}

struct Open {
    connection: AsyncSmtpConnection,
    last_used: Instant,
}

/// How far a letter had come when it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Connecting, greeting, protecting.
    Connection,
    /// Signing in.
    SignIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient, and asking leave to go on.
    Recipient,
    /// Handing over the message.
    Message,
}

struct Failure {
    stage: Stage,
    kind: RefusalKind,
    said: String,
    /// Whether the connection can't be used any more.
    lost: bool,
    /// Whether the whole message may have arrived.
    in_doubt: bool,
}

impl Smtp {
    pub(super) const fn new(settings: SmtpSettings) -> Self {
        Self { settings, open: None }
    }

    pub(super) async fn send(&mut self, outgoing: &Outgoing<'_>) -> Result<Delivered, Refusal> {
        let answer = match self.open.take() {
            Some(open) if open.last_used.elapsed() < IDLE_LIMIT => {
                match self.hand_over(open.connection, outgoing).await {
                    // The server had hung up in the meantime. Nothing of the message was sent yet.
                    Err(failure) if failure.lost && failure.stage != Stage::Message => {
                        self.connect_and_hand_over(outgoing).await
                    }
                    answer => answer,
                }
            }
            _ => self.connect_and_hand_over(outgoing).await,
        };
        match answer {
            Ok(response) => Ok(Delivered { said: said(&reply(&response), outgoing.to) }),
            Err(Failure { kind, said: words, in_doubt, .. }) => {
                Err(Refusal { kind, said: said(&words, outgoing.to), in_doubt })
            }
        }
    }

    pub(super) async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            // Only a courtesy: the server will notice anyway.
            let _ = timeout(self.settings.patience.command, open.connection.quit()).await;
        }
    }

    async fn connect_and_hand_over(&mut self, outgoing: &Outgoing<'_>) -> Result<Response, Failure> {
        let connection = self.connect().await?;
        self.hand_over(connection, outgoing).await
    }

    /// Sends one letter and keeps the connection if it can be used again. Whoever abandons this loses the connection,
    /// which is then somewhere in the middle of a letter.
    async fn hand_over(
        &mut self,
        mut connection: AsyncSmtpConnection,
        outgoing: &Outgoing<'_>,
    ) -> Result<Response, Failure> {
        let answer = self.dialogue(&mut connection, outgoing).await;
        let usable = match &answer {
            Err(failure) if failure.lost => false,
            Err(failure) if failure.stage != Stage::Message => {
                let reset = within(self.settings.patience.command, Stage::Sender, connection.command(Rset));
                reset.await.is_ok()
            }
            _ => true,
        };
        self.open = usable.then(|| Open { connection, last_used: Instant::now() });
        answer
    }

    async fn dialogue(
        &self,
        connection: &mut AsyncSmtpConnection,
        outgoing: &Outgoing<'_>,
    ) -> Result<Response, Failure> {
        let patience = self.settings.patience;
        let from = address(outgoing.from.as_str(), Stage::Sender, RefusalKind::Away)?;
        let to = address(outgoing.to.as_str(), Stage::Recipient, RefusalKind::Final)?;
        // The message ends with the line break that belongs to the final dot.
        let message = outgoing.message.strip_suffix(b"\r\n").unwrap_or(outgoing.message);

        let mail = connection.command(Mail::new(Some(from), vec![]));
        within(patience.command, Stage::Sender, mail).await?;
        let rcpt = connection.command(Rcpt::new(to, vec![]));
        within(patience.command, Stage::Recipient, rcpt).await?;
        let leave = within(patience.command, Stage::Recipient, connection.command(Data)).await?;
        if !leave.has_code(354) {
            return Err(Failure::lost(Stage::Recipient, reply(&leave)));
        }
        within(patience.message, Stage::Message, connection.message(message)).await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let SmtpSettings { host, port, security, credentials, patience } = &self.settings;
        let tcp = soon(patience.connect, TcpStream::connect((host.as_str(), *port))).await?;
        // Each command waits for the answer to the one before, so holding back small packets only costs time.
        tcp.set_nodelay(true).map_err(Failure::io)?;
        let (peer, own) = (tcp.peer_addr().map_err(Failure::io)?, tcp.local_addr().map_err(Failure::io)?);
        let stream: Box<dyn AsyncTokioStream> = match security {
            Security::Plain | Security::StartTls(_) => Box::new(Wire::new(tcp, peer)),
            Security::Tls(tls) => {
                let handshake = TlsConnector::from(tls.config.clone()).connect(tls.name.clone(), tcp);
                Box::new(Wire::new(soon(patience.connect, handshake).await?, peer))
            }
        };
        // The literal address is always true, while the machine's name may mean nothing outside (RFC 5321 4.1.4).
        let hello = match own.ip() {
            IpAddr::V4(address) => ClientId::Ipv4(address),
            IpAddr::V6(address) => ClientId::Ipv6(address),
        };
        let greeting = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut connection = within(patience.connect, Stage::Connection, greeting).await?;
        if let Security::StartTls(parameters) = security {
            let upgrade = connection.starttls(parameters.clone(), &hello);
            within(patience.connect, Stage::Connection, upgrade).await?;
        }
        if let Some(credentials) = credentials {
            let sign_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials);
            within(patience.command, Stage::SignIn, sign_in).await?;
        }
        Ok(connection)
    }
}

impl Failure {
    /// The conversation ended without an answer.
    fn lost(stage: Stage, said: String) -> Self {
        Self { stage, kind: RefusalKind::Away, said, lost: true, in_doubt: stage == Stage::Message }
    }

    fn io(error: io::Error) -> Self {
        Self::lost(Stage::Connection, format!("the mail server can't be reached: {error}"))
    }

    fn silence(stage: Stage, limit: Duration) -> Self {
        Self::lost(stage, format!("no answer from the mail server within {} seconds", limit.as_secs()))
    }

    fn answered(stage: Stage, error: &SmtpError) -> Self {
        let Some(code) = error.status().map(u16::from) else {
            return Self::lost(stage, format!("the connection to the mail server failed: {error}"));
        };
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        let of_this_letter = matches!(stage, Stage::Recipient | Stage::Message)
            && code != LEAVING
            && !speaks_of_the_dialogue(code);
        let kind = match (of_this_letter, error.is_permanent()) {
            (false, _) => RefusalKind::Away,
            (true, false) => RefusalKind::Passing,
            (true, true) => RefusalKind::Final,
        };
        Self { stage, kind, said: format!("{code} {words}"), lost: code == LEAVING, in_doubt: false }
    }
}

/// Codes that refuse how the conversation goes, or who leads it, and not the letter: unknown or misplaced commands
/// (RFC 5321 4.2.2) and missing or weak sign-in (RFC 4954 6).
const fn speaks_of_the_dialogue(code: u16) -> bool {
    matches!(code, 500 | 502 | 503 | 530 | 534 | 535 | 538)
}

/// Waits for an answer of the server.
async fn within<T>(
    limit: Duration,
    stage: Stage,
    answer: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Failure> {
    match timeout(limit, answer).await {
        Ok(answer) => answer.map_err(|error| Failure::answered(stage, &error)),
        Err(_) => Err(Failure::silence(stage, limit)),
    }
}

/// Waits for a connection.
async fn soon<T>(limit: Duration, connection: impl Future<Output = io::Result<T>>) -> Result<T, Failure> {
    match timeout(limit, connection).await {
        Ok(connection) => connection.map_err(Failure::io),
        Err(_) => Err(Failure::silence(Stage::Connection, limit)),
    }
}

fn address(address: &str, stage: Stage, kind: RefusalKind) -> Result<Address, Failure> {
    address.parse().map_err(|_| Failure {
        stage,
        kind,
        said: "the address can't be written on an envelope".to_owned(),
        lost: false,
        in_doubt: false,
    })
}

fn reply(response: &Response) -> String {
    let words: Vec<&str> = response.message().collect();
    format!("{} {}", response.code(), words.join(" "))
}

#[cfg(test)]
mod tests;
