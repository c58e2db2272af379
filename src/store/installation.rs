//! What a database knows of the installation that it belongs to.

use diesel::prelude::*;

use super::dialect::{Conn, on_each};
use super::schema::installation;
use super::tx::Tx;
use crate::keys::Keys;
use crate::problem::{Outcome, Problem};

const FINGERPRINT: &str = "secret_fingerprint";

/// Demands that the database was made with this secret; a new one remembers it. With another secret no personal link
/// would work and no contact would open, so the server does not start (R5).
pub(super) fn recognise(conn: &mut Conn, keys: &Keys) -> Outcome<()> {
    let mut tx = Tx::new(conn, keys);
    match value(&mut tx, FINGERPRINT)? {
        None => set(&mut tx, FINGERPRINT, keys.fingerprint()),
        Some(known) if known == keys.fingerprint() => Ok(()),
        Some(_) => Err(Problem::internal(
            "this database was made with another secret; give that one in VELDWERK_SECRET_KEY or put its file back",
        )),
    }
}

/// Reads a value of the installation.
pub(super) fn value(tx: &mut Tx<'_>, key: &str) -> Outcome<Option<String>> {
    tx.maybe(|c| on_each!(c, |c| installation::table.find(key).select(installation::value).first(c)))
}

/// Writes a value of the installation.
pub(super) fn set(tx: &mut Tx<'_>, key: &str, value: &str) -> Outcome<()> {
    let changed = tx.run(|c| {
        diesel::update(installation::table.find(key)).set(installation::value.eq(value)).execute(c)
    })?;
    if changed == 0 {
        tx.run(|c| {
            diesel::insert_into(installation::table)
                .values((installation::key.eq(key), installation::value.eq(value)))
                .execute(c)
        })?;
    }
    Ok(())
}
