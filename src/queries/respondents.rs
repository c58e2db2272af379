//! Respondents as a member of the study sees them (E1).

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::by_name::{self, Found, Likeness};
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
    /// Only the one with this code or, for who may see who they are, those with this in their name or mail address.
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
    let filter = filter(tx, member, asked)?;
    match sought(tx, member, asked)? {
        Sought::Nobody => Ok(Page::whole(Vec::new())),
        Sought::Alike(likeness) => {
            let Found { rows, next } = by_name::page(tx, study, filter, &likeness, limit)?;
            Ok(Page { items: items(tx, member, rows)?, next: next.map(|id| id.to_string()) })
        }
        Sought::All(only) => {
            let rows = respondents::page(tx, study, Filter { only, ..filter }, one_more(limit))?;
            Ok(Page::cut(items(tx, member, rows)?, limit, |item| item.id.to_string()))
        }
    }
}

/// How many respondents of a study fit, wherever the page begins; more than the limit are counted no further. How many
/// have a name is known only of those who were [looked at](page): nothing is answered.
///
/// # Errors
/// As [`page`].
pub fn count_up_to(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    asked: &Asked,
    limit: i64,
) -> Outcome<Option<i64>> {
    let member = members::require(tx, study, user, Right::View)?;
    let filter = filter(tx, member, asked)?;
    match sought(tx, member, asked)? {
        Sought::Nobody => Ok(Some(0)),
        Sought::Alike(_) => Ok(None),
        Sought::All(only) => {
            respondents::count_up_to(tx, study, Filter { after: None, only, ..filter }, limit).map(Some)
        }
    }
}

/// The study of a respondent, for somebody with a right there.
///
/// # Errors
/// Those of access.
pub fn study_of(tx: &mut Tx<'_>, user: UserId, id: RespondentId, right: Right) -> Outcome<StudyId> {
    members::require_for(tx, id, user, right).map(|member| member.study())
}

/// What the store is asked for, but for what was typed.
fn filter(tx: &mut Tx<'_>, member: Member, asked: &Asked) -> Outcome<Filter> {
    let study = member.study();
    let stratum = strata::by_key(tx, study, asked.stratum.as_deref())?;
    let (status, municipality, wave) = (asked.status, asked.municipality, asked.wave);
    Ok(Filter { status, stratum, municipality, wave, import: None, only: None, after: asked.after })
}

/// Who is meant by what was typed.
enum Sought {
    /// This one, or everybody where nothing was typed.
    All(Option<RespondentId>),
    /// Nobody has it, or nobody may be found by it.
    Nobody,
    /// Whoever has it in their name or address.
    Alike(Likeness),
}

/// Reads what was typed: a code, with or without its letter and zeros, a whole mail address, or a part of a name or
/// address.
fn sought(tx: &mut Tx<'_>, member: Member, asked: &Asked) -> Outcome<Sought> {
    let study = member.study();
    let Some(text) = asked.text.as_deref().map(str::trim) else { return Ok(Sought::All(None)) };
    if let Ok(number) = text.trim_start_matches(['R', 'r']).parse::<u32>() {
        return of_number(tx, study, number);
    }
    if !member.may(Right::Contacts) {
        return Ok(Sought::Nobody);
    }
    if let Ok(address) = EmailAddress::parse(text) {
        let digest = contacts::email_digest(tx, study, &address);
        if let Some(holder) = contacts::holder(tx, study, &digest)? {
            return Ok(Sought::All(Some(holder)));
        }
    }
    Ok(Likeness::of(text).map_or(Sought::Nobody, Sought::Alike))
}

/// The respondent with the number of a code, which is as long as those that were given out with it.
fn of_number(tx: &mut Tx<'_>, study: StudyId, number: u32) -> Outcome<Sought> {
    for width in 2..=CODE_WIDTHS {
        match respondents::id_of_code(tx, study, &code(number, width)) {
            Err(Problem::NotFound) => {}
            found => return found.map(|id| Sought::All(Some(id))),
        }
    }
    Ok(Sought::Nobody)
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
