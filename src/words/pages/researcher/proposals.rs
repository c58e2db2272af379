//! Moments that respondents propose: all that wait, and one of them.

use serde::Serialize;

use super::{Desk, Section, VerdictRow, WhyNotAnswer, desk, desk_of_reader};
use crate::domain::availability::{Reason, ReservationKind};
use crate::domain::interview::Mode;
use crate::domain::language::Language;
use crate::problem::Problem;
use crate::words::pages::Sample;
use crate::words::{problem_sentence, word};

/// What a respondent proposes. Posts `starts_at` and `interviewer` to `{base}/accept`, or nothing to `{base}/decline`.
#[derive(Debug, Clone, Serialize)]
pub struct ProposalCard {
    /// `/proposals/{id}`.
    pub base: String,
    /// The respondent's page.
    pub respondent: String,
    /// The respondent's code.
    pub code: String,
    /// What became of it, as in the API.
    pub state: String,
    /// When it was made.
    pub made_at: String,
    /// Whether a calendar brought it.
    pub by_mail: bool,
    /// How the interview would be held.
    pub mode: Mode,
    /// Where, in person, if not at the town hall.
    pub place: Option<String>,
    /// What came with it.
    pub remark: Option<String>,
    /// The interview that would move: its page.
    pub moves: Option<String>,
    /// What is in the way at any time, in sentences.
    pub obstacles: Vec<String>,
    /// The moments, the best first.
    pub moments: Vec<ProposedMoment>,
}

/// One of the moments.
#[derive(Debug, Clone, Serialize)]
pub struct ProposedMoment {
    /// The start as it is posted: RFC 3339 in UTC.
    pub starts_at: String,
    /// In words.
    pub label: String,
    /// Who can hold the interview then, the usual one first: id and name.
    pub free: Vec<Holder>,
    /// What each interviewer would go against, or has in the way.
    pub rows: Vec<VerdictRow>,
}

/// Somebody who can hold an interview.
#[derive(Debug, Clone, Serialize)]
pub struct Holder {
    /// The id that is posted.
    pub id: String,
    /// The name.
    pub name: String,
}

/// All that waits in a study.
#[derive(Debug, Clone, Serialize)]
pub struct ProposalList {
    /// What surrounds it.
    pub desk: Desk,
    /// What waits, the oldest first.
    pub cards: Vec<ProposalCard>,
    /// The zone of all times.
    pub zone: String,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// One proposal by itself, also to tell why it could not be accepted.
#[derive(Debug, Clone, Serialize)]
pub struct ProposalPage {
    /// What surrounds it.
    pub desk: Desk,
    /// The proposal.
    pub card: ProposalCard,
    /// The zone of all times.
    pub zone: String,
    /// Why what was asked could not be.
    pub problem: Option<String>,
}

/// A card that waits, also for the sample of another page.
pub(super) fn card(language: Language) -> ProposalCard {
    let holder = |id: &str, name: &str| Holder { id: id.to_owned(), name: name.to_owned() };
    let noor = |reasons: &[Reason]| VerdictRow::new(language, "Noor Verhoeven".to_owned(), reasons);
    let moment = |label: &str, free: Vec<Holder>, rows: Vec<VerdictRow>| ProposedMoment {
        starts_at: "2027-03-02T18:00:00Z".to_owned(),
        label: label.to_owned(),
        free,
        rows,
    };
    let both = vec![holder("1", "Noor Verhoeven"), holder("2", "Ömer Yıldız")];
    ProposalCard {
        base: "/proposals/1".to_owned(),
        respondent: "/respondents/1".to_owned(),
        code: "R07".to_owned(),
        state: "open".to_owned(),
        made_at: "16 feb 2027, 10.02".to_owned(),
        by_mail: false,
        mode: Mode::InPerson,
        place: Some("Markt 1, Delft".to_owned()),
        remark: Some(word(language, "sample.reason")),
        moves: None,
        obstacles: Vec::new(),
        moments: vec![
            moment("2 mrt 2027, 19.00", both, vec![noor(&[Reason::OutsideHours])]),
            moment("4 mrt 2027, 19.00", vec![holder("1", "Noor Verhoeven")], Vec::new()),
            moment(
                "5 mrt 2027, 10.00",
                Vec::new(),
                vec![noor(&[Reason::Taken { by: ReservationKind::Interview }])],
            ),
        ],
    }
}

impl Sample for ProposalList {
    fn samples(language: Language) -> Vec<Self> {
        let moves = ProposalCard {
            moves: Some("/interviews/1".to_owned()),
            mode: Mode::Teams,
            place: None,
            remark: None,
            by_mail: true,
            ..card(language)
        };
        let full = Self {
            desk: desk(Some(Section::Interviews), "/proposals"),
            cards: vec![card(language), moves],
            zone: "Nederlandse tijd".to_owned(),
            first: Some("/x".to_owned()),
            next: Some("/x".to_owned()),
        };
        let hindered = ProposalCard {
            obstacles: vec![WhyNotAnswer::obstacle(language, "mode_not_offered")],
            ..card(language)
        };
        let hindered = Self { cards: vec![hindered], ..full.clone() };
        let empty = Self { cards: Vec::new(), first: None, next: None, ..full.clone() };
        let of_reader = Self { desk: desk_of_reader(Section::Interviews, "/proposals"), ..full.clone() };
        vec![full, hindered, empty, of_reader]
    }
}

impl Sample for ProposalPage {
    fn samples(language: Language) -> Vec<Self> {
        let page = |state: &str, problem: Option<Problem>| Self {
            desk: desk(Some(Section::Interviews), "/proposals/1"),
            card: ProposalCard { state: state.to_owned(), ..card(language) },
            zone: "Nederlandse tijd".to_owned(),
            problem: problem.map(|problem| problem_sentence(language, &problem)),
        };
        vec![
            page("open", None),
            page("open", Some(Problem::SlotTaken { wanted: None })),
            page("accepted", None),
            page("declined", None),
            page("replaced", None),
            page("ended", None),
        ]
    }
}
