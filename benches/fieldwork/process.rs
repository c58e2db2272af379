//! A server as a process of its own, and what it costs: processor time, memory, time until it is ready.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::http::{Connection, request};

/// The clock ticks of the kernel's accounts in a second (`USER_HZ`, the same on every Linux).
const TICKS: f64 = 100.0;
pub const SECRET: &str = "a secret of a bench, long enough for everybody";

/// A server that ends with this value.
pub struct Server {
    pub address: SocketAddr,
    /// From its start until it answered.
    pub cold_start: Duration,
    child: Child,
    home: TempDir,
}

/// The program that is measured.
pub fn program() -> PathBuf {
    std::env::var_os("VELDWERK_BENCH_PROGRAM")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_veldwerk")), PathBuf::from)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where the letters go.
#[derive(Clone, Copy)]
pub enum Letters {
    /// Nowhere: they wait, and cost nothing while requests are measured.
    Wait,
    /// To a mail server on this port over so many connections.
    To(u16, usize),
}

impl Server {
    /// Veldwerk on a database: in a file of its own, or at an address.
    pub fn veldwerk(database: Option<&str>, letters: Letters) -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut command = Command::new(program());
        command.arg("serve");
        furnish(&mut command, home.path(), database);
        let (smtp, connections) = match letters {
            Letters::Wait => (9, 1),
            Letters::To(port, connections) => (port, connections),
        };
        command
            .env("VELDWERK_PORT", port.to_string())
            .env("SMTP_URL", format!("smtp://127.0.0.1:{smtp}"))
            .env("VELDWERK_SMTP_CONNECTIONS", connections.to_string());
        Self::start(command, port, "/health/ready", home)
    }

    /// The least that Rocket can do: one route with an answer of this many bytes.
    pub fn bare(bytes: usize) -> Self {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env("BARE_ROCKET", format!("{port} {bytes}"));
        Self::start(command, port, "/", tempfile::tempdir().unwrap())
    }

    fn start(mut command: Command, port: u16, ready: &str, home: TempDir) -> Self {
        let began = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let asked = request("GET", ready, None, None);
        let is_ready =
            || TcpStream::connect(address).is_ok() && Connection::open(address).send(&asked).0 < 500;
        while !is_ready() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { address, cold_start: began.elapsed(), child, home }
    }

    /// The same server, ended and started once more on the database that it left.
    pub fn restarted(mut self) -> Self {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let port = free_port();
        let home = std::mem::replace(&mut self.home, tempfile::tempdir().unwrap());
        let mut command = Command::new(program());
        command.arg("serve");
        furnish(&mut command, home.path(), None);
        command.env("VELDWERK_PORT", port.to_string());
        Self::start(command, port, "/health/ready", home)
    }

    /// The file of its database.
    pub fn database(&self) -> PathBuf {
        self.home.path().join("veldwerk.db")
    }

    /// Runs the program beside the server.
    pub fn command(&self, database: Option<&str>, arguments: &[&str], input: &str) -> String {
        use std::io::Write as _;
        let mut command = Command::new(program());
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        furnish(&mut command, self.home.path(), database);
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Seconds of processor time that it has taken.
    pub fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let ticks: f64 = fields.split(' ').skip(11).take(2).map(|f| f.parse::<f64>().unwrap()).sum();
        ticks / TICKS
    }

    /// MiB of memory that it holds now.
    pub fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn furnish(command: &mut Command, home: &Path, database: Option<&str>) {
    let file = format!("sqlite:{}", home.join("veldwerk.db").display());
    command
        .current_dir(home)
        .env("VELDWERK_DATA_DIR", home)
        .env("VELDWERK_SECRET_KEY", SECRET)
        .env("DATABASE_URL", database.unwrap_or(&file))
        .env("VELDWERK_LOG", "error");
}
