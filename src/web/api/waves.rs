//! Waves of letters: invitations and reminders, with a reason for everybody who is skipped (E17).

use rocket::{Route, State, post};
use serde_json::{Value, json};

use crate::actions::wave::{begin_wave, continue_wave, foresee};
use crate::domain::access::Right;
use crate::domain::respondent::SkipReason;
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{RespondentId, StudyId, UserId, WaveId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::wave;
use crate::store::waves::WaveOutcome;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fault};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![invite, remind]
}

#[post("/studies/<study>/invitations", data = "<body>")]
async fn invite(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    send(app, who.user, study.0, WaveKind::Invitations, &key, &body).await
}

#[post("/studies/<study>/reminders", data = "<body>")]
async fn remind(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    send(app, who.user, study.0, WaveKind::Reminders, &key, &body).await
}

/// What was asked for.
struct Asked {
    selection: Selection,
    /// Texts in place of ids that can be no ids: unknown like any other (E29).
    strangers: Vec<String>,
    dry_run: bool,
}

async fn send(
    app: &App,
    user: UserId,
    study: StudyId,
    kind: WaveKind,
    key: &RepeatKey,
    body: &Body,
) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let asked = app.told(asked(body), Place::Study(study), user, Right::Letters).await?;
    let Asked { selection, strangers, dry_run } = asked;
    let mut told = Told::default();
    if dry_run {
        let (before, mut after) = (WaveId::new(), None);
        loop {
            let chosen = selection.clone();
            let (outcomes, more) = app
                .store
                .read(move |tx| foresee(tx, now, user, (study, kind), &chosen, (after, before)))
                .await?;
            after = outcomes.last().map(|(id, _)| *id);
            told.add(outcomes);
            if !more {
                return Answer::ok(told.finish(strangers));
            }
        }
    }
    let chosen = selection.clone();
    let made = app
        .store
        .write_once(key.once(user, &body.raw, now), move |tx| begin_wave(tx, now, user, study, kind, &chosen))
        .await?;
    let wave = made.resource;
    loop {
        let chosen = selection.clone();
        if !app.store.write(move |tx| continue_wave(tx, now, user, wave, &chosen)).await? {
            break;
        }
    }
    let mut after = Some(0);
    while let Some(place) = after {
        let (outcomes, next) = app.store.read(move |tx| wave::outcomes(tx, wave, place)).await?;
        told.add(outcomes);
        after = next;
    }
    Answer::made(&made, told.finish(strangers))
}

/// What the caller is told.
#[derive(Default)]
struct Told {
    queued: Vec<Value>,
    skipped: Vec<Value>,
}

impl Told {
    fn add(&mut self, outcomes: Vec<WaveOutcome>) {
        for (respondent, skipped) in outcomes {
            match skipped {
                None => self.queued.push(json!(respondent)),
                Some(reason) => {
                    self.skipped.push(json!({ "respondent": respondent, "reason": reason }));
                }
            }
        }
    }

    fn finish(mut self, strangers: Vec<String>) -> Value {
        let unknown = |text| json!({ "respondent": text, "reason": SkipReason::Unknown });
        self.skipped.extend(strangers.into_iter().map(unknown));
        json!({ "queued": self.queued, "skipped": self.skipped })
    }
}

fn asked(body: &Body) -> Outcome<Asked> {
    let mut fields = body.fields();
    let respondents = fields.optional("respondents", ids);
    let stratum = fields.optional("stratum", input::line);
    let dry_run = fields.optional("dry_run", input::boolean).unwrap_or(false);
    fields.finish(|| {
        let (known, strangers) = respondents.map_or((None, Vec::new()), |(ids, rest)| (Some(ids), rest));
        Some(Asked { selection: Selection::new(known, stratum), strangers, dry_run })
    })
}

/// A list of ids, and what stands among them that can't be one.
fn ids(value: &Value) -> Result<(Vec<RespondentId>, Vec<String>), Fault> {
    let wrong_type = |expected: &str| FieldProblem::new("", FieldCode::Type).with("expected", expected);
    let items = value.as_array().ok_or_else(|| wrong_type("array"))?;
    let (mut ids, mut strangers) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        let text = item.as_str().ok_or_else(|| wrong_type("string"))?;
        match text.parse() {
            Ok(id) => ids.push(id),
            Err(_) => strangers.push(text.to_owned()),
        }
    }
    strangers.sort_unstable();
    strangers.dedup();
    Ok((ids, strangers))
}
