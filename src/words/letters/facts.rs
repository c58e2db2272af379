//! The facts that letters speak of, already put into the words of the reader's language.

use chrono_tz::Tz;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::letter::Placeholder;
use crate::domain::letter_facts::{Company, Ending, LinkChange};
use crate::words::{dates, word};

/// What a letter speaks of, whatever its kind.
pub(super) trait Facts {
    /// What stands in place of a placeholder. One that the letter does not know is empty.
    fn value(&self, language: Language, placeholder: Placeholder) -> String;

    /// The facts as a template sees them.
    fn given(&self) -> Value;
}

/// The face that a study shows to respondents, on pages and in letters.
#[derive(Debug, Clone, Serialize)]
pub struct StudyFace {
    /// The public name.
    pub title: String,
    /// The organisation that carries it out, if it is named.
    pub organisation: Option<String>,
    /// The name of the researcher who signs.
    pub researcher: String,
    /// Where questions and objections go.
    pub contact_email: String,
    /// How long an interview takes, in minutes.
    pub minutes: String,
    /// The ethics approval: committee, number, date.
    pub ethics: Option<String>,
    /// What the study is about and what it is for.
    pub purpose: Option<String>,
    /// Where the address came from, as a noun phrase (GDPR art. 14(2)(f)): `the web site of your municipality`.
    pub source: Option<String>,
    /// The legal ground.
    pub legal_basis: Option<String>,
    /// How long which data are kept.
    pub retention: Option<String>,
}

impl StudyFace {
    pub(super) fn value(&self, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Study => self.title.clone(),
            Placeholder::Organisation => self.organisation.clone().unwrap_or_default(),
            Placeholder::Researcher => self.researcher.clone(),
            Placeholder::Contact => self.contact_email.clone(),
            Placeholder::Minutes => self.minutes.clone(),
            Placeholder::Ethics => self.ethics.clone().unwrap_or_default(),
            Placeholder::Purpose => self.purpose.clone().unwrap_or_default(),
            Placeholder::Source => self.source.clone().unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// When an interview is, in words.
#[derive(Debug, Clone, Serialize)]
pub struct When {
    /// `dinsdag 2 maart 2027`.
    pub date: String,
    /// `10.00 – 11.00 uur`.
    pub time: String,
    /// `Nederlandse tijd`.
    pub zone: String,
}

impl When {
    /// The stretch from `from` to `until` as it is told in `zone`.
    #[must_use]
    pub fn new(language: Language, zone: Tz, from: Instant, until: Instant) -> Self {
        Self {
            date: dates::day(language, zone, from),
            time: dates::time_range(language, zone, from, until),
            zone: dates::zone_name_of_range(language, zone, from, until),
        }
    }

    fn clock(&self) -> String {
        format!("{} ({})", self.time, self.zone)
    }
}

/// Where an interview is.
#[derive(Debug, Clone, Serialize)]
pub struct Venue {
    /// How it is held.
    pub mode: Mode,
    /// The address, where it is held in person.
    pub place: Option<String>,
    /// The link to join, where it is held online and the link is known already.
    pub join_link: Option<String>,
}

impl Venue {
    fn place(&self, language: Language) -> String {
        match (&self.mode, &self.place) {
            (Mode::InPerson, Some(place)) => place.clone(),
            (mode, _) => word(language, &format!("mode.{mode}")),
        }
    }

    fn join_link(&self, language: Language) -> String {
        match (&self.mode, &self.join_link) {
            (Mode::Teams, Some(link)) => link.clone(),
            (Mode::Teams, None) => word(language, "letter.link_follows"),
            (Mode::InPerson, _) => String::new(),
        }
    }
}

/// Facts of an invitation, a reminder, or the letter with another personal link.
#[derive(Debug, Clone, Serialize)]
pub struct Approach {
    /// Who approaches.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// The personal link.
    pub link: String,
    /// The link that ends all mail and can do nothing else.
    pub unsubscribe: String,
}

impl Facts for Approach {
    fn value(&self, _language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            Placeholder::Link => self.link.clone(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of a letter about an interview that stands.
#[derive(Debug, Clone, Serialize)]
pub struct Appointment {
    /// The study.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// When it is.
    pub when: When,
    /// When it was before it moved; `None` if the time stayed.
    pub before: Option<When>,
    /// Where it is.
    pub venue: Venue,
    /// What became of the link to join it, if that is what the letter is about.
    pub link_change: Option<LinkChange>,
    /// Who comes along or does not any more, if that is what the letter is about.
    pub company: Option<Company>,
    /// Whether the respondent can still move and cancel it themselves when the letter leaves.
    pub may_change: bool,
    /// The personal link.
    pub link: String,
}

impl Facts for Appointment {
    fn value(&self, language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            Placeholder::Date => self.when.date.clone(),
            Placeholder::Time => self.when.clock(),
            Placeholder::Place => self.venue.place(language),
            Placeholder::JoinLink => self.venue.join_link(language),
            Placeholder::Link => self.link.clone(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of the letter about an interview that was called off.
#[derive(Debug, Clone, Serialize)]
pub struct Cancellation {
    /// The study.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// When it would have been.
    pub when: When,
    /// Whether the respondent called it off; else the researcher did.
    pub by_respondent: bool,
    /// Why, in the words of whoever called it off.
    pub reason: Option<String>,
    /// Whether it ends because the study takes no more interviews, so that no other can be booked.
    pub study_closed: bool,
    /// The personal link; `None` once the person is erased, and their page with them, or has another address.
    pub link: Option<String>,
}

impl Facts for Cancellation {
    fn value(&self, _language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            Placeholder::Date => self.when.date.clone(),
            Placeholder::Time => self.when.clock(),
            Placeholder::Link => self.link.clone().unwrap_or_default(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// One item of a consent as it was answered.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceItem {
    /// The exact text.
    pub text: String,
    /// What was answered.
    pub agreed: bool,
}

/// Facts of the receipt of a consent.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    /// The study.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// The version of the form.
    pub version: String,
    /// The name of the language in which it was read: `Nederlands`.
    pub read_in: String,
    /// SHA-256 of exactly what was shown, in hexadecimal digits.
    pub sha256: String,
    /// When it was given: `dinsdag 2 maart 2027, 10.00 uur (Nederlandse tijd)`.
    pub given_at: String,
    /// The name that was typed under it.
    pub signed: Option<String>,
    /// The exact introduction.
    pub intro: String,
    /// The items in the order of the form.
    pub items: Vec<EvidenceItem>,
    /// The personal link.
    pub link: String,
}

impl Facts for Receipt {
    fn value(&self, _language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            Placeholder::Link => self.link.clone(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of a last letter: after a withdrawal, or when the study closed.
#[derive(Debug, Clone, Serialize)]
pub struct Farewell {
    /// The study.
    pub study: StudyFace,
    /// The respondent's name.
    pub name: String,
    /// The interview that was called off with it.
    pub cancelled: Option<When>,
}

impl Facts for Farewell {
    fn value(&self, _language: Language, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.clone(),
            other => self.study.value(other),
        }
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of a letter to whoever made the appointment for a respondent. It names nobody, and bears no personal link.
#[derive(Debug, Clone, Serialize)]
pub struct Errand {
    /// The study.
    pub study: StudyFace,
    /// The name of who made the appointment.
    pub name: String,
    /// When it is, or would have been.
    pub when: When,
    /// When it was before it moved; `None` if the time stayed.
    pub before: Option<When>,
    /// Where it is, or would have been.
    pub venue: Venue,
    /// Whether it is a change of what they were told before.
    pub is_change: bool,
    /// Whether the appointment stands, of which they are told no longer.
    pub stands: bool,
}

impl Facts for Errand {
    fn value(&self, _language: Language, _placeholder: Placeholder) -> String {
        String::new()
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Facts of a letter to an interviewer. The respondent is a code here: the page behind the link names the person to
/// those who may know.
#[derive(Debug, Clone, Serialize)]
pub struct Duty {
    /// The study.
    pub study: StudyFace,
    /// The interviewer's name.
    pub name: String,
    /// The respondent's code, `R07`.
    pub code: String,
    /// When it is, or would have been.
    pub when: When,
    /// When it was before it moved; `None` if the time stayed.
    pub before: Option<When>,
    /// Where it is, or would have been.
    pub venue: Venue,
    /// What became of the link to join it, if that is all that changed.
    pub link_change: Option<LinkChange>,
    /// Who became the second interviewer or is it no more, if that is all that changed.
    pub company: Option<Company>,
    /// Whether the letter goes to the second interviewer.
    pub is_second: bool,
    /// Whether the respondent did this; else a researcher did.
    pub by_respondent: bool,
    /// Why it was called off, if it was said.
    pub reason: Option<String>,
    /// Why it ends, where nobody simply called it off.
    pub ending: Option<Ending>,
    /// Whether invites come from the interviewer's own mailbox, so that the attachment is a file to open (E21).
    pub is_organizer: bool,
    /// The page of the interview.
    pub link: String,
}

impl Facts for Duty {
    fn value(&self, _language: Language, _placeholder: Placeholder) -> String {
        String::new()
    }

    fn given(&self) -> Value {
        Value::from(Serde(self))
    }
}
