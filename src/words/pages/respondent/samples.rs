//! A respondent's pages with invented data, in every state that looks different.

use chrono_tz::Tz;

use super::{
    ChooseMode, ChooseTime, Confirm, Consent, ConsentItem, Details, Ended, EndedBy, Ending, Kept, Meeting,
    Overview, PlaceChoice, Plan, Slot, SlotDay, Stage, Standby, Taken, Unsubscribe, Visit,
};
use crate::clock::Instant;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem, Problem};
use crate::words::letters::{StudyFace, Venue, When};
use crate::words::pages::Sample;
use crate::words::pages::shared::{Deed, FieldMessage, Notice};
use crate::words::{dates, problem_sentence, word};

/// Tuesday 2 March 2027, 10:00 in Amsterdam.
const START: Instant = Instant::from_unix(1_803_978_000);
const ZONE: Tz = Tz::Europe__Amsterdam;
pub(super) const BASE: &str = "/p/s7cQv0m3yV1b8Zr2kT5xN9wJ4hL6dFgPaUeXoCiRqEM";

pub(super) fn visit(language: Language, below: &str, deed: Option<Deed>) -> Visit {
    Visit {
        here: format!("{BASE}{below}"),
        base: BASE.to_owned(),
        study: StudyFace::sample(language),
        notice: deed.map(Notice::from),
    }
}

pub(super) fn meeting(language: Language, mode: Mode, join_link: Option<&str>) -> Meeting {
    let place = (mode == Mode::InPerson).then(|| word(language, "sample.town_hall"));
    Meeting {
        when: When::new(language, ZONE, START, START.plus_minutes(60)),
        venue: Venue { mode, place, join_link: join_link.map(ToOwned::to_owned) },
    }
}

/// The zone of all invented times.
pub(super) fn zone(language: Language) -> String {
    dates::zone_name(language, ZONE, START)
}

/// A moment in the evening.
pub(super) fn moment(language: Language) -> String {
    dates::moment(language, ZONE, START.plus_minutes(600))
}

impl Sample for Overview {
    fn samples(language: Language) -> Vec<Self> {
        let overview = |stage, deed, meeting| Self {
            visit: visit(language, "", deed),
            stage,
            meeting,
            about: word(language, "sample.about"),
            modes: Mode::ALL.to_vec(),
            delegate: None,
            key: "3f1c".to_owned(),
            kept: None,
            may_move: stage != Stage::Held,
            may_cancel: stage != Stage::Held,
            may_withdraw: !matches!(
                stage,
                Stage::NotOpen | Stage::Consent | Stage::Declined | Stage::Referred
            ),
            proposed: Vec::new(),
            versions: (stage == Stage::ConsentAgain).then(|| ("1".to_owned(), "2".to_owned())),
        };
        let teams = "https://teams.example.org/l/meetup-join/19%3ameeting_NzQ4YzE0";
        let mut samples: Vec<Self> = Stage::ALL.map(|stage| overview(stage, None, None)).into();
        samples.push(overview(
            Stage::Booked,
            Some(Deed::Booked),
            Some(meeting(language, Mode::Teams, Some(teams))),
        ));
        samples.push(overview(Stage::Booked, None, Some(meeting(language, Mode::Teams, None))));
        samples.push(overview(
            Stage::Booked,
            Some(Deed::Moved),
            Some(meeting(language, Mode::InPerson, None)),
        ));
        let standing = overview(Stage::Booked, None, Some(meeting(language, Mode::Teams, Some(teams))));
        samples.push(Self { proposed: vec![moment(language)], ..standing.clone() });
        samples.push(Self {
            proposed: vec![moment(language)],
            ..overview(Stage::Book, Some(Deed::Proposed), None)
        });
        let joke = Standby { name: "Joke Smit".to_owned(), email: "j.smit@example.org".to_owned() };
        samples.push(Self { delegate: Some(joke), ..standing.clone() });
        samples.push(Self { may_move: false, ..standing.clone() });
        samples.push(Self { may_cancel: false, ..standing.clone() });
        samples.push(Self { may_move: false, may_cancel: false, ..standing });
        samples.push(Self { kept: Some(kept(language)), ..overview(Stage::Book, None, None) });
        samples.push(overview(Stage::Book, Some(Deed::Cancelled), None));
        samples.push(overview(Stage::Book, Some(Deed::Consented), None));
        let mut unnamed = overview(Stage::Consent, None, None);
        unnamed.visit.study.organisation = None;
        unnamed.visit.study.ethics = None;
        unnamed.visit.study.purpose = None;
        unnamed.visit.study.source = None;
        unnamed.visit.study.legal_basis = None;
        unnamed.visit.study.retention = None;
        unnamed.about = String::new();
        unnamed.modes = vec![Mode::Teams];
        samples.push(unnamed);
        samples
    }
}

impl Sample for Consent {
    fn samples(language: Language) -> Vec<Self> {
        let item = |key: &str, required, answer| ConsentItem {
            key: key.to_owned(),
            text: word(language, &format!("sample.item_{key}")),
            required,
            answer,
        };
        let fresh = Self {
            visit: visit(language, "/consent", None),
            version: "2".to_owned(),
            before: None,
            intro: word(language, "sample.intro"),
            items: vec![
                item("take_part", true, None),
                item("record", false, None),
                item("quote", false, None),
            ],
            name: String::new(),
            errors: Vec::new(),
            problem: None,
            key: "3f1c".to_owned(),
        };
        let problems = [
            FieldProblem::new("items.take_part", FieldCode::ConsentRequired),
            FieldProblem::new("items.quote", FieldCode::Required),
            FieldProblem::new("name", FieldCode::TooLong).with("limit", 200),
        ];
        let refused = Self {
            items: vec![
                item("take_part", true, Some(false)),
                item("record", false, Some(true)),
                item("quote", false, None),
            ],
            name: "S. de Vries".to_owned(),
            ..fresh.clone()
        }
        .refused(language, &problems);
        let newer = Self {
            before: Some("1".to_owned()),
            problem: Some(problem_sentence(language, &Problem::VersionConflict)),
            ..fresh.clone()
        };
        vec![fresh, refused, newer]
    }
}

impl Sample for ChooseMode {
    fn samples(language: Language) -> Vec<Self> {
        let modes = Mode::ALL.to_vec();
        vec![
            Self {
                visit: visit(language, "/book", None),
                plan: Plan::Book,
                modes: modes.clone(),
                meeting: None,
            },
            Self {
                visit: visit(language, "/move", None),
                plan: Plan::Move,
                modes,
                meeting: Some(meeting(language, Mode::Teams, None)),
            },
        ]
    }
}

impl Sample for ChooseTime {
    fn samples(language: Language) -> Vec<Self> {
        let slot =
            |start: Instant, label: String| Slot { starts_at: start.to_string(), label, chosen: false };
        let day = |days: i64, quarters: &[i64]| {
            let at = |quarter: &i64| START.plus_days(days).plus_minutes(quarter * 15);
            let heading = dates::date_in_year(language, START.plus_days(days).utc().date_naive());
            let timed = |s: Instant| {
                (s.utc().with_timezone(&ZONE).time(), slot(s, dates::bare_time(language, ZONE, s)))
            };
            SlotDay::new(heading, quarters.iter().map(at).map(timed).collect())
        };
        let mut days = vec![
            day(0, &[-4, 0, 1, 2, 3, 4, 12, 13, 16]),
            day(1, &[0, 4]),
            day(3, &[12, 13, 14, 15, 16, 17]),
        ];
        SlotDay::choose(&mut days, None);
        let free = Self {
            visit: visit(language, "/book?mode=teams&from=2027-03-01", None),
            plan: Plan::Book,
            mode: Mode::Teams,
            other_mode: true,
            meeting: None,
            range: dates::days(language, ZONE, START.plus_days(-1), START.plus_days(5)),
            days,
            zone: dates::zone_name(language, ZONE, START),
            earlier: None,
            later: Some(format!("{BASE}/book?mode=teams&from=2027-03-08")),
            place: None,
            taken: None,
            errors: Vec::new(),
            problem: None,
            key: "3f1c".to_owned(),
        };
        let nowhere = [
            FieldProblem::new("starts_at", FieldCode::Required),
            FieldProblem::new("place", FieldCode::Required),
        ];
        let in_person = Self {
            visit: visit(language, "/move?mode=in_person", None),
            plan: Plan::Move,
            mode: Mode::InPerson,
            meeting: Some(meeting(language, Mode::Teams, None)),
            earlier: Some(format!("{BASE}/move?mode=in_person&from=2027-02-22")),
            place: Some(PlaceChoice {
                town_hall: Some(word(language, "sample.town_hall")),
                chosen: Some("other".to_owned()),
                other: String::new(),
                planned: String::new(),
            }),
            errors: FieldMessage::all(language, &nowhere),
            ..free.clone()
        };
        let near = [-4, 4, 96].map(|quarter| {
            let start = START.plus_minutes(quarter * 15);
            slot(start, dates::moment(language, ZONE, start))
        });
        let taken = Self {
            taken: Some(Taken {
                is_news: true,
                wanted: dates::moment(language, ZONE, START),
                alternatives: near.into(),
            }),
            ..free.clone()
        };
        let homeless = Self {
            plan: Plan::Move,
            mode: Mode::InPerson,
            place: Some(PlaceChoice {
                town_hall: None,
                chosen: None,
                other: String::new(),
                planned: String::new(),
            }),
            problem: Some(problem_sentence(language, &Problem::TooSoon)),
            ..free.clone()
        };
        let none = Self { days: Vec::new(), ..free.clone() };
        let never = Self { later: None, other_mode: false, ..none.clone() };
        vec![free, in_person, taken, homeless, none, never]
    }
}

/// The time of the samples, kept for another nine minutes.
fn kept(language: Language) -> Kept {
    Kept {
        moment: dates::moment(language, ZONE, START),
        until: dates::time(language, ZONE, START.plus_days(-5).plus_minutes(9)),
        href: format!("{BASE}/details?mode=teams&starts_at=2027-03-02T09%3A00%3A00Z"),
    }
}

impl Sample for Details {
    fn samples(language: Language) -> Vec<Self> {
        let online = Self {
            visit: visit(language, "/details?mode=teams&starts_at=2027-03-02T09%3A00%3A00Z", None),
            mode: Mode::Teams,
            starts_at: START.to_string(),
            when: When::new(language, ZONE, START, START.plus_minutes(60)),
            others: format!("{BASE}/book?mode=teams&from=2027-03-02"),
            kept: Some(kept(language)),
            place: None,
            delegate: Standby::default(),
            taken: None,
            errors: Vec::new(),
            problem: None,
            key: "3f1c".to_owned(),
        };
        let half = [FieldProblem::new("delegate_email", FieldCode::Required)];
        let by_another = Self {
            delegate: Standby { name: "Joke Smit".to_owned(), email: String::new() },
            errors: FieldMessage::all(language, &half),
            ..online.clone()
        };
        let in_person = Self {
            mode: Mode::InPerson,
            kept: None,
            place: Some(PlaceChoice {
                town_hall: Some(word(language, "sample.town_hall")),
                chosen: Some("town_hall".to_owned()),
                other: String::new(),
                planned: String::new(),
            }),
            ..online.clone()
        };
        let near = [-4, 4, 96].map(|quarter| {
            let start = START.plus_minutes(quarter * 15);
            let label = dates::moment(language, ZONE, start);
            Slot { starts_at: start.to_string(), label, chosen: false }
        });
        let wanted = dates::moment(language, ZONE, START);
        let taken = Taken { is_news: true, wanted: wanted.clone(), alternatives: near.into() };
        let taken = Self { kept: None, taken: Some(taken), ..online.clone() };
        let late = Self { problem: Some(problem_sentence(language, &Problem::TooSoon)), ..taken.clone() };
        let known = taken.taken.clone().map(|taken| Taken { is_news: false, ..taken });
        let known = Self { taken: known, ..taken.clone() };
        let nothing = Taken { is_news: true, wanted, alternatives: Vec::new() };
        let nothing = Self { taken: Some(nothing), ..taken.clone() };
        vec![online, by_another, in_person, taken, known, late, nothing]
    }
}

impl Sample for Confirm {
    fn samples(language: Language) -> Vec<Self> {
        let confirm = |ending: Ending| Self {
            visit: visit(language, &format!("/{}", ending.path()), None),
            ending,
            action: format!("{BASE}/{}", ending.path()),
            meeting: matches!(ending, Ending::Cancel | Ending::Withdraw)
                .then(|| meeting(language, Mode::Teams, None)),
            reason: String::new(),
            errors: Vec::new(),
            key: "3f1c".to_owned(),
        };
        let too_long = [FieldProblem::new("reason", FieldCode::TooLong).with("limit", 20_000)];
        let refused = Self { errors: FieldMessage::all(language, &too_long), ..confirm(Ending::Cancel) };
        Ending::ALL.into_iter().map(confirm).chain([refused]).collect()
    }
}

impl Sample for Ended {
    fn samples(language: Language) -> Vec<Self> {
        vec![
            Self { visit: visit(language, "", Some(Deed::Withdrawn)), by: EndedBy::Withdrawn },
            Self { visit: visit(language, "", None), by: EndedBy::Closed },
            Self { visit: visit(language, "/move", None), by: EndedBy::NoInterview },
        ]
    }
}

impl Sample for Unsubscribe {
    fn samples(language: Language) -> Vec<Self> {
        let page =
            |done| Self { here: BASE.replace("/p/", "/u/"), study: word(language, "sample.study"), done };
        vec![page(false), page(true)]
    }
}
