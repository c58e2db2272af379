//! Researchers and their API tokens.

use diesel::prelude::*;

use super::Tx;
use super::dialect::{Conn, on_each};
use super::schema::{api_tokens, users};
use crate::clock::Instant;
use crate::id::{TokenId, UserId};
use crate::problem::Outcome;

/// A researcher's account.
#[derive(Debug, Clone, Queryable)]
pub struct Account {
    /// The account's id.
    pub id: UserId,
    /// The address as it was given.
    pub email: String,
    /// The name that respondents see.
    pub name: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
}

const COLUMNS: (users::id, users::email, users::name, users::password_hash) =
    (users::id, users::email, users::name, users::password_hash);

/// Finds an account by its address, without regard to case.
///
/// # Errors
/// Only those of the database.
pub fn by_email(tx: &mut Tx<'_>, folded: &str) -> Outcome<Option<Account>> {
    tx.maybe(|c| users::table.filter(users::email_folded.eq(folded)).select(COLUMNS).first(c))
}

/// Finds an account.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] when there is none.
pub fn get(tx: &mut Tx<'_>, id: UserId) -> Outcome<Account> {
    tx.run(|c| on_each!(c, |c| users::table.find(id).select(COLUMNS).first(c)))
}

/// Whether there is any account at all.
///
/// # Errors
/// Only those of the database.
pub fn any(tx: &mut Tx<'_>) -> Outcome<bool> {
    tx.maybe(|c| users::table.select(users::id).first::<UserId>(c)).map(|found| found.is_some())
}

/// Adds an account.
///
/// # Errors
/// [`crate::problem::Problem::Exists`] when the address has one.
pub fn insert(tx: &mut Tx<'_>, account: &Account, folded: &str, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(users::table)
            .values((
                users::id.eq(account.id),
                users::email.eq(&account.email),
                users::email_folded.eq(folded),
                users::name.eq(&account.name),
                users::password_hash.eq(&account.password_hash),
                users::created_at.eq(now),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Replaces the password.
///
/// # Errors
/// Only those of the database.
pub fn set_password(tx: &mut Tx<'_>, id: UserId, hash: &str) -> Outcome<()> {
    tx.run(|c| diesel::update(users::table.find(id)).set(users::password_hash.eq(hash)).execute(c)).map(drop)
}

/// Locks a researcher's row until the transaction ends, so that only one booking at a time plans this person's
/// time (the second lock in the order of R1). SQLite has one writer and needs no lock.
///
/// # Errors
/// Only those of the database.
pub fn lock(tx: &mut Tx<'_>, id: UserId) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            let row = users::table.find(id).select(users::id).for_no_key_update();
            row.first::<UserId>(c).optional().map(drop)
        }
    })
}

/// Adds an API token, known by its digest only.
///
/// # Errors
/// Only those of the database.
pub fn insert_token(
    tx: &mut Tx<'_>,
    user: UserId,
    label: &str,
    digest: &str,
    now: Instant,
) -> Outcome<TokenId> {
    let id = TokenId::new();
    tx.run(|c| {
        diesel::insert_into(api_tokens::table)
            .values((
                api_tokens::id.eq(id),
                api_tokens::user_id.eq(user),
                api_tokens::label.eq(label),
                api_tokens::digest.eq(digest),
                api_tokens::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// An API token as its owner sees it in the list.
#[derive(Debug, Clone, Queryable)]
pub struct Token {
    /// The token's id, which opens nothing.
    pub id: TokenId,
    /// What it is for, in its owner's words.
    pub label: String,
    /// When it was made.
    pub created_at: Instant,
}

/// The API tokens of a researcher, newest first, at most two hundred.
///
/// # Errors
/// Only those of the database.
pub fn tokens(tx: &mut Tx<'_>, user: UserId) -> Outcome<Vec<Token>> {
    tx.run(|c| {
        api_tokens::table
            .filter(api_tokens::user_id.eq(user))
            .order(api_tokens::id.desc())
            .limit(200)
            .select((api_tokens::id, api_tokens::label, api_tokens::created_at))
            .load(c)
    })
}

/// Ends one API token of a researcher; false when it is not theirs.
///
/// # Errors
/// Only those of the database.
pub fn end_token(tx: &mut Tx<'_>, user: UserId, id: TokenId) -> Outcome<bool> {
    tx.run(|c| {
        diesel::delete(api_tokens::table.filter(api_tokens::id.eq(id)).filter(api_tokens::user_id.eq(user)))
            .execute(c)
    })
    .map(|ended| ended > 0)
}

/// The researcher behind an API token: id, address and name.
///
/// # Errors
/// Only those of the database.
pub fn by_token(tx: &mut Tx<'_>, digest: &str) -> Outcome<Option<(UserId, String, String)>> {
    tx.maybe(|c| {
        api_tokens::table
            .inner_join(users::table.on(users::id.eq(api_tokens::user_id)))
            .filter(api_tokens::digest.eq(digest))
            .select((users::id, users::email, users::name))
            .first(c)
    })
}

/// The names of researchers, in no order.
///
/// # Errors
/// Only those of the database.
pub fn names(tx: &mut Tx<'_>, ids: &[UserId]) -> Outcome<Vec<(UserId, String)>> {
    tx.run(|c| {
        on_each!(c, |c| {
            users::table
                .filter(users::id.eq_any(ids.iter().copied()))
                .select((users::id, users::name))
                .load(c)
        })
    })
}
