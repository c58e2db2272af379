//! A client that costs little: HTTP/1.1 over kept connections, requests prepared before the clock starts.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request as it goes over the line.
pub fn request(method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Vec<u8> {
    let token = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    let body = match body {
        None if method == "POST" => "Content-Length: 0\r\n\r\n".to_owned(),
        None => "\r\n".to_owned(),
        Some(csv) if csv.starts_with("name;") => content("text/csv", csv),
        Some(json) => content("application/json", json),
    };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{token}{body}").into_bytes()
}

fn content(kind: &str, body: &str) -> String {
    format!("Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// One kept connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { reader: BufReader::with_capacity(64 * 1024, stream) }
    }

    /// Sends a request and reads the whole answer: its status and body.
    pub fn send(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.reader.get_mut().write_all(request).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            assert!(self.reader.read_line(&mut line).unwrap() > 0, "the server hung up");
            if status == 0 {
                status = line.split(' ').nth(1).unwrap().parse().unwrap();
            } else if line == "\r\n" {
                break;
            } else if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).unwrap();
        (status, body)
    }
}

/// What came of a round of requests.
pub struct Round {
    /// How many requests each second.
    pub rate: f64,
    /// What one took, sorted.
    pub latencies: Vec<Duration>,
}

impl Round {
    pub fn quantile(&self, share: f64) -> Duration {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (self.latencies.len() as f64 * share) as usize;
        self.latencies[at.min(self.latencies.len() - 1)]
    }
}

/// Sends all requests, shared out over so many clients at once; every answer must have the status.
pub fn load(address: SocketAddr, clients: usize, requests: &[Vec<u8>], status: u16) -> Round {
    let share = requests.len().div_ceil(clients);
    let gate = Barrier::new(requests.chunks(share).count() + 1);
    let (began, mut latencies) = std::thread::scope(|scope| {
        let clients: Vec<_> = requests
            .chunks(share)
            .map(|mine| {
                let gate = &gate;
                scope.spawn(move || {
                    let mut connection = Connection::open(address);
                    let mut latencies = Vec::with_capacity(mine.len());
                    gate.wait();
                    for request in mine {
                        let began = Instant::now();
                        let (found, body) = connection.send(request);
                        latencies.push(began.elapsed());
                        assert_eq!(found, status, "{}", String::from_utf8_lossy(&body));
                    }
                    latencies
                })
            })
            .collect();
        gate.wait();
        let began = Instant::now();
        let all: Vec<Duration> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        (began.elapsed(), all)
    });
    latencies.sort_unstable();
    #[expect(clippy::cast_precision_loss)]
    let rate = requests.len() as f64 / began.as_secs_f64();
    Round { rate, latencies }
}
