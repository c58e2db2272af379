//! Every page, with the data that it shows.
//!
//! One enum names all pages; a variant is bound to one template and one context. Contexts are grouped by who reads
//! them: [`respondent`], [`researcher`], and what both share, in [`shared`].

pub mod reference;
pub mod researcher;
pub mod respondent;
pub mod shared;

use minijinja::value::{Serde, Value};

use super::press;
use crate::domain::language::Language;
use crate::problem::Outcome;

macro_rules! pages {
    ($($(#[$doc:meta])* $variant:ident($context:ty) = $template:literal),+ $(,)?) => {
        /// A page with its data.
        #[derive(Debug, Clone)]
        pub enum Page { $($(#[$doc])* $variant(Box<$context>)),+ }

        impl Page {
            /// Every template of a page.
            pub const TEMPLATES: &[&str] = &[$($template),+];

            /// The template of this page, below `templates/`.
            #[must_use]
            pub const fn template(&self) -> &'static str {
                match self { $(Self::$variant(_) => $template),+ }
            }

            /// Every page with invented data, in all the states that look different.
            #[must_use]
            pub fn samples(language: Language) -> Vec<Self> {
                let mut samples = Vec::new();
                $(samples.extend(<$context as Sample>::samples(language).into_iter().map(Self::from));)+
                samples
            }

            fn context(&self) -> Value {
                match self { $(Self::$variant(context) => Value::from(Serde(context))),+ }
            }
        }

        $(impl From<$context> for Page {
            fn from(context: $context) -> Self {
                Self::$variant(Box::new(context))
            }
        })+
    };
}

pages! {
    /// Where a respondent starts and comes back to.
    Overview(respondent::Overview) = "pages/respondent/overview.html",
    /// The consent form.
    Consent(respondent::Consent) = "pages/respondent/consent.html",
    /// Online or in person.
    ChooseMode(respondent::ChooseMode) = "pages/respondent/choose_mode.html",
    /// The free times of a week.
    ChooseTime(respondent::ChooseTime) = "pages/respondent/choose_time.html",
    /// The rest of the form for a time that was chosen.
    Details(respondent::Details) = "pages/respondent/details.html",
    /// Naming a colleague in one's own place.
    Refer(respondent::Refer) = "pages/respondent/refer.html",
    /// Moments of one's own.
    Propose(respondent::Propose) = "pages/respondent/propose.html",
    /// The one question before something ends.
    Confirm(respondent::Confirm) = "pages/respondent/confirm.html",
    /// All that a withdrawn or closed link shows.
    Ended(respondent::Ended) = "pages/respondent/ended.html",
    /// The page of the link in a mail that ends all mail.
    Unsubscribe(respondent::Unsubscribe) = "pages/respondent/unsubscribe.html",
    /// Signing in.
    SignIn(researcher::SignIn) = "pages/researcher/sign_in.html",
    /// Signing in by a link.
    SignInLink(researcher::SignInLink) = "pages/researcher/sign_in_link.html",
    /// The second step of signing in.
    SignInCode(researcher::SignInCode) = "pages/researcher/sign_in_code.html",
    /// One's own second factor.
    SecondFactor(researcher::SecondFactor) = "pages/researcher/second_factor.html",
    /// The first account.
    SetUp(researcher::SetUp) = "pages/researcher/set_up.html",
    /// Joining a study by an invitation.
    Join(researcher::Join) = "pages/researcher/join.html",
    /// Asking for a link to choose another password.
    ForgotPassword(researcher::ForgotPassword) = "pages/researcher/forgot_password.html",
    /// Choosing another password by such a link.
    NewPassword(researcher::NewPassword) = "pages/researcher/new_password.html",
    /// A link that works no more.
    LinkGone(researcher::LinkGone) = "pages/researcher/link_gone.html",
    /// One's own account.
    Account(researcher::Account) = "pages/researcher/account.html",
    /// The calendars that are read, and the address at which one's own is.
    Calendars(researcher::Calendars) = "pages/researcher/calendars.html",
    /// The question before a calendar is forgotten.
    CalendarLeaves(researcher::CalendarLeaves) = "pages/researcher/calendar_leaves.html",
    /// The studies of a researcher.
    Home(researcher::Home) = "pages/researcher/home.html",
    /// A new study.
    NewStudy(researcher::NewStudy) = "pages/researcher/new_study.html",
    /// What is set for a study.
    Settings(researcher::Settings) = "pages/researcher/settings.html",
    /// A part of what is set for a study.
    SettingsForm(researcher::SettingsForm) = "pages/researcher/settings_form.html",
    /// The overview of a study.
    StudyOverview(researcher::StudyOverview) = "pages/researcher/study_overview.html",
    /// The strata of a study.
    StrataForm(researcher::StrataForm) = "pages/researcher/strata_form.html",
    /// The respondents of a study.
    RespondentList(researcher::RespondentList) = "pages/researcher/respondent_list.html",
    /// The municipalities of a study.
    MunicipalityList(researcher::MunicipalityList) = "pages/researcher/municipality_list.html",
    /// A respondent who is added or corrected.
    RespondentForm(researcher::RespondentForm) = "pages/researcher/respondent_form.html",
    /// One respondent.
    RespondentDetail(researcher::RespondentDetail) = "pages/researcher/respondent_detail.html",
    /// The question before a person is erased.
    Erase(researcher::Erase) = "pages/researcher/erase.html",
    /// A file of respondents.
    Import(researcher::Import) = "pages/researcher/import.html",
    /// Which column of it holds what.
    ImportColumns(researcher::ImportColumns) = "pages/researcher/import_columns.html",
    /// What an import would do, does, or did.
    ImportPreview(researcher::ImportPreview) = "pages/researcher/import_preview.html",
    /// What is done to many respondents at once.
    BatchPage(researcher::BatchPage) = "pages/researcher/batch.html",
    /// Inviting and reminding.
    Invitations(researcher::Invitations) = "pages/researcher/invitations.html",
    /// The outbox.
    LetterList(researcher::LetterList) = "pages/researcher/letter_list.html",
    /// One letter of the outbox.
    LetterDetail(researcher::LetterDetail) = "pages/researcher/letter_detail.html",
    /// The mail that waits for a person.
    IncomingList(researcher::IncomingList) = "pages/researcher/incoming_list.html",
    /// One message of it.
    IncomingDetail(researcher::IncomingDetail) = "pages/researcher/incoming_detail.html",
    /// Every letter that a study can word itself.
    Wordings(researcher::Wordings) = "pages/researcher/wordings.html",
    /// A study's own words for a letter.
    WordingForm(researcher::WordingForm) = "pages/researcher/wording_form.html",
    /// Going back to our words for a letter.
    WordingReset(researcher::WordingReset) = "pages/researcher/wording_reset.html",
    /// The consent forms of a study.
    ConsentForms(researcher::ConsentForms) = "pages/researcher/consent_forms.html",
    /// A new consent form.
    ConsentEditor(researcher::ConsentEditor) = "pages/researcher/consent_editor.html",
    /// One consent form.
    ConsentView(researcher::ConsentView) = "pages/researcher/consent_view.html",
    /// The hours of an interviewer.
    AvailabilityForm(researcher::AvailabilityForm) = "pages/researcher/availability_form.html",
    /// A week or a day of the agenda.
    Agenda(researcher::Agenda) = "pages/researcher/agenda.html",
    /// A stretch of a day to open, keep free or book in.
    AgendaTime(researcher::AgendaTime) = "pages/researcher/agenda_time.html",
    /// An interview for somebody.
    AgendaBook(researcher::AgendaBook) = "pages/researcher/agenda_book.html",
    /// The last question before an interview is booked or moved.
    Arrangement(researcher::Arrangement) = "pages/researcher/arrangement.html",
    /// Time that is kept free, to be given back.
    BlockRelease(researcher::BlockRelease) = "pages/researcher/block_release.html",
    /// Why a moment is not offered.
    WhyNot(researcher::WhyNot) = "pages/researcher/why_not.html",
    /// What archiving a study means.
    Archive(researcher::Archive) = "pages/researcher/archive.html",
    /// What closing a study means.
    Closing(researcher::Closing) = "pages/researcher/closing.html",
    /// A copy of a study.
    CopyForm(researcher::CopyForm) = "pages/researcher/copy_form.html",
    /// What can be taken out of a study.
    Exports(researcher::Exports) = "pages/researcher/exports.html",
    /// What changed between two consent forms.
    ConsentChanges(researcher::ConsentChanges) = "pages/researcher/consent_changes.html",
    /// Who agreed to a consent form.
    GivenList(researcher::GivenList) = "pages/researcher/consent_given.html",
    /// The interviews of a study.
    InterviewList(researcher::InterviewList) = "pages/researcher/interview_list.html",
    /// One interview.
    InterviewDetail(researcher::InterviewDetail) = "pages/researcher/interview_detail.html",
    /// Another time for an interview.
    Replan(researcher::Replan) = "pages/researcher/replan.html",
    /// Moments that respondents propose.
    ProposalList(researcher::ProposalList) = "pages/researcher/proposal_list.html",
    /// What one respondent proposed.
    ProposalPage(researcher::ProposalPage) = "pages/researcher/proposal_page.html",
    /// The guides of a study.
    Guides(researcher::Guides) = "pages/researcher/guides.html",
    /// One guide.
    GuideView(researcher::GuideView) = "pages/researcher/guide_view.html",
    /// A guide that is being written.
    GuideEditor(researcher::GuideEditor) = "pages/researcher/guide_editor.html",
    /// A guide as Markdown.
    GuideMarkdown(researcher::GuideMarkdown) = "pages/researcher/guide_markdown.html",
    /// The sheet of an interview.
    SheetPage(researcher::SheetPage) = "pages/researcher/sheet_page.html",
    /// What was done with somebody's data.
    SubjectLog(researcher::SubjectLog) = "pages/researcher/subject_log.html",
    /// The members of a study.
    Team(researcher::Team) = "pages/researcher/team.html",
    /// Who takes over from somebody who leaves.
    MemberLeaves(researcher::MemberLeaves) = "pages/researcher/member_leaves.html",
    /// The mailbox of the demonstration.
    Mailbox(researcher::Mailbox) = "pages/researcher/mailbox.html",
    /// A letter of that mailbox.
    MailboxLetter(researcher::MailboxLetter) = "pages/researcher/mailbox_letter.html",
    /// The API, for programmers.
    Reference(reference::Reference) = "pages/reference.html",
    /// Any problem, for anybody.
    Problem(shared::ProblemPage) = "pages/problem.html",
}

impl Page {
    /// The page as HTML.
    ///
    /// # Errors
    /// [`crate::problem::Problem::Internal`] if the template asks for what its context does not have.
    pub fn render(&self, language: Language) -> Outcome<String> {
        press::print(language, self.template(), self.context())
    }
}

/// Invented data for a page, once per state that looks different.
pub(super) trait Sample: Sized {
    fn samples(language: Language) -> Vec<Self>;
}
