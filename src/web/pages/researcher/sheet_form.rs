//! The form of a sheet: what was typed, what whoever typed had before them, and what stands there by now.
//!
//! A form sends all of a sheet, also what nobody touched. So that it writes over nothing that somebody else wrote
//! meanwhile, it carries what it showed: the keys of its questions in their order, by whose numbers its fields are
//! named, and of each answer the revision and a digest. What was not touched is left alone; what was touched on both
//! sides comes back with both texts in the field.

use crate::actions::record_answer::{Answer, Change};
use crate::domain::guide::QuestionState;
use crate::domain::text::prose;
use crate::keys::sha256_hex;
use crate::problem::{FieldCode, FieldProblem};
use crate::queries::sheet::{SheetQuestion, SheetView};
use crate::web::pages::forms::Given;
use crate::words::pages::researcher::SheetAnswer;

/// The name of the field that carries what a form showed.
const SEEN: &str = "seen";

/// What a form of this sheet shows, for its field `seen`: `<key>` of every question, and behind it
/// `:<revision>:<digest>` where it was answered.
pub fn seen(view: &SheetView) -> String {
    let entry = |question: &SheetQuestion| match question.revision {
        0 => question.key.clone(),
        revision => format!("{}:{revision}:{}", question.key, digest(&kept(question))),
    };
    view.questions.iter().map(entry).collect::<Vec<_>>().join(" ")
}

/// A question as whoever typed had it before them.
struct Shown<'f> {
    key: &'f str,
    revision: i32,
    digest: Option<&'f str>,
}

impl<'f> Shown<'f> {
    fn read(entry: &'f str) -> Self {
        let mut parts = entry.split(':');
        let key = parts.next().unwrap_or_default();
        let revision = parts.next().and_then(|revision| revision.parse().ok()).unwrap_or_default();
        Self { key, revision, digest: parts.next() }
    }

    /// All that a form showed, in its order.
    fn all(given: &'f Given) -> Vec<Self> {
        given.all(SEEN).iter().flat_map(|told| told.split(' ')).map(Self::read).collect()
    }

    /// Whether a form with this answer says something else than was shown.
    fn differs_from(&self, answer: &SheetAnswer) -> bool {
        match self.digest {
            None => *answer != SheetAnswer::default(),
            Some(was) => was != digest(answer),
        }
    }
}

/// A short name of an answer. Browsers end lines with CR LF and the form reader with LF, so only the latter counts.
fn digest(answer: &SheetAnswer) -> String {
    let note = answer.note.replace("\r\n", "\n");
    sha256_hex(format!("{}\n{note}", answer.state).as_bytes()).chars().take(16).collect()
}

/// What is kept of a question, as a form holds it.
pub fn kept(question: &SheetQuestion) -> SheetAnswer {
    SheetAnswer {
        state: question.state.map_or("", QuestionState::as_str).to_owned(),
        note: question.note.clone().unwrap_or_default(),
    }
}

/// What a form says of a question.
struct Typed {
    answer: SheetAnswer,
    /// The revision that was shown.
    seen: i32,
    is_touched: bool,
}

impl Typed {
    /// `None` where the form has no such question.
    fn of(given: &Given, shown: &[Shown<'_>], key: &str) -> Option<Self> {
        let (number, shown) = shown.iter().enumerate().find(|(_, shown)| shown.key == key)?;
        let [state, note] = ["state", "note"].map(|name| format!("{name}.{number}"));
        let is_sent = given.has(&state) || given.has(&note);
        let answer = SheetAnswer { state: given.text(&state), note: given.text(&note) };
        let is_touched = is_sent && shown.differs_from(&answer);
        Some(Self { answer, seen: shown.revision, is_touched })
    }

    /// Whether somebody else wrote something different here since the form was shown.
    fn is_overtaken(&self, question: &SheetQuestion) -> bool {
        self.is_touched && self.seen != question.revision && self.answer != kept(question)
    }
}

/// What is to be written: all that was touched and differs from what is kept. A question with a note and without a
/// state was asked.
///
/// # Errors
/// What is wrong with the notes, field by field.
pub fn changes(view: &SheetView, given: &Given) -> Result<Vec<Change>, Vec<FieldProblem>> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    let shown = Shown::all(given);
    for (number, question) in view.questions.iter().enumerate() {
        let Some(typed) = Typed::of(given, &shown, &question.key).filter(|typed| typed.is_touched) else {
            continue;
        };
        match read(&typed.answer) {
            Ok(answer) => {
                let stands = question.state.map(|state| Answer { state, note: question.note.clone() });
                if answer != stands {
                    changes.push(Change { question: question.key.clone(), seen: Some(typed.seen), answer });
                }
            }
            Err(code) => problems.push(FieldProblem::new(format!("note.{number}"), code)),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

fn read(typed: &SheetAnswer) -> Result<Option<Answer>, FieldCode> {
    let note = Some(prose(&typed.note)?).filter(|note| !note.trim().is_empty());
    let state = match (typed.state.as_str(), &note) {
        ("", None) => return Ok(None),
        ("", Some(_)) => QuestionState::Asked,
        (state, _) => state.parse().map_err(|()| FieldCode::Value)?,
    };
    Ok(Some(Answer { state, note }))
}

/// What stands in the field of a question when the form is shown again, and whether it holds two texts.
pub fn again(question: &SheetQuestion, given: &Given) -> (SheetAnswer, bool) {
    let (typed, stands) = (Typed::of(given, &Shown::all(given), &question.key), kept(question));
    let Some(typed) = typed.filter(|typed| typed.is_touched) else { return (stands, false) };
    let is_overtaken = typed.is_overtaken(question);
    let SheetAnswer { state, note } = typed.answer;
    if !is_overtaken {
        return (SheetAnswer { state, note }, false);
    }
    // Where no state was chosen, that of the other stays.
    let state = if state.is_empty() { stands.state } else { state };
    let note = both(stands.note, note);
    (SheetAnswer { state, note }, true)
}

/// Two texts as one, without what one of them only repeats.
fn both(theirs: String, mine: String) -> String {
    if mine.contains(theirs.trim()) {
        mine
    } else if theirs.contains(mine.trim()) {
        theirs
    } else {
        format!("{theirs}\n\n{mine}")
    }
}
