//! What is open on a date.
//!
//! On one date the weekly rules of its weekday hold. A closed exception then cuts its stretch out of them, or all of
//! them when it names no times. An open exception adds its stretch, which no closed exception touches. To replace
//! the hours of a date, close it and open the new hours. A public holiday, where the study keeps them, is closed as by
//! a closed exception.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::rules::{Availability, Change, Exception, Rule, Stretch};
use super::wall::{WallTime, Weekday};
use crate::domain::holiday::Holiday;
use crate::id::UserId;

impl Availability {
    /// The weekly hours of one interviewer.
    #[must_use]
    pub fn weekly(&self, whose: UserId) -> Vec<Rule> {
        self.rules.iter().filter(|rule| rule.interviewer == whose).copied().collect()
    }

    /// The hours of each interviewer that is named.
    #[must_use]
    pub fn by_interviewer(&self) -> BTreeMap<UserId, Hours> {
        let mut all: BTreeMap<UserId, Hours> = BTreeMap::new();
        for rule in &self.rules {
            all.entry(rule.interviewer).or_default().weekly.push((rule.weekday, rule.stretch));
        }
        for Exception { interviewer, date, change } in &self.exceptions {
            let hours = all.entry(*interviewer).or_default();
            match change {
                Change::Open(stretch) => hours.opened.push((*date, *stretch)),
                Change::Closed(stretch) => hours.closed.push((*date, stretch.unwrap_or(Stretch::WHOLE_DAY))),
            }
        }
        for hours in all.values_mut() {
            hours.weekly.sort_unstable();
            hours.opened.sort_unstable();
            hours.closed.sort_unstable();
        }
        all
    }
}

/// The hours of one interviewer, ready to be asked about a date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    weekly: Vec<(Weekday, Stretch)>,
    opened: Vec<(NaiveDate, Stretch)>,
    closed: Vec<(NaiveDate, Stretch)>,
}

/// A stretch in which interviews may lie, with the grid on which they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// The open part of the day.
    pub stretch: Stretch,
    /// From where the steps of the grid are counted: the start of the rule, also for what a closed exception left
    /// of it.
    pub grid_from: WallTime,
}

impl Hours {
    /// The weekly rules of a date, whatever is closed on it.
    pub(super) fn weekly_on(&self, date: NaiveDate) -> impl Iterator<Item = Opening> {
        let weekly = of_key(&self.weekly, Weekday::of(date));
        weekly.map(|stretch| Opening { stretch, grid_from: stretch.from() })
    }

    /// What is opened on a date beside the weekly rules, in order: all that is left of it on a holiday.
    #[must_use]
    pub fn opened_on(&self, date: NaiveDate) -> Vec<Opening> {
        let opened = of_key(&self.opened, date);
        opened.map(|stretch| Opening { stretch, grid_from: stretch.from() }).collect()
    }

    /// What is open on a date where a study keeps public holidays, or does not: on a holiday only what was opened for
    /// it.
    #[must_use]
    pub fn open_under(&self, keeps_holidays: bool, date: NaiveDate) -> Vec<Opening> {
        if keeps_holidays && Holiday::on(date).is_some() { self.opened_on(date) } else { self.open_on(date) }
    }

    /// What is open on a date, in order. Stretches that touch stay apart, since an interview has to lie inside one
    /// rule (E7); stretches of open exceptions may overlap others.
    #[must_use]
    pub fn open_on(&self, date: NaiveDate) -> Vec<Opening> {
        let closed = of_key(&self.closed, date);
        let weekly = of_key(&self.weekly, Weekday::of(date));
        let mut openings: Vec<Opening> = weekly.flat_map(|rule| without(rule, closed.clone())).collect();
        openings.extend(self.opened_on(date));
        openings.sort_unstable();
        openings
    }
}

/// The stretches of one weekday or date in a list that is sorted.
fn of_key<K: Ord + Copy>(
    sorted: &[(K, Stretch)],
    key: K,
) -> impl Iterator<Item = Stretch> + Clone + use<'_, K> {
    let first = sorted.partition_point(|(k, _)| *k < key);
    sorted.iter().skip(first).take_while(move |(k, _)| *k == key).map(|(_, stretch)| *stretch)
}

/// What is left of a rule when stretches, sorted by their start, are cut out.
fn without(rule: Stretch, cuts: impl Iterator<Item = Stretch>) -> Vec<Opening> {
    let mut left = Vec::new();
    let mut keep = |from, until| {
        left.extend(Stretch::new(from, until).map(|stretch| Opening { stretch, grid_from: rule.from() }));
    };
    let mut from = rule.from();
    for cut in cuts {
        keep(from, cut.from().min(rule.until()));
        from = from.max(cut.until());
    }
    keep(from, rule.until());
    left
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, parse_date};
    use super::*;

    fn stretch(from: &str, until: &str) -> Stretch {
        Stretch::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    fn open_on(date: &str, rules: &[(&str, &str)], changes: &[Change]) -> Vec<String> {
        let interviewer = UserId::new();
        let date = parse_date(date).unwrap();
        let availability = Availability {
            rules: rules
                .iter()
                .map(|(from, until)| Rule {
                    interviewer,
                    weekday: Weekday::Mon,
                    stretch: stretch(from, until),
                })
                .collect(),
            exceptions: changes
                .iter()
                .map(|change| Exception { interviewer, date, change: *change })
                .collect(),
        };
        let hours = availability.by_interviewer().remove(&interviewer).unwrap_or_default();
        let show = |o: &Opening| format!("{}-{} on {}", o.stretch.from(), o.stretch.until(), o.grid_from);
        hours.open_on(date).iter().map(show).collect()
    }

    const MONDAY: &str = "2027-03-01";

    #[test]
    fn weekly_rules_hold_on_their_weekday_only_and_stay_apart_when_they_touch() {
        let rules = [("13:00", "17:00"), ("09:00", "13:00")];
        assert_eq!(open_on(MONDAY, &rules, &[]), ["09:00-13:00 on 09:00", "13:00-17:00 on 13:00"]);
        assert!(open_on("2027-03-02", &rules, &[]).is_empty());
    }

    #[test]
    fn a_closed_exception_cuts_its_stretch_out_and_the_grid_of_the_rule_goes_on() {
        let cuts = [
            Change::Closed(Some(stretch("12:00", "12:50"))),
            Change::Closed(Some(stretch("08:00", "09:30"))),
        ];
        assert_eq!(
            open_on(MONDAY, &[("09:00", "17:00")], &cuts),
            ["09:30-12:00 on 09:00", "12:50-17:00 on 09:00"]
        );
        let overlapping = [
            Change::Closed(Some(stretch("10:00", "15:00"))),
            Change::Closed(Some(stretch("11:00", "12:00"))),
        ];
        assert_eq!(
            open_on(MONDAY, &[("09:00", "17:00")], &overlapping),
            ["09:00-10:00 on 09:00", "15:00-17:00 on 09:00"]
        );
    }

    #[test]
    fn closing_a_day_and_opening_hours_replaces_the_hours_of_that_date() {
        let changes = [Change::Closed(None), Change::Open(stretch("18:00", "20:00"))];
        assert_eq!(open_on(MONDAY, &[("09:00", "17:00")], &changes), ["18:00-20:00 on 18:00"]);
    }

    #[test]
    fn an_open_exception_alone_adds_its_hours_on_any_day_of_the_week() {
        assert_eq!(
            open_on("2027-03-02", &[("09:00", "17:00")], &[Change::Open(stretch("10:00", "24:00"))]),
            ["10:00-24:00 on 10:00"]
        );
    }
}
