//! A study's own words for its letters; where there are none, ours hold.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::letter_texts as texts;
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};

/// A study's own words for one kind of letter in one language.
#[derive(Debug, Clone)]
pub struct LetterText {
    /// For which letter.
    pub kind: LetterKind,
    /// In which language.
    pub language: Language,
    /// The words.
    pub wording: Wording,
    /// When they were changed last.
    pub changed_at: Instant,
}

type Row = (LetterKind, Language, String, String, Instant);

fn read((kind, language, subject, body, changed_at): Row) -> Outcome<LetterText> {
    let wording = Wording::parse(kind, &subject, &body).map_err(Problem::Invalid);
    let wording = wording.map_err(|damaged| Problem::internal(damaged.to_string()))?;
    Ok(LetterText { kind, language, wording, changed_at })
}

/// The words of one letter.
///
/// # Errors
/// Only those of the database.
pub fn get(
    tx: &mut Tx<'_>,
    study: StudyId,
    kind: LetterKind,
    language: Language,
) -> Outcome<Option<LetterText>> {
    let row = tx.maybe(|c| {
        on_each!(c, |c| {
            texts::table
                .find((study, kind, language))
                .select((texts::kind, texts::language, texts::subject, texts::body, texts::changed_at))
                .first(c)
        })
    })?;
    row.map(read).transpose()
}

/// All words of a study: which letters, in which language, and since when.
///
/// # Errors
/// Only those of the database.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<(LetterKind, Language, Instant)>> {
    tx.run(|c| {
        texts::table
            .filter(texts::study.eq(study))
            .select((texts::kind, texts::language, texts::changed_at))
            .load(c)
    })
}

/// Keeps the words of a letter in place of those before.
///
/// # Errors
/// Only those of the database.
pub fn set(
    tx: &mut Tx<'_>,
    study: StudyId,
    kind: LetterKind,
    language: Language,
    wording: &Wording,
    now: Instant,
) -> Outcome<()> {
    let words =
        (texts::subject.eq(wording.subject()), texts::body.eq(wording.body()), texts::changed_at.eq(now));
    let changed =
        tx.run(|c| diesel::update(texts::table.find((study, kind, language))).set(words).execute(c))?;
    if changed == 0 {
        tx.run(|c| {
            diesel::insert_into(texts::table)
                .values((texts::study.eq(study), texts::kind.eq(kind), texts::language.eq(language), words))
                .execute(c)
        })?;
    }
    Ok(())
}

/// Goes back to our words; false when these held already.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, study: StudyId, kind: LetterKind, language: Language) -> Outcome<bool> {
    tx.run(|c| diesel::delete(texts::table.find((study, kind, language))).execute(c)).map(|gone| gone > 0)
}
