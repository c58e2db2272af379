//! Inviting: whom, what would happen to each, and what happened.

use serde::Serialize;

use super::{Choice, Desk, Section, desk};
use crate::domain::language::Language;
use crate::words::pages::Sample;
use crate::words::word;

/// Somebody who could be invited.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The respondent's id, posted in `respondents`.
    pub id: String,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The municipality.
    pub municipality: String,
    /// The stratum.
    pub stratum: String,
    /// Whether the person is ticked.
    pub ticked: bool,
}

/// Somebody who is passed over.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// The respondent's page; `None` for an unknown one.
    pub href: Option<String>,
    /// The code.
    pub code: String,
    /// Why: `skip.<reason>` in the words.
    pub reason: String,
}

/// What would happen, or what happened.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Whether nothing was queued yet.
    pub dry_run: bool,
    /// Who gets a letter: their codes, the first hundred of them.
    pub queued: Vec<String>,
    /// How many get one in all.
    pub letters: u64,
    /// Who does not: a part of them.
    pub skipped: Vec<Skipped>,
    /// How many do not in all.
    pub passed_over: u64,
    /// How many for which reason.
    pub reasons: Vec<(String, u64)>,
    /// Whether the part is the first one.
    pub is_first: bool,
    /// Where the next part begins, posted or asked for as `from`.
    pub next: Option<usize>,
    /// Where the parts of what happened are found.
    pub more: Option<String>,
    /// The wave that happened, by its id.
    pub wave: Option<String>,
    /// Whether it has more to do.
    pub is_under_way: bool,
}

/// Which respondents the list showed when all of them were chosen; empty where it was not filtered by that.
#[derive(Debug, Clone, Serialize)]
pub struct FilterOfList {
    /// The status.
    pub status: String,
    /// The key of the stratum.
    pub stratum: String,
    /// Its label.
    pub stratum_label: String,
    /// The code of the municipality.
    pub municipality: String,
    /// Its name.
    pub municipality_name: String,
    /// The id of the wave.
    pub wave: String,
}

/// Inviting. Posts `kind` (`invitation` or `reminder`), `who` (`all`, `stratum` or `ticked`), `stratum`, `respondents`
/// (many) and, to send, `send=1` to `{base}/invitations`.
#[derive(Debug, Clone, Serialize)]
pub struct Invitations {
    /// What surrounds it.
    pub desk: Desk,
    /// `invitation` or `reminder`.
    pub kind: String,
    /// `all`, `stratum` or `ticked`.
    pub who: String,
    /// The filter of the list from which the reader came, if all whom it leaves are meant.
    pub fitting: Option<FilterOfList>,
    /// Those who are ticked and do not stand among the candidates, by id.
    pub others: Vec<String>,
    /// The strata to choose from.
    pub strata: Vec<Choice>,
    /// The stratum that is chosen, or empty.
    pub stratum: String,
    /// Those who can be ticked: the first two hundred who wait for a letter of this kind.
    pub candidates: Vec<Candidate>,
    /// How many wait for one in all.
    pub waiting: u64,
    /// Whether there are more than that.
    pub is_more: bool,
    /// What the choice leads to.
    pub outcome: Option<Outcome>,
    /// What has to be done before anybody can be invited: `respondents`, `consent`. Nothing is asked until then.
    pub missing: Vec<String>,
}

impl Sample for Invitations {
    fn samples(language: Language) -> Vec<Self> {
        let candidate = |code: &str, name: &str, municipality: &str, ticked| Candidate {
            id: code.to_owned(),
            code: code.to_owned(),
            name: name.to_owned(),
            municipality: municipality.to_owned(),
            stratum: word(language, "sample.stratum_large"),
            ticked,
        };
        let skipped = |code: &str, reason: &str| Skipped {
            href: (reason != "unknown").then(|| "/respondents/1".to_owned()),
            code: code.to_owned(),
            reason: reason.to_owned(),
        };
        let start = Self {
            desk: desk(Some(Section::Invitations), "/invitations"),
            kind: "invitation".to_owned(),
            who: "ticked".to_owned(),
            fitting: None,
            others: Vec::new(),
            strata: vec![
                Choice { value: "large".to_owned(), label: word(language, "sample.stratum_large") },
                Choice { value: "small".to_owned(), label: word(language, "sample.stratum_small") },
            ],
            stratum: "large".to_owned(),
            candidates: vec![
                candidate("R01", "Fatima el Amrani", "Enschede", true),
                candidate("R11", "Anna Bakker", "Utrecht", true),
                candidate("R12", "Pieter Smit", "Apeldoorn", false),
            ],
            waiting: 312,
            is_more: false,
            outcome: None,
            missing: Vec::new(),
        };
        let early = Self { missing: vec!["respondents".to_owned(), "consent".to_owned()], ..start.clone() };
        let reasons = [
            "already_invited",
            "opted_out",
            "withdrawn",
            "declined",
            "referred",
            "no_consent_form",
            "stratum_full",
            "unknown",
        ];
        let outcome = Outcome {
            dry_run: true,
            queued: ["R01", "R11"].map(ToOwned::to_owned).into(),
            letters: 2,
            skipped: reasons.map(|reason| skipped("R04", reason)).into(),
            passed_over: 707,
            reasons: vec![("already_invited".to_owned(), 600), ("opted_out".to_owned(), 107)],
            is_first: false,
            next: Some(200),
            more: None,
            wave: None,
            is_under_way: false,
        };
        let tried = Self { outcome: Some(outcome.clone()), ..start.clone() };
        let nobody = Outcome { queued: Vec::new(), letters: 0, ..outcome.clone() };
        let useless = Self { outcome: Some(nobody), ..start.clone() };
        let done = Outcome {
            dry_run: false,
            more: Some("/studies/study/invitations?wave=1".to_owned()),
            wave: Some("1".to_owned()),
            ..outcome
        };
        let under_way = Outcome { is_under_way: true, ..done.clone() };
        let under_way = Self { outcome: Some(under_way), ..start.clone() };
        let sent = Self { outcome: Some(done), ..start.clone() };
        let fitting = FilterOfList {
            status: "listed".to_owned(),
            stratum: "large".to_owned(),
            stratum_label: word(language, "sample.stratum_large"),
            municipality: "GM0363".to_owned(),
            municipality_name: "Amsterdam".to_owned(),
            wave: "1".to_owned(),
        };
        let from_list = Self { who: "fitting".to_owned(), fitting: Some(fitting), ..tried.clone() };
        let many = Self { waiting: 1_000, is_more: true, ..start.clone() };
        let none = Self { candidates: Vec::new(), waiting: 0, ..start.clone() };
        vec![start, early, tried, useless, under_way, sent, from_list, many, none]
    }
}
