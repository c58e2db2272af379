//! Keeps the moment that a respondent chose while they fill in the form, and gives it back.

use super::arrange::{self, Wish};
use super::book::{check_may_book, search, wanted};
use super::pace::demand_pace;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::hold::{HOLDS, Hold, KEPT_MINUTES, WINDOW_SECONDS};
use crate::domain::interview::{Asker, Mode};
use crate::id::{RespondentId, UserId};
use crate::keys::About;
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::respondents::Respondent;
use crate::store::{Tx, holds, strata, studies, throttles};

/// The moment that a respondent chose.
#[derive(Debug, Clone, Copy, utoipa::ToSchema)]
#[schema(as = HoldWish)]
pub struct Choice {
    /// When the interview would begin.
    pub starts_at: Instant,
    /// How it would be held, which decides the interviewer's travel.
    pub mode: Mode,
    /// Who would hold it; null for whoever is free.
    pub interviewer: Option<UserId>,
}

impl Choice {
    fn wish(self) -> Wish {
        let Self { starts_at, mode, interviewer } = self;
        Wish { starts_at, mode, place: None, interviewer, delegate: None }
    }
}

/// Keeps a moment for a respondent, who is locked already, in the place of the one that was kept for them before: only
/// one that they could book now. A place in their stratum is not kept.
///
/// # Errors
/// Those of booking it, in the order of E11: [`Problem::Withdrawn`], [`Problem::StudyClosed`],
/// [`Problem::ConsentMissing`], [`Problem::AlreadyBooked`], what is wrong with the choice and its time,
/// [`Problem::QuotaFull`], [`Problem::SlotTaken`]; [`Problem::Throttled`] after too many.
pub fn hold(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    choice: Choice,
) -> Outcome<Done<Made<RespondentId>>> {
    let study = studies::get(tx, respondent.study)?;
    check_may_book(tx, &study, respondent)?;
    let wish = &arrange::with_chosen(&choice.wish(), respondent)?;
    arrange::check_wish(tx, &study, wish)?;
    let search = search(tx, now, respondent, wish, Asker::Respondent)?;
    let offering = arrange::offering(tx, now, &study, wish, search)?;
    if let Some(stratum) = respondent.stratum
        && strata::is_full(tx, stratum)?
    {
        return Err(Problem::QuotaFull);
    }
    demand_measure(tx, now, respondent)?;
    let wanted = wanted(respondent, wish.mode, wish.starts_at);
    let arrangement = arrange::settle(tx, now, &study, wish, search, offering).map_err(&wanted)?;
    let guard = arrange::guard(tx, &study, &arrangement, respondent.municipality)?;
    let hold = Hold {
        interviewer: arrangement.interviewer,
        starts_at: arrangement.starts_at,
        ends_at: arrangement.ends_at,
        mode: arrangement.mode,
        kept_until: now.plus_minutes(KEPT_MINUTES),
    };
    holds::keep(tx, respondent.id, &hold, guard, now).map_err(&wanted)?;
    let entry = Entry::new(now, Actor::Respondent(respondent.id), "hold.made").study(study.id);
    let entry = entry.subject(&respondent.code).field("starts_at", hold.starts_at).field("mode", hold.mode);
    Ok(entry.with(Made::new(201, respondent.id)))
}

/// Counts one more, if there may be.
fn demand_measure(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<()> {
    let subject = tx.keys().digest(About::Guess, &[b"hold", respondent.id.as_str().as_bytes()]);
    demand_pace(throttles::count(tx, &subject, now, HOLDS, WINDOW_SECONDS)?, now)
}

/// Gives back what is kept for a respondent, who is locked already; where nothing is, nothing happens.
///
/// # Errors
/// Only those of the database.
pub fn end_hold(tx: &mut Tx<'_>, now: Instant, respondent: &Respondent) -> Outcome<Done<Made<RespondentId>>> {
    let made = Made::new(204, respondent.id);
    if !holds::drop_of(tx, respondent.id)? {
        return Ok(Done::housekeeping(made));
    }
    let entry = Entry::new(now, Actor::Respondent(respondent.id), "hold.ended").study(respondent.study);
    Ok(entry.subject(&respondent.code).with(made))
}
