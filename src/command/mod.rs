//! What can be asked of the program on the command line.

mod account;
mod backup;
mod check;
mod database;
mod demo;
mod mail;
mod municipalities;
mod serve;
mod verify;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::domain::language::Language;
use crate::problem::{FieldProblem, Outcome, Problem};
use crate::settings::{Database, Settings};
use crate::store::{Migrate, Store};
use crate::words;

/// How long threads that are still busy are waited for at the end.
const MOMENTS: Duration = Duration::from_secs(1);

/// Fieldwork for interview studies: recruit, ask consent, book, invite, interview.
#[derive(Parser)]
#[command(name = "veldwerk", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the API (also without any subcommand).
    Serve,
    /// Serve a copy of the 13-interview study in a data directory of its own, with a local mailbox.
    Demo,
    /// Researchers' accounts.
    #[command(subcommand)]
    User(account::User),
    /// Keys for the JSON API.
    #[command(subcommand)]
    Token(account::Token),
    /// Write everything into one file, also while a server is running.
    Backup(backup::Backup),
    /// Fill an empty database with a backup.
    Restore(backup::Restore),
    /// Move to another database.
    #[command(subcommand)]
    Database(database::Database),
    /// Check what the installation leans on: Microsoft Teams, the mail server.
    #[command(subcommand)]
    Check(check::Check),
    /// Check what is kept.
    #[command(subcommand)]
    Verify(verify::Verify),
    /// Messages that come in.
    #[command(subcommand)]
    Mail(mail::Mail),
    /// The table of municipalities.
    #[command(subcommand)]
    Municipalities(municipalities::Municipalities),
}

/// Runs the program with the arguments that it was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let asked_for_help = !error.use_stderr();
            let _ = error.print();
            return if asked_for_help { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    log_to_standard_error();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no threads to run on");
            return ExitCode::FAILURE;
        }
    };
    let command = arguments.command.unwrap_or(Command::Serve);
    let failure =
        if matches!(command, Command::Mail(_)) { ExitCode::from(mail::LATER) } else { ExitCode::FAILURE };
    let outcome = runtime.block_on(obey(command));
    // What still keeps a thread busy, such as the backup of the day, would be waited for without end.
    runtime.shutdown_timeout(MOMENTS);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            complain(&problem);
            failure
        }
    }
}

async fn obey(command: Command) -> Outcome<()> {
    match command {
        Command::Serve => serve::serve(Settings::read()?).await,
        Command::Demo => demo::demo().await,
        Command::User(command) => account::user(command).await,
        Command::Token(command) => account::token(command).await,
        Command::Backup(command) => backup::backup(command).await,
        Command::Restore(command) => backup::restore(command).await,
        Command::Database(command) => database::database(command).await,
        Command::Check(command) => check::check(command).await,
        Command::Verify(command) => verify::verify(command).await,
        Command::Mail(command) => mail::mail(command).await,
        Command::Municipalities(command) => municipalities::municipalities(command).await,
    }
}

/// Opens the store beside a server that may be running: migrates only when none holds the lock.
async fn open_beside() -> Outcome<Store> {
    let settings = Settings::read()?;
    settings.prepare_data_dir()?;
    let keys = settings.keys()?;
    // Whoever holds the lock of SQLite is alone; on PostgreSQL nobody can know.
    let lock = match &settings.database {
        Database::Sqlite(path) => serve::lock(path)?,
        Database::Postgres(_) => None,
    };
    let migrate = match (&settings.database, &lock) {
        (Database::Sqlite(_), None) => Migrate::No,
        (Database::Sqlite(_), Some(_)) => Migrate::Yes,
        (Database::Postgres(_), _) => Migrate::IfNew,
    };
    Store::open(settings.database, keys, migrate).await
}

fn log_to_standard_error() {
    let filter = EnvFilter::try_from_env("VELDWERK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber can't be set; the first one stays.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Says on standard error what went wrong, with its cause: whoever runs a command may know it.
fn complain(problem: &Problem) {
    let sentence = match problem {
        Problem::Internal(cause) => cause.to_string(),
        Problem::Invalid(fields) => fields.iter().map(describe).collect::<Vec<_>>().join("; "),
        other => words::problem_sentence(Language::En, other),
    };
    eprintln!("veldwerk: {sentence}");
}

fn describe(field: &FieldProblem) -> String {
    format!("{}: {}", field.field, words::field_message(Language::En, field))
}
