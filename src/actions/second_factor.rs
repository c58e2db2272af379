//! A second factor at sign-in: set up, confirmed, asked for, switched off by its owner, taken away by an operator.

use super::pace::demand_pace;
use super::tell_owner::tell_owner;
use crate::clock::Instant;
use crate::domain::account::GuessedBy;
use crate::domain::account_letter::News;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::second_factor::{FactorSecret, is_by_clock, typed};
use crate::domain::text::EmailAddress;
use crate::id::{SessionId, UserId};
use crate::keys::About;
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, accounts, second_factors, sessions, throttles};

/// Who asks to switch a factor on or off, in which browser, with the hash that their password was compared with.
#[derive(Debug, Clone)]
pub struct Proven {
    /// Who.
    pub user: UserId,
    /// The session that stays.
    pub session: Option<SessionId>,
    /// The hash of the password that fitted.
    pub compared: String,
    /// The language of the letter to the owner.
    pub language: Language,
}

/// Makes a secret for a researcher's app. It is not asked for until they show a code of it.
///
/// # Errors
/// [`Problem::WrongState`] when a factor is on already.
pub fn begin_factor(tx: &mut Tx<'_>, now: Instant, user: UserId) -> Outcome<Done<()>> {
    accounts::lock(tx, user)?;
    if is_on(tx, user)? {
        return Err(Problem::WrongState("second_factor_on"));
    }
    second_factors::begin(tx, user, &FactorSecret::fresh())?;
    Ok(Entry::new(now, Actor::User(user), "user.second_factor_begun").subject(user).with(()))
}

/// Counts a try at a code before it is looked at, as with passwords (E25).
///
/// # Errors
/// [`Problem::Throttled`] while a delay runs.
pub fn count_code(tx: &mut Tx<'_>, now: Instant, user: UserId) -> Outcome<Done<()>> {
    let subject = [guess(tx, user)];
    throttles::lock(tx, &subject)?;
    demand_pace(throttles::open_at(tx, &subject)?, now)?;
    let delay = |failures| GuessedBy::AccountAndAddress.delay(failures);
    throttles::fail(tx, &guess(tx, user), now, delay).map(Done::housekeeping)
}

/// Switches the factor on, once its owner showed a code and their password. Other browsers have to sign in again.
///
/// # Errors
/// [`Problem::SecondFactorWrong`]; [`Problem::WrongState`] when none is being set up; a problem with the field
/// `current` when the password was changed in the meantime.
pub fn switch_on(
    tx: &mut Tx<'_>,
    now: Instant,
    who: &Proven,
    code: &str,
    recovery: &[String],
) -> Outcome<Done<()>> {
    let user = check(tx, who)?;
    let factor = second_factors::find(tx, user)?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or(Problem::WrongState("no_second_factor"))?;
    let step = factor.secret.fitting_step(&typed(code), now, factor.last_step);
    let step = step.ok_or(Problem::SecondFactorWrong)?;
    if !second_factors::use_step(tx, user, step)? || !second_factors::confirm(tx, user, recovery, now)? {
        return Err(Problem::SecondFactorWrong);
    }
    settle(tx, now, who, News::FactorOn)?;
    Ok(Entry::new(now, Actor::User(user), "user.second_factor_on").subject(user).with(()))
}

/// Switches the factor off, once its owner showed a code of it, or a recovery code, and their password.
///
/// # Errors
/// As [`switch_on`].
pub fn switch_off(tx: &mut Tx<'_>, now: Instant, who: &Proven, code: &str) -> Outcome<Done<()>> {
    let user = check(tx, who)?;
    if !is_on(tx, user)? {
        return Err(Problem::WrongState("no_second_factor"));
    }
    pass(tx, now, user, code)?;
    second_factors::end(tx, user)?;
    settle(tx, now, who, News::FactorOff)?;
    Ok(Entry::new(now, Actor::User(user), "user.second_factor_off").subject(user).with(()))
}

/// Takes a factor away whose owner has lost it. All their sessions end, and they are told by mail.
///
/// # Errors
/// A problem with the field `email` when it has no account, [`Problem::WrongState`] when no factor is on.
pub fn take_away(
    tx: &mut Tx<'_>,
    now: Instant,
    email: &EmailAddress,
    language: Language,
) -> Outcome<Done<()>> {
    let account = accounts::by_email(tx, &email.folded())?
        .ok_or_else(|| Problem::field("email", FieldCode::UnknownReference))?;
    accounts::lock(tx, account.id)?;
    if !second_factors::end(tx, account.id)? {
        return Err(Problem::WrongState("no_second_factor"));
    }
    sessions::end_others(tx, account.id, None)?;
    tell_owner(tx, now, account.id, News::FactorTaken, language)?;
    let entry = Entry::new(now, Actor::CommandLine, "user.second_factor_taken");
    Ok(entry.subject(account.id).with(()))
}

/// Whether a factor is asked for.
pub(super) fn is_on(tx: &mut Tx<'_>, user: UserId) -> Outcome<bool> {
    Ok(second_factors::find(tx, user)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Demands a code of the factor that is on, by the clock or a recovery code, and uses it up.
///
/// # Errors
/// [`Problem::SecondFactorWrong`].
pub(super) fn pass(tx: &mut Tx<'_>, now: Instant, user: UserId, code: &str) -> Outcome<()> {
    let code = typed(code);
    let factor = second_factors::find(tx, user)?.ok_or(Problem::SecondFactorWrong)?;
    let passed = if is_by_clock(&code) {
        match factor.secret.fitting_step(&code, now, factor.last_step) {
            Some(step) => second_factors::use_step(tx, user, step)?,
            None => false,
        }
    } else {
        second_factors::use_code(tx, user, &code)?
    };
    if !passed {
        return Err(Problem::SecondFactorWrong);
    }
    forget_tries(tx, user)
}

/// Forgets the tries at a code.
pub(super) fn forget_tries(tx: &mut Tx<'_>, user: UserId) -> Outcome<()> {
    let subject = guess(tx, user);
    throttles::clear(tx, &subject)
}

/// Demands that the password is still the one that was compared, with the account locked.
fn check(tx: &mut Tx<'_>, who: &Proven) -> Outcome<UserId> {
    accounts::lock(tx, who.user)?;
    if accounts::get(tx, who.user)?.password_hash == who.compared {
        Ok(who.user)
    } else {
        Err(Problem::field("current", FieldCode::PasswordWrong))
    }
}

/// What follows a change by the owner: only this browser stays signed in, they are told, and guesses are forgotten.
fn settle(tx: &mut Tx<'_>, now: Instant, who: &Proven, news: News) -> Outcome<()> {
    sessions::end_others(tx, who.user, who.session)?;
    forget_tries(tx, who.user)?;
    tell_owner(tx, now, who.user, news, who.language)
}

fn guess(tx: &Tx<'_>, user: UserId) -> String {
    tx.keys().digest(About::Guess, &[b"second factor", user.as_str().as_bytes()])
}
