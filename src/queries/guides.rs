//! Interview guides, as pages and the API show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::guide::{Alignment, Guide};
use crate::id::{GuideId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::guides::{self, GuideRecord};
use crate::store::{Tx, members, studies};

/// A guide with all that it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Guide)]
pub struct GuideView {
    /// Which guide, and whether it is published.
    #[serde(flatten)]
    pub head: GuideHead,
    /// What it says.
    #[serde(flatten)]
    pub guide: Guide,
}

/// A guide in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GuideItem {
    /// Which guide, and whether it is published.
    #[serde(flatten)]
    pub head: GuideHead,
    /// The name of the guide.
    pub title: String,
    /// How many questions it has.
    pub questions: usize,
}

/// Which guide, and whether it is published.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GuideHead {
    /// The guide's id.
    pub id: GuideId,
    /// The study that it belongs to.
    pub study: StudyId,
    /// Its version; null for a draft.
    pub version: Option<i32>,
    /// `draft` or `published`.
    pub status: &'static str,
    /// How often it was changed, for If-Match.
    pub revision: i32,
    /// The minutes that are planned for all sections.
    pub minutes: i32,
    /// When it was first written.
    pub created_at: Instant,
    /// When it was published.
    pub published_at: Option<Instant>,
}

impl GuideHead {
    fn of(record: &GuideRecord) -> Self {
        Self {
            id: record.id,
            study: record.study,
            version: record.version,
            status: if record.version.is_some() { "published" } else { "draft" },
            revision: record.revision,
            minutes: record.guide.minutes(),
            created_at: record.created_at,
            published_at: record.published_at,
        }
    }
}

fn get(tx: &mut Tx<'_>, user: UserId, id: GuideId) -> Outcome<GuideRecord> {
    let record = guides::get(tx, id)?;
    members::require(tx, record.study, user, Right::View)?;
    Ok(record)
}

/// One guide.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for an unknown or foreign one.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: GuideId) -> Outcome<GuideView> {
    let record = get(tx, user, id)?;
    Ok(GuideView { head: GuideHead::of(&record), guide: record.guide })
}

/// What a new version of a guide can begin with.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The guide to copy: the latest published one or, where none is, the newest draft.
    pub model: Option<GuideView>,
    /// The newest draft, which one may go on with instead.
    pub draft: Option<GuideId>,
}

/// What a new version of a study's guide can begin with.
///
/// # Errors
/// Those of [`members::require`].
pub fn beginning(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Beginning> {
    members::require(tx, study, user, Right::View)?;
    let draft = guides::newest_draft(tx, study)?;
    let id = draft.as_ref().map(|draft| draft.id);
    let model = guides::latest(tx, study)?.or(draft);
    let model = model.map(|record| GuideView { head: GuideHead::of(&record), guide: record.guide });
    Ok(Beginning { model, draft: id })
}

/// A page of the guides of a study, newest first.
///
/// # Errors
/// Those of [`members::require`].
pub fn list(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    before: Option<GuideId>,
    limit: i64,
) -> Outcome<Vec<GuideItem>> {
    members::require(tx, study, user, Right::View)?;
    let records = guides::page(tx, study, before, limit)?;
    Ok(records
        .into_iter()
        .map(|record| GuideItem {
            head: GuideHead::of(&record),
            questions: record.guide.questions().count(),
            title: record.guide.title,
        })
        .collect())
}

/// How the questions of a guide serve what the study wants to know, and its minutes the length of an interview.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for an unknown or foreign one.
pub fn alignment(tx: &mut Tx<'_>, user: UserId, id: GuideId) -> Outcome<Alignment> {
    let record = get(tx, user, id)?;
    let rules = studies::get(tx, record.study)?.study.rules;
    Ok(Alignment::of(&record.guide, rules.interview_minutes))
}
