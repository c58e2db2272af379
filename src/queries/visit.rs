//! What the pages behind a personal link are built from.

use super::participation::{self, OpenParticipation, StudyFacts};
use super::referrals;
use crate::clock::Instant;
use crate::domain::correspondence::Referrer;
use crate::domain::language::Language;
use crate::domain::respondent::RespondentStatus;
use crate::domain::study::StudyRules;
use crate::id::{RespondentId, StudyId};
use crate::problem::Outcome;
use crate::store::{Tx, municipalities, respondents, strata, studies};

/// A visit by a personal link.
#[derive(Debug, Clone)]
pub struct VisitFacts {
    /// The study's id.
    pub study_id: StudyId,
    /// Who holds the link.
    pub respondent: RespondentId,
    /// The language in which they are written to.
    pub language: Language,
    /// Whether they objected to being written to.
    pub opted_out: bool,
    /// The study as respondents see it.
    pub study: StudyFacts,
    /// How its interviews are planned.
    pub rules: StudyRules,
    /// The participation; `None` once it was withdrawn.
    pub open: Option<OpenParticipation>,
    /// The respondent's municipality, whose town hall is offered.
    pub municipality: String,
    /// Whether the stratum has no place left.
    pub full: bool,
    /// The colleague by whom they came into the study, if by one.
    pub referrer: Option<Referrer>,
}

/// Everything about the visit of whoever holds a link.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for an unknown, replaced or erased one.
pub fn of_link(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<VisitFacts> {
    let respondent = respondents::by_link(tx, digest)?;
    let row = studies::get(tx, respondent.study)?;
    let study = participation::study_facts(tx, &row)?;
    let open = match respondent.status {
        RespondentStatus::Withdrawn => None,
        _ => Some(participation::open(tx, &respondent, study.clone(), now)?),
    };
    let full = match respondent.stratum {
        Some(stratum) => strata::is_full(tx, stratum)?,
        None => false,
    };
    Ok(VisitFacts {
        study_id: row.id,
        respondent: respondent.id,
        language: respondent.language,
        opted_out: respondent.opted_out_at.is_some(),
        study,
        rules: row.study.rules,
        open,
        municipality: municipalities::places(tx)?.name(respondent.municipality),
        full,
        referrer: referrals::referrer(tx, respondent.id)?,
    })
}
