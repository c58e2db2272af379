//! Respondents as a member of the study sees them (E1).

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, one_more};
use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::language::Language;
use crate::domain::municipality::MunicipalityCode;
use crate::domain::respondent::{RespondentStatus, code};
use crate::domain::text::EmailAddress;
use crate::id::{RespondentId, StratumId, StudyId, UserId, WaveId};
use crate::problem::{FieldCode, Outcome, Problem};
use crate::store::respondents::{Filter, Respondent, Step};
use crate::store::{Tx, contacts, members, municipalities, respondents, strata};

/// The most digits that a code can have.
const CODE_WIDTHS: usize = 7;

/// A respondent. For somebody without the right to contacts the four fields that tell who it is are null (R11).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Respondent)]
pub struct RespondentItem {
    /// The respondent's id.
    pub id: RespondentId,
    /// The pseudonym.
    pub code: String,
    /// The name.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The job title.
    pub role: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The municipality that they work for.
    pub municipality: Named,
    /// The key of the stratum; null where the strata leave a gap.
    pub stratum: Option<String>,
    /// The language of letters and pages.
    pub language: Language,
    /// Where they stand.
    pub status: RespondentStatus,
    /// Who is to interview them; null for whoever of the study has the fewest interviews that week.
    pub interviewer: Option<UserId>,
    /// When their contact data were removed; null while these are there.
    pub contact_removed_at: Option<Instant>,
    /// How often it was changed, for If-Match.
    #[serde(skip)]
    pub revision: i32,
}

/// A municipality by code and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NamedMunicipality)]
pub struct Named {
    /// Its code.
    pub code: MunicipalityCode,
    /// Its name.
    pub name: String,
}

/// Which respondents a list shows.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only with this status.
    pub status: Option<RespondentStatus>,
    /// Only of the stratum with this key.
    pub stratum: Option<String>,
    /// Only who works for this municipality.
    pub municipality: Option<MunicipalityCode>,
    /// Only those for whom this wave was meant.
    pub wave: Option<WaveId>,
    /// Only the one with this code or, for who may see addresses, with this mail address.
    pub text: Option<String>,
    /// Only those after this one: the cursor.
    pub after: Option<RespondentId>,
}

/// One respondent.
///
/// # Errors
/// Those of access.
pub fn get(tx: &mut Tx<'_>, user: UserId, id: RespondentId) -> Outcome<RespondentItem> {
    let member = members::require_for(tx, id, user, Right::View)?;
    let row = respondents::get(tx, id)?;
    items(tx, member, vec![row])?.pop().ok_or(Problem::NotFound)
}

/// The id of a respondent by their code.
///
/// # Errors
/// Those of access; `unknown_reference` where the study has no such code.
pub fn id_of_code(tx: &mut Tx<'_>, user: UserId, study: StudyId, code: &str) -> Outcome<RespondentId> {
    members::require(tx, study, user, Right::View)?;
    match respondents::id_of_code(tx, study, code) {
        Err(Problem::NotFound) => Err(Problem::field("code", FieldCode::UnknownReference)),
        found => found,
    }
}

/// A page of the respondents of a study, in the order of their making.
///
/// # Errors
/// Those of access; [`Problem::Invalid`] for a stratum that the study does not have.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    asked: &Asked,
    limit: usize,
) -> Outcome<Page<RespondentItem>> {
    let member = members::require(tx, study, user, Right::View)?;
    let rows = match filter(tx, member, asked)? {
        Some(filter) => respondents::page(tx, study, filter, one_more(limit))?,
        None => Vec::new(),
    };
    Ok(Page::cut(items(tx, member, rows)?, limit, |item| item.id.to_string()))
}

/// How many respondents of a study fit, wherever the page begins; more than the limit are counted no further.
///
/// # Errors
/// As [`page`].
pub fn count_up_to(tx: &mut Tx<'_>, user: UserId, study: StudyId, asked: &Asked, limit: i64) -> Outcome<i64> {
    let member = members::require(tx, study, user, Right::View)?;
    match filter(tx, member, asked)? {
        Some(filter) => respondents::count_up_to(tx, study, Filter { after: None, ..filter }, limit),
        None => Ok(0),
    }
}

/// The study of a respondent, for somebody with a right there.
///
/// # Errors
/// Those of access.
pub fn study_of(tx: &mut Tx<'_>, user: UserId, id: RespondentId, right: Right) -> Outcome<StudyId> {
    members::require_for(tx, id, user, right).map(|member| member.study())
}

/// What the store is asked for; `None` when nobody can fit.
fn filter(tx: &mut Tx<'_>, member: Member, asked: &Asked) -> Outcome<Option<Filter>> {
    let study = member.study();
    let stratum = match &asked.stratum {
        Some(key) => Some(stratum_by_key(tx, study, key)?),
        None => None,
    };
    let only = match &asked.text {
        Some(text) => match named(tx, member, text)? {
            Some(id) => Some(id),
            None => return Ok(None),
        },
        None => None,
    };
    let (status, municipality, wave) = (asked.status, asked.municipality, asked.wave);
    let import = None;
    Ok(Some(Filter { status, stratum, municipality, wave, import, only, after: asked.after }))
}

/// The respondent whom a text names: a code, with or without its letter and zeros, or a mail address.
fn named(tx: &mut Tx<'_>, member: Member, text: &str) -> Outcome<Option<RespondentId>> {
    let study = member.study();
    let text = text.trim();
    if text.contains('@') {
        let Ok(address) = EmailAddress::parse(text) else { return Ok(None) };
        if !member.may(Right::Contacts) {
            return Ok(None);
        }
        let digest = contacts::email_digest(tx, study, &address);
        return contacts::holder(tx, study, &digest);
    }
    let digits = text.trim_start_matches(['R', 'r']);
    let Ok(number) = digits.parse::<u32>() else { return Ok(None) };
    // A code is as long as those that were given out with it.
    for width in 2..=CODE_WIDTHS {
        match respondents::id_of_code(tx, study, &code(number, width)) {
            Err(Problem::NotFound) => {}
            found => return found.map(Some),
        }
    }
    Ok(None)
}

/// What happened to a respondent, oldest first.
///
/// # Errors
/// Those of access.
pub fn history(tx: &mut Tx<'_>, user: UserId, id: RespondentId) -> Outcome<Page<Step>> {
    members::require_for(tx, id, user, Right::View)?;
    Ok(Page::whole(respondents::history(tx, id)?))
}

/// The pseudonyms of those of the given respondents that belong to the study and are not erased.
///
/// # Errors
/// Those of access.
pub fn codes(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    ids: &[RespondentId],
) -> Outcome<HashMap<RespondentId, String>> {
    members::require(tx, study, user, Right::View)?;
    Ok(respondents::some(tx, study, ids)?.into_iter().map(|row| (row.id, row.code)).collect())
}

/// The names of respondents, for whoever may see them; empty for anybody else.
///
/// # Errors
/// Those of access.
pub fn names(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    ids: &[RespondentId],
) -> Outcome<HashMap<RespondentId, String>> {
    if !members::require(tx, study, user, Right::View)?.may(Right::Contacts) {
        return Ok(HashMap::new());
    }
    let here: Vec<RespondentId> = respondents::some(tx, study, ids)?.into_iter().map(|row| row.id).collect();
    Ok(contacts::of(tx, &here)?.into_iter().map(|(id, contact)| (id, contact.name)).collect())
}

fn stratum_by_key(tx: &mut Tx<'_>, study: StudyId, key: &str) -> Outcome<StratumId> {
    let strata = strata::of_study(tx, study)?;
    let found = strata.into_iter().find(|row| row.key == key);
    found.map(|row| row.id).ok_or_else(|| Problem::field("stratum", FieldCode::UnknownReference))
}

/// The rows with what is kept elsewhere, in as many statements for one as for two hundred.
fn items(tx: &mut Tx<'_>, member: Member, rows: Vec<Respondent>) -> Outcome<Vec<RespondentItem>> {
    let places = municipalities::places(tx)?;
    let keys: HashMap<StratumId, String> =
        strata::of_study(tx, member.study())?.into_iter().map(|row| (row.id, row.key)).collect();
    let mut known = HashMap::new();
    if member.may(Right::Contacts) {
        let ids: Vec<RespondentId> = rows.iter().map(|row| row.id).collect();
        known.extend(contacts::of(tx, &ids)?);
    }
    let item = |row: Respondent| {
        let contact = known.remove(&row.id);
        let (name, email, role, phone) = match contact {
            Some(c) => (Some(c.name), Some(c.email.as_str().to_owned()), c.role, c.phone),
            None => (None, None, None, None),
        };
        RespondentItem {
            id: row.id,
            code: row.code,
            name,
            email,
            role,
            phone,
            municipality: Named { code: row.municipality, name: places.name(row.municipality) },
            stratum: row.stratum.and_then(|id| keys.get(&id).cloned()),
            language: row.language,
            status: row.status,
            interviewer: row.interviewer,
            contact_removed_at: row.contact_removed_at,
            revision: row.revision,
        }
    };
    Ok(rows.into_iter().map(item).collect())
}
