//! The pages behind a personal link: no account, no script, and a link that a scanner opens changes nothing (R4).

mod booking;
mod consent;
mod details;
mod endings;
mod other_language;
mod overview;
mod proposing;
mod referring;

use rocket::Route;
use rocket::response::Redirect;

use crate::clock::Instant;
use crate::domain::bilingual::Bilingual;
use crate::domain::hold::Hold;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::notice::Alteration;
use crate::domain::respondent::RespondentStatus;
use crate::id::random_name;
use crate::problem::{AskInstead, Outcome, Problem};
use crate::queries::interviews::InterviewView;
use crate::queries::participation::OpenParticipation;
use crate::queries::visit::{self, VisitFacts};
use crate::web::App;
use crate::web::guards::{Chosen, LinkToken};
use crate::web::pages::Html;
use crate::words::letters::{StudyFace, Venue, When};
use crate::words::pages::respondent::{Ended, EndedBy, Kept, Meeting, Visit};
use crate::words::pages::shared::{Deed, Notice};
use crate::words::{self, dates};

/// The routes of these pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        overview::routes(),
        consent::routes(),
        booking::routes(),
        details::routes(),
        proposing::routes(),
        referring::routes(),
        endings::routes(),
        other_language::routes(),
    ]
    .concat()
}

/// A visit with what its pages share.
struct Guest {
    facts: VisitFacts,
    language: Language,
    base: String,
}

impl Guest {
    /// Looks up who holds the link. The language is the one that they chose, else the one that they are written in.
    async fn of(app: &App, token: &LinkToken, chosen: &Chosen) -> Outcome<Self> {
        let (digest, now) = (token.digest(), app.clock.now());
        let facts = app.store.read(move |tx| visit::of_link(tx, &digest, now)).await?;
        let language = chosen.or_theirs(facts.language);
        Ok(Self { facts, language, base: format!("/p/{}", token.as_str()) })
    }

    fn visit(&self, below: &str, done: Option<Deed>) -> Visit {
        Visit {
            here: format!("{}{below}", self.base),
            base: self.base.clone(),
            study: self.face(),
            notice: done.map(Notice::from),
        }
    }

    fn face(&self) -> StudyFace {
        let study = &self.facts.study;
        let told = |text: &Bilingual| text.told(self.language).map(str::to_owned);
        let face = StudyFace {
            title: study.title.clone(),
            organisation: Some(study.organisation.clone()).filter(|name| !name.is_empty()),
            researcher: study.researcher.clone(),
            contact_email: study.contact_email.clone(),
            minutes: study.interview_minutes.to_string(),
            ethics: study.ethics.clone(),
            purpose: told(&study.privacy_notice.purpose),
            source: told(&study.privacy_notice.address_source),
            legal_basis: told(&study.privacy_notice.legal_basis),
            retention: told(&study.privacy_notice.retention),
        };
        face.told_by(self.language, self.facts.referrer.as_ref())
    }

    /// The interview that stands or stood.
    fn meeting(&self) -> Option<Meeting> {
        let interview = self.facts.open.as_ref()?.interview.as_ref()?;
        let zone = self.facts.rules.time_zone;
        Some(Meeting {
            when: When::new(self.language, zone, interview.starts_at, interview.ends_at),
            venue: self.venue(interview),
        })
    }

    /// Whether an interview is planned or was held, beside which none can be planned.
    fn has_interview(&self) -> bool {
        let status = self.facts.open.as_ref().map(|open| open.status);
        matches!(status, Some(RespondentStatus::Booked | RespondentStatus::Held))
    }

    /// What an address tells as done, where it is so: an address outlives what was done.
    fn done(&self, told: Option<&str>) -> Option<Deed> {
        let deed = told?.parse().ok()?;
        let open = self.facts.open.as_ref();
        let is = |status| open.is_some_and(|open| open.status == status);
        let so = match deed {
            Deed::Withdrawn => open.is_none(),
            Deed::Booked | Deed::Moved | Deed::Standing | Deed::DelegateRemoved => {
                is(RespondentStatus::Booked)
            }
            Deed::Declined => is(RespondentStatus::Declined),
            Deed::Referred => is(RespondentStatus::Referred),
            Deed::OptedOut => open.is_some() && self.facts.opted_out,
            Deed::Consented => open.is_some_and(OpenParticipation::consents_now),
            Deed::Proposed => open.is_some_and(|open| open.proposal.is_some()),
            Deed::Cancelled => open.is_some_and(|open| open.interview.is_none() && open.consent.is_some()),
            _ => false,
        };
        Some(deed).filter(|_| so)
    }

    /// Leads somebody who comes to plan an interview to the one that they have.
    fn to_interview(&self) -> Redirect {
        Redirect::to(format!("{}?done={}", self.base, Deed::Standing.as_str()))
    }

    /// The time that is kept for whoever holds the link, and how a page tells it.
    fn kept(&self) -> Option<(Hold, Kept)> {
        let hold = self.facts.open.as_ref()?.hold?;
        let zone = self.facts.rules.time_zone;
        let kept = Kept {
            moment: dates::moment(self.language, zone, hold.starts_at),
            until: dates::time(self.language, zone, hold.kept_until),
            href: details::address(self, hold.starts_at, hold.mode),
        };
        Some((hold, kept))
    }

    /// What is shown in the place of a page on which an interview would be planned, once none can be.
    fn ended(&self) -> Option<Ended> {
        let by = match &self.facts.open {
            None => EndedBy::Withdrawn,
            Some(_) if self.facts.study.closed => EndedBy::Closed,
            Some(_) => return None,
        };
        Some(Ended { visit: self.visit("", None), by })
    }

    /// What is shown in the place of a page that changes the interview, where there is none.
    fn without_interview(&self, below: &str) -> Result<Html, Problem> {
        let page = Ended { visit: self.visit(below, None), by: EndedBy::NoInterview };
        Html::again(self.language, &Problem::NoInterview, page)
    }

    /// Demands that the consent is for the form as it is now.
    fn demand_consent(&self) -> Outcome<()> {
        let consents = self.facts.open.as_ref().is_some_and(OpenParticipation::consents_now);
        if consents { Ok(()) } else { Err(Problem::ConsentMissing) }
    }

    /// The version that was agreed to and the one that is asked for now, where these differ.
    fn earlier_version(&self) -> Option<(String, String)> {
        let open = self.facts.open.as_ref().filter(|open| !open.consents_now())?;
        let (before, now) = open.consent.as_ref().zip(open.consent_form.as_ref()?.version)?;
        Some((before.version.to_string(), now.to_string()))
    }

    /// The moments that were proposed and wait for an answer, in words.
    fn proposed(&self) -> Vec<String> {
        let waiting = self.facts.open.as_ref().and_then(|open| open.proposal.as_ref());
        let zone = self.facts.rules.time_zone;
        let told = |moment: &Instant| dates::moment(self.language, zone, *moment);
        waiting.map(|waiting| waiting.moments.iter().map(told).collect()).unwrap_or_default()
    }

    /// Whether whoever holds the link may still do this to the interview that stands themselves.
    fn may_still(&self, alteration: Alteration, now: Instant) -> bool {
        let open = self.facts.open.as_ref();
        let standing = open.and_then(|open| open.interview.as_ref());
        standing.is_none_or(|interview| {
            let lasts = (interview.starts_at, interview.ends_at);
            self.facts.rules.may_still(alteration, lasts, now)
        })
    }

    /// Demands that they may; to others the page does not offer what its button would refuse.
    fn demand(&self, alteration: Alteration, now: Instant) -> Outcome<()> {
        if self.may_still(alteration, now) {
            return Ok(());
        }
        let study = &self.facts.study;
        let (researcher, contact) = (study.researcher.clone(), study.contact_email.clone());
        Err(alteration.refused(AskInstead { researcher, contact }))
    }

    fn venue(&self, interview: &InterviewView) -> Venue {
        let in_person = interview.mode == Mode::InPerson;
        Venue {
            mode: interview.mode,
            place: in_person.then(|| interview.place.clone().unwrap_or_else(|| self.town_hall())),
            join_link: interview.join_link.clone(),
        }
    }

    /// The address at which the interview is planned that stands, unless that is the town hall.
    fn planned_place(&self) -> Option<String> {
        self.facts.open.as_ref()?.interview.as_ref()?.place.clone()
    }

    fn town_hall(&self) -> String {
        let municipality = serde_json::json!({ "municipality": self.facts.municipality });
        words::phrase(self.language, "invite.town_hall", &municipality)
    }
}

/// A fresh key for a form, by which a second press of its button is the same press.
fn one_shot_key() -> String {
    random_name()
}
