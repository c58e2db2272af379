//! A Microsoft Graph on a local port that behaves as documented: it gives out tokens, makes and finds meetings by
//! organizer and external id, gives them another time, and ends them. What it does instead is told to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// What it does with one question instead of what was asked.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// It refuses with a status.
    Status(u16),
    /// It refuses with a status and says when to come back.
    ComeBack(u16, &'static str),
    /// It never answers.
    Hang,
    /// It does what was asked, and the answer is lost.
    Lost,
    /// It makes the meeting and does not know the link yet.
    NoLink,
}

/// A meeting that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub organizer: String,
    pub external_id: String,
    pub subject: String,
    pub starts_at: String,
    pub ends_at: String,
}

/// Holds the next question after it was carried out and before it is answered.
pub struct Gate {
    arrived: Receiver<()>,
    go: Sender<()>,
}

impl Gate {
    /// Waits until the question was carried out.
    pub fn wait(&self) {
        self.arrived.recv().unwrap();
    }

    /// Lets the answer go.
    pub fn open(self) {
        self.go.send(()).unwrap();
    }
}

#[derive(Default)]
struct State {
    people: BTreeSet<String>,
    permitted: BTreeSet<String>,
    meetings: BTreeMap<String, Kept>,
    made: usize,
    tokens: usize,
    revoked: usize,
    lifetime: i64,
    sign_in: Option<u16>,
    faults: VecDeque<Fault>,
    gate: Option<(Sender<()>, Receiver<()>)>,
    asked: Vec<String>,
}

/// The server.
pub struct FakeGraph {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct Question {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

struct Reply {
    status: u16,
    headers: String,
    body: Value,
}

impl FakeGraph {
    /// A tenant in which nobody works yet.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { lifetime: 3_599, ..State::default() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                thread::spawn(move || converse(stream, &state));
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Somebody works there.
    pub fn employ(&self, person: &str) {
        self.state().people.insert(person.to_owned());
    }

    /// An administrator grants the access policy to somebody.
    pub fn permit(&self, person: &str) {
        self.state().permitted.insert(person.to_owned());
    }

    /// An administrator takes the policy away from everybody.
    pub fn forbid_all(&self) {
        self.state().permitted.clear();
    }

    /// What is done with the next questions to Graph, once each.
    pub fn next(&self, faults: &[Fault]) {
        self.state().faults.extend(faults);
    }

    /// Every sign-in is refused with a status from now on, or none.
    pub fn refuse_sign_in(&self, status: Option<u16>) {
        self.state().sign_in = status;
    }

    /// The tokens that were given out are not taken any more.
    pub fn revoke_tokens(&self) {
        let mut state = self.state();
        state.revoked = state.tokens;
    }

    /// Holds the next question.
    pub fn hold_next(&self) -> Gate {
        let ((arrived, wait), (go, open)) = (channel(), channel());
        self.state().gate = Some((arrived, open));
        Gate { arrived: wait, go }
    }

    /// Somebody ends every meeting in Teams itself.
    pub fn end_all(&self) {
        self.state().meetings.clear();
    }

    /// The meetings that are there.
    pub fn meetings(&self) -> Vec<Kept> {
        self.state().meetings.values().cloned().collect()
    }

    /// How many meetings were ever made.
    pub fn made(&self) -> usize {
        self.state().made
    }

    /// What was asked since the last time, each with the status of the answer.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }
}

fn converse(mut stream: TcpStream, state: &Mutex<State>) {
    let Some(question) = read(&stream) else { return };
    let is_token = question.path.ends_with("/oauth2/v2.0/token");
    let fault = if is_token { None } else { state.lock().unwrap().faults.pop_front() };
    let mut reply = match fault {
        Some(Fault::Status(status)) => refusal(status, ""),
        Some(Fault::ComeBack(status, when)) => refusal(status, &format!("Retry-After: {when}\r\n")),
        Some(Fault::Hang) => Reply { status: 0, headers: String::new(), body: Value::Null },
        _ if is_token => give_token(&mut state.lock().unwrap(), &question),
        _ => carry_out(&mut state.lock().unwrap(), &question),
    };
    let verb = question.path.rsplit('/').next().filter(|_| question.method == "POST").unwrap_or("meeting");
    let told = format!("{} {verb} {}", question.method, reply.status);
    state.lock().unwrap().asked.push(told);
    let gate = if is_token { None } else { state.lock().unwrap().gate.take() };
    if let Some((arrived, go)) = gate {
        arrived.send(()).unwrap();
        let _ = go.recv();
    }
    match fault {
        // Until the other side has had enough.
        Some(Fault::Hang) => drop(stream.read(&mut [0])),
        Some(Fault::Lost) => {}
        _ => {
            if matches!(fault, Some(Fault::NoLink)) {
                reply.body["joinWebUrl"] = Value::Null;
            }
            let body = if reply.body.is_null() { String::new() } else { reply.body.to_string() };
            let Reply { status, headers, .. } = reply;
            let head = format!("HTTP/1.1 {status} X\r\n{headers}request-id: 0a\r\nConnection: close\r\n");
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    }
}

fn read(stream: &TcpStream) -> Option<Question> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Question { method, path, headers, body: String::from_utf8(body).ok()? })
}

fn refusal(status: u16, headers: &str) -> Reply {
    let code = match status {
        401 => "InvalidAuthenticationToken",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        _ => "General",
    };
    let inner = json!({ "date": "2027-03-01T08:00:00", "request-id": "0a", "client-request-id": "0b" });
    let body = json!({ "error": { "code": code, "message": "", "innerError": inner } });
    Reply { status, headers: headers.to_owned(), body }
}

fn give_token(state: &mut State, question: &Question) -> Reply {
    let is_form =
        question.headers.get("content-type").map(String::as_str) == Some("application/x-www-form-urlencoded");
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(question.body.as_bytes()).into_owned().collect();
    let given = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let is_right = is_form
        && question.path == "/tenant.example/oauth2/v2.0/token"
        && given("grant_type") == Some("client_credentials")
        && given("client_id") == Some("veldwerk-app")
        && given("client_secret") == Some("ge/heim+&=")
        && given("scope") == Some("https://graph.microsoft.com/.default");
    if let Some(status) = state.sign_in.or((!is_right).then_some(401)) {
        let body = json!({ "error": "invalid_client", "error_description": "AADSTS7000215", "error_codes": [7_000_215] });
        return Reply { status, headers: String::new(), body };
    }
    state.tokens += 1;
    let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"roles":["OnlineMeetings.ReadWrite.All"]}"#);
    let token = format!("a{}.{claims}.z", state.tokens);
    let body = json!({ "token_type": "Bearer", "expires_in": state.lifetime, "access_token": token });
    Reply { status: 200, headers: String::new(), body }
}

fn carry_out(state: &mut State, question: &Question) -> Reply {
    let bearer = question.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer a"));
    let number: Option<usize> = bearer.and_then(|rest| rest.split('.').next()?.parse().ok());
    let is_taken = number.is_some_and(|number| number > state.revoked);
    if !is_taken || !question.headers.contains_key("client-request-id") {
        return refusal(401, "");
    }
    let path: Vec<String> =
        question.path.split('/').map(|part| percent_decode_str(part).decode_utf8().unwrap().into()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let ["", "v1.0", "users", person, "onlineMeetings", rest] = path[..] else { return refusal(400, "") };
    if !state.people.contains(person) {
        return refusal(404, "");
    }
    if !state.permitted.contains(person) {
        return refusal(403, "");
    }
    let body: Value = serde_json::from_str(&question.body).unwrap_or_default();
    match (question.method.as_str(), rest) {
        ("POST", "createOrGet") => create_or_get(state, person, &body),
        ("PATCH", id) => change(state, person, id, &body),
        ("DELETE", id) => match state.meetings.remove(id) {
            Some(_) => Reply { status: 204, headers: String::new(), body: Value::Null },
            None => refusal(404, ""),
        },
        _ => refusal(400, ""),
    }
}

fn create_or_get(state: &mut State, person: &str, body: &Value) -> Reply {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let kept = Kept {
        organizer: person.to_owned(),
        external_id: text("externalId"),
        subject: text("subject"),
        starts_at: text("startDateTime"),
        ends_at: text("endDateTime"),
    };
    if kept.external_id.is_empty() || kept.starts_at.is_empty() || kept.ends_at <= kept.starts_at {
        return refusal(400, "");
    }
    let same = |known: &Kept| known.organizer == kept.organizer && known.external_id == kept.external_id;
    let found = state.meetings.iter().find(|(_, known)| same(known)).map(|(id, _)| id.clone());
    let (status, id) = if let Some(id) = found {
        (200, id)
    } else {
        state.made += 1;
        let id = format!("MSo1N2Y*0*19:meeting_{}@thread.v2", state.made);
        state.meetings.insert(id.clone(), kept);
        (201, id)
    };
    let number = id.split(['_', '@']).nth(1).unwrap();
    let link = format!("https://teams.microsoft.example/l/meetup-join/{number}");
    let body = json!({ "id": id, "joinWebUrl": link, "autoAdmittedUsers": "everyone", "chatInfo": null });
    Reply { status, headers: String::new(), body }
}

fn change(state: &mut State, person: &str, id: &str, body: &Value) -> Reply {
    let times = (body["startDateTime"].as_str(), body["endDateTime"].as_str());
    let (Some(starts_at), Some(ends_at)) = times else { return refusal(400, "") };
    let Some(kept) = state.meetings.get_mut(id).filter(|kept| kept.organizer == person) else {
        return refusal(404, "");
    };
    (kept.starts_at, kept.ends_at) = (starts_at.to_owned(), ends_at.to_owned());
    Reply { status: 200, headers: String::new(), body: json!({ "id": id }) }
}
