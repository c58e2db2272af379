//! Somebody who forgot their password asks for a link to choose another one.

use std::net::IpAddr;

use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::account_letter::{AccountLetter, Matter, RESET_MINUTES};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::letter_facts::Addressee;
use crate::domain::text::EmailAddress;
use crate::keys::{About, fresh_token, token_digest};
use crate::problem::Outcome;
use crate::store::account_links::{self, Purpose};
use crate::store::{Tx, account_letters, accounts, throttles};

/// How many links one mail address can be sent in a window, whoever asks.
const PER_ACCOUNT: i32 = 3;
/// How many links can be asked for from one place in a window, for whomever.
const PER_PLACE: i32 = 30;
/// How long that window is, in seconds.
const WINDOW_SECONDS: i64 = 3_600;

/// Sends a link to the holder of an address, if it has an account. For one that has none the same is done, but that the
/// letter goes nowhere and the link leads to nobody: neither the answer nor the time it takes tells the two apart.
///
/// # Errors
/// [`crate::problem::Problem::Throttled`], with or without an account.
pub fn ask_reset(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    address: Option<IpAddr>,
    language: Language,
) -> Outcome<Done<()>> {
    count(tx, now, email, address)?;
    let account = accounts::by_email(tx, &email.folded())?;
    let (user, name, to) = match &account {
        Some(account) => (Some(account.id), account.name.clone(), account.email.clone()),
        None => (None, String::new(), email.as_str().to_owned()),
    };
    let token = fresh_token();
    let until = now.plus_minutes(RESET_MINUTES);
    account_links::insert(tx, Purpose::Reset, user, &token_digest(&token), until)?;
    let letter =
        AccountLetter { to: Addressee { name, email: to, language }, matter: Matter::Reset { token } };
    let entry = Entry::new(now, Actor::System, "user.reset_asked");
    let Some(user) = user else {
        account_letters::pretend(tx, &letter, now)?;
        return Ok(entry.result("unknown").with(()));
    };
    account_letters::put(tx, &letter, now)?;
    Ok(entry.subject(user).with(()))
}

fn count(tx: &mut Tx<'_>, now: Instant, email: &EmailAddress, address: Option<IpAddr>) -> Outcome<()> {
    let account = tx.keys().digest(About::Guess, &[b"reset", email.folded().as_bytes()]);
    let mut subjects = vec![(account, PER_ACCOUNT)];
    if let Some(address) = address {
        let place = tx.keys().digest(About::Guess, &[b"reset from", address.to_string().as_bytes()]);
        subjects.push((place, PER_PLACE));
    }
    let all: Vec<String> = subjects.iter().map(|(subject, _)| subject.clone()).collect();
    throttles::lock(tx, &all)?;
    for (subject, limit) in subjects {
        demand_pace(throttles::count(tx, &subject, now, limit, WINDOW_SECONDS)?, now)?;
    }
    Ok(())
}
