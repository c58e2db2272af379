//! The table of municipalities that holds for the installation: the one that ships, or a newer one that was imported.
//!
//! Its text is kept with its SHA-256. What was read from it is remembered under that digest, which every transaction
//! compares: an import by another process is seen at once, and nothing is parsed twice.

use std::sync::{Arc, LazyLock, Mutex};

use super::Tx;
use super::installation;
use crate::domain::municipality::{Gazetteer, Places, table};
use crate::keys::sha256_hex;
use crate::problem::{Outcome, Problem};

const TEXT: &str = "municipalities";
const DIGEST: &str = "municipalities_sha256";

/// The table that ships; `None` only in a build whose tests failed.
static SHIPPED: LazyLock<Option<Arc<Places>>> =
    LazyLock::new(|| table::shipped().ok().map(|gazetteer| Arc::new(Places::new(gazetteer))));
/// The table that was imported last, with its digest.
static IMPORTED: Mutex<Option<(String, Arc<Places>)>> = Mutex::new(None);

/// The municipalities as this transaction sees them.
///
/// # Errors
/// Only those of the database, and a fault when a hand in the database spoilt the table.
pub fn places(tx: &mut Tx<'_>) -> Outcome<Arc<Places>> {
    let Some(digest) = installation::value(tx, DIGEST)? else {
        return SHIPPED.clone().ok_or_else(|| Problem::internal("the municipalities that ship are damaged"));
    };
    if let Some(places) = remembered(&digest) {
        return Ok(places);
    }
    let text = installation::value(tx, TEXT)?.unwrap_or_default();
    let places = Arc::new(Places::new(table::parse(&text).map_err(Problem::internal)?));
    if let Ok(mut imported) = IMPORTED.lock() {
        *imported = Some((digest, Arc::clone(&places)));
    }
    Ok(places)
}

fn remembered(digest: &str) -> Option<Arc<Places>> {
    let imported = IMPORTED.lock().ok()?;
    imported.as_ref().filter(|(known, _)| known == digest).map(|(_, places)| Arc::clone(places))
}

/// Puts a table that was checked in the place of the one that held.
///
/// # Errors
/// Only those of the database.
pub fn replace(tx: &mut Tx<'_>, text: &str) -> Outcome<()> {
    installation::set(tx, TEXT, text)?;
    installation::set(tx, DIGEST, &sha256_hex(text.as_bytes()))
}

/// The codes of the given gazetteer that respondents work for but that it does not hold.
///
/// # Errors
/// Only those of the database.
pub fn missing(tx: &mut Tx<'_>, gazetteer: &Gazetteer) -> Outcome<Vec<String>> {
    let used = super::assignment::municipalities(tx, None)?;
    Ok(used.into_iter().filter(|code| gazetteer.get(*code).is_none()).map(|c| c.to_string()).collect())
}
