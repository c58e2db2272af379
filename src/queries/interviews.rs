//! Interviews, as researchers and respondents see them (E2).

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::delegate::Delegate;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::id::{InterviewId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::store::interviews::{self, Interview};
use crate::store::{Tx, members};

pub use crate::store::interviews::Filter;

/// An interview.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Interview)]
pub struct InterviewView {
    /// The interview's id.
    pub id: InterviewId,
    /// Who is interviewed.
    pub respondent: RespondentId,
    /// The pseudonym of who is interviewed.
    pub code: String,
    /// Who holds it.
    pub interviewer: UserId,
    /// Who holds it together with the interviewer, if anybody does.
    pub second_interviewer: Option<UserId>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, without the buffer.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// Where, in person, if not at the town hall; null for those who see no contact data.
    pub place: Option<String>,
    /// Who made the appointment for the respondent and gets the invite as well; null for those who see no contact data.
    pub delegate: Option<Delegate>,
    /// The link to join online, once it is known.
    pub join_link: Option<String>,
    /// How often it was changed.
    pub sequence: i32,
    /// What became of it.
    pub status: InterviewStatus,
}

impl InterviewView {
    fn new(tx: &Tx<'_>, interview: Interview, code: String, shows_place: bool) -> Outcome<Self> {
        let place = if shows_place { interview.place(tx)? } else { None };
        let delegate = if shows_place { interview.delegate(tx)?.map(|named| named.who) } else { None };
        let Interview { id, respondent, interviewer, starts_at, ends_at, .. } = interview;
        let Interview { mode, sequence, status, announced_link: join_link, second, .. } = interview;
        Ok(Self {
            id,
            respondent,
            code,
            interviewer,
            second_interviewer: second,
            starts_at,
            ends_at,
            mode,
            place,
            delegate,
            join_link,
            sequence,
            status,
        })
    }
}

/// An interview as its respondent sees it; whoever asks has proved to be that respondent.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`].
pub fn own(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<InterviewView> {
    let (interview, code) = interviews::get_with_code(tx, id)?;
    InterviewView::new(tx, interview, code, true)
}

/// An interview as a researcher sees it.
///
/// # Errors
/// Those of access.
pub fn one(tx: &mut Tx<'_>, user: UserId, id: InterviewId) -> Outcome<InterviewView> {
    let (interview, code) = interviews::get_with_code(tx, id)?;
    let member = members::require(tx, interview.study, user, Right::View)?;
    InterviewView::new(tx, interview, code, shows_place(&member))
}

/// A page of the interviews of a study by their starts, the cancelled ones included.
///
/// # Errors
/// Those of access.
pub fn page(
    tx: &mut Tx<'_>,
    user: UserId,
    study: StudyId,
    filter: Filter,
    limit: i64,
) -> Outcome<Vec<InterviewView>> {
    let member = members::require(tx, study, user, Right::View)?;
    let rows = interviews::page(tx, study, filter, limit)?;
    rows.into_iter()
        .map(|(interview, code)| InterviewView::new(tx, interview, code, shows_place(&member)))
        .collect()
}

impl InterviewView {
    /// Whether it tells personal data, which is noted in the log.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        self.place.is_some() || self.delegate.is_some()
    }
}

/// A place is contact data (E30), and so is who made the appointment.
fn shows_place(member: &Member) -> bool {
    member.may(Right::Contacts)
}
