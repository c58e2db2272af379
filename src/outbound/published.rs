//! Fetches a file that somebody published, such as a calendar, from an address that anybody may have typed.
//!
//! Only https; the name is looked up once, what comes out is checked, and exactly that is connected to; a redirect is a
//! new question, checked anew; nothing that could tell who asks goes along; and what comes has an end. Hosts that an
//! operator names may lie in their own network, on any port and with certificates of their own.

use std::fmt;
use std::io::{Error as IoError, ErrorKind};
use std::time::{Duration, Instant as Tick};

use ureq::config::{AutoHeaderValue, Config};
use ureq::http::{Response, Uri, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::{Host, Url};

use super::address::is_public;
use crate::domain::calendar_feed::FeedFault;

/// The greatest length of an answer, in octets: 5 MiB. Fifteen years of a full calendar take about two.
const OCTETS: u64 = 5 * 1024 * 1024;
/// How often an answer may send on to another address.
const REDIRECTS: usize = 3;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest mark of a version that is kept.
const MARK: usize = 500;

/// A file, and by what its server will recognise it (RFC 9110 8.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What came.
    pub body: Vec<u8>,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its Last-Modified.
    pub last_modified: Option<String>,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The file is the one that is known.
    Unchanged,
    /// The file.
    Whole(Document),
}

/// Hosts that are trusted although they may not lie on the public internet.
#[derive(Debug, Clone, Default)]
pub struct OwnHosts {
    /// Their names, in lower case, or their addresses.
    pub names: Vec<String>,
    /// Certificates in PEM that they may show; without any, those that everybody trusts.
    pub authority: Option<Vec<u8>>,
}

impl OwnHosts {
    fn have(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']);
        self.names.iter().any(|name| name.trim_matches(['[', ']']).eq_ignore_ascii_case(host))
    }
}

/// The certificates of the hosts of one's own can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the certificates cannot be read")]
pub struct Unusable;

/// The client.
#[derive(Debug, Clone)]
pub struct Published {
    own: OwnHosts,
    patience: Duration,
    /// For everybody's servers.
    open: Agent,
    /// For the hosts of one's own.
    trusting: Agent,
}

impl Published {
    /// A client that trusts these hosts.
    ///
    /// # Errors
    /// When their certificates can't be read.
    pub fn new(own: OwnHosts) -> Result<Self, Unusable> {
        let roots = match &own.authority {
            None => RootCerts::WebPki,
            Some(pem) => RootCerts::new_with_certs(&certificates(pem)?),
        };
        let agent = |roots, own: OwnHosts| {
            let config = Config::builder()
                .https_only(true)
                .http_status_as_error(false)
                // A proxy would look the name up by itself.
                .proxy(None)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .max_idle_connections(0)
                .max_response_header_size(32 * 1024)
                .user_agent(concat!("Veldwerk/", env!("CARGO_PKG_VERSION")))
                .accept("text/calendar, text/plain;q=0.5, */*;q=0.1")
                .accept_encoding(AutoHeaderValue::None)
                .tls_config(TlsConfig::builder().root_certs(roots).build())
                .build();
            Agent::with_parts(
                config,
                DefaultConnector::default(),
                Checked { own, names: DefaultResolver::default() },
            )
        };
        let (open, trusting) = (agent(RootCerts::WebPki, own.clone()), agent(roots, own.clone()));
        Ok(Self { own, patience: PATIENCE, open, trusting })
    }

    /// The same with another patience.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Asks for a file, unless it is still the one with these marks. This waits, and is not for an asynchronous task.
    ///
    /// # Errors
    /// Why there is no answer that can be used.
    pub fn fetch(
        &self,
        address: &str,
        etag: Option<&str>,
        last_modified: Option<&str>,
    ) -> Result<Reply, FeedFault> {
        let ends = Tick::now() + self.patience;
        let mut address = Url::parse(address).map_err(|_| FeedFault::AddressRefused)?;
        for _ in 0..=REDIRECTS {
            self.check(&address)?;
            let left = ends.saturating_duration_since(Tick::now());
            if left.is_zero() {
                return Err(FeedFault::TooSlow);
            }
            let mut response =
                self.ask(&address, (etag, last_modified), left).map_err(|error| fault(&error))?;
            match response.status().as_u16() {
                200 => return document(&mut response).map(Reply::Whole),
                304 if etag.is_some() || last_modified.is_some() => return Ok(Reply::Unchanged),
                301 | 302 | 303 | 307 | 308 => {
                    let to = mark(&response, header::LOCATION.as_str(), usize::MAX);
                    let next = to.and_then(|to| address.join(&to).ok()).ok_or(FeedFault::ServerFault)?;
                    if next.scheme() != "https" {
                        return Err(FeedFault::RedirectRefused);
                    }
                    address = next;
                }
                401 | 403 | 407 => return Err(FeedFault::Denied),
                404 | 410 => return Err(FeedFault::NotFound),
                _ => return Err(FeedFault::ServerFault),
            }
        }
        Err(FeedFault::RedirectRefused)
    }

    /// Refuses what is not https, carries a name and password, or means a port on which no web server of others is.
    fn check(&self, address: &Url) -> Result<(), FeedFault> {
        let host = address.host_str().ok_or(FeedFault::AddressRefused)?;
        let is_plain = address.username().is_empty() && address.password().is_none();
        let is_usual = address.port().is_none() || self.own.have(host);
        let is_open = match address.host() {
            Some(Host::Ipv4(ip)) => is_public(ip.into()) || self.own.have(host),
            Some(Host::Ipv6(ip)) => is_public(ip.into()) || self.own.have(host),
            _ => true,
        };
        let may = address.scheme() == "https" && is_plain && is_usual && is_open;
        if may { Ok(()) } else { Err(FeedFault::AddressRefused) }
    }

    fn ask(
        &self,
        address: &Url,
        (etag, last_modified): (Option<&str>, Option<&str>),
        left: Duration,
    ) -> Result<Response<Body>, ureq::Error> {
        let is_own = address.host_str().is_some_and(|host| self.own.have(host));
        let agent = if is_own { &self.trusting } else { &self.open };
        let mut request = agent.get(address.as_str()).config().timeout_global(Some(left)).build();
        for (name, value) in [(header::IF_NONE_MATCH, etag), (header::IF_MODIFIED_SINCE, last_modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request.call()
    }
}

/// Looks names up, and lets only addresses through that may be connected to.
struct Checked {
    own: OwnHosts,
    names: DefaultResolver,
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checked")
    }
}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let is_own = uri.host().is_some_and(|host| self.own.have(host));
        // One that is not public among others is a trick, not a choice.
        if is_own || found.iter().all(|address| is_public(address.ip())) {
            Ok(found)
        } else {
            Err(ureq::Error::Io(IoError::from(ErrorKind::PermissionDenied)))
        }
    }
}

fn document(response: &mut Response<Body>) -> Result<Document, FeedFault> {
    let etag = mark(response, header::ETAG.as_str(), MARK);
    let last_modified = mark(response, header::LAST_MODIFIED.as_str(), MARK);
    let body =
        response.body_mut().with_config().limit(OCTETS).read_to_vec().map_err(|error| fault(&error))?;
    Ok(Document { body, etag, last_modified })
}

/// A header that is a text of a reasonable length.
fn mark(response: &Response<Body>, name: &str, longest: usize) -> Option<String> {
    let text = response.headers().get(name)?.to_str().ok()?;
    (text.len() <= longest).then(|| text.to_owned())
}

fn fault(error: &ureq::Error) -> FeedFault {
    match error {
        ureq::Error::Timeout(_) => FeedFault::TooSlow,
        ureq::Error::BodyExceedsLimit(_) => FeedFault::TooLarge,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => FeedFault::CertificateRefused,
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::PermissionDenied => FeedFault::AddressRefused,
            ErrorKind::InvalidData => FeedFault::CertificateRefused,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => FeedFault::TooSlow,
            _ => FeedFault::Unreachable,
        },
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => FeedFault::Unreachable,
        _ => FeedFault::ServerFault,
    }
}

/// The certificates in a PEM text; a text without any is a mistake.
fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Unusable> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| Unusable)? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(Unusable) } else { Ok(found) }
}
