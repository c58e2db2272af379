//! The form of a sheet: what was typed, what whoever typed had before them, and what stands there by now.
//!
//! A form sends all of a sheet, also what nobody touched. So that it writes over nothing that somebody else wrote
//! meanwhile, it carries what it showed: of each question with an answer the revision of that, and a digest of it. What was
//! not touched is left alone; what was touched on both sides comes back with both texts in the field.

use std::collections::BTreeMap;

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

/// What a form of this sheet shows, for its field `seen`: `<key>:<revision>:<digest>` of every question that was answered.
pub fn seen(view: &SheetView) -> String {
    let answered = view.questions.iter().filter(|question| question.revision > 0);
    let entry = |question: &SheetQuestion| {
        format!("{}:{}:{}", question.key, question.revision, digest(&kept(question)))
    };
    answered.map(entry).collect::<Vec<_>>().join(" ")
}

/// What whoever typed had before them, by the keys of the questions; `None` for a form that does not tell.
struct Seen<'f>(Option<BTreeMap<&'f str, (i32, &'f str)>>);

impl<'f> Seen<'f> {
    fn of(given: &'f Given) -> Self {
        let entry = |entry: &'f str| {
            let (key, rest) = entry.split_once(':')?;
            let (revision, digest) = rest.split_once(':')?;
            Some((key, (revision.parse().ok()?, digest)))
        };
        let told = given.all(SEEN).last();
        Self(told.map(|told| told.split(' ').filter_map(entry).collect()))
    }

    /// The revision of an answer, and whether a form with that answer says something else than was shown.
    fn compare(&self, key: &str, answer: &SheetAnswer) -> (Option<i32>, bool) {
        match self.0.as_ref().map(|told| told.get(key)) {
            None => (None, true),
            Some(None) => (Some(0), *answer != SheetAnswer::default()),
            Some(Some((revision, was))) => (Some(*revision), *was != digest(answer)),
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
    /// The revision that was shown; `None` for a form that does not tell.
    seen: Option<i32>,
    is_touched: bool,
}

impl Typed {
    fn of(given: &Given, shown: &Seen<'_>, key: &str) -> Self {
        let [state, note] = ["state", "note"].map(|name| format!("{name}.{key}"));
        let is_sent = given.has(&state) || given.has(&note);
        let answer = SheetAnswer { state: given.text(&state), note: given.text(&note) };
        let (seen, is_other) = shown.compare(key, &answer);
        Self { answer, seen, is_touched: is_sent && is_other }
    }

    /// Whether somebody else wrote something different here since the form was shown.
    fn is_overtaken(&self, question: &SheetQuestion) -> bool {
        self.is_touched
            && self.seen.is_some_and(|seen| seen != question.revision)
            && self.answer != kept(question)
    }
}

/// What is to be written: all that was touched and differs from what is kept. A question with a note and without a
/// state was asked.
///
/// # Errors
/// What is wrong with the notes, field by field.
pub fn changes(view: &SheetView, given: &Given) -> Result<Vec<Change>, Vec<FieldProblem>> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    let shown = Seen::of(given);
    for question in &view.questions {
        let typed = Typed::of(given, &shown, &question.key);
        if !typed.is_touched {
            continue;
        }
        match read(&typed.answer) {
            Ok(answer) => {
                let stands = question.state.map(|state| Answer { state, note: question.note.clone() });
                if answer != stands {
                    changes.push(Change { question: question.key.clone(), seen: typed.seen, answer });
                }
            }
            Err(code) => problems.push(FieldProblem::new(format!("note.{}", question.key), code)),
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
    let (typed, stands) = (Typed::of(given, &Seen::of(given), &question.key), kept(question));
    if !typed.is_touched {
        return (stands, false);
    }
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
