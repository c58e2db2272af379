//! Whether Teams meetings can be made.

use tokio::task::spawn_blocking;

use super::Finding;
use crate::clock::{Clock, Instant};
use crate::command::open_beside;
use crate::domain::meeting::MeetingProblem;
use crate::id::random_name;
use crate::outbound::graph::{Grant, Graph, Trouble, Wish};
use crate::problem::{Outcome, Problem};
use crate::settings::Settings;
use crate::store::members::{self, Organizer};
use crate::worker::access;

/// How long the meeting would take that is made and deleted at once, in minutes, a day from now.
const TRIAL_MINUTES: i64 = 5;

pub(super) async fn look(settings: &Settings) -> Outcome<Vec<Finding>> {
    let missing = settings.teams.missing();
    let Some(access) = access(settings).filter(|_| missing.is_empty()) else {
        let told = missing.iter().map(|name| Finding::missing(format!("{name} is not set")));
        return Ok(told.collect());
    };
    let organizers = open_beside().await?.read(members::organizers).await?;
    let (graph, now) = (Graph::new(access), Clock::system().now());
    spawn_blocking(move || ask(&graph, &organizers, now)).await.map_err(Problem::internal)
}

fn ask(graph: &Graph, organizers: &[Organizer], now: Instant) -> Vec<Finding> {
    let mut findings = vec![Finding::right("tenant, application and secret are set")];
    let grant = match graph.sign_in(now) {
        Ok(grant) => grant,
        Err(trouble) => {
            findings.push(Finding::missing(format!("Microsoft gives no token: {}", refusal(&trouble))));
            return findings;
        }
    };
    findings.push(Finding::right("Microsoft lets the application in"));
    findings.extend(match grant {
        Grant::Permitted => {
            Some(Finding::right("the application has the permission OnlineMeetings.ReadWrite.All"))
        }
        Grant::NotPermitted => Some(Finding::missing(
            "the application lacks the permission OnlineMeetings.ReadWrite.All (kind: application), or an \
             administrator has not consented to it",
        )),
        Grant::Unreadable => None,
    });
    if organizers.is_empty() {
        findings.push(Finding::missing(
            "no study has its meetings made by Microsoft yet: choose that in its settings, under Place",
        ));
    }
    findings.extend(organizers.iter().map(|organizer| try_for(graph, organizer, now)));
    findings
}

/// Makes a meeting in the name of somebody, and deletes it.
fn try_for(graph: &Graph, organizer: &Organizer, now: Instant) -> Finding {
    let email = &organizer.email;
    let Some(id) = &organizer.microsoft_id else {
        return Finding::missing(format!(
            "{email} has not filled in a Microsoft object id, on the page Team"
        ));
    };
    let starts_at = now.plus_days(1);
    let wish = Wish {
        external_id: format!("veldwerk-check-{}", random_name()),
        subject: "Veldwerk".to_owned(),
        starts_at,
        ends_at: starts_at.plus_minutes(TRIAL_MINUTES),
    };
    let made = match graph.create_or_get(id, &wish, now) {
        Ok(made) => made,
        Err(trouble) => {
            return Finding::missing(format!("no meeting can be made for {email}: {}", refusal(&trouble)));
        }
    };
    match graph.delete(id, &made.id, now) {
        Ok(()) => Finding::right(format!("meetings can be made and deleted for {email}")),
        Err(trouble) => Finding::missing(format!(
            "a meeting was made for {email} and could not be deleted again: {}",
            refusal(&trouble)
        )),
    }
}

/// What a refusal means and who can mend it.
fn refusal(trouble: &Trouble) -> String {
    let means = match trouble.problem {
        MeetingProblem::SignIn => {
            "tenant, application id or secret are not right, or the secret has expired (Microsoft Entra, App \
             registrations)"
        }
        MeetingProblem::PolicyMissing => {
            "the application may not act for this person: grant it an application access policy \
             (Grant-CsApplicationAccessPolicy), and wait up to 30 minutes"
        }
        MeetingProblem::UserUnknown => "nobody in the tenant has this object id",
        MeetingProblem::Throttled => "too much was asked; try again later",
        MeetingProblem::Unavailable => "Microsoft has trouble of its own; try again later",
        MeetingProblem::NoAnswer => "there is no answer; does a firewall or proxy keep this machine from it?",
        _ => "it is refused; the server's log has the id of the request for Microsoft's support",
    };
    let status = trouble.status.map_or_else(String::new, |status| format!(", status {status}"));
    let code = trouble.code.as_ref().map_or_else(String::new, |code| format!(", {code}"));
    format!("{means}{status}{code}")
}
