//! A study in which all happens to an interview that can. One respondent, Sanne; two interviewers, Anna and Bert; Carl,
//! who may come along as the second; Joke, who may make the appointment for Sanne.
//!
//! What happens here waits in the outbox until [`Stage::told`]. What came of it is looked at in `invite_outcome`.

use serde_json::{Value, json};
use veldwerk::actions::receive_mail::Taken;
use veldwerk::id::UserId;
use veldwerk::mail::{Kept, Memory, RefusalKind, Transport};
use veldwerk::worker::incoming;

use crate::house::Researcher;
use crate::incoming_mail::filled;
use crate::invite_outcome::Arrival;
use crate::panel::{Panel, refusal};
use crate::simulated_calendar::Message;

pub const SANNE: &str = "S.deVries+0@gemeente.example";
pub const SANNE_ELSEWHERE: &str = "sanne@nieuw.example";
pub const BERT: &str = "bert@example.org";
pub const JOKE: &str = "joke@gemeente.example";
pub const CARL: &str = "carl@example.org";

pub const STUDY_LINK: &str = "https://teams.example.org/l/meetup-join/19%3ameeting";
pub const BERTS_LINK: &str = "https://teams.example.org/l/meetup-join/bert";
pub const OWN_LINK: &str = "https://teams.example.org/l/meetup-join/own";

/// Monday at nine, and at eleven, in Amsterdam.
const NINE: &str = "2027-03-08T08:00:00Z";
const ELEVEN: &str = "2027-03-08T10:00:00Z";

/// The study.
pub struct Stage {
    pub panel: Panel,
    bert: Researcher,
    pub bert_id: UserId,
    pub carl_id: UserId,
    /// Sanne's address as it is now.
    pub address: &'static str,
    /// The municipality that she works for, as it is now.
    pub municipality: &'static str,
    /// What arrived, in the order of leaving.
    pub arrived: Vec<Arrival>,
}

impl Stage {
    /// Sanne has agreed; nothing is planned.
    pub fn nothing_planned() -> Self {
        let panel = Panel::of(1);
        let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
        panel.house.put(&panel.owner, &panel.path("availability"), &hours).expect(200);
        let bert = panel.house.researcher("bert");
        panel.house.join(&panel.owner, &panel.study, &bert, "interviewer");
        let bert_id = panel.house.id_of(&bert);
        let link = json!({ "teams_link": BERTS_LINK });
        panel.house.patch(&bert, &panel.path(&format!("members/{bert_id}")), &link).expect(200);
        panel.press(0, "consent", &json!({ "version": 1, "items": { "take_part": true } })).expect(200);
        let carl = panel.house.researcher("carl");
        panel.house.join(&panel.owner, &panel.study, &carl, "interviewer");
        let carl_id = panel.house.id_of(&carl);
        let (address, municipality) = (SANNE, "Enschede");
        let mut stage = Self { panel, bert, bert_id, carl_id, address, municipality, arrived: Vec::new() };
        stage.told();
        stage
    }

    /// An interview over Teams is planned.
    pub fn online() -> Self {
        let mut stage = Self::nothing_planned();
        stage.books().told();
        stage
    }

    /// An interview over Teams is planned that Carl holds as well.
    pub fn with_carl() -> Self {
        let mut stage = Self::online();
        stage.carl_joins().told();
        stage
    }

    /// An interview over Teams is planned, which Joke arranged.
    pub fn by_joke() -> Self {
        let mut stage = Self::nothing_planned();
        stage.joke_books().told();
        stage
    }

    /// An interview over Teams is planned; the link is to follow.
    pub fn without_a_link() -> Self {
        let mut stage = Self::nothing_planned();
        stage.link_becomes(None).books().told();
        stage
    }

    /// An interview at an address is planned.
    pub fn in_person() -> Self {
        let mut stage = Self::nothing_planned();
        stage.asks("interview", &json!({ "starts_at": NINE, "mode": "in_person", "place": "Markt 1" }), 201);
        stage.told();
        stage
    }

    /// An interview at the town hall is planned.
    pub fn at_the_town_hall() -> Self {
        let mut stage = Self::nothing_planned();
        stage.asks("interview", &json!({ "starts_at": NINE, "mode": "in_person" }), 201);
        stage.told();
        stage
    }

    /// An interview was planned and called off.
    pub fn called_off() -> Self {
        let mut stage = Self::online();
        stage.cancels().told();
        stage
    }

    fn asks(&self, button: &str, body: &Value, status: u16) {
        self.panel.press(0, button, body).expect(status);
    }

    /// The interviews that are planned.
    pub fn planned(&self) -> Vec<Value> {
        let list = self.panel.path("interviews?status=booked");
        let found = self.panel.house.get(&self.panel.owner, &list).expect(200).json();
        found["items"].as_array().unwrap().clone()
    }

    fn researcher_asks(&self, verb: &str, body: &Value) -> Value {
        let id = self.planned()[0]["id"].as_str().unwrap().to_owned();
        self.panel
            .house
            .post(&self.panel.owner, &format!("/api/v1/interviews/{id}/{verb}"), body)
            .expect(200)
            .json()
    }

    pub fn books(&mut self) -> &mut Self {
        self.asks("interview", &json!({ "starts_at": NINE, "mode": "teams" }), 201);
        self
    }

    pub fn joke_books(&mut self) -> &mut Self {
        let joke = json!({ "name": "Joke Smit", "email": JOKE });
        self.asks("interview", &json!({ "starts_at": NINE, "mode": "teams", "delegate": joke }), 201);
        self
    }

    pub fn joke_is_taken_off(&mut self) -> &mut Self {
        self.asks("interview/remove-delegate", &json!({}), 200);
        self
    }

    pub fn joke_is_taken_off_by_the_researcher(&mut self) -> &mut Self {
        let id = self.planned()[0]["id"].as_str().unwrap().to_owned();
        self.panel.house.delete(&self.panel.owner, &format!("/api/v1/interviews/{id}/delegate")).expect(204);
        self
    }

    pub fn moves_to_another_time(&mut self) -> &mut Self {
        self.asks("interview/reschedule", &json!({ "starts_at": ELEVEN }), 200);
        self
    }

    pub fn moves_back(&mut self) -> &mut Self {
        self.asks("interview/reschedule", &json!({ "starts_at": NINE }), 200);
        self
    }

    /// Null means the town hall.
    pub fn moves_in_person(&mut self, place: Option<&str>) -> &mut Self {
        let wish = json!({ "starts_at": NINE, "mode": "in_person", "place": place });
        self.asks("interview/reschedule", &wish, 200);
        self
    }

    pub fn moves_online(&mut self) -> &mut Self {
        self.asks("interview/reschedule", &json!({ "starts_at": NINE, "mode": "teams" }), 200);
        self
    }

    /// The researcher moves it: another time, and at the town hall.
    pub fn is_moved_to_the_town_hall(&mut self) -> &mut Self {
        let wish = json!({ "starts_at": ELEVEN, "mode": "in_person", "place": null });
        self.researcher_asks("reschedule", &wish);
        self
    }

    pub fn is_handed_over_to_bert(&mut self) -> &mut Self {
        let hours = json!({ "rules": [{ "weekday": "mon", "from": "09:00", "until": "17:00" }] });
        self.panel.house.put(&self.bert, &self.panel.path("availability"), &hours).expect(200);
        let moved =
            self.researcher_asks("reschedule", &json!({ "starts_at": NINE, "interviewer": self.bert_id }));
        assert_eq!(moved["interviewer"], json!(self.bert_id));
        self
    }

    pub fn is_handed_back_to_anna(&mut self) -> &mut Self {
        let anna = self.panel.house.id_of(&self.panel.owner);
        self.researcher_asks("reschedule", &json!({ "starts_at": NINE, "interviewer": anna }));
        self
    }

    pub fn carl_joins(&mut self) -> &mut Self {
        self.second_becomes(&json!(self.carl_id))
    }

    pub fn carl_leaves(&mut self) -> &mut Self {
        self.second_becomes(&Value::Null)
    }

    fn second_becomes(&mut self, who: &Value) -> &mut Self {
        let id = self.planned()[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/interviews/{id}/second-interviewer");
        self.panel.house.put(&self.panel.owner, &path, &json!({ "second_interviewer": who })).expect(200);
        self
    }

    pub fn carl_leaves_the_study(&mut self) -> &mut Self {
        let path = self.panel.path(&format!("members/{}", self.carl_id));
        self.panel.house.delete(&self.panel.owner, &path).expect(204);
        self
    }

    pub fn link_becomes(&mut self, link: Option<&str>) -> &mut Self {
        let change = json!({ "teams_link": link });
        self.panel.house.patch(&self.panel.owner, &self.panel.study, &change).expect(200);
        self
    }

    pub fn study_link_becomes_known(&mut self) -> &mut Self {
        self.link_becomes(Some(STUDY_LINK))
    }

    pub fn gets_a_link_of_its_own(&mut self) -> &mut Self {
        let id = self.planned()[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/interviews/{id}/join-link");
        self.panel.house.put(&self.panel.owner, &path, &json!({ "join_link": OWN_LINK })).expect(200);
        self
    }

    pub fn address_becomes_another(&mut self) -> &mut Self {
        self.address_becomes(SANNE_ELSEWHERE)
    }

    /// The respondent turns out to work for another municipality.
    pub fn municipality_becomes(&mut self, name: &'static str) -> &mut Self {
        self.municipality = name;
        self.correct(&json!({ "municipality": name }))
    }

    pub fn address_becomes_the_first_again(&mut self) -> &mut Self {
        self.address_becomes(SANNE)
    }

    fn correct(&mut self, known: &Value) -> &mut Self {
        let person = format!("/api/v1/respondents/{}", self.panel.people[0]);
        self.panel.house.patch(&self.panel.owner, &person, known).expect(200);
        self
    }

    fn address_becomes(&mut self, address: &'static str) -> &mut Self {
        self.address = address;
        self.correct(&json!({ "email": address }))
    }

    /// Her calendar proposes an hour later.
    pub fn calendar_counters(&mut self) -> &mut Self {
        let uid = format!("{}@veldwerk.example", self.planned()[0]["id"].as_str().unwrap());
        let raw = filled("outlook_counter", &[("uid", &uid)]);
        let house = &self.panel.house;
        let taken = house.wait(incoming::take(&house.store, &house.clock, None, raw)).unwrap();
        assert_eq!(taken, Taken::Done);
        self
    }

    pub fn proposes_on_the_page(&mut self) -> &mut Self {
        self.asks("proposals", &json!({ "mode": "teams", "moments": [ELEVEN] }), 201);
        self
    }

    /// The researcher declines what was proposed.
    pub fn is_not_accepted(&mut self) -> &mut Self {
        let (house, owner) = (&self.panel.house, &self.panel.owner);
        let list = house.get(owner, &self.panel.path("proposals?state=open")).expect(200).json();
        let path = format!("/api/v1/proposals/{}/decline", list["items"][0]["id"].as_str().unwrap());
        house.post(owner, &path, &json!({})).expect(200);
        self
    }

    pub fn cancels(&mut self) -> &mut Self {
        self.asks("interview/cancel", &json!({}), 200);
        self
    }

    pub fn is_cancelled(&mut self) -> &mut Self {
        self.researcher_asks("cancel", &json!({ "reason": "Ziek." }));
        self
    }

    pub fn declines(&mut self) -> &mut Self {
        self.asks("decline", &json!({}), 200);
        self
    }

    pub fn withdraws(&mut self) -> &mut Self {
        self.asks("withdraw", &json!({}), 200);
        self
    }

    pub fn is_erased(&mut self) -> &mut Self {
        let person = format!("/api/v1/respondents/{}", self.panel.people[0]);
        self.panel.house.delete(&self.panel.owner, &person).expect(204);
        self
    }

    /// The study closes, and tells those who wait.
    pub fn study_closes(&mut self) -> &mut Self {
        let path = self.panel.path("close");
        self.panel.house.post(&self.panel.owner, &path, &json!({ "letters": true })).expect(200);
        self
    }

    /// The study closes, and what was planned is called off.
    pub fn study_closes_and_calls_off(&mut self) -> &mut Self {
        let path = self.panel.path("close");
        let wish = json!({ "letters": true, "cancel_interviews": true });
        self.panel.house.post(&self.panel.owner, &path, &wish).expect(200);
        self
    }

    /// All that waits leaves, and the mail server takes it.
    pub fn told(&mut self) -> &mut Self {
        let sent = self.panel.house.deliver();
        let arrived: Vec<_> = sent.iter().map(|kept| self.arrival(kept)).collect();
        self.arrived.extend(arrived.into_iter().filter(|arrival| arrival.kind != "consent_receipt"));
        self
    }

    fn arrival(&self, kept: &Kept) -> Arrival {
        let path = format!("/api/v1/letters/{}", kept.letter);
        let letter = self.panel.house.get(&self.panel.owner, &path).expect(200).json();
        Arrival {
            to: kept.to.as_str().to_owned(),
            kind: letter["kind"].as_str().unwrap().to_owned(),
            message: Message::in_mail(&kept.message),
        }
    }

    /// The mail server refuses all that waits for good.
    pub fn refused(&mut self) -> &mut Self {
        let memory = Memory::default();
        for _ in 0..8 {
            memory.refuse_next(refusal(RefusalKind::Final, "550 no such user"));
        }
        assert!(self.panel.house.deliver_to(Transport::Memory(memory.clone())) > 0);
        assert!(memory.letters().is_empty());
        self
    }

    /// The researcher has every failed letter sent again that can be.
    pub fn sent_again(&mut self) -> &mut Self {
        let letters = self.panel.letters();
        let failed: Vec<_> = letters.iter().filter(|letter| !letter["retry_until"].is_null()).collect();
        assert!(!failed.is_empty());
        for letter in failed {
            let path = format!("/api/v1/letters/{}/retry", letter["id"].as_str().unwrap());
            self.panel.house.post(&self.panel.owner, &path, &json!({})).expect(200);
        }
        self
    }
}
