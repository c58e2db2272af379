//! Gives a letter of a study words of its own, takes them away again, and sends a test of it.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::domain::letter_facts::{About, LetterFacts};
use crate::id::{LetterId, StudyId, UserId, random_name};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::letters::{NewLetter, Recipient};
use crate::store::{Tx, letter_texts, letters, members, studies};

/// Keeps the study's own words for a letter.
///
/// # Errors
/// Those of access.
pub fn word_letter(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    (kind, language): (LetterKind, Language),
    wording: &Wording,
) -> Outcome<Done<()>> {
    members::require(tx, study, user, Right::Letters)?;
    letter_texts::set(tx, study, kind, language, wording, now)?;
    Ok(Entry::new(now, Actor::User(user), "letter_text.changed")
        .study(study)
        .subject(format!("{kind}/{language}"))
        .field("subject", wording.subject())
        .field("body", wording.body())
        .with(()))
}

/// Keeps the study's own words for a letter in several languages at once. `fits` judges those that are found, in each
/// language.
///
/// # Errors
/// Those of access, and what `fits` says.
pub fn word_letters(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    kind: LetterKind,
    wordings: &[(Language, Wording)],
    fits: impl Fn(&[Option<Wording>]) -> Outcome<()>,
) -> Outcome<Done<()>> {
    studies::lock(tx, study)?;
    members::require(tx, study, user, Right::Letters)?;
    let mut found = Vec::new();
    for language in Language::ALL {
        found.push(letter_texts::get(tx, study, kind, language)?.map(|text| text.wording));
    }
    fits(&found)?;
    let mut done = Done::housekeeping(());
    for (language, wording) in wordings {
        let ((), entries) = word_letter(tx, now, user, study, (kind, *language), wording)?.into_parts();
        done = done.after(entries);
    }
    Ok(done)
}

/// Goes back to Veldwerk's own words for a letter.
///
/// # Errors
/// Those of access.
pub fn unword_letter(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    (kind, language): (LetterKind, Language),
) -> Outcome<Done<()>> {
    members::require(tx, study, user, Right::Letters)?;
    if !letter_texts::delete(tx, study, kind, language)? {
        return Ok(Done::housekeeping(()));
    }
    let entry = Entry::new(now, Actor::User(user), "letter_text.removed").study(study);
    Ok(entry.subject(format!("{kind}/{language}")).with(()))
}

/// Sends a letter, marked as a test and with invented facts, to the researcher who asks, once in each of some
/// languages. Answers with the last of them.
///
/// # Errors
/// Those of access.
pub fn rehearse_letter(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    kind: LetterKind,
    languages: &[Language],
) -> Outcome<Done<Made<LetterId>>> {
    members::require(tx, study, user, Right::Letters)?;
    let mut done = None;
    for language in languages {
        let letter = NewLetter {
            study,
            recipient: Recipient::User(user),
            respondent: None,
            kind,
            occasion: format!("test {}", random_name()),
            interview: None,
            facts: LetterFacts::about(About::Rehearsal(*language)),
            due_at: now,
        };
        let id =
            letters::put(tx, &letter, now)?.ok_or_else(|| Problem::internal("a test has no occasion"))?;
        let entry = Entry::new(now, Actor::User(user), "letter.rehearsed").study(study);
        let sent = entry.subject(id).field("kind", kind).with(Made::new(202, id));
        done = Some(match done {
            None => sent,
            Some(earlier) => sent.after(Done::into_parts(earlier).1),
        });
    }
    done.ok_or_else(|| Problem::internal("a test in no language"))
}
