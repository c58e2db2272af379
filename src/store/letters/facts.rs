//! What a letter tells, under its seal.

use diesel::prelude::*;

use super::Claimed;
use crate::domain::letter_facts::LetterFacts;
use crate::id::LetterId;
use crate::problem::{Outcome, Problem};
use crate::store::Tx;
use crate::store::schema::letters;

/// What a letter tells.
///
/// # Errors
/// [`Problem::NotFound`] when it was deleted in the meantime.
pub fn facts(tx: &Tx<'_>, letter: &Claimed) -> Outcome<LetterFacts> {
    let sealed = letter.facts.as_ref().ok_or(Problem::NotFound)?;
    open(tx, letter.id, sealed)
}

pub(super) fn seal(tx: &Tx<'_>, letter: LetterId, facts: &LetterFacts) -> Outcome<Vec<u8>> {
    let plain = serde_json::to_vec(facts).map_err(Problem::internal)?;
    tx.keys().seal(&place(letter), &plain)
}

/// Changes what a letter tells.
///
/// # Errors
/// When the seal is broken.
pub fn change_facts(
    tx: &mut Tx<'_>,
    letter: LetterId,
    sealed: &[u8],
    change: impl FnOnce(&mut LetterFacts),
) -> Outcome<()> {
    let mut facts = open(tx, letter, sealed)?;
    change(&mut facts);
    let sealed = seal(tx, letter, &facts)?;
    tx.run(|c| diesel::update(letters::table.find(letter)).set(letters::facts.eq(sealed)).execute(c))
        .map(drop)
}

fn open(tx: &Tx<'_>, letter: LetterId, sealed: &[u8]) -> Outcome<LetterFacts> {
    let plain = tx.keys().open(&place(letter), sealed)?;
    serde_json::from_slice(&plain).map_err(Problem::internal)
}

/// The place that a letter's facts are sealed for.
fn place(id: LetterId) -> String {
    format!("letter facts {id}")
}
