//! Finds out what becomes of each row of a contact list, once a person has said which column holds what.
//!
//! Like an import itself this is work in steps: choosing the columns begins it, and whoever goes on with it, a request
//! or the worker, goes on where the last step ended, so that a long list makes nobody wait. Choosing the columns
//! counts; whoever chooses them again in the meantime wins, and the earlier judgement ends unfinished.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::contact_list::{ContactDraft, Layout, people};
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::municipality::{Places, Resolution};
use crate::domain::text::EmailAddress;
use crate::id::{ImportId, StudyId, UserId};
use crate::keys::{About, Keys};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::import_drafts::Draft;
use crate::store::import_rows::{NewRow, Written};
use crate::store::{Store, Tx, contacts, import_drafts, import_rows, members, municipalities};

/// How many rows one transaction keeps.
const AT_ONCE: usize = 250;

/// Notes how a list is to be read. What becomes of its rows is looked up by [`go_on_judging`].
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for a list of somebody else or one whose text is gone, [`Problem::Invalid`]
/// for a layout that leaves out what everybody needs, [`Problem::VersionConflict`] when it is being imported.
pub fn judge_import(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: ImportId,
    layout: &Layout,
) -> Outcome<Done<()>> {
    open_to(tx, now, user, id)?;
    let faults = layout.faults();
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let draft = import_drafts::lock(tx, id)?;
    if !matches!(draft.state, DraftState::Read | DraftState::Judging | DraftState::Judged) {
        return Err(Problem::VersionConflict);
    }
    if !import_drafts::has_text(tx, id)? {
        return Err(Problem::NotFound);
    }
    import_rows::clear(tx, id)?;
    import_drafts::choose(tx, &draft, &layout.to_text())?;
    let entry = Entry::new(now, Actor::User(user), "import.columns_chosen").study(draft.study);
    Ok(entry.subject(id).with(()))
}

/// Goes on with a list whose columns are chosen, for as long as `has_time` says so. True when there is more to do.
///
/// # Errors
/// Only those of the database.
pub async fn go_on_judging(store: &Store, id: ImportId, has_time: impl Fn() -> bool) -> Outcome<bool> {
    let Some((draft, text, places)) = store.read(move |tx| to_judge(tx, id)).await? else { return Ok(false) };
    let layout =
        Layout::of_text(&draft.layout).ok_or_else(|| Problem::internal("a layout cannot be read"))?;
    let judged = tokio::task::spawn_blocking(move || {
        let mut rows: Vec<Judged> = people(&text, &layout).map(|row| Judged::of(row, &places)).collect();
        refuse_repeats(&mut rows);
        rows
    });
    let judged = Arc::new(judged.await.map_err(Problem::internal)?);
    let revision = draft.revision;
    loop {
        let rows = Arc::clone(&judged);
        let more = store.write(move |tx| keep_next(tx, id, revision, &rows).map(Done::housekeeping)).await?;
        if !more || !has_time() {
            return Ok(more);
        }
    }
}

/// A list that waits to be judged, and what it is judged by.
fn to_judge(tx: &mut Tx<'_>, id: ImportId) -> Outcome<Option<(Draft, String, Arc<Places>)>> {
    let draft = import_drafts::get(tx, id)?;
    if draft.state != DraftState::Judging || !import_drafts::has_text(tx, id)? {
        return Ok(None);
    }
    Ok(Some((draft, import_drafts::text(tx, id)?, municipalities::places(tx)?)))
}

/// Keeps what becomes of the next rows; true when there are more. Nothing where the columns were chosen anew.
fn keep_next(tx: &mut Tx<'_>, id: ImportId, revision: i32, judged: &[Judged]) -> Outcome<bool> {
    let draft = import_drafts::lock(tx, id)?;
    if draft.revision != revision || draft.state != DraftState::Judging {
        return Ok(false);
    }
    if draft.total == 0 {
        import_drafts::set_total(tx, id, i32::try_from(judged.len()).map_err(Problem::internal)?)?;
    }
    let reached = import_rows::reached(tx, id)?;
    let from = judged.partition_point(|row| row.place() <= reached);
    let rest = judged.get(from..).unwrap_or_default();
    let some = rest.get(..AT_ONCE).unwrap_or(rest);
    let digests: Vec<Option<String>> = some.iter().map(|row| row.digest(tx.keys(), draft.study)).collect();
    let asked: Vec<String> = digests.iter().flatten().cloned().collect();
    let known = contacts::known(tx, draft.study, &asked)?;
    let silent = contacts::suppressed(tx, draft.study, &asked)?;
    let settled = |(row, digest): (&Judged, Option<String>)| row.clone().settled(&known, &silent, digest);
    let rows: Vec<NewRow> = some.iter().zip(digests).map(settled).collect();
    import_rows::put(tx, id, &rows)?;
    if rest.len() <= AT_ONCE {
        import_drafts::set_state(tx, id, DraftState::Judged)?;
    }
    Ok(rest.len() > AT_ONCE)
}

/// The list, for the one who prepares it and as long as that is possible.
pub(super) fn open_to(tx: &mut Tx<'_>, now: Instant, user: UserId, id: ImportId) -> Outcome<Draft> {
    let draft = import_drafts::get(tx, id)?;
    members::require(tx, draft.study, user, Right::Contacts)?;
    if draft.user != user || draft.expires_at <= now {
        return Err(Problem::NotFound);
    }
    Ok(draft)
}

/// A row with what can be said of it without the list of respondents.
#[derive(Debug, Clone)]
struct Judged {
    place: u32,
    written: Written,
    address: Option<EmailAddress>,
    reasons: Vec<FieldProblem>,
}

impl Judged {
    fn of((place, draft): (u32, ContactDraft), places: &Places) -> Self {
        let resolution = places.index.resolve(&draft.municipality);
        let code = match &resolution {
            Resolution::Found(code) => Some(*code),
            _ => None,
        };
        let mut written = written(&draft);
        written.code = code;
        written.called = code.map(|code| places.index.called(&draft.municipality, code));
        let mut reasons = draft.check().err().unwrap_or_default();
        if !reasons.iter().any(|problem| problem.field == "municipality") {
            reasons.extend(resolution.or_problem("municipality").err());
        }
        let address = EmailAddress::parse(&written.email).ok();
        Self { place, written, address, reasons }
    }

    fn place(&self) -> i32 {
        i32::try_from(self.place).unwrap_or(i32::MAX)
    }

    fn digest(&self, keys: &Keys, study: StudyId) -> Option<String> {
        let address = self.address.as_ref()?;
        Some(keys.digest(About::Email, &[study.as_str().as_bytes(), address.folded().as_bytes()]))
    }

    fn settled(
        mut self,
        known: &HashMap<String, String>,
        silent: &HashSet<String>,
        digest: Option<String>,
    ) -> NewRow {
        let objects = digest.as_ref().is_some_and(|digest| silent.contains(digest));
        let theirs = digest.as_ref().and_then(|digest| known.get(digest));
        let verdict = match theirs {
            _ if !self.reasons.is_empty() => Verdict::Refused,
            Some(code) => {
                self.reasons.push(already_there(code));
                Verdict::Known
            }
            None => {
                self.reasons.extend(objects.then(objected));
                Verdict::Fresh
            }
        };
        NewRow {
            place: self.place(),
            verdict,
            lot: rand::random(),
            written: self.written,
            reasons: self.reasons,
            digest,
        }
    }
}

/// That whoever had an address before objected to mail, or withdrew.
pub(super) fn objected() -> FieldProblem {
    FieldProblem::new("email", FieldCode::DoNotContact)
}

/// That an address belongs to a respondent already.
pub(super) fn already_there(code: &str) -> FieldProblem {
    FieldProblem::new("email", FieldCode::EmailDuplicate).with("respondent", code)
}

/// What is kept of a row. A cell that is far too long for anything is cut: it is refused, and shown by its beginning.
fn written(draft: &ContactDraft) -> Written {
    let cut = |text: &str| text.chars().take(crate::domain::text::LINE_LIMIT + 1).collect::<String>();
    let given = |text: &Option<String>| text.as_deref().map(cut).filter(|text| !text.is_empty());
    Written {
        name: cut(&draft.name),
        email: cut(&draft.email),
        role: given(&draft.role),
        phone: given(&draft.phone),
        municipality: cut(&draft.municipality),
        language: given(&draft.language),
        code: None,
        called: None,
    }
}

/// An address counts once in a list: the first row with it has it, even if that row is bad.
fn refuse_repeats(rows: &mut [Judged]) {
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows {
        let Some(address) = &row.address else { continue };
        let earlier = *first.entry(address.folded()).or_insert(row.place);
        if earlier != row.place {
            row.reasons.push(FieldProblem::new("email", FieldCode::EmailDuplicate).with("row", earlier));
        }
    }
}
