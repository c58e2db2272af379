//! Every letter, from its facts to subject, text and HTML.
//!
//! A letter has three parts: what it says, the card with the facts (the appointment, the consent that was given), and
//! the foot with who sends it, the personal link and how to object. A study may put its own words in place of the
//! first; card and foot are always ours, so that no wording can lose what the law or the reader needs.

mod calendar_words;
mod facts;
mod proposed;
mod prose;
mod samples;
mod writing;

use minijinja::context;
use minijinja::value::{Serde, Value};

pub use calendar_words::CalendarWords;
pub use facts::{
    Appointment, Approach, Cancellation, Duty, Errand, EvidenceItem, Farewell, Receipt, StudyFace, Venue,
    When,
};
pub use proposed::{Regret, Request};
pub(super) use prose::{escaped, paragraphs, passages};

use self::facts::Facts;
use super::pages::shared::FieldMessage;
use super::{phrase, press, word};
use crate::domain::language::Language;
use crate::domain::letter::{LetterKind, Placeholder, Wording, fill, fill_sentences};
use crate::domain::text::is_deceptive;
use crate::problem::Outcome;

/// What stands in place of a preview.
pub(super) const NO_PREVIEW: &str = "letters/no_preview.html";

/// The greatest length of a subject that we send, in characters.
const SUBJECT_LIMIT: usize = 200;

/// A letter with its facts.
#[derive(Debug, Clone)]
pub enum Letter {
    /// See [`LetterKind::Invitation`].
    Invitation(Approach),
    /// See [`LetterKind::Reminder`].
    Reminder(Approach),
    /// See [`LetterKind::ConsentReceipt`].
    ConsentReceipt(Receipt),
    /// See [`LetterKind::Confirmation`].
    Confirmation(Appointment),
    /// See [`LetterKind::AppointmentReminder`].
    AppointmentReminder(Appointment),
    /// See [`LetterKind::Moved`].
    Moved(Appointment),
    /// See [`LetterKind::LinkUpdate`].
    LinkUpdate(Appointment),
    /// See [`LetterKind::Cancelled`].
    Cancelled(Cancellation),
    /// See [`LetterKind::Withdrawn`].
    Withdrawn(Farewell),
    /// See [`LetterKind::StudyClosed`].
    StudyClosed(Farewell),
    /// See [`LetterKind::CompanyChanged`].
    CompanyChanged(Appointment),
    /// See [`LetterKind::AddressLeft`].
    AddressLeft(Cancellation),
    /// See [`LetterKind::DelegateInvited`].
    DelegateInvited(Errand),
    /// See [`LetterKind::DelegateCancelled`].
    DelegateCancelled(Errand),
    /// See [`LetterKind::InterviewerBooked`].
    InterviewerBooked(Duty),
    /// See [`LetterKind::InterviewerMoved`].
    InterviewerMoved(Duty),
    /// See [`LetterKind::InterviewerCancelled`].
    InterviewerCancelled(Duty),
    /// See [`LetterKind::NewLink`].
    NewLink(Approach),
    /// See [`LetterKind::ProposalDeclined`].
    ProposalDeclined(Regret),
    /// See [`LetterKind::InterviewerProposal`].
    InterviewerProposal(Request),
    /// See [`LetterKind::InterviewerReminder`].
    InterviewerReminder(Duty),
}

/// A letter ready to be put into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line without control characters.
    pub subject: String,
    /// The text part, lines ended by `\n`.
    pub text: String,
    /// The HTML part: a whole document with inline styles only.
    pub html: String,
}

impl Rendered {
    /// The same letter, marked as a test in its subject.
    #[must_use]
    pub fn as_test(mut self, language: Language) -> Self {
        let parameters = serde_json::json!({ "subject": self.subject });
        self.subject = phrase(language, "letter.test_subject", &parameters);
        self
    }
}

impl Letter {
    /// The kind of this letter.
    #[must_use]
    pub const fn kind(&self) -> LetterKind {
        match self {
            Self::Invitation(_) => LetterKind::Invitation,
            Self::Reminder(_) => LetterKind::Reminder,
            Self::ConsentReceipt(_) => LetterKind::ConsentReceipt,
            Self::Confirmation(_) => LetterKind::Confirmation,
            Self::AppointmentReminder(_) => LetterKind::AppointmentReminder,
            Self::Moved(_) => LetterKind::Moved,
            Self::LinkUpdate(_) => LetterKind::LinkUpdate,
            Self::Cancelled(_) => LetterKind::Cancelled,
            Self::Withdrawn(_) => LetterKind::Withdrawn,
            Self::StudyClosed(_) => LetterKind::StudyClosed,
            Self::CompanyChanged(_) => LetterKind::CompanyChanged,
            Self::AddressLeft(_) => LetterKind::AddressLeft,
            Self::DelegateInvited(_) => LetterKind::DelegateInvited,
            Self::DelegateCancelled(_) => LetterKind::DelegateCancelled,
            Self::InterviewerBooked(_) => LetterKind::InterviewerBooked,
            Self::InterviewerMoved(_) => LetterKind::InterviewerMoved,
            Self::InterviewerCancelled(_) => LetterKind::InterviewerCancelled,
            Self::NewLink(_) => LetterKind::NewLink,
            Self::ProposalDeclined(_) => LetterKind::ProposalDeclined,
            Self::InterviewerProposal(_) => LetterKind::InterviewerProposal,
            Self::InterviewerReminder(_) => LetterKind::InterviewerReminder,
        }
    }

    /// A letter of this kind with invented facts: for previews, for test letters and for the tests.
    #[must_use]
    pub fn sample(kind: LetterKind, language: Language) -> Self {
        samples::letter(kind, language)
    }

    /// A letter of this kind with invented facts about a real study, to a real name where one is given. Its links lead
    /// nowhere: nobody but the person may hold their link.
    #[must_use]
    pub fn rehearsal(
        kind: LetterKind,
        language: Language,
        study: StudyFace,
        name: Option<String>,
        base_url: &str,
    ) -> Self {
        samples::rehearsal(kind, language, study, name, base_url)
    }

    /// Renders subject, text and HTML. `wording` is the study's own for this kind and language, if it has one.
    ///
    /// # Errors
    /// [`crate::problem::Problem::Internal`] if a template asks for what its context does not have.
    pub fn render(&self, language: Language, wording: Option<&Wording>) -> Outcome<Rendered> {
        let value = |placeholder| self.facts().value(language, placeholder);
        let own = wording.map(|wording| self.filled(language, wording));
        let subject = match wording {
            Some(wording) => fill(wording.subject(), value),
            None => self.print(language, "subject", None, false)?,
        };
        Ok(Rendered {
            subject: one_line(&subject),
            text: prose::tidy(&self.print(language, "txt", own.as_deref(), false)?),
            html: self.print(language, "html", own.as_deref(), false)?,
        })
    }

    /// The body of a wording with the facts in it.
    fn filled(&self, language: Language, wording: &Wording) -> String {
        let value = |placeholder| self.facts().value(language, placeholder);
        let own = fill_sentences(wording.body(), value);
        // Nobody can answer an approach without the link, so it stands below words that leave it out.
        let lacks_link = self.kind().is_recruitment() && !wording.names(Placeholder::Link);
        if lacks_link { format!("{own}\n\n{}", value(Placeholder::Link)) } else { own }
    }

    /// The HTML part as a document to look at: its subject above it, and the letter as plain text below it.
    ///
    /// # Errors
    /// As [`Letter::render`].
    pub fn preview(&self, language: Language, wording: Option<&Wording>) -> Outcome<String> {
        let Rendered { subject, text, .. } = self.render(language, wording)?;
        let own = wording.map(|wording| self.filled(language, wording));
        let file = format!("letters/{language}/{}.html", self.kind());
        let preview = context! { subject, text };
        let to_page = self.to_page(language);
        press::print(
            language,
            &file,
            context! { own, bare => false, to_page, preview, ..self.facts().given() },
        )
    }

    /// What stands in this letter in place of a placeholder.
    #[must_use]
    pub fn example(&self, language: Language, placeholder: Placeholder) -> String {
        self.facts().value(language, placeholder)
    }

    /// Prints one of the three files of this letter; a `bare` one is without card and foot.
    fn print(&self, language: Language, extension: &str, own: Option<&str>, bare: bool) -> Outcome<String> {
        let file = format!("letters/{language}/{}.{extension}", self.kind());
        let to_page = self.to_page(language);
        press::print(language, &file, context! { own, bare, to_page, ..self.facts().given() })
    }

    /// What the button says that leads to the personal page.
    fn to_page(&self, language: Language) -> String {
        let key = match self.kind() {
            LetterKind::Invitation | LetterKind::Reminder => "letter.button.choose",
            LetterKind::ProposalDeclined => "letter.button.choose_other",
            _ => "letter.button.page",
        };
        word(language, key)
    }

    fn facts(&self) -> &dyn Facts {
        match self {
            Self::Invitation(facts) | Self::Reminder(facts) | Self::NewLink(facts) => facts,
            Self::ConsentReceipt(facts) => facts,
            Self::Confirmation(facts)
            | Self::AppointmentReminder(facts)
            | Self::Moved(facts)
            | Self::LinkUpdate(facts)
            | Self::CompanyChanged(facts) => facts,
            Self::Cancelled(facts) | Self::AddressLeft(facts) => facts,
            Self::Withdrawn(facts) | Self::StudyClosed(facts) => facts,
            Self::ProposalDeclined(facts) => facts,
            Self::InterviewerProposal(facts) => facts,
            Self::DelegateInvited(facts) | Self::DelegateCancelled(facts) => facts,
            Self::InterviewerBooked(facts)
            | Self::InterviewerMoved(facts)
            | Self::InterviewerCancelled(facts)
            | Self::InterviewerReminder(facts) => facts,
        }
    }
}

/// Our own subject and body for a kind with its placeholders in them: what a study's own wording starts from.
///
/// # Errors
/// [`crate::problem::Problem::Internal`] if the template is missing.
pub fn proposal(language: Language, kind: LetterKind) -> Outcome<(String, String)> {
    let letter = samples::with_placeholders(kind);
    let subject = letter.print(language, "subject", None, true)?;
    let body = letter.print(language, "txt", None, true)?;
    Ok((one_line(&subject), prose::tidy(&body)))
}

/// A document to show in place of a preview, which says why there is none.
///
/// # Errors
/// [`crate::problem::Problem::Internal`] if the template is missing.
pub fn no_preview(language: Language, reasons: &[FieldMessage]) -> Outcome<String> {
    press::print(language, NO_PREVIEW, context! { reasons => Value::from(Serde(reasons)) })
}

/// Whatever stands in a subject, a header never gets a second line.
fn one_line(subject: &str) -> String {
    let calm: String = subject.chars().map(|c| if is_deceptive(c) { ' ' } else { c }).collect();
    calm.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUBJECT_LIMIT).collect()
}
