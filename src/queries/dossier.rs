//! All that there is about one respondent, for the page about them.

use super::agenda::AgendaItem;
use super::respondents::{self, RespondentItem};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::consent::ConsentForm;
use crate::domain::incoming::Kind;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::id::{ConsentFormId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::consents::Consent;
use crate::store::letters::{Filter, LetterItem};
use crate::store::respondents::Step;
use crate::store::{Tx, consent_forms, consents, contacts, incoming_mail, interviews, letters, members};

/// The most letters that are shown.
const LETTERS: i64 = 100;

/// All that there is about one respondent.
#[derive(Debug)]
pub struct Dossier {
    /// Who it is.
    pub respondent: RespondentItem,
    /// The consent that holds, with the form that was agreed to.
    pub consent: Option<(Consent, ConsentForm)>,
    /// The form that is asked for now, where that is another one.
    pub asked: Option<(ConsentFormId, i32)>,
    /// The interviews, latest first.
    pub interviews: Vec<AgendaItem>,
    /// The letters, latest first; none for those who do not see the outbox.
    pub letters: Vec<LetterItem>,
    /// What happened, latest first.
    pub history: Vec<Step>,
    /// When mail to the address came back.
    pub bounced_at: Option<Instant>,
    /// When a machine last answered for this person.
    pub auto_reply_at: Option<Instant>,
    /// Who could be chosen to interview them, for those who may decide it.
    pub interviewers: Vec<(UserId, String)>,
}

/// All about one respondent.
///
/// # Errors
/// Those of access.
pub fn of(tx: &mut Tx<'_>, user: UserId, id: RespondentId) -> Outcome<Dossier> {
    let member = members::require_for(tx, id, user, Right::View)?;
    let respondent = respondents::get(tx, user, id)?;
    let consent = match consents::current(tx, id)? {
        Some(consent) => {
            let form = consent_forms::get(tx, consent.form)?;
            Some((consent, form.body))
        }
        None => None,
    };
    let asked = match &consent {
        Some((given, _)) => consent_forms::published(tx, member.study())?
            .and_then(|form| Some((form.id, form.version?)))
            .filter(|(_, version)| *version != given.version),
        None => None,
    };
    let about = Filter { respondent: Some(id), ..Filter::default() };
    let letters = if member.may(Right::Letters) {
        letters::page(tx, member.study(), about, LETTERS)?
    } else {
        Vec::new()
    };
    let interviews = interviews::of_respondent(tx, id)?.into_iter().map(|row| AgendaItem {
        id: row.id,
        starts_at: row.starts_at,
        mode: row.mode,
        status: row.status,
        link_missing: row.status == InterviewStatus::Booked
            && row.mode == Mode::Teams
            && row.announced_link.is_none(),
        code: respondent.code.clone(),
        name: respondent.name.clone(),
        municipality: respondent.municipality.name.clone(),
    });
    let interviews = interviews.collect();
    let interviewers = if member.may(Right::Interviews) {
        let all = members::of_study(tx, member.study())?;
        let can = all.into_iter().filter(|item| item.role.may(Right::PlanSelf));
        can.map(|item| (item.user, item.name)).collect()
    } else {
        Vec::new()
    };
    let mut history = respondents::history(tx, user, id)?.items;
    history.reverse();
    Ok(Dossier {
        respondent,
        consent,
        asked,
        interviews,
        letters,
        history,
        bounced_at: contacts::bounced_at(tx, id)?,
        auto_reply_at: incoming_mail::latest_from(tx, id, Kind::AutoReply)?,
        interviewers,
    })
}

/// What an erasure would take away.
#[derive(Debug)]
pub struct ToErase {
    /// The study.
    pub study: StudyId,
    /// The pseudonym.
    pub code: String,
    /// When the interview begins that would be called off.
    pub interview: Option<Instant>,
    /// How many letters there are.
    pub letters: i64,
}

/// What the erasure of a respondent would take away.
///
/// # Errors
/// Those of access.
pub fn to_erase(tx: &mut Tx<'_>, user: UserId, id: RespondentId) -> Outcome<ToErase> {
    let study = members::require_for(tx, id, user, Right::Contacts)?.study();
    let planned = interviews::active_of(tx, id)?.filter(|row| row.status == InterviewStatus::Booked);
    Ok(ToErase {
        study,
        code: respondents::get(tx, user, id)?.code,
        interview: planned.map(|row| row.starts_at),
        letters: letters::count_about(tx, id)?,
    })
}
