//! A PostgreSQL server of our own for the length of a bench, started from installed binaries, or the one in
//! `TEST_DATABASE_URL`; and what `pgbench` gets out of it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A server, with a database for Veldwerk and one for `pgbench`.
pub struct Cluster {
    home: TempDir,
    bin: PathBuf,
}

impl Cluster {
    /// Starts a server with the settings that it comes with; `None` where no binaries are installed.
    pub fn start() -> Option<Self> {
        let found = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut versions: Vec<PathBuf> =
            found.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
        versions.sort();
        let cluster =
            Self { home: tempfile::Builder::new().prefix("vw").tempdir().ok()?, bin: versions.pop()? };
        let home = cluster.home.path().display().to_string();
        cluster.run(&format!(
            "chmod 700 {home}; {bin}/initdb -D {home}/data -U veldwerk -A trust >/dev/null && \
             {bin}/pg_ctl -D {home}/data -o \"-k {home} -c listen_addresses=''\" -w -l {home}/log start >/dev/null && \
             {bin}/createdb -h {home} -U veldwerk veldwerk && {bin}/createdb -h {home} -U veldwerk raw",
            bin = cluster.bin.display(),
        ))?;
        Some(cluster)
    }

    /// The address of Veldwerk's database.
    pub fn url(&self) -> String {
        format!("postgres:///veldwerk?host={}&user=veldwerk", self.home.path().display())
    }

    /// Durable commits of one row each by eight clients, a second.
    pub fn commits(&self) -> Option<f64> {
        let (home, bin) = (self.home.path().display(), self.bin.display());
        let said = self.run(&format!(
            "cd {home} && echo \"INSERT INTO slots (taken_by) VALUES (gen_random_uuid()::text);\" >one.sql && \
             {bin}/psql -q -h {home} -U veldwerk raw -c 'CREATE TABLE IF NOT EXISTS slots \
             (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, taken_by TEXT NOT NULL UNIQUE)' && \
             {bin}/pgbench -h {home} -U veldwerk -n -M prepared -c 8 -j 1 -T 3 -f one.sql raw 2>/dev/null"
        ))?;
        let line = said.lines().find(|line| line.starts_with("tps"))?;
        line.split_whitespace().nth(2)?.parse().ok()
    }

    /// Runs a line of shell as whoever may run the server, which refuses root.
    fn run(&self, line: &str) -> Option<String> {
        let is_root = std::fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
        let mut command = if is_root.unwrap_or(false) {
            let home = self.home.path().display();
            Command::new("chown").args(["-R", "postgres", &home.to_string()]).status().ok()?;
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", line]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        };
        let output = command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let (home, bin) = (self.home.path().display(), self.bin.display());
        self.run(&format!("{bin}/pg_ctl -D {home}/data -m immediate stop >/dev/null"));
    }
}
