//! From what a letter is written from to the facts as its reader reads them.

use chrono_tz::Tz;
use serde_json::json;

use super::{
    Appointment, Approach, Cancellation, Duty, Errand, EvidenceItem, Farewell, Letter, Receipt, Regret,
    Request, StudyFace, Venue, When,
};
use crate::clock::Instant;
use crate::domain::bilingual::Bilingual;
use crate::domain::correspondence::{Correspondence, Referrer, Subject};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::{self, About, Change, Ending};
use crate::domain::notice::Alteration;
use crate::domain::study::Study;
use crate::domain::text::EmailAddress;
use crate::problem::{Outcome, Problem};
use crate::words::{dates, phrase, word};

impl StudyFace {
    /// The face of a study, for which a researcher signs.
    #[must_use]
    pub fn of(study: &Study, researcher: &str, language: Language) -> Self {
        let told = |text: &Bilingual| text.told(language).map(str::to_owned);
        Self {
            title: study.title.clone(),
            organisation: Some(study.organisation.clone()).filter(|name| !name.is_empty()),
            researcher: researcher.to_owned(),
            contact_email: study.contact_email.as_str().to_owned(),
            minutes: study.rules.interview_minutes.to_string(),
            ethics: study.rules.ethics.clone(),
            purpose: told(&study.privacy_notice.purpose),
            source: told(&study.privacy_notice.address_source),
            legal_basis: told(&study.privacy_notice.legal_basis),
            retention: told(&study.privacy_notice.retention),
        }
    }
}

impl StudyFace {
    /// The same to somebody whom a colleague named: that is where the address came from.
    #[must_use]
    pub fn told_by(self, language: Language, referrer: Option<&Referrer>) -> Self {
        let source = match referrer {
            None => return self,
            Some(Referrer::Unnamed) => word(language, "letter.source_colleague"),
            Some(Referrer::Named(name)) => phrase(language, "letter.source_named", &json!({ "name": name })),
        };
        Self { source: Some(source), ..self }
    }
}

impl Letter {
    /// The letter that is written from this. `base_url` is what links begin with, `organizer` the mailbox that invites
    /// come from.
    ///
    /// # Errors
    /// [`Problem::Internal`] when the letter lacks a fact that its kind speaks of.
    pub fn of(from: &Correspondence, base_url: &str, organizer: &EmailAddress) -> Outcome<Self> {
        let letter = Writing { from, base_url };
        if let About::Rehearsal(language) = from.facts.about {
            let name = Some(from.name.clone());
            return Ok(Self::rehearsal(from.kind, language, letter.study(), name, base_url));
        }
        Ok(match from.kind {
            LetterKind::Invitation => Self::Invitation(letter.approach()?),
            LetterKind::Reminder => Self::Reminder(letter.approach()?),
            LetterKind::ConsentReceipt => Self::ConsentReceipt(letter.receipt()?),
            LetterKind::Confirmation => Self::Confirmation(letter.appointment()?),
            LetterKind::AppointmentReminder => Self::AppointmentReminder(letter.appointment()?),
            LetterKind::Moved => Self::Moved(letter.appointment()?),
            LetterKind::LinkUpdate => Self::LinkUpdate(letter.appointment()?),
            LetterKind::Cancelled => Self::Cancelled(letter.cancellation()?),
            LetterKind::Withdrawn => Self::Withdrawn(letter.farewell()),
            LetterKind::StudyClosed => Self::StudyClosed(letter.farewell()),
            LetterKind::CompanyChanged => Self::CompanyChanged(letter.appointment()?),
            LetterKind::AddressLeft => Self::AddressLeft(letter.cancellation()?),
            LetterKind::DelegateInvited => Self::DelegateInvited(letter.errand()?),
            LetterKind::DelegateCancelled => Self::DelegateCancelled(letter.errand()?),
            LetterKind::InterviewerBooked => Self::InterviewerBooked(letter.duty(organizer)?),
            LetterKind::InterviewerMoved => Self::InterviewerMoved(letter.duty(organizer)?),
            LetterKind::InterviewerCancelled => Self::InterviewerCancelled(letter.duty(organizer)?),
            LetterKind::NewLink => Self::NewLink(letter.approach()?),
            LetterKind::ProposalDeclined => Self::ProposalDeclined(letter.regret()?),
            LetterKind::InterviewerProposal => Self::InterviewerProposal(letter.request()?),
            LetterKind::InterviewerReminder => Self::InterviewerReminder(letter.duty(organizer)?),
        })
    }
}

/// A letter while its facts are put into words.
pub(super) struct Writing<'a> {
    pub(super) from: &'a Correspondence,
    pub(super) base_url: &'a str,
}

impl Writing<'_> {
    const fn language(&self) -> Language {
        self.from.language
    }

    const fn zone(&self) -> Tz {
        self.from.study.rules.time_zone
    }

    fn study(&self) -> StudyFace {
        StudyFace::of(&self.from.study, &self.from.researcher, self.language())
    }

    fn lacks(&self, what: &str) -> Problem {
        Problem::internal(format!("the letter {} lacks its {what}", self.from.kind))
    }

    pub(super) fn subject(&self) -> Outcome<&Subject> {
        self.from.subject.as_ref().ok_or_else(|| self.lacks("respondent"))
    }

    pub(super) fn facts(&self) -> Outcome<&letter_facts::Appointment> {
        match &self.from.facts.about {
            About::Interview(appointment) => Ok(appointment),
            _ => Err(self.lacks("interview")),
        }
    }

    fn link(&self) -> Outcome<String> {
        Ok(format!("{}/p/{}", self.base_url, self.subject()?.link))
    }

    pub(super) fn duty_link(&self) -> Outcome<String> {
        let (interview, _) = self.from.interview.ok_or_else(|| self.lacks("interview"))?;
        Ok(format!("{}/interviews/{interview}", self.base_url))
    }

    fn when(&self, (from, until): (Instant, Instant)) -> When {
        When::new(self.language(), self.zone(), from, until)
    }

    fn change(&self) -> Change {
        self.from.facts.change.clone().unwrap_or_default()
    }

    pub(super) fn venue(&self, appointment: &letter_facts::Appointment) -> Outcome<Venue> {
        let place = match (appointment.mode, &appointment.place) {
            (Mode::Teams, _) => None,
            (Mode::InPerson, Some(place)) => Some(place.clone()),
            (Mode::InPerson, None) => {
                let municipality = json!({ "municipality": self.subject()?.municipality });
                Some(phrase(self.language(), "invite.town_hall", &municipality))
            }
        };
        let join_link = appointment.join_link.clone().filter(|_| appointment.mode == Mode::Teams);
        Ok(Venue { mode: appointment.mode, place, join_link })
    }

    fn approach(&self) -> Outcome<Approach> {
        let referrer = self.subject()?.referrer.as_ref();
        Ok(Approach {
            study: self.study().told_by(self.language(), referrer),
            name: self.from.name.clone(),
            link: self.link()?,
            unsubscribe: format!("{}/u/{}", self.base_url, self.subject()?.unsubscribe),
        })
    }

    fn appointment(&self) -> Outcome<Appointment> {
        let (facts, change) = (self.facts()?, self.change());
        Ok(Appointment {
            study: self.study(),
            name: self.from.name.clone(),
            when: self.when((facts.starts_at, facts.ends_at)),
            before: change.before.map(|before| self.when(before)),
            venue: self.venue(facts)?,
            link_change: change.link,
            company: change.company,
            may_change: [Alteration::Move, Alteration::Cancel].into_iter().all(|step| {
                let lasts = (facts.starts_at, facts.ends_at);
                self.from.study.rules.may_still(step, lasts, self.from.stamp)
            }),
            link: self.link()?,
        })
    }

    fn cancellation(&self) -> Outcome<Cancellation> {
        let (facts, change) = (self.facts()?, self.change());
        let link = if self.from.facts.addressee.is_some() { None } else { Some(self.link()?) };
        Ok(Cancellation {
            study: self.study(),
            name: self.from.name.clone(),
            when: self.when((facts.starts_at, facts.ends_at)),
            by_respondent: change.by_respondent,
            reason: change.reason,
            study_closed: change.ending == Some(Ending::StudyClosed),
            link,
        })
    }

    fn errand(&self) -> Outcome<Errand> {
        let (facts, change) = (self.facts()?, self.change());
        Ok(Errand {
            study: self.study(),
            name: self.from.name.clone(),
            when: self.when((facts.starts_at, facts.ends_at)),
            before: change.before.map(|before| self.when(before)),
            venue: self.venue(facts)?,
            is_change: self.from.invited_before,
            stands: change.ending == Some(Ending::NotNeeded),
        })
    }

    /// An interview is named only where a calendar may know of it, since the letter speaks of the attachment.
    fn farewell(&self) -> Farewell {
        let cancelled = self.facts().ok().filter(|_| self.from.invited_before);
        Farewell {
            study: self.study(),
            name: self.from.name.clone(),
            cancelled: cancelled.map(|facts| self.when((facts.starts_at, facts.ends_at))),
        }
    }

    fn duty(&self, organizer: &EmailAddress) -> Outcome<Duty> {
        let (facts, change) = (self.facts()?, self.change());
        Ok(Duty {
            study: self.study(),
            name: self.from.name.clone(),
            code: self.subject()?.code.clone(),
            when: self.when((facts.starts_at, facts.ends_at)),
            before: change.before.map(|before| self.when(before)),
            venue: self.venue(facts)?,
            link_change: change.link,
            company: change.company,
            is_second: self.from.is_second,
            by_respondent: change.by_respondent,
            reason: change.reason,
            ending: change.ending,
            is_organizer: self.from.is_to(organizer),
            link: self.duty_link()?,
        })
    }

    fn proposed(&self) -> Outcome<(&letter_facts::Proposed, Vec<String>)> {
        let About::Proposal(proposed) = &self.from.facts.about else { return Err(self.lacks("proposal")) };
        let told = |moment: &Instant| dates::moment(self.language(), self.zone(), *moment);
        Ok((proposed, proposed.moments.iter().map(told).collect()))
    }

    fn regret(&self) -> Outcome<Regret> {
        let (proposed, moments) = self.proposed()?;
        Ok(Regret {
            study: self.study(),
            name: self.from.name.clone(),
            moments,
            moves: proposed.moves,
            link: self.link()?,
        })
    }

    fn request(&self) -> Outcome<Request> {
        let (proposed, moments) = self.proposed()?;
        let first = proposed.moments.first().copied().unwrap_or(self.from.stamp);
        Ok(Request {
            study: self.study(),
            name: self.from.name.clone(),
            code: self.subject()?.code.clone(),
            moments,
            zone: dates::zone_name(self.language(), self.zone(), first),
            mode: proposed.mode,
            moves: proposed.moves,
            link: format!("{}/respondents/{}", self.base_url, proposed.respondent),
        })
    }

    fn receipt(&self) -> Outcome<Receipt> {
        let consent = self.from.consent.as_ref().ok_or_else(|| self.lacks("consent"))?;
        let given_at = dates::moment(self.language(), self.zone(), consent.given_at);
        let zone = dates::zone_name(self.language(), self.zone(), consent.given_at);
        // What was agreed to stands here word for word, in the language in which it was read.
        let items = consent.form.items.iter().map(|item| EvidenceItem {
            text: item.text.text(consent.language).to_owned(),
            agreed: consent.answers.get(&item.key).copied().unwrap_or(false),
        });
        Ok(Receipt {
            study: self.study(),
            name: self.from.name.clone(),
            version: consent.version.to_string(),
            read_in: word(self.language(), &format!("language.{}", consent.language)),
            sha256: consent.sha256.clone(),
            given_at: format!("{given_at} ({zone})"),
            signed: consent.signed.clone(),
            intro: consent.form.intro.text(consent.language).to_owned(),
            items: items.collect(),
            link: self.link()?,
        })
    }
}
