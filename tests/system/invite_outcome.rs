//! What came of all that happened to an interview: which letters arrived, and what the calendars of both sides show.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use veldwerk::clock::Instant;

use crate::invite_stage::{
    BERT, BERTS_LINK, CARL, JOKE, OWN_LINK, SANNE, SANNE_ELSEWHERE, STUDY_LINK, Stage,
};
use crate::simulated_calendar::{Calendar, Event, Message, orders};

const ANNA: &str = "anna@example.org";

/// A name for what is too long for a table.
fn label(told: &str) -> &str {
    match told {
        SANNE => "Sanne",
        SANNE_ELSEWHERE => "Sanne elsewhere",
        ANNA => "Anna",
        BERT => "Bert",
        CARL => "Carl",
        JOKE => "Joke",
        STUDY_LINK => "the study's",
        BERTS_LINK => "Bert's",
        OWN_LINK => "its own",
        other => other,
    }
}

/// One of those who are to be at an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Respondent,
    Interviewer,
    Second,
    Secretary,
}

impl Side {
    const fn mailboxes(self) -> &'static [&'static str] {
        match self {
            Self::Respondent => &[SANNE, SANNE_ELSEWHERE],
            Self::Interviewer => &[ANNA, BERT],
            Self::Second => &[CARL],
            Self::Secretary => &[JOKE],
        }
    }
}

/// A letter that arrived.
pub struct Arrival {
    pub to: String,
    pub kind: String,
    pub message: Option<Message>,
}

impl Stage {
    /// What arrived on one side after so many letters, as the table tells it.
    pub fn rows(&self, side: Side, after: usize) -> Vec<String> {
        let theirs = |arrival: &&Arrival| side.mailboxes().contains(&arrival.to.as_str());
        self.arrived[after..].iter().filter(theirs).map(|arrival| self.row(arrival)).collect()
    }

    fn row(&self, arrival: &Arrival) -> String {
        let Some(message) = &arrival.message else {
            return format!("{} | - | - | - | - | - | -", arrival.kind);
        };
        let mut uids: Vec<&str> = Vec::new();
        for other in self.arrived.iter().filter_map(|arrival| arrival.message.as_ref()) {
            if !uids.contains(&other.event.uid.as_str()) {
                uids.push(&other.event.uid);
            }
        }
        let uid = uids.iter().position(|uid| *uid == message.event.uid).unwrap();
        assert_eq!(message.attendees, [arrival.to.as_str()], "the attendee is who gets the mail");
        [
            arrival.kind.as_str(),
            message.method.as_deref().unwrap_or("-"),
            ["A", "B", "C"][uid],
            &message.sequence.to_string(),
            label(&message.attendees[0]),
            message.event.place.as_deref().unwrap_or("-"),
            message.event.link.as_deref().map_or("-", label),
        ]
        .join(" | ")
    }

    /// Demands that each calendar of a side shows what is planned, in whatever order its mails arrived and though each
    /// came twice.
    #[track_caller]
    pub fn calendars_end_in_the_truth(&self, side: Side) {
        for &mailbox in side.mailboxes() {
            let truth = self.truth(side, mailbox);
            let theirs = self.arrived.iter().filter(|arrival| arrival.to == mailbox);
            let mails: Vec<_> = theirs.filter_map(|arrival| arrival.message.clone()).collect();
            for order in orders(&mails) {
                let mut calendar = Calendar::of(mailbox);
                for mail in order.iter().chain(&order) {
                    calendar.take(mail);
                }
                assert_eq!(calendar.events(), truth, "the calendar of {mailbox} after {order:#?}");
            }
        }
    }

    /// What is planned, as one mailbox is to know it.
    fn truth(&self, side: Side, mailbox: &str) -> BTreeSet<Event> {
        let house = &self.panel.house;
        let is_theirs = |interview: &Value| match side {
            Side::Respondent => mailbox == self.address,
            Side::Interviewer => {
                let who = if mailbox == BERT { self.bert_id } else { house.id_of(&self.panel.owner) };
                interview["interviewer"] == json!(who)
            }
            Side::Secretary => interview["delegate"]["email"] == json!(JOKE),
            Side::Second => interview["second_interviewer"] == json!(self.carl_id),
        };
        self.planned().iter().filter(|interview| is_theirs(interview)).map(|it| self.event(it)).collect()
    }

    fn event(&self, interview: &Value) -> Event {
        let told = |key: &str| interview[key].as_str().map(str::to_owned);
        let id = told("id").unwrap();
        let uid = self.panel.house.lines(&format!("SELECT uid AS line FROM interviews WHERE id = '{id}'"));
        let place = match interview["mode"].as_str() {
            Some("teams") => "Microsoft Teams".to_owned(),
            _ => told("place").unwrap_or_else(|| format!("Gemeentehuis van {}", self.municipality)),
        };
        Event {
            uid: uid[0].clone(),
            starts_at: Instant::parse(&told("starts_at").unwrap()).unwrap(),
            ends_at: Instant::parse(&told("ends_at").unwrap()).unwrap(),
            place: Some(place),
            link: told("join_link"),
        }
    }
}
