//! Every kind of invite mail, read by programs that are not ours and held to the checklist of what mail programs and
//! calendars are known to need: `tests/invite_checklist.py`, whose functions are the list (E20–E22, R5, R8, R10).

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use veldwerk::actions::{add_user::add_user, create_token::create_token};
use veldwerk::domain::account::hash_password;
use veldwerk::domain::text::EmailAddress;
use veldwerk::mail::Kept;

use crate::house::{House, PASSWORD, Researcher};
use crate::readers::Python;

const LINK: &str =
    "https://teams.example.org/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%7d";
/// The domain of a house's own mailbox.
const DOMAIN: &str = "veldwerk.example";
const ORGANIZER: &str = "Onderzoek.Sociaal+Domein@veldwerk.example";
const ORGANIZER_NAME: &str = "Onderzoek, \"Veld\"; team: één";
const INTERVIEWER: &str = "Anna.Interview+vw@Example.org";
const TITLE: &str = "Beleid; in, het: \"sociaal\" \\ domein <b>";

/// A name that fights back: separators, quotes, an escape, a tag, a placeholder, what looks like an encoded word.
const HOSTILE: &str = "Sanne \"de, Vries\"; mailto:x@y \\n <b>{{ link }} 😀 =?utf-8?q?x?= ^n";

/// Mails as they leave, with what is known of each.
struct Collection {
    house: House,
    owner: Researcher,
    interviewer: &'static str,
    /// The directory that the checker reads, and what is in it.
    folder: TempDir,
    cases: Vec<Value>,
}

/// What somebody wants.
#[derive(Clone)]
struct Wish {
    starts_at: &'static str,
    /// `None` for an interview over Teams; else where, and how it is told.
    place: Option<(Option<String>, String)>,
}

fn online(starts_at: &'static str) -> Wish {
    Wish { starts_at, place: None }
}

fn at(starts_at: &'static str, place: &str) -> Wish {
    Wish { starts_at, place: Some((Some(place.to_owned()), place.to_owned())) }
}

fn at_town_hall(starts_at: &'static str, told: &str) -> Wish {
    Wish { starts_at, place: Some((None, told.to_owned())) }
}

impl Wish {
    fn body(&self) -> Value {
        match &self.place {
            None => json!({ "starts_at": self.starts_at, "mode": "teams" }),
            Some((place, _)) => json!({ "starts_at": self.starts_at, "mode": "in_person", "place": place }),
        }
    }
}

/// One respondent's way through one study.
struct Way<'c> {
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
    fn open(moment: &str, interviewer: &'static str) -> Self {
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
    fn books(
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
    fn check(&self, python: &Python, more: &[&str]) -> String {
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
    fn moves(mut self, to: Wish) -> Self {
        self.press("interview/reschedule", &to.body(), 200);
        self.wish = to;
        self.collect();
        self
    }

    /// The study's link to the meeting becomes known.
    fn gets_a_link(mut self) -> Self {
        let link = json!({ "teams_link": LINK });
        self.all.house.patch(&self.all.owner, &self.study, &link).expect(200);
        self.link = Some(LINK);
        self.collect();
        self
    }

    fn cancels(mut self) {
        self.press("interview/cancel", &json!({ "reason": format!("{HOSTILE}\r\nMETHOD:REQUEST") }), 200);
        self.collect();
    }

    fn withdraws(mut self) {
        self.press("withdraw", &json!({}), 200);
        self.collect();
    }

    fn erased(mut self) {
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
        let is_cancel = matches!(kind, "cancelled" | "withdrawn" | "interviewer_cancelled");
        let is_organizer = to_researcher && all.interviewer == ORGANIZER;
        let row = all.house.lines(&format!(
            "SELECT uid || ' ' || CAST(sequence AS TEXT) AS line FROM interviews WHERE id = '{interview}'"
        ));
        let (uid, sequence) = row[0].split_once(' ').unwrap();
        let item = all.house.get(&all.owner, &format!("/api/v1/interviews/{interview}")).expect(200).json();
        let name = format!("{:03}-{}-{kind}.eml", all.cases.len(), self.name);
        fs::write(all.folder.path().join(&name), &kept.message).unwrap();
        let mut secret = vec![self.token.clone(), format!("{DOMAIN}/p/"), format!("{DOMAIN}/u/")];
        // Neither sees the other's address (E21), unless it is the one that invites.
        secret.extend([&self.address, all.interviewer].into_iter().map(str::to_owned));
        secret.retain(|secret| *secret != kept.to.as_str() && secret != ORGANIZER);
        all.cases.push(json!({
            "name": name,
            "chain": format!("{} {}", self.name, letter["to"]),
            "kind": match (is_organizer, is_cancel) {
                (false, false) => "request",
                (false, true) => "cancel",
                (true, false) => "notice",
                (true, true) => "notice_cancel",
            },
            "to": if to_researcher { all.interviewer } else { &self.address },
            "to_name": if to_researcher { HOSTILE } else { self.person },
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

/// All ways, in a house in winter.
fn every_way(interviewer: &'static str) -> Collection {
    let mut all = Collection::open("2027-01-10T08:00:00Z", interviewer);
    let amsterdam = ("nl", "Europe/Amsterdam");
    let hall = "Stadhuis, Coolsingel 40; \"Rotterdam\": kamer \\3 😀 <i>, achter de hal en dan links, tweede verdieping";
    // Winter to summer, Teams to an address and back, called off.
    all.books("seasons", amsterdam, Some(LINK), online("2027-02-08T09:00:00Z"))
        .moves(at("2027-07-05T08:00:00Z", hall))
        .moves(online("2027-07-06T08:00:00Z"))
        .cancels();
    // Across the hour that does not exist, and through the one that comes twice.
    all.books("changes", amsterdam, Some(LINK), online("2027-03-28T00:30:00Z"))
        .moves(online("2027-10-31T00:30:00Z"))
        .moves(online("2027-10-31T02:00:00Z"))
        .moves(online("2027-10-30T23:30:00Z"))
        .cancels();
    all.books(
        "town hall long",
        ("nl", "Europe/Amsterdam"),
        None,
        at_town_hall("2027-02-09T09:00:00Z", "Gemeentehuis van Ede"),
    )
    .moves(at_town_hall("2027-02-10T09:00:00Z", "Gemeentehuis van Ede"))
    .withdraws();
    all.books("link follows", ("en", "Europe/London"), None, online("2027-06-09T09:00:00Z"))
        .gets_a_link()
        .cancels();
    for (name, zone, starts_at, moved) in [
        ("new york", "America/New_York", "2027-03-14T06:30:00Z", "2027-11-07T05:30:00Z"),
        ("sydney", "Australia/Sydney", "2027-04-03T15:30:00Z", "2027-10-02T15:30:00Z"),
        ("dublin", "Europe/Dublin", "2027-02-15T10:00:00Z", "2027-08-16T10:00:00Z"),
        ("casablanca", "Africa/Casablanca", "2027-02-20T10:00:00Z", "2027-08-21T10:00:00Z"),
        ("kolkata", "Asia/Kolkata", "2027-02-22T04:30:00Z", "2027-08-23T04:30:00Z"),
        ("curacao", "America/Curacao", "2027-02-23T14:00:00Z", "2027-08-24T14:00:00Z"),
        ("utc", "UTC", "2027-02-25T10:00:00Z", "2027-08-26T10:00:00Z"),
    ] {
        all.books(name, ("en", zone), Some(LINK), online(starts_at)).moves(online(moved)).cancels();
    }
    all.books("erased", ("en", "Europe/Amsterdam"), Some(LINK), online("2027-02-26T09:00:00Z")).erased();
    all
}

#[test]
fn no_invite_mail_has_a_defect_on_the_checklist() {
    let Some(python) = Python::find() else { return };
    let winter = every_way(INTERVIEWER);
    let said = winter.check(&python, &[]);
    assert!(said.contains(&format!("{} mails", winter.cases.len())) && winter.cases.len() > 60, "{said}");
    // What is planned in summer for the winter.
    let mut summer = Collection::open("2027-07-10T08:00:00Z", INTERVIEWER);
    let amsterdam = ("nl", "Europe/Amsterdam");
    summer.books("winter", amsterdam, Some(LINK), online("2027-12-06T09:00:00Z")).cancels();
    summer.check(&python, &[]);
}

#[test]
fn no_notice_to_the_organizer_has_a_defect_on_the_checklist() {
    let Some(python) = Python::find() else { return };
    every_way(ORGANIZER).check(&python, &[]);
}

#[test]
fn the_checklist_finds_every_defect_that_is_planted() {
    let Some(python) = Python::find() else { return };
    let mut few = Collection::open("2027-01-10T08:00:00Z", INTERVIEWER);
    let amsterdam = ("nl", "Europe/Amsterdam");
    few.books("a", amsterdam, Some(LINK), online("2027-02-08T09:00:00Z"))
        .moves(at("2027-07-05T08:00:00Z", "Stadhuis"))
        .moves(online("2027-10-31T00:30:00Z"))
        .cancels();
    few.check(&python, &["--spoilt"]);
}
