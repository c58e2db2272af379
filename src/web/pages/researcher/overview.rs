//! The overview of a study: how far it has come, what waits, and what is still to be set up.

use rocket::{Route, State, get};

use super::desk::At;
use super::interviews::row;
use crate::actions::note_view::View;
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::queries::agenda::{self, Part};
use crate::queries::overview::{self, NextStep, Overview};
use crate::queries::strata::{self, Outside, StrataView, StratumItem};
use crate::store::strata::Progress;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::words::pages::researcher::{Attention, Desk, May, Section, StratumRow, StudyOverview, Task};

/// How many interviews to come are shown.
const UPCOMING: usize = 10;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show]
}

#[get("/studies/<study>")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Overview).await?;
    let (overview, view, upcoming) = app
        .store
        .read(move |tx| {
            let overview = overview::of(tx, user, study, now)?;
            let upcoming = agenda::page(tx, user, study, (Part::Ahead, None), now, UPCOMING)?;
            Ok((overview, strata::all(tx, user, study)?, upcoming.items))
        })
        .await?;
    if !upcoming.is_empty() {
        app.note_view(user, View::Interviews(study)).await?;
    }
    let whole = total(&view);
    let agreed = ["consented", "booked", "held", "no_show"];
    let consented = agreed.iter().filter_map(|status| overview.statuses.get(status)).sum();
    let zone = item.study.rules.time_zone;
    let page = StudyOverview {
        recruited: number(whole.recruited),
        invited: number(whole.invited),
        consented: number(consented),
        booked: number(whole.booked),
        held: number(whole.held),
        attention: attention(&desk, &overview, &view),
        tasks: tasks(&desk, &overview, &view, whole),
        upcoming: upcoming.iter().map(|item| row(at.language, zone, item)).collect(),
        strata: stratum_rows(&at, view),
        desk,
    };
    Html::page(at.language, page)
}

const fn number(count: i64) -> u64 {
    count.unsigned_abs()
}

fn total(view: &StrataView) -> Progress {
    let parts = view.items.iter().map(|item| item.progress).chain([view.outside.progress]);
    parts.fold(Progress::default(), |sum, part| Progress {
        recruited: sum.recruited + part.recruited,
        invited: sum.invited + part.invited,
        booked: sum.booked + part.booked,
        held: sum.held + part.held,
    })
}

/// The strata, and what lies outside them if anybody does.
fn stratum_rows(at: &At, view: StrataView) -> Vec<StratumRow> {
    let StrataView { items, outside, .. } = view;
    let outside = (outside.progress != Progress::default()).then(|| beyond(at, outside));
    let row = |item: StratumItem| {
        let (target, cap) = (item.plan.target.map(u64::from), item.plan.cap.map(u64::from));
        let edges = StratumRow::edges(at.language, item.plan.edges);
        stratum_row(item.plan.label, edges, item.municipalities, item.progress, (target, cap))
    };
    items.into_iter().map(row).chain(outside).collect()
}

fn beyond(at: &At, outside: Outside) -> StratumRow {
    let label = StratumRow::outside(at.language);
    stratum_row(label, String::new(), outside.municipalities, outside.progress, (None, None))
}

fn stratum_row(
    label: String,
    edges: String,
    municipalities: usize,
    progress: Progress,
    (target, cap): (Option<u64>, Option<u64>),
) -> StratumRow {
    let (booked, held) = (number(progress.booked), number(progress.held));
    StratumRow {
        label,
        edges,
        municipalities: u64::try_from(municipalities).unwrap_or(u64::MAX),
        recruited: number(progress.recruited),
        invited: number(progress.invited),
        booked,
        held,
        target,
        cap,
        bar: StratumRow::bar(booked, held, target, cap),
    }
}

/// What waits for whoever reads, with the page where it can be seen.
fn attention(desk: &Desk, overview: &Overview, view: &StrataView) -> Vec<Attention> {
    let Some(study) = &desk.study else { return Vec::new() };
    let overfull = view.items.iter().filter(|item| item.overrun > 0).count();
    let failed = if study.may.letters { number(overview.letters.failed) } else { 0 };
    [
        ("failed_letters", failed, "/letters?state=failed"),
        ("missing_links", number(overview.interviews_without_link), "/interviews"),
        ("open_interviews", number(overview.interviews_to_close), "/interviews"),
        ("overfull", u64::try_from(overfull).unwrap_or(u64::MAX), "#strata"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(kind, count, below)| Attention {
        kind: kind.to_owned(),
        count,
        href: format!("{}{below}", study.base),
    })
    .collect()
}

/// The steps of setting up that the reader may take; none once all are done.
fn tasks(desk: &Desk, overview: &Overview, view: &StrataView, whole: Progress) -> Vec<Task> {
    let Some(study) = &desk.study else { return Vec::new() };
    let May { change_study, publish_consent, contacts, letters, plan, guides, .. } = study.may;
    let chosen = view.items.iter().any(|item| item.plan.target.is_some() || item.plan.cap.is_some());
    let is_done = |step: NextStep| !overview.next_steps.contains(&step);
    let steps = [
        ("strata", change_study, chosen, "/strata"),
        ("respondents", contacts, whole.recruited > 0, "/respondents"),
        ("consent", publish_consent, is_done(NextStep::PublishConsentForm), "/consent-forms"),
        ("availability", plan, is_done(NextStep::SetAvailability), "/availability"),
        ("guide", guides, is_done(NextStep::PublishGuide), "/guides"),
        ("invite", letters, whole.invited > 0, "/invitations"),
    ];
    let steps = steps.into_iter().filter(|(_, may, ..)| *may);
    let tasks: Vec<Task> = steps
        .map(|(kind, _, done, below)| Task {
            kind: kind.to_owned(),
            done,
            href: format!("{}{below}", study.base),
        })
        .collect();
    if tasks.iter().all(|task| task.done) { Vec::new() } else { tasks }
}
