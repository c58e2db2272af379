//! Respondents: the list, one person, and erasing.

use serde::Serialize;

use super::proposals;
use super::{
    Choice, Desk, InterviewRow, LetterRow, ProposalCard, Section, desk, desk_of_archive, desk_of_reader,
};
use crate::domain::batch::Act;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::EvidenceItem;
use crate::words::pages::Sample;
use crate::words::pages::shared::{Deed, FieldMessage, Notice};
use crate::words::word;

/// A respondent in the list.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentRow {
    /// The id, by which the person is ticked.
    pub id: String,
    /// The respondent's page.
    pub href: String,
    /// The code, `R07`.
    pub code: String,
    /// The name, for those who may see it.
    pub name: Option<String>,
    /// The municipality.
    pub municipality: String,
    /// The stratum.
    pub stratum: String,
    /// The status of E1.
    pub status: String,
}

/// The respondents of a study. Filters with GET: `q`, `status`, `stratum`, `municipality`, `wave`. Letters to those who
/// are ticked or all who fit post to `{base}/invitations`, anything else that is done to them to `{base}/batches`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentList {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list.
    pub rows: Vec<RespondentRow>,
    /// How many there are under the filter.
    pub total: u64,
    /// Whether there are more than that.
    pub is_more: bool,
    /// Every status, by its code.
    pub statuses: Vec<String>,
    /// The code or mail address that is searched for, or empty.
    pub q: String,
    /// The name of the municipality that is filtered by, or empty.
    pub municipality: String,
    /// Its code.
    pub municipality_code: String,
    /// The wave of letters that is filtered by, or empty.
    pub wave: String,
    /// The status that is filtered by, or empty.
    pub status: String,
    /// The strata to filter by: key and label.
    pub strata: Vec<Choice>,
    /// The stratum that is filtered by, or empty.
    pub stratum: String,
    /// Whether letters to several can be prepared here.
    pub letters: bool,
    /// What else can be done to several: `batch.title.<name>` in the words.
    pub acts: Vec<String>,
    /// Who can be chosen to interview them.
    pub interviewers: Vec<Choice>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// A respondent who is added or corrected. Posts to `{base}/respondents` or `/respondents/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The code; `None` for somebody new.
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The role in the municipality.
    pub role: String,
    /// The telephone number.
    pub phone: String,
    /// The municipality: code, name or alias.
    pub municipality: String,
    /// `nl` or `en`.
    pub language: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// How to reach a respondent.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The role, if known.
    pub role: Option<String>,
    /// The telephone number, if known.
    pub phone: Option<String>,
    /// When mail to the address came back.
    pub bounced_at: Option<String>,
    /// When a machine last answered for this person.
    pub auto_reply_at: Option<String>,
}

/// A consent that stands.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentGiven {
    /// The version.
    pub version: String,
    /// When.
    pub given_at: String,
    /// The name of the language in which it was read.
    pub read_in: String,
    /// The digest of the exact text.
    pub sha256: String,
    /// The items.
    pub items: Vec<EvidenceItem>,
}

/// A line of a respondent's history.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRow {
    /// When.
    pub at: String,
    /// The status that was reached.
    pub status: String,
}

/// One respondent. Posts to `{base}/link` for a new personal link, and `interviewer` to `{base}/interviewer`.
#[derive(Debug, Clone, Serialize)]
pub struct RespondentDetail {
    /// What surrounds it.
    pub desk: Desk,
    /// The respondent's id, by which the person is chosen.
    pub id: String,
    /// `/respondents/{id}`.
    pub base: String,
    /// The code.
    pub code: String,
    /// The status of E1.
    pub status: String,
    /// The municipality.
    pub municipality: String,
    /// The stratum.
    pub stratum: String,
    /// `nl` or `en`.
    pub language: String,
    /// Who could be chosen to interview them; nobody where there is no choice.
    pub interviewers: Vec<Choice>,
    /// Who is chosen; empty for whoever is free.
    pub interviewer: String,
    /// How to reach the person, for those who may see it.
    pub contact: Option<Contact>,
    /// The personal link that was just made; shown once.
    pub new_link: Option<String>,
    /// The consent, if one stands.
    pub consent: Option<ConsentGiven>,
    /// The code and page of the colleague by whom they came into the study, if by one.
    pub referred_by: Option<(String, String)>,
    /// Whom they named: code and page; neither for somebody who must not be written to.
    pub referred: Vec<Option<(String, String)>>,
    /// What the respondent proposed and waits for an answer.
    pub proposal: Option<ProposalCard>,
    /// The interviews, latest first.
    pub interviews: Vec<InterviewRow>,
    /// The letters, latest first.
    pub letters: Vec<LetterRow>,
    /// The history, latest first.
    pub history: Vec<HistoryRow>,
}

/// The question before a person is erased. Posts to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct Erase {
    /// What surrounds it.
    pub desk: Desk,
    /// `/respondents/{id}`.
    pub base: String,
    /// The code.
    pub code: String,
    /// The interview that would be called off with it, in words.
    pub interview: Option<String>,
    /// How many rendered letters would be erased.
    pub letters: u64,
}

impl Sample for RespondentList {
    fn samples(language: Language) -> Vec<Self> {
        let row = |code: &str, name: &str, municipality: &str, status: &str| RespondentRow {
            id: code.to_owned(),
            href: format!("/respondents/{code}"),
            code: code.to_owned(),
            name: Some(name.to_owned()),
            municipality: municipality.to_owned(),
            stratum: word(language, "sample.stratum_large"),
            status: status.to_owned(),
        };
        let statuses = [
            "listed",
            "invited",
            "consented",
            "booked",
            "held",
            "no_show",
            "declined",
            "referred",
            "opted_out",
            "withdrawn",
        ];
        let full = Self {
            desk: desk(Some(Section::Respondents), "/respondents"),
            letters: true,
            acts: Act::CHOSEN.iter().map(|act| act.as_str().to_owned()).collect(),
            interviewers: ["Noor Verhoeven", "Bram Janssen"]
                .map(|name| Choice { value: name.to_owned(), label: name.to_owned() })
                .into(),
            rows: vec![
                row("R01", "Fatima el Amrani", "Enschede", "invited"),
                row("R02", "Joost van den Berg", "Zwolle", "consented"),
                row("R03", "Marijke Hoekstra", "Leeuwarden", "held"),
                row("R04", "Ömer Yıldız", "Bergen (Limburg)", "declined"),
                row("R07", "Sanne de Vries", "’s-Hertogenbosch", "booked"),
                row("R09", "Willem Dijkstra", "Súdwest-Fryslân", "no_show"),
                row("R11", "Anna Bakker", "Utrecht", "listed"),
                row("R12", "Pieter Smit", "Apeldoorn", "opted_out"),
                row("R13", "Lotte Visser", "Zoetermeer", "withdrawn"),
            ],
            total: 1_000,
            is_more: true,
            q: String::new(),
            municipality: "Enschede".to_owned(),
            municipality_code: "GM0153".to_owned(),
            wave: "1".to_owned(),
            statuses: statuses.map(ToOwned::to_owned).into(),
            status: String::new(),
            strata: vec![Choice { value: "large".to_owned(), label: word(language, "sample.stratum_large") }],
            stratum: "large".to_owned(),
            first: Some("/x".to_owned()),
            next: Some("/x".to_owned()),
        };
        let empty = Self {
            rows: Vec::new(),
            total: 0,
            is_more: false,
            municipality: String::new(),
            municipality_code: String::new(),
            wave: String::new(),
            stratum: String::new(),
            first: None,
            next: None,
            ..full.clone()
        };
        let filtered = Self { status: "held".to_owned(), ..empty.clone() };
        let archived = Self {
            desk: desk_of_archive(Section::Respondents, "/respondents"),
            letters: false,
            acts: vec![Act::Erase.as_str().to_owned()],
            interviewers: Vec::new(),
            ..full.clone()
        };
        let mut anonymous = full.clone();
        anonymous.letters = false;
        anonymous.acts = Vec::new();
        anonymous.desk = desk_of_reader(Section::Respondents, "/respondents");
        anonymous.rows.iter_mut().for_each(|row| row.name = None);
        vec![full, empty, filtered, anonymous, archived]
    }
}

impl Sample for RespondentForm {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [
            FieldProblem::new("email", FieldCode::EmailInvalid),
            FieldProblem::new("municipality", FieldCode::MunicipalityAmbiguous)
                .with("candidates", vec!["Bergen (L.)", "Bergen (NH.)"]),
        ];
        let new = Self {
            desk: desk(Some(Section::Respondents), "/respondents/new"),
            action: "/studies/1/respondents".to_owned(),
            code: None,
            name: "Ömer Yıldız".to_owned(),
            email: "omer@example".to_owned(),
            role: String::new(),
            phone: String::new(),
            municipality: "Bergen".to_owned(),
            language: "nl".to_owned(),
            errors: FieldMessage::all(language, &problems),
        };
        let old = Self { code: Some("R04".to_owned()), errors: Vec::new(), ..new.clone() };
        vec![new, old]
    }
}

impl Sample for RespondentDetail {
    fn samples(language: Language) -> Vec<Self> {
        let history = |at: &str, status: &str| HistoryRow { at: at.to_owned(), status: status.to_owned() };
        let known = Self {
            desk: Desk {
                notice: Some(Notice::from(Deed::LinkMade)),
                ..desk(Some(Section::Respondents), "/respondents")
            },
            id: "1".to_owned(),
            base: "/respondents/1".to_owned(),
            code: "R07".to_owned(),
            status: "booked".to_owned(),
            municipality: "’s-Hertogenbosch".to_owned(),
            stratum: word(language, "sample.stratum_large"),
            language: "nl".to_owned(),
            interviewers: ["Noor Verhoeven", "Bram Janssen"]
                .map(|name| Choice { value: name.to_owned(), label: name.to_owned() })
                .into(),
            interviewer: "Bram Janssen".to_owned(),
            contact: Some(Contact {
                name: "Sanne de Vries".to_owned(),
                email: "sanne.de.vries@example.org".to_owned(),
                role: Some(word(language, "sample.role")),
                phone: Some("+31 73 000 00 00".to_owned()),
                bounced_at: Some("2 mrt 2027, 10.00".to_owned()),
                auto_reply_at: Some("2 mrt 2027, 10.01".to_owned()),
            }),
            new_link: Some(
                "https://veldwerk.example.org/p/s7cQv0m3yV1b8Zr2kT5xN9wJ4hL6dFgPaUeXoCiRqEM".to_owned(),
            ),
            consent: Some(ConsentGiven {
                version: "2".to_owned(),
                given_at: "16 feb 2027, 10.00".to_owned(),
                read_in: word(language, "language.nl"),
                sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
                items: vec![
                    EvidenceItem { text: word(language, "sample.item_take_part"), agreed: true },
                    EvidenceItem { text: word(language, "sample.item_record"), agreed: false },
                ],
            }),
            referred_by: Some(("R02".to_owned(), "/respondents/2".to_owned())),
            referred: vec![Some(("R14".to_owned(), "/respondents/14".to_owned())), None],
            proposal: Some(proposals::card(language)),
            interviews: vec![InterviewRow::sample(language, "R07")],
            letters: LetterRow::samples(),
            history: vec![
                history("16 feb 2027, 10.02", "booked"),
                history("16 feb 2027, 10.00", "consented"),
                history("12 feb 2027, 09.00", "invited"),
                history("11 feb 2027, 16.20", "listed"),
            ],
        };
        let unknown = Self {
            desk: desk_of_reader(Section::Respondents, "/respondents"),
            contact: None,
            new_link: None,
            consent: None,
            referred_by: None,
            referred: Vec::new(),
            proposal: None,
            interviews: Vec::new(),
            letters: Vec::new(),
            ..known.clone()
        };
        vec![known, unknown]
    }
}

impl Sample for Erase {
    fn samples(_: Language) -> Vec<Self> {
        let page = |interview: Option<&str>, letters| Self {
            desk: desk(Some(Section::Respondents), "/respondents"),
            base: "/respondents/1".to_owned(),
            code: "R07".to_owned(),
            interview: interview.map(ToOwned::to_owned),
            letters,
        };
        vec![page(Some("2 mrt 2027, 10.00"), 4), page(None, 1)]
    }
}
