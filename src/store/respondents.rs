//! Respondents under their codes: everything but who they are, which is in [`super::contacts`].

mod history;
mod lists;
mod removal;

pub use history::{Moment, Step, history, note, set_status};
pub use lists::{Filter, count, count_up_to, page, waiting};
pub use removal::{remove, with_traces};

use std::collections::HashSet;

use diesel::prelude::*;

use super::Tx;
use super::dialect::{Conn, on_each};
use super::prepared::Prepare as _;
use super::schema::respondents;
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ImportId, RespondentId, StratumId, StudyId, UserId};
use crate::keys::token_digest;
use crate::problem::Outcome;

/// A respondent's row.
#[derive(Debug, Clone, Queryable)]
pub struct Respondent {
    /// The respondent's id.
    pub id: RespondentId,
    /// The study that they belong to.
    pub study: StudyId,
    /// The pseudonym, such as `R07`.
    pub code: String,
    /// The municipality that they work for.
    pub municipality: MunicipalityCode,
    /// The stratum that the municipality falls into on the study's date.
    pub stratum: Option<StratumId>,
    /// The language of letters and pages.
    pub language: Language,
    /// Where they stand.
    pub status: RespondentStatus,
    /// How many personal links they have had.
    pub link_generation: i32,
    /// How often the row was changed, for If-Match.
    pub revision: i32,
    /// When they were added.
    pub created_at: Instant,
    /// When they were first written to.
    pub invited_at: Option<Instant>,
    /// When they first pressed a button on their page (R4).
    pub opened_at: Option<Instant>,
    /// When they objected to letters.
    pub opted_out_at: Option<Instant>,
    /// When they took their consent back.
    pub withdrawn_at: Option<Instant>,
    /// Who is to interview them, where somebody chose; else whoever is free.
    pub interviewer: Option<UserId>,
    /// When their contact data were removed, if they were.
    pub contact_removed_at: Option<Instant>,
}

type Columns = (
    respondents::id,
    respondents::study,
    respondents::code,
    respondents::municipality,
    respondents::stratum,
    respondents::language,
    respondents::status,
    respondents::link_generation,
    respondents::revision,
    respondents::created_at,
    respondents::invited_at,
    respondents::opened_at,
    respondents::opted_out_at,
    respondents::withdrawn_at,
    respondents::interviewer,
    respondents::contact_removed_at,
);

const COLUMNS: Columns = (
    respondents::id,
    respondents::study,
    respondents::code,
    respondents::municipality,
    respondents::stratum,
    respondents::language,
    respondents::status,
    respondents::link_generation,
    respondents::revision,
    respondents::created_at,
    respondents::invited_at,
    respondents::opened_at,
    respondents::opted_out_at,
    respondents::withdrawn_at,
    respondents::interviewer,
    respondents::contact_removed_at,
);

/// Finds a respondent that is not erased.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<Respondent> {
    tx.run(|c| {
        on_each!(c, |c| respondents::table
            .find(id)
            .filter(respondents::erased_at.is_null())
            .select(COLUMNS)
            .first(c))
    })
}

/// Finds what remains of a respondent, erased or not: a letter may still have to tell of their code.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn remains(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<Respondent> {
    tx.run(|c| on_each!(c, |c| respondents::table.find(id).select(COLUMNS).first(c)))
}

/// Whether a respondent is erased.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn is_erased(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<bool> {
    let row = respondents::table.find(id).select(respondents::erased_at.is_not_null());
    tx.run(|c| on_each!(c, |c| row.first(c)))
}

/// Whether the contact data of a respondent are gone: removed, or erased with the person.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn is_out_of_reach(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<bool> {
    let row = respondents::table.find(id).select(respondents::contact_removed_at.is_not_null());
    tx.run(|c| on_each!(c, |c| row.first(c)))
}

/// The id of a respondent of a study by their code, unless they are erased.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn id_of_code(tx: &mut Tx<'_>, study: StudyId, code: &str) -> Outcome<RespondentId> {
    let coded = respondents::table.filter(respondents::study.eq(study)).filter(respondents::code.eq(code));
    tx.run(|c| coded.filter(respondents::erased_at.is_null()).select(respondents::id).first(c))
}

/// Which of some codes were given out in a study, to whomever: those of the erased stay theirs.
///
/// # Errors
/// Only those of the database.
pub fn codes_given(tx: &mut Tx<'_>, study: StudyId, codes: &[&str]) -> Outcome<HashSet<String>> {
    let theirs = respondents::table.filter(respondents::study.eq(study));
    let given: Vec<String> = tx.run(|c| {
        theirs.filter(respondents::code.eq_any(codes.iter().copied())).select(respondents::code).load(c)
    })?;
    Ok(given.into_iter().collect())
}

/// Finds the respondent of a personal link by the link's digest.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for an unknown, replaced or erased one alike (R5).
pub fn by_link(tx: &mut Tx<'_>, digest: &str) -> Outcome<Respondent> {
    tx.run(|c| {
        on_each!(c, |c| respondents::table
            .filter(respondents::link_digest.eq(digest))
            .filter(respondents::erased_at.is_null())
            .select(COLUMNS)
            .first(c))
    })
}

/// Finds the respondent of an unsubscribe link by the link's digest.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn by_unsubscribe(tx: &mut Tx<'_>, digest: &str) -> Outcome<Respondent> {
    tx.run(|c| respondents::table.filter(respondents::unsubscribe_digest.eq(digest)).select(COLUMNS).first(c))
}

/// Those of the given respondents that belong to the study and are not erased.
///
/// # Errors
/// Only those of the database.
pub fn some(tx: &mut Tx<'_>, study: StudyId, ids: &[RespondentId]) -> Outcome<Vec<Respondent>> {
    tx.run(|c| {
        respondents::table
            .filter(respondents::id.eq_any(ids.iter().copied()))
            .filter(respondents::study.eq(study))
            .filter(respondents::erased_at.is_null())
            .select(COLUMNS)
            .load(c)
    })
}

/// What a new respondent is made of.
#[derive(Debug, Clone)]
pub struct NewRespondent {
    /// The pseudonym, unique in the study.
    pub code: String,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The stratum it falls into.
    pub stratum: Option<StratumId>,
    /// The language of letters and pages.
    pub language: Language,
    /// The import by which they come.
    pub import: Option<ImportId>,
}

/// Adds a respondent with their first personal link.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, study: StudyId, new: &NewRespondent, now: Instant) -> Outcome<RespondentId> {
    let id = RespondentId::new();
    let link = token_digest(&tx.keys().link_token(id, 1));
    let unsubscribe = token_digest(&tx.keys().unsubscribe_token(id));
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(respondents::table)
                .values((
                    respondents::id.eq(id),
                    respondents::study.eq(study),
                    respondents::code.eq(&new.code),
                    respondents::municipality.eq(new.municipality),
                    respondents::stratum.eq(new.stratum),
                    respondents::language.eq(new.language),
                    respondents::status.eq(RespondentStatus::Listed),
                    respondents::link_generation.eq(1),
                    respondents::link_digest.eq(link),
                    respondents::unsubscribe_digest.eq(unsubscribe),
                    respondents::revision.eq(1),
                    respondents::created_at.eq(now),
                    respondents::import.eq(new.import),
                ))
                .execute(c)
        })
    })?;
    Ok(id)
}

/// Gives a respondent a new personal link; the old one ends. Answers the token, which is not stored.
///
/// # Errors
/// Only those of the database.
pub fn renew_link(tx: &mut Tx<'_>, respondent: &Respondent) -> Outcome<String> {
    let generation = respondent.link_generation.saturating_add(1);
    let token = tx.keys().link_token(respondent.id, generation);
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::update(respondents::table.find(respondent.id))
                .set((
                    respondents::link_generation.eq(generation),
                    respondents::link_digest.eq(token_digest(&token)),
                    respondents::revision.eq(respondents::revision + 1),
                ))
                .prepared()
                .execute(c)
        })
    })?;
    Ok(token)
}

/// Corrects where a respondent belongs and how they are addressed.
///
/// # Errors
/// Only those of the database.
pub fn correct(
    tx: &mut Tx<'_>,
    id: RespondentId,
    municipality: MunicipalityCode,
    stratum: Option<StratumId>,
    language: Language,
) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(respondents::table.find(id))
            .set((
                respondents::municipality.eq(municipality),
                respondents::stratum.eq(stratum),
                respondents::language.eq(language),
                respondents::revision.eq(respondents::revision + 1),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Chooses who is to interview a respondent, or nobody in particular.
///
/// # Errors
/// Only those of the database.
pub fn choose_interviewer(tx: &mut Tx<'_>, id: RespondentId, interviewer: Option<UserId>) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(respondents::table.find(id))
            .set((
                respondents::interviewer.eq(interviewer),
                respondents::revision.eq(respondents::revision + 1),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Gives the respondents of somebody who interviews in a study no longer to somebody else, or to whoever is free.
///
/// # Errors
/// Only those of the database.
pub fn pass_on(tx: &mut Tx<'_>, study: StudyId, from: UserId, to: Option<UserId>) -> Outcome<()> {
    let theirs =
        respondents::table.filter(respondents::study.eq(study)).filter(respondents::interviewer.eq(from));
    tx.run(|c| {
        diesel::update(theirs)
            .set((respondents::interviewer.eq(to), respondents::revision.eq(respondents::revision + 1)))
            .execute(c)
    })
    .map(drop)
}

/// Locks a respondent's row until the transaction ends, so that only one change at a time is made to their
/// participation, and reads it as it then is. It comes before the locks of R1. SQLite has one writer and needs no
/// lock.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for one that is unknown or erased.
pub fn lock(tx: &mut Tx<'_>, id: RespondentId) -> Outcome<Respondent> {
    let row = respondents::table.find(id).filter(respondents::erased_at.is_null()).select(COLUMNS);
    tx.run(|c| match c {
        Conn::Sqlite(c) => row.first(c),
        Conn::Postgres(c) => row.for_update().first(c),
    })
}

/// As [`lock`], for a row that was just read in the same transaction: on SQLite nobody can have changed it since.
///
/// # Errors
/// As [`lock`].
pub fn lock_found(tx: &mut Tx<'_>, found: Respondent) -> Outcome<Respondent> {
    if tx.locks_rows() { lock(tx, found.id) } else { Ok(found) }
}
