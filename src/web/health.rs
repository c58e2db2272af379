//! What a supervisor asks: whether the process lives, and whether it can serve.

use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Status};
use rocket::{State, get};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::answers::Answer;
use super::{App, mail_in};
use crate::problem::Problem;
use crate::queries::{meetings, outbox_state};

/// A mail server that fails for this long makes the service not ready (E23), in minutes.
const MAIL_PATIENCE_MINUTES: i64 = 15;

/// Mounts the questions.
#[must_use]
pub fn stage() -> AdHoc {
    AdHoc::on_ignite("Health", |rocket| async {
        rocket.mount("/health", rocket::routes![live, ready]).mount("/", rocket::routes![metrics])
    })
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(live, ready, metrics))]
pub struct Reference;

/// How the service is.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ready`, `storage_failing` while nothing can be kept, or `mail_failing`.
    status: &'static str,
    /// Letters that are not sent yet.
    letters_waiting: i64,
    /// How long the oldest of those that should have gone has waited.
    oldest_due_seconds: i64,
    /// How mail comes in: `off`, `pipe`, `folder`, or `failing` while the folder can't be read. Everything else works
    /// then, so it does not decide the status.
    mail_in: &'static str,
}

/// That the process lives.
#[derive(Serialize, ToSchema)]
struct Life {
    /// Always `live`.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(path = "/health/live", responses((status = 200, description = "It lives.", body = Life)))]
#[get("/live")]
fn live() -> Result<Answer, Problem> {
    Answer::ok(Life { status: "live" })
}

/// Whether it can serve.
///
/// A full or failing disk turns this red within seconds, a mail server that fails only after 15 minutes: everything
/// else still works.
#[utoipa::path(
    path = "/health/ready",
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (status = 503, description = "It can't.", body = Readiness),
    ),
)]
#[get("/ready")]
async fn ready(app: &State<App>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    let state = app.store.read(move |tx| outbox_state::of(tx, now)).await?;
    let failing = state.failing_since.is_some_and(|since| since.plus_minutes(MAIL_PATIENCE_MINUTES) <= now);
    let mail_in = mail_in::state(app).await?.way();
    let can_write = app.store.can_write();
    let status = match (can_write, failing) {
        (false, _) => "storage_failing",
        (true, true) => "mail_failing",
        (true, false) => "ready",
    };
    let readiness = Readiness {
        status,
        letters_waiting: state.waiting,
        oldest_due_seconds: state.oldest_due_seconds,
        mail_in,
    };
    Answer::with_status(if status == "ready" { 200 } else { 503 }, readiness)
}

/// Figures for a monitor, as Prometheus text.
#[utoipa::path(responses((status = 200, description = "The figures.", body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(app: &State<App>) -> Result<(Status, (ContentType, String)), Problem> {
    let now = app.clock.now();
    let (state, meetings) =
        app.store.read(move |tx| Ok((outbox_state::of(tx, now)?, meetings::figures(tx, now)?))).await?;
    let mail = mail_in::state(app).await?;
    let failing = mail.progress.failing_since.map_or(0, |since| (now.unix() - since.unix()).max(0));
    let text = format!(
        "# HELP veldwerk_letters_waiting Letters in the outbox that are not sent yet.\n\
         # TYPE veldwerk_letters_waiting gauge\n\
         veldwerk_letters_waiting {}\n\
         # HELP veldwerk_letters_failed Letters that failed for good.\n\
         # TYPE veldwerk_letters_failed gauge\n\
         veldwerk_letters_failed {}\n\
         # HELP veldwerk_oldest_due_seconds Age of the oldest letter that is due.\n\
         # TYPE veldwerk_oldest_due_seconds gauge\n\
         veldwerk_oldest_due_seconds {}\n\
         # HELP veldwerk_meetings_waiting Teams meetings that are to be made, moved or ended.\n\
         # TYPE veldwerk_meetings_waiting gauge\n\
         veldwerk_meetings_waiting {}\n\
         # HELP veldwerk_meetings_failed Teams meetings that failed until somebody looks at them.\n\
         # TYPE veldwerk_meetings_failed gauge\n\
         veldwerk_meetings_failed {}\n\
         # HELP veldwerk_meetings_oldest_due_seconds Age of the oldest Teams meeting that is due.\n\
         # TYPE veldwerk_meetings_oldest_due_seconds gauge\n\
         veldwerk_meetings_oldest_due_seconds {}\n\
         # HELP veldwerk_incoming_waiting Messages that came in and wait for a person.\n\
         # TYPE veldwerk_incoming_waiting gauge\n\
         veldwerk_incoming_waiting {}\n\
         # HELP veldwerk_mail_in_failing_seconds How long the folder of incoming mail could not be read.\n\
         # TYPE veldwerk_mail_in_failing_seconds gauge\n\
         veldwerk_mail_in_failing_seconds {}\n",
        state.waiting,
        state.failed,
        state.oldest_due_seconds,
        meetings.waiting,
        meetings.failed,
        meetings.oldest_due_seconds,
        mail.waiting,
        failing
    );
    let kind = ContentType::new("text", "plain").with_params([("version", "0.0.4"), ("charset", "utf-8")]);
    Ok((Status::Ok, (kind, text)))
}
