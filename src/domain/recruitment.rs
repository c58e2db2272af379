//! How far recruitment has come: the funnel of people, the state of a municipality, and when a stratum lags.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::respondent::RespondentStatus;

/// An invitation that is so many days old may be called unanswered.
pub const DAYS_TO_ANSWER: i64 = 7;
/// An interview that begins within so many hours is near.
pub const HOURS_NEAR: i64 = 48;
/// The end of the fieldwork is near so many days before.
pub const DAYS_NEAR: i64 = 14;

/// How many respondents came how far. Each step counts everybody who came at least so far, so that no step is greater
/// than the one before it. Consent that was taken back does not count; neither does an interview that was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(as = RecruitmentFunnel)]
pub struct Funnel {
    /// On the list, the erased among them.
    pub listed: i64,
    /// An invitation was queued at some time, or the personal page was used without one.
    pub invited: i64,
    /// A first button was pressed on the personal page (R4).
    pub opened: i64,
    /// Consent was given and stands.
    pub consented: i64,
    /// An interview is planned or took place, or the respondent did not come to it.
    pub booked: i64,
    /// An interview took place.
    pub held: i64,
}

/// Respondents of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// All of them.
    pub respondents: i64,
    /// Those who were invited or used their page.
    pub invited: i64,
    /// Those who used their page.
    pub opened: i64,
}

impl Funnel {
    /// Adds respondents of a status.
    pub fn add(&mut self, status: RespondentStatus, counted: Counted) {
        use RespondentStatus as S;
        let all = counted.respondents;
        let has_booked = matches!(status, S::Booked | S::Held | S::NoShow);
        let has_consented = has_booked || status == S::Consented;
        let is_invited = has_consented || status == S::Invited;
        let when = |all_of_them: bool, else_count: i64| if all_of_them { all } else { else_count };
        self.listed += all;
        self.invited += when(is_invited, counted.invited);
        self.opened += when(has_consented, counted.opened);
        self.consented += when(has_consented, 0);
        self.booked += when(has_booked, 0);
        self.held += when(status == S::Held, 0);
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            listed: self.listed + other.listed,
            invited: self.invited + other.invited,
            opened: self.opened + other.opened,
            consented: self.consented + other.consented,
            booked: self.booked + other.booked,
            held: self.held + other.held,
        }
    }
}

/// How far recruitment has come in a municipality: as far as the respondent there who came furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reach {
    /// Nobody there is on the list.
    #[default]
    Untouched,
    /// Everybody there said no, objected or withdrew.
    Ended,
    /// Somebody is on the list.
    Listed,
    /// Somebody is invited and has not answered.
    Invited,
    /// Somebody agreed and has no interview planned.
    Consented,
    /// An interview is planned.
    Booked,
    /// An interview took place.
    Held,
}

impl Reach {
    /// Every state, from the least.
    pub const ALL: [Self; 7] = [
        Self::Untouched,
        Self::Ended,
        Self::Listed,
        Self::Invited,
        Self::Consented,
        Self::Booked,
        Self::Held,
    ];

    /// How far a respondent of this status came.
    #[must_use]
    pub const fn of(status: RespondentStatus) -> Self {
        use RespondentStatus as S;
        match status {
            S::Listed => Self::Listed,
            S::Invited => Self::Invited,
            S::Consented | S::NoShow => Self::Consented,
            S::Booked => Self::Booked,
            S::Held => Self::Held,
            S::Declined | S::Referred | S::OptedOut | S::Withdrawn => Self::Ended,
        }
    }

    /// The name in the words of pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Ended => "ended",
            Self::Listed => "listed",
            Self::Invited => "invited",
            Self::Consented => "consented",
            Self::Booked => "booked",
            Self::Held => "held",
        }
    }
}

/// How a stratum stands towards its target.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How many interviews are wanted.
    pub target: i64,
    /// How many are planned or held.
    pub taken: i64,
    /// How many people may still come to an interview: listed, invited, agreed.
    pub candidates: i64,
}

/// In which way a stratum lags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// Even if everybody on the list took part, so many interviews would be missing.
    FewCandidates {
        /// Interviews that are still to be planned.
        missing: i64,
    },
    /// Fewer interviews stand than at an even pace.
    Behind {
        /// So many should stand by now.
        expected: i64,
    },
}

impl Progress {
    /// Whether the stratum lags on a day of the fieldwork; the first way in which it does. Without both ends of the
    /// fieldwork there is no pace.
    #[must_use]
    pub fn lag(self, window: Window, today: NaiveDate) -> Option<Lag> {
        let missing = (self.target - self.taken).max(0);
        if missing > self.candidates {
            return Some(Lag::FewCandidates { missing });
        }
        let (gone, days) = window.elapsed(today)?;
        let expected = self.target * gone / days;
        (self.taken < expected).then_some(Lag::Behind { expected })
    }
}

/// The first and the last day of the fieldwork, as far as they were set.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Window {
    /// How many days of the fieldwork are over, and how many it has.
    fn elapsed(self, today: NaiveDate) -> Option<(i64, i64)> {
        let (from, until) = self.from.zip(self.until)?;
        let days = (until - from).num_days() + 1;
        (days > 0).then(|| ((today - from).num_days().clamp(0, days), days))
    }

    /// The last day, if it is near or over.
    #[must_use]
    pub fn end_near(self, today: NaiveDate) -> Option<NaiveDate> {
        self.until.filter(|until| (*until - today).num_days() <= DAYS_NEAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn no_step_of_the_funnel_is_greater_than_the_one_before() {
        for status in RespondentStatus::ALL {
            let mut funnel = Funnel::default();
            funnel.add(status, Counted { respondents: 3, invited: 2, opened: 1 });
            let Funnel { listed, invited, opened, consented, booked, held } = funnel;
            let steps = [listed, invited, opened, consented, booked, held];
            assert!(steps.is_sorted_by(|a, b| a >= b) && listed == 3, "{status}: {steps:?}");
        }
    }

    #[test]
    fn who_stopped_counts_as_far_as_the_letters_and_the_page_tell() {
        let mut funnel = Funnel::default();
        funnel.add(RespondentStatus::Withdrawn, Counted { respondents: 4, invited: 3, opened: 2 });
        funnel.add(RespondentStatus::NoShow, Counted { respondents: 1, invited: 0, opened: 0 });
        let expected = Funnel { listed: 5, invited: 4, opened: 3, consented: 1, booked: 1, held: 0 };
        assert_eq!(funnel, expected);
        assert_eq!(funnel.and(Funnel::default()), expected);
    }

    #[test]
    fn a_municipality_is_as_far_as_who_came_furthest_and_one_who_said_no_does_not_end_it() {
        use RespondentStatus as S;
        let reach = |statuses: &[RespondentStatus]| statuses.iter().copied().map(Reach::of).max();
        assert_eq!(reach(&[S::Declined, S::Listed]), Some(Reach::Listed));
        assert_eq!(reach(&[S::Declined, S::Withdrawn]), Some(Reach::Ended));
        assert_eq!(reach(&[S::Held, S::Invited]), Some(Reach::Held));
        assert!(Reach::ALL.is_sorted() && Reach::default() == Reach::ALL[0]);
    }

    #[test]
    fn a_stratum_lags_when_people_run_out_or_the_days_run_ahead() {
        let window = Window { from: Some(day("2027-03-01")), until: Some(day("2027-03-10")) };
        let lag =
            |taken, candidates, today| Progress { target: 10, taken, candidates }.lag(window, day(today));
        assert_eq!(lag(4, 5, "2027-02-01"), Some(Lag::FewCandidates { missing: 6 }));
        assert_eq!(lag(4, 6, "2027-03-05"), None, "four of ten after four of ten days");
        assert_eq!(lag(4, 6, "2027-03-06"), Some(Lag::Behind { expected: 5 }));
        assert_eq!(lag(0, 10, "2027-02-01"), None, "before the first day");
        assert_eq!(lag(10, 0, "2027-04-01"), None, "reached");
        let endless = Progress { target: 10, taken: 0, candidates: 10 };
        assert_eq!(endless.lag(Window::default(), day("2027-03-06")), None);
    }

    #[test]
    fn the_end_of_the_fieldwork_is_near_two_weeks_before_and_stays_so() {
        let window = Window { from: None, until: Some(day("2027-03-31")) };
        let near = |today| window.end_near(day(today)).is_some();
        assert_eq!(["2027-03-16", "2027-03-17", "2027-04-20"].map(near), [false, true, true]);
    }
}
