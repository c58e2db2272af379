//! Municipalities: what they are called, how many people live there on a date, and what became of those that ended.
//!
//! All of it comes from a table ([`table`]); a newer one may be imported. Inhabitants are known on the 1st of January
//! of each year, for the division of that very year: a merger that follows changes nothing about an earlier count. This
//! room only reads text and answers questions; it stores nothing and asks nobody.

use std::str::FromStr;

use chrono::NaiveDate;

mod called;
mod code;
mod consistency;
mod fault;
mod field;
mod gazetteer;
mod index;
mod name;
mod places;
mod province;
mod resolution;
mod search;
mod suggestion;
pub mod table;

pub use called::Called;
pub use code::{MunicipalityCode, NotAMunicipalityCode};
pub use consistency::Inconsistency;
pub use fault::{TABLE_LIMIT, TableError, TableFault};
pub use gazetteer::Gazetteer;
pub use index::NameIndex;
pub use name::fold;
pub use places::Places;
pub use province::Province;
pub use resolution::{Candidate, Resolution};

/// A municipality, present or former.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// Its CBS code.
    pub code: MunicipalityCode,
    /// Its name as CBS uses it for areas: no two present municipalities share one.
    pub name: String,
    /// Its legal name: "Bergen" twice.
    pub official_name: String,
    /// The province it lies in, or lay in when it ended.
    pub province: Province,
    /// Its place on the tile map; former municipalities have none.
    pub tile: Option<Tile>,
    /// Inhabitants on each 1 January for which a count is known, earliest first.
    pub figures: Vec<Figure>,
    /// What else it is called, in the order of the table.
    pub other_names: Vec<OtherName>,
    /// When and into what it ended, or `None` while it exists.
    pub ending: Option<Ending>,
}

impl Municipality {
    /// The count of exactly this day. For the count that holds on any date see [`Gazetteer::reference_date`].
    #[must_use]
    pub fn figure_of(&self, reference_date: NaiveDate) -> Option<Figure> {
        self.figures.iter().copied().find(|figure| figure.on == reference_date)
    }
}

/// How many people live in a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The day of the count, always a 1 January.
    pub on: NaiveDate,
    /// The number of inhabitants.
    pub inhabitants: u32,
}

/// A hexagon on the tile map, in odd-r offset coordinates: odd rows are shifted half a tile right, row 0 is at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// Counted from the left, from 0.
    pub column: u16,
    /// Counted from the top, from 0.
    pub row: u16,
}

/// What a municipality is called beside its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// The name as it is written.
    pub text: String,
    /// What kind of name it is.
    pub kind: NameKind,
}

/// Why a municipality has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// In everyday use: Den Haag.
    Common,
    /// In English: The Hague.
    English,
    /// Dutch, where the official name is Frisian.
    DutchForFrisian,
    /// Frisian, where the official name is Dutch.
    FrisianForDutch,
    /// With what tells it from a namesake: Bergen (Limburg).
    Disambiguated,
    /// The label of the `StatLine` tables where it differs: Hengelo (O.).
    CbsLabel,
    /// Where the town hall stands: Hoofddorp for Haarlemmermeer. Suggested to a person, never matched.
    SeatHint,
}

impl NameKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Common,
        Self::English,
        Self::DutchForFrisian,
        Self::FrisianForDutch,
        Self::Disambiguated,
        Self::CbsLabel,
        Self::SeatHint,
    ];

    /// The word in the table and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::English => "english",
            Self::DutchForFrisian => "dutch_for_frisian",
            Self::FrisianForDutch => "frisian_for_dutch",
            Self::Disambiguated => "disambiguated",
            Self::CbsLabel => "cbs_label",
            Self::SeatHint => "seat_hint",
        }
    }
}

impl FromStr for NameKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// How a municipality ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The first day on which it did not exist any more.
    pub on: NaiveDate,
    /// What happened to it.
    pub kind: EndingKind,
    /// The municipalities that received its area, which may have ended later themselves.
    pub successors: Vec<MunicipalityCode>,
}

/// What happened to a municipality that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndingKind {
    /// Went up in a new municipality.
    MergedIntoNew,
    /// Became part of one that existed.
    Absorbed,
    /// The same area under a new code and name.
    Renumbered,
    /// Its area was divided, so that its name alone does not tell the successor.
    Split,
}

impl EndingKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::MergedIntoNew, Self::Absorbed, Self::Renumbered, Self::Split];

    /// The word in the table and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MergedIntoNew => "merged_into_new",
            Self::Absorbed => "absorbed",
            Self::Renumbered => "renumbered",
            Self::Split => "split",
        }
    }
}

impl FromStr for EndingKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
