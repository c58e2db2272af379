//! Leads, quiet hours and the two nights in which the clock changes.

use chrono_tz::Europe::Amsterdam;

use super::*;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn quiet(from: &str, until: &str) -> Option<QuietHours> {
    QuietHours::new(from.parse().unwrap(), until.parse().unwrap())
}

fn rules(leads: &[i32], quiet: Option<QuietHours>) -> Reminding {
    Reminding { zone: Amsterdam, leads: leads.to_vec(), quiet }
}

/// The moments of the reminders of an interview that got its time long before.
fn moments(rules: &Reminding, starts_at: &str) -> Vec<String> {
    let starts_at = at(starts_at);
    rules.planned(starts_at, starts_at.plus_days(-60)).iter().map(|r| r.at.to_string()).collect()
}

const WEEK_DAY_HOURS: [i32; 3] = [10_080, 1_440, 120];

#[test]
fn each_lead_is_a_reminder_and_the_earliest_goes_first() {
    let planned =
        rules(&[120, 10_080, 1_440], None).planned(at("2027-03-10T09:00:00Z"), at("2027-01-01T00:00:00Z"));
    let told: Vec<_> = planned.iter().map(|r| (r.lead_minutes, r.at.to_string())).collect();
    assert_eq!(
        told,
        [
            (10_080, "2027-03-03T09:00:00Z".to_owned()),
            (1_440, "2027-03-09T09:00:00Z".to_owned()),
            (120, "2027-03-10T07:00:00Z".to_owned()),
        ]
    );
}

#[test]
fn what_was_past_when_the_interview_got_its_time_is_not_made_up_for() {
    let rules = rules(&WEEK_DAY_HOURS, None);
    let starts_at = at("2027-03-10T09:00:00Z");
    let booked_the_day_before = rules.planned(starts_at, at("2027-03-09T12:00:00Z"));
    assert_eq!(booked_the_day_before.iter().map(|r| r.lead_minutes).collect::<Vec<_>>(), [120]);
    // At the very moment of a lead, the letter that confirms says the same.
    assert_eq!(rules.planned(starts_at, at("2027-03-09T09:00:00Z")).len(), 1);
    let outlook = rules.outlook(starts_at, at("2027-03-09T09:00:00Z"));
    assert_eq!(outlook.remind_at, Some(at("2027-03-10T07:00:00Z")));
    assert_eq!(rules.outlook(starts_at, at("2027-03-10T08:30:00Z")).remind_at, None);
}

#[test]
fn nobody_is_reminded_within_an_hour_of_getting_the_time() {
    let (day, night) = (rules(&[1_440], None), rules(&[120], quiet("21:00", "08:00")));
    let planned = |rules: &Reminding, starts_at, arranged_at| {
        rules.planned(at(starts_at), at(arranged_at)).first().map(|reminder| reminder.at.to_string())
    };
    assert_eq!(planned(&day, "2027-03-10T09:00:00Z", "2027-03-09T08:00:01Z"), None);
    let an_hour_before = planned(&day, "2027-03-10T09:00:00Z", "2027-03-09T08:00:00Z");
    assert_eq!(an_hour_before.as_deref(), Some("2027-03-09T09:00:00Z"));
    // Booked at half past eight in the evening: the edge at nine is too soon, so it is the one in the morning.
    let in_the_evening = planned(&night, "2027-03-10T08:00:00Z", "2027-03-09T19:30:00Z");
    assert_eq!(in_the_evening.as_deref(), Some("2027-03-10T07:00:00Z"));
}

#[test]
fn a_reminder_in_quiet_hours_goes_at_their_earlier_edge() {
    // 09:00 in Amsterdam: two hours before is 07:00, so it goes at 21:00 the evening before.
    let rules = rules(&[120], quiet("21:00", "08:00"));
    assert_eq!(moments(&rules, "2027-03-10T08:00:00Z"), ["2027-03-09T20:00:00Z"]);
    // The later edge is quiet no more, the earlier one already is.
    assert_eq!(moments(&rules, "2027-03-10T09:00:00Z"), ["2027-03-10T07:00:00Z"]);
    assert_eq!(moments(&rules, "2027-03-10T22:00:00Z"), ["2027-03-10T20:00:00Z"]);
}

#[test]
fn where_the_earlier_edge_is_past_it_goes_at_the_later_one_but_never_after_the_start() {
    let rules = rules(&[120], quiet("21:00", "08:00"));
    let booked_at_night = |starts_at: &str| {
        let planned = rules.planned(at(starts_at), at("2027-03-09T21:30:00Z"));
        planned.iter().map(|r| r.at.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(booked_at_night("2027-03-10T08:00:00Z"), ["2027-03-10T07:00:00Z"]);
    assert_eq!(booked_at_night("2027-03-10T07:00:00Z"), Vec::<String>::new(), "08:00 is the start itself");
    assert_eq!(booked_at_night("2027-03-10T04:00:00Z"), Vec::<String>::new());
}

#[test]
fn leads_that_fall_together_are_one_reminder() {
    let rules = rules(&[240, 120, 60], quiet("21:00", "08:00"));
    let planned = rules.planned(at("2027-03-10T08:00:00Z"), at("2027-03-01T00:00:00Z"));
    assert_eq!(
        planned,
        [
            Planned { lead_minutes: 120, at: at("2027-03-09T20:00:00Z") },
            Planned { lead_minutes: 60, at: at("2027-03-10T07:00:00Z") },
        ]
    );
}

#[test]
fn quiet_hours_may_lie_within_a_day_and_end_or_begin_at_midnight() {
    let around = |from, until, moment: &str| {
        let found = quiet(from, until).unwrap().around(Amsterdam, at(moment));
        found.map(|(from, until)| format!("{from} {until}"))
    };
    let noon = Some("2027-03-10T11:00:00Z 2027-03-10T12:00:00Z".to_owned());
    assert_eq!(around("12:00", "13:00", "2027-03-10T11:30:00Z"), noon);
    assert_eq!(around("12:00", "13:00", "2027-03-10T12:00:00Z"), None);
    let late = Some("2027-03-10T21:00:00Z 2027-03-10T23:00:00Z".to_owned());
    assert_eq!(around("22:00", "24:00", "2027-03-10T22:59:59Z"), late);
    assert_eq!(around("22:00", "24:00", "2027-03-10T23:00:00Z"), None);
    let early = Some("2027-03-10T23:00:00Z 2027-03-11T07:00:00Z".to_owned());
    assert_eq!(around("24:00", "08:00", "2027-03-11T06:00:00Z"), early);
    assert_eq!(around("00:00", "08:00", "2027-03-11T06:00:00Z"), early);
    assert_eq!((quiet("08:00", "08:00"), quiet("00:00", "24:00")), (None, None));
}

#[test]
fn a_day_before_shows_the_same_time_on_the_clock_in_the_nights_when_it_changes() {
    let rules = rules(&[1_440], quiet("21:00", "08:00"));
    // 08:00 on Sunday 28 March is 23 hours after 08:00 on Saturday; 24 hours would lead into the quiet hours.
    assert_eq!(moments(&rules, "2027-03-28T06:00:00Z"), ["2027-03-27T07:00:00Z"]);
    // On Sunday 31 October it is 25 hours.
    assert_eq!(moments(&rules, "2027-10-31T07:00:00Z"), ["2027-10-30T06:00:00Z"]);
}

#[test]
fn hours_before_are_real_hours_in_the_nights_when_the_clock_changes() {
    // 04:00 on 28 March: two hours before it is 01:00. 04:00 on 31 October: it is the second 02:00.
    assert_eq!(moments(&rules(&[120], None), "2027-03-28T02:00:00Z"), ["2027-03-28T00:00:00Z"]);
    assert_eq!(moments(&rules(&[120], None), "2027-10-31T03:00:00Z"), ["2027-10-31T01:00:00Z"]);
}

#[test]
fn the_edges_of_quiet_hours_follow_the_clock_in_the_nights_when_it_changes() {
    let rules = rules(&[120], quiet("21:00", "08:00"));
    let both_edges = |starts_at: &str, at_night: &str| {
        let late = rules.planned(at(starts_at), at(at_night));
        (moments(&rules, starts_at), late.iter().map(|r| r.at.to_string()).collect::<Vec<_>>())
    };
    let spring = both_edges("2027-03-28T07:00:00Z", "2027-03-27T22:00:00Z");
    assert_eq!(spring, (vec!["2027-03-27T20:00:00Z".to_owned()], vec!["2027-03-28T06:00:00Z".to_owned()]));
    let autumn = both_edges("2027-10-31T08:00:00Z", "2027-10-30T22:00:00Z");
    assert_eq!(autumn, (vec!["2027-10-30T19:00:00Z".to_owned()], vec!["2027-10-31T07:00:00Z".to_owned()]));
}

#[test]
fn what_the_clock_jumps_over_is_the_jump_and_what_comes_twice_is_its_first_occurrence() {
    // 02:30 the day after the jump: a day before does not exist.
    assert_eq!(moments(&rules(&[1_440], None), "2027-03-29T00:30:00Z"), ["2027-03-28T01:00:00Z"]);
    assert_eq!(moments(&rules(&[1_440], None), "2027-11-01T01:30:00Z"), ["2027-10-31T00:30:00Z"]);
    // Quiet from 02:30, inside the gap: from the jump on. Quiet hours that lie in the gap are none.
    assert_eq!(
        moments(&rules(&[60], quiet("02:30", "05:00")), "2027-03-28T02:30:00Z"),
        ["2027-03-28T01:00:00Z"]
    );
    assert_eq!(
        moments(&rules(&[60], quiet("02:10", "02:50")), "2027-03-28T02:00:00Z"),
        ["2027-03-28T01:00:00Z"]
    );
    // Quiet until 02:30, which comes twice: until the first one.
    assert_eq!(
        moments(&rules(&[60], quiet("23:00", "02:30")), "2027-10-31T02:00:00Z"),
        ["2027-10-31T01:00:00Z"]
    );
}

#[test]
fn at_whatever_quarter_of_those_days_an_interview_begins_no_reminder_is_late_or_inside_the_quiet_hours() {
    let hours = quiet("21:00", "08:00").unwrap();
    for first in ["2027-03-27T00:00:00Z", "2027-10-30T00:00:00Z"] {
        let rules = rules(&[2_880, 1_440, 240, 120, 30], Some(hours));
        for quarter in 0..288 {
            let starts_at = at(first).plus_minutes(15 * quarter);
            for hours_before in [1, 5, 12, 200] {
                let arranged_at = starts_at.plus_minutes(-60 * hours_before);
                for reminder in rules.planned(starts_at, arranged_at) {
                    assert!(
                        arranged_at < reminder.at && reminder.at < starts_at,
                        "{starts_at}: {reminder:?}"
                    );
                    let inside =
                        hours.around(Amsterdam, reminder.at).is_some_and(|(from, _)| from < reminder.at);
                    assert!(!inside, "{starts_at}: {reminder:?}");
                }
            }
        }
    }
}

#[test]
fn one_that_is_late_waits_for_the_end_of_the_quiet_hours_and_one_that_is_punctual_does_not() {
    let rules = rules(&[1_440], quiet("21:00", "08:00"));
    let due = Planned { lead_minutes: 1_440, at: at("2027-03-09T20:00:00Z") };
    let leaves = |starts_at, now| rules.leaves_at(due, at(starts_at), at(now)).map(|at| at.to_string());
    let morning = "2027-03-10T09:00:00Z";
    assert_eq!(leaves(morning, "2027-03-09T20:00:02Z").as_deref(), Some("2027-03-09T20:00:02Z"));
    assert_eq!(leaves(morning, "2027-03-09T20:15:00Z").as_deref(), Some("2027-03-10T07:00:00Z"));
    assert_eq!(leaves("2027-03-10T07:00:00Z", "2027-03-09T20:15:00Z"), None);
    assert_eq!(leaves(morning, "2027-03-10T08:30:00Z").as_deref(), Some("2027-03-10T08:30:00Z"));
    assert_eq!(leaves(morning, morning), None);
}
