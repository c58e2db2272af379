//! The secret addresses at which calendar programs read the interviews of a researcher, and what is read there.

use diesel::prelude::*;

use super::Tx;
use super::dialect::on_each;
use super::schema::{agenda_feeds as feeds, interviews, members, respondents, studies};
use crate::clock::Instant;
use crate::domain::interview::{InterviewStatus, Mode};
use crate::id::{InterviewId, UserId};
use crate::problem::Outcome;

/// The greatest number of interviews in one feed.
const LIMIT: i64 = 2_000;

/// An interview as it stands in the feed of whoever holds it: nothing of the respondent but the code.
#[derive(Debug, Clone, Queryable)]
pub struct FeedInterview {
    /// The interview's id.
    pub id: InterviewId,
    /// What the study is called.
    pub title: String,
    /// The respondent's pseudonym.
    pub code: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it is held.
    pub mode: Mode,
    /// How often it was moved.
    pub sequence: i32,
    /// When it last changed.
    pub changed_at: Instant,
}

/// Whose feed is read at an address, by its digest.
///
/// # Errors
/// [`crate::problem::Problem::NotFound`] for one that is nobody's, or not any more.
pub fn owner(tx: &mut Tx<'_>, digest: &str) -> Outcome<UserId> {
    tx.run(|c| on_each!(c, |c| feeds::table.filter(feeds::digest.eq(digest)).select(feeds::user_id).first(c)))
}

/// Since when somebody has an address.
///
/// # Errors
/// Only those of the database.
pub fn since(tx: &mut Tx<'_>, user: UserId) -> Outcome<Option<Instant>> {
    tx.maybe(|c| feeds::table.find(user).select(feeds::created_at).first(c))
}

/// Gives somebody a new address; the one before ends.
///
/// # Errors
/// Only those of the database.
pub fn renew(tx: &mut Tx<'_>, user: UserId, digest: &str, now: Instant) -> Outcome<()> {
    end(tx, user)?;
    tx.run(|c| {
        diesel::insert_into(feeds::table)
            .values((feeds::user_id.eq(user), feeds::digest.eq(digest), feeds::created_at.eq(now)))
            .execute(c)
    })
    .map(drop)
}

/// Ends somebody's address; false when there was none.
///
/// # Errors
/// Only those of the database.
pub fn end(tx: &mut Tx<'_>, user: UserId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(feeds::table.find(user)).execute(c)).map(|ended| ended > 0)
}

/// The interviews that somebody holds, or held, in the studies in which they still are: those that begin in
/// `[from, until)` and were not called off, by their start.
///
/// # Errors
/// Only those of the database.
pub fn interviews(
    tx: &mut Tx<'_>,
    user: UserId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<FeedInterview>> {
    tx.run(|c| {
        on_each!(c, |c| {
            interviews::table
                .inner_join(studies::table.on(studies::id.eq(interviews::study)))
                .inner_join(respondents::table.on(respondents::id.eq(interviews::respondent)))
                .inner_join(
                    members::table.on(members::study.eq(interviews::study).and(members::user_id.eq(user))),
                )
                .filter(interviews::interviewer.eq(user).or(interviews::second_interviewer.eq(user)))
                .filter(interviews::starts_at.ge(from))
                .filter(interviews::starts_at.lt(until))
                .filter(interviews::status.ne(InterviewStatus::Cancelled))
                .order((interviews::starts_at, interviews::id))
                .limit(LIMIT)
                .select((
                    interviews::id,
                    studies::title,
                    respondents::code,
                    interviews::starts_at,
                    interviews::ends_at,
                    interviews::mode,
                    interviews::sequence,
                    interviews::changed_at,
                ))
                .load(c)
        })
    })
}
