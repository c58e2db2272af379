//! Books an interview.

use super::arrange::{self, Search, Wish};
use super::delegate;
use super::tell::tell_of_new;
use super::want_meeting::want_meeting;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delegate::Delegate;
use crate::domain::interview::{Asker, Mode, may_book};
use crate::domain::letter::LetterKind;
use crate::domain::letter_facts::Change;
use crate::domain::meeting::LinkSource;
use crate::domain::proposal::ProposalState;
use crate::domain::respondent::{RespondentStatus, Step};
use crate::id::InterviewId;
use crate::problem::{Outcome, Problem, Wanted};
use crate::store::idempotency::Made;
use crate::store::interviews::Arrangement;
use crate::store::respondents::Respondent;
use crate::store::studies::StudyRow;
use crate::store::{
    Tx, consent_forms, consents, holds, interviews, proposals, reservations, respondents, strata, studies,
};

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
    book_as(tx, now, Actor::Respondent(respondent.id), respondent, wish, mail_domain)
}

/// Books it in the name of whoever asks: no notice binds researchers (E9), and the letters tell who did it.
pub(super) fn book_as(
    tx: &mut Tx<'_>,
    now: Instant,
    actor: Actor,
    respondent: &Respondent,
    wish: &Wish,
    mail_domain: &str,
) -> Outcome<Done<Made<InterviewId>>> {
    let study = studies::get(tx, respondent.study)?;
    check_may_book(tx, &study, respondent)?;
    let wish = &arrange::with_chosen(wish, respondent)?;
    arrange::check_wish(tx, &study, wish)?;
    // The notice binds respondents (E9); nobody books what is past.
    if wish.starts_at < now {
        return Err(Problem::TooSoon);
    }

    let search = search(tx, now, respondent, wish, Asker::of(actor))?;
    let offering = arrange::offering(tx, now, &study, wish, search)?;
    if let Some(stratum) = respondent.stratum {
        strata::take(tx, stratum)?;
    }
    let wanted = wanted(respondent, wish.mode, wish.starts_at);
    let arrangement = arrange::settle(tx, now, &study, wish, search, offering).map_err(&wanted)?;
    establish(tx, now, &study, respondent, &arrangement, mail_domain, (actor, wish.delegate.as_ref()))
}

/// A search for a first interview: the time that is kept for the respondent is theirs, with whom it is kept.
pub(super) fn search(
    tx: &mut Tx<'_>,
    now: Instant,
    respondent: &Respondent,
    wish: &Wish,
    asker: Asker,
) -> Outcome<Search> {
    let kept = holds::of(tx, respondent.id, now)?.filter(|hold| hold.starts_at == wish.starts_at);
    Ok(Search {
        asker,
        moving: None,
        second: None,
        holder: respondent.id,
        kept: kept.map(|hold| hold.interviewer),
        municipality: respondent.municipality,
    })
}

/// Writes down an interview that may be: the place in the stratum is taken, the row of the interviewer locked. Their
/// time is reserved, in the place of what was kept for the respondent; both sides are told, and what the respondent
/// proposed has lost its point.
///
/// # Errors
/// [`Problem::AlreadyBooked`], [`Problem::SlotTaken`] when somebody else was first.
pub(super) fn establish(
    tx: &mut Tx<'_>,
    now: Instant,
    study: &StudyRow,
    respondent: &Respondent,
    arrangement: &Arrangement,
    mail_domain: &str,
    (actor, delegate): (Actor, Option<&Delegate>),
) -> Outcome<Done<Made<InterviewId>>> {
    let whose = (study.id, respondent.id, respondent.stratum);
    let interview = interviews::insert(tx, whose, arrangement, mail_domain, now)?;
    let interview = delegate::named(tx, respondent, interview, delegate)?;
    let guard = arrange::guard(tx, study, arrangement, respondent.municipality)?;
    let wanted = wanted(respondent, arrangement.mode, arrangement.starts_at);
    let of = (interview.id, interview.interviewer);
    reservations::insert_first(tx, respondent.id, of, guard, now).map_err(wanted)?;
    if study.study.rules.teams_link_source == LinkSource::Graph {
        want_meeting(tx, now, study, &interview)?;
    }
    proposals::end_of(tx, respondent.id, ProposalState::Ended, now)?;

    let change = Change { by_respondent: actor.is_respondent(), ..Change::default() };
    let kinds = (LetterKind::Confirmation, LetterKind::InterviewerBooked);
    tell_of_new(tx, now, &interview, kinds, Some(&change))?;
    let status = respondent.status.after(Step::Booked)?;
    respondents::set_status(tx, respondent, status, actor, now)?;
    let entry = Entry::new(now, actor, "interview.booked").study(study.id).subject(&respondent.code);
    let entry = entry.field("interview", interview.id).field("starts_at", interview.starts_at);
    Ok(entry.field("mode", interview.mode).with(Made::new(201, interview.id)))
}

/// Whether a respondent may have an interview at all, before time and place are looked at.
///
/// # Errors
/// [`Problem::StudyClosed`], [`Problem::Withdrawn`], [`Problem::ConsentMissing`], [`Problem::AlreadyBooked`].
pub(super) fn check_may_book(tx: &mut Tx<'_>, study: &StudyRow, respondent: &Respondent) -> Outcome<()> {
    if study.closed_at.is_some() && respondent.status != RespondentStatus::Withdrawn {
        return Err(Problem::StudyClosed);
    }
    let shown = consent_forms::published_version(tx, study.id)?;
    let given = consents::current_version(tx, respondent.id)?;
    let has_interview = interviews::active_of(tx, respondent.id)?.is_some();
    may_book(respondent.status, given.is_some() && given == shown, has_interview)
}

/// Names the time that was refused, so that what is free near it can be looked up afterwards.
pub(super) fn wanted(
    respondent: &Respondent,
    mode: Mode,
    starts_at: Instant,
) -> impl Fn(Problem) -> Problem + use<> {
    let wanted = Wanted {
        study: respondent.study,
        respondent: Some(respondent.id),
        in_person: mode == Mode::InPerson,
        starts_at,
    };
    move |problem| match problem {
        Problem::SlotTaken { .. } => Problem::SlotTaken { wanted: Some(wanted) },
        other => other,
    }
}
