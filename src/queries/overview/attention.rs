//! What waits for somebody in a study: each with what a page needs to lead there.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Ground, StratumOverview};
use crate::clock::Instant;
use crate::domain::availability::date_at;
use crate::domain::meeting::MeetingState;
use crate::domain::recruitment::{HOURS_NEAR, Lag, Progress, Window};
use crate::domain::respondent::RespondentStatus;
use crate::id::InterviewId;
use crate::problem::Outcome;
use crate::store::due::{self, Waiting};
use crate::store::{
    Tx, attendances, calendars, consent_forms, contacts, incoming_mail, proposals, referrals,
};

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AttentionItem)]
pub struct Attention {
    /// What it is.
    pub kind: AttentionKind,
    /// How many proposals, colleagues, letters, interviews, invitations or strata it is about. Of a stratum that is
    /// behind and of the fieldwork it is how many interviews stand; of a stratum with few candidates, how many are
    /// missing.
    pub count: i64,
    /// With what `count` is compared: how many interviews should stand, or how many candidates are left.
    pub of: Option<i64>,
    /// The key of the stratum that it is about.
    pub stratum: Option<String>,
    /// The interview, if it is about only one.
    pub interview: Option<InterviewId>,
    /// The last day of the fieldwork.
    pub on: Option<NaiveDate>,
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    /// Respondents proposed moments and wait for an answer.
    WaitingProposals,
    /// Respondents named colleagues whom nobody has invited yet.
    NamedColleagues,
    /// Letters failed for good.
    FailedLetters,
    /// Teams meetings could not be made, moved or ended.
    FailedMeetings,
    /// Teams meetings are being made, moved or ended.
    WaitingMeetings,
    /// Addresses take no mail.
    BouncingAddresses,
    /// Somebody who is to be there declined, in their calendar, the time of a planned interview.
    DeclinedInvites,
    /// Messages came in that only a person can understand.
    WaitingMail,
    /// Planned online interviews have no link to join them by.
    MissingLinks,
    /// Interviews are over, and nobody has told what became of them.
    OpenInterviews,
    /// Planned interviews begin within two days.
    NearInterviews,
    /// Calendars in which interviewers are busy can't be read.
    FailingCalendars,
    /// Interviews took place, and nothing was written on their sheet.
    EmptySheets,
    /// The fieldwork ends within two weeks or is over, and interviews are missing.
    WindowEnds,
    /// Even with everybody on the list a stratum would not reach its target.
    FewCandidates,
    /// A stratum has fewer interviews than at an even pace.
    Behind,
    /// Respondents agreed to an earlier version of the consent form, and can choose a time only once they agree again.
    OutdatedConsents,
    /// Invitations have not been answered for a week, while interviews are still wanted.
    Unanswered,
    /// Strata have more interviews than they may have.
    Overfull,
}

impl AttentionKind {
    /// Every kind, most pressing first.
    pub const ALL: [Self; 19] = [
        Self::WaitingProposals,
        Self::NamedColleagues,
        Self::FailedLetters,
        Self::FailedMeetings,
        Self::BouncingAddresses,
        Self::DeclinedInvites,
        Self::WaitingMail,
        Self::MissingLinks,
        Self::OpenInterviews,
        Self::NearInterviews,
        Self::FailingCalendars,
        Self::EmptySheets,
        Self::WaitingMeetings,
        Self::WindowEnds,
        Self::FewCandidates,
        Self::Behind,
        Self::OutdatedConsents,
        Self::Unanswered,
        Self::Overfull,
    ];

    /// The name in JSON and in the words of pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitingProposals => "waiting_proposals",
            Self::NamedColleagues => "named_colleagues",
            Self::FailedLetters => "failed_letters",
            Self::FailedMeetings => "failed_meetings",
            Self::WaitingMeetings => "waiting_meetings",
            Self::BouncingAddresses => "bouncing_addresses",
            Self::DeclinedInvites => "declined_invites",
            Self::WaitingMail => "waiting_mail",
            Self::MissingLinks => "missing_links",
            Self::OpenInterviews => "open_interviews",
            Self::NearInterviews => "near_interviews",
            Self::FailingCalendars => "failing_calendars",
            Self::EmptySheets => "empty_sheets",
            Self::WindowEnds => "window_ends",
            Self::FewCandidates => "few_candidates",
            Self::Behind => "behind",
            Self::OutdatedConsents => "outdated_consents",
            Self::Unanswered => "unanswered",
            Self::Overfull => "overfull",
        }
    }
}

/// What the store finds waiting.
pub(super) struct Due {
    waiting_proposals: i64,
    named_colleagues: i64,
    failed_letters: i64,
    bouncing: i64,
    declined: Waiting,
    waiting_mail: i64,
    pub(super) without_link: Waiting,
    pub(super) to_close: Waiting,
    pub(super) without_sheet: Waiting,
    near: Waiting,
    failed_meetings: Waiting,
    waiting_meetings: Waiting,
    failing_calendars: i64,
    outdated_consents: i64,
}

impl Due {
    pub(super) fn read(tx: &mut Tx<'_>, ground: &Ground, now: Instant) -> Outcome<Self> {
        let study = ground.study.id;
        Ok(Self {
            waiting_proposals: proposals::waiting(tx, study)?,
            named_colleagues: referrals::waiting(tx, study)?,
            failed_letters: due::failed_letters(tx, study)?,
            bouncing: contacts::count_bouncing(tx, study)?,
            declined: attendances::declined(tx, study, now)?,
            waiting_mail: incoming_mail::count_waiting(tx, study)?,
            without_link: due::without_link(tx, study, now)?,
            to_close: due::to_close(tx, study, now)?,
            // Without a guide there is no sheet to write on.
            without_sheet: if ground.set_up.guide {
                due::without_sheet(tx, study)?
            } else {
                Waiting::default()
            },
            near: due::near(tx, study, now, now.plus_minutes(60 * HOURS_NEAR))?,
            failed_meetings: due::meetings_in(tx, study, MeetingState::Failed, now)?,
            waiting_meetings: due::meetings_in(tx, study, MeetingState::Waiting, now)?,
            failing_calendars: calendars::failing(tx, study)?,
            // Nobody can have agreed to anything before the first version.
            outdated_consents: match consent_forms::published_version(tx, study)? {
                Some(version) if version > 1 => due::asked_again(tx, study, version)?,
                _ => 0,
            },
        })
    }
}

/// All that waits, most pressing first.
pub(super) fn all(
    ground: &Ground,
    due: &Due,
    strata: &[StratumOverview],
    unanswered_outside: i64,
    now: Instant,
) -> Vec<Attention> {
    let mut found = vec![
        plain(AttentionKind::WaitingProposals, due.waiting_proposals),
        plain(AttentionKind::NamedColleagues, due.named_colleagues),
        plain(AttentionKind::FailedLetters, due.failed_letters),
        of_interviews(AttentionKind::FailedMeetings, due.failed_meetings),
        plain(AttentionKind::BouncingAddresses, due.bouncing),
        of_interviews(AttentionKind::DeclinedInvites, due.declined),
        plain(AttentionKind::WaitingMail, due.waiting_mail),
        of_interviews(AttentionKind::MissingLinks, due.without_link),
        of_interviews(AttentionKind::OpenInterviews, due.to_close),
        of_interviews(AttentionKind::NearInterviews, due.near),
        plain(AttentionKind::FailingCalendars, due.failing_calendars),
        of_interviews(AttentionKind::EmptySheets, due.without_sheet),
        of_interviews(AttentionKind::WaitingMeetings, due.waiting_meetings),
    ];
    if ground.study.closed_at.is_none() {
        found.extend(of_recruitment(ground, strata, now));
        found.push(plain(AttentionKind::OutdatedConsents, due.outdated_consents));
        found.push(plain(AttentionKind::Unanswered, unanswered(strata) + unanswered_outside));
    }
    let is_overfull = |stratum: &&StratumOverview| stratum.cap.is_some_and(|cap| stratum.taken > cap);
    let overfull = strata.iter().filter(is_overfull).count();
    found.push(plain(AttentionKind::Overfull, i64::try_from(overfull).unwrap_or(i64::MAX)));
    found.retain(|item| item.count > 0 || item.of.is_some());
    found
}

const fn plain(kind: AttentionKind, count: i64) -> Attention {
    Attention { kind, count, of: None, stratum: None, interview: None, on: None }
}

fn of_interviews(kind: AttentionKind, waiting: Waiting) -> Attention {
    Attention { interview: waiting.only(), ..plain(kind, waiting.count) }
}

/// What waits while people are still recruited.
fn of_recruitment(ground: &Ground, strata: &[StratumOverview], now: Instant) -> Vec<Attention> {
    let rules = &ground.study.study.rules;
    let today = date_at(rules.time_zone, now);
    let window = Window { from: rules.window_from, until: rules.window_until };
    let mut found = Vec::new();
    let (taken, target) = strata
        .iter()
        .filter_map(towards_target)
        .fold((0, 0), |sum, progress| (sum.0 + progress.taken.min(progress.target), sum.1 + progress.target));
    if let Some(on) = window.end_near(today).filter(|_| taken < target) {
        let item = plain(AttentionKind::WindowEnds, taken);
        found.push(Attention { of: Some(target), on: Some(on), ..item });
    }
    // Before the first invitation there is no pace; the steps of setting up say what to do.
    if strata.iter().any(|stratum| stratum.funnel.invited > 0) {
        found.extend(strata.iter().filter_map(|stratum| lag(stratum, window, today)));
    }
    found
}

/// How many invitations were not answered in the strata that still want interviews.
fn unanswered(strata: &[StratumOverview]) -> i64 {
    let is_wanted = |stratum: &&StratumOverview| {
        towards_target(stratum).is_none_or(|progress| progress.taken < progress.target)
    };
    strata.iter().filter(is_wanted).map(|stratum| stratum.unanswered).sum()
}

fn lag(stratum: &StratumOverview, window: Window, today: NaiveDate) -> Option<Attention> {
    let progress = towards_target(stratum)?;
    let (kind, count, of) = match progress.lag(window, today)? {
        Lag::FewCandidates { missing } => (AttentionKind::FewCandidates, missing, progress.candidates),
        Lag::Behind { expected } => (AttentionKind::Behind, progress.taken, expected),
    };
    Some(Attention { of: Some(of), stratum: Some(stratum.key.clone()), ..plain(kind, count) })
}

/// How a stratum stands towards its target, if it has one.
fn towards_target(stratum: &StratumOverview) -> Option<Progress> {
    let open = [RespondentStatus::Listed, RespondentStatus::Invited, RespondentStatus::Consented];
    let candidates = open.iter().filter_map(|status| stratum.statuses.get(status.as_str())).sum();
    Some(Progress { target: stratum.target?.into(), taken: stratum.taken.into(), candidates })
}
