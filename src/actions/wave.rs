//! Sends a wave of invitations or reminders: everybody whom it is meant for gets a letter, or a reason why not (E17).
//!
//! A wave may be meant for a hundred thousand people, so it goes on in many short transactions between which others
//! get their turn. Each goes on where the last one ended, so that a wave that was broken off can be completed by
//! sending the same request again.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::letter_facts::{About, LetterFacts};
use crate::domain::respondent::{Candidate, SkipReason};
use crate::domain::wave::{Fitting, Patience, Selection, WaveKind, reminder_skipped};
use crate::id::{RespondentId, StudyId, UserId, WaveId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::letters::{NewLetter, Recipient};
use crate::store::respondents::Filter;
use crate::store::waves::{Among, Known, WaveOutcome};
use crate::store::{Tx, consent_forms, letters, members, strata, studies, waves};

/// How many respondents one transaction deals with.
const AT_ONCE: usize = 250;

/// Begins a wave. Nothing is sent yet: see [`continue_wave`].
///
/// # Errors
/// Those of access, [`Problem::StudyClosed`], and a stratum that the study does not have.
pub fn begin_wave(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    study: StudyId,
    kind: WaveKind,
    selection: &Selection,
) -> Outcome<Done<Made<WaveId>>> {
    members::require(tx, study, user, Right::Letters)?;
    strata::by_key(tx, study, selection.stratum.as_deref())?;
    if studies::get(tx, study)?.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    let wave = waves::insert(tx, study, (kind, selection), user, now)?;
    let entry = Entry::new(now, Actor::User(user), "wave.begun").study(study).subject(wave);
    Ok(entry.field("kind", kind).with(Made::new(200, wave)))
}

/// Goes on with a wave. True when there is more to do.
///
/// # Errors
/// As [`begin_wave`].
pub fn continue_wave(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    wave: WaveId,
    selection: &Selection,
) -> Outcome<Done<bool>> {
    let wave = waves::lock(tx, wave)?;
    // Before anything is told of it: what an ended wave came to is the answer to a repeat of its request.
    members::require(tx, wave.study, user, Right::Letters)?;
    if wave.ended_at.is_some() {
        return Ok(Done::housekeeping(false));
    }
    if studies::get(tx, wave.study)?.closed_at.is_some() {
        waves::end(tx, wave.id, now)?;
        return Ok(Done::housekeeping(false));
    }
    let after = waves::reached(tx, wave.id)?;
    let step = judged(tx, now, wave.study, wave.kind, selection, after, wave.id)?;
    let mut willing: Vec<RespondentId> =
        step.judged.iter().filter(|(_, skipped)| skipped.is_none()).map(|(id, _)| *id).collect();
    if wave.kind == WaveKind::Invitations {
        willing = waves::mark_invited(tx, &willing, Actor::User(user), now)?;
    }
    let willing: BTreeSet<RespondentId> = willing.into_iter().collect();
    let occasion = match wave.kind {
        // There is one first letter for life, whatever happens.
        WaveKind::Invitations => "study".to_owned(),
        WaveKind::Reminders => wave.id.to_string(),
    };
    let letter = |respondent: &RespondentId| NewLetter {
        study: wave.study,
        recipient: Recipient::Respondent(*respondent),
        respondent: Some(*respondent),
        kind: wave.kind.letter(),
        occasion: occasion.clone(),
        interview: None,
        facts: LetterFacts::about(About::Study),
        due_at: now,
    };
    letters::put_many(tx, &willing.iter().map(letter).collect::<Vec<_>>(), now)?;
    let outcomes: Vec<WaveOutcome> = step
        .judged
        .into_iter()
        .map(|(id, skipped)| match skipped {
            // Another wave came first, between the look and the step.
            None if !willing.contains(&id) => (id, Some(SkipReason::AlreadyInvited)),
            skipped => (id, skipped),
        })
        .collect();
    waves::note(tx, wave.id, &outcomes)?;
    if !step.more {
        waves::end(tx, wave.id, now)?;
    }
    let entries = willing.iter().filter_map(|id| {
        let entry = Entry::new(now, Actor::User(user), "letter.queued").study(wave.study);
        Some(entry.subject(step.codes.get(id)?).field("kind", wave.kind.letter()))
    });
    Ok(entries.fold(Done::housekeeping(step.more), Done::and))
}

/// Goes on with a wave in the name of whoever began it. Where they may not write letters any more, or whom it was for
/// can't be told any more, it ends where it is. True when there is more to do.
///
/// # Errors
/// Only those of the database.
pub fn carry_on(tx: &mut Tx<'_>, now: Instant, id: WaveId, selection: &Selection) -> Outcome<Done<bool>> {
    let wave = waves::get(tx, id)?;
    let may = members::require(tx, wave.study, wave.by, Right::Letters);
    match may.and_then(|_| continue_wave(tx, now, wave.by, id, selection)) {
        Err(Problem::NotFound | Problem::Forbidden | Problem::StudyArchived | Problem::Invalid(_)) => {
            waves::end(tx, id, now)?;
            let entry = Entry::new(now, Actor::System, "wave.stopped").study(wave.study).subject(id);
            Ok(entry.with(false))
        }
        done => done,
    }
}

/// Whom a wave would bring a letter and whom not, without changing anything; answers after whom to go on.
///
/// # Errors
/// As [`begin_wave`].
pub fn foresee(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    (study, kind): (StudyId, WaveKind),
    selection: &Selection,
    (after, before): (Option<RespondentId>, WaveId),
) -> Outcome<(Vec<WaveOutcome>, bool)> {
    members::require(tx, study, user, Right::Letters)?;
    if studies::get(tx, study)?.closed_at.is_some() {
        return Err(Problem::StudyClosed);
    }
    let step = judged(tx, now, study, kind, selection, after, before)?;
    Ok((step.judged, step.more))
}

/// A stretch of a wave.
struct Step {
    judged: Vec<WaveOutcome>,
    codes: BTreeMap<RespondentId, String>,
    more: bool,
}

fn judged(
    tx: &mut Tx<'_>,
    now: Instant,
    study: StudyId,
    kind: WaveKind,
    selection: &Selection,
    after: Option<RespondentId>,
    before: WaveId,
) -> Outcome<Step> {
    let stratum = strata::by_key(tx, study, selection.stratum.as_deref())?;
    let has_consent_form = consent_forms::published_version(tx, study)?.is_some();
    let named = selection.named_after(after, AT_ONCE);
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let among = if let Some(named) = named {
        Among::Named(named)
    } else {
        let Fitting { status, municipality, wave, import } = selection.fitting;
        Among::All {
            filter: Filter { status, stratum, municipality, wave, import, only: None, after },
            before,
            limit,
        }
    };
    let known = waves::known(tx, study, among)?;
    let more = named.map_or(known.len(), <[_]>::len) == AT_ONCE;
    let ids: Vec<RespondentId> = known.iter().map(|known| known.id).collect();
    let last = match kind {
        WaveKind::Invitations => BTreeMap::new(),
        WaveKind::Reminders => waves::approached(tx, &ids)?,
    };
    let rules = studies::get(tx, study)?.study.rules;
    let patience = Patience { max_reminders: rules.max_reminders, min_days: rules.min_reminder_days };
    let judge = |known: &Known| {
        let candidate = Candidate {
            status: known.status,
            has_opted_out: known.has_opted_out(),
            has_consent_form,
            taken: known.taken.unwrap_or(0),
            cap: known.cap,
        };
        if stratum.is_some() && known.stratum != stratum {
            return Some(SkipReason::OtherStratum);
        }
        if known.contact_removed_at.is_some() {
            return Some(SkipReason::ContactRemoved);
        }
        match kind {
            WaveKind::Invitations => candidate.skipped(),
            WaveKind::Reminders => {
                let last = last.get(&known.id).copied();
                reminder_skipped(&candidate, last, patience, now)
            }
        }
    };
    let found: BTreeMap<RespondentId, Option<SkipReason>> =
        known.iter().map(|known| (known.id, judge(known))).collect();
    let judged = match named {
        Some(named) => named
            .iter()
            .map(|id| (*id, found.get(id).copied().unwrap_or(Some(SkipReason::Unknown))))
            .collect(),
        None => found.into_iter().collect(),
    };
    Ok(Step { judged, codes: known.into_iter().map(|known| (known.id, known.code)).collect(), more })
}
