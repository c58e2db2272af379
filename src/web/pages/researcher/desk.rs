//! What surrounds every page of a signed-in researcher: who they are, where they are, and what they have just done.

use rocket::Request;
use rocket::request::{self, FromRequest};
use rocket::response::Redirect;
use url::form_urlencoded;

use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::id::StudyId;
use crate::keys::fresh_token;
use crate::problem::{Outcome, Problem};
use crate::queries::studies::{self, StudyItem};
use crate::web::App;
use crate::web::guards::{Researcher, page_language};
use crate::words::dates;
use crate::words::pages::researcher::{Desk, DeskStudy, May, Section, Sees};
use crate::words::pages::shared::{Deed, FieldMessage, Notice};

/// The most that a notice counts.
const COUNT_LIMIT: u64 = 10_000_000;

/// Where a researcher is, and in which language.
#[derive(Debug, Clone)]
pub struct At {
    /// The language of the page.
    pub language: Language,
    here: String,
    notice: Option<Notice>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for At {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let uri = request.uri();
        let query = uri.query().map(|query| query.as_str()).unwrap_or_default();
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
        };
        let notice = value("done").and_then(|deed| deed.parse().ok()).map(|deed: Deed| {
            let count = value("count").and_then(|count| count.parse().ok()).unwrap_or(1);
            Notice { deed, count: count.min(COUNT_LIMIT) }
        });
        let mut kept = form_urlencoded::Serializer::new(String::new());
        kept.extend_pairs(form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang"));
        let (path, kept) = (uri.path(), kept.finish());
        let here = if kept.is_empty() { path.to_string() } else { format!("{path}?{kept}") };
        request::Outcome::Success(Self { language: page_language(request), here, notice })
    }
}

impl At {
    /// The same, as if on another page: a form that is shown again after a POST stands on the page that it came from.
    #[must_use]
    pub fn on(self, path: String) -> Self {
        Self { here: path, ..self }
    }

    /// The same after something was done.
    #[must_use]
    pub fn after(self, deed: Deed) -> Self {
        Self { notice: Some(Notice::from(deed)), ..self }
    }

    /// Path and query of the page without the language.
    #[must_use]
    pub fn here(&self) -> String {
        self.here.clone()
    }

    /// What was just done.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        self.notice.clone()
    }

    /// The desk around a page that belongs to no study.
    #[must_use]
    pub fn desk(&self, who: &Researcher) -> Desk {
        Desk {
            here: self.here.clone(),
            user: who.name.clone(),
            user_id: who.user.to_string(),
            csrf: who.csrf.clone(),
            key: fresh_token(),
            notice: self.notice.clone(),
            study: None,
        }
    }

    /// The desk around a page of a study, and the study.
    ///
    /// # Errors
    /// Those of access.
    pub async fn study(
        &self,
        app: &App,
        who: &Researcher,
        study: StudyId,
        section: Section,
    ) -> Outcome<(Desk, StudyItem)> {
        let user = who.user;
        let item = app.store.read(move |tx| studies::get(tx, user, study)).await?;
        let zone = item.study.rules.time_zone;
        let around = DeskStudy {
            base: base(study),
            title: item.study.title.clone(),
            section,
            closed_at: item.closed_at.map(|at| dates::stamp(self.language, zone, at)),
            archived_at: item.archived_at.map(|at| dates::stamp(self.language, zone, at)),
            keeps_mail: app.settings.smtp_url.is_none() && !app.settings.mailbox_page,
            may: if item.archived_at.is_some() { May::NOTHING } else { May::of(item.role) },
            sees: Sees::of(item.role),
        };
        Ok((Desk { study: Some(around), ..self.desk(who) }, item))
    }
}

/// The first page of a study.
#[must_use]
pub fn base(study: StudyId) -> String {
    format!("/studies/{study}")
}

/// A redirect to a page that says what was done.
#[must_use]
pub fn done(path: &str, deed: Deed) -> Redirect {
    Redirect::to(format!("{path}?done={}", deed.as_str()))
}

/// What was wrong with a form, for showing it again; `None` for a problem that is no matter of its fields.
#[must_use]
pub fn wrong(language: Language, problem: &Problem) -> Option<Vec<FieldMessage>> {
    match problem {
        Problem::Invalid(problems) => Some(FieldMessage::all(language, problems)),
        // What holds by now is shown in a box of its own.
        Problem::PreconditionFailed => Some(Vec::new()),
        _ => None,
    }
}

/// The same with the problem itself, for a form that is shown again for nothing else.
///
/// # Errors
/// The problem, when it is no matter of the fields.
pub fn at_fields(language: Language, problem: Problem) -> Outcome<(Vec<FieldMessage>, Problem)> {
    match wrong(language, &problem) {
        Some(errors) => Ok((errors, problem)),
        None => Err(problem),
    }
}

/// Demands that the reader of a page may do what it is for, so that no form is shown that would be refused.
///
/// # Errors
/// [`Problem::Forbidden`], [`Problem::StudyArchived`].
pub fn demand(study: &StudyItem, right: Right) -> Outcome<()> {
    demand_sight(study, right)?;
    if study.archived_at.is_some() { Err(Problem::StudyArchived) } else { Ok(()) }
}

/// Demands that the reader of a page that can be looked at in the archive too may see what it shows.
///
/// # Errors
/// [`Problem::Forbidden`].
pub fn demand_sight(study: &StudyItem, right: Right) -> Outcome<()> {
    if study.role.may(right) { Ok(()) } else { Err(Problem::Forbidden) }
}
