//! The outbox, and a study's own wording of its letters.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::difference::{Part, difference};
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Placeholder};
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::{Letter, proposal};
use crate::words::pages::Sample;
use crate::words::pages::shared::{FieldMessage, Seen};

/// A letter of the outbox.
#[derive(Debug, Clone, Serialize)]
pub struct LetterRow {
    /// The letter's page.
    pub href: String,
    /// Its kind.
    pub kind: LetterKind,
    /// The code of the respondent it is about; `None` once erased.
    pub code: Option<String>,
    /// The respondent's name, in a list for whoever may see it.
    pub name: Option<String>,
    /// `queued`, `sent`, `failed` or `cancelled`.
    pub state: String,
    /// When it was sent, or is due.
    pub at: String,
    /// How often sending was tried.
    pub attempts: u64,
    /// What the server said last or, of one that was dropped, why.
    pub last_error: Option<String>,
    /// When it came back after it was sent.
    pub bounced_at: Option<String>,
}

/// The outbox of a study. Filters with GET: `state`.
#[derive(Debug, Clone, Serialize)]
pub struct LetterList {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the list, latest first.
    pub rows: Vec<LetterRow>,
    /// The state that is filtered by, or empty.
    pub state: String,
    /// The first page, unless this is it.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// One letter of the outbox. One that can be sent again posts to `{href}/retry`.
#[derive(Debug, Clone, Serialize)]
pub struct LetterDetail {
    /// What surrounds it.
    pub desk: Desk,
    /// The letter.
    pub letter: LetterRow,
    /// When it was put into the outbox.
    pub created_at: String,
    /// Until when it can be sent again, where that is offered.
    pub retry_until: Option<String>,
    /// The page of the words for letters of this kind, where a study can word them itself.
    pub wording: Option<String>,
}

/// A kind of letter that a study can word itself.
#[derive(Debug, Clone, Serialize)]
pub struct WordingRow {
    /// The kind.
    pub kind: LetterKind,
    /// The languages in which the study has its own words.
    pub own: Vec<Language>,
    /// The page to change it.
    pub href: String,
}

/// Letters that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct WordingGroup {
    /// `taking_part` or `interview`.
    pub about: &'static str,
    /// The kinds.
    pub rows: Vec<WordingRow>,
}

/// Every letter that a study can word itself.
#[derive(Debug, Clone, Serialize)]
pub struct Wordings {
    /// What surrounds it.
    pub desk: Desk,
    /// The kinds: those about taking part, and those about an interview.
    pub groups: Vec<WordingGroup>,
}

impl Wordings {
    /// The letters that can be worded, each with what is known of it.
    #[must_use]
    pub fn of(desk: Desk, row: impl Fn(LetterKind) -> WordingRow) -> Self {
        let kinds = LetterKind::ALL.into_iter().filter(|kind| kind.is_editable());
        let (interview, taking_part): (Vec<_>, Vec<_>) = kinds.map(row).partition(|row| {
            matches!(
                row.kind,
                LetterKind::Confirmation
                    | LetterKind::AppointmentReminder
                    | LetterKind::Moved
                    | LetterKind::Cancelled
                    | LetterKind::LinkUpdate
                    | LetterKind::CompanyChanged
                    | LetterKind::ProposalDeclined
            )
        });
        let group = |about, rows| WordingGroup { about, rows };
        Self { desk, groups: vec![group("taking_part", taking_part), group("interview", interview)] }
    }
}

/// A placeholder, as it is offered.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// Its name, under which `placeholder.<name>` says what it means.
    pub name: String,
    /// As it is typed, with its braces.
    pub typed: String,
    /// What would stand in its place.
    pub example: String,
    /// Whether the subject knows it too.
    pub in_subject: bool,
}

impl Offer {
    /// The placeholders of a letter, each with what stands for it there.
    #[must_use]
    pub fn of(letter: &Letter, language: Language) -> Vec<Self> {
        let kind = letter.kind();
        let offer = |placeholder: &Placeholder| Self {
            name: placeholder.as_str().to_owned(),
            typed: placeholder.to_string(),
            example: letter.example(language, *placeholder),
            in_subject: kind.subject_placeholders().contains(placeholder),
        };
        kind.placeholders().iter().map(offer).collect()
    }
}

/// The words of a letter in one language.
#[derive(Debug, Clone, Serialize)]
pub struct WordingDraft {
    /// The language.
    pub language: Language,
    /// Whether the study has its own words already.
    pub own: bool,
    /// The subject.
    pub subject: String,
    /// The body.
    pub body: String,
    /// What the study's own words changed in ours, the subject as the first line; empty where they are ours.
    pub changes: Vec<Part>,
}

/// A study's own words for a letter, Dutch and English side by side. Posts `subject.<language>` and `body.<language>`
/// with `act` = `save` or `test` to its own path, and to `{action}/<language>/preview` for a frame with the draft.
#[derive(Debug, Clone, Serialize)]
pub struct WordingForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The kind.
    pub kind: LetterKind,
    /// The words in each language.
    pub drafts: Vec<WordingDraft>,
    /// What the words can name.
    pub offers: Vec<Offer>,
    /// Where a test letter goes: the researcher's own address.
    pub test_to: String,
    /// What the form was opened with.
    pub seen: Seen,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

/// Going back to our words for a letter. Posts to its own path.
#[derive(Debug, Clone, Serialize)]
pub struct WordingReset {
    /// What surrounds it.
    pub desk: Desk,
    /// The page of the words.
    pub back: String,
    /// The path it posts to.
    pub action: String,
    /// A path that answers with our letter.
    pub frame: String,
    /// The kind.
    pub kind: LetterKind,
    /// The language.
    pub language: Language,
    /// What becomes of the study's own words: from theirs to ours.
    pub changes: Vec<Part>,
}

impl LetterRow {
    pub(super) fn samples() -> Vec<Self> {
        let row = |kind, state: &str, attempts, last_error: Option<&str>| Self {
            href: "/letters/1".to_owned(),
            kind,
            code: Some("R07".to_owned()),
            name: (attempts != 1).then(|| "Sanne de Vries".to_owned()),
            state: state.to_owned(),
            at: "2 mrt 2027, 10.00".to_owned(),
            attempts,
            last_error: last_error.map(ToOwned::to_owned),
            bounced_at: (attempts == 3).then(|| "2 mrt 2027, 10.03".to_owned()),
        };
        vec![
            row(LetterKind::Confirmation, "queued", 2, Some("421 4.7.0 try again later")),
            row(LetterKind::ConsentReceipt, "sent", 1, None),
            row(
                LetterKind::Invitation,
                "failed",
                1,
                Some("550 5.1.1 <sanne@example.org>: Recipient address rejected: User unknown"),
            ),
            row(LetterKind::Confirmation, "failed", 3, Some("550 5.7.1 refused")),
            Self {
                code: None,
                name: None,
                ..row(LetterKind::Reminder, "cancelled", 0, Some("De persoon is gewist."))
            },
        ]
    }
}

impl Sample for LetterList {
    fn samples(_: Language) -> Vec<Self> {
        let full = Self {
            desk: desk(Some(Section::Letters), "/letters"),
            rows: LetterRow::samples(),
            state: String::new(),
            first: None,
            next: Some("/x".to_owned()),
        };
        let empty = Self { rows: Vec::new(), next: None, ..full.clone() };
        vec![full, empty]
    }
}

impl Sample for LetterDetail {
    fn samples(_: Language) -> Vec<Self> {
        let page = |letter: LetterRow| Self {
            desk: desk(Some(Section::Letters), "/letters/1"),
            created_at: "2 mrt 2027, 09.58".to_owned(),
            retry_until: (letter.attempts == 1 && letter.state == "failed")
                .then(|| "1 apr 2027, 09.58".to_owned()),
            wording: letter.code.as_ref().map(|_| "/studies/1/wordings/invitation/nl".to_owned()),
            letter,
        };
        LetterRow::samples().into_iter().map(page).collect()
    }
}

impl Sample for Wordings {
    fn samples(_: Language) -> Vec<Self> {
        let row = |kind: LetterKind| WordingRow {
            kind,
            own: if kind.is_recruitment() { Language::ALL.to_vec() } else { Vec::new() },
            href: format!("/studies/1/wordings/{kind}"),
        };
        vec![Self::of(desk(Some(Section::Letters), "/wordings"), row)]
    }
}

impl Sample for WordingForm {
    fn samples(language: Language) -> Vec<Self> {
        let kind = LetterKind::Invitation;
        let draft = |language: Language, own: bool| {
            let (subject, body) = proposal(language, kind).unwrap_or_default();
            let changes = if own { difference(&subject, &body) } else { Vec::new() };
            WordingDraft { language, own, subject, body, changes }
        };
        let ours = Self {
            desk: desk(Some(Section::Letters), "/wordings/invitation"),
            action: "/studies/1/wordings/invitation".to_owned(),
            kind,
            drafts: Language::ALL.map(|language| draft(language, false)).to_vec(),
            offers: Offer::of(&Letter::sample(kind, language), language),
            test_to: "noor.verhoeven@example.org".to_owned(),
            seen: Seen::default(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("subject.nl", FieldCode::Required),
            FieldProblem::new("body.en", FieldCode::UnknownPlaceholder)
                .with("allowed", vec!["{{name}}", "{{link}}"]),
        ];
        let refused = Self {
            drafts: Language::ALL.map(|language| draft(language, true)).to_vec(),
            errors: FieldMessage::all(language, &problems),
            ..ours.clone()
        };
        vec![ours, refused]
    }
}

impl Sample for WordingReset {
    fn samples(language: Language) -> Vec<Self> {
        let kind = LetterKind::Invitation;
        let (subject, body) = proposal(language, kind).unwrap_or_default();
        vec![Self {
            desk: desk(Some(Section::Letters), "/wordings/invitation/nl/reset"),
            back: "/studies/1/wordings/invitation".to_owned(),
            action: "/studies/1/wordings/invitation/nl/reset".to_owned(),
            frame: "/studies/1/wordings/invitation/nl/ours/html".to_owned(),
            kind,
            language,
            changes: difference(&subject, &body),
        }]
    }
}
