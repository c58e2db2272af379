//! Studies and the counter from which respondents get their codes.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Tx;
use super::dialect::{Conn, on_each};
use super::schema::{archived_studies as archive, members, studies};
use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::availability::WallTime;
use crate::domain::language::Language;
use crate::domain::study::{PrivacyNotice, Study, StudyRules};
use crate::domain::text::EmailAddress;
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};

/// A study with what the store keeps beside it.
#[derive(Debug, Clone)]
pub struct StudyRow {
    /// The study's id.
    pub id: StudyId,
    /// What its researchers set up.
    pub study: Study,
    /// How often it was changed, for If-Match.
    pub revision: i32,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it takes no bookings.
    pub closed_at: Option<Instant>,
}

/// A study as it stands in its columns.
#[derive(Queryable)]
struct Columns {
    id: StudyId,
    title: String,
    organisation: String,
    contact_email: String,
    time_zone: String,
    language: Language,
    population_on: NaiveDate,
    interview_minutes: i32,
    slot_step_minutes: i32,
    buffer_minutes: i32,
    min_notice_minutes: i32,
    horizon_days: i32,
    window_from: Option<NaiveDate>,
    window_until: Option<NaiveDate>,
    modes: String,
    teams_link: Option<String>,
    ethics: Option<String>,
    max_per_day: Option<i32>,
    _next_code: i32,
    revision: i32,
    created_at: Instant,
    closed_at: Option<Instant>,
    privacy_notice: String,
    max_reminders: i32,
    reminder_lead_minutes: String,
    quiet_from: Option<i32>,
    quiet_until: Option<i32>,
    min_reminder_days: i32,
    move_notice_minutes: i32,
    cancel_notice_minutes: i32,
    max_per_week: Option<i32>,
    public_holidays: bool,
}

impl Columns {
    fn read(self) -> Outcome<StudyRow> {
        let damaged = |what: &str| Problem::internal(format!("the study {} has a damaged {what}", self.id));
        let rules = StudyRules {
            time_zone: self.time_zone.parse().map_err(|_| damaged("time zone"))?,
            language: self.language,
            population_on: self.population_on,
            interview_minutes: self.interview_minutes,
            slot_step_minutes: self.slot_step_minutes,
            buffer_minutes: self.buffer_minutes,
            min_notice_minutes: self.min_notice_minutes,
            horizon_days: self.horizon_days,
            window_from: self.window_from,
            window_until: self.window_until,
            modes: self
                .modes
                .split(',')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(|()| damaged("mode"))?,
            teams_link: self.teams_link,
            ethics: self.ethics,
            max_per_day: self.max_per_day,
            max_reminders: self.max_reminders,
            min_reminder_days: self.min_reminder_days,
            reminder_lead_minutes: self
                .reminder_lead_minutes
                .split_terminator(',')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(|_| damaged("reminder"))?,
            quiet_from: self.quiet_from.and_then(WallTime::from_minute),
            quiet_until: self.quiet_until.and_then(WallTime::from_minute),
            move_notice_minutes: self.move_notice_minutes,
            cancel_notice_minutes: self.cancel_notice_minutes,
            max_per_week: self.max_per_week,
            public_holidays: self.public_holidays,
        };
        let contact_email =
            EmailAddress::parse(&self.contact_email).map_err(|_| damaged("contact address"))?;
        let privacy_notice: PrivacyNotice =
            serde_json::from_str(&self.privacy_notice).map_err(|_| damaged("privacy_notice"))?;
        let study = Study {
            title: self.title,
            organisation: self.organisation,
            contact_email,
            privacy_notice,
            rules,
        };
        let Self { id, revision, created_at, closed_at, .. } = self;
        Ok(StudyRow { id, study, revision, created_at, closed_at })
    }
}

/// What a researcher sets up, as columns: for a new row and for a change alike.
macro_rules! set_up {
    ($study:expr) => {{
        let Study { title, organisation, contact_email, privacy_notice, rules } = $study;
        let privacy_notice = serde_json::to_string(privacy_notice).map_err(Problem::internal)?;
        let leads: Vec<String> = rules.reminder_lead_minutes.iter().map(ToString::to_string).collect();
        let modes: Vec<&str> = rules.modes.iter().map(|mode| mode.as_str()).collect();
        (
            studies::title.eq(title),
            studies::organisation.eq(organisation),
            studies::contact_email.eq(contact_email.as_str()),
            studies::time_zone.eq(rules.time_zone.name()),
            studies::language.eq(rules.language),
            studies::population_on.eq(rules.population_on),
            studies::interview_minutes.eq(rules.interview_minutes),
            studies::slot_step_minutes.eq(rules.slot_step_minutes),
            studies::buffer_minutes.eq(rules.buffer_minutes),
            studies::min_notice_minutes.eq(rules.min_notice_minutes),
            studies::horizon_days.eq(rules.horizon_days),
            studies::window_from.eq(rules.window_from),
            studies::window_until.eq(rules.window_until),
            studies::modes.eq(modes.join(",")),
            studies::teams_link.eq(rules.teams_link.as_deref()),
            studies::ethics.eq(rules.ethics.as_deref()),
            studies::max_per_day.eq(rules.max_per_day),
            studies::privacy_notice.eq(privacy_notice),
            studies::max_reminders.eq(rules.max_reminders),
            studies::min_reminder_days.eq(rules.min_reminder_days),
            studies::reminder_lead_minutes.eq(leads.join(",")),
            studies::quiet_from.eq(rules.quiet_from.map(WallTime::minute)),
            studies::quiet_until.eq(rules.quiet_until.map(WallTime::minute)),
            studies::move_notice_minutes.eq(rules.move_notice_minutes),
            studies::cancel_notice_minutes.eq(rules.cancel_notice_minutes),
            studies::max_per_week.eq(rules.max_per_week),
            studies::public_holidays.eq(rules.public_holidays),
        )
    }};
}

/// Finds a study.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: StudyId) -> Outcome<StudyRow> {
    tx.run(|c| on_each!(c, |c| studies::table.find(id).first::<Columns>(c)))?.read()
}

/// A study of a person with their role in it, and since when it is archived.
pub type Membership = (StudyRow, Role, Option<Instant>);

/// The studies of a person in the order of their making; only those in the archive or only the others, if asked for.
///
/// # Errors
/// Only those of the database.
pub fn of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    (after, archived): (Option<StudyId>, Option<bool>),
    limit: i64,
) -> Outcome<Vec<Membership>> {
    let mut query = studies::table
        .inner_join(members::table.on(members::study.eq(studies::id)))
        .left_join(archive::table.on(archive::study.eq(studies::id)))
        .into_boxed::<super::dialect::Backend>()
        .filter(members::user_id.eq(user))
        .select((studies::all_columns, members::role, archive::archived_at.nullable()))
        .order(studies::id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(studies::id.gt(after));
    }
    query = match archived {
        Some(true) => query.filter(archive::study.nullable().is_not_null()),
        Some(false) => query.filter(archive::study.nullable().is_null()),
        None => query,
    };
    let rows: Vec<(Columns, Role, Option<Instant>)> = tx.run(|c| query.load(c))?;
    rows.into_iter().map(|(columns, role, archived_at)| Ok((columns.read()?, role, archived_at))).collect()
}

/// Every study with the date that decides its size classes.
///
/// # Errors
/// Only those of the database.
pub fn dates(tx: &mut Tx<'_>) -> Outcome<Vec<(StudyId, NaiveDate)>> {
    tx.run(|c| studies::table.order(studies::id).select((studies::id, studies::population_on)).load(c))
}

/// Adds a study.
///
/// # Errors
/// Only those of the database.
pub fn insert(tx: &mut Tx<'_>, study: &Study, now: Instant) -> Outcome<StudyId> {
    let id = StudyId::new();
    let set_up = set_up!(study);
    tx.run(|c| {
        diesel::insert_into(studies::table)
            .values((
                studies::id.eq(id),
                set_up,
                studies::next_code.eq(1),
                studies::revision.eq(1),
                studies::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(id)
}

/// Changes what its researchers set up.
///
/// # Errors
/// Only those of the database.
pub fn update(tx: &mut Tx<'_>, id: StudyId, study: &Study) -> Outcome<()> {
    let set_up = set_up!(study);
    tx.run(|c| {
        diesel::update(studies::table.find(id))
            .set((set_up, studies::revision.eq(studies::revision + 1)))
            .execute(c)
    })
    .map(drop)
}

/// Closes a study, or opens it again.
///
/// # Errors
/// Only those of the database.
pub fn set_closed(tx: &mut Tx<'_>, id: StudyId, closed_at: Option<Instant>) -> Outcome<()> {
    tx.run(|c| {
        diesel::update(studies::table.find(id))
            .set((studies::closed_at.eq(closed_at), studies::revision.eq(studies::revision + 1)))
            .execute(c)
    })
    .map(drop)
}

/// Puts a study into the archive.
///
/// # Errors
/// Only those of the database.
pub fn archive(tx: &mut Tx<'_>, id: StudyId, now: Instant) -> Outcome<()> {
    tx.run(|c| {
        diesel::insert_into(archive::table)
            .values((archive::study.eq(id), archive::archived_at.eq(now)))
            .execute(c)
    })
    .map(drop)
}

/// Takes a study out of the archive; false when it was not there.
///
/// # Errors
/// Only those of the database.
pub fn unarchive(tx: &mut Tx<'_>, id: StudyId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(archive::table.find(id)).execute(c)).map(|gone| gone > 0)
}

/// Since when a study is in the archive, if it is.
///
/// # Errors
/// Only those of the database.
pub fn archived_at(tx: &mut Tx<'_>, id: StudyId) -> Outcome<Option<Instant>> {
    tx.maybe(|c| on_each!(c, |c| archive::table.find(id).select(archive::archived_at).first(c)))
}

/// Takes so many numbers for codes; answers the first of them. A number is never given out twice.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such study.
pub fn take_numbers(tx: &mut Tx<'_>, id: StudyId, count: u32) -> Outcome<u32> {
    let count = i32::try_from(count).map_err(Problem::internal)?;
    let next: i32 = tx.run(|c| {
        diesel::update(studies::table.find(id))
            .set(studies::next_code.eq(studies::next_code + count))
            .returning(studies::next_code)
            .get_result(c)
    })?;
    u32::try_from(next - count).map_err(Problem::internal)
}

/// Locks a study until the transaction ends: its members, its strata and who belongs to which of them change in one
/// transaction at a time. It comes before every other lock. SQLite has one writer and needs none.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such study.
pub fn lock(tx: &mut Tx<'_>, id: StudyId) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            studies::table.find(id).select(studies::id).for_update().first::<StudyId>(c).map(drop)
        }
    })
}

/// Keeps others from [locking](lock) a study until the transaction ends, and no more than that: bookings hold it side
/// by side. To be called before the stratum of a respondent is read to act on it.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such study.
pub fn hold(tx: &mut Tx<'_>, id: StudyId) -> Outcome<()> {
    tx.run(|c| match c {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            studies::table.find(id).select(studies::id).for_key_share().first::<StudyId>(c).map(drop)
        }
    })
}
