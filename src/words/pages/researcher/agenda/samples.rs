//! Invented agendas: a week, a day, a board, and every page on which something is put into them.

use super::super::{Choice, Desk, Section, VerdictRow, WhyNotAnswer, desk, desk_of_reader};
use super::{
    Agenda, AgendaBook, AgendaTime, Arrangement, Band, BlockRelease, Board, BoardDay, BoardRow, Column, Grid,
    Hour, Item, ItemInterview, Refused, Scale,
};
use crate::clock::Instant;
use crate::domain::agenda::Extent;
use crate::domain::availability::Reason;
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::{Venue, When};
use crate::words::pages::Sample;
use crate::words::pages::respondent::Meeting;
use crate::words::pages::shared::FieldMessage;
use crate::words::{dates, phrase, word};

/// Tuesday 2 March 2027, 10:00 in Amsterdam.
const START: Instant = Instant::from_unix(1_803_978_000);
const SCALE: Scale = Scale { from: 8, until: 18 };

fn surroundings() -> Desk {
    desk(Some(Section::Agenda), "/agenda")
}

fn people() -> Vec<Choice> {
    let named = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    vec![named("1", "Noor Verhoeven"), named("2", "Bram Janssen")]
}

fn interview(status: &'static str, mode: Mode) -> Item {
    let booked = status == "booked";
    Item {
        kind: "interview",
        place: SCALE.classes((600, 660)),
        time: "10.00 – 11.00".to_owned(),
        taken: (mode == Mode::InPerson).then(|| "09.15 – 12.00".to_owned()),
        href: Some("/interviews/1".to_owned()),
        kept_until: None,
        interview: Some(ItemInterview {
            code: "R07".to_owned(),
            municipality: "’s-Hertogenbosch".to_owned(),
            mode,
            status,
            link_missing: booked && mode == Mode::Teams,
            move_to: booked.then(|| "/interviews/1/reschedule".to_owned()),
        }),
    }
}

fn other(kind: &'static str) -> Item {
    let href = (kind == "block").then(|| "/x".to_owned());
    let (place, time) = (SCALE.classes((780, 900)), "13.00 – 15.00".to_owned());
    let kept_until = (kind == "hold").then(|| "10.42".to_owned());
    Item { kind, place, time, taken: None, href, kept_until, interview: None }
}

fn column(language: Language, heading: &str, today: bool, items: Vec<Item>) -> Column {
    Column {
        heading: heading.to_owned(),
        href: Some("/x".to_owned()),
        date: "2027-03-02".to_owned(),
        who: "1".to_owned(),
        today,
        notes: if today { Vec::new() } else { vec![word(language, "agenda.clock_forward")] },
        open: today
            .then(|| phrase(language, "agenda.open", &serde_json::json!({ "hours": "09.00 – 17.00" }))),
        bands: vec![Band { kind: "open", y: 60, height: 480 }, Band { kind: "travel", y: 75, height: 165 }],
        now: today.then_some(130),
        more: u64::from(!today),
        add: today.then(|| "/x".to_owned()),
        items,
    }
}

fn grid(language: Language) -> Grid {
    let hour = |hour: i32| Hour {
        label: dates::hour(language, hour),
        place: SCALE.classes((hour * 60, hour * 60 + 60)),
    };
    let full = vec![
        interview("held", Mode::InPerson),
        interview("no_show", Mode::Teams),
        interview("booked", Mode::Teams),
        other("block"),
        other("hold"),
        other("busy"),
    ];
    Grid {
        scale: SCALE,
        hours: SCALE.hours().map(hour).collect(),
        tall: 1,
        step: 15,
        interview_minutes: 60,
        columns: vec![
            column(language, "di 2 mrt", true, full),
            column(language, "wo 3 mrt", false, Vec::new()),
        ],
    }
}

impl Sample for Agenda {
    fn samples(language: Language) -> Vec<Self> {
        let week = Self {
            desk: surroundings(),
            extent: Extent::Week,
            title: "1 – 7 mrt 2027".to_owned(),
            week: 9,
            zone: "Nederlandse tijd".to_owned(),
            date: "2027-03-02".to_owned(),
            who: "1".to_owned(),
            interviewers: people(),
            previous: "/x".to_owned(),
            next: "/x".to_owned(),
            today: None,
            grid: Some(grid(language)),
            board: None,
            left_out: 0,
            errors: Vec::new(),
        };
        let day = |heading: &str, today| BoardDay {
            heading: heading.to_owned(),
            href: "/x".to_owned(),
            today,
            notes: if today { Vec::new() } else { vec![word(language, "agenda.outside_fieldwork")] },
        };
        let row = BoardRow {
            name: "Noor Verhoeven".to_owned(),
            href: "/x".to_owned(),
            cells: grid(language).columns,
        };
        let problems = [FieldProblem::new("date", FieldCode::Value)];
        let board = Self {
            desk: desk_of_reader(Section::Agenda, "/agenda"),
            who: String::new(),
            today: Some("/x".to_owned()),
            grid: None,
            board: Some(Board { days: vec![day("di 2 mrt", true), day("wo 3 mrt", false)], rows: vec![row] }),
            left_out: 2,
            errors: FieldMessage::all(language, &problems),
            ..week.clone()
        };
        let nobody = Self {
            interviewers: Vec::new(),
            grid: Some(Grid { columns: Vec::new(), ..grid(language) }),
            extent: Extent::Day,
            ..week.clone()
        };
        vec![week, board, nobody]
    }
}

fn refusal(language: Language) -> Refused {
    Refused {
        at: dates::moment(language, chrono_tz::Europe::Amsterdam, START),
        obstacles: vec![WhyNotAnswer::obstacle(language, "stratum_full")],
        rows: vec![
            VerdictRow::new(language, "Noor Verhoeven".to_owned(), &[Reason::OutsideHours]),
            VerdictRow::new(language, "Bram Janssen".to_owned(), &[]),
        ],
    }
}

impl Sample for AgendaTime {
    fn samples(language: Language) -> Vec<Self> {
        let problems = [
            FieldProblem::new("interviewer", FieldCode::Value),
            FieldProblem::new("from", FieldCode::Overlap),
            FieldProblem::new("until", FieldCode::Order),
        ];
        let blank = Self {
            desk: surroundings(),
            back: "/x".to_owned(),
            act: "book".to_owned(),
            interviewers: people(),
            interviewer: "1".to_owned(),
            date: "2027-03-02".to_owned(),
            from: "10:00".to_owned(),
            until: String::new(),
            zone: "Nederlandse tijd".to_owned(),
            errors: Vec::new(),
        };
        let errors = FieldMessage::all(language, &problems);
        vec![Self { act: "open".to_owned(), errors, ..blank.clone() }, blank]
    }
}

impl Sample for AgendaBook {
    fn samples(language: Language) -> Vec<Self> {
        let blank = Self {
            desk: surroundings(),
            back: "/x".to_owned(),
            code: "R07".to_owned(),
            ready: vec![Choice { value: "R07".to_owned(), label: "R07 Sanne de Vries, Enschede".to_owned() }],
            more_ready: true,
            date: "2027-03-02".to_owned(),
            time: "10:00".to_owned(),
            zone: "Nederlandse tijd".to_owned(),
            modes: Mode::ALL.to_vec(),
            mode: Mode::Teams,
            place: String::new(),
            interviewers: people(),
            interviewer: "1".to_owned(),
            refused: None,
            errors: Vec::new(),
        };
        let problems = [FieldProblem::new("code", FieldCode::UnknownReference)];
        let wrong = Self { errors: FieldMessage::all(language, &problems), ..blank.clone() };
        let none = Self { ready: Vec::new(), more_ready: false, interviewers: Vec::new(), ..blank.clone() };
        let listed = Self { more_ready: false, ..blank.clone() };
        let other = Self { code: "R99".to_owned(), ..listed.clone() };
        vec![Self { refused: Some(refusal(language)), ..blank }, wrong, none, listed, other]
    }
}

impl Sample for Arrangement {
    fn samples(language: Language) -> Vec<Self> {
        let meeting = |from: Instant, mode| Meeting {
            when: When::new(language, chrono_tz::Europe::Amsterdam, from, from.plus_minutes(60)),
            venue: Venue { mode, place: None, join_link: None },
        };
        let field = |label: &str, value: &str| Choice { value: value.to_owned(), label: label.to_owned() };
        let told = serde_json::json!({ "code": "R07", "name": "Noor Verhoeven", "language": "Nederlands" });
        let letter = |key: &str| phrase(language, &format!("agenda.letter.{key}"), &told);
        let moved = Self {
            desk: surroundings(),
            code: "R07".to_owned(),
            name: Some("Sanne de Vries".to_owned()),
            municipality: "’s-Hertogenbosch".to_owned(),
            before: Some(meeting(START, Mode::Teams)),
            after: Some(meeting(START.plus_days(1), Mode::Teams)),
            interviewer: Some("Noor Verhoeven".to_owned()),
            letters: vec![letter("moved"), letter("interviewer_cancelled"), letter("interviewer_moved")],
            refused: None,
            back: "/interviews/1".to_owned(),
            free: Some("/x".to_owned()),
            action: "/x".to_owned(),
            fields: vec![field("mode", "teams")],
            date: "2027-03-03".to_owned(),
            time: "10:00".to_owned(),
            modes: Mode::ALL.to_vec(),
            mode: Mode::InPerson,
            place: String::new(),
            errors: Vec::new(),
        };
        let booked = Self {
            before: None,
            name: None,
            interviewer: None,
            free: None,
            letters: vec![letter("confirmation"), letter("interviewer_booked")],
            ..moved.clone()
        };
        let refused = Self { after: None, refused: Some(refusal(language)), ..moved.clone() };
        let problems = [FieldProblem::new("time", FieldCode::Skipped)];
        let wrong = Self { after: None, errors: FieldMessage::all(language, &problems), ..moved.clone() };
        vec![moved, booked, refused, wrong]
    }
}

impl Sample for BlockRelease {
    fn samples(language: Language) -> Vec<Self> {
        let moment = |at| dates::moment(language, chrono_tz::Europe::Amsterdam, at);
        let (desk, back) = (surroundings(), "/x".to_owned());
        let (from, until) = (moment(START), moment(START.plus_days(1)));
        vec![Self { desk, back, from, until, action: "/x".to_owned() }]
    }
}
