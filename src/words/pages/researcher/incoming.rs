//! Mail that came in and waits for a person.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::incoming::Doubt;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// A message in the list.
#[derive(Debug, Clone, Serialize)]
pub struct IncomingRow {
    /// Its page.
    pub href: String,
    /// When it came in.
    pub at: String,
    /// What it is: `reply`, `counter`, `bounce`, `auto_reply`, `unsubscribe` or `other`.
    pub kind: String,
    /// Why it changed nothing.
    pub doubt: Option<String>,
    /// Who says they wrote it.
    pub sender: String,
    /// Its subject.
    pub subject: String,
    /// The code of who it may be from or about.
    pub code: Option<String>,
}

/// How mail comes in.
#[derive(Debug, Clone, Serialize)]
pub struct MailIn {
    /// `off`, `pipe`, `folder` or `failing`.
    pub way: String,
    /// When the folder was last read to its end.
    pub read_at: Option<String>,
    /// Since when it can't be read.
    pub failing_since: Option<String>,
    /// Why: `unreachable`, `certificate`, `sign_in`, `folder` or `protocol`.
    pub failure: Option<String>,
}

/// The messages of a study that wait.
#[derive(Debug, Clone, Serialize)]
pub struct IncomingList {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list, latest first.
    pub rows: Vec<IncomingRow>,
    /// How mail comes in.
    pub state: MailIn,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// One message. Posts `code` and `attendance` to `{base}/answer`, `code` to `{base}/opt-out`, nothing to
/// `{base}/discard`.
#[derive(Debug, Clone, Serialize)]
pub struct IncomingDetail {
    /// What surrounds it.
    pub desk: Desk,
    /// `/incoming-mail/{id}`.
    pub base: String,
    /// What the list tells of it.
    pub message: IncomingRow,
    /// The page of the interview that it may be about.
    pub interview: Option<String>,
    /// The beginning of its text.
    pub text: String,
    /// The time that a calendar proposes in it.
    pub proposes: Option<String>,
    /// What was written beside the answer of a calendar.
    pub comment: Option<String>,
    /// Whether it waits in another study too.
    pub elsewhere: bool,
    /// When it is deleted.
    pub kept_until: String,
    /// The answers that it may be.
    pub attendances: Vec<String>,
    /// The code as it was typed.
    pub code: String,
    /// The answer as it was chosen.
    pub attendance: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl IncomingRow {
    fn sample(kind: &str, doubt: Doubt) -> Self {
        Self {
            href: "/incoming-mail/1".to_owned(),
            at: "2 mrt 2027, 10.00".to_owned(),
            kind: kind.to_owned(),
            doubt: Some(doubt.as_str().to_owned()),
            sender: "Sanne de Vries <sanne@example.org>".to_owned(),
            subject: "Geaccepteerd: interview".to_owned(),
            code: (doubt != Doubt::UnknownPerson).then(|| "R07".to_owned()),
        }
    }
}

impl Sample for IncomingList {
    fn samples(_: Language) -> Vec<Self> {
        let state = |way: &str, failure: Option<&str>| MailIn {
            way: way.to_owned(),
            read_at: (way != "off").then(|| "2 mrt 2027, 10.05".to_owned()),
            failing_since: failure.map(|_| "2 mrt 2027, 10.10".to_owned()),
            failure: failure.map(ToOwned::to_owned),
        };
        let full = Self {
            desk: desk(Some(Section::Letters), "/incoming-mail"),
            rows: Doubt::ALL.map(|doubt| IncomingRow::sample("reply", doubt)).into(),
            state: state("folder", None),
            first: None,
            next: Some("/x".to_owned()),
        };
        let kinds = ["counter", "bounce", "auto_reply", "unsubscribe", "message"];
        let failures = ["unreachable", "certificate", "sign_in", "folder", "protocol", "withheld"];
        let failing = kinds.iter().zip(failures).map(|(kind, failure)| Self {
            rows: vec![IncomingRow::sample(kind, Doubt::Written)],
            state: state("failing", Some(failure)),
            ..full.clone()
        });
        let failing: Vec<Self> = failing.collect();
        let empty = |way| Self { rows: Vec::new(), next: None, state: state(way, None), ..full.clone() };
        [vec![empty("off"), empty("pipe"), full.clone()], failing].concat()
    }
}

impl Sample for IncomingDetail {
    fn samples(language: Language) -> Vec<Self> {
        let plain = Self {
            desk: desk(Some(Section::Letters), "/incoming-mail/1"),
            base: "/incoming-mail/1".to_owned(),
            message: IncomingRow::sample("reply", Doubt::OtherSender),
            interview: Some("/interviews/1".to_owned()),
            text: "Geachte mevrouw Verhoeven,\n\nIk kom graag.\n\nSanne de Vries".to_owned(),
            proposes: None,
            comment: None,
            elsewhere: false,
            kept_until: "1 mei 2027, 10.00".to_owned(),
            attendances: ["accepted", "declined", "tentative", "delegated"].map(ToOwned::to_owned).into(),
            code: "R07".to_owned(),
            attendance: "accepted".to_owned(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("code", FieldCode::UnknownReference),
            FieldProblem::new("attendance", FieldCode::Required),
        ];
        let empty = Self {
            message: IncomingRow::sample("message", Doubt::UnknownPerson),
            interview: None,
            text: String::new(),
            code: String::new(),
            attendance: String::new(),
            errors: FieldMessage::all(language, &problems),
            ..plain.clone()
        };
        let counter = Self {
            message: IncomingRow::sample("counter", Doubt::Proposal),
            proposes: Some("dinsdag 2 maart, 14.00 – 15.00 uur".to_owned()),
            comment: Some("Kan het een uur later?".to_owned()),
            elsewhere: true,
            text: String::new(),
            ..plain.clone()
        };
        vec![plain, counter, empty]
    }
}
