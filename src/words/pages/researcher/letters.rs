//! The outbox, and a study's own wording of its letters.

use serde::Serialize;

use super::{Desk, Section, desk};
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Wording};
use crate::problem::{FieldCode, FieldProblem};
use crate::words::letters::{Letter, Rendered, proposal};
use crate::words::pages::Sample;
use crate::words::pages::shared::FieldMessage;

/// A letter of the outbox.
#[derive(Debug, Clone, Serialize)]
pub struct LetterRow {
    /// The letter's page.
    pub href: String,
    /// Its kind.
    pub kind: LetterKind,
    /// The code of the respondent it is about; `None` once erased.
    pub code: Option<String>,
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

/// How a letter looks.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// A path that answers with the HTML part, under a policy that allows inline styles and nothing else.
    pub html_href: Option<String>,
}

impl Preview {
    /// A preview of a rendered letter.
    #[must_use]
    pub fn of(rendered: Rendered, html_href: Option<String>) -> Self {
        Self { subject: rendered.subject, text: rendered.text, html_href }
    }
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

/// A kind of letter in a language.
#[derive(Debug, Clone, Serialize)]
pub struct WordingRow {
    /// The kind.
    pub kind: LetterKind,
    /// The language.
    pub language: Language,
    /// Whether the study has its own words.
    pub own: bool,
    /// The page to change it.
    pub href: String,
}

/// Every letter that a study can word itself.
#[derive(Debug, Clone, Serialize)]
pub struct Wordings {
    /// What surrounds it.
    pub desk: Desk,
    /// The kinds, each with its languages.
    pub rows: Vec<WordingRow>,
}

/// A study's own words for a letter. Posts `subject` and `body` with `act` = `save`, `preview`, `test` or `reset` to
/// its own path.
#[derive(Debug, Clone, Serialize)]
pub struct WordingForm {
    /// What surrounds it.
    pub desk: Desk,
    /// The path it posts to.
    pub action: String,
    /// The kind.
    pub kind: LetterKind,
    /// The language of the letter.
    pub language: Language,
    /// Whether the study has its own words already.
    pub own: bool,
    /// The subject.
    pub subject: String,
    /// The body.
    pub body: String,
    /// The placeholders of the subject, with their braces.
    pub subject_placeholders: Vec<String>,
    /// The placeholders of the body, with their braces.
    pub placeholders: Vec<String>,
    /// How it would look, with invented facts.
    pub preview: Option<Preview>,
    /// Where a test letter goes: the researcher's own address.
    pub test_to: String,
    /// What was wrong with what was sent.
    pub errors: Vec<FieldMessage>,
}

impl WordingForm {
    /// The placeholders that subject and body know, as they are typed.
    #[must_use]
    pub fn known(kind: LetterKind) -> (Vec<String>, Vec<String>) {
        let typed =
            |known: &[crate::domain::letter::Placeholder]| known.iter().map(ToString::to_string).collect();
        (typed(kind.subject_placeholders()), typed(kind.placeholders()))
    }
}

impl LetterRow {
    pub(super) fn samples() -> Vec<Self> {
        let row = |kind, state: &str, attempts, last_error: Option<&str>| Self {
            href: "/letters/1".to_owned(),
            kind,
            code: Some("R07".to_owned()),
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
            Self { code: None, ..row(LetterKind::Reminder, "cancelled", 0, Some("De persoon is gewist.")) },
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
        let rows = LetterKind::ALL.into_iter().filter(|kind| kind.is_editable()).flat_map(|kind| {
            Language::ALL.map(|language| WordingRow {
                kind,
                language,
                own: kind.is_recruitment(),
                href: format!("/studies/1/wordings/{kind}/{language}"),
            })
        });
        vec![Self { desk: desk(Some(Section::Letters), "/wordings"), rows: rows.collect() }]
    }
}

impl Sample for WordingForm {
    fn samples(language: Language) -> Vec<Self> {
        let kind = LetterKind::Invitation;
        let (subject, body) = proposal(language, kind).unwrap_or_default();
        let (subject_placeholders, placeholders) = Self::known(kind);
        let preview = Wording::parse(kind, &subject, &body)
            .ok()
            .and_then(|wording| Letter::sample(kind, language).render(language, Some(&wording)).ok())
            .map(|rendered| Preview::of(rendered, None));
        let ours = Self {
            desk: desk(Some(Section::Letters), "/wordings/invitation/nl"),
            action: "/studies/1/wordings/invitation/nl".to_owned(),
            kind,
            language,
            own: false,
            subject,
            body,
            subject_placeholders,
            placeholders,
            preview,
            test_to: "noor.verhoeven@example.org".to_owned(),
            errors: Vec::new(),
        };
        let problems = [
            FieldProblem::new("subject", FieldCode::Required),
            FieldProblem::new("body", FieldCode::UnknownPlaceholder)
                .with("allowed", vec!["{{name}}", "{{link}}"]),
        ];
        let refused =
            Self { own: true, preview: None, errors: FieldMessage::all(language, &problems), ..ours.clone() };
        vec![ours, refused]
    }
}
