//! Who respondents are: one sealed blob each, found by a keyed digest of the mail address (R6).

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::Tx;
use super::dialect::on_each;
use super::schema::{contacts, do_not_contact, respondents};
use crate::clock::Instant;
use crate::domain::text::EmailAddress;
use crate::id::{RespondentId, StudyId};
use crate::keys::About;
use crate::problem::{Outcome, Problem};

/// All that tells who a respondent is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: EmailAddress,
    /// The job title, such as "beleidsmedewerker Wmo".
    pub role: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
}

fn place(respondent: RespondentId) -> String {
    format!("contact {respondent}")
}

/// The digest by which an address is known in a study, without regard to case.
#[must_use]
pub fn email_digest(tx: &Tx<'_>, study: StudyId, email: &EmailAddress) -> String {
    tx.keys().digest(About::Email, &[study.as_str().as_bytes(), email.folded().as_bytes()])
}

fn seal(tx: &Tx<'_>, respondent: RespondentId, contact: &Contact) -> Outcome<Vec<u8>> {
    let plain = serde_json::to_vec(contact).map_err(Problem::internal)?;
    tx.keys().seal(&place(respondent), &plain)
}

fn open(tx: &Tx<'_>, respondent: RespondentId, sealed: &[u8]) -> Outcome<Contact> {
    let plain = tx.keys().open(&place(respondent), sealed)?;
    serde_json::from_slice(&plain).map_err(Problem::internal)
}

/// Adds the contact of a new respondent, with the [digest](email_digest) of its address.
///
/// # Errors
/// [`Problem::Invalid`] with `email_duplicate` when the address is in the study.
pub fn insert(
    tx: &mut Tx<'_>,
    study: StudyId,
    respondent: RespondentId,
    contact: &Contact,
    digest: &str,
) -> Outcome<()> {
    let sealed = seal(tx, respondent, contact)?;
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(contacts::table)
                .values((
                    contacts::respondent.eq(respondent),
                    contacts::study.eq(study),
                    contacts::email_digest.eq(digest),
                    contacts::sealed.eq(sealed),
                ))
                .execute(c)
        })
    })
    .map(drop)
}

/// Replaces the contact of a respondent.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, study: StudyId, respondent: RespondentId, contact: &Contact) -> Outcome<()> {
    let sealed = seal(tx, respondent, contact)?;
    let digest = email_digest(tx, study, &contact.email);
    let corrected = contacts::table.find(respondent).filter(contacts::email_digest.ne(digest.clone()));
    tx.run(|c| diesel::update(corrected).set(contacts::bounced_at.eq(None::<Instant>)).execute(c))?;
    tx.run(|c| {
        diesel::update(contacts::table.find(respondent))
            .set((contacts::email_digest.eq(digest), contacts::sealed.eq(sealed)))
            .execute(c)
    })
    .map(drop)
}

/// The contact of a respondent.
///
/// # Errors
/// [`Problem::ContactRemoved`] when it is there no more.
pub fn get(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Contact> {
    find(tx, respondent)?.ok_or(Problem::ContactRemoved)
}

/// The contact of a respondent, unless it was removed or erased.
///
/// # Errors
/// When the seal is broken.
pub fn find(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Contact>> {
    let found: Option<Vec<u8>> =
        tx.maybe(|c| on_each!(c, |c| contacts::table.find(respondent).select(contacts::sealed).first(c)))?;
    found.map(|sealed| open(tx, respondent, &sealed)).transpose()
}

/// The contacts of several respondents in one query, in no order.
///
/// # Errors
/// Only those of the database.
pub fn of(tx: &mut Tx<'_>, respondents: &[RespondentId]) -> Outcome<Vec<(RespondentId, Contact)>> {
    let rows: Vec<(RespondentId, Vec<u8>)> = tx.run(|c| {
        contacts::table
            .filter(contacts::respondent.eq_any(respondents.iter().copied()))
            .select((contacts::respondent, contacts::sealed))
            .load(c)
    })?;
    rows.into_iter().map(|(id, sealed)| open(tx, id, &sealed).map(|contact| (id, contact))).collect()
}

/// The respondent of a study who has an address.
///
/// # Errors
/// Only those of the database.
pub fn by_email(tx: &mut Tx<'_>, study: StudyId, email: &EmailAddress) -> Outcome<Option<RespondentId>> {
    let digest = email_digest(tx, study, email);
    let theirs = contacts::table.filter(contacts::study.eq(study)).filter(contacts::email_digest.eq(digest));
    tx.maybe(|c| theirs.select(contacts::respondent).first(c))
}

/// Notes that the address of a respondent takes no mail. A corrected address is another one, and begins anew.
///
/// # Errors
/// Only those of the database.
pub fn note_bounce(tx: &mut Tx<'_>, respondent: RespondentId, now: Instant) -> Outcome<()> {
    let contact = contacts::table.find(respondent);
    tx.run(|c| diesel::update(contact).set(contacts::bounced_at.eq(now)).execute(c)).map(drop)
}

/// Since when it is known that the address of a respondent takes no mail.
///
/// # Errors
/// Only those of the database.
pub fn bounced_at(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Instant>> {
    let found: Option<Option<Instant>> =
        tx.maybe(|c| contacts::table.find(respondent).select(contacts::bounced_at).first(c))?;
    Ok(found.flatten())
}

/// Of how many respondents of a study there are contact data.
///
/// # Errors
/// Only those of the database.
pub fn count(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    tx.run(|c| contacts::table.filter(contacts::study.eq(study)).count().get_result(c))
}

/// How many addresses of a study take no mail.
///
/// # Errors
/// Only those of the database.
pub fn count_bouncing(tx: &mut Tx<'_>, study: StudyId) -> Outcome<i64> {
    let bouncing =
        contacts::table.filter(contacts::study.eq(study)).filter(contacts::bounced_at.is_not_null());
    tx.run(|c| bouncing.count().get_result(c))
}

/// Which of the given digests are known in the study already, each with the code of its respondent.
///
/// # Errors
/// Only those of the database.
pub fn known(tx: &mut Tx<'_>, study: StudyId, digests: &[String]) -> Outcome<HashMap<String, String>> {
    let rows: Vec<(String, String)> = tx.run(|c| {
        contacts::table
            .inner_join(respondents::table.on(respondents::id.eq(contacts::respondent)))
            .filter(contacts::study.eq(study))
            .filter(contacts::email_digest.eq_any(digests))
            .select((contacts::email_digest, respondents::code))
            .load(c)
    })?;
    Ok(rows.into_iter().collect())
}

/// Whose address it is in a study, by its digest.
///
/// # Errors
/// Only those of the database.
pub fn holder(tx: &mut Tx<'_>, study: StudyId, digest: &str) -> Outcome<Option<RespondentId>> {
    tx.maybe(|c| {
        contacts::table
            .filter(contacts::study.eq(study))
            .filter(contacts::email_digest.eq(digest))
            .select(contacts::respondent)
            .first(c)
    })
}

/// Deletes the contact of a respondent. The file keeps no trace of it: `secure_delete` overwrites the bytes.
///
/// # Errors
/// Only those of the database.
pub fn delete(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<()> {
    tx.run(|c| diesel::delete(contacts::table.find(respondent)).execute(c)).map(drop)
}

/// Remembers, beyond erasure, that an address must not be written to again.
///
/// # Errors
/// Only those of the database.
pub fn suppress(tx: &mut Tx<'_>, study: StudyId, digest: &str, now: Instant) -> Outcome<()> {
    if is_suppressed(tx, study, digest)? {
        return Ok(());
    }
    tx.run(|c| {
        diesel::insert_into(do_not_contact::table)
            .values((
                do_not_contact::study.eq(study),
                do_not_contact::email_digest.eq(digest),
                do_not_contact::at.eq(now),
            ))
            .execute(c)
    })
    .map(drop)
}

/// Which of the given digests are of addresses that must not be written to.
///
/// # Errors
/// Only those of the database.
pub fn suppressed(tx: &mut Tx<'_>, study: StudyId, digests: &[String]) -> Outcome<HashSet<String>> {
    let rows: Vec<String> = tx.run(|c| {
        do_not_contact::table
            .filter(do_not_contact::study.eq(study))
            .filter(do_not_contact::email_digest.eq_any(digests))
            .select(do_not_contact::email_digest)
            .load(c)
    })?;
    Ok(rows.into_iter().collect())
}

/// Whether an address must not be written to.
///
/// # Errors
/// Only those of the database.
pub fn is_suppressed(tx: &mut Tx<'_>, study: StudyId, digest: &str) -> Outcome<bool> {
    let found: Option<Instant> = tx.maybe(|c| {
        on_each!(c, |c| do_not_contact::table.find((study, digest)).select(do_not_contact::at).first(c))
    })?;
    Ok(found.is_some())
}
