//! Where studies get the links to their online interviews from. A study that says nothing, as most do, has a fixed
//! link.

use diesel::prelude::*;

use super::Tx;
use super::schema::link_sources;
use crate::domain::meeting::LinkSource;
use crate::id::StudyId;
use crate::problem::Outcome;

/// Sets where a study gets its links from.
///
/// # Errors
/// Only those of the database.
pub fn set(tx: &mut Tx<'_>, study: StudyId, source: LinkSource) -> Outcome<()> {
    tx.run(|c| diesel::delete(link_sources::table.find(study)).execute(c))?;
    if source == LinkSource::Fixed {
        return Ok(());
    }
    let row = (link_sources::study.eq(study), link_sources::source.eq(source));
    tx.run(|c| diesel::insert_into(link_sources::table).values(row).execute(c)).map(drop)
}
