//! Puts a contact list on the list of respondents.
//!
//! This verb takes several transactions: 100,000 people in one would make everybody else wait. What a row is worth is
//! settled first, without writing; then numbers for the codes are taken, which is what an `Idempotency-Key` remembers;
//! then people are added a few hundred at a time. Who gets which of the numbers follows from their address, in an order
//! that only this installation can tell. So an import that broke off is taken up by sending the file again, also while
//! the first one still runs: it gives everybody the same code, and whoever has it was imported by it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done};
use crate::domain::contact_list::{ContactList, RowProblem};
use crate::domain::municipality::Places;
use crate::domain::respondent::{code, code_width};
use crate::id::{StudyId, UserId};
use crate::keys::About;
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::store::contacts::Contact;
use crate::store::idempotency::{Made, Once};
use crate::store::{Store, Tx, contacts, members, respondents, studies};

use super::add_respondent::{Enlisting, Recruit};
use super::judge_import::objected;

/// The most people that one transaction adds: few, since on SQLite everybody else who writes waits for it.
const AT_ONCE: usize = 200;
/// How often people are added again when somebody else added one of them at the same moment.
const TRIES: usize = 3;

/// What became of a contact list.
#[derive(Debug, Default)]
pub struct Report {
    /// How many people it put on the list, or would.
    pub imported: usize,
    /// What is wrong with the others, by row.
    pub rejected: Vec<RowProblem>,
    /// Of those who are put on the list: who is listed as one who wants no mail, having objected before.
    pub warnings: Vec<RowProblem>,
    /// Whether the same request was made before.
    pub replayed: bool,
}

/// Who imports what into which study.
#[derive(Debug, Clone, Copy)]
pub struct Import {
    /// When.
    pub now: Instant,
    /// Who.
    pub user: UserId,
    /// Where.
    pub study: StudyId,
}

/// A row that says all that is needed.
#[derive(Debug)]
struct Row {
    number: u64,
    digest: String,
    recruit: Recruit,
}

/// Reads a list: the rows that say all that is needed, and what is wrong with the others. It takes seconds for a long
/// list and must not run where others wait.
fn read(
    list: ContactList,
    places: &Places,
    digest: impl Fn(&Contact) -> String,
) -> (Vec<Row>, Vec<RowProblem>) {
    let (mut rows, mut rejected) = (Vec::with_capacity(list.len()), Vec::new());
    let mut list = list;
    while let Some(record) = list.next() {
        let municipality = list.municipality();
        let resolved = |field| places.index.resolve(&municipality).or_problem(field);
        match record {
            Ok(found) => match resolved("municipality") {
                Ok(municipality) => {
                    let person = found.contact;
                    let contact = Contact {
                        name: person.name,
                        email: person.email,
                        role: person.role,
                        phone: person.phone,
                    };
                    let language = person.language;
                    let recruit = Recruit { municipality, language, contact, import: None };
                    rows.push(Row { number: found.row, digest: digest(&recruit.contact), recruit });
                }
                Err(problem) => rejected.push(RowProblem { row: found.row, problem }),
            },
            Err(problems) => {
                let row = problems.first().map_or(0, |first| first.row);
                let known = problems.iter().any(|p| p.problem.field == "municipality");
                rejected.extend(problems);
                if let Some(problem) = resolved("municipality").err().filter(|_| !known) {
                    rejected.push(RowProblem { row, problem });
                }
            }
        }
    }
    (rows, rejected)
}

/// Imports a contact list, or only says what would become of it. A bad row never stops the rest (E16).
///
/// # Errors
/// Those of access, [`Problem::IdempotencyMismatch`], and those of the database; what was imported until then stays,
/// and the same request goes on from there.
pub async fn import_respondents(
    store: &Store,
    import: Import,
    list: ContactList,
    once: Option<Once>,
    dry_run: bool,
) -> Outcome<Report> {
    let places = store
        .read(move |tx| {
            members::require(tx, import.study, import.user, Right::Contacts)?;
            crate::store::municipalities::places(tx)
        })
        .await?;
    let keys = store.keys().clone();
    let digest = move |contact: &Contact| {
        keys.digest(About::Email, &[import.study.as_str().as_bytes(), contact.email.folded().as_bytes()])
    };
    let (rows, rejected) =
        tokio::task::spawn_blocking(move || read(list, &places, digest)).await.map_err(Problem::internal)?;
    let mut report = Report { rejected, ..Report::default() };
    let known = known_codes(store, import, &rows).await?;
    let fresh = rows.iter().filter(|row| !known.contains_key(&row.digest)).count();

    let mut ours = Numbers::default();
    if dry_run {
        report.imported = fresh;
    } else {
        let made = store.write_once(once, move |tx| take_numbers(tx, import, fresh)).await?;
        (ours, report.replayed) = (made.resource, made.replayed);
    }
    report.warnings = warnings(store, import, &rows, &known).await?;
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        match known.get(&row.digest) {
            Some(code) if !ours.gave(code) => report.rejected.push(duplicate(row.number)),
            _ => people.push(row),
        }
    }
    if !dry_run {
        add_all(store, import, people, &known, ours, &mut report).await?;
    }
    report.rejected.sort_by_key(|problem| problem.row);
    Ok(report)
}

fn duplicate(row: u64) -> RowProblem {
    RowProblem { row, problem: FieldProblem::new("email", FieldCode::EmailDuplicate) }
}

/// Which addresses are in the study already, with the codes of their respondents.
async fn known_codes(store: &Store, import: Import, rows: &[Row]) -> Outcome<HashMap<String, String>> {
    let mut all = HashMap::new();
    for chunk in rows.chunks(AT_ONCE) {
        let digests: Vec<String> = chunk.iter().map(|row| row.digest.clone()).collect();
        all.extend(store.read(move |tx| contacts::known(tx, import.study, &digests)).await?);
    }
    Ok(all)
}

/// Which of the rows that are put on the list are of people who objected to mail, or withdrew, in this study before.
async fn warnings(
    store: &Store,
    import: Import,
    rows: &[Row],
    known: &HashMap<String, String>,
) -> Outcome<Vec<RowProblem>> {
    let mut found = Vec::new();
    for chunk in rows.chunks(AT_ONCE) {
        let digests: Vec<String> = chunk.iter().map(|row| row.digest.clone()).collect();
        let silent = store.read(move |tx| contacts::suppressed(tx, import.study, &digests)).await?;
        let objects = |row: &&Row| silent.contains(&row.digest) && !known.contains_key(&row.digest);
        found.extend(
            chunk.iter().filter(objects).map(|row| RowProblem { row: row.number, problem: objected() }),
        );
    }
    Ok(found)
}

/// The numbers that an import took for its codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Numbers(Range<u32>);

impl Numbers {
    fn count(&self) -> u32 {
        self.0.end.saturating_sub(self.0.start)
    }

    /// Whether a code was given out from these numbers.
    fn gave(&self, code: &str) -> bool {
        code.get(1..).and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|n| self.0.contains(&n))
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.start, self.0.end)
    }
}

impl FromStr for Numbers {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, end) = text.split_once('-').ok_or(())?;
        Ok(Self(start.parse().map_err(|_| ())?..end.parse().map_err(|_| ())?))
    }
}

fn take_numbers(tx: &mut Tx<'_>, import: Import, count: usize) -> Outcome<Done<Made<Numbers>>> {
    members::require(tx, import.study, import.user, Right::Contacts)?;
    let count = u32::try_from(count).map_err(Problem::internal)?;
    let first = studies::take_numbers(tx, import.study, count)?;
    Ok(Done::housekeeping(Made::new(200, Numbers(first..first.saturating_add(count)))))
}

/// Adds people under codes of the numbers that were taken for all of them. Where others of them came or went since an
/// earlier try, those who are still missing get new numbers.
async fn add_all(
    store: &Store,
    import: Import,
    mut people: Vec<Row>,
    known: &HashMap<String, String>,
    mut numbers: Numbers,
    report: &mut Report,
) -> Outcome<()> {
    if u32::try_from(people.len()).map_err(Problem::internal)? != numbers.count() {
        let all = people.len();
        people.retain(|row| !known.contains_key(&row.digest));
        report.imported += all - people.len();
        let count = people.len();
        numbers =
            store.write(move |tx| Ok(take_numbers(tx, import, count)?.map(|made| made.resource))).await?;
    }
    let first = numbers.0.start.to_be_bytes();
    people.sort_by_cached_key(|row| store.keys().digest(About::Code, &[&first, row.digest.as_bytes()]));
    let width = code_width(numbers.0.end.saturating_sub(1));
    let coded = people.into_iter().zip(numbers.0).map(|(row, number)| (row, code(number, width)));
    // The list of respondents stays in the order of the file; only the codes tell nothing of it.
    let mut coded: Vec<(Row, String)> = coded.collect();
    coded.sort_by_key(|(row, _)| row.number);
    let mut coded = coded.into_iter();
    loop {
        let some: Arc<Vec<(Row, String)>> = Arc::new(coded.by_ref().take(AT_ONCE).collect());
        if some.is_empty() {
            return Ok(());
        }
        let refused = add_some(store, import, &some).await?;
        report.imported += some.len() - refused.len();
        report.rejected.extend(refused.into_iter().map(duplicate));
    }
}

/// Adds a few people; answers the rows whose address came into the study by other ways in the meantime.
async fn add_some(store: &Store, import: Import, some: &Arc<Vec<(Row, String)>>) -> Outcome<Vec<u64>> {
    for _ in 1..TRIES {
        let people = Arc::clone(some);
        match store.write(move |tx| add(tx, import, &people)).await {
            // Somebody added one of them between our look and our write; the next look sees it.
            Err(Problem::Invalid(_) | Problem::Busy(_)) => {}
            outcome => return outcome,
        }
    }
    let people = Arc::clone(some);
    store.write(move |tx| add(tx, import, &people)).await
}

fn add(tx: &mut Tx<'_>, import: Import, people: &[(Row, String)]) -> Outcome<Done<Vec<u64>>> {
    let Import { now, user, study } = import;
    members::require(tx, study, user, Right::Contacts)?;
    studies::hold(tx, study)?;
    let enlisting = Enlisting::of(tx, now, Actor::User(user), study)?;
    let digests: Vec<String> = people.iter().map(|(row, _)| row.digest.clone()).collect();
    let known = contacts::known(tx, study, &digests)?;
    let codes: Vec<&str> = people.iter().map(|(_, code)| code.as_str()).collect();
    let given = respondents::codes_given(tx, study, &codes)?;
    let mut refused = Vec::new();
    let mut entries = Vec::with_capacity(people.len());
    for (row, code) in people {
        if let Some(theirs) = known.get(&row.digest) {
            if theirs != code {
                refused.push(row.number);
            }
            continue;
        }
        // They were imported by an earlier try, and erased since: nobody brings them back.
        if given.contains(code) {
            continue;
        }
        let (_, entry) = enlisting.enlist(tx, &row.recruit, code)?;
        entries.push(entry);
    }
    Ok(Done::noted(refused, entries))
}
