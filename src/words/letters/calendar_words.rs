//! What an interview is called in a calendar, and what stands there about it. Calendars are shared with colleagues and
//! secretaries, so neither the study nor a personal link is told there (E22, R5).

use serde_json::json;

use super::Venue;
use super::writing::Writing;
use crate::domain::correspondence::Correspondence;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::letter::CalendarMethod;
use crate::problem::Outcome;
use crate::words::{phrase, word};

/// What the calendar object of a letter says in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarWords {
    /// One line that names neither study nor person (E22).
    pub summary: String,
    /// The text. It holds no personal link: calendars are shared (R5).
    pub description: String,
    /// Where it is held in person.
    pub place: Option<String>,
}

impl CalendarWords {
    /// The one line by which calendars call an interview (E22).
    #[must_use]
    pub fn summary(language: Language) -> String {
        word(language, "invite.summary")
    }

    /// What stands in a respondent's own calendar: how to take part, how long it takes, how to change it and whom to
    /// ask.
    #[must_use]
    pub fn for_respondent(language: Language, venue: &Venue, minutes: i64, contact: &str) -> String {
        described(language, ("invite.about", "invite.change"), venue, minutes, contact)
    }

    /// What the calendar object of a letter about an interview says.
    ///
    /// # Errors
    /// [`crate::problem::Problem::Internal`] when the letter is about no interview.
    pub fn of(from: &Correspondence, base_url: &str) -> Outcome<Self> {
        let letter = Writing { from, base_url };
        let (language, facts) = (from.language, letter.facts()?);
        let venue = letter.venue(facts)?;
        if from.kind.is_for_interviewer() {
            let about = json!({ "code": letter.subject()?.code, "link": letter.duty_link()? });
            return Ok(Self {
                summary: phrase(language, "invite.duty_summary", &about),
                description: phrase(language, "invite.duty_description", &about),
                place: venue.place,
            });
        }
        let contact = from.study.contact_email.as_str();
        let minutes = (facts.ends_at.unix() - facts.starts_at.unix()) / 60;
        let description = match from.kind.calendar_method() {
            Some(CalendarMethod::Cancel) => phrase(language, "invite.over", &json!({ "contact": contact })),
            _ if from.kind.is_for_delegate() => {
                let own = ("invite.delegate_about", "invite.delegate_change");
                described(language, own, &venue, minutes, contact)
            }
            _ => Self::for_respondent(language, &venue, minutes, contact),
        };
        Ok(Self { summary: Self::summary(language), description, place: venue.place })
    }
}

/// A paragraph each for what it is, where, how long, how to change it and whom to ask.
fn described(
    language: Language,
    (about, change): (&str, &str),
    venue: &Venue,
    minutes: i64,
    contact: &str,
) -> String {
    let place = match (venue.mode, &venue.join_link) {
        (Mode::Teams, Some(link)) => phrase(language, "invite.join", &json!({ "link": link })),
        (Mode::Teams, None) => word(language, "invite.join_follows"),
        (Mode::InPerson, _) => {
            let place = venue.place.as_deref().unwrap_or_default();
            phrase(language, "invite.meet", &json!({ "place": place }))
        }
    };
    let length = phrase(language, "invite.length", &json!({ "minutes": minutes }));
    let questions = phrase(language, "invite.questions", &json!({ "contact": contact }));
    [word(language, about), place, length, word(language, change), questions].join("\n\n")
}
