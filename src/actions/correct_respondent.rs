//! Corrects what is known of a respondent.

use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::letter_facts::Addressee;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::text::EmailAddress;
use crate::id::{RespondentId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::{Tx, assignment, contacts, erasure, members, respondents, strata, studies};

use super::add_respondent::heed_objection;
use super::assign_strata::Classes;
use super::readdress::readdress;
use super::relocate::relocate;

/// What is to change of a respondent; what is left out stays.
#[derive(Debug, Clone, Default, ToSchema)]
pub struct Correction {
    /// Another name.
    #[schema(nullable = false, max_length = 200)]
    pub name: Option<String>,
    /// Another mail address.
    #[schema(nullable = false)]
    pub email: Option<EmailAddress>,
    /// Another job title, or none.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub role: Option<Option<String>>,
    /// Another phone number, or none.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub phone: Option<Option<String>>,
    /// Another municipality, by code, name or alias.
    #[schema(value_type = Option<String>, nullable = false)]
    pub municipality: Option<MunicipalityCode>,
    /// Another language of letters and pages.
    #[schema(nullable = false)]
    pub language: Option<Language>,
}

/// Corrects a respondent. Another municipality may be in another stratum; an interview then takes its place there,
/// even beyond the cap, which is shown (E15), and one at the town hall moves to the other town hall. Another address
/// takes the letters that wait along, and the next interview (see `readdress`); an invitation that has left is not
/// repeated by this. `fits` judges the revision that is found (If-Match).
///
/// # Errors
/// [`Problem::ContactRemoved`]; [`Problem::Invalid`] with `email_duplicate` when the address is in the study;
/// [`Problem::SlotTaken`] when the interviewer has no time for the way to another town hall; what `fits` says.
pub fn correct_respondent(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: RespondentId,
    correction: &Correction,
    fits: impl Fn(i32) -> Outcome<()>,
) -> Outcome<Done<()>> {
    let study = members::require_for(tx, id, user, Right::Contacts)?.study();
    studies::lock(tx, study)?;
    let before = respondents::get(tx, id)?;
    fits(before.revision)?;
    let known = contacts::get(tx, id)?;
    let mut contact = known.clone();
    let mut entry = Entry::new(now, Actor::User(user), erasure::CORRECTED).study(study).subject(&before.code);
    if let Some(name) = &correction.name {
        contact.name.clone_from(name);
        entry = entry.field("name", name);
    }
    if let Some(email) = &correction.email {
        contact.email = email.clone();
        entry = entry.field("email", email.as_str());
    }
    if let Some(role) = &correction.role {
        contact.role.clone_from(role);
        entry = entry.field("role", role.as_deref().unwrap_or_default());
    }
    if let Some(phone) = &correction.phone {
        contact.phone.clone_from(phone);
        entry = entry.field("phone", phone.as_deref().unwrap_or_default());
    }
    let municipality = correction.municipality.unwrap_or(before.municipality);
    let language = correction.language.unwrap_or(before.language);
    let moves = municipality != before.municipality;
    if contact == known && !moves && language == before.language {
        return Ok(Done::housekeeping(()));
    }
    if contact != known {
        contacts::update(tx, study, id, &contact)?;
        let digest = contacts::email_digest(tx, study, &contact.email);
        heed_objection(tx, now, study, id, &digest)?;
        // Written otherwise, it is still the same mailbox.
        if contact.email.folded() != known.email.folded() {
            let email = known.email.as_str().to_owned();
            readdress(tx, now, &before, Addressee { name: known.name, email, language: before.language })?;
        }
    }
    let mut stratum = before.stratum;
    if moves {
        strata::lock(tx, study)?;
        let date = studies::get(tx, study)?.study.rules.population_on;
        let classes = Classes::of(tx, study, date)?;
        if classes.places.gazetteer.get(municipality).is_none() {
            return Err(Problem::field("municipality", FieldCode::MunicipalityUnknown));
        }
        stratum = classes.stratum(municipality);
        entry = entry.field("municipality", municipality);
    }
    if language != before.language {
        entry = entry.field("language", language);
    }
    respondents::correct(tx, id, municipality, stratum, language)?;
    if stratum != before.stratum {
        assignment::assign_interviews(tx, id, stratum)?;
        assignment::recount(tx, study)?;
    }
    if moves {
        relocate(tx, now, id, municipality, Actor::User(user))?;
    }
    Ok(entry.with(()))
}
