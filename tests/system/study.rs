//! A study that is ready for booking, made in one line: with a published consent form, hours and respondents.

use serde_json::{Value, json};
use veldwerk::actions::add_member::add_member;
use veldwerk::actions::add_respondent::{Recruit, add_respondent};
use veldwerk::actions::create_study::create_study;
use veldwerk::actions::set_strata::set_strata;
use veldwerk::domain::access::Role;
use veldwerk::domain::audit::Done;
use veldwerk::domain::availability::date_at;
use veldwerk::domain::language::Language;
use veldwerk::domain::stratum::StratumPlan;
use veldwerk::domain::study::StudyPatch;
use veldwerk::domain::text::EmailAddress;
use veldwerk::id::{RespondentId, StudyId, UserId};
use veldwerk::store::contacts::Contact;

use crate::house::{Answer, House, Researcher};

/// A Wednesday at ten in Amsterdam, two days after a house opens: free in every study that is made here.
pub const WEDNESDAY_TEN: &str = "2027-03-03T09:00:00Z";

/// A study to be made.
pub struct Draft<'h> {
    house: &'h House,
    set_up: Value,
    respondents: usize,
    town: &'static str,
    cap: Option<u32>,
    form: bool,
    hours: Value,
}

/// A study that was made.
pub struct Study<'h> {
    pub house: &'h House,
    pub id: String,
    pub owner: Researcher,
    pub owner_id: UserId,
    pub respondents: Vec<Respondent>,
}

/// Somebody with a personal link.
#[derive(Debug, Clone)]
pub struct Respondent {
    pub id: RespondentId,
    pub token: String,
}

impl Respondent {
    /// An address of the API under the personal link; nothing gives the participation itself.
    pub fn path(&self, rest: &str) -> String {
        let slash = if rest.is_empty() { "" } else { "/" };
        format!("/api/v1/participations/{}{slash}{rest}", self.token)
    }
}

/// The answers that the form of these studies asks for.
pub fn agreed() -> Value {
    json!({ "version": 1, "items": { "take_part": true, "recording": false } })
}

/// The consent form of these studies.
pub fn form() -> Value {
    json!({
        "intro": { "nl": "Waar het over gaat.", "en": "What it is about." },
        "items": [
            { "key": "take_part", "required": true, "text": { "nl": "Ik doe mee.", "en": "I take part." } },
            { "key": "recording", "required": false, "text": { "nl": "Opname mag.", "en": "You may record." } },
        ],
    })
}

/// Working hours from Monday to Friday.
pub fn office_hours() -> Value {
    let days = ["mon", "tue", "wed", "thu", "fri"];
    days.map(|day| json!({ "weekday": day, "from": "09:00", "until": "17:00" })).into()
}

impl House {
    /// A study of one hour's interviews on the quarter, with a day's notice, in office hours.
    pub fn bookable(&self) -> Draft<'_> {
        Draft {
            house: self,
            set_up: json!({ "title": "Sociaal domein", "contact_email": "onderzoek@example.org" }),
            respondents: 1,
            town: "GM0153",
            cap: None,
            form: true,
            hours: office_hours(),
        }
    }

    /// The id of a researcher.
    pub fn id_of(&self, who: &Researcher) -> UserId {
        self.get(who, "/api/v1/me").expect(200).json()["id"].as_str().unwrap().parse().unwrap()
    }
}

impl<'h> Draft<'h> {
    /// With another setting.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set_up[name] = value.into();
        self
    }

    /// With so many respondents.
    pub fn respondents(mut self, count: usize) -> Self {
        self.respondents = count;
        self
    }

    /// With so many places for large municipalities, which all respondents work for.
    pub fn cap(mut self, cap: u32) -> Self {
        self.cap = Some(cap);
        self
    }

    /// Without a published consent form.
    pub fn without_form(mut self) -> Self {
        self.form = false;
        self
    }

    /// With other weekly hours of the owner.
    pub fn hours(mut self, rules: Value) -> Self {
        self.hours = rules;
        self
    }

    /// Makes it.
    pub fn open(self) -> Study<'h> {
        self.open_for("anna")
    }

    /// Makes it for a researcher of this name.
    pub fn open_for(self, name: &str) -> Study<'h> {
        let house = self.house;
        let now = house.clock.now();
        let owner = house.researcher(name);
        let owner_id = house.id_of(&owner);
        let patch: StudyPatch = serde_json::from_value(self.set_up).unwrap();
        let today = date_at(chrono_tz::Europe::Amsterdam, now);
        let study = veldwerk::domain::study::Study::create(&patch, today).unwrap();
        let id = house.wait(house.store.write(move |tx| create_study(tx, now, owner_id, &study))).unwrap();
        if let Some(cap) = self.cap {
            let mut plans = StratumPlan::defaults(Language::Nl);
            plans[0].cap = Some(cap);
            house
                .wait(house.store.write(move |tx| set_strata(tx, now, owner_id, id, &plans, |_| Ok(()))))
                .unwrap();
        }
        let respondents = recruit(house, id, owner_id, self.respondents, self.town);
        let study = Study { house, id: id.to_string(), owner, owner_id, respondents };
        if self.form {
            study.publish(&form());
        }
        house.put(&study.owner, &study.path("availability"), &json!({ "rules": self.hours })).expect(200);
        study
    }
}

fn recruit(house: &House, study: StudyId, user: UserId, count: usize, town: &str) -> Vec<Respondent> {
    let now = house.clock.now();
    let municipality = town.parse().unwrap();
    let recruits = move |i: usize| Recruit {
        contact: Contact {
            name: format!("Persoon {i}"),
            email: EmailAddress::parse(&format!("persoon{i}@gemeente.example.org")).unwrap(),
            role: None,
            phone: None,
        },
        municipality,
        language: None,
        import: None,
    };
    let all = house.store.write(move |tx| {
        let mut ids = Vec::new();
        let mut entries = Vec::new();
        for i in 0..count {
            let (id, mut more) = add_respondent(tx, now, user, study, &recruits(i))?.into_parts();
            ids.push(id);
            entries.append(&mut more);
        }
        Ok(Done::housekeeping(ids).after(entries))
    });
    let keys = house.settings.keys().unwrap();
    let ids = house.wait(all).unwrap();
    ids.into_iter().map(|id| Respondent { id, token: keys.link_token(id, 1) }).collect()
}

impl Study<'_> {
    /// An address of the API under the study.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/studies/{}/{rest}", self.id)
    }

    /// The first respondent.
    pub fn first(&self) -> &Respondent {
        &self.respondents[0]
    }

    /// A researcher with a role in the study.
    pub fn member(&self, name: &str, role: Role) -> Researcher {
        let who = self.house.researcher(name);
        let (now, owner, study) = (self.house.clock.now(), self.owner_id, self.id.parse().unwrap());
        let email = EmailAddress::parse(&who.email).unwrap();
        let added = self.house.store.write(move |tx| add_member(tx, now, owner, study, &email, role));
        self.house.wait(added).unwrap();
        who
    }

    /// Publishes a consent form; answers its version.
    pub fn publish(&self, form: &Value) -> i64 {
        let draft = self.house.post(&self.owner, &self.path("consent-forms"), form).expect(201).json();
        let path = format!("/api/v1/consent-forms/{}/publish", draft["id"].as_str().unwrap());
        self.house.post(&self.owner, &path, &json!({})).expect(200).json()["version"].as_i64().unwrap()
    }

    /// A respondent presses a button.
    pub fn press(&self, who: &Respondent, button: &str, body: &Value) -> Answer {
        self.house.post_openly(&who.path(button), body)
    }

    /// A respondent agrees to what is asked.
    pub fn consent(&self, who: &Respondent) -> Answer {
        self.press(who, "consent", &agreed()).expect(200)
    }

    /// A respondent asks for an online interview.
    pub fn book(&self, who: &Respondent, starts_at: &str) -> Answer {
        self.press(who, "interview", &json!({ "starts_at": starts_at, "mode": "teams" }))
    }

    /// A respondent has agreed and booked; answers the interview's id.
    pub fn booked(&self, who: &Respondent, starts_at: &str) -> String {
        self.consent(who);
        self.book(who, starts_at).expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    /// What a respondent sees.
    pub fn seen(&self, who: &Respondent) -> Value {
        self.house.get_openly(&who.path("")).expect(200).json()
    }

    /// The starts that a respondent is offered between two moments.
    pub fn starts(&self, who: &Respondent, from: &str, until: &str) -> Vec<String> {
        let found = self.house.get_openly(&who.path(&format!("slots?from={from}&until={until}"))).expect(200);
        let items = found.json()["items"].as_array().unwrap().clone();
        items.iter().map(|slot| slot["starts_at"].as_str().unwrap().to_owned()).collect()
    }

    /// The owner does something to an interview.
    pub fn to_interview(&self, id: &str, verb: &str, body: &Value) -> Answer {
        self.house.post(&self.owner, &format!("/api/v1/interviews/{id}/{verb}"), body)
    }
}
