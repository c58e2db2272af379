//! Books an interview.

use super::arrange::{self, Search, Wish};
use super::delegate;
use super::tell::tell_all;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::interview::{Asker, Mode, Seat, may_book};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::Change;
use crate::domain::respondent::{RespondentStatus, Step};
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem, Wanted};
use crate::store::idempotency::Made;
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{Tx, consent_forms, consents, interviews, reservations, respondents, strata, studies};

/// Books an interview for a respondent who is locked already. `mail_domain` is what identifiers in calendars end in
/// (E20).
///
/// # Errors
/// In the order of E11: [`Problem::Withdrawn`], [`Problem::StudyClosed`], [`Problem::ConsentMissing`],
/// [`Problem::AlreadyBooked`], what is wrong with the wish and its time, [`Problem::QuotaFull`],
/// [`Problem::SlotTaken`].
pub fn book(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    wish: &Wish,
    mail_domain: &str,
) -> Outcome<Done<Made<InterviewId>>> {
    let study = studies::get(tx, respondent.study)?;
    check_may_book(tx, &study, respondent)?;
    let wish = &arrange::with_chosen(wish, respondent)?;
    arrange::check_wish(tx, &study, wish)?;

    let municipality = respondent.municipality;
    let search = Search { asker: Asker::Respondent, moving: None, second: None, municipality };
    let offering = arrange::offering(tx, now, &study, wish, search)?;
    if let Some(stratum) = respondent.stratum {
        strata::take(tx, stratum)?;
    }
    let wanted = wanted(respondent, wish);
    let arrangement = arrange::settle(tx, now, &study, wish, search, offering).map_err(&wanted)?;

    let whose = (study.id, respondent.id, respondent.stratum);
    let interview = interviews::insert(tx, whose, &arrangement, mail_domain, now)?;
    let interview = delegate::named(tx, respondent, interview, wish.delegate.as_ref())?;
    let guard = arrange::guard(tx, &study, &arrangement, municipality)?;
    reservations::insert(tx, interview.interviewer, (interview.id, Seat::First), guard).map_err(&wanted)?;

    let change = Change { by_respondent: true, ..Change::default() };
    let kinds = (LetterKind::Confirmation, LetterKind::InterviewerBooked);
    tell_all(tx, now, &interview, kinds, Some(&change))?;
    let (actor, status) = (Actor::Respondent(respondent.id), respondent.status.after(Step::Booked)?);
    respondents::set_status(tx, respondent, status, actor, now)?;
    let entry = Entry::new(now, actor, "interview.booked").study(study.id).subject(&respondent.code);
    let entry = entry.field("interview", interview.id).field("starts_at", interview.starts_at);
    Ok(entry.field("mode", interview.mode).with(Made::new(201, interview.id)))
}

fn check_may_book(tx: &mut Tx<'_>, study: &StudyRow, respondent: &Respondent) -> Outcome<()> {
    if study.closed_at.is_some() && respondent.status != RespondentStatus::Withdrawn {
        return Err(Problem::StudyClosed);
    }
    let shown = consent_forms::published_version(tx, study.id)?;
    let given = consents::current(tx, respondent.id)?.map(|consent| consent.version);
    let has_interview = interviews::active_of(tx, respondent.id)?.is_some();
    may_book(respondent.status, given.is_some() && given == shown, has_interview)
}

/// Names the time that was refused, so that what is free near it can be looked up afterwards.
pub(super) fn wanted(respondent: &Respondent, wish: &Wish) -> impl Fn(Problem) -> Problem + use<> {
    let wanted = Wanted {
        study: respondent.study,
        respondent: Some(respondent.id),
        in_person: wish.mode == Mode::InPerson,
        starts_at: wish.starts_at,
    };
    move |problem| match problem {
        Problem::SlotTaken { .. } => Problem::SlotTaken { wanted: Some(wanted) },
        other => other,
    }
}
