//! The ways of people through studies of their own, and every mail with a calendar that comes of them, beside what it
//! ought to say: what `tests/invite_checklist.py` looks at.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use veldwerk::actions::receive_mail::Taken;
use veldwerk::actions::{add_user::add_user, create_token::create_token};
use veldwerk::domain::account::hash_password;
use veldwerk::domain::text::EmailAddress;
use veldwerk::mail::Kept;
use veldwerk::worker::incoming;

use crate::house::{House, PASSWORD, Researcher};
use crate::incoming_mail::filled;
use crate::readers::Python;

pub const LINK: &str =
    "https://teams.example.org/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%7d";
/// The domain of a house's own mailbox.
const DOMAIN: &str = "veldwerk.example";
pub const ORGANIZER: &str = "Onderzoek.Sociaal+Domein@veldwerk.example";
const ORGANIZER_NAME: &str = "Onderzoek, \"Veld\"; team: één";
pub const INTERVIEWER: &str = "Anna.Interview+vw@Example.org";
/// Who makes the appointment for somebody, and who comes along.
const JOKE: &str = "J.Smit+agenda@Gemeente.example.org";
const JOKE_NAME: &str = "Smit, \"Joke\"; secretariaat";
const CARL: &str = "carl@example.org";
const TITLE: &str = "Beleid; in, het: \"sociaal\" \\ domein <b>";

/// A name that fights back: separators, quotes, an escape, a tag, a placeholder, what looks like an encoded word.
const HOSTILE: &str = "Sanne \"de, Vries\"; mailto:x@y \\n <b>{{ link }} 😀 =?utf-8?q?x?= ^n";

/// Mails as they leave, with what is known of each.
pub struct Collection {
    house: House,
    owner: Researcher,
    interviewer: &'static str,
    /// The directory that the checker reads, and what is in it.
    folder: TempDir,
    pub cases: Vec<Value>,
}

/// What somebody wants.
#[derive(Clone)]
pub struct Wish {
    starts_at: &'static str,
    /// `None` for an interview over Teams; else where, and how it is told.
    place: Option<(Option<String>, String)>,
    /// Whether a secretary makes the appointment.
    by_joke: bool,
}

pub fn online(starts_at: &'static str) -> Wish {
    Wish { starts_at, place: None, by_joke: false }
}

pub fn at(starts_at: &'static str, place: &str) -> Wish {
    Wish { place: Some((Some(place.to_owned()), place.to_owned())), ..online(starts_at) }
}

pub fn at_town_hall(starts_at: &'static str, told: &str) -> Wish {
    Wish { place: Some((None, told.to_owned())), ..online(starts_at) }
}

impl Wish {
    /// The same, and Joke makes the appointment.
    pub fn by_joke(self) -> Self {
        Self { by_joke: true, ..self }
    }

    fn body(&self) -> Value {
        let mut body = match &self.place {
            None => json!({ "starts_at": self.starts_at, "mode": "teams" }),
            Some((place, _)) => json!({ "starts_at": self.starts_at, "mode": "in_person", "place": place }),
        };
        if self.by_joke {
            body["delegate"] = json!({ "name": JOKE_NAME, "email": JOKE });
        }
        body
    }
}

/// One respondent's way through one study.
pub struct Way<'c> {
    all: &'c mut Collection,
    name: &'static str,
    zone: &'static str,
    study: String,
    respondent: String,
    person: &'static str,
    address: String,
    token: String,
    wish: Wish,
    link: Option<&'static str>,
}

impl Collection {
    /// A house at a moment whose invites come from `organizer`, with one interviewer at `interviewer`.
    pub fn open(moment: &str, interviewer: &'static str) -> Self {
        let mut house = House::open_at(moment);
        house.settings.base_url = format!("https://{DOMAIN}");
        let quoted = ORGANIZER_NAME.replace('"', "\\\"");
        house.settings.mail_from = format!("\"{quoted}\" <{ORGANIZER}>");
        let (now, address) = (house.clock.now(), EmailAddress::parse(interviewer).unwrap());
        let hash = hash_password(PASSWORD).unwrap();
        let token = house.wait(async {
            let known = address.clone();
            house.store.write(move |tx| add_user(tx, now, &address, HOSTILE, &hash)).await.unwrap();
            house.store.write(move |tx| create_token(tx, now, &known, "test")).await.unwrap()
        });
        let owner = Researcher { email: interviewer.to_owned(), token };
        Self { house, owner, interviewer, folder: tempfile::tempdir().unwrap(), cases: Vec::new() }
    }

    /// Somebody who books as they wish in a study of their own.
    pub fn books(
        &mut self,
        name: &'static str,
        (language, zone): (&'static str, &'static str),
        link: Option<&'static str>,
        wish: Wish,
    ) -> Way<'_> {
        let (house, owner) = (&self.house, &self.owner);
        let set_up = json!({
            "title": TITLE, "organisation": HOSTILE, "contact_email": "vragen@example.org", "time_zone": zone,
            "language": language, "teams_link": link, "min_notice_minutes": 0, "horizon_days": 730,
        });
        let made = house.post(owner, "/api/v1/studies", &set_up).expect(201).json();
        let study = format!("/api/v1/studies/{}", made["id"].as_str().unwrap());
        let form = json!({
            "intro": { "nl": "Over.", "en": "About." },
            "items": [{ "key": "yes", "required": true, "text": { "nl": "Ja.", "en": "Yes." } }],
        });
        let draft = house.post(owner, &format!("{study}/consent-forms"), &form).expect(201).json();
        let publish = format!("/api/v1/consent-forms/{}/publish", draft["id"].as_str().unwrap());
        house.post(owner, &publish, &json!({})).expect(200);
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let rules: Vec<_> =
            days.iter().map(|day| json!({ "weekday": day, "from": "00:00", "until": "24:00" })).collect();
        house.put(owner, &format!("{study}/availability"), &json!({ "rules": rules })).expect(200);
        let person = if name.ends_with("long") { LONG } else { HOSTILE };
        let address = format!("S.deVries+{}@Gemeente.example.org", name.replace(' ', "-"));
        let respondent =
            json!({ "name": person, "email": address, "municipality": "Ede", "language": language });
        let made = house.post(owner, &format!("{study}/respondents"), &respondent).expect(201).json();
        let respondent = made["id"].as_str().unwrap().to_owned();
        let token = house.settings.keys().unwrap().link_token(respondent.parse().unwrap(), 1);
        let mut way = Way {
            all: self,
            name,
            zone,
            study,
            respondent,
            person,
            address,
            token,
            wish: wish.clone(),
            link,
        };
        way.press("consent", &json!({ "version": 1, "items": { "yes": true } }), 200);
        way.press("interview", &wish.body(), 201);
        way.collect();
        way
    }

    /// Runs the checklist over what was collected.
    pub fn check(&self, python: &Python, more: &[&str]) -> String {
        let list = serde_json::to_string(&self.cases).unwrap();
        fs::write(self.folder.path().join("cases.json"), list).unwrap();
        python.run("invite_checklist.py", self.folder.path(), more)
    }
}

/// 200 characters, the longest name there is.
const LONG: &str = "Wilhelmina Ångström-de Wit, beleidsadviseur; Wilhelmina Ångström-de Wit, beleidsadviseur; \
    Wilhelmina Ångström-de Wit, beleidsadviseur; Wilhelmina Ångström-de Wit, beleidsadviseur; \
    Wilhelmina Ångström-";

impl Way<'_> {
    fn press(&self, button: &str, body: &Value, status: u16) {
        let path = format!("/api/v1/participations/{}/{button}", self.token);
        self.all.house.post_openly(&path, body).expect(status);
    }

    /// Moves the interview.
    pub fn moves(mut self, to: Wish) -> Self {
        self.press("interview/reschedule", &to.body(), 200);
        self.wish = to;
        self.collect();
        self
    }

    /// The study's link to the meeting becomes known.
    pub fn gets_a_link(mut self) -> Self {
        let link = json!({ "teams_link": LINK });
        self.all.house.patch(&self.all.owner, &self.study, &link).expect(200);
        self.link = Some(LINK);
        self.collect();
        self
    }

    /// Carl comes along as the second interviewer.
    pub fn carl_joins(mut self) -> Self {
        let house = &self.all.house;
        let carl = house.researcher("carl");
        house.join(&self.all.owner, &self.study, &carl, "interviewer");
        let second = json!({ "second_interviewer": house.id_of(&carl) });
        house.put(&self.all.owner, &format!("{}/second-interviewer", self.interview()), &second).expect(200);
        self.collect();
        self
    }

    /// The calendar of the respondent proposes another time, which does not suit.
    pub fn counters_in_vain(mut self) -> Self {
        let owner = &self.all.owner;
        let house = &self.all.house;
        let uid = house.lines("SELECT uid AS line FROM interviews ORDER BY id DESC LIMIT 1").remove(0);
        let counter = filled("outlook_counter", &[("uid", &uid), ("from", &self.address)]);
        let taken = house.wait(incoming::take(&house.store, &house.clock, None, counter)).unwrap();
        assert_eq!(taken, Taken::Done);
        let list = house.get(owner, &format!("{}/proposals?state=open", self.study)).expect(200).json();
        let proposal = list["items"][0]["id"].as_str().unwrap();
        house.post(owner, &format!("/api/v1/proposals/{proposal}/decline"), &json!({})).expect(200);
        self.collect();
        self
    }

    /// The respondent's address turns out to be another one.
    pub fn gets_another_address(mut self) -> Self {
        let address = format!("Nieuw.{}", self.address);
        let path = format!("/api/v1/respondents/{}", self.respondent);
        self.all.house.patch(&self.all.owner, &path, &json!({ "email": address })).expect(200);
        self.address = address;
        // The link that lies in the other mailbox opens nothing any more.
        self.token = self.all.house.settings.keys().unwrap().link_token(self.respondent.parse().unwrap(), 2);
        self.collect();
        self
    }

    /// The interview in the API.
    fn interview(&self) -> String {
        let list = format!("{}/interviews?status=booked", self.study);
        let list = self.all.house.get(&self.all.owner, &list).expect(200).json();
        format!("/api/v1/interviews/{}", list["items"][0]["id"].as_str().unwrap())
    }

    pub fn cancels(mut self) {
        self.press("interview/cancel", &json!({ "reason": format!("{HOSTILE}\r\nMETHOD:REQUEST") }), 200);
        self.collect();
    }

    pub fn withdraws(mut self) {
        self.press("withdraw", &json!({}), 200);
        self.collect();
    }

    pub fn erased(mut self) {
        let path = format!("/api/v1/respondents/{}", self.respondent);
        self.all.house.delete(&self.all.owner, &path).expect(204);
        self.collect();
    }

    /// Sends what is due and keeps every mail with a calendar, beside what it ought to say.
    fn collect(&mut self) {
        let sent = self.all.house.deliver();
        for kept in &sent {
            self.keep(kept);
        }
    }

    fn keep(&mut self, kept: &Kept) {
        let all = &mut *self.all;
        let letter =
            all.house.get(&all.owner, &format!("/api/v1/letters/{}", kept.letter)).expect(200).json();
        let Some(interview) = letter["interview"].as_str() else { return };
        let kind = letter["kind"].as_str().unwrap();
        let to_researcher = letter["to"] == "researcher";
        // What tells a researcher of a proposal brings no calendar.
        if kind == "interviewer_proposal" {
            return;
        }
        let is_cancel = matches!(
            kind,
            "cancelled" | "withdrawn" | "interviewer_cancelled" | "delegate_cancelled" | "address_left"
        );
        let is_organizer = kept.to.as_str() == ORGANIZER;
        let to_name = match kept.to.as_str() {
            JOKE => JOKE_NAME,
            CARL => "carl",
            _ if to_researcher => HOSTILE,
            _ => self.person,
        };
        let row = all.house.lines(&format!(
            "SELECT uid || ' ' || CAST(sequence AS TEXT) AS line FROM interviews WHERE id = '{interview}'"
        ));
        let (uid, sequence) = row[0].split_once(' ').unwrap();
        let item = all.house.get(&all.owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
        let name = format!("{:03}-{}-{kind}.eml", all.cases.len(), self.name);
        fs::write(all.folder.path().join(&name), &kept.message).unwrap();
        let mut secret = vec![self.token.clone(), format!("{DOMAIN}/p/"), format!("{DOMAIN}/u/")];
        // Neither sees the other's address (E21), unless it is the one that invites.
        secret.extend([&self.address, all.interviewer, JOKE, CARL].into_iter().map(str::to_owned));
        secret.retain(|secret| *secret != kept.to.as_str() && secret != ORGANIZER);
        all.cases.push(json!({
            "name": name,
            "chain": format!("{} {}", self.name, kept.to.as_str()),
            "kind": match (is_organizer, is_cancel) {
                (false, false) if kind == "proposal_declined" => "decline",
                (false, false) => "request",
                (false, true) => "cancel",
                (true, false) => "notice",
                (true, true) => "notice_cancel",
            },
            "to": kept.to.as_str(),
            "to_name": to_name,
            "role": if kept.to.as_str() == JOKE { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" },
            "organizer": ORGANIZER,
            "organizer_name": ORGANIZER_NAME,
            "domain": DOMAIN,
            "uid": uid,
            "sequence": sequence.parse::<i32>().unwrap(),
            "starts_at": item["starts_at"],
            "ends_at": item["ends_at"],
            "zone": self.zone,
            "mode": if self.wish.place.is_some() { "in_person" } else { "teams" },
            "join_link": self.link,
            "place": self.wish.place.as_ref().map(|(_, told)| told),
            "summary": if to_researcher { "Interview R01" } else { "Interview" },
            "hidden": [TITLE, self.person],
            "secret": secret,
        }));
    }
}
