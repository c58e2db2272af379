//! A mail server that takes everything and keeps nothing, and a client that does nothing but send.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A running mail server.
pub struct Sink {
    pub port: u16,
    taken: Arc<AtomicUsize>,
}

impl Sink {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let count = Arc::clone(&count);
                std::thread::spawn(move || converse(&stream, &count).ok());
            }
        });
        Self { port, taken }
    }

    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    /// Waits until so many messages were taken; how many came each second.
    pub fn rate(&self, messages: usize) -> f64 {
        let (began, first) = (Instant::now(), self.taken());
        while self.taken() < messages {
            assert!(began.elapsed() < Duration::from_secs(120), "only {} messages came", self.taken());
            std::thread::sleep(Duration::from_millis(1));
        }
        #[expect(clippy::cast_precision_loss)]
        let came = (messages - first) as f64;
        came / began.elapsed().as_secs_f64()
    }
}

fn converse(stream: &TcpStream, count: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let say = |text: &str| (&*stream).write_all(text.as_bytes());
    say("220 sink\r\n")?;
    let (mut line, mut in_message) = (Vec::new(), false);
    while reader.read_until(b'\n', &mut line)? > 0 {
        if in_message {
            if line == b".\r\n" {
                in_message = false;
                count.fetch_add(1, Ordering::SeqCst);
                say("250 taken\r\n")?;
            }
        } else {
            in_message = line.starts_with(b"DATA");
            say(if in_message { "354 go on\r\n" } else { "250 sink\r\n" })?;
        }
        line.clear();
    }
    Ok(())
}

/// Messages a second that a bare client hands over on one connection.
pub fn bare_rate(port: u16, messages: u32, message: &[u8]) -> f64 {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    let mut exchange = |text: &[u8]| {
        (&stream).write_all(text).unwrap();
        line.clear();
        reader.read_line(&mut line).unwrap();
    };
    exchange(b"EHLO bench\r\n");
    let began = Instant::now();
    for _ in 0..messages {
        exchange(b"MAIL FROM:<a@example.org>\r\n");
        exchange(b"RCPT TO:<b@example.org>\r\n");
        exchange(b"DATA\r\n");
        exchange(&[message, b"\r\n.\r\n"].concat());
    }
    f64::from(messages) / began.elapsed().as_secs_f64()
}
