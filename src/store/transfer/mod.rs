//! Whole tables in and out, as lines of JSON that mean the same on either database: what backups and moves are made of.
//!
//! Nothing here knows what a row means. The columns are asked of the database, so a new column is carried along by
//! itself; a new table has to be named in [`TABLES`], which a test sees to.

mod catalog;
mod filling;
mod snapshot;

pub use filling::Filling;
pub use snapshot::Snapshot;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::problem::{Outcome, Problem};

/// Every table, each after those that it refers to.
pub const TABLES: [&str; 50] = [
    "installation",
    "audit",
    "idempotency_keys",
    "users",
    "sessions",
    "api_tokens",
    "sign_in_links",
    "throttles",
    "studies",
    "archived_studies",
    "members",
    "strata",
    "respondents",
    "contacts",
    "respondent_history",
    "do_not_contact",
    "waves",
    "wave_outcomes",
    "consent_forms",
    "consents",
    "availability_rules",
    "availability_exceptions",
    "interviews",
    "reservations",
    "travel_times",
    "blocks",
    "proposals",
    "referrals",
    "letters",
    "letter_texts",
    "guides",
    "sheets",
    "sheet_answers",
    "account_links",
    "account_letters",
    "member_invitations",
    "second_factors",
    "recovery_codes",
    "import_drafts",
    "import_rows",
    "batches",
    "batch_people",
    "link_sources",
    "meetings",
    "calendars",
    "busy_times",
    "agenda_feeds",
    "attendances",
    "incoming_mail",
    "mail_folders",
];

/// A row: its columns by name. Bytes are hexadecimal digits, dates are ISO 8601.
pub type Row = BTreeMap<String, serde_json::Value>;

/// What a table held: enough to see whether another one holds the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of every row, added up bit by bit without carry, so that the order of the rows does not matter.
    pub sha256: String,
}

/// Counts rows as they pass.
#[derive(Debug, Default)]
pub struct Counting {
    rows: u64,
    sum: [u8; 32],
}

impl Counting {
    /// Counts a row.
    ///
    /// # Errors
    /// When it can't be written as JSON.
    pub fn add(&mut self, row: &Row) -> Outcome<()> {
        let text = serde_json::to_vec(row).map_err(Problem::internal)?;
        // No two rows of a table are equal, so none takes another one out of the sum.
        for (sum, byte) in self.sum.iter_mut().zip(Sha256::digest(&text)) {
            *sum ^= byte;
        }
        self.rows += 1;
        Ok(())
    }

    /// What was counted.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally { rows: self.rows, sha256: HEXLOWER.encode(&self.sum) }
    }
}
