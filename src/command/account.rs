//! `veldwerk user` and `veldwerk token`.

use clap::Subcommand;

use super::open_beside;
use crate::actions::add_user::add_user;
use crate::actions::create_token::create_token;
use crate::actions::second_factor::take_away;
use crate::clock::Clock;
use crate::domain::account::{check_password, hash_password};
use crate::domain::language::Language;
use crate::domain::text::{EmailAddress, line};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};

#[derive(Subcommand)]
pub(super) enum User {
    /// Add a researcher; the password is one line on standard input.
    Add {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The name that respondents see.
        #[arg(long)]
        name: String,
    },
    /// Take the second factor away from a researcher who has lost it. They are told by mail.
    RemoveSecondFactor {
        /// The researcher's address.
        #[arg(long)]
        email: String,
    },
}

#[derive(Subcommand)]
pub(super) enum Token {
    /// Make a token and print it, once.
    Create {
        /// The researcher's address.
        #[arg(long)]
        email: String,
        /// What it is for, shown in the list of tokens.
        #[arg(long)]
        label: String,
    },
}

pub(super) async fn user(command: User) -> Outcome<()> {
    match command {
        User::Add { email, name } => add(&email, &name).await,
        User::RemoveSecondFactor { email } => {
            let email = address(&email)?;
            let (store, now) = (open_beside().await?, Clock::system().now());
            store.write(move |tx| take_away(tx, now, &email, Language::default())).await
        }
    }
}

async fn add(email: &str, name: &str) -> Outcome<()> {
    let email = address(email)?;
    let name = line(name).map_err(|code| Problem::Invalid(vec![FieldProblem::new("name", code)]))?;
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).map_err(Problem::internal)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Problem::field("password", FieldCode::Required));
    }
    // Whoever may run this may open the database too, so they are told and not stopped.
    if check_password("password", password).is_err() {
        eprintln!("This password is easy to guess; choose another one on the page of your account.");
    }
    let hash = hash_password(password)?;
    let store = open_beside().await?;
    let now = Clock::system().now();
    store.write(move |tx| add_user(tx, now, &email, &name, &hash)).await.map(drop)
}

#[expect(clippy::print_stdout, reason = "the token is the result of the command")]
pub(super) async fn token(command: Token) -> Outcome<()> {
    let Token::Create { email, label } = command;
    let email = address(&email)?;
    let label = line(&label).map_err(|code| Problem::Invalid(vec![FieldProblem::new("label", code)]))?;
    let store = open_beside().await?;
    let now = Clock::system().now();
    let token = store.write(move |tx| create_token(tx, now, &email, &label)).await?;
    println!("{token}");
    Ok(())
}

fn address(text: &str) -> Outcome<EmailAddress> {
    EmailAddress::parse(text).map_err(|code| Problem::Invalid(vec![FieldProblem::new("email", code)]))
}
