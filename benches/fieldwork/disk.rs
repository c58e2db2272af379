//! What the disk can do: without it beside them, figures of durable writes say nothing.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};

const LONG: Duration = Duration::from_secs(2);

fn per_second(mut once: impl FnMut(u32)) -> f64 {
    let began = Instant::now();
    let mut times = 0;
    while began.elapsed() < LONG {
        once(times);
        times += 1;
    }
    f64::from(times) / began.elapsed().as_secs_f64()
}

/// Appends of 4 KiB with `fdatasync` each, a second.
pub fn syncs() -> f64 {
    let home = tempfile::tempdir().unwrap();
    let mut file = File::create(home.path().join("probe")).unwrap();
    per_second(|_| {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
    })
}

/// Durable commits of one row each by one connection, a second: WAL, synchronous=FULL.
pub fn sqlite_commits() -> f64 {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("raw.db");
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE slots (id INTEGER PRIMARY KEY, taken_by TEXT NOT NULL UNIQUE)",
    )
    .unwrap();
    per_second(|time| {
        diesel::sql_query("INSERT INTO slots (taken_by) VALUES (?)")
            .bind::<diesel::sql_types::Text, _>(format!("respondent {time}"))
            .execute(&mut conn)
            .unwrap();
    })
}
