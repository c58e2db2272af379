//! Second factors: the secrets that authenticator apps share with us, sealed, and the digests of recovery codes.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{recovery_codes as codes, second_factors as factors};
use crate::clock::Instant;
use crate::domain::second_factor::FactorSecret;
use crate::id::UserId;
use crate::keys::About;
use crate::problem::{Outcome, Problem};

/// A researcher's second factor.
#[derive(Debug, Clone)]
pub struct Factor {
    /// What it shares with their app.
    pub secret: FactorSecret,
    /// Since when it is asked for; `None` while it is being set up.
    pub confirmed_at: Option<Instant>,
    /// The step of the last code that was taken.
    pub last_step: i64,
}

/// Keeps a new secret, which is not asked for yet, in place of one that was never confirmed. The account is to be
/// locked.
///
/// # Errors
/// Only those of the database.
pub fn begin(tx: &mut Tx<'_>, user: UserId, secret: &FactorSecret) -> Outcome<()> {
    let open = factors::table.filter(factors::user_id.eq(user)).filter(factors::confirmed_at.is_null());
    tx.run(|c| diesel::delete(open).execute(c))?;
    let sealed = tx.keys().seal(&place(user), secret.bytes())?;
    tx.run(|c| {
        diesel::insert_into(factors::table)
            .values((
                factors::user_id.eq(user),
                factors::secret_sealed.eq(sealed),
                factors::last_step.eq(0_i64),
            ))
            .execute(c)
    })
    .map(drop)
}

/// The second factor of a researcher, confirmed or not.
///
/// # Errors
/// Those of the database, and when the seal is broken.
pub fn find(tx: &mut Tx<'_>, user: UserId) -> Outcome<Option<Factor>> {
    let row: Option<(Vec<u8>, Option<Instant>, i64)> = tx.maybe(|c| {
        factors::table
            .find(user)
            .select((factors::secret_sealed, factors::confirmed_at, factors::last_step))
            .first(c)
    })?;
    let Some((sealed, confirmed_at, last_step)) = row else { return Ok(None) };
    let plain = tx.keys().open(&place(user), &sealed)?;
    let secret = FactorSecret::from_bytes(&plain)
        .ok_or_else(|| Problem::internal("a second factor has no secret of the right length"))?;
    Ok(Some(Factor { secret, confirmed_at, last_step }))
}

/// Uses the code of a step up. False when it, or a later one, was used already: of two who come with one code at once
/// only one gets in (RFC 6238 5.2).
///
/// # Errors
/// Only those of the database.
pub fn use_step(tx: &mut Tx<'_>, user: UserId, step: i64) -> Outcome<bool> {
    let unused = factors::table.filter(factors::user_id.eq(user)).filter(factors::last_step.lt(step));
    tx.run(|c| diesel::update(unused).set(factors::last_step.eq(step)).execute(c)).map(|used| used == 1)
}

/// From now on the factor is asked for, and these codes do in place of the app. False when it is already.
///
/// # Errors
/// Only those of the database.
pub fn confirm(tx: &mut Tx<'_>, user: UserId, recovery: &[String], now: Instant) -> Outcome<bool> {
    let open = factors::table.filter(factors::user_id.eq(user)).filter(factors::confirmed_at.is_null());
    if tx.run(|c| diesel::update(open).set(factors::confirmed_at.eq(now)).execute(c))? != 1 {
        return Ok(false);
    }
    let rows: Vec<_> = recovery
        .iter()
        .map(|code| (codes::user_id.eq(user), codes::digest.eq(digest(tx, user, code))))
        .collect();
    tx.run(|c| on_each!(c, |c| diesel::insert_into(codes::table).values(rows).execute(c)))?;
    Ok(true)
}

/// Uses a recovery code up; false when it is none of theirs, or was used.
///
/// # Errors
/// Only those of the database.
pub fn use_code(tx: &mut Tx<'_>, user: UserId, typed: &str) -> Outcome<bool> {
    let digest = digest(tx, user, typed);
    tx.run(|c| diesel::delete(codes::table.find((user, digest))).execute(c)).map(|used| used == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// Only those of the database.
pub fn codes_left(tx: &mut Tx<'_>, user: UserId) -> Outcome<i64> {
    tx.run(|c| codes::table.filter(codes::user_id.eq(user)).count().get_result(c))
}

/// Takes the factor and its recovery codes away; false when there was none that was asked for.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, user: UserId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(codes::table.filter(codes::user_id.eq(user))).execute(c))?;
    let on = factors::table.filter(factors::user_id.eq(user)).filter(factors::confirmed_at.is_not_null());
    tx.run(|c| diesel::delete(on).execute(c)).map(|ended| ended == 1)
}

fn digest(tx: &Tx<'_>, user: UserId, code: &str) -> String {
    let code = crate::domain::second_factor::typed(code);
    tx.keys().digest(About::Guess, &[b"recovery", user.as_str().as_bytes(), code.as_bytes()])
}

fn place(user: UserId) -> String {
    format!("second factor {user}")
}
