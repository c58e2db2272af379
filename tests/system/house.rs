//! A house for one test: its own database, its own clock, its own mail box, and the real router.

use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use serde_json::Value;
use tempfile::TempDir;
use veldwerk::actions::{add_user::add_user, create_token::create_token};
use veldwerk::clock::{Clock, Instant};
use veldwerk::domain::text::EmailAddress;
use veldwerk::mail::{Kept, Memory, Transport};
use veldwerk::settings::{Database, Settings};
use veldwerk::store::{Migrate, Store};
use veldwerk::web;
use veldwerk::worker::Post;

use crate::database::{Kind, TestDatabase};
use crate::described::Exchange;

/// The secret of every test house.
pub const SECRET: &str = "a secret that only the tests know, 0123456789";
/// The password of every researcher in the tests.
pub const PASSWORD: &str = "vier losse woorden samen";

/// A running house.
pub struct House {
    pub client: Client,
    pub clock: Clock,
    pub store: Store,
    pub settings: Settings,
    _database: TestDatabase,
    _directory: TempDir,
}

/// A researcher with a token for the API.
#[derive(Debug, Clone)]
pub struct Researcher {
    pub email: String,
    pub token: String,
}

/// An answer of the house.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// This answer, demanded to have a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

impl House {
    /// A house on Monday 1 March 2027 at nine in Amsterdam.
    pub fn open() -> Self {
        Self::open_at("2027-03-01T08:00:00Z")
    }

    /// A house at another moment.
    pub fn open_at(moment: &str) -> Self {
        Self::furnished(Kind::of_this_run(), moment)
    }

    /// A house on a database of a kind, whatever the run is about.
    pub fn open_on(kind: Kind) -> Self {
        Self::furnished(kind, "2027-03-01T08:00:00Z")
    }

    fn furnished(kind: Kind, moment: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = TestDatabase::migrated_of(kind, directory.path());
        let mut settings = Settings::local(directory.path(), 8000, SECRET);
        settings.database = database.database().clone();
        let clock = Clock::fixed(Instant::parse(moment).unwrap());
        let keys = settings.keys().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store = runtime.block_on(Store::open(settings.database.clone(), keys, Migrate::Yes)).unwrap();
        let rocket = web::build(settings.clone(), clock.clone(), store.clone());
        let client = Client::untracked(rocket).unwrap();
        Self { client, clock, store, settings, _database: database, _directory: directory }
    }

    /// The same house, opened again under settings that were changed since.
    pub fn rebuilt(self) -> Self {
        let rocket = web::build(self.settings.clone(), self.clock.clone(), self.store.clone());
        Self { client: Client::untracked(rocket).unwrap(), ..self }
    }

    /// Where this house keeps its data: a file of SQLite or a database of PostgreSQL, as the run demands.
    pub fn database(&self) -> &Database {
        &self.settings.database
    }

    /// Moves the clock.
    pub fn at(&self, moment: &str) {
        self.clock.set(Instant::parse(moment).unwrap());
    }

    /// Runs something asynchronous to its end.
    #[expect(clippy::unused_self, reason = "a test speaks to its house")]
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// A researcher with an account and a token.
    pub fn researcher(&self, name: &str) -> Researcher {
        let email = format!("{name}@example.org");
        let address = EmailAddress::parse(&email).unwrap();
        let now = self.clock.now();
        let (name, for_token) = (name.to_owned(), address.clone());
        let hash = hash_once();
        let token = self.wait(async {
            self.store.write(move |tx| add_user(tx, now, &address, &name, &hash)).await.unwrap();
            self.store.write(move |tx| create_token(tx, now, &for_token, "test")).await.unwrap()
        });
        Researcher { email, token }
    }

    /// Sends a request as it stands.
    #[track_caller]
    pub fn send(&self, request: LocalRequest<'_>) -> Answer {
        self.exchange(request, None)
    }

    /// Sends a request with a JSON body.
    #[track_caller]
    pub fn send_json(&self, request: LocalRequest<'_>, body: &Value) -> Answer {
        self.exchange(json(request, body), Some(body))
    }

    /// Sends a request and holds what was sent and what comes back against the description of the API.
    #[track_caller]
    #[expect(clippy::unused_self, reason = "a test speaks to its house")]
    fn exchange(&self, request: LocalRequest<'_>, sent: Option<&Value>) -> Answer {
        let asked = request.inner();
        let (method, address) = (asked.method().to_string(), asked.uri().to_string());
        let answer = answer(request.dispatch());
        let Answer { status, headers, text } = &answer;
        Exchange { method: &method, address: &address, sent, status: *status, headers, text }.hold();
        answer
    }

    /// A request by a researcher without a body.
    #[track_caller]
    pub fn get(&self, who: &Researcher, path: &str) -> Answer {
        self.send(self.client.get(path.to_owned()).header(bearer(who)))
    }

    /// A request by nobody.
    #[track_caller]
    pub fn get_openly(&self, path: &str) -> Answer {
        self.send(self.client.get(path.to_owned()))
    }

    /// A POST of JSON by a researcher.
    #[track_caller]
    pub fn post(&self, who: &Researcher, path: &str, body: &Value) -> Answer {
        self.send_json(self.client.post(path.to_owned()).header(bearer(who)), body)
    }

    /// A PUT of JSON by a researcher.
    #[track_caller]
    pub fn put(&self, who: &Researcher, path: &str, body: &Value) -> Answer {
        self.send_json(self.client.put(path.to_owned()).header(bearer(who)), body)
    }

    /// A PATCH of JSON by a researcher.
    #[track_caller]
    pub fn patch(&self, who: &Researcher, path: &str, body: &Value) -> Answer {
        self.send_json(self.client.patch(path.to_owned()).header(bearer(who)), body)
    }

    /// A DELETE by a researcher.
    #[track_caller]
    pub fn delete(&self, who: &Researcher, path: &str) -> Answer {
        self.send(self.client.delete(path.to_owned()).header(bearer(who)))
    }

    /// A POST of JSON by nobody, such as a respondent with a link.
    #[track_caller]
    pub fn post_openly(&self, path: &str, body: &Value) -> Answer {
        self.send_json(self.client.post(path.to_owned()), body)
    }

    /// A POST of CSV by a researcher.
    #[track_caller]
    pub fn post_csv(&self, who: &Researcher, path: &str, csv: &str) -> Answer {
        let request = self.client.post(path.to_owned()).header(bearer(who)).header(ContentType::CSV);
        self.send(request.body(csv))
    }

    /// A study of somebody on the division of 2022; the path of it in the API.
    pub fn empty_study(&self, owner: &Researcher) -> String {
        let body = serde_json::json!({
            "title": "Sociaal domein",
            "contact_email": "onderzoek@example.org",
            "population_on": "2022-01-01",
        });
        let made = self.post(owner, "/api/v1/studies", &body).expect(201).json();
        format!("/api/v1/studies/{}", made["id"].as_str().unwrap())
    }

    /// Makes somebody a member of a study.
    pub fn join(&self, owner: &Researcher, study: &str, who: &Researcher, role: &str) -> Value {
        let body = serde_json::json!({ "email": who.email, "role": role });
        self.post(owner, &format!("{study}/members"), &body).expect(201).json()
    }

    /// Somebody on the list of a study, who works for a municipality; the path of them in the API.
    pub fn respondent(&self, who: &Researcher, study: &str, name: &str, municipality: &str) -> String {
        let body = serde_json::json!({
            "name": name,
            "email": format!("{name}@gemeente.example"),
            "municipality": municipality,
        });
        let made = self.post(who, &format!("{study}/respondents"), &body).expect(201).json();
        format!("/api/v1/respondents/{}", made["id"].as_str().unwrap())
    }

    /// Sends the letters that are due; answers those that left, in their order.
    pub fn deliver(&self) -> Vec<Kept> {
        let memory = Memory::default();
        self.deliver_to(Transport::Memory(memory.clone()));
        memory.letters()
    }

    /// Sends the letters that are due through a transport; answers how many were tried or dropped.
    pub fn deliver_to(&self, transport: Transport) -> usize {
        let post = Post::through(transport, &self.settings).unwrap();
        self.wait(veldwerk::worker::deliver(&post, &self.clock, &self.store)).unwrap()
    }
}

/// The header by which a researcher's token is sent.
pub fn bearer(who: &Researcher) -> Header<'static> {
    Header::new("Authorization", format!("Bearer {}", who.token))
}

/// A request with a JSON body.
pub fn json<'c>(request: LocalRequest<'c>, body: &Value) -> LocalRequest<'c> {
    request.header(ContentType::JSON).body(body.to_string())
}

fn answer(response: LocalResponse<'_>) -> Answer {
    let Status { code } = response.status();
    let headers = response.headers().iter().map(|h| (h.name.to_string(), h.value.to_string())).collect();
    Answer { status: code, headers, text: response.into_string().unwrap_or_default() }
}

/// Hashing is slow on purpose, so all tests share one hash.
pub fn hash_once() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| veldwerk::domain::account::hash_password(PASSWORD).unwrap()).clone()
}
