//! Signs a researcher in, in two steps with the hashing of the password between them, outside any transaction.

use std::net::IpAddr;

use super::pace::demand_pace;
use super::second_factor;
use crate::clock::Instant;
use crate::domain::account::GuessedBy;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::text::EmailAddress;
use crate::id::{SessionId, UserId};
use crate::keys::{About, fresh_token, token_digest};
use crate::problem::{Outcome, Problem};
use crate::store::accounts::{self, Account};
use crate::store::{Tx, sessions, throttles};

/// A browser at the moment in which a session begins in it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The value of the session's cookie; only its digest is kept.
    pub cookie: String,
    /// The browser as it names itself.
    pub browser: String,
}

/// Counts a guess before it is looked at, so that many at once are slowed down like many in a row, and gives the
/// account to compare with, if there is one.
///
/// # Errors
/// [`Problem::Throttled`] while a delay runs.
pub fn count_guess(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    address: Option<IpAddr>,
) -> Outcome<Done<Option<Account>>> {
    let guesses = guesses(tx, email, address);
    let subjects: Vec<String> = guesses.iter().map(|(_, subject)| subject.clone()).collect();
    throttles::lock(tx, &subjects)?;
    demand_pace(throttles::open_at(tx, &subjects)?, now)?;
    for (by, subject) in guesses {
        throttles::fail(tx, &subject, now, |failures| by.delay(failures))?;
    }
    let account = accounts::by_email(tx, &email.folded())?;
    Ok(Done::housekeeping(account))
}

/// Begins the session of somebody whose password fitted, and forgets the guesses. Where a second factor is on, a code
/// of it is needed too; the try at it is to be counted before.
///
/// # Errors
/// [`Problem::SecondFactorMissing`], [`Problem::SecondFactorWrong`]; [`Problem::SignInRefused`] when the password was
/// changed since it was compared.
pub fn sign_in(
    tx: &mut Tx<'_>,
    now: Instant,
    account: &Account,
    address: Option<IpAddr>,
    arrival: &Arrival,
    code: Option<&str>,
) -> Outcome<Done<SessionId>> {
    accounts::lock(tx, account.id)?;
    if accounts::get(tx, account.id)?.password_hash != account.password_hash {
        return Err(Problem::SignInRefused);
    }
    match code {
        // A code that nobody asked for is no try at one.
        _ if !second_factor::is_on(tx, account.id)? => second_factor::forget_tries(tx, account.id)?,
        Some(code) => second_factor::pass(tx, now, account.id, code)?,
        None => return Err(Problem::SecondFactorMissing),
    }
    forget_guesses(tx, &account.email, address)?;
    begin(tx, now, account.id, arrival)
}

/// Forgets the guesses at a password, once the right one was given. Of what the address guessed at any account only
/// this one is taken back, or whoever has an account of their own could go on for ever.
///
/// # Errors
/// Only those of the database.
pub fn forget_guesses(tx: &mut Tx<'_>, email: &str, address: Option<IpAddr>) -> Outcome<()> {
    if let Ok(email) = EmailAddress::parse(email) {
        for (by, subject) in guesses(tx, &email, address) {
            match by {
                GuessedBy::Account | GuessedBy::AccountAndAddress => throttles::clear(tx, &subject)?,
                GuessedBy::Address => throttles::take_back(tx, &subject)?,
            }
        }
    }
    Ok(())
}

/// Begins a session by a link that works once.
///
/// # Errors
/// [`Problem::NotFound`] when the link is unknown, used or expired.
pub fn sign_in_by_link(
    tx: &mut Tx<'_>,
    now: Instant,
    token: &str,
    arrival: &Arrival,
) -> Outcome<Done<SessionId>> {
    let user = sessions::take_link(tx, &token_digest(token), now)?.ok_or(Problem::NotFound)?;
    begin(tx, now, user, arrival)
}

/// Makes a link that signs a researcher in once, for whoever has access to the machine. Answers its token.
///
/// # Errors
/// Only those of the database.
pub fn offer_link(tx: &mut Tx<'_>, now: Instant, user: UserId, hours: i64) -> Outcome<Done<String>> {
    let token = fresh_token();
    sessions::insert_link(tx, user, &token_digest(&token), now.plus_minutes(hours * 60))?;
    Ok(Entry::new(now, Actor::CommandLine, "session.link_offered").subject(user).with(token))
}

/// Begins a session, for an action that knows why it may.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    arrival: &Arrival,
) -> Outcome<Done<SessionId>> {
    let id = sessions::insert(tx, user, &token_digest(&arrival.cookie), &arrival.browser, now)?;
    Ok(Entry::new(now, Actor::User(user), "session.begun").subject(id).with(id))
}

fn guesses(tx: &Tx<'_>, email: &EmailAddress, address: Option<IpAddr>) -> Vec<(GuessedBy, String)> {
    let account = email.folded();
    let mut guesses =
        vec![(GuessedBy::Account, tx.keys().digest(About::Guess, &[b"account", account.as_bytes()]))];
    if let Some(address) = address.map(|a| a.to_string()) {
        let both = tx.keys().digest(About::Guess, &[b"both", account.as_bytes(), address.as_bytes()]);
        guesses.push((GuessedBy::AccountAndAddress, both));
        guesses.push((GuessedBy::Address, tx.keys().digest(About::Guess, &[b"address", address.as_bytes()])));
    }
    guesses
}
