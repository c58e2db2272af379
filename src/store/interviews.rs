//! Interviews. Their time is guarded by [`super::reservations`], their place in the stratum by [`super::strata`].

mod delegate;
mod lists;

pub use delegate::{NamedDelegate, forget_delegate, name_delegate};
pub(super) use lists::earliest_start;
pub use lists::{Filter, accompanied_by, ahead, of_respondent, online_ahead, page, planned_of};

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{interviews, respondents};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::domain::reminder::Outlook;
use crate::id::{InterviewId, RespondentId, StratumId, StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// An interview's row.
#[derive(Debug, Clone, Queryable)]
pub struct Interview {
    /// The interview's id, the same for life.
    pub id: InterviewId,
    /// The study.
    pub study: StudyId,
    /// Who is interviewed.
    pub respondent: RespondentId,
    /// Who holds it.
    pub interviewer: UserId,
    /// The identifier in calendars (RFC 5545 3.8.4.7).
    pub uid: String,
    /// How often it was changed (RFC 5546 2.1.4).
    pub sequence: i32,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, without the buffer.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// What became of it.
    pub status: InterviewStatus,
    /// Its own join link, which goes before that of the interviewer and that of the study.
    pub own_link: Option<String>,
    /// The join link that its letters last told.
    pub announced_link: Option<String>,
    /// When it was booked.
    pub booked_at: Instant,
    /// When it got the time that it has.
    pub arranged_at: Instant,
    /// From when on reminders of it are to go; null when none is to come.
    pub remind_at: Option<Instant>,
    /// Who holds it as well, if anybody does.
    pub second: Option<UserId>,
    /// The sequence at which it got the time that it has.
    pub time_sequence: i32,
    place_sealed: Option<Vec<u8>>,
    delegate_sealed: Option<Vec<u8>>,
}

type Columns = (
    interviews::id,
    interviews::study,
    interviews::respondent,
    interviews::interviewer,
    interviews::uid,
    interviews::sequence,
    interviews::starts_at,
    interviews::ends_at,
    interviews::mode,
    interviews::status,
    interviews::join_link,
    interviews::announced_link,
    interviews::booked_at,
    interviews::arranged_at,
    interviews::remind_at,
    interviews::second_interviewer,
    interviews::time_sequence,
    interviews::place_sealed,
    interviews::delegate_sealed,
);

const COLUMNS: Columns = (
    interviews::id,
    interviews::study,
    interviews::respondent,
    interviews::interviewer,
    interviews::uid,
    interviews::sequence,
    interviews::starts_at,
    interviews::ends_at,
    interviews::mode,
    interviews::status,
    interviews::join_link,
    interviews::announced_link,
    interviews::booked_at,
    interviews::arranged_at,
    interviews::remind_at,
    interviews::second_interviewer,
    interviews::time_sequence,
    interviews::place_sealed,
    interviews::delegate_sealed,
);

/// Where and how an interview stands in time.
#[derive(Debug, Clone)]
pub struct Arrangement {
    /// Who holds it.
    pub interviewer: UserId,
    /// Who holds it as well. Nobody does when it is booked: a second interviewer joins one that stands.
    pub second: Option<UserId>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// Where, in person: an address that is sealed here, or `None` for the town hall (E30).
    pub place: Option<String>,
    /// The join link that is told.
    pub join_link: Option<String>,
    /// What becomes of its reminders; `None` where it keeps its time and so those that it has.
    pub outlook: Option<Outlook>,
}

fn place_of(id: InterviewId) -> String {
    format!("interview place {id}")
}

fn reason_of(id: InterviewId) -> String {
    format!("interview reason {id}")
}

impl Interview {
    /// The address where it is held, if one was given.
    ///
    /// # Errors
    /// When the seal is broken.
    pub fn place(&self, tx: &Tx<'_>) -> Outcome<Option<String>> {
        let Some(sealed) = &self.place_sealed else { return Ok(None) };
        String::from_utf8(tx.keys().open(&place_of(self.id), sealed)?).map(Some).map_err(Problem::internal)
    }

    /// The arrangement that it has.
    ///
    /// # Errors
    /// When the seal of its place is broken.
    pub fn as_it_is(&self, tx: &Tx<'_>) -> Outcome<Arrangement> {
        Ok(Arrangement {
            interviewer: self.interviewer,
            second: self.second,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            mode: self.mode,
            place: self.place(tx)?,
            join_link: self.announced_link.clone(),
            outlook: None,
        })
    }

    /// Everybody who holds it, in the order in which they are locked (R1).
    #[must_use]
    pub fn holders(&self) -> BTreeSet<UserId> {
        [Some(self.interviewer), self.second].into_iter().flatten().collect()
    }
}

/// Finds an interview.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<Interview> {
    tx.run(|c| on_each!(c, |c| interviews::table.find(id).select(COLUMNS).first(c)))
}

/// Finds an interview with the code of its respondent, who may be erased.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get_with_code(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<(Interview, String)> {
    tx.run(|c| {
        on_each!(c, |c| {
            interviews::table
                .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
                .filter(interviews::id.eq(id))
                .select((COLUMNS, respondents::code))
                .first(c)
        })
    })
}

/// The latest interview of a respondent, whatever became of it.
///
/// # Errors
/// Only those of the database.
pub fn latest_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Interview>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            interviews::table
                .filter(interviews::respondent.eq(respondent))
                .order(interviews::id.desc())
                .select(COLUMNS)
                .first(c)
        })
    })
}

/// The interview of a respondent that is planned or held; there is at most one.
///
/// # Errors
/// Only those of the database.
pub fn active_of(tx: &mut Tx<'_>, respondent: RespondentId) -> Outcome<Option<Interview>> {
    tx.maybe(|c| {
        on_each!(c, |c| {
            interviews::table
                .filter(interviews::respondent.eq(respondent))
                .filter(
                    interviews::status
                        .eq(InterviewStatus::Booked)
                        .or(interviews::status.eq(InterviewStatus::Held)),
                )
                .select(COLUMNS)
                .first(c)
        })
    })
}

/// Adds a planned interview. Its identifier in calendars is its id at the domain that mail comes from (E20).
///
/// # Errors
/// [`Problem::AlreadyBooked`] when the respondent has one that is planned or held.
pub fn insert(
    tx: &mut Tx<'_>,
    (study, respondent, stratum): (StudyId, RespondentId, Option<StratumId>),
    arrangement: &Arrangement,
    mail_domain: &str,
    now: Instant,
) -> Outcome<Interview> {
    let id = InterviewId::new();
    let new = Interview {
        id,
        study,
        respondent,
        interviewer: arrangement.interviewer,
        uid: format!("{id}@{mail_domain}"),
        sequence: 0,
        starts_at: arrangement.starts_at,
        ends_at: arrangement.ends_at,
        mode: arrangement.mode,
        status: InterviewStatus::Booked,
        own_link: None,
        announced_link: arrangement.join_link.clone(),
        booked_at: now,
        arranged_at: arrangement.outlook.map_or(now, |outlook| outlook.arranged_at),
        remind_at: arrangement.outlook.and_then(|outlook| outlook.remind_at),
        second: None,
        time_sequence: 0,
        place_sealed: seal(tx, &place_of(id), arrangement.place.as_deref())?,
        delegate_sealed: None,
    };
    tx.run(|c| {
        on_each!(c, |c| {
            diesel::insert_into(interviews::table)
                .values((
                    interviews::id.eq(new.id),
                    interviews::study.eq(new.study),
                    interviews::respondent.eq(new.respondent),
                    interviews::interviewer.eq(new.interviewer),
                    interviews::stratum.eq(stratum),
                    interviews::uid.eq(&new.uid),
                    interviews::sequence.eq(new.sequence),
                    interviews::time_sequence.eq(new.time_sequence),
                    interviews::starts_at.eq(new.starts_at),
                    interviews::ends_at.eq(new.ends_at),
                    interviews::mode.eq(new.mode),
                    interviews::place_sealed.eq(&new.place_sealed),
                    interviews::status.eq(new.status),
                    interviews::announced_link.eq(&new.announced_link),
                    interviews::booked_at.eq(new.booked_at),
                    interviews::changed_at.eq(now),
                    interviews::arranged_at.eq(new.arranged_at),
                    interviews::remind_at.eq(new.remind_at),
                ))
                .execute(c)
        })
    })?;
    Ok(new)
}

/// Gives a planned interview another arrangement and the next sequence (RFC 5546 2.1.4).
///
/// # Errors
/// Only those of the database.
pub fn rearrange(
    tx: &mut Tx<'_>,
    interview: &Interview,
    arrangement: &Arrangement,
    now: Instant,
) -> Outcome<Interview> {
    let place = seal(tx, &place_of(interview.id), arrangement.place.as_deref())?;
    // Whoever said that they come at this time has not been asked anew.
    let outlook = arrangement.outlook.filter(|_| arrangement.starts_at != interview.starts_at);
    tx.run(|c| {
        diesel::update(interviews::table.find(interview.id))
            .set((
                interviews::interviewer.eq(arrangement.interviewer),
                interviews::second_interviewer.eq(arrangement.second),
                interviews::sequence.eq(interview.sequence.saturating_add(1)),
                interviews::starts_at.eq(arrangement.starts_at),
                interviews::ends_at.eq(arrangement.ends_at),
                interviews::mode.eq(arrangement.mode),
                interviews::place_sealed.eq(place),
                interviews::announced_link.eq(&arrangement.join_link),
                interviews::changed_at.eq(now),
                outlook.map(|outlook| {
                    (
                        interviews::arranged_at.eq(outlook.arranged_at),
                        interviews::remind_at.eq(outlook.remind_at),
                        interviews::time_sequence.eq(interview.sequence.saturating_add(1)),
                    )
                }),
            ))
            .execute(c)
    })?;
    get(tx, interview.id)
}

/// Calls a planned interview off, under the next sequence.
///
/// # Errors
/// Only those of the database.
pub fn cancel(
    tx: &mut Tx<'_>,
    interview: &Interview,
    by: &str,
    reason: Option<&str>,
    now: Instant,
) -> Outcome<Interview> {
    let reason = seal(tx, &reason_of(interview.id), reason)?;
    tx.run(|c| {
        diesel::update(interviews::table.find(interview.id))
            .set((
                interviews::status.eq(InterviewStatus::Cancelled),
                interviews::sequence.eq(interview.sequence.saturating_add(1)),
                interviews::cancelled_by.eq(by),
                interviews::reason_sealed.eq(reason),
                interviews::changed_at.eq(now),
                interviews::remind_at.eq(None::<Instant>),
            ))
            .execute(c)
    })?;
    get(tx, interview.id)
}

/// Gives an interview a join link of its own, or takes it away.
///
/// # Errors
/// Only those of the database.
pub fn set_own_link(tx: &mut Tx<'_>, id: InterviewId, link: Option<&str>) -> Outcome<()> {
    tx.run(|c| diesel::update(interviews::table.find(id)).set(interviews::join_link.eq(link)).execute(c))
        .map(drop)
}

/// Why an interview was called off, if it was said.
///
/// # Errors
/// When the seal is broken.
pub fn reason(tx: &mut Tx<'_>, id: InterviewId) -> Outcome<Option<String>> {
    let sealed: Option<Vec<u8>> =
        tx.run(|c| interviews::table.find(id).select(interviews::reason_sealed).first(c))?;
    let Some(sealed) = sealed else { return Ok(None) };
    String::from_utf8(tx.keys().open(&reason_of(id), &sealed)?).map(Some).map_err(Problem::internal)
}

/// Records what became of an interview.
///
/// # Errors
/// [`Problem::AlreadyBooked`] when the respondent has another one that is planned or held.
pub fn set_status(tx: &mut Tx<'_>, id: InterviewId, status: InterviewStatus, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(interviews::table.find(id))
            .set((interviews::status.eq(status), interviews::changed_at.eq(now)))
            .execute(c)
    })
    .map(drop)
}

fn seal(tx: &Tx<'_>, place: &str, text: Option<&str>) -> Outcome<Option<Vec<u8>>> {
    text.map(|text| tx.keys().seal(place, text.as_bytes())).transpose()
}
