//! The overview of a study: what waits, what comes next, how far it has come, and what is still to be set up.

use std::collections::HashMap;

use chrono_tz::Tz;
use rocket::{Route, State, get};

use super::desk::{At, base};
use crate::actions::note_view::View;
use crate::domain::access::{Right, Role};
use crate::domain::availability::date_at;
use crate::domain::language::Language;
use crate::domain::recruitment::Funnel;
use crate::id::StudyId;
use crate::problem::Outcome;
use crate::queries::agenda::{self, AgendaItem, Part};
use crate::queries::municipalities;
use crate::queries::overview::{
    self, AttentionKind, Board, OutsideOverview, Standing, Steps, StratumOverview,
};
use crate::queries::studies::StudyItem;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::words::pages::researcher::{
    self as pages, Attention, Caption, FunnelView, MapClass, MapPlace, NextInterview, Section, StratumFill,
    StudyOverview, Task, TileMap,
};
use crate::words::{dates, word};

/// What the table of municipalities that comes with Veldwerk calls its source; any other is told as it stands there.
const SHIPPED: &str = "Statistics Netherlands (CBS), CC BY 4.0; edited";
/// How many interviews to come are shown.
const UPCOMING: usize = 8;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![show]
}

#[get("/studies/<study>")]
async fn show(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Overview).await?;
    let (board, upcoming, source) = app
        .store
        .read(move |tx| {
            let board = overview::board(tx, user, study, now)?;
            let upcoming = agenda::page(tx, user, study, (Part::Ahead, None), now, UPCOMING)?;
            Ok((board, upcoming.items, municipalities::places(tx)?.gazetteer.source().to_owned()))
        })
        .await?;
    if !upcoming.is_empty() {
        app.note_view(user, View::Interviews(study)).await?;
    }
    let (language, zone) = (at.language, item.study.rules.time_zone);
    let tasks = tasks(&item, board.steps);
    let strata = fills(language, &board.standing);
    let page = StudyOverview {
        tasks_done: tasks.iter().filter(|task| task.done).count(),
        tasks,
        attention: attention(language, &item, &board.standing),
        upcoming: upcoming.iter().map(|item| next(language, zone, item)).collect(),
        zone: dates::zone_name(language, zone, now),
        progress: StratumFill::together(word(language, "progress.all"), &strata),
        strata,
        funnel: funnel(language, &board.standing),
        map: map(language, board, source),
        desk,
    };
    Html::page(language, page)
}

/// The steps of setting up that the reader may take; none once all are done.
fn tasks(study: &StudyItem, steps: Steps) -> Vec<Task> {
    let tasks: Vec<Task> = [
        ("strata", Right::ChangeStudy, steps.strata, "strata"),
        ("privacy", Right::ChangeStudy, steps.privacy_notice, "settings#privacy_notice"),
        ("consent", Right::PublishConsent, steps.consent_form, "consent-forms"),
        ("availability", Right::PlanSelf, steps.availability, "availability"),
        ("respondents", Right::Contacts, steps.respondents, "respondents"),
        ("guide", Right::Guides, steps.guide, "guides"),
        ("invite", Right::Letters, steps.invited, "invitations"),
    ]
    .into_iter()
    .filter(|(_, right, ..)| study.role.may(*right))
    .map(|(kind, _, done, below)| Task {
        kind: kind.to_owned(),
        done,
        href: format!("{}/{below}", base(study.id)),
    })
    .collect();
    if tasks.iter().all(|task| task.done) { Vec::new() } else { tasks }
}

/// What waits for whoever reads, with the page where it is mended.
fn attention(language: Language, study: &StudyItem, standing: &Standing) -> Vec<Attention> {
    let labels: HashMap<&str, &str> =
        standing.strata.iter().map(|stratum| (stratum.key.as_str(), stratum.label.as_str())).collect();
    let shown = |item: &&overview::Attention| study.role.may(mended_by(item.kind));
    let told = |item: &overview::Attention| {
        let stratum = item.stratum.as_deref().and_then(|key| labels.get(key)).map(ToString::to_string);
        Attention {
            kind: item.kind.as_str().to_owned(),
            count: item.count.unsigned_abs(),
            of: item.of.unwrap_or_default().unsigned_abs(),
            about: stratum.or_else(|| item.on.map(|date| dates::date(language, date))),
            href: mended_at(study, item),
        }
    };
    standing.attention.iter().filter(shown).map(told).collect()
}

/// Whose task it is. Who only looks on is told of what the study comes to, not of what others have to do.
const fn mended_by(kind: AttentionKind) -> Right {
    match kind {
        AttentionKind::FailedLetters | AttentionKind::NamedColleagues | AttentionKind::Unanswered => {
            Right::Letters
        }
        AttentionKind::BouncingAddresses | AttentionKind::WaitingMail => Right::Contacts,
        AttentionKind::WaitingProposals
        | AttentionKind::FailedMeetings
        | AttentionKind::WaitingMeetings
        | AttentionKind::MissingLinks
        | AttentionKind::OpenInterviews
        | AttentionKind::FailingCalendars
        | AttentionKind::DeclinedInvites
        | AttentionKind::OutdatedConsents
        | AttentionKind::EmptySheets => Right::Interviews,
        AttentionKind::NearInterviews
        | AttentionKind::WindowEnds
        | AttentionKind::FewCandidates
        | AttentionKind::Behind
        | AttentionKind::Overfull => Right::View,
    }
}

fn mended_at(study: &StudyItem, item: &overview::Attention) -> String {
    let owner = study.role == Role::Owner;
    let below = match (item.kind, item.interview, &item.stratum) {
        (AttentionKind::EmptySheets, Some(interview), _) => return format!("/interviews/{interview}/sheet"),
        (AttentionKind::FailingCalendars, ..) => return "/account/calendars".to_owned(),
        (_, Some(interview), _) => return format!("/interviews/{interview}"),
        (AttentionKind::WaitingProposals, ..) => "/proposals".to_owned(),
        (AttentionKind::WaitingMail, ..) => "/incoming-mail".to_owned(),
        (AttentionKind::FailedLetters | AttentionKind::BouncingAddresses, ..) => {
            "/letters?state=failed".to_owned()
        }
        (AttentionKind::OutdatedConsents, ..) => "/respondents?status=consented".to_owned(),
        (AttentionKind::NamedColleagues, ..) => "/invitations".to_owned(),
        (AttentionKind::Unanswered, ..) => "/invitations?kind=reminder".to_owned(),
        (AttentionKind::WindowEnds, ..) if owner => "/settings/times#window_until".to_owned(),
        (AttentionKind::Overfull, ..) if owner => "/strata".to_owned(),
        (AttentionKind::Behind, ..) if study.role.may(Right::Letters) => "/invitations".to_owned(),
        (AttentionKind::FewCandidates | AttentionKind::Behind, _, Some(key)) => {
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("stratum", key).finish();
            format!("/respondents?{query}")
        }
        (AttentionKind::WindowEnds | AttentionKind::Overfull, ..) => "#strata".to_owned(),
        _ => "/interviews".to_owned(),
    };
    format!("{}{below}", base(study.id))
}

fn next(language: Language, zone: Tz, item: &AgendaItem) -> NextInterview {
    NextInterview {
        href: format!("/interviews/{}", item.id),
        day: dates::date_short(language, date_at(zone, item.starts_at)),
        time: dates::time(language, zone, item.starts_at),
        code: item.code.clone(),
        name: item.name.clone(),
        municipality: item.municipality.clone(),
        mode: item.mode,
        link_missing: item.link_missing,
    }
}

fn number<N: TryInto<u64>>(count: N) -> u64 {
    count.try_into().unwrap_or_default()
}

/// The strata, and what lies outside them if anybody does.
fn fills(language: Language, standing: &Standing) -> Vec<StratumFill> {
    let within = |stratum: &StratumOverview| {
        let (held, booked) = (number(stratum.held), number(stratum.booked));
        let (target, cap) = (stratum.target.map(number), stratum.cap.map(number));
        StratumFill {
            edges: pages::edges(language, stratum.edges),
            municipalities: number(stratum.municipalities),
            ..StratumFill::new(stratum.label.clone(), (held, booked), (target, cap))
        }
    };
    let outside = outside_if_any(standing).map(|outside| {
        let taken = (number(outside.held), number(outside.booked));
        StratumFill {
            municipalities: number(outside.municipalities),
            ..StratumFill::new(pages::outside_strata(language), taken, (None, None))
        }
    });
    standing.strata.iter().map(within).chain(outside).collect()
}

fn outside_if_any(standing: &Standing) -> Option<OutsideOverview> {
    let outside = standing.outside;
    (outside.funnel.listed + outside.booked + outside.held > 0).then_some(outside)
}

fn funnel(language: Language, standing: &Standing) -> Option<FunnelView> {
    let within = standing.strata.iter().map(|stratum| (stratum.label.clone(), stratum.funnel));
    let outside = outside_if_any(standing).map(|outside| (pages::outside_strata(language), outside.funnel));
    let rows: Vec<(String, Funnel)> = within.chain(outside).collect();
    let stopped = ["no_show", "declined", "referred", "opted_out", "withdrawn"];
    let stopped = stopped.map(|status| {
        (status.to_owned(), standing.statuses.get(status).copied().map(number).unwrap_or_default())
    });
    FunnelView::new(standing.funnel, rows, stopped.into())
}

fn map(language: Language, board: Board, source: String) -> TileMap {
    let classes: Vec<MapClass> = board
        .standing
        .strata
        .into_iter()
        .map(|stratum| MapClass { label: stratum.label, from: stratum.edges.min.unwrap_or_default() })
        .collect();
    let place = |place: overview::Place| MapPlace {
        name: place.name,
        inhabitants: place.inhabitants,
        class: place.stratum,
        tile: place.tile,
        reach: place.reach,
        respondents: number(place.respondents),
    };
    let caption = Caption {
        elsewhere: number(board.map.elsewhere),
        on: board.map.counted_on.map(|on| dates::date_alone(language, on)).unwrap_or_default(),
        source: if source == SHIPPED { word(language, "map.shipped") } else { source },
    };
    TileMap::new(language, &classes, board.map.places.into_iter().map(place).collect(), caption)
}
