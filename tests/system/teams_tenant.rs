//! A study whose meetings Microsoft makes: with a tenant in which its interviewer works and may be acted for.

use std::time::Duration;

use serde_json::{Value, json};
use veldwerk::settings::{Secret, Settings, Teams};
use veldwerk::worker::Meetings;

use crate::fake_graph::FakeGraph;
use crate::house::House;
use crate::panel::Panel;

/// Who Anna is to Microsoft.
pub const ANNA: &str = "11111111-aaaa-4444-8888-000000000001";
/// Who Bob is to Microsoft.
pub const BOB: &str = "22222222-bbbb-4444-8888-000000000002";
/// How long the tests wait for an answer that never comes.
const PATIENCE: Duration = Duration::from_secs(3);

/// The study, the tenant, and the hand that asks.
pub struct Tenant {
    pub panel: Panel,
    pub graph: FakeGraph,
    pub meetings: Meetings,
}

impl Tenant {
    /// A study with so many people on its list.
    pub fn of(people: usize) -> Self {
        Self::in_house(House::open(), people)
    }

    /// The same in a house that was furnished otherwise.
    pub fn in_house(house: House, people: usize) -> Self {
        let (panel, graph) = (Panel::in_house(house, people), FakeGraph::open());
        graph.employ(ANNA);
        graph.permit(ANNA);
        let meetings = Meetings::with_patience(&settings(&panel.house, &graph), PATIENCE);
        let tenant = Self { panel, graph, meetings };
        tenant.change(&json!({ "teams_link": null, "teams_link_source": "graph" }));
        tenant.tell_id(&tenant.panel.house.id_of(&tenant.panel.owner).to_string(), ANNA);
        tenant
    }

    /// Changes the study.
    pub fn change(&self, changes: &Value) {
        self.panel.house.patch(&self.panel.owner, &self.panel.study, changes).expect(200);
    }

    /// The owner tells who a member is to Microsoft.
    pub fn tell_id(&self, member: &str, id: &str) {
        let path = self.panel.path(&format!("members/{member}"));
        let told = self.panel.house.patch(&self.panel.owner, &path, &json!({ "microsoft_id": id }));
        assert_eq!(told.expect(200).json()["microsoft_id"], id);
    }

    /// Asks for the meetings that are due; answers how many.
    pub fn ask(&self) -> usize {
        let house = &self.panel.house;
        house.wait(self.meetings.round(&house.clock, &house.store)).unwrap().asked
    }

    /// The same at another moment.
    pub fn ask_at(&self, moment: &str) -> usize {
        self.panel.house.at(moment);
        self.ask()
    }

    /// Somebody books Monday at nine, and the letters leave; the interview's id.
    pub fn booked(&self) -> String {
        let id = self.panel.book(0)["id"].as_str().unwrap().to_owned();
        self.panel.house.deliver();
        id
    }

    /// The same, and the meeting is made and told.
    pub fn settled(&self) -> String {
        let id = self.booked();
        assert_eq!(self.ask(), 1);
        self.panel.house.deliver();
        self.graph.asked();
        id
    }

    /// Wanted, state and problem of each meeting of an interview.
    pub fn standing(&self, id: &str) -> Vec<String> {
        let path = format!("/api/v1/interviews/{id}/meetings");
        let told = self.panel.house.get(&self.panel.owner, &path).expect(200).json();
        let word = |meeting: &Value, name: &str| meeting[name].as_str().unwrap_or("-").to_owned();
        let line = |meeting| ["wanted", "state", "problem"].map(|name| word(meeting, name)).join(" ");
        told["items"].as_array().unwrap().iter().map(line).collect()
    }

    /// When the only meeting of an interview is asked for next.
    pub fn next_at(&self, id: &str) -> String {
        let path = format!("/api/v1/interviews/{id}/meetings");
        let told = self.panel.house.get(&self.panel.owner, &path).expect(200).json();
        told["items"][0]["next_at"].as_str().unwrap().to_owned()
    }

    /// The owner asks again.
    pub fn retry(&self, id: &str) -> u16 {
        let path = format!("/api/v1/interviews/{id}/meetings/retry");
        self.panel.house.post(&self.panel.owner, &path, &json!({})).status
    }

    /// The interview as its researchers see it.
    pub fn interview(&self, id: &str) -> Value {
        self.panel.house.get(&self.panel.owner, &format!("/api/v1/interviews/{id}")).expect(200).json()
    }

    /// What waits for somebody in the study, and of how many.
    pub fn attention(&self) -> Vec<String> {
        let told = self.panel.house.get(&self.panel.owner, &self.panel.path("overview")).expect(200).json();
        let meetings = told["attention"].as_array().unwrap().iter();
        let lines = meetings.map(|item| format!("{} {}", item["kind"].as_str().unwrap(), item["count"]));
        lines.filter(|line| line.contains("meetings") || line.contains("links")).collect()
    }
}

/// The settings of a house with access to a tenant.
pub fn settings(house: &House, graph: &FakeGraph) -> Settings {
    let teams = Teams {
        tenant: Some("tenant.example".to_owned()),
        client_id: Some("veldwerk-app".to_owned()),
        client_secret: Some(Secret::new("ge/heim+&=".to_owned())),
        login_url: graph.url(),
        graph_url: graph.url(),
    };
    Settings { teams, ..house.settings.clone() }
}
