//! Begins a study with what was set up for another: never with its people, their answers or its members.

use super::create_study::check_date;
use crate::clock::Instant;
use crate::domain::access::{Right, Role};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::availability::Availability;
use crate::domain::stratum::StratumPlan;
use crate::domain::study::{PrivacyNotice, Study, StudyPatch};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::idempotency::Made;
use crate::store::{
    Tx, availability, consent_forms, guides, letter_texts, members, municipalities, strata, studies,
};

/// What a copy takes over besides how interviews are planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box that is ticked or not")]
pub struct Parts {
    /// The strata with their targets and caps; without them the usual ones.
    pub strata: bool,
    /// The consent form that is in use, as a draft.
    pub consent_form: bool,
    /// The guide that is in use, as a draft.
    pub guide: bool,
    /// The study's own words for letters.
    pub wordings: bool,
    /// What is told about personal data.
    pub privacy_notice: bool,
    /// The hours of whoever copies.
    pub availability: bool,
}

/// Copies a study, of the archive too, under another title; whoever copies is the owner of the new one. What held for
/// the old one alone is left out: the ethical review, the window of the fieldwork, the fixed online meeting.
///
/// # Errors
/// Those of access; [`Problem::Invalid`] for the title.
pub fn copy_study(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    from: StudyId,
    title: &str,
    parts: Parts,
) -> Outcome<Done<Made<StudyId>>> {
    studies::hold(tx, from)?;
    members::require_though_archived(tx, from, user, Right::ChangeStudy)?;
    let study = renamed(&studies::get(tx, from)?.study, title, parts)?;
    let places = municipalities::places(tx)?;
    check_date(&places, &study)?;
    let to = studies::insert(tx, &study, now)?;
    members::insert(tx, to, user, Role::Owner, now)?;
    copy_strata(tx, (from, to), &study, parts)?;
    if let Some(form) = consent_forms::published(tx, from)?.filter(|_| parts.consent_form) {
        consent_forms::insert(tx, to, &form.body, now)?;
    }
    if let Some(record) = guides::latest(tx, from)?.filter(|_| parts.guide) {
        guides::insert(tx, to, &record.guide, now)?;
    }
    if parts.wordings {
        copy_wordings(tx, now, (from, to))?;
    }
    if parts.availability {
        copy_hours(tx, user, (from, to))?;
    }
    let entry = Entry::new(now, Actor::User(user), "study.copied").study(to).subject(to);
    Ok(entry.field("from", from).field("parts", format!("{parts:?}")).with(Made::new(201, to)))
}

fn renamed(old: &Study, title: &str, parts: Parts) -> Outcome<Study> {
    let patch = StudyPatch { title: Some(title.to_owned()), ..StudyPatch::default() };
    let mut study = old.change(&patch).map_err(Problem::Invalid)?;
    study.rules.ethics = None;
    study.rules.teams_link = None;
    (study.rules.window_from, study.rules.window_until) = (None, None);
    if !parts.privacy_notice {
        study.privacy_notice = PrivacyNotice::default();
    }
    Ok(study)
}

fn copy_strata(tx: &mut Tx<'_>, (from, to): (StudyId, StudyId), study: &Study, parts: Parts) -> Outcome<()> {
    let plans: Vec<StratumPlan> = if parts.strata {
        strata::of_study(tx, from)?.iter().map(strata::Stratum::plan).collect()
    } else {
        StratumPlan::defaults(study.rules.language).into_iter().collect()
    };
    for (position, plan) in (0..).zip(&plans) {
        strata::insert(tx, to, plan, position)?;
    }
    Ok(())
}

fn copy_wordings(tx: &mut Tx<'_>, now: Instant, (from, to): (StudyId, StudyId)) -> Outcome<()> {
    for (kind, language, _) in letter_texts::of_study(tx, from)? {
        if let Some(text) = letter_texts::get(tx, from, kind, language)? {
            letter_texts::set(tx, to, kind, language, &text.wording, now)?;
        }
    }
    Ok(())
}

/// The hours of one person. Single dates are left out: they belong to the weeks of the old study.
fn copy_hours(tx: &mut Tx<'_>, user: UserId, (from, to): (StudyId, StudyId)) -> Outcome<()> {
    let mut rules = availability::of_study(tx, from)?.rules;
    rules.retain(|rule| rule.interviewer == user);
    availability::replace(tx, to, &[user], &Availability { rules, exceptions: Vec::new() })
}
