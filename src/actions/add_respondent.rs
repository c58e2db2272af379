//! Puts one respondent on the list.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::language::Language;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::{RespondentStatus, code, code_width};
use crate::id::{ImportId, RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::contacts::Contact;
use crate::store::respondents::{Moment, NewRespondent, Respondent};
use crate::store::{Tx, contacts, members, respondents, studies};

use super::assign_strata::Classes;

/// A respondent as a researcher enters them.
#[derive(Debug, Clone)]
pub struct Recruit {
    /// Who they are.
    pub contact: Contact,
    /// The municipality that they work for.
    pub municipality: MunicipalityCode,
    /// The language of letters and pages; the study's own when left out.
    pub language: Option<Language>,
    /// The import by which they come, if it can be undone.
    pub import: Option<ImportId>,
}

/// Adds a respondent under a new code, in the stratum of their municipality.
///
/// # Errors
/// [`Problem::Invalid`] with `email_duplicate` when the address is in the study.
pub fn add_respondent(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    recruit: &Recruit,
) -> Outcome<Done<RespondentId>> {
    members::require(tx, study, user, Right::Contacts)?;
    // The number is taken first: as it locks the study's row, its strata stay as they are read next.
    let number = studies::take_numbers(tx, study, 1)?;
    let enlisting = Enlisting::of(tx, now, Actor::User(user), study)?;
    let (id, entry) = enlisting.enlist(tx, recruit, &code(number, code_width(number)))?;
    Ok(entry.with(id))
}

/// What is the same of all whom somebody puts on the list of a study in one transaction.
pub(super) struct Enlisting {
    now: Instant,
    actor: Actor,
    study: StudyId,
    usual_language: Language,
    classes: Classes,
}

impl Enlisting {
    /// Reads what the study says of it. The study must be held or locked, so that this stays.
    pub(super) fn of(tx: &mut Tx<'_>, now: Instant, actor: Actor, study: StudyId) -> Outcome<Self> {
        let rules = studies::get(tx, study)?.study.rules;
        let classes = Classes::of(tx, study, rules.population_on)?;
        Ok(Self { now, actor, study, usual_language: rules.language, classes })
    }

    /// Adds a respondent under a code that is free. Somebody who objected in this study before and was erased since is
    /// taken up as one who objects, so that no wave reaches them.
    pub(super) fn enlist(
        &self,
        tx: &mut Tx<'_>,
        recruit: &Recruit,
        code: &str,
    ) -> Outcome<(RespondentId, Entry)> {
        let &Self { now, actor, study, usual_language, ref classes } = self;
        let municipality = recruit.municipality;
        if classes.places.gazetteer.get(municipality).is_none() {
            return Err(Problem::field("municipality", FieldCode::MunicipalityUnknown));
        }
        let new = NewRespondent {
            code: code.to_owned(),
            municipality,
            stratum: classes.stratum(municipality),
            language: recruit.language.unwrap_or(usual_language),
            import: recruit.import,
        };
        let id = respondents::insert(tx, study, &new, now)?;
        let digest = contacts::email_digest(tx, study, &recruit.contact.email);
        contacts::insert(tx, study, id, &recruit.contact, &digest)?;
        heed_objection(tx, now, study, id, &digest)?;
        Ok((id, Entry::new(now, actor, "respondent.added").study(study).subject(code)))
    }
}

/// Notes that a respondent objects to letters if their address, told by its digest, is one that must not be written to.
pub(super) fn heed_objection(
    tx: &mut Tx<'_>,
    now: Instant,
    study: StudyId,
    id: RespondentId,
    email_digest: &str,
) -> Outcome<()> {
    if !contacts::is_suppressed(tx, study, email_digest)? {
        return Ok(());
    }
    respondents::note(tx, id, Moment::OptedOut, now)?;
    let respondent: Respondent = respondents::get(tx, id)?;
    match respondent.status {
        RespondentStatus::Listed | RespondentStatus::Invited => {
            respondents::set_status(tx, &respondent, RespondentStatus::OptedOut, Actor::System, now)
        }
        _ => Ok(()),
    }
}
