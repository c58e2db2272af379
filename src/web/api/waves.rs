//! Waves of letters: invitations and reminders, with a reason for everybody who is skipped (E17).

use rocket::{Route, State, post};
use serde::Serialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use crate::domain::access::Right;
use crate::domain::respondent::SkipReason;
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::{FieldCode, FieldProblem, Outcome, Problem};
use crate::queries::access::Place;
use crate::store::waves::WaveOutcome;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fault};
use crate::web::waves::{self, Wanted};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![invite, remind]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(invite, remind))]
pub struct Reference;

/// Invites respondents by mail.
///
/// Whoever is skipped is named with the reason.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<WaveAsked>,
    responses((status = 200, description = "Who is written to, and who is not.", body = WaveReport)),
    extensions(("x-problems" = json!(["study_closed"]))),
)]
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

/// Reminds those who were invited and have not answered.
///
/// Whoever is skipped is named with the reason.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<WaveAsked>,
    responses((status = 200, description = "Who is written to, and who is not.", body = WaveReport)),
    extensions(("x-problems" = json!(["study_closed"]))),
)]
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
    let asked = app.told(asked(body), Place::Study(study), user, Right::Letters).await?;
    let Asked { selection, strangers, dry_run } = asked;
    let wanted = Wanted { user, study, kind, selection };
    if dry_run {
        return Answer::ok(told(wanted.foresee(app).await?, strangers));
    }
    let made = wanted.send(app, key.once(user, &body.raw, app.clock.now())).await?;
    Answer::made(&made, told(waves::outcomes(app, made.resource).await?, strangers))
}

/// What became of everybody whom a wave was meant for.
#[derive(Serialize, ToSchema)]
struct WaveReport {
    /// The respondents who are written to, or would be.
    queued: Vec<RespondentId>,
    /// Those who are not.
    skipped: Vec<Skipped>,
}

/// Somebody who is not written to.
#[derive(Serialize, ToSchema)]
struct Skipped {
    /// The respondent's id, as it was given.
    respondent: String,
    /// Why.
    reason: SkipReason,
}

/// What the caller is told.
fn told(outcomes: Vec<WaveOutcome>, strangers: Vec<String>) -> WaveReport {
    let (mut queued, mut skipped) = (Vec::new(), Vec::new());
    for (respondent, reason) in outcomes {
        match reason {
            None => queued.push(respondent),
            Some(reason) => skipped.push(Skipped { respondent: respondent.to_string(), reason }),
        }
    }
    let unknown = |respondent| Skipped { respondent, reason: SkipReason::Unknown };
    skipped.extend(strangers.into_iter().map(unknown));
    WaveReport { queued, skipped }
}

/// Whom a wave is meant for.
#[derive(ToSchema)]
#[schema(examples(json!({ "respondents": null, "stratum": "large", "dry_run": true })))]
#[expect(dead_code, reason = "it only describes the body")]
struct WaveAsked {
    /// The ids of respondents; null for everybody.
    respondents: Option<Vec<String>>,
    /// Only those of the stratum with this key.
    stratum: Option<String>,
    /// Whether to say only what would become of it; no when left out.
    dry_run: Option<bool>,
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
