//! Letters with invented facts.

use chrono_tz::Tz;

use super::{
    Appointment, Approach, Cancellation, Duty, Errand, EvidenceItem, Farewell, Letter, Receipt, Regret,
    Request, StudyFace, Venue, When,
};
use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Placeholder};
use crate::domain::letter_facts::Company;
use crate::words::{dates, word};

/// Tuesday 2 March 2027, 10:00 in Amsterdam.
const START: Instant = Instant::from_unix(1_803_978_000);
const ZONE: Tz = Tz::Europe__Amsterdam;
const HOUSE: &str = "https://veldwerk.example.org";
const TOKEN: &str = "s7cQv0m3yV1b8Zr2kT5xN9wJ4hL6dFgPaUeXoCiRqEM";

/// A letter of a kind about an invented respondent.
pub(super) fn letter(kind: LetterKind, language: Language) -> Letter {
    rehearsal(kind, language, StudyFace::sample(language), None, HOUSE)
}

/// A letter of a kind from a study, about an invented respondent who may bear a given name.
pub(super) fn rehearsal(
    kind: LetterKind,
    language: Language,
    study: StudyFace,
    name: Option<String>,
    base_url: &str,
) -> Letter {
    let name = name.unwrap_or_else(|| "Sanne de Vries".to_owned());
    let when = When::new(language, ZONE, START, START.plus_minutes(60));
    let before = When::new(language, ZONE, START.plus_days(-5), START.plus_days(-5).plus_minutes(60));
    let venue = Venue {
        mode: Mode::Teams,
        place: None,
        join_link: Some("https://teams.example.org/l/meetup-join/19%3ameeting".to_owned()),
    };
    let (code, house) = ("R07".to_owned(), base_url.to_owned());
    Everything { study, name, when, before: Some(before), venue, code, house }.letter(kind, language)
}

/// A letter of a kind in which every fact is the placeholder that stands for it.
pub(super) fn with_placeholders(kind: LetterKind) -> Letter {
    let marked = |placeholder: Placeholder| placeholder.to_string();
    let study = StudyFace {
        title: marked(Placeholder::Study),
        organisation: Some(marked(Placeholder::Organisation)),
        researcher: marked(Placeholder::Researcher),
        contact_email: marked(Placeholder::Contact),
        minutes: marked(Placeholder::Minutes),
        ethics: Some(marked(Placeholder::Ethics)),
        purpose: Some(marked(Placeholder::Purpose)),
        source: Some(marked(Placeholder::Source)),
        legal_basis: None,
        retention: None,
    };
    let when = When { date: marked(Placeholder::Date), time: marked(Placeholder::Time), zone: String::new() };
    let venue = Venue {
        mode: Mode::Teams,
        place: Some(marked(Placeholder::Place)),
        join_link: Some(marked(Placeholder::JoinLink)),
    };
    let name = marked(Placeholder::Name);
    let (code, house) = (String::new(), String::new());
    let everything = Everything { study, name, when, before: None, venue, code, house };
    let mut letter = everything.letter(kind, Language::En);
    let link = marked(Placeholder::Link);
    match &mut letter {
        Letter::Invitation(facts) | Letter::Reminder(facts) | Letter::NewLink(facts) => facts.link = link,
        Letter::ConsentReceipt(facts) => facts.link = link,
        Letter::Confirmation(facts)
        | Letter::AppointmentReminder(facts)
        | Letter::Moved(facts)
        | Letter::LinkUpdate(facts) => facts.link = link,
        Letter::Cancelled(facts) => {
            facts.link = Some(link);
            facts.reason = None;
        }
        Letter::ProposalDeclined(facts) => facts.link = link,
        Letter::Withdrawn(facts) | Letter::StudyClosed(facts) => facts.cancelled = None,
        Letter::AddressLeft(_)
        | Letter::CompanyChanged(_)
        | Letter::DelegateInvited(_)
        | Letter::DelegateCancelled(_)
        | Letter::InterviewerBooked(_)
        | Letter::InterviewerMoved(_)
        | Letter::InterviewerCancelled(_)
        | Letter::InterviewerProposal(_)
        | Letter::InterviewerReminder(_) => {}
    }
    letter
}

impl StudyFace {
    /// An invented study.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self {
            title: word(language, "sample.study"),
            organisation: Some(word(language, "sample.organisation")),
            researcher: "Noor Verhoeven".to_owned(),
            contact_email: "noor.verhoeven@example.org".to_owned(),
            minutes: "60".to_owned(),
            ethics: Some(word(language, "sample.ethics")),
            purpose: Some(word(language, "sample.purpose")),
            source: Some(word(language, "sample.source")),
            legal_basis: Some(word(language, "sample.legal_basis")),
            retention: Some(word(language, "sample.retention")),
        }
    }
}

struct Everything {
    study: StudyFace,
    name: String,
    when: When,
    before: Option<When>,
    venue: Venue,
    code: String,
    /// What links begin with.
    house: String,
}

impl Everything {
    fn link(&self) -> String {
        format!("{}/p/{TOKEN}", self.house)
    }

    fn letter(self, kind: LetterKind, language: Language) -> Letter {
        match kind {
            LetterKind::Invitation => Letter::Invitation(self.approach()),
            LetterKind::Reminder => Letter::Reminder(self.approach()),
            LetterKind::ConsentReceipt => Letter::ConsentReceipt(self.receipt(language)),
            LetterKind::Confirmation => Letter::Confirmation(self.appointment(false)),
            LetterKind::AppointmentReminder => Letter::AppointmentReminder(self.appointment(false)),
            LetterKind::Moved => Letter::Moved(self.appointment(true)),
            LetterKind::LinkUpdate => Letter::LinkUpdate(self.appointment(false)),
            LetterKind::Cancelled => Letter::Cancelled(self.cancellation(language)),
            LetterKind::Withdrawn => Letter::Withdrawn(self.farewell()),
            LetterKind::StudyClosed => Letter::StudyClosed(self.farewell()),
            LetterKind::CompanyChanged => {
                let company = Company { joins: Some("Bram Janssen".to_owned()), leaves: None };
                Letter::CompanyChanged(Appointment { company: Some(company), ..self.appointment(false) })
            }
            LetterKind::AddressLeft => {
                Letter::AddressLeft(Cancellation { link: None, reason: None, ..self.cancellation(language) })
            }
            LetterKind::DelegateInvited => Letter::DelegateInvited(self.errand(false)),
            LetterKind::DelegateCancelled => Letter::DelegateCancelled(self.errand(true)),
            LetterKind::InterviewerBooked => Letter::InterviewerBooked(self.duty(language)),
            LetterKind::InterviewerMoved => Letter::InterviewerMoved(self.duty(language)),
            LetterKind::InterviewerCancelled => Letter::InterviewerCancelled(self.duty(language)),
            LetterKind::NewLink => Letter::NewLink(self.approach()),
            LetterKind::ProposalDeclined => Letter::ProposalDeclined(self.regret(language)),
            LetterKind::InterviewerProposal => Letter::InterviewerProposal(self.request(language)),
            LetterKind::InterviewerReminder => Letter::InterviewerReminder(self.duty(language)),
        }
    }

    fn approach(self) -> Approach {
        Approach {
            link: self.link(),
            unsubscribe: format!("{}/u/{TOKEN}", self.house),
            study: self.study,
            name: self.name,
        }
    }

    fn appointment(self, moved: bool) -> Appointment {
        Appointment {
            link: self.link(),
            study: self.study,
            name: self.name,
            when: self.when,
            before: self.before.filter(|_| moved),
            venue: self.venue,
            link_change: None,
            company: None,
            may_change: true,
        }
    }

    fn cancellation(self, language: Language) -> Cancellation {
        Cancellation {
            link: Some(self.link()),
            study: self.study,
            name: self.name,
            when: self.when,
            by_respondent: false,
            reason: Some(word(language, "sample.reason")),
            study_closed: false,
        }
    }

    fn receipt(self, language: Language) -> Receipt {
        let moment = dates::moment(language, ZONE, START.plus_days(-14));
        let item =
            |key: &str, agreed| EvidenceItem { text: word(language, &format!("sample.{key}")), agreed };
        Receipt {
            link: self.link(),
            study: self.study,
            name: self.name,
            version: "2".to_owned(),
            read_in: word(language, &format!("language.{language}")),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            given_at: format!("{moment} ({})", dates::zone_name(language, ZONE, START)),
            signed: Some("S. de Vries".to_owned()),
            intro: word(language, "sample.intro"),
            items: vec![item("item_take_part", true), item("item_record", true), item("item_quote", false)],
        }
    }

    fn errand(self, stands: bool) -> Errand {
        Errand {
            study: self.study,
            name: "Joke Smit".to_owned(),
            when: self.when,
            before: None,
            venue: self.venue,
            is_change: false,
            stands,
        }
    }

    fn farewell(self) -> Farewell {
        Farewell { study: self.study, name: self.name, cancelled: Some(self.when) }
    }

    /// The moments of a proposal: the evenings of two days.
    fn moments(language: Language) -> Vec<String> {
        let evening = |days| dates::moment(language, ZONE, START.plus_days(days).plus_minutes(600));
        vec![evening(0), evening(2)]
    }

    fn regret(self, language: Language) -> Regret {
        let moments = Self::moments(language);
        Regret { link: self.link(), study: self.study, name: self.name, moments, moves: false }
    }

    fn request(self, language: Language) -> Request {
        Request {
            study: self.study,
            name: "Noor Verhoeven".to_owned(),
            code: self.code,
            moments: Self::moments(language),
            zone: dates::zone_name(language, ZONE, START),
            mode: Mode::Teams,
            moves: false,
            link: format!("{}/respondents/01890000-0000-7000-8000-000000000000", self.house),
        }
    }

    fn duty(self, language: Language) -> Duty {
        Duty {
            study: self.study,
            name: "Noor Verhoeven".to_owned(),
            code: self.code,
            when: self.when,
            before: self.before,
            venue: self.venue,
            link_change: None,
            company: None,
            is_second: false,
            by_respondent: true,
            reason: Some(word(language, "sample.reason")),
            ending: None,
            is_organizer: false,
            link: format!("{}/interviews/01890000-0000-7000-8000-000000000000", self.house),
        }
    }
}
