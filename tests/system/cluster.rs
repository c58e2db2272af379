//! A PostgreSQL server for the tests: the one in `TEST_DATABASE_URL`, or a throw-away cluster started from installed
//! binaries in a temporary directory, reachable by a UNIX socket only.
//!
//! The test harness has no last moment of its own, so a small shell waits for this process to end, however it ends,
//! and then clears up behind it.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

/// A server on which databases can be made.
pub struct Server {
    address: String,
    /// What the names of all databases of this run begin with.
    pub run: String,
    /// Clears up when this process has ended.
    _sweeper: Option<Child>,
}

/// The server that the environment names.
pub fn named_server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

impl Server {
    /// The named server, else one of our own; else the reason why there is none.
    pub fn find() -> Result<Self, String> {
        let run = format!("veldwerk_test_{}_{}", std::process::id(), veldwerk::id::random_name());
        match named_server() {
            Some(address) => {
                let sweeper = sweep_named(&address, &run);
                Ok(Self { address, run, _sweeper: sweeper })
            }
            None => start(run),
        }
    }

    /// The address of a database on this server.
    pub fn url(&self, database: &str) -> String {
        let (base, parameters) = self.address.split_once('?').unwrap_or((&self.address, ""));
        let (scheme, rest) = base.split_once("://").expect("TEST_DATABASE_URL begins with postgres://");
        let authority = rest.split('/').next().unwrap_or_default();
        format!("{scheme}://{authority}/{database}?{parameters}")
    }

    /// Runs statements as the one who may make databases.
    pub fn execute(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.address)
            .unwrap_or_else(|error| panic!("the PostgreSQL server of the tests cannot be reached: {error}"));
        conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Drops what this run leaves on a server that others use too.
fn sweep_named(address: &str, run: &str) -> Option<Child> {
    let script = r#"cat >/dev/null
        psql -d "$1" -Atc "SELECT datname FROM pg_database WHERE datname LIKE '$2%'" |
        while read -r name; do psql -d "$1" -qc "DROP DATABASE \"$name\" WITH (FORCE)"; done"#;
    if Command::new("psql").arg("--version").stdout(Stdio::null()).status().is_err() {
        crate::database::skip("clearing up", &format!("psql is missing; drop the databases {run}* by hand"));
        return None;
    }
    Some(sweeper(script, &[address, run], None))
}

/// Starts a shell that waits for our end: its standard input closes with this process.
fn sweeper(script: &str, arguments: &[&str], user: Option<(u32, u32)>) -> Child {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).args(arguments);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Away from the terminal's group, so that an interrupted run is cleared up too.
    run_as(&mut shell, user).process_group(0).spawn().unwrap()
}

fn run_as(command: &mut Command, user: Option<(u32, u32)>) -> &mut Command {
    match user {
        Some((uid, gid)) => command.uid(uid).gid(gid).current_dir("/"),
        None => command,
    }
}

/// Starts a cluster of our own.
#[expect(clippy::zombie_processes, reason = "the sweeper outlives this process on purpose")]
fn start(run: String) -> Result<Server, String> {
    let binaries = binaries().ok_or("neither TEST_DATABASE_URL nor installed binaries of PostgreSQL")?;
    let user = humbler_user()?;
    let directory = tempfile::Builder::new()
        .prefix("veldwerk-pg-")
        .tempdir()
        .map_err(|error| format!("no temporary directory: {error}"))?
        .keep();
    std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o700)).unwrap();
    if let Some((uid, gid)) = user {
        chown(&directory, Some(uid), Some(gid)).map_err(|error| format!("chown: {error}"))?;
    }
    let place = directory.to_str().ok_or("the temporary directory has no plain name")?;
    let script = r#"cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate stop; rm -rf "$2""#;
    let sweeper = sweeper(script, &[binaries.to_str().unwrap_or_default(), place], user);
    let data = format!("{place}/data");
    let mut initdb = Command::new(binaries.join("initdb"));
    initdb.args(["--no-sync", "-A", "trust", "-U", "veldwerk", "-E", "UTF8", "--locale=C", "-D", &data]);
    finish(run_as(&mut initdb, user))?;
    // Nothing here outlives the run, so nothing needs to reach the disk.
    let options = format!(
        "-k {place} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
         -c max_connections=400"
    );
    let mut pg_ctl = Command::new(binaries.join("pg_ctl"));
    pg_ctl.args(["-w", "-D", &data, "-l", &format!("{place}/log"), "-o", &options, "start"]);
    finish(run_as(&mut pg_ctl, user))?;
    let address = format!("postgres:///postgres?host={place}&user=veldwerk");
    Ok(Server { address, run, _sweeper: Some(sweeper) })
}

/// Runs a command to its end; what it says is only of interest when it fails. Its output goes to files, since a
/// server that it leaves behind would hold a pipe open.
fn finish(command: &mut Command) -> Result<(), String> {
    let said = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file)));
    let (out, err) = said.map_err(|error| error.to_string())?;
    let mut read = err.try_clone().map_err(|error| error.to_string())?;
    let status = command.stdin(Stdio::null()).stdout(out).stderr(err).status();
    let status = status.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() {
        return Ok(());
    }
    let mut text = String::new();
    let _ = std::io::Seek::rewind(&mut read);
    let _ = std::io::Read::read_to_string(&mut read, &mut text);
    Err(format!("{} failed: {text}", command.get_program().display()))
}

/// Where the programs of the newest installed PostgreSQL are.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    found.sort_by_key(|path| version_of(path));
    let told = Command::new("pg_config").arg("--bindir").output().ok();
    let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    found.into_iter().rev().chain(told).find(|path| path.join("initdb").is_file())
}

fn version_of(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// PostgreSQL refuses to run as root, so root lends it the user and group of somebody humbler.
fn humbler_user() -> Result<Option<(u32, u32)>, String> {
    if std::fs::metadata("/proc/self").map_or(1, |me| me.uid()) != 0 {
        return Ok(None);
    }
    let known = std::fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let user = |wanted: &str| {
        let mut fields =
            known.lines().find(|line| line.split(':').next() == Some(wanted))?.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let user = user("postgres").or_else(|| user("nobody"));
    user.map(Some).ok_or_else(|| "root runs the tests, and there is no user postgres or nobody".to_owned())
}
