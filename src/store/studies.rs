//! Studies as their researchers set them up.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Tx;
use super::schema::studies;
use crate::clock::Instant;
use crate::domain::language::Language;
use crate::domain::study::{Study, StudyRules};
use crate::domain::text::EmailAddress;
use crate::id::StudyId;
use crate::problem::{Outcome, Problem};

/// A study's row.
#[derive(Debug, Clone)]
pub struct StudyRow {
    /// The study's id.
    pub id: StudyId,
    /// What it is.
    pub study: Study,
    /// When it stopped taking interviews.
    pub closed_at: Option<Instant>,
}

/// Finds a study.
///
/// # Errors
/// [`Problem::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: StudyId) -> Outcome<StudyRow> {
    type Head = (String, String, String, String, Language, NaiveDate, Option<Instant>);
    type Plan = (i32, i32, i32, i32, i32, Option<i32>, Option<NaiveDate>, Option<NaiveDate>);
    type Rest = (String, Option<String>, Option<String>);
    let (head, plan, rest): (Head, Plan, Rest) = tx.run(|c| {
        studies::table
            .find(id)
            .select((
                (
                    studies::title,
                    studies::organisation,
                    studies::contact_email,
                    studies::time_zone,
                    studies::language,
                    studies::population_on,
                    studies::closed_at,
                ),
                (
                    studies::interview_minutes,
                    studies::slot_step_minutes,
                    studies::buffer_minutes,
                    studies::min_notice_minutes,
                    studies::horizon_days,
                    studies::max_per_day,
                    studies::window_from,
                    studies::window_until,
                ),
                (studies::modes, studies::teams_link, studies::ethics),
            ))
            .first(c)
    })?;
    let unreadable = || Problem::internal("a study's row holds no study");
    Ok(StudyRow {
        id,
        closed_at: head.6,
        study: Study {
            title: head.0,
            organisation: head.1,
            contact_email: EmailAddress::parse(&head.2).map_err(|_| unreadable())?,
            rules: StudyRules {
                time_zone: head.3.parse().map_err(|_| unreadable())?,
                language: head.4,
                population_on: head.5,
                interview_minutes: plan.0,
                slot_step_minutes: plan.1,
                buffer_minutes: plan.2,
                min_notice_minutes: plan.3,
                horizon_days: plan.4,
                max_per_day: plan.5,
                window_from: plan.6,
                window_until: plan.7,
                modes: rest
                    .0
                    .split(',')
                    .map(str::parse)
                    .collect::<Result<_, ()>>()
                    .map_err(|()| unreadable())?,
                teams_link: rest.1,
                ethics: rest.2,
            },
        },
    })
}
