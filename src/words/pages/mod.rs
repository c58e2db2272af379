//! Every page, with the data that it shows.
//!
//! One enum names all pages; a variant is bound to one template and one context. Contexts are grouped by who reads
//! them: [`respondent`], [`researcher`], and what both share, in [`shared`].

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
    /// The one question before something ends.
    Confirm(respondent::Confirm) = "pages/respondent/confirm.html",
    /// All that a withdrawn or closed link shows.
    Ended(respondent::Ended) = "pages/respondent/ended.html",
    /// The page of the link in a mail that ends all mail.
    Unsubscribe(respondent::Unsubscribe) = "pages/respondent/unsubscribe.html",
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
