//! Finds respondents by a part of their name or mail address.
//!
//! Who respondents are lies sealed (R6), and no index of names lies beside it that would tell them to whoever has the
//! database. So contacts are opened one after another, in the order of the list; where that takes long, a page ends
//! before it is full, and the next one goes on.

use std::collections::HashSet;

use crate::domain::spelling::fold;
use crate::id::{RespondentId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::store::Tx;
use crate::store::contacts::{self, Contact};
use crate::store::respondents::{self, Filter, Respondent};

/// How many respondents are read at once.
const LOT: i64 = 500;
/// After how many respondents a page ends.
const LOOKED_AT: usize = 10_000;

/// What somebody types of a name or an address.
#[derive(Debug, Clone)]
pub(super) struct Likeness {
    /// What an address holds.
    plain: String,
    /// What a name holds, each of them.
    words: Vec<String>,
}

impl Likeness {
    /// `None` for a text that says nothing.
    pub(super) fn of(text: &str) -> Option<Self> {
        let words: Vec<String> =
            fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        (!words.is_empty()).then(|| Self { plain: text.trim().to_lowercase(), words })
    }

    fn fits(&self, contact: &Contact) -> bool {
        let name = fold(&contact.name);
        self.words.iter().all(|word| name.contains(word.as_str()))
            || contact.email.folded().contains(&self.plain)
    }
}

/// What was found, and after whom to go on; nobody where all were looked at.
pub(super) struct Found {
    pub(super) rows: Vec<Respondent>,
    pub(super) next: Option<RespondentId>,
}

/// Up to `limit` of the respondents whom a filter leaves and who are alike.
pub(super) fn page(
    tx: &mut Tx<'_>,
    study: StudyId,
    filter: Filter,
    likeness: &Likeness,
    limit: usize,
) -> Outcome<Found> {
    let (mut rows, mut after, mut looked_at) = (Vec::new(), filter.after, 0);
    loop {
        let lot = respondents::page(tx, study, Filter { after, ..filter }, LOT)?;
        let is_last = i64::try_from(lot.len()).map_err(Problem::internal)? < LOT;
        let ids: Vec<RespondentId> = lot.iter().map(|row| row.id).collect();
        let alike = contacts::of(tx, &ids)?.into_iter().filter(|(_, contact)| likeness.fits(contact));
        let alike: HashSet<RespondentId> = alike.map(|(id, _)| id).collect();
        looked_at += lot.len();
        for row in lot {
            if alike.contains(&row.id) {
                if rows.len() == limit {
                    return Ok(Found { rows, next: after });
                }
                after = Some(row.id);
                rows.push(row);
            }
        }
        after = ids.last().copied().or(after);
        if is_last {
            return Ok(Found { rows, next: None });
        }
        if looked_at >= LOOKED_AT {
            return Ok(Found { rows, next: after });
        }
    }
}
