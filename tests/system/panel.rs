//! A study that recruits: with a consent form, people on its list and an interviewer with hours.

use serde_json::{Value, json};
use veldwerk::mail::{Kept, Refusal, RefusalKind};

use crate::house::{Answer, House, Researcher};

/// A study that recruits.
pub struct Panel {
    pub house: House,
    pub owner: Researcher,
    /// The path of the study in the API.
    pub study: String,
    /// The people on its list.
    pub people: Vec<String>,
}

impl Panel {
    /// A study with so many people on its list, ready to invite them.
    pub fn of(people: usize) -> Self {
        Self::in_house(House::open(), people)
    }

    /// The same in a house that was furnished otherwise.
    pub fn in_house(house: House, people: usize) -> Self {
        let mut panel = Self::without_form(house, people);
        panel.publish_form();
        panel
    }

    /// A study that has no consent form yet.
    pub fn without_form(house: House, people: usize) -> Self {
        let owner = house.researcher("anna");
        let body = json!({
            "title": "Beleid maken in het sociaal domein",
            "organisation": "Universiteit van het Oosten",
            "contact_email": "onderzoek@example.org",
            "population_on": "2022-01-01",
            "teams_link": "https://teams.example.org/l/meetup-join/19%3ameeting",
            "ethics": "Ethische commissie, nr. 260914",
        });
        let made = house.post(&owner, "/api/v1/studies", &body).expect(201).json();
        let study = format!("/api/v1/studies/{}", made["id"].as_str().unwrap());
        let mut panel = Self { house, owner, study, people: Vec::new() };
        for number in 0..people {
            panel.add(number);
        }
        panel
    }

    fn add(&mut self, number: usize) {
        let body = json!({
            "name": format!("Sanne de Vries {number}"),
            "email": format!("S.deVries+{number}@gemeente.example"),
            "municipality": "Enschede",
        });
        let made = self.house.post(&self.owner, &self.path("respondents"), &body).expect(201).json();
        self.people.push(made["id"].as_str().unwrap().to_owned());
    }

    pub fn publish_form(&mut self) {
        let body = json!({
            "intro": { "nl": "Over het onderzoek.", "en": "About the study." },
            "items": [{ "key": "take_part", "required": true, "text": { "nl": "Ik doe mee.", "en": "I take part." } }],
        });
        let draft = self.house.post(&self.owner, &self.path("consent-forms"), &body).expect(201).json();
        let publish = format!("/api/v1/consent-forms/{}/publish", draft["id"].as_str().unwrap());
        self.house.post(&self.owner, &publish, &json!({})).expect(200);
    }

    /// The path of something of the study.
    pub fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.study)
    }

    /// Asks for a wave of invitations.
    pub fn invite(&self, body: &Value) -> Answer {
        self.house.post(&self.owner, &self.path("invitations"), body)
    }

    /// Asks for a wave of reminders.
    pub fn remind(&self, body: &Value) -> Answer {
        self.house.post(&self.owner, &self.path("reminders"), body)
    }

    /// The letters of the outbox, oldest first.
    pub fn letters(&self) -> Vec<Value> {
        let list = self.house.get(&self.owner, &self.path("letters?limit=200")).expect(200).json();
        let mut letters = list["items"].as_array().unwrap().clone();
        letters.reverse();
        letters
    }

    /// Kind, state and last error of each letter, oldest first.
    pub fn outbox(&self) -> Vec<String> {
        let told = |letter: &Value| {
            let words =
                ["kind", "state", "last_error"].map(|name| letter[name].as_str().unwrap_or("-").to_owned());
            words.join(" ")
        };
        self.letters().iter().map(told).collect()
    }

    /// The token of somebody's personal link.
    pub fn link(&self, person: usize) -> String {
        let keys = self.house.settings.keys().unwrap();
        keys.link_token(self.people[person].parse().unwrap(), 1)
    }

    /// The token of somebody's unsubscribe link.
    pub fn unsubscribe(&self, person: usize) -> String {
        let keys = self.house.settings.keys().unwrap();
        keys.unsubscribe_token(self.people[person].parse().unwrap())
    }

    /// Somebody presses a button of their page.
    pub fn press(&self, person: usize, button: &str, body: &Value) -> Answer {
        self.house.post_openly(&format!("/api/v1/participations/{}/{button}", self.link(person)), body)
    }

    /// Opens the interviewer's hours, and lets somebody consent and book Monday at nine.
    pub fn book(&self, person: usize) -> Value {
        let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
        self.house.put(&self.owner, &self.path("availability"), &hours).expect(200);
        let yes = json!({ "version": 1, "items": { "take_part": true } });
        self.press(person, "consent", &yes).expect(200);
        let wish = json!({ "starts_at": "2027-03-08T08:00:00Z", "mode": "teams" });
        self.press(person, "interview", &wish).expect(201).json()
    }
}

/// A mail as its reader gets it: the header lines unfolded, the text, and the calendar unfolded.
pub struct Read {
    pub headers: Vec<String>,
    pub text: String,
    pub calendar: Option<String>,
}

impl Read {
    pub fn of(kept: &Kept) -> Self {
        Self::message(&kept.message)
    }

    pub fn message(message: &[u8]) -> Self {
        let whole = String::from_utf8(message.to_vec()).unwrap();
        let (head, _) = whole.split_once("\r\n\r\n").unwrap();
        let headers = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let opened = veldwerk::mail::Opened::read(message).unwrap();
        Self {
            headers: headers.split("\r\n").map(str::to_owned).collect(),
            text: opened.text,
            calendar: opened.calendar.map(|calendar| calendar.replace("\r\n ", "")),
        }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The value of a calendar property, with its parameters.
    pub fn property(&self, name: &str) -> Option<&str> {
        let calendar = self.calendar.as_deref()?;
        let line = calendar
            .lines()
            .rev()
            .find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ';'])))?;
        line.get(name.len() + 1..)
    }
}

/// An answer of a mail server.
pub fn refusal(kind: RefusalKind, said: &str) -> Refusal {
    Refusal { kind, said: said.to_owned(), in_doubt: false }
}
