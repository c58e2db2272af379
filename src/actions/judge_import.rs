//! Finds out what becomes of each row of a contact list, once a person has said which column holds what.
//!
//! Like an import itself this is a verb of several transactions, so that a long list makes nobody wait. Choosing the
//! columns counts; whoever chooses them again in the meantime wins, and the earlier judgement ends unfinished.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::contact_list::{ContactDraft, Layout, people};
use crate::domain::import_draft::{DraftState, Verdict};
use crate::domain::municipality::{Places, Resolution};
use crate::domain::text::EmailAddress;
use crate::id::{ImportId, UserId};
use crate::keys::{About, Keys};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::import_drafts::Draft;
use crate::store::import_rows::{NewRow, Written};
use crate::store::{Store, Tx, contacts, import_drafts, import_rows, members, municipalities};

/// How many rows one transaction keeps.
const AT_ONCE: usize = 250;

/// Reads a list by a layout and keeps what becomes of each row.
///
/// # Errors
/// Those of access, [`Problem::NotFound`] for a list of somebody else, [`Problem::Invalid`] for a layout that leaves
/// out what everybody needs, [`Problem::VersionConflict`] when it is being imported or its columns were chosen anew.
pub async fn judge_import(
    store: &Store,
    now: Instant,
    user: UserId,
    id: ImportId,
    layout: Layout,
) -> Outcome<()> {
    let faults = layout.faults();
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let (draft, text, places) = store
        .read(move |tx| {
            let draft = open_to(tx, now, user, id)?;
            Ok((draft, import_drafts::text(tx, id)?, municipalities::places(tx)?))
        })
        .await?;
    let chosen = layout.clone();
    let revision = store.write(move |tx| choose(tx, now, user, id, &chosen)).await?;
    let (keys, study) = (store.keys().clone(), draft.study);
    let judged = tokio::task::spawn_blocking(move || {
        people(&text, &layout).map(|row| Judged::of(row, &places)).collect::<Vec<_>>()
    });
    let mut judged = judged.await.map_err(Problem::internal)?;
    refuse_repeats(&mut judged);
    for some in judged.chunks(AT_ONCE) {
        let digests: Vec<String> = some.iter().filter_map(|row| row.digest(&keys, study.as_str())).collect();
        let known = store.read(move |tx| contacts::known(tx, study, &digests)).await?;
        let settled = |row: &Judged| row.clone().settled(&known, &keys, study.as_str());
        let rows: Arc<Vec<NewRow>> = Arc::new(some.iter().map(settled).collect());
        store
            .write(move |tx| {
                still(tx, id, revision)?;
                import_rows::put(tx, id, &rows).map(Done::housekeeping)
            })
            .await?;
    }
    store
        .write(move |tx| {
            still(tx, id, revision)?;
            import_drafts::set_state(tx, id, DraftState::Judged).map(Done::housekeeping)
        })
        .await
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

fn choose(tx: &mut Tx<'_>, now: Instant, user: UserId, id: ImportId, layout: &Layout) -> Outcome<Done<i32>> {
    let draft = import_drafts::lock(tx, id)?;
    if !matches!(draft.state, DraftState::Read | DraftState::Judged) {
        return Err(Problem::VersionConflict);
    }
    import_rows::clear(tx, id)?;
    let revision = import_drafts::choose(tx, &draft, &layout.to_text())?;
    let entry = Entry::new(now, Actor::User(user), "import.columns_chosen").study(draft.study);
    Ok(entry.subject(id).with(revision))
}

/// Demands that nobody has chosen the columns anew or confirmed the list.
fn still(tx: &mut Tx<'_>, id: ImportId, revision: i32) -> Outcome<()> {
    let draft = import_drafts::lock(tx, id)?;
    if draft.revision == revision && draft.state == DraftState::Read {
        Ok(())
    } else {
        Err(Problem::VersionConflict)
    }
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

    fn digest(&self, keys: &Keys, study: &str) -> Option<String> {
        let address = self.address.as_ref()?;
        Some(keys.digest(About::Email, &[study.as_bytes(), address.folded().as_bytes()]))
    }

    fn settled(mut self, known: &HashMap<String, String>, keys: &Keys, study: &str) -> NewRow {
        let theirs = self.digest(keys, study).and_then(|digest| known.get(&digest));
        let verdict = match theirs {
            _ if !self.reasons.is_empty() => Verdict::Refused,
            Some(code) => {
                self.reasons.push(already_there(code));
                Verdict::Known
            }
            None => Verdict::Fresh,
        };
        NewRow {
            place: i32::try_from(self.place).unwrap_or(i32::MAX),
            verdict,
            lot: rand::random(),
            written: self.written,
            reasons: self.reasons,
        }
    }
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
