//! Answers of calendars that come in by mail, and what keeps one from being believed.

use serde_json::{Value, json};
use veldwerk::actions::receive_mail::Taken;
use veldwerk::domain::incoming::Doubt;
use veldwerk::worker::incoming;

use crate::browser::Browser;
use crate::house::House;
use crate::panel::{Panel, Read};
use crate::study::office_hours;

pub const SANNE: &str = "S.deVries+0@gemeente.example";

/// A file of `tests/data/mail` with its blanks filled in, as it comes over the wire.
pub fn filled(name: &str, blanks: &[(&str, &str)]) -> Vec<u8> {
    let path = format!("{}/tests/data/mail/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let usual = [
        ("from", SANNE),
        ("to", "veldwerk@veldwerk.example"),
        ("recipient", SANNE),
        ("sequence", "0"),
        ("stamp", "20270301T091503Z"),
        ("partstat", "ACCEPTED"),
        ("action", "failed"),
        ("status", "5.1.1"),
    ];
    let all = blanks.iter().chain(&usual);
    let text = all.fold(text, |text, (blank, value)| text.replace(&format!("{{{blank}}}"), value));
    text.replace('\n', "\r\n").into_bytes()
}

/// A study whose first respondent has booked Monday at nine.
pub struct Booked {
    pub panel: Panel,
    pub interview: String,
    pub uid: String,
    invite: String,
}

impl Booked {
    pub fn new() -> Self {
        Self::of(Panel::of(2))
    }

    pub fn of(panel: Panel) -> Self {
        let interview = panel.book(0)["id"].as_str().unwrap().to_owned();
        let uid = format!("{interview}@veldwerk.example");
        let letters = panel.house.deliver();
        let theirs = letters.iter().filter(|letter| letter.to.as_str() == SANNE).map(Read::of);
        let mut invites = theirs.filter(|letter| letter.property("UID").is_some());
        let invite = invites.next().unwrap();
        let invite = invite.header("Message-ID").unwrap().trim_matches(['<', '>']).to_owned();
        Self { panel, interview, uid, invite }
    }

    /// The identifier of the message in which the respondent was invited.
    pub fn invite(&self) -> String {
        self.invite.clone()
    }

    pub fn house(&self) -> &House {
        &self.panel.house
    }

    /// The same before anything is booked.
    pub fn nothing(panel: Panel) -> Self {
        Self { panel, interview: String::new(), uid: String::new(), invite: String::new() }
    }

    /// A message about the interview comes in.
    pub fn comes(&self, name: &str, blanks: &[(&str, &str)]) -> Taken {
        let blanks = [blanks, &[("uid", self.uid.as_str())]].concat();
        self.arrives(filled(name, &blanks))
    }

    pub fn arrives(&self, raw: Vec<u8>) -> Taken {
        let house = self.house();
        house
            .wait(incoming::take(&house.store, &house.clock, house.settings.mail_in_server.as_deref(), raw))
            .unwrap()
    }

    /// The answers, as `who attendance on_this_time`.
    pub fn answers(&self) -> Vec<String> {
        let path = format!("/api/v1/interviews/{}/answers", self.interview);
        let list = self.house().get(&self.panel.owner, &path).expect(200).json();
        let told = |answer: &Value| {
            let (of, attendance) = (answer["of"].as_str().unwrap(), answer["attendance"].as_str().unwrap());
            format!("{of} {attendance} {}", answer["on_this_time"])
        };
        list.as_array().unwrap().iter().map(told).collect()
    }

    pub fn status(&self) -> Value {
        let path = format!("/api/v1/interviews/{}", self.interview);
        self.house().get(&self.panel.owner, &path).expect(200).json()["status"].clone()
    }

    pub fn waiting(&self) -> Vec<Value> {
        let list = self.house().get(&self.panel.owner, &self.panel.path("incoming-mail")).expect(200).json();
        list["items"].as_array().unwrap().clone()
    }

    /// Why the messages wait, latest first.
    pub fn doubts(&self) -> Vec<String> {
        self.waiting().iter().map(|message| message["doubt"].as_str().unwrap().to_owned()).collect()
    }

    pub fn attention(&self) -> Vec<String> {
        let overview = self.house().get(&self.panel.owner, &self.panel.path("overview")).expect(200).json();
        let kinds = overview["attention"].as_array().unwrap().iter();
        kinds.map(|item| format!("{} {}", item["kind"].as_str().unwrap(), item["count"])).collect()
    }

    fn move_to(&self, start: &str) {
        let path = format!("/api/v1/interviews/{}/reschedule", self.interview);
        self.house().post(&self.panel.owner, &path, &json!({ "starts_at": start })).expect(200);
    }

    fn change_link(&self) {
        let path = format!("/api/v1/interviews/{}/join-link", self.interview);
        let link = json!({ "join_link": "https://teams.example.org/l/meetup-join/other" });
        self.house().put(&self.panel.owner, &path, &link).expect(200);
    }

    /// The value of ATTENDEE in the invite that leaves for the respondent now.
    fn next_attendee(&self) -> String {
        let letters = self.house().deliver();
        let theirs = letters.iter().find(|letter| letter.to.as_str() == SANNE).expect("a letter leaves");
        Read::of(theirs).property("ATTENDEE").unwrap().to_owned()
    }
}

pub fn waits(taken: Taken) -> Option<Doubt> {
    match taken {
        Taken::Waits(_, doubt) => Some(doubt),
        Taken::Before | Taken::Done => None,
    }
}

#[test]
fn each_calendar_program_is_understood_and_nothing_else_happens() {
    for (program, partstat, attendance) in [
        ("outlook_accepts", "ACCEPTED", "accepted"),
        ("gmail_declines", "DECLINED", "declined"),
        ("apple_tentative", "TENTATIVE", "tentative"),
        ("thunderbird_accepts", "DELEGATED", "delegated"),
    ] {
        let booked = Booked::new();
        assert_eq!(booked.comes(program, &[("partstat", partstat)]), Taken::Done, "{program}");
        assert_eq!(booked.answers(), [format!("respondent {attendance} true")], "{program}");
        assert_eq!(booked.status(), "booked");
        assert!(booked.waiting().is_empty());
        assert!(booked.house().deliver().is_empty(), "nobody is answered");
    }
}

#[test]
fn who_declines_in_the_calendar_is_shown_and_the_interview_stands() {
    let booked = Booked::new();
    booked.comes("gmail_declines", &[("partstat", "DECLINED")]);
    assert!(booked.attention().contains(&"declined_invites 1".to_owned()), "{:?}", booked.attention());
    let browser = Browser::of(booked.house(), &booked.panel.owner);
    let page = browser.get(&format!("/interviews/{}?lang=en", booked.interview)).expect(200).text;
    assert!(page.contains("The respondent: <strong>declined</strong>"), "{page}");
    assert!(page.contains("The interview still stands."));
    assert_eq!(booked.status(), "booked");
    booked.move_to("2027-03-08T10:00:00Z");
    assert!(!booked.attention().contains(&"declined_invites 1".to_owned()));
}

#[test]
fn answers_are_ordered_by_sequence_and_moment_and_a_repeat_changes_nothing() {
    let booked = Booked::new();
    assert_eq!(booked.comes("outlook_accepts", &[("partstat", "DECLINED")]), Taken::Done);
    assert_eq!(booked.comes("outlook_accepts", &[("partstat", "DECLINED")]), Taken::Before);
    let older = [("partstat", "ACCEPTED"), ("stamp", "20270301T091502Z")];
    assert_eq!(waits(booked.comes("thunderbird_accepts", &older)), Some(Doubt::Overtaken));
    // The same answer once more, on another way: other bytes, nothing new.
    assert_eq!(booked.comes("gmail_declines", &[("partstat", "DECLINED")]), Taken::Done);
    // Another answer of the very same moment: which of them is the later one?
    let both = [("partstat", "ACCEPTED"), ("stamp", "20270301T091503Z")];
    assert_eq!(waits(booked.comes("thunderbird_accepts", &both)), Some(Doubt::Overtaken));
    assert_eq!(booked.answers(), ["respondent declined true"]);
    let newer = [("partstat", "ACCEPTED"), ("stamp", "20270301T091504Z")];
    assert_eq!(booked.comes("thunderbird_accepts", &newer), Taken::Done);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
    assert_eq!(booked.doubts(), ["overtaken", "overtaken"]);
}

#[test]
fn an_answer_to_an_earlier_time_is_shown_as_that_and_not_as_a_yes() {
    let booked = Booked::new();
    booked.move_to("2027-03-08T10:00:00Z");
    assert_eq!(booked.comes("outlook_accepts", &[]), Taken::Done);
    assert_eq!(booked.answers(), ["respondent accepted false"]);
    let browser = Browser::of(booked.house(), &booked.panel.owner);
    let page = browser.get(&format!("/interviews/{}?lang=en", booked.interview)).expect(200).text;
    assert!(page.contains("<strong>accepted</strong> to an earlier time"), "{page}");
    assert_eq!(waits(booked.comes("gmail_declines", &[("sequence", "2")])), Some(Doubt::NotYetSent));
}

#[test]
fn an_update_that_keeps_the_time_keeps_the_answer_and_a_new_time_asks_anew() {
    let booked = Booked::new();
    booked.comes("outlook_accepts", &[]);
    booked.change_link();
    assert!(booked.next_attendee().contains("PARTSTAT=ACCEPTED"));
    assert_eq!(booked.answers(), ["respondent accepted true"]);
    booked.move_to("2027-03-08T10:00:00Z");
    assert!(booked.next_attendee().contains("PARTSTAT=NEEDS-ACTION"));
}

#[test]
fn an_answer_stands_when_somebody_else_holds_the_interview_at_the_same_time() {
    let booked = Booked::new();
    booked.comes("outlook_accepts", &[]);
    let (house, owner) = (booked.house(), &booked.panel.owner);
    let carl = house.researcher("carl");
    let member = json!({ "email": carl.email, "role": "interviewer" });
    house.post(owner, &booked.panel.path("members"), &member).expect(201);
    let hours = json!({ "rules": office_hours() });
    house.put(&carl, &booked.panel.path("availability"), &hours).expect(200);
    let path = format!("/api/v1/interviews/{}/reschedule", booked.interview);
    let to_carl = json!({ "starts_at": "2027-03-08T08:00:00Z", "interviewer": house.id_of(&carl) });
    house.post(owner, &path, &to_carl).expect(200);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
    assert!(booked.next_attendee().contains("PARTSTAT=ACCEPTED"));
}

#[test]
fn what_is_forged_or_about_something_else_changes_nothing_and_waits() {
    let booked = Booked::new();
    let other = ("from", "iemand@elders.example");
    let cases = [
        ("outlook_accepts", vec![other], Doubt::UnknownAttendee),
        (
            "outlook_accepts",
            vec![("uid", "0195a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b@veldwerk.example")],
            Doubt::UnknownInterview,
        ),
        ("forwarded_answer", vec![], Doubt::Written),
        ("written", vec![], Doubt::Written),
        (
            "postfix_bounce",
            vec![("message_id", "0195a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b.1@veldwerk.example")],
            Doubt::UnknownLetter,
        ),
        ("unsubscribe", vec![("token", "niemand")], Doubt::UnknownPerson),
    ];
    for (name, blanks, doubt) in cases {
        assert_eq!(waits(booked.comes(name, &blanks)), Some(doubt), "{name}");
    }
    let forged = String::from_utf8(filled("thunderbird_accepts", &[("uid", &booked.uid)])).unwrap();
    let forged = forged.replace("From: Sanne de Vries <S.deVries+0@", "From: Sanne de Vries <boef@");
    assert_eq!(waits(booked.arrives(forged.into_bytes())), Some(Doubt::OtherSender));
    assert!(booked.answers().is_empty());
    assert_eq!(booked.waiting().len(), 7);
    assert!(booked.attention().contains(&"waiting_mail 7".to_owned()));
    assert_eq!(booked.status(), "booked");
}

#[test]
fn somebody_may_answer_for_the_respondent_when_their_calendar_says_so() {
    let booked = Booked::new();
    let text = String::from_utf8(filled("thunderbird_accepts", &[("uid", &booked.uid)])).unwrap();
    let text = text.replace("From: Sanne de Vries <S.deVries+0@", "From: Secretariaat <bureau@");
    let text = text.replace("ATTENDEE;", "ATTENDEE;SENT-BY=\"mailto:bureau@gemeente.example\";");
    assert_eq!(booked.arrives(text.into_bytes()), Taken::Done);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
}

#[test]
fn an_answer_for_an_interview_that_is_cancelled_or_over_waits() {
    let booked = Booked::new();
    booked.house().at("2027-03-08T09:00:00Z");
    assert_eq!(waits(booked.comes("outlook_accepts", &[])), Some(Doubt::NotPlanned));
}

#[test]
fn a_machine_that_answers_is_noted_and_never_answered() {
    let booked = Booked::new();
    for machine in ["outlook_out_of_office", "gmail_vacation"] {
        assert_eq!(booked.comes(machine, &[]), Taken::Done);
    }
    assert!(booked.answers().is_empty() && booked.waiting().is_empty());
    assert!(booked.house().deliver().is_empty());
    let browser = Browser::of(booked.house(), &booked.panel.owner);
    let page = browser.get(&format!("/respondents/{}?lang=en", booked.panel.people[0])).expect(200).text;
    assert!(page.contains("an automatic reply came"), "{page}");
}

#[test]
fn calendars_may_propose_another_time_only_where_mail_comes_in() {
    for (address, forbids) in [(None, true), (Some("veldwerk@veldwerk.example".to_owned()), false)] {
        let mut house = House::open();
        house.settings.mail_in_address = address;
        let panel = Panel::in_house(house, 1);
        panel.book(0);
        let letters = panel.house.deliver();
        let invite =
            letters.iter().map(Read::of).find(|letter| letter.property("ATTENDEE").is_some()).unwrap();
        assert_eq!(invite.property("X-MICROSOFT-DISALLOW-COUNTER").is_some(), forbids);
    }
}

#[test]
fn where_the_mail_server_tells_who_is_proven_nobody_else_is_believed() {
    let mut house = House::open();
    house.settings.mail_in_server = Some("mx.veldwerk.example".to_owned());
    let booked = Booked::of(Panel::in_house(house, 1));
    assert_eq!(waits(booked.comes("outlook_accepts", &[])), Some(Doubt::Unproven));
    assert!(booked.answers().is_empty());
    let results = b"Authentication-Results: mx.veldwerk.example; dkim=pass; dmarc=pass\r\n";
    let proven = [results.as_slice(), &filled("outlook_accepts", &[("uid", &booked.uid)])].concat();
    assert_eq!(booked.arrives(proven), Taken::Done);
    assert_eq!(booked.answers(), ["respondent accepted true"]);
}
