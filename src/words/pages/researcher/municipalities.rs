//! The municipalities of a study as a list to search.

use serde::Serialize;

use super::{Choice, Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
use crate::words::word;

/// A municipality in the list.
#[derive(Debug, Clone, Serialize)]
pub struct MunicipalityRow {
    /// Its name.
    pub name: String,
    /// Its province.
    pub province: String,
    /// Its inhabitants, where they are known.
    pub inhabitants: Option<u64>,
    /// Its stratum.
    pub stratum: String,
    /// How far recruitment has come there.
    pub state: String,
    /// How many respondents work for it.
    pub respondents: u64,
    /// The list of them, if there are any.
    pub list: Option<String>,
    /// Where somebody is added who works for it.
    pub add: String,
    /// The former municipality in it that was searched for.
    pub formerly: Option<String>,
}

/// The municipalities. Filters with GET: `q`, `province`, `stratum`, `state`, `sort`.
#[derive(Debug, Clone, Serialize)]
pub struct MunicipalityList {
    /// What surrounds it.
    pub desk: Desk,
    /// The part of the list.
    pub rows: Vec<MunicipalityRow>,
    /// How many fit.
    pub total: u64,
    /// The day whose inhabitants are shown, in words.
    pub counted: Option<String>,
    /// What to choose from.
    pub provinces: Vec<String>,
    /// The strata: key and label.
    pub strata: Vec<Choice>,
    /// How far recruitment can have come.
    pub states: Vec<String>,
    /// The orders.
    pub sorts: Vec<String>,
    /// What is searched for.
    pub q: String,
    /// The province that is chosen, or empty.
    pub province: String,
    /// The stratum, likewise.
    pub stratum: String,
    /// The state, likewise.
    pub state: String,
    /// The order.
    pub sort: String,
    /// The first part, unless this is it.
    pub first: Option<String>,
    /// The next part.
    pub next: Option<String>,
}

impl Sample for MunicipalityList {
    fn samples(language: Language) -> Vec<Self> {
        let row = |name: &str, province: &str, inhabitants, state: &str, respondents| MunicipalityRow {
            name: name.to_owned(),
            province: province.to_owned(),
            inhabitants,
            stratum: word(language, "sample.stratum_large"),
            state: state.to_owned(),
            respondents,
            list: (respondents > 0).then(|| "/studies/study/respondents?municipality=GM0363".to_owned()),
            add: "/studies/study/respondents/new?municipality=GM0363".to_owned(),
            formerly: (name == "Amsterdam").then(|| "Weesp".to_owned()),
        };
        let reach = ["untouched", "ended", "listed", "invited", "consented", "booked", "held"];
        let texts = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let all = Self {
            desk: desk(Some(Section::Respondents), "/municipalities"),
            rows: vec![
                row("Amsterdam", "Noord-Holland", Some(934_000), "booked", 3),
                row("Enschede", "Overijssel", Some(161_000), "untouched", 0),
                row("Vlieland", "Fryslân", None, "invited", 1),
            ],
            total: 342,
            counted: Some("1 januari 2026".to_owned()),
            provinces: texts(&["Overijssel", "Noord-Holland"]),
            strata: Vec::new(),
            states: texts(&reach),
            sorts: texts(&["name", "inhabitants", "respondents"]),
            q: String::new(),
            province: String::new(),
            stratum: String::new(),
            state: String::new(),
            sort: "name".to_owned(),
            first: None,
            next: Some("/studies/study/municipalities?cursor=50".to_owned()),
        };
        let none = Self { rows: Vec::new(), total: 0, q: "Atlantis".to_owned(), next: None, ..all.clone() };
        vec![all, none]
    }
}
