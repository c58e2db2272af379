//! What can be wrong with a table, said so that a person finds the line and mends it.

use super::Inconsistency;

/// The first line: what the text is, and the version of its form.
pub(super) const HEADER: &str = "veldwerk-municipalities 1";
/// The greatest size of a table, in bytes; today's takes 60,000.
pub const TABLE_LIMIT: usize = 1 << 20;
/// The greatest number of years, other names or successors of one municipality.
pub(super) const LIST_LIMIT: usize = 100;
/// The greatest number of a column or row on the tile map.
pub(super) const TILE_LIMIT: u32 = 999;

/// Where and why a table was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct TableError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: TableFault,
}

/// What can be wrong with a line of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// The text is larger than [`TABLE_LIMIT`].
    #[error("the table is larger than {TABLE_LIMIT} bytes")]
    TooLarge,
    /// More municipalities, years, names or successors than any country has.
    #[error("more than {0} of a kind")]
    TooMany(usize),
    /// Not a table of municipalities, or one of a later form.
    #[error("expected \"{HEADER}\"")]
    Header,
    /// The second line does not say where the facts come from.
    #[error("expected \"source\" and where the facts come from")]
    Source,
    /// A block does not begin with a code and a name.
    #[error("expected a code such as GM0363, a space and a name")]
    Name,
    /// Codes do not rise from block to block.
    #[error("codes must rise")]
    Order,
    /// The first word of the line has no meaning here.
    #[error("unknown word \"{0}\"")]
    UnknownWord(String),
    /// What a municipality has once stands twice.
    #[error("\"{0}\" stands twice")]
    Twice(&'static str),
    /// Not the name of a province.
    #[error("expected the name of a province")]
    Province,
    /// A block ended without a province.
    #[error("the province is missing")]
    ProvinceMissing,
    /// Not a name: empty, too long, or with spaces or controls at the wrong place.
    #[error("expected a name of at most 200 characters without surrounding spaces")]
    Text,
    /// Not two numbers.
    #[error("expected a column and a row, from 0 to {TILE_LIMIT}")]
    Tile,
    /// Not a year and the counts from that year on.
    #[error(
        "expected the first year, from 1900 to 2199, and the inhabitants on 1 January of each year from it on"
    )]
    Inhabitants,
    /// Not a date, a way of ending and codes.
    #[error(
        "expected a date, how it ended (merged_into_new, absorbed, renumbered, split) and the successors' codes"
    )]
    Ended,
    /// The blocks contradict each other.
    #[error(transparent)]
    Inconsistent(#[from] Inconsistency),
}
