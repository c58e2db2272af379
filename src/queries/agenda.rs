//! The interviews of a study as its researchers look at them: what comes, what was, and with whom.

use std::collections::HashMap;

use super::interviews::{self, InterviewView};
use super::page::{Cursor, Page, one_more};
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::agenda::{self, Engagement};
use crate::store::{Tx, accounts, contacts, interviews as rows, members, municipalities, respondents};

pub use crate::store::agenda::Part;

/// An interview in the agenda.
#[derive(Debug, Clone)]
pub struct AgendaItem {
    /// The interview's id.
    pub id: InterviewId,
    /// When it begins.
    pub starts_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
    /// Whether it is planned online without a link to join it by.
    pub link_missing: bool,
    /// The respondent's pseudonym.
    pub code: String,
    /// The respondent's name, for those who may see it and until it is erased.
    pub name: Option<String>,
    /// The name of the municipality.
    pub municipality: String,
}

/// An interview with all that its page shows.
#[derive(Debug, Clone)]
pub struct InterviewDetail {
    /// The study.
    pub study: StudyId,
    /// The interview.
    pub interview: InterviewView,
    /// The respondent's name, for those who may see it and until it is erased.
    pub name: Option<String>,
    /// The name of the municipality.
    pub municipality: String,
    /// The name of who holds it.
    pub interviewer: String,
    /// The interview's own link to join it by.
    pub own_link: Option<String>,
    /// Why it was called off, for those who may see what respondents write.
    pub reason: Option<String>,
    /// Whether the caller may see where it is held.
    pub shows_place: bool,
    /// Whether the respondent was erased, so that no page leads to them.
    pub is_erased: bool,
}

/// A page of the agenda.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    (part, after): (Part, Option<(Instant, InterviewId)>),
    now: Instant,
    limit: usize,
) -> Outcome<Page<AgendaItem>> {
    let member = members::require(tx, study, user, Right::View)?;
    let found = agenda::page(tx, study, part, now, after, one_more(limit))?;
    let ids: Vec<RespondentId> = found.iter().map(|row| row.respondent).collect();
    let known = if member.may(Right::Contacts) { contacts::of(tx, &ids)? } else { Vec::new() };
    let names: HashMap<RespondentId, String> =
        known.into_iter().map(|(respondent, contact)| (respondent, contact.name)).collect();
    let places = municipalities::places(tx)?;
    let item = |row: Engagement| AgendaItem {
        id: row.id,
        starts_at: row.starts_at,
        mode: row.mode,
        status: row.status,
        link_missing: row.status == InterviewStatus::Booked
            && row.mode == Mode::Teams
            && row.join_link.is_none(),
        name: names.get(&row.respondent).cloned(),
        municipality: places.name(row.municipality),
        code: row.code,
    };
    let items = found.into_iter().map(item).collect();
    Ok(Page::cut(items, limit, |last: &AgendaItem| Cursor(last.starts_at, last.id).to_string()))
}

/// One interview.
///
/// # Errors
/// Those of access.
pub fn detail(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<InterviewDetail> {
    let row = rows::get(tx, id)?;
    let member = members::require(tx, row.study, user, Right::View)?;
    let shows_place = member.may(Right::Contacts);
    let known = if shows_place { contacts::of(tx, &[row.respondent])? } else { Vec::new() };
    let municipality = respondents::remains(tx, row.respondent)?.municipality;
    Ok(InterviewDetail {
        study: row.study,
        interview: interviews::one(tx, user, id)?,
        name: known.into_iter().next().map(|(_, contact)| contact.name),
        municipality: municipalities::places(tx)?.name(municipality),
        interviewer: accounts::get(tx, row.interviewer)?.name,
        own_link: row.own_link,
        reason: if shows_place { rows::reason(tx, id)? } else { None },
        shows_place,
        is_erased: respondents::is_erased(tx, row.respondent)?,
    })
}
