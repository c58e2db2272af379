//! A server that publishes a calendar over https, on this machine, with a certificate that it signed itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use veldwerk::outbound::published::{OwnHosts, Published};

/// What the server answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A file, with a mark by which it is known again.
    File(String),
    /// Another status, with a header and no body.
    Status(u16, &'static str, String),
    /// So many octets of nothing.
    Octets(usize),
    /// One octet after the other, for ever.
    Drip,
    /// Nothing.
    Hang,
}

/// The server.
pub struct CalendarHost {
    port: u16,
    authority: String,
    reply: Arc<Mutex<Reply>>,
    asked: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

impl CalendarHost {
    pub fn open(file: &str) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der()).into();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(tls));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (reply, asked) = (Arc::new(Mutex::new(Reply::File(file.to_owned()))), Arc::default());
        let (replies, questions) = (Arc::clone(&reply), Arc::clone(&asked));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(tls.clone(), stream, Arc::clone(&replies), Arc::clone(&questions)));
            }
        });
        Self { port, authority: cert.pem(), reply, asked, _runtime: runtime }
    }

    /// What it answers from now on.
    pub fn say(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    pub fn publish(&self, file: &str) {
        self.say(Reply::File(file.to_owned()));
    }

    /// The heads of all requests, and forgets them.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// A client that trusts this server by a name, and waits for two seconds at most.
    pub fn trusted_as(&self, name: &str) -> Published {
        let authority = Some(self.authority.clone().into_bytes());
        let own = OwnHosts { names: vec![name.to_owned()], authority };
        Published::new(own).unwrap().patient_for(Duration::from_secs(2))
    }
}

async fn serve(
    tls: TlsAcceptor,
    stream: TcpStream,
    reply: Arc<Mutex<Reply>>,
    asked: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut stream = tls.accept(stream).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    asked.lock().unwrap().push(head.clone());
    let reply = reply.lock().unwrap().clone();
    match reply {
        Reply::File(file) => {
            let mark = format!("\"{:x}\"", file.len());
            if head.to_lowercase().contains(&format!("if-none-match: {mark}")) {
                stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n").await?;
            } else {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nETag: {mark}\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n",
                    file.len()
                );
                stream.write_all(head.as_bytes()).await?;
                stream.write_all(file.as_bytes()).await?;
            }
        }
        Reply::Status(status, name, value) => {
            let head = format!(
                "HTTP/1.1 {status} So\r\n{name}: {value}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await?;
        }
        Reply::Octets(count) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await?;
            for _ in 0..count / 1_000 {
                stream.write_all(&[b'x'; 1_000]).await?;
            }
        }
        Reply::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(b"x").await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Reply::Hang => std::future::pending::<()>().await,
    }
    stream.shutdown().await
}
