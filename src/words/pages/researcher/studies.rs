//! The studies of a researcher, and the overview of one.

use serde::Serialize;
use serde_json::json;

use super::{Desk, InterviewRow, Section, desk, desk_of_reader};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::domain::stratum::Edges;
use crate::domain::study::PrivacyNotice;
use crate::problem::{FieldCode, FieldProblem};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;
use crate::words::phrases::grouped;
use crate::words::{phrase, word};

/// A study in the list.
#[derive(Debug, Clone, Serialize)]
pub struct StudyCard {
    /// The page of the study.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Its organisation, if it names one.
    pub organisation: Option<String>,
    /// The reader's role: `owner`, `interviewer` or `reader`.
    pub role: String,
    /// Respondents in the list.
    pub recruited: u64,
    /// Those who were invited.
    pub invited: u64,
    /// Interviews that stand.
    pub booked: u64,
    /// Interviews that were held.
    pub held: u64,
    /// How many interviews are wanted, if that was set.
    pub target: Option<u64>,
}

/// What one sees after signing in.
#[derive(Debug, Clone, Serialize)]
pub struct Home {
    /// What surrounds it.
    pub desk: Desk,
    /// The studies of which the reader is a member.
    pub studies: Vec<StudyCard>,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// How full a stratum is, in per cent of the width of its bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StratumBar {
    /// Held.
    pub held: u64,
    /// Booked, behind held.
    pub booked: u64,
    /// Where the target stands, if there is one.
    pub target: Option<u64>,
}

/// A stratum in the overview.
#[derive(Debug, Clone, Serialize)]
pub struct StratumRow {
    /// Its name.
    pub label: String,
    /// Its edges in words: `more than 100,000 inhabitants`.
    pub edges: String,
    /// Municipalities in it.
    pub municipalities: u64,
    /// Respondents in it.
    pub recruited: u64,
    /// Those who were invited.
    pub invited: u64,
    /// Interviews that stand.
    pub booked: u64,
    /// Interviews that were held.
    pub held: u64,
    /// How many are wanted.
    pub target: Option<u64>,
    /// How many there may be.
    pub cap: Option<u64>,
    /// The bar, from [`StratumRow::bar`].
    pub bar: Option<StratumBar>,
}

impl StratumRow {
    /// The edges of a stratum in words.
    #[must_use]
    pub fn edges(language: Language, edges: Edges) -> String {
        let number = |edge: Option<u32>| grouped(language, u64::from(edge.unwrap_or_default()));
        let key = match (edges.min, edges.max) {
            (Some(_), Some(_)) => "edges.between",
            (Some(_), None) => "edges.from",
            (None, Some(_)) => "edges.until",
            (None, None) => "edges.all",
        };
        phrase(language, key, &json!({ "min": number(edges.min), "max": number(edges.max) }))
    }

    /// What belongs to no stratum.
    #[must_use]
    pub fn outside(language: Language) -> String {
        word(language, "edges.outside")
    }

    /// The bar for these counts: its whole width is the target, the cap or the count, whichever is most. `None` without
    /// target and cap, where it would be full from the first interview on.
    #[must_use]
    pub fn bar(booked: u64, held: u64, target: Option<u64>, cap: Option<u64>) -> Option<StratumBar> {
        let wanted = target.max(cap)?;
        let whole = wanted.max(booked + held).max(1);
        Some(StratumBar {
            held: 100 * held / whole,
            booked: 100 * booked / whole,
            target: target.map(|t| 100 * t / whole),
        })
    }
}

/// Something that waits for the researcher: `attention.<kind>` in the words.
#[derive(Debug, Clone, Serialize)]
pub struct Attention {
    /// `failed_letters`, `missing_links`, `open_interviews` (past, not yet held or no-show) or `overfull`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// Where to see them.
    pub href: String,
}

/// A step of setting a study up: `task.<kind>` in the words.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// `strata`, `respondents`, `consent`, `availability`, `guide` or `invite`.
    pub kind: String,
    /// Whether it is done.
    pub done: bool,
    /// Where to do it.
    pub href: String,
}

/// The overview of a study.
#[derive(Debug, Clone, Serialize)]
pub struct StudyOverview {
    /// What surrounds it.
    pub desk: Desk,
    /// Respondents in the list.
    pub recruited: u64,
    /// Those who were invited.
    pub invited: u64,
    /// Those who gave their consent.
    pub consented: u64,
    /// Interviews that stand.
    pub booked: u64,
    /// Interviews that were held.
    pub held: u64,
    /// The strata.
    pub strata: Vec<StratumRow>,
    /// What waits.
    pub attention: Vec<Attention>,
    /// What is still to be set up; empty once all is done.
    pub tasks: Vec<Task>,
    /// The next interviews, soonest first.
    pub upcoming: Vec<InterviewRow>,
}

/// A new study, or the settings of one. All values are as they were typed. Posts to `/studies` or `{base}/settings`.
#[derive(Debug, Clone, Serialize)]
pub struct StudyForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The public name.
    pub title: String,
    /// The organisation.
    pub organisation: String,
    /// The address for questions.
    pub contact_email: String,
    /// What is told about personal data; the fields are `privacy_notice.<text>.<language>`.
    pub privacy_notice: PrivacyNotice,
    /// An IANA name.
    pub time_zone: String,
    /// `nl` or `en`.
    pub language: String,
    /// The date of the numbers of inhabitants, `2026-01-01`.
    pub population_on: String,
    /// Minutes of an interview.
    pub interview_minutes: String,
    /// Minutes between possible starts.
    pub slot_step_minutes: String,
    /// Minutes of rest after an interview.
    pub buffer_minutes: String,
    /// Minutes before a start in which a respondent can no longer choose it.
    pub min_notice_minutes: String,
    /// Minutes before the start in which a respondent can no longer move an interview.
    pub move_notice_minutes: String,
    /// Minutes before the start in which a respondent can no longer cancel an interview.
    pub cancel_notice_minutes: String,
    /// Days ahead that can be booked.
    pub horizon_days: String,
    /// First day of fieldwork, or empty.
    pub window_from: String,
    /// Last day of fieldwork, or empty.
    pub window_until: String,
    /// The most interviews per day, or empty.
    pub max_per_day: String,
    /// The most interviews per week, or empty.
    pub max_per_week: String,
    /// Whether public holidays are kept.
    pub public_holidays: bool,
    /// The most reminders for one respondent.
    pub max_reminders: String,
    /// The modes that are ticked.
    pub modes: Vec<Mode>,
    /// The fixed Teams link, or empty.
    pub teams_link: String,
    /// The ethics approval.
    pub ethics: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl Sample for Home {
    fn samples(language: Language) -> Vec<Self> {
        let card = |title: String, role: &str, target| StudyCard {
            href: "/studies/1".to_owned(),
            title,
            organisation: Some(word(language, "sample.organisation")),
            role: role.to_owned(),
            recruited: 13,
            invited: 11,
            booked: 4,
            held: 3,
            target,
        };
        let none = Self { desk: desk(None, ""), studies: Vec::new(), first: None, next: None };
        let some = Self {
            studies: vec![
                card(word(language, "sample.study"), "owner", Some(13)),
                card("Panel 2027".to_owned(), "reader", None),
            ],
            next: Some("/?cursor=1".to_owned()),
            ..none.clone()
        };
        vec![some, none]
    }
}

impl Sample for StudyOverview {
    fn samples(language: Language) -> Vec<Self> {
        let row = |key: &str, (min, max), municipalities, counts: [u64; 4], target, cap| StratumRow {
            label: word(language, &format!("sample.stratum_{key}")),
            edges: StratumRow::edges(language, Edges { min, max }),
            municipalities,
            recruited: counts[0],
            invited: counts[1],
            booked: counts[2],
            held: counts[3],
            target,
            cap,
            bar: StratumRow::bar(counts[2], counts[3], target, cap),
        };
        let attention = |kind: &str, count| Attention { kind: kind.to_owned(), count, href: "/x".to_owned() };
        let task = |kind: &str, done| Task { kind: kind.to_owned(), done, href: "/x".to_owned() };
        let busy = Self {
            desk: desk(Some(Section::Overview), ""),
            recruited: 13,
            invited: 11,
            consented: 8,
            booked: 4,
            held: 3,
            strata: vec![
                row("large", (Some(100_001), None), 32, [11, 9, 4, 2], Some(11), Some(12)),
                row("medium", (Some(50_000), Some(100_000)), 48, [1, 1, 0, 1], Some(1), Some(1)),
                row("small", (None, Some(49_999)), 262, [1, 1, 0, 0], Some(1), None),
            ],
            attention: vec![
                attention("failed_letters", 1),
                attention("missing_links", 2),
                attention("open_interviews", 1),
                attention("overfull", 1),
            ],
            tasks: Vec::new(),
            upcoming: vec![InterviewRow::sample(language, "R07"), InterviewRow::sample(language, "R02")],
        };
        let kinds = ["strata", "respondents", "consent", "availability", "guide", "invite"];
        let fresh = Self {
            desk: desk(Some(Section::Overview), ""),
            recruited: 0,
            invited: 0,
            consented: 0,
            booked: 0,
            held: 0,
            strata: vec![row("large", (None, None), 342, [0; 4], None, None)],
            attention: Vec::new(),
            tasks: kinds.map(|kind| task(kind, kind == "strata")).into(),
            upcoming: Vec::new(),
        };
        let looked_at = Self { desk: desk_of_reader(Section::Overview, ""), ..busy.clone() };
        vec![busy, fresh, looked_at]
    }
}

impl Sample for StudyForm {
    fn samples(language: Language) -> Vec<Self> {
        let blank = Self {
            desk: desk(None, ""),
            action: "/studies".to_owned(),
            title: String::new(),
            organisation: String::new(),
            contact_email: "noor.verhoeven@example.org".to_owned(),
            privacy_notice: PrivacyNotice::default(),
            time_zone: "Europe/Amsterdam".to_owned(),
            language: "nl".to_owned(),
            population_on: "2026-01-01".to_owned(),
            interview_minutes: "60".to_owned(),
            slot_step_minutes: "15".to_owned(),
            buffer_minutes: "15".to_owned(),
            min_notice_minutes: "1440".to_owned(),
            move_notice_minutes: "0".to_owned(),
            cancel_notice_minutes: "0".to_owned(),
            horizon_days: "60".to_owned(),
            window_from: String::new(),
            window_until: String::new(),
            max_per_day: String::new(),
            max_per_week: String::new(),
            public_holidays: true,
            max_reminders: "2".to_owned(),
            modes: Mode::ALL.to_vec(),
            teams_link: String::new(),
            ethics: String::new(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("title", FieldCode::Required),
            FieldProblem::new("modes", FieldCode::Required),
        ];
        let settings = Self {
            desk: desk(Some(Section::Settings), "/settings"),
            modes: Vec::new(),
            errors: FieldMessage::all(language, &problems),
            ..blank.clone()
        };
        let mut closed = Self { errors: Vec::new(), ..settings.clone() };
        if let Some(study) = &mut closed.desk.study {
            study.closed_at = Some("2 mrt 2027, 10.00".to_owned());
        }
        vec![blank, settings, closed]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_wide_as_the_greatest_of_target_cap_and_count() {
        let bar = |booked, held, target, cap| {
            let bar = StratumRow::bar(booked, held, target, cap);
            bar.map(|bar| (bar.held, bar.booked, bar.target))
        };
        assert_eq!(bar(4, 2, Some(8), Some(10)), Some((20, 40, Some(80))));
        assert_eq!(bar(3, 3, Some(2), None), Some((50, 50, Some(33))));
        assert_eq!(bar(1, 0, None, None), None);
    }
}
