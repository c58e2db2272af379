//! Who made an appointment for the respondent: sealed in the row of the interview, and deleted as soon as nobody needs
//! to be told any more.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Interview, get};
use crate::domain::delegate::Delegate;
use crate::id::{DelegateId, InterviewId};
use crate::problem::{Outcome, Problem};
use crate::store::letters::{self, Recipient};
use crate::store::schema::interviews;
use crate::store::{Tx, attendances};

/// A delegate of one interview.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamedDelegate {
    /// By which the outbox knows their mailbox.
    pub id: DelegateId,
    /// Who they are.
    pub who: Delegate,
}

fn place_of(id: InterviewId) -> String {
    format!("interview delegate {id}")
}

impl Interview {
    /// Whether somebody made the appointment for the respondent.
    #[must_use]
    pub const fn has_delegate(&self) -> bool {
        self.delegate_sealed.is_some()
    }

    /// Who made the appointment for the respondent, if anybody did.
    ///
    /// # Errors
    /// When the seal is broken.
    pub fn delegate(&self, tx: &Tx<'_>) -> Outcome<Option<NamedDelegate>> {
        let Some(sealed) = &self.delegate_sealed else { return Ok(None) };
        let plain = tx.keys().open(&place_of(self.id), sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(Problem::internal)
    }
}

/// Notes who made the appointment for the respondent.
///
/// # Errors
/// Only those of the database.
pub fn name_delegate(tx: &mut Tx<'_>, id: InterviewId, who: &Delegate) -> Outcome<Interview> {
    let named = NamedDelegate { id: DelegateId::new(), who: who.clone() };
    let plain = serde_json::to_vec(&named).map_err(Problem::internal)?;
    let sealed = tx.keys().seal(&place_of(id), &plain)?;
    set(tx, id, Some(sealed))?;
    get(tx, id)
}

/// Deletes who made the appointment, with what they answered in their calendar and what mail servers said of them.
///
/// # Errors
/// Only those of the database.
pub fn forget_delegate(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<()> {
    if let Some(named) = get(tx, id)?.delegate(tx)? {
        attendances::forget(tx, id, Recipient::Delegate(named.id))?;
    }
    letters::forget_answers_of_delegate(tx, id)?;
    set(tx, id, None)
}

fn set(tx: &mut Tx<'_>, id: InterviewId, sealed: Option<Vec<u8>>) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(interviews::table.find(id)).set(interviews::delegate_sealed.eq(sealed)).execute(c)
    })
    .map(drop)
}
