//! Invented respondents, for the tests that render every page.

use super::{
    ConsentGiven, Contact, Erase, HistoryRow, RespondentDetail, RespondentForm, RespondentList, RespondentRow,
};
use crate::domain::batch::Act;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::EvidenceItem;
use crate::words::pages::Sample;
use crate::words::pages::researcher::{
    Choice, Desk, InterviewRow, LetterRow, Section, desk, desk_of_archive, desk_of_reader, proposals,
};
use crate::words::pages::shared::{Deed, FieldMessage, Notice};
use crate::words::word;

impl Sample for RespondentList {
    fn samples(language: Language) -> Vec<Self> {
        let row = |code: &str, name: &str, municipality: &str, status: &str| RespondentRow {
            id: code.to_owned(),
            href: format!("/respondents/{code}"),
            code: code.to_owned(),
            name: Some(name.to_owned()),
            is_contact_removed: false,
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
            total: Some(1_000),
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
            total: Some(0),
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
        let sought =
            Self { q: "vries".to_owned(), total: None, next: Some("/x".to_owned()), ..empty.clone() };
        let mut archived = Self {
            desk: desk_of_archive(Section::Respondents, "/respondents"),
            letters: false,
            acts: [Act::RemoveContact, Act::Erase].map(|act| act.as_str().to_owned()).into(),
            interviewers: Vec::new(),
            ..full.clone()
        };
        for row in archived.rows.iter_mut().take(3) {
            *row = RespondentRow { name: None, is_contact_removed: true, ..row.clone() };
        }
        let mut anonymous = full.clone();
        anonymous.letters = false;
        anonymous.acts = Vec::new();
        anonymous.desk = desk_of_reader(Section::Respondents, "/respondents");
        anonymous.rows.iter_mut().for_each(|row| row.name = None);
        vec![full, empty, filtered, sought, anonymous, archived]
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
            contact_removed_at: None,
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
                asked: Some(("3".to_owned(), "/consent-forms/3/changes".to_owned())),
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
        let forgotten = Self {
            desk: desk_of_archive(Section::Respondents, "/respondents"),
            status: "held".to_owned(),
            contact: None,
            contact_removed_at: Some("1 sep 2027, 10.00".to_owned()),
            new_link: None,
            proposal: None,
            ..known.clone()
        };
        let asked_again =
            Self { status: "consented".to_owned(), new_link: None, proposal: None, ..known.clone() };
        vec![known, unknown, forgotten, asked_again]
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
