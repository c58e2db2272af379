//! A study that is under way, put into the database directly: a test of guides or exports need not book interviews
//! first. One member of each role, and a stranger with a study of their own.

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};
use veldwerk::actions::record_answer::{Answer, record_answer};
use veldwerk::clock::Instant;
use veldwerk::domain::access::Role;
use veldwerk::domain::audit::Done;
use veldwerk::domain::language::Language;
use veldwerk::domain::study::{Study, StudyPatch};
use veldwerk::domain::text::EmailAddress;
use veldwerk::id::{ConsentFormId, ConsentId, InterviewId, RespondentId, StratumId, StudyId, UserId};
use veldwerk::settings::Database;
use veldwerk::store::respondents::NewRespondent;
use veldwerk::store::{accounts, members, respondents, studies};

use crate::house::{House, Researcher};

/// A study with its people.
pub struct Fieldwork {
    pub house: House,
    pub owner: Researcher,
    pub interviewer: Researcher,
    pub reader: Researcher,
    pub stranger: Researcher,
    pub study: StudyId,
    pub stratum: StratumId,
    form: ConsentFormId,
}

/// Runs statements beside the store, as a hand in the database would.
pub fn execute(house: &House, sql: &str) {
    match house.database() {
        Database::Sqlite(path) => crate::database::sqlite(path).batch_execute(sql),
        Database::Postgres(url) => crate::database::postgres(url).batch_execute(sql),
    }
    .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

impl Fieldwork {
    /// A study of 60-minute interviews with one stratum and a published consent form of two items.
    pub fn begin() -> Self {
        let house = House::open();
        let [owner, interviewer, reader, stranger] =
            ["owner", "interviewer", "reader", "stranger"].map(|name| house.researcher(name));
        let new = |title: &str| {
            let patch = StudyPatch {
                title: Some(title.to_owned()),
                contact_email: Some("studie@example.org".to_owned()),
                ..StudyPatch::default()
            };
            Study::create(&patch, "2026-01-01".parse().unwrap()).unwrap()
        };
        let now = house.clock.now();
        let emails = [&owner, &interviewer, &reader, &stranger].map(|who| who.email.clone());
        let (ours, theirs) = (new("Sociaal domein"), new("Elders"));
        let change = house.store.write(move |tx| {
            let study = studies::insert(tx, &ours, now)?;
            let other = studies::insert(tx, &theirs, now)?;
            let roles = [
                (study, Role::Owner),
                (study, Role::Interviewer),
                (study, Role::Reader),
                (other, Role::Owner),
            ];
            for (email, (study, role)) in emails.iter().zip(roles) {
                let account = accounts::by_email(tx, email)?.unwrap();
                members::insert(tx, study, account.id, role, now)?;
            }
            Ok(Done::housekeeping(study))
        });
        let study = house.wait(change).unwrap();
        let (stratum, form) = (StratumId::new(), ConsentFormId::new());
        let body = json!({
            "intro": { "nl": "Over het onderzoek.", "en": "About the study." },
            "items": [
                { "key": "take_part", "required": true, "text": { "nl": "Ik doe mee.", "en": "I take part." } },
                { "key": "recording", "required": false, "text": { "nl": "Opname mag.", "en": "Record me." } },
            ],
        });
        execute(
            &house,
            &format!(
                "INSERT INTO strata (id, study, key, label, target, cap, position, taken) \
                 VALUES ('{stratum}', '{study}', '=large', 'Groot', 11, 12, 0, 0); \
                 INSERT INTO consent_forms (id, study, version, body, created_at, published_at) \
                 VALUES ('{form}', '{study}', 1, '{body}', 0, 0);"
            ),
        );
        Self { house, owner, interviewer, reader, stranger, study, stratum, form }
    }

    /// The path of something of the study.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/studies/{}/{rest}", self.study)
    }

    /// The owner's account.
    pub fn owner_id(&self) -> UserId {
        let email = EmailAddress::parse(&self.owner.email).unwrap().folded();
        let found = self.house.store.read(move |tx| accounts::by_email(tx, &email));
        self.house.wait(found).unwrap().unwrap().id
    }

    /// A respondent with a code and a status.
    pub fn respondent(&self, code: &str, status: &str) -> RespondentId {
        let (study, stratum, now) = (self.study, self.stratum, self.house.clock.now());
        let new = NewRespondent {
            code: code.to_owned(),
            municipality: "GM0363".parse().unwrap(),
            stratum: Some(stratum),
            language: Language::Nl,
            import: None,
        };
        let change = self
            .house
            .store
            .write(move |tx| Ok(Done::housekeeping(respondents::insert(tx, study, &new, now)?)));
        let id = self.house.wait(change).unwrap();
        execute(
            &self.house,
            &format!(
                "UPDATE respondents SET status = '{status}', invited_at = {} WHERE id = '{id}'",
                unix("2027-02-01T23:30:00Z")
            ),
        );
        id
    }

    /// A consent of a respondent to the form, with an answer about recording.
    pub fn consent(&self, respondent: RespondentId, recording: bool) -> ConsentId {
        let id = ConsentId::new();
        let (study, form, items) =
            (self.study, self.form, json!({ "take_part": true, "recording": recording }));
        execute(
            &self.house,
            &format!(
                "INSERT INTO consents (id, study, respondent, form, version, language, sha256, items, given_at) \
                 VALUES ('{id}', '{study}', '{respondent}', '{form}', 1, 'nl', '', '{items}', {})",
                unix("2027-02-03T10:00:00Z")
            ),
        );
        id
    }

    /// An hour's interview with a respondent by the owner.
    pub fn interview(&self, respondent: RespondentId, starts_at: &str, status: &str) -> InterviewId {
        let (id, study, owner, stratum) = (InterviewId::new(), self.study, self.owner_id(), self.stratum);
        let start = unix(starts_at);
        execute(
            &self.house,
            &format!(
                "INSERT INTO interviews (id, study, respondent, interviewer, stratum, uid, sequence, starts_at, \
                 ends_at, mode, status, booked_at, changed_at) VALUES ('{id}', '{study}', '{respondent}', \
                 '{owner}', '{stratum}', '{id}', 0, {start}, {}, 'teams', '{status}', {booked}, {booked})",
                start + 3_600,
                booked = unix("2027-02-04T10:00:00Z")
            ),
        );
        id
    }

    /// Publishes a guide as the owner; answers its id.
    pub fn publish(&self, guide: &Value) -> String {
        let draft = self.house.post(&self.owner, &self.path("guides"), guide).expect(201).json();
        let id = draft["id"].as_str().unwrap().to_owned();
        self.house.post(&self.owner, &format!("/api/v1/guides/{id}/publish"), &json!({})).expect(200);
        id
    }

    /// Writes on a sheet as the owner, without the web.
    pub fn record(&self, interview: InterviewId, question: &str, state: &str, note: Option<&str>) {
        let (user, now, question) = (self.owner_id(), self.house.clock.now(), question.to_owned());
        let answer = Answer { state: state.parse().unwrap(), note: note.map(str::to_owned) };
        let change = self
            .house
            .store
            .write(move |tx| record_answer(tx, now, user, interview, &question, &answer, |_| Ok(())));
        self.house.wait(change).unwrap();
    }
}

fn unix(moment: &str) -> i64 {
    Instant::parse(moment).unwrap().unix()
}

/// A guide of three questions, the first two of which must be asked.
pub fn guide() -> Value {
    let question = |key: &str, kind: &str, must_ask: bool, answers: &[&str]| {
        let mut question = json!({
            "key": key,
            "kind": kind,
            "must_ask": must_ask,
            "text": { "nl": format!("Vraag {key}?"), "en": format!("Question {key}?") },
            "probes": ["Sinds wanneer?"],
        });
        if !answers.is_empty() {
            question["answers"] = json!(answers);
        }
        question
    };
    json!({
        "title": "Gesprek met beleid",
        "research_questions": [{ "key": "rq1", "text": "Hoe beslissen gemeenten?" }],
        "sections": [
            { "title": "Opening", "minutes": 10, "questions": [question("role", "introductory", true, &[])] },
            { "title": "Kern", "minutes": 40, "questions": [
                question("access", "key", true, &["rq1"]),
                question("other", "closing", false, &["rq1"]),
            ] },
        ],
    })
}
