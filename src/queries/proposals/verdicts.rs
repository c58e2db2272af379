//! What the moments of proposals come to: the same that accepting one looks at. The diary of each interviewer is read
//! once for all of them, over the whole time in which they lie, so the number of statements does not grow with the
//! moments.

use std::collections::BTreeMap;

use super::{ProposedMoment, Verdict};
use crate::clock::Instant;
use crate::domain::access::{Member, Right};
use crate::domain::availability::{Diaries, Hours, Reason, Reservation};
use crate::domain::interview::{Asker, Mode};
use crate::domain::municipality::MunicipalityCode;
use crate::domain::proposal::may_accept;
use crate::id::UserId;
use crate::problem::Outcome;
use crate::queries::slots::against_second;
use crate::store::members::MemberItem;
use crate::store::proposals::Proposal;
use crate::store::reservations::{self, Look, Taken};
use crate::store::studies::StudyRow;
use crate::store::{Tx, availability, travel};

/// For whom a proposal is.
pub(super) struct Whose {
    /// Where one would travel to.
    pub(super) municipality: MunicipalityCode,
    /// Who comes along to the interview that would move.
    pub(super) second: Option<UserId>,
    /// Whether something is in the way at any time.
    pub(super) hindered: bool,
}

/// What somebody's time is taken by.
struct Diary {
    planned: Vec<Taken>,
    kept_free: Vec<Reservation>,
}

/// The diaries of a study, as far as they were asked for.
pub(super) struct Judge<'a> {
    study: &'a StudyRow,
    team: &'a [MemberItem],
    member: Member,
    now: Instant,
    span: (Instant, Instant),
    hours: BTreeMap<UserId, Hours>,
    diaries: BTreeMap<UserId, Diary>,
    ways: BTreeMap<(Mode, MunicipalityCode), BTreeMap<UserId, i32>>,
}

impl<'a> Judge<'a> {
    /// A judge of the moments of some proposals.
    ///
    /// # Errors
    /// Only those of the database.
    pub(super) fn new<'p>(
        tx: &mut Tx<'_>,
        study: &'a StudyRow,
        team: &'a [MemberItem],
        member: Member,
        proposals: impl Iterator<Item = &'p Proposal>,
        now: Instant,
    ) -> Outcome<Self> {
        let days = study.study.rules.timing().days_around();
        let moments: Vec<Instant> = proposals.flat_map(Proposal::moments).collect();
        let (first, last) = (moments.iter().min(), moments.iter().max());
        let span = (first.map_or(now, |at| at.plus_days(-days)), last.map_or(now, |at| at.plus_days(days)));
        let hours = availability::of_study(tx, study.id)?.by_interviewer();
        Ok(Self { study, team, member, now, span, hours, diaries: BTreeMap::new(), ways: BTreeMap::new() })
    }

    /// What each moment of a proposal comes to.
    ///
    /// # Errors
    /// Only those of the database.
    pub(super) fn judge(
        &mut self,
        tx: &mut Tx<'_>,
        row: &Proposal,
        whose: &Whose,
    ) -> Outcome<Vec<ProposedMoment>> {
        let team = self.team;
        for who in team.iter().map(|one| one.user).chain(whose.second) {
            self.read(tx, who)?;
        }
        let ways = self.ways(tx, row.mode, whose.municipality)?;
        Ok(row.moments().map(|moment| self.moment(row, moment, whose, &ways)).collect())
    }

    fn moment(
        &self,
        row: &Proposal,
        starts_at: Instant,
        whose: &Whose,
        ways: &BTreeMap<UserId, i32>,
    ) -> ProposedMoment {
        let timing = self.study.study.rules.timing();
        let (ends_at, days) = (timing.ends_at(starts_at), timing.days_around());
        let span = (starts_at.plus_days(-days), starts_at.plus_days(days));
        let hours = self.team.iter().map(|one| {
            let theirs = self.hours.get(&one.user).cloned().unwrap_or_default();
            (one.user, theirs)
        });
        let taken = self.team.iter().flat_map(|one| {
            let user = one.user;
            self.taken(row, user, span).into_iter().map(move |taken| (user, taken))
        });
        let diaries = Diaries::new(timing.clone(), hours.collect(), taken.collect()).travelling(ways);
        let mut reasons = diaries.reasons(starts_at, Asker::Researcher, self.now);
        let seconds = whose.second.map(|second| {
            let minutes = ways.get(&second).copied().unwrap_or_default();
            let wanted = timing.reservation(starts_at, minutes);
            (second, against_second(&self.taken(row, second, (wanted.from, wanted.until)), wanted))
        });
        let mut verdict = |one: &MemberItem| {
            let mut reasons = reasons.remove(&one.user).unwrap_or_default();
            if let Some((second, against)) = &seconds
                && *second != one.user
            {
                reasons.extend(against);
            }
            if starts_at <= self.now {
                reasons.push(Reason::Past);
            }
            let decides_hours = one.user == self.member.user() || self.member.may(Right::PlanForOthers);
            let free = !whose.hindered && may_accept(&reasons, decides_hours).is_ok();
            Verdict { interviewer: one.user, name: one.name.clone(), free, reasons }
        };
        ProposedMoment { starts_at, ends_at, interviewers: self.team.iter().map(&mut verdict).collect() }
    }

    /// What takes somebody's time in a stretch and stands in the way of a proposal.
    fn taken(&self, row: &Proposal, who: UserId, (from, until): (Instant, Instant)) -> Vec<Reservation> {
        let Some(diary) = self.diaries.get(&who) else { return Vec::new() };
        let look = Look { now: self.now, moving: row.interview, holder: Some(row.respondent) };
        let planned = diary.planned.iter().filter(|taken| look.minds(taken)).map(|taken| taken.reservation);
        let all = planned.chain(diary.kept_free.iter().copied());
        all.filter(|taken| taken.from < until && from < taken.until).collect()
    }

    fn read(&mut self, tx: &mut Tx<'_>, who: UserId) -> Outcome<()> {
        if self.diaries.contains_key(&who) {
            return Ok(());
        }
        let planned = reservations::all(tx, who, self.span, self.now)?;
        let kept_free = availability::kept_free(tx, who, self.span)?;
        self.diaries.insert(who, Diary { planned, kept_free });
        Ok(())
    }

    fn ways(
        &mut self,
        tx: &mut Tx<'_>,
        mode: Mode,
        municipality: MunicipalityCode,
    ) -> Outcome<BTreeMap<UserId, i32>> {
        if let Some(known) = self.ways.get(&(mode, municipality)) {
            return Ok(known.clone());
        }
        let ways = travel::of_all(tx, self.study.id, mode, Some(municipality))?;
        self.ways.insert((mode, municipality), ways.clone());
        Ok(ways)
    }
}
