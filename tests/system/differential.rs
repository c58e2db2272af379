//! One long random script, played on SQLite and on PostgreSQL: every answer and, at the end, every row must be the
//! same.
//!
//! Ids, tokens, hashes and what is sealed differ from house to house, so each is told as the how-manieth of its kind it
//! is. The script is drawn from a seed; `VELDWERK_TEST_SEED` plays another.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use veldwerk::actions::ask_reset::ask_reset;
use veldwerk::actions::invite_member::invite_member;
use veldwerk::actions::second_factor::begin_factor;
use veldwerk::domain::access::Role;
use veldwerk::domain::language::Language;
use veldwerk::domain::text::EmailAddress;
use veldwerk::store::Tx;
use veldwerk::store::transfer::{Snapshot, TABLES};

use crate::database::Kind;
use crate::fieldwork::execute;
use crate::house::{Answer, House, Researcher};

/// How many steps the script has.
const STEPS: usize = 900;
const PLACES: [&str; 5] = ["Enschede", "Ede", "Losser", "Tubbergen", "Amsterdam"];

/// What happens around accounts: an invitation, a forgotten password with and without an account, a second factor.
fn account_matters(house: &House, owner: &Researcher, study: &str) {
    let (now, user) = (house.clock.now(), house.id_of(owner));
    let study = study.rsplit('/').next().unwrap().parse().unwrap();
    let address = |email: &str| EmailAddress::parse(email).unwrap();
    let (known, unknown) = (address(&owner.email), address("nobody@example.org"));
    house.wait(async {
        let guest = unknown.clone();
        let invite =
            move |tx: &mut Tx<'_>| invite_member(tx, now, user, study, &guest, Role::Reader, Language::Nl);
        house.store.write(invite).await.unwrap();
        for email in [known, unknown] {
            house.store.write(move |tx| ask_reset(tx, now, &email, None, Language::Nl)).await.unwrap();
        }
        house.store.write(move |tx| begin_factor(tx, now, user)).await.unwrap();
    });
}

/// One house of the two, with what was found out about it.
struct Stage {
    house: House,
    owner: Researcher,
    study: String,
    people: Vec<String>,
    links: Vec<String>,
    /// What differs from house to house, by the order in which it was seen.
    seen: BTreeMap<String, usize>,
}

impl Stage {
    fn set(kind: Kind) -> Self {
        let house = House::open_on(kind);
        let owner = house.researcher("anna");
        let body = json!({
            "title": "Beleid", "contact_email": "onderzoek@example.org", "population_on": "2022-01-01",
            "min_notice_minutes": 0, "teams_link": "https://teams.example.org/l/meetup-join/19%3ameeting",
        });
        let made = house.post(&owner, "/api/v1/studies", &body).expect(201).json();
        let study = format!("/api/v1/studies/{}", made["id"].as_str().unwrap());
        let form = json!({
            "intro": { "nl": "Over het onderzoek.", "en": "About the study." },
            "items": [{ "key": "take_part", "required": true, "text": { "nl": "Ja.", "en": "Yes." } }],
        });
        let draft = house.post(&owner, &format!("{study}/consent-forms"), &form).expect(201).json();
        let publish = format!("/api/v1/consent-forms/{}/publish", draft["id"].as_str().unwrap());
        house.post(&owner, &publish, &json!({})).expect(200);
        let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" },
                                      { "weekday": "tue", "from": "09:00", "until": "12:00" }] });
        house.put(&owner, &format!("{study}/availability"), &hours).expect(200);
        account_matters(&house, &owner, &study);
        Self { house, owner, study, people: Vec::new(), links: Vec::new(), seen: BTreeMap::new() }
    }

    /// An answer without what differs from house to house.
    fn told(&mut self, answer: &Answer) -> String {
        let text = self.alike(&answer.text);
        format!("{} {text}", answer.status)
    }

    /// A text in which ids, tokens and hashes are numbered by the order in which they were seen.
    fn alike(&mut self, text: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(is_part) {
            let (before, tail) = rest.split_at(at);
            let end = tail.find(|c| !is_part(c)).unwrap_or(tail.len());
            let (word, after) = tail.split_at(end);
            out.push_str(before);
            let is_id = word.len() == 36 && word.matches('-').count() == 4;
            if is_id || word.len() >= 43 || is_code(word) {
                let next = self.seen.len();
                let number = *self.seen.entry(word.to_owned()).or_insert(next);
                out.push_str(&["#", &number.to_string()].concat());
            } else {
                out.push_str(word);
            }
            rest = after;
        }
        out + rest
    }

    fn ask(&mut self, step: &Step) -> String {
        let (path, who) = (step.path(self), self.owner.clone());
        let answer = match step.method {
            "GET" => self.house.get(&who, &path),
            "PUT" => self.house.put(&who, &path, &step.body),
            "PATCH" => self.house.patch(&who, &path, &step.body),
            "DELETE" => self.house.delete(&who, &path),
            "CSV" => self.house.post_csv(&who, &path, step.body.as_str().unwrap()),
            "PRESS" => self.house.post_openly(&path, &step.body),
            _ => self.house.post(&who, &path, &step.body),
        };
        if step.adds && answer.status == 201 {
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.links.push(self.link(&id));
            self.people.push(id);
        }
        if step.method == "PATCH" && step.place == 'r' && answer.status == 200 {
            // Another address ends the link.
            let at = self.people.len() - 1 - step.person;
            self.links[at] = self.link(&self.people[at]);
        }
        self.told(&answer)
    }

    /// A new link of somebody.
    fn link(&self, person: &str) -> String {
        let path = format!("/api/v1/respondents/{person}/link");
        let made = self.house.post(&self.owner, &path, &json!({})).expect(201).json();
        made["token"].as_str().unwrap().to_owned()
    }

    /// How many rows each table has, and what they hold but for what differs from house to house.
    fn rows(&mut self) -> BTreeMap<String, Vec<String>> {
        let mut tables = BTreeMap::new();
        let mut snapshot = Snapshot::of(self.house.database()).unwrap();
        for table in TABLES {
            let mut lines = Vec::new();
            snapshot
                .rows(table, |row| {
                    let plain = |(name, value): (String, Value)| {
                        let text = value.as_str();
                        let differs =
                            name == "id" || text.is_some_and(|text| text.len() >= 32 || is_code(text));
                        format!("{name}={}", if differs { json!("…") } else { value })
                    };
                    lines.push(row.into_iter().map(plain).collect::<Vec<_>>().join(" "));
                    Ok(())
                })
                .unwrap();
            lines.sort();
            tables.insert(table.to_owned(), lines);
        }
        tables
    }
}

/// Whether a word is a respondent's code; an import gives them out by chance.
fn is_code(word: &str) -> bool {
    word.strip_prefix('R')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One step: what is asked, of whom.
#[derive(Debug, Clone)]
struct Step {
    method: &'static str,
    /// The path under the study, the respondent or the link, by its first letter: `s`, `r`, `p`.
    place: char,
    rest: &'static str,
    person: usize,
    body: Value,
    /// Whether somebody is put on the list.
    adds: bool,
}

impl Step {
    fn path(&self, stage: &Stage) -> String {
        let of = |things: &[String]| things.iter().rev().nth(self.person).cloned().unwrap_or_default();
        match self.place {
            'r' => format!("/api/v1/respondents/{}{}", of(&stage.people), self.rest),
            'p' => format!("/api/v1/participations/{}{}", of(&stage.links), self.rest),
            _ => format!("{}{}", stage.study, self.rest),
        }
    }

    fn draw(random: &mut StdRng, number: usize) -> Self {
        let step = |method, place, rest, body| Self { method, place, rest, person: 0, body, adds: false };
        let hour = random.random_range(8..16);
        let day = [8, 9, 15, 16, 22][random.random_range(0..5)];
        let start = format!("2027-03-{day:02}T{hour:02}:{:02}:00Z", 15 * random.random_range(0..4));
        let place = PLACES[random.random_range(0..PLACES.len())];
        let drawn = match random.random_range(0..24) {
            0..=1 => Self {
                adds: true,
                ..step(
                    "POST",
                    's',
                    "/respondents",
                    json!({
                        "name": format!("Persoon {number}"), "email": format!("p{number}@gemeente.example"),
                        "municipality": place,
                    }),
                )
            },
            2..=6 => step("PRESS", 'p', "/consent", json!({ "version": 1, "items": { "take_part": true } })),
            7..=11 => step("PRESS", 'p', "/interview", json!({ "starts_at": start, "mode": "teams" })),
            12 | 13 => step("PRESS", 'p', "/interview/reschedule", json!({ "starts_at": start })),
            14 => step("PRESS", 'p', "/interview/cancel", json!({ "reason": "Ik kan niet." })),
            15 if number.is_multiple_of(3) => step(
                "PRESS",
                'p',
                ["/withdraw", "/decline", "/opt-out"][random.random_range(0..3)],
                json!({}),
            ),
            16 if number.is_multiple_of(4) => step("DELETE", 'r', "", Value::Null),
            17 => step(
                "PATCH",
                'r',
                "",
                json!({ "municipality": place, "email": format!("n{number}@nieuw.example") }),
            ),
            18 => {
                let cap = random.random_range(4..9);
                step(
                    "PUT",
                    's',
                    "/strata",
                    json!([
                        { "key": "large", "label": "Groot", "min_inhabitants": 100_001, "cap": cap },
                        { "key": "small", "label": "Klein", "max_inhabitants": 100_000, "cap": null },
                    ]),
                )
            }
            19 => step(
                "CSV",
                's',
                "/respondents/import",
                json!(format!(
                    "name;email;municipality\nA {number};a{number}@x.example;{place}\nB;geen adres;{place}\n\
                 C {number};c{number}@x.example;Bergen\n"
                )),
            ),
            20 => step(
                "POST",
                's',
                "/invitations",
                json!({ "respondents": null, "dry_run": number.is_multiple_of(2) }),
            ),
            21 if number.is_multiple_of(2) => {
                let source = ["graph", "pasted", "graph", "fixed"][number / 2 % 4];
                step("PATCH", 's', "", json!({ "teams_link_source": source }))
            }
            21 => step("GET", 's', "/respondents?limit=200", Value::Null),
            22 => step(
                "GET",
                's',
                ["/overview", "/interviews", "/strata", "/slots"][random.random_range(0..4)],
                Value::Null,
            ),
            _ => step("GET", 'p', ["", "/slots"][random.random_range(0..2)], Value::Null),
        };
        // The newest few, so that one meets many steps and two want the same hour.
        Self { person: random.random_range(0..10), ..drawn }
    }
}

/// Plays the script on both; the first difference.
fn play(one: &mut Stage, other: &mut Stage, seed: u64) -> Result<(), String> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut succeeded = BTreeMap::new();
    for number in 0..STEPS {
        let step = Step::draw(&mut random, number);
        let (here, there) = (one.ask(&step), other.ask(&step));
        if here != there {
            return Err(format!("seed {seed}, step {number}, {step:?}:\n{here}\n{there}"));
        }
        *succeeded.entry((step.method, step.rest)).or_insert(0) += usize::from(here.starts_with('2'));
    }
    for (step, times) in &succeeded {
        assert!(*times > 0, "{step:?} never succeeded, so nothing was compared: {succeeded:?}");
    }
    for stage in [&*one, &*other] {
        stage.house.wait(veldwerk::worker::round(&stage.house.clock, &stage.house.store)).unwrap();
    }
    let (here, there) = (one.rows(), other.rows());
    assert!(here["interviews"].len() > 5 && here["letters"].len() > 20, "the script did something");
    match here.iter().find(|(table, rows)| *rows != &there[*table]) {
        Some((table, _)) => Err(format!("seed {seed}: other rows in {table}")),
        None => Ok(()),
    }
}

#[test]
fn a_long_random_script_gives_the_same_answers_and_rows_on_both_databases() {
    if !Kind::all().contains(&Kind::Postgres) {
        return;
    }
    let seed =
        std::env::var("VELDWERK_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_270_301);
    play(&mut Stage::set(Kind::Sqlite), &mut Stage::set(Kind::Postgres), seed).unwrap();
}

#[test]
fn the_script_finds_what_one_of_two_databases_loses() {
    let (mut one, mut other) = (Stage::set(Kind::Sqlite), Stage::set(Kind::Sqlite));
    let loses = "CREATE TRIGGER loses AFTER INSERT ON letters WHEN NEW.kind = 'cancelled' \
                 BEGIN DELETE FROM letters WHERE id = NEW.id; END";
    execute(&other.house, loses);
    assert!(play(&mut one, &mut other, 20_270_301).is_err());
}
