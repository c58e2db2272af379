//! A study that recruits, set up through the API as a researcher would.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::http::{Connection, load, request};
use crate::process::Server;
use crate::report::median;

/// How many clients furnish at once.
const CLIENTS: usize = 8;

/// A researcher with a key.
pub struct Desk<'s> {
    server: &'s Server,
    connection: Connection,
    token: String,
}

/// A study with people who may book.
pub struct Study {
    /// The tokens of the links of those who consented.
    pub links: Vec<String>,
    /// Starts that do not get in each other's way.
    pub starts: Vec<String>,
}

impl<'s> Desk<'s> {
    pub fn of(server: &'s Server, database: Option<&str>, number: usize) -> Self {
        let email = format!("researcher{number}@example.org");
        let add = ["user", "add", "--email", &email, "--name", "A. Researcher"];
        server.command(database, &add, "a password that is long enough\n");
        let token = server.command(database, &["token", "create", "--email", &email, "--label", "bench"], "");
        Self { server, connection: Connection::open(server.address), token }
    }

    /// Its key.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> Value {
        let (status, answer) = self.connection.send(&request(method, path, Some(&self.token), body));
        assert!(status < 300, "{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap_or(Value::Null)
    }

    /// How many times a second a page can be opened by a few clients, as the median of some rounds.
    pub fn pages(&self, path: &str, count: usize, rounds: usize) -> f64 {
        let requests = vec![request("GET", path, Some(&self.token), None); count];
        median((0..rounds).map(|_| load(self.server.address, CLIENTS, &requests, 200).rate))
    }

    /// A study of hours on the quarter, with one interviewer who has office hours for two years.
    pub fn study(&mut self) -> String {
        let study = json!({
            "title": "Beleid in de praktijk", "contact_email": "bench@example.org", "min_notice_minutes": 0,
            "horizon_days": 730, "teams_link": "https://teams.example.org/l/meetup-join/19%3abench",
        });
        let made = self.ask("POST", "/api/v1/studies", Some(&study.to_string()));
        let path = format!("/api/v1/studies/{}", made["id"].as_str().unwrap());
        let form = json!({
            "intro": { "nl": "U doet vrijwillig mee.", "en": "Taking part is voluntary." },
            "items": [{ "key": "take_part", "required": true,
                        "text": { "nl": "Ik doe mee.", "en": "I take part." } }],
        });
        let form = self.ask("POST", &format!("{path}/consent-forms"), Some(&form.to_string()));
        let form = form["id"].as_str().unwrap().to_owned();
        self.ask("POST", &format!("/api/v1/consent-forms/{form}/publish"), None);
        let rules: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"]
            .iter()
            .map(|day| json!({ "weekday": day, "from": "09:00", "until": "17:00" }))
            .collect();
        self.ask("PUT", &format!("{path}/availability"), Some(&json!({ "rules": rules }).to_string()));
        path
    }

    /// So many people as CSV.
    pub fn csv(prefix: &str, people: usize) -> String {
        let mut csv = "name;email;municipality\n".to_owned();
        for number in 0..people {
            let place = ["Enschede", "Ede", "Den Haag", "Amsterdam"][number % 4];
            let _ = writeln!(csv, "S. de Vries {number};{prefix}.{number}@gemeente.example;{place}");
        }
        csv
    }

    pub fn import(&mut self, study: &str, csv: &str) {
        let done = self.ask("POST", &format!("{study}/respondents/import"), Some(csv));
        assert_eq!(done["rejected"].as_array().map(Vec::len), Some(0), "{done}");
    }

    /// Imports people into a study of its own.
    pub fn meanwhile(mut self, csv: &str) {
        let study = self.study();
        self.import(&study, csv);
    }

    /// A study in which so many people have consented, and at least as many free starts.
    pub fn panel(&mut self, prefix: &str, listed: usize, consented: usize) -> Study {
        let path = self.study();
        let whole = Self::csv(prefix, listed);
        let (head, rows) = whole.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().collect();
        for part in rows.chunks(10_000) {
            self.import(&path, &format!("{head}\n{}\n", part.join("\n")));
        }
        let links = self.links(&path, consented);
        let consent = json!({ "version": 1, "items": { "take_part": true } }).to_string();
        let consents: Vec<_> = links
            .iter()
            .map(|link| {
                request("POST", &format!("/api/v1/participations/{link}/consent"), None, Some(&consent))
            })
            .collect();
        load(self.server.address, CLIENTS, &consents, 200);
        let starts = self.starts(&path, consented);
        Study { links, starts }
    }

    fn links(&mut self, study: &str, wanted: usize) -> Vec<String> {
        let (mut links, mut cursor) = (Vec::with_capacity(wanted), String::new());
        while links.len() < wanted {
            let page = self.ask("GET", &format!("{study}/respondents?limit=200{cursor}"), None);
            for person in page["items"].as_array().unwrap().iter().take(wanted - links.len()) {
                let link = format!("/api/v1/respondents/{}/link", person["id"].as_str().unwrap());
                links.push(self.ask("POST", &link, None)["token"].as_str().unwrap().to_owned());
            }
            cursor = format!("&cursor={}", page["next"].as_str().unwrap_or_default());
        }
        links
    }

    /// Free starts of the study, none within 75 minutes of another: an hour and its buffer.
    fn starts(&mut self, study: &str, wanted: usize) -> Vec<String> {
        let (mut starts, mut free_from) = (Vec::with_capacity(wanted), chrono::DateTime::UNIX_EPOCH);
        let made = self.ask("GET", study, None);
        let made: chrono::DateTime<chrono::Utc> = made["created_at"].as_str().unwrap().parse().unwrap();
        let mut from = made + chrono::Duration::hours(1);
        while starts.len() < wanted {
            let until = from + chrono::Duration::days(30);
            let told =
                |moment: chrono::DateTime<chrono::Utc>| moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let path = format!("{study}/slots?from={}&until={}", told(from), told(until));
            let slots = self.ask("GET", &path, None);
            let slots = slots["items"].as_array().unwrap();
            assert!(!slots.is_empty(), "two years are not enough for {wanted} interviews");
            for slot in slots {
                let start = slot["starts_at"].as_str().unwrap();
                let at: chrono::DateTime<chrono::Utc> = start.parse().unwrap();
                if at >= free_from && starts.len() < wanted {
                    starts.push(start.to_owned());
                    free_from = at + chrono::Duration::minutes(75);
                }
            }
            from = until;
        }
        starts
    }
}

impl Study {
    /// The bookings of some of its people.
    pub fn bookings(&self, people: std::ops::Range<usize>) -> Vec<Vec<u8>> {
        let pairs = self.links[people.clone()].iter().zip(&self.starts[people]);
        pairs
            .map(|(link, start)| {
                let wish = json!({ "starts_at": start, "mode": "teams" }).to_string();
                request("POST", &format!("/api/v1/participations/{link}/interview"), None, Some(&wish))
            })
            .collect()
    }
}
