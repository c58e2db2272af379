//! What closing a study would mean, and how far it has come.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::respondent::RespondentStatus;
use crate::id::{StudyId, UserId};
use crate::problem::Outcome;
use crate::store::{Tx, contacts, interviews, members, respondents, studies};

/// How many codes of a group are named.
const NAMED: i64 = 50;

/// Respondents of a study in the same position.
#[derive(Debug, Clone)]
pub struct Group {
    /// How many they are.
    pub count: i64,
    /// The codes of the first of them.
    pub codes: Vec<String>,
}

/// What closing a study would mean for whom.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// Since when it is closed, if it is.
    pub closed_at: Option<Instant>,
    /// Those who were invited or agreed, have no interview and did not object to mail: they get the letter about the
    /// closing.
    pub waiting: Group,
    /// Those who wait and objected to mail: they get none.
    pub silent: i64,
    /// Those with an interview that is still ahead.
    pub planned: Group,
    /// Of how many respondents there are contact data.
    pub contacts: i64,
}

/// What closing a study would mean.
///
/// # Errors
/// Those of access.
pub fn foresee(tx: &mut Tx<'_>, now: Instant, user: UserId, study: StudyId) -> Outcome<Foreseen> {
    members::require(tx, study, user, Right::ChangeStudy)?;
    let (mut waiting, mut silent) = (Group { count: 0, codes: Vec::new() }, 0);
    for status in [RespondentStatus::Invited, RespondentStatus::Consented] {
        let (mail, no_mail) = respondents::waiting(tx, study, status)?;
        waiting.count += mail;
        silent += no_mail;
        let filter = respondents::Filter { status: Some(status), ..respondents::Filter::default() };
        let some = respondents::page(tx, study, filter, NAMED)?;
        let told = some.into_iter().filter(|respondent| respondent.opted_out_at.is_none());
        waiting.codes.extend(told.map(|respondent| respondent.code));
    }
    waiting.codes.truncate(usize::try_from(NAMED).unwrap_or_default());
    let (count, codes) = interviews::ahead(tx, study, now, NAMED)?;
    let closed_at = studies::get(tx, study)?.closed_at;
    let contacts = contacts::count(tx, study)?;
    Ok(Foreseen { closed_at, waiting, silent, planned: Group { count, codes }, contacts })
}
