//! `cargo bench`: what the whole product costs, as ratios to what this machine can do, taken in one run. The program is
//! measured from outside, as it is served: link, consent, quota, reservation, log, outbox, all durable.
//!
//! `VELDWERK_BENCH_ROUNDS` sets how many rounds the medians are of (3), `VELDWERK_BENCH_PANEL` how many people the
//! large installation has (100000), `VELDWERK_BENCH_PROGRAM` another program than the one that was just built, and
//! `VELDWERK_BENCH_PARTS` which parts run, with commas between them: `embedded`, `server`, `agendas`, `letters`,
//! `import`, `panel` (with `embedded`, which it is held against, and `lists`) and `lists`. Without it all of them do.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a bench fails by panicking, and its figures are its result"
)]

mod agendas;
mod bare;
mod disk;
mod http;
mod lists;
mod mail;
mod postgres;
mod process;
mod report;
mod study;

use std::cell::LazyCell;
use std::time::{Duration, Instant};

use crate::http::{Round, load, request};
use crate::mail::Sink;
use crate::postgres::Cluster;
use crate::process::{Letters, Server, program};
use crate::report::{Report, median};
use crate::study::{Desk, Study};

/// Bookings of one round; the clients share them. About what fits into the two years of one interviewer.
const BOOKINGS: usize = 2_560;
/// Reads of one round.
const READS: usize = 4_000;

fn main() {
    if let Ok(asked) = std::env::var("BARE_ROCKET") {
        let (port, bytes) = asked.split_once(' ').unwrap();
        return bare::serve(port.parse().unwrap(), bytes.parse().unwrap());
    }
    let rounds = number("VELDWERK_BENCH_ROUNDS", 3);
    let mut report = Report::default();
    report.note("program", format!("{:.1} MB", megabytes()));
    let syncs = disk::syncs();
    let limits = LazyCell::new(|| Limits::take(rounds));
    let small = (is_wanted("embedded") || is_wanted("panel")).then(|| embedded(&mut report, &limits, rounds));
    if is_wanted("server") {
        server(&mut report, rounds);
    }
    if is_wanted("agendas") {
        agendas::run(&mut report, &limits, rounds);
    }
    if is_wanted("letters") {
        letters(&mut report);
    }
    if is_wanted("import") {
        import(&mut report);
    }
    match small.filter(|_| is_wanted("panel")) {
        Some(small) => panel(&mut report, &small, rounds),
        None if is_wanted("lists") => {
            lists::compare(&mut report, &Server::veldwerk(None, Letters::Wait), 0, people(), rounds);
        }
        None => {}
    }
    report.note("fdatasync of 4 KiB before / after", format!("{syncs:.0} / {:.0} a second", disk::syncs()));
    report.print();
}

/// Whether a part of the bench is to run.
fn is_wanted(part: &str) -> bool {
    std::env::var("VELDWERK_BENCH_PARTS").map_or(true, |parts| parts.split(',').any(|one| one.trim() == part))
}

/// How many people the large installation has.
fn people() -> usize {
    number("VELDWERK_BENCH_PANEL", 100_000)
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[expect(clippy::cast_precision_loss)]
fn megabytes() -> f64 {
    std::fs::metadata(program()).unwrap().len() as f64 / 1e6
}

/// What this machine can do.
struct Limits {
    /// Requests to a bare Rocket by 8 clients, a second.
    rocket: f64,
    /// Seconds of processor time of one of them.
    rocket_cpu: f64,
    /// Commits of one row to SQLite, a second.
    sqlite: f64,
    cold_start: Duration,
}

impl Limits {
    fn take(rounds: usize) -> Self {
        let bare = Server::bare(1_000);
        let hello = vec![request("GET", "/", None, None); 20_000];
        let (rocket, rocket_cpu) = measured(&bare, rounds, |_| load(bare.address, 8, &hello, 200));
        let sqlite = median((0..rounds).map(|_| disk::sqlite_commits()));
        Self { rocket: rocket.rate, rocket_cpu, sqlite, cold_start: bare.cold_start }
    }
}

/// The medians of some rounds.
struct Medians {
    rate: f64,
    half: f64,
    p99: f64,
}

/// Runs rounds; their medians, and the processor time of one request.
#[expect(clippy::cast_precision_loss)]
fn measured(server: &Server, rounds: usize, round: impl Fn(usize) -> Round) -> (Medians, f64) {
    let before = server.cpu();
    let all: Vec<Round> = (0..rounds).map(round).collect();
    let requests: usize = all.iter().map(|round| round.latencies.len()).sum();
    let cpu = (server.cpu() - before) / requests as f64;
    let of = |share: f64| median(all.iter().map(|round| round.quantile(share).as_secs_f64()));
    (Medians { rate: median(all.iter().map(|round| round.rate)), half: of(0.5), p99: of(0.99) }, cpu)
}

/// Bookings by so many clients, each round in a study of its own with so many people. `first` numbers its researcher.
fn bookings(
    server: &Server,
    database: Option<&str>,
    (clients, rounds): (usize, usize),
    (first, listed): (usize, usize),
) -> (Medians, f64) {
    let studies = (first..first + rounds)
        .map(|number| Desk::of(server, database, number).panel(&format!("round{number}"), listed, BOOKINGS));
    let prepared: Vec<_> = studies.map(|study| study.bookings(0..BOOKINGS)).collect();
    measured(server, rounds, |round| load(server.address, clients, &prepared[round], 201))
}

/// What reading costs: the free times of 14 days, and the page of a respondent.
struct Reading {
    slots: f64,
    page: f64,
    slots_bytes: usize,
    page_bytes: usize,
}

fn reading(server: &Server, study: &Study, rounds: usize) -> Reading {
    let link = study.links.last().unwrap();
    let mut connection = http::Connection::open(server.address);
    let mut of = |path: String| {
        let asked = request("GET", &path, None, None);
        let bytes = connection.send(&asked).1.len();
        let requests = vec![asked; READS];
        (measured(server, rounds, |_| load(server.address, 8, &requests, 200)).0.rate, bytes)
    };
    let (slots, slots_bytes) = of(format!("/api/v1/participations/{link}/slots"));
    let (page, page_bytes) = of(format!("/p/{link}"));
    Reading { slots, page, slots_bytes, page_bytes }
}

/// What the small installation did, to hold the large one against.
struct Small {
    booking: f64,
    reading: Reading,
}

fn embedded(report: &mut Report, limits: &Limits, rounds: usize) -> Small {
    let started = Server::veldwerk(None, Letters::Wait).restarted();
    report.at_most("cold start to ready / bare Rocket's", ratio(started.cold_start, limits.cold_start), 5.0);
    drop(started);
    let veldwerk = Server::veldwerk(None, Letters::Wait);
    let new = ratio(veldwerk.cold_start, limits.cold_start);
    report.note("the first start, which makes the database / bare Rocket's", format!("{new:.1}"));
    let (crowd, cpu) = bookings(&veldwerk, None, (64, rounds), (0, BOOKINGS));
    report.at_least("durable booking, 64 clients / raw SQLite commits", crowd.rate / limits.sqlite, 1.5);
    report.at_most("CPU of a booking / of a bare request", cpu / limits.rocket_cpu, 12.0);
    let (eight, _) = bookings(&veldwerk, None, (8, rounds), (100, BOOKINGS));
    report.at_least("durable booking, 8 clients / bare Rocket", eight.rate / limits.rocket, 0.12);
    report.at_most("its p99 / its median", eight.p99 / eight.half, 3.0);
    report.note(
        "durable bookings on SQLite, 64 / 8 clients",
        format!("{:.0} / {:.0} a second", crowd.rate, eight.rate),
    );
    let fresh = Desk::of(&veldwerk, None, 200).panel("fresh", 100, 1);
    let reading = reading(&veldwerk, &fresh, rounds);
    let equal = |bytes: usize| {
        let bare = Server::bare(bytes);
        let hello = vec![request("GET", "/", None, None); READS * 2];
        measured(&bare, rounds, |_| load(bare.address, 8, &hello, 200)).0.rate
    };
    let what = format!("free times of 14 days ({} bytes) / bare Rocket of equal length", reading.slots_bytes);
    report.at_least(&what, reading.slots / equal(reading.slots_bytes), 0.25);
    let what = format!("respondent's page ({} bytes) / bare Rocket of equal length", reading.page_bytes);
    report.at_least(&what, reading.page / equal(reading.page_bytes), 0.20);
    report.at_most("memory under this load, MiB", veldwerk.memory(), 48.0);
    report.at_most("program, MB", megabytes(), 25.0);
    Small { booking: eight.rate, reading }
}

fn server(report: &mut Report, rounds: usize) {
    let Some(cluster) = Cluster::start() else {
        return report.note("PostgreSQL", "not measured: no binaries are installed".to_owned());
    };
    let url = cluster.url();
    let veldwerk = Server::veldwerk(Some(&url), Letters::Wait);
    let Some(before) = cluster.commits() else { panic!("pgbench is missing") };
    let (eight, _) = bookings(&veldwerk, Some(&url), (8, rounds), (0, BOOKINGS));
    let after = cluster.commits().unwrap();
    let raw = f64::midpoint(before, after);
    report.at_least("booking on PostgreSQL, 8 clients / pgbench one-row commits", eight.rate / raw, 0.30);
    report.note("durable bookings on PostgreSQL, 8 clients", format!("{:.0} a second", eight.rate));
    report.at_most("memory under this load (PostgreSQL), MiB", veldwerk.memory(), 48.0);
}

fn letters(report: &mut Report) {
    const LETTERS: usize = 3_000;
    for connections in [1, 4] {
        let sink = Sink::open();
        let veldwerk = Server::veldwerk(None, Letters::To(sink.port, connections));
        let mut desk = Desk::of(&veldwerk, None, 0);
        let study = desk.study();
        desk.import(&study, &Desk::csv("letters", LETTERS));
        let wave = desk.ask("POST", &format!("{study}/invitations"), Some("{}"));
        assert_eq!(wave["queued"].as_array().map(Vec::len), Some(LETTERS), "everybody is invited");
        // The first ones warm it up.
        sink.rate(LETTERS / 10);
        let rate = sink.rate(LETTERS);
        let bare = mail::bare_rate(sink.port, 2_000, &vec![b'x'; 6_000]);
        #[expect(clippy::cast_precision_loss)]
        let each = rate / bare / connections as f64;
        let what = format!("letters over {connections} connections / bare SMTP client, per connection");
        report.at_least(&what, each, 0.5);
        report.note(&format!("letters over {connections} connections"), format!("{rate:.0} a second"));
    }
}

fn import(report: &mut Report) {
    let veldwerk = Server::veldwerk(None, Letters::Wait);
    let mut desk = Desk::of(&veldwerk, None, 0);
    let study = desk.panel("during", BOOKINGS, BOOKINGS);
    let target = desk.study();
    let quiet = load(veldwerk.address, 8, &study.bookings(0..BOOKINGS / 2), 201);
    let csv = Desk::csv("import", 10_000);
    let checked = desk.study();
    let began = Instant::now();
    desk.ask("POST", &format!("{checked}/respondents/import?dry_run=true"), Some(&csv));
    let reading = began.elapsed();
    let began = Instant::now();
    desk.import(&target, &csv);
    let whole = began.elapsed();
    report.at_most("import of 10,000 rows / reading and validating them", ratio(whole, reading), 3.0);
    let others = Desk::csv("meanwhile", 10_000);
    let during = std::thread::scope(|scope| {
        let importing = scope.spawn(|| Desk::of(&veldwerk, None, 1).meanwhile(&others));
        let during = load(veldwerk.address, 8, &study.bookings(BOOKINGS / 2..BOOKINGS), 201);
        importing.join().unwrap();
        during
    });
    report.at_most("booking during an import / before it (time)", quiet.rate / during.rate, 2.0);
}

fn panel(report: &mut Report, small: &Small, rounds: usize) {
    let people = people();
    if people == 0 {
        return;
    }
    let veldwerk = Server::veldwerk(None, Letters::Wait);
    let began = Instant::now();
    for number in 0..20 {
        let study = Desk::of(&veldwerk, None, number).panel(&format!("p{number}"), people / 20, people / 100);
        load(veldwerk.address, 8, &study.bookings(0..people / 100), 201);
    }
    report.note(
        "furnishing the large installation",
        format!("{people} respondents, {} interviews in {:.0} s", people / 5, began.elapsed().as_secs_f64()),
    );
    let (eight, _) = bookings(&veldwerk, None, (8, rounds), (100, (people / 20).max(BOOKINGS)));
    let size = format!("with {people} respondents and {} interviews / with few", people / 5);
    report.at_most(&format!("booking {size} (time)"), small.booking / eight.rate, 1.2);
    let fresh = Desk::of(&veldwerk, None, 200).panel("fresh", people / 20, 1);
    let large = reading(&veldwerk, &fresh, rounds);
    report.at_most(&format!("free times {size} (time)"), small.reading.slots / large.slots, 1.2);
    report.at_most(&format!("respondent's page {size} (time)"), small.reading.page / large.page, 1.2);
    lists::compare(report, &veldwerk, 201, people, rounds);
    report.at_most("memory of the large installation, MiB", veldwerk.memory(), 48.0);
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}
