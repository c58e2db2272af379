//! Consents that were given: the evidence, and whether it still holds.

use std::collections::BTreeMap;

use diesel::dsl::{count, max};
use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{consents, respondents};
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ConsentFormId, ConsentId, RespondentId, StudyId};
use crate::problem::{Outcome, Problem};

/// A consent that was given.
#[derive(Debug, Clone)]
pub struct Consent {
    /// The consent's id.
    pub id: ConsentId,
    /// The form that was agreed to.
    pub form: ConsentFormId,
    /// The version of that form.
    pub version: i32,
    /// The language in which it was read.
    pub language: Language,
    /// The SHA-256 of the exact text that was read.
    pub sha256: String,
    /// The answer to each item.
    pub items: BTreeMap<String, bool>,
    /// When it was given.
    pub given_at: Instant,
    /// When it was taken back.
    pub withdrawn_at: Option<Instant>,
    name_sealed: Option<Vec<u8>>,
}

type Row =
    (ConsentId, ConsentFormId, i32, Language, String, String, Instant, Option<Instant>, Option<Vec<u8>>);

type Columns = (
    consents::id,
    consents::form,
    consents::version,
    consents::language,
    consents::sha256,
    consents::items,
    consents::given_at,
    consents::withdrawn_at,
    consents::name_sealed,
);

const COLUMNS: Columns = (
    consents::id,
    consents::form,
    consents::version,
    consents::language,
    consents::sha256,
    consents::items,
    consents::given_at,
    consents::withdrawn_at,
    consents::name_sealed,
);

fn read(row: Row) -> Outcome<Consent> {
    let (id, form, version, language, sha256, items, given_at, withdrawn_at, name_sealed) = row;
    let items = serde_json::from_str(&items).map_err(Problem::internal)?;
    Ok(Consent { id, form, version, language, sha256, items, given_at, withdrawn_at, name_sealed })
}

fn name_place(id: ConsentId) -> String {
    format!("consent name {id}")
}

/// What makes up a consent.
#[derive(Debug, Clone)]
pub struct NewConsent {
    /// The study.
    pub study: StudyId,
    /// Who consents.
    pub respondent: RespondentId,
    /// To which form.
    pub form: ConsentFormId,
    /// Of which version.
    pub version: i32,
    /// Read in which language.
    pub language: Language,
    /// The SHA-256 of the exact text.
    pub sha256: String,
    /// The answer to each item.
    pub items: BTreeMap<String, bool>,
    /// The name that was typed; sealed here.
    pub name: Option<String>,
}

/// Finds a consent.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ConsentId) -> Outcome<Consent> {
    read(tx.run(|c| on_each!(c, |c| consents::table.find(id).select(COLUMNS).first(c)))?)
}

/// The consent of a respondent that holds now: the latest, unless it was taken back.
///
/// # Errors
/// Only those of the database.
pub fn current(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Consent>> {
    let row = tx.maybe(|c| {
        on_each!(c, |c| {
            consents::table
                .filter(consents::respondent.eq(respondent))
                .filter(consents::withdrawn_at.is_null())
                .order(consents::id.desc())
                .select(COLUMNS)
                .first(c)
        })
    })?;
    row.map(read).transpose()
}

/// The version of the form that a respondent agreed to, if their consent holds.
///
/// # Errors
/// Only those of the database.
pub fn current_version(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<i32>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            consents::table
                .filter(consents::respondent.eq(respondent))
                .filter(consents::withdrawn_at.is_null())
                .order(consents::id.desc())
                .select(consents::version)
                .first(c)
        })
    })
}

/// The name that was typed beside a consent, unless it was erased.
///
/// # Errors
/// When the seal is broken.
pub fn typed_name(tx: &Tx<'_>, consent: &Consent) -> Outcome<Option<String>> {
    let Some(sealed) = &consent.name_sealed else { return Ok(None) };
    let plain = tx.keys().open(&name_place(consent.id), sealed)?;
    String::from_utf8(plain).map(Some).map_err(Problem::internal)
}

/// How many respondents agreed to each form of a study and did not take it back.
///
/// # Errors
/// Only those of the database.
pub fn standing(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<(ConsentFormId, i64)>> {
    tx.run(|c| {
        consents::table
            .filter(consents::study.eq(study))
            .filter(consents::withdrawn_at.is_null())
            .group_by(consents::form)
            .select((consents::form, count(consents::respondent).aggregate_distinct()))
            .load(c)
    })
}

/// How many respondents of each status agreed to a form and did not take it back.
///
/// # Errors
/// Only those of the database.
pub fn standing_by_status(tx: &mut Tx<'_>, form: ConsentFormId) -> Outcome<Vec<(RespondentStatus, i64)>> {
    tx.run(|c| {
        consents::table
            .inner_join(respondents::table.on(respondents::id.eq(consents::respondent)))
            .filter(consents::form.eq(form))
            .filter(consents::withdrawn_at.is_null())
            .group_by(respondents::status)
            .select((respondents::status, count(consents::respondent).aggregate_distinct()))
            .load(c)
    })
}

/// A consent to a form, as a list shows it: under the code of who gave it.
#[derive(Debug, Clone, Queryable)]
pub struct Given {
    /// The consent's id, which orders the list.
    pub id: ConsentId,
    /// Who gave it.
    pub respondent: RespondentId,
    /// Under which code.
    pub code: String,
    /// When that person was erased.
    pub erased_at: Option<Instant>,
    /// The language in which the form was read.
    pub language: Language,
    /// The answers, as JSON.
    items: String,
    /// When it was given.
    pub given_at: Instant,
    /// When it was taken back.
    pub withdrawn_at: Option<Instant>,
}

impl Given {
    /// The answer to each item.
    ///
    /// # Errors
    /// When the row is damaged.
    pub fn items(&self) -> Outcome<BTreeMap<String, bool>> {
        serde_json::from_str(&self.items).map_err(Problem::internal)
    }
}

/// A page of the consents to a form, newest first, those that were taken back among them.
///
/// # Errors
/// Only those of the database.
pub fn to_form(
    tx: &mut Tx<'_>,
    form: ConsentFormId,
    before: Option<ConsentId>,
    limit: i64,
) -> Outcome<Vec<Given>> {
    let mut query = consents::table
        .inner_join(respondents::table.on(respondents::id.eq(consents::respondent)))
        .into_boxed::<super::dialect::Backend>()
        .filter(consents::form.eq(form))
        .order(consents::id.desc())
        .limit(limit)
        .select((
            consents::id,
            consents::respondent,
            respondents::code,
            respondents::erased_at,
            consents::language,
            consents::items,
            consents::given_at,
            consents::withdrawn_at,
        ));
    if let Some(before) = before {
        query = query.filter(consents::id.lt(before));
    }
    tx.run(|c| query.load(c))
}

/// The latest consent that a respondent gave and did not take back.
///
/// # Errors
/// Only those of the database.
pub fn latest(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<ConsentId>> {
    tx.run(|c| {
        on_each!(c, |c| {
            consents::table
                .filter(consents::respondent.eq(respondent))
                .filter(consents::withdrawn_at.is_null())
                .select(max(consents::id))
                .first(c)
        })
    })
}

/// Keeps a consent.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, new: &NewConsent, now: Instant) -> Outcome<ConsentId> {
    let id = ConsentId::new();
    let items = serde_json::to_string(&new.items).map_err(Problem::internal)?;
    let name = new.name.as_ref().map(|name| tx.keys().seal(&name_place(id), name.as_bytes())).transpose()?;
    tx.run(|c| {
        diesel::insert_into(consents::table)
            .values((
                consents::id.eq(id),
                consents::study.eq(new.study),
                consents::respondent.eq(new.respondent),
                consents::form.eq(new.form),
                consents::version.eq(new.version),
                consents::language.eq(new.language),
                consents::sha256.eq(&new.sha256),
                consents::items.eq(items),
                consents::name_sealed.eq(name),
                consents::given_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Takes back every consent of a respondent that still holds.
///
/// # Errors
/// Only those of the database.
pub fn withdraw(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<()> {
    let held =
        consents::table.filter(consents::respondent.eq(respondent)).filter(consents::withdrawn_at.is_null());
    tx.run(|c| diesel::update(held).set(consents::withdrawn_at.eq(now)).execute(c)).map(drop)
}
