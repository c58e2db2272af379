//! An invented study that runs, one that is new, and one looked at by somebody who only reads.

use super::{
    Attention, Caption, FunnelView, MapClass, MapPlace, NextInterview, StratumFill, StudyOverview, Task,
    TileMap, edges,
};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::municipality::Tile;
use crate::domain::recruitment::{Funnel, Reach};
use crate::domain::stratum::Edges;
use crate::words::pages::Sample;
use crate::words::pages::researcher::{Section, desk, desk_of_reader};
use crate::words::word;

const KINDS: [&str; 14] = [
    "waiting_proposals",
    "failed_letters",
    "failed_meetings",
    "missing_links",
    "open_interviews",
    "near_interviews",
    "empty_sheets",
    "waiting_meetings",
    "window_ends",
    "few_candidates",
    "behind",
    "unanswered",
    "failing_calendars",
    "overfull",
];

fn label(language: Language, key: &str) -> String {
    word(language, &format!("sample.stratum_{key}"))
}

fn attention(language: Language, kind: &str, count: u64) -> Attention {
    let about = match kind {
        "window_ends" => Some(word(language, "sample.day")),
        "few_candidates" | "behind" => Some(label(language, "large")),
        _ => None,
    };
    Attention { kind: kind.to_owned(), count, of: 8, about, href: "/x".to_owned() }
}

fn strata(language: Language, counts: [(u64, u64); 3], targets: [Option<u64>; 3]) -> Vec<StratumFill> {
    let classes = [
        ("large", Some(100_001), None, 32),
        ("medium", Some(50_000), Some(100_000), 65),
        ("small", None, Some(49_999), 245),
    ];
    let rows = classes.into_iter().zip(counts).zip(targets);
    rows.map(|(((key, min, max, municipalities), taken), target)| StratumFill {
        edges: edges(language, Edges { min, max }),
        municipalities,
        ..StratumFill::new(label(language, key), taken, (target, target.map(|target| target + 1)))
    })
    .collect()
}

fn map(language: Language, reaches: &[Reach]) -> TileMap {
    let class = |key: &str, from| MapClass { label: label(language, key), from };
    let classes = [class("large", 100_001), class("medium", 50_000), class("small", 0)];
    let place = |(number, reach): (u16, &Reach)| MapPlace {
        name: format!("Gemeente {number}"),
        inhabitants: (number > 0).then_some(30_000 * u32::from(number)),
        class: usize::from(number).checked_sub(1).map(|class| class % 3),
        tile: (number < 12).then_some(Tile { column: number % 4, row: number / 4 }),
        reach: *reach,
        respondents: u64::from(*reach != Reach::Untouched),
    };
    let places = (0..).zip(reaches).map(place).collect();
    let caption = Caption {
        elsewhere: u64::from(reaches.len() > 12),
        on: "1 jan 2026".to_owned(),
        source: "CBS, CC BY 4.0".to_owned(),
    };
    TileMap::new(language, &classes, places, caption)
}

fn next(language: Language, code: &str, mode: Mode) -> NextInterview {
    NextInterview {
        href: "/interviews/1".to_owned(),
        day: word(language, "sample.day"),
        time: "10:00".to_owned(),
        code: code.to_owned(),
        name: Some("Sanne de Vries".to_owned()),
        municipality: "Enschede".to_owned(),
        mode,
        link_missing: mode == Mode::Teams,
    }
}

impl Sample for StudyOverview {
    fn samples(language: Language) -> Vec<Self> {
        let funnel = Funnel { listed: 13, invited: 11, opened: 9, consented: 8, booked: 7, held: 4 };
        let rows = vec![(label(language, "large"), funnel), (label(language, "small"), Funnel::default())];
        let stopped = vec![("declined".to_owned(), 1), ("no_show".to_owned(), 1)];
        let reaches: Vec<Reach> = Reach::ALL.into_iter().cycle().take(14).collect();
        let progress = |strata: &[StratumFill]| StratumFill::together(word(language, "progress.all"), strata);
        let filled = strata(language, [(2, 4), (1, 0), (0, 0)], [Some(11), Some(1), None]);
        let unset = strata(language, [(0, 0); 3], [None; 3]);
        let busy = Self {
            desk: desk(Some(Section::Overview), ""),
            tasks: Vec::new(),
            tasks_done: 0,
            attention: (1..).zip(KINDS).map(|(count, kind)| attention(language, kind, count)).collect(),
            upcoming: vec![next(language, "R07", Mode::Teams), next(language, "R02", Mode::InPerson)],
            zone: word(language, "zone.Europe/Amsterdam"),
            progress: progress(&filled),
            strata: filled,
            funnel: FunnelView::new(funnel, rows, stopped),
            map: map(language, &reaches),
        };
        let kinds = ["strata", "privacy", "consent", "availability", "respondents", "guide", "invite"];
        let task = |kind: &str| Task { kind: kind.to_owned(), done: kind == "strata", href: "/x".to_owned() };
        let fresh = Self {
            tasks: kinds.map(task).into(),
            tasks_done: 1,
            attention: Vec::new(),
            upcoming: Vec::new(),
            progress: progress(&unset),
            strata: unset,
            funnel: None,
            map: map(language, &[]),
            ..busy.clone()
        };
        let looked_at =
            Self { desk: desk_of_reader(Section::Overview, ""), attention: Vec::new(), ..busy.clone() };
        vec![busy, fresh, looked_at]
    }
}
