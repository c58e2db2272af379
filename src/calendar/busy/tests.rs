//! What real and hostile calendars come to.

use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn reader() -> Reader<'static> {
    let window = (at("2027-03-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    Reader { zone: Amsterdam, window, own_domain: "veldwerk.example" }
}

fn file(inside: &str) -> String {
    let inside = inside.trim().lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}\r\nEND:VCALENDAR\r\n")
}

fn read(inside: &str) -> Result<BusyCalendar, FeedFault> {
    reader().read(file(inside).as_bytes(), &|| true)
}

/// The busy times as `from/until` without year, with a space between them; and how many entries were left out.
fn shown(inside: &str) -> (String, usize) {
    let calendar = read(inside).unwrap();
    let short = |moment: Instant| moment.utc().format("%m%dT%H%M").to_string();
    let busy: Vec<String> =
        calendar.busy.iter().map(|(from, until)| format!("{}/{}", short(*from), short(*until))).collect();
    (busy.join(" "), calendar.skipped)
}

fn busy(inside: &str) -> String {
    let (busy, skipped) = shown(inside);
    assert_eq!(skipped, 0, "{inside}");
    busy
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1\n{}\nEND:VEVENT\n", lines.replace(' ', "\n"))
}

#[test]
fn a_time_is_read_in_utc_in_a_zone_and_without_one() {
    assert_eq!(busy(&event("DTSTART:20270302T090000Z DTEND:20270302T100000Z")), "0302T0900/0302T1000");
    let new_york = "DTSTART;TZID=America/New_York:20270302T090000 DURATION:PT90M";
    assert_eq!(busy(&event(new_york)), "0302T1400/0302T1530");
    assert_eq!(busy(&event("DTSTART:20270302T090000 DURATION:PT1H")), "0302T0800/0302T0900");
}

#[test]
fn a_day_is_one_of_the_owner_also_where_the_clock_is_set() {
    assert_eq!(busy(&event("DTSTART;VALUE=DATE:20270302")), "0301T2300/0302T2300");
    assert_eq!(busy(&event("DTSTART;VALUE=DATE:20270302 DTEND;VALUE=DATE:20270302")), "0301T2300/0302T2300");
    let two_days = "DTSTART;VALUE=DATE:20270327 DTEND;VALUE=DATE:20270329";
    assert_eq!(busy(&event(two_days)), "0326T2300/0328T2200");
    assert_eq!(busy(&event("DTSTART;VALUE=DATE:20270328 DURATION:P1D")), "0327T2300/0328T2200");
}

#[test]
fn what_is_free_or_called_off_or_ours_takes_no_time() {
    for line in [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
    ] {
        assert_eq!(busy(&event(&format!("DTSTART:20270302T090000Z DURATION:PT1H {line}"))), "", "{line}");
    }
    for line in ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"] {
        let lines = format!("DTSTART:20270302T090000Z DURATION:PT1H {line}");
        assert_eq!(busy(&event(&lines)), "0302T0900/0302T1000", "{line}");
    }
    let named = |uid: &str| {
        busy(&event("DTSTART:20270302T090000Z DURATION:PT1H").replace("UID:1", &format!("UID:{uid}")))
    };
    assert_eq!(named("0190163d-8694-739b-aea5-966c26f8ad91@veldwerk.example"), "");
    assert_eq!(named("agenda-0190163d-8694-739b-aea5-966c26f8ad91@veldwerk.example"), "");
    let header = "040000008200E00074C5B7101A82E00800000000000000000000000000000000000000003F000000";
    let ours = b"vCal-Uid\x01\0\0\x000190163d-8694-739b-aea5-966c26f8ad91@veldwerk.example\0";
    let wrapped = data_encoding::HEXUPPER.encode(ours);
    assert_eq!(named(&format!("{header}{wrapped}")), "");
    let of_others = [
        "0190163d-8694-739b-aea5-966c26f8ad91@notveldwerk.example",
        "a-meeting-of-somebody-else@veldwerk.example",
    ];
    for uid in of_others {
        assert_eq!(named(uid), "0302T0900/0302T1000", "{uid}");
    }
}

#[test]
fn something_weekly_keeps_its_time_of_day_when_the_clock_is_set() {
    let weekly = "DTSTART;TZID=Europe/Amsterdam:20200106T090000 DURATION:PT1H RRULE:FREQ=WEEKLY;BYDAY=MO,WE";
    let times = busy(&event(&format!("{weekly};UNTIL=20270331T065959Z")));
    assert_eq!(
        times,
        "0301T0800/0301T0900 0303T0800/0303T0900 0308T0800/0308T0900 0310T0800/0310T0900 0315T0800/0315T0900 \
         0317T0800/0317T0900 0322T0800/0322T0900 0324T0800/0324T0900 0329T0700/0329T0800"
    );
    let to_its_end = busy(&event(&format!("{weekly};UNTIL=20270331T070000Z")));
    assert!(to_its_end.ends_with("0331T0700/0331T0800"), "the end is part of the rule: {to_its_end}");
}

#[test]
fn a_rule_of_every_second_week_is_followed_from_its_first_week() {
    let lines = "DTSTART:20200107T100000Z DURATION:PT1H RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU";
    let expected = "0307T1000/0307T1100 0309T1000/0309T1100 0321T1000/0321T1100 0323T1000/0323T1100 \
        0404T1000/0404T1100 0406T1000/0406T1100 0418T1000/0418T1100 0420T1000/0420T1100";
    assert_eq!(busy(&event(lines)), expected);
}

#[test]
fn days_can_be_left_out_added_moved_and_called_off() {
    let master = "DTSTART;TZID=Europe/Amsterdam:20270301T090000 DURATION:PT1H RRULE:FREQ=DAILY;COUNT=6 \
        EXDATE;TZID=Europe/Amsterdam:20270302T090000 EXDATE;VALUE=DATE:20270303 \
        RDATE;VALUE=PERIOD:20270310T100000Z/PT15M,20270311T100000Z/20270311T103000Z RDATE:20270312T120000Z";
    let moved = "RECURRENCE-ID;TZID=Europe/Amsterdam:20270304T090000 DTSTART:20270304T150000Z DURATION:PT1H";
    let off = "RECURRENCE-ID:20270305T080000Z DTSTART:20270305T080000Z STATUS:CANCELLED";
    assert_eq!(
        busy(&[event(off), event(master), event(moved)].concat()),
        "0301T0800/0301T0900 0304T1500/0304T1600 0306T0800/0306T0900 0310T1000/0310T1015 0311T1000/0311T1030 \
         0312T1200/0312T1300"
    );
}

#[test]
fn a_change_of_one_time_and_all_that_follow_holds_until_the_next_such_change() {
    let master = "DTSTART;TZID=Europe/Amsterdam:20270308T090000 DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=6";
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20270315T090000 \
        DTSTART;TZID=Europe/Amsterdam:20270316T140000 DURATION:PT2H";
    let once = "RECURRENCE-ID;TZID=Europe/Amsterdam:20270329T090000 DTSTART:20270330T060000Z DURATION:PT1H";
    let off = "RECURRENCE-ID;RANGE=THISANDFUTURE:20270405T070000Z DTSTART:20270405T070000Z STATUS:CANCELLED";
    assert_eq!(
        busy(&[event(off), event(once), event(master), event(later)].concat()),
        "0308T0800/0308T0900 0316T1300/0316T1500 0323T1300/0323T1500 0330T0600/0330T0700"
    );
    let before = "RECURRENCE-ID;RANGE=THISANDPRIOR:20270315T080000Z DTSTART:20270315T090000Z DURATION:PT1H";
    assert_eq!(shown(&[event(master), event(before)].concat()).1, 1, "of a former standard, and told");
}

#[test]
fn something_that_takes_no_time_until_a_change_takes_it_from_then_on() {
    let free = "DTSTART:20270308T090000Z DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=4 TRANSP:TRANSPARENT";
    let taken = "RECURRENCE-ID;RANGE=THISANDFUTURE:20270322T090000Z DTSTART:20270322T090000Z DURATION:PT1H";
    assert_eq!(busy(&[event(free), event(taken)].concat()), "0322T0900/0322T1000 0329T0900/0329T1000");
}

#[test]
fn a_change_that_names_only_the_day_frees_the_hour_that_the_event_had() {
    let weekly = "DTSTART:20270303T083000Z DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=2";
    let moved = "RECURRENCE-ID;VALUE=DATE:20270310 DTSTART:20270310T153000Z DURATION:PT1H";
    assert_eq!(busy(&[event(moved), event(weekly)].concat()), "0303T0830/0303T0930 0310T1530/0310T1630");
}

#[test]
fn something_weekly_that_moved_for_good_before_the_window_is_seen_in_it() {
    let master = "DTSTART:20270201T090000Z DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=4";
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20270215T090000Z DTSTART:20270228T090000Z DURATION:PT2H";
    assert_eq!(busy(&[event(master), event(later)].concat()), "0307T0900/0307T1100");
}

#[test]
fn rules_by_month_and_by_year_are_followed() {
    let last_friday = "DTSTART:20150130T100000Z DURATION:PT1H RRULE:FREQ=MONTHLY;BYDAY=-1FR";
    assert_eq!(busy(&event(last_friday)), "0326T1000/0326T1100 0430T1000/0430T1100");
    let working_day =
        "DTSTART:20260101T100000Z DURATION:PT1H RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1";
    assert_eq!(busy(&event(working_day)), "0331T1000/0331T1100 0430T1000/0430T1100");
    let kings_day = "DTSTART;VALUE=DATE:20140427 RRULE:FREQ=YEARLY";
    assert_eq!(busy(&event(kings_day)), "0426T2200/0427T2200");
}

#[test]
fn a_zone_by_the_name_of_windows_and_one_that_is_described_are_understood() {
    let windows = "DTSTART;TZID=\"W.\u{a0}Europe\":20270302T090000 DURATION:PT1H".replace('\u{a0}', "~");
    let windows = event(&windows).replace("W.~Europe", "W. Europe Standard Time");
    assert_eq!(busy(&windows), "0302T0800/0302T0900");
    let custom = "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\n\
        BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    let weekly = "BEGIN:VEVENT\nDTSTART;TZID=Customized Time Zone:20270315T090000\nDURATION:PT1H\n\
        RRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n";
    let expected = "0315T0800/0315T0900 0322T0800/0322T0900 0329T0700/0329T0800";
    assert_eq!(busy(&format!("{custom}{weekly}")), expected);
    let fixed = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0530\n\
        TZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
    let once = "BEGIN:VEVENT\nDTSTART;TZID=Ours:20270315T090000\nDURATION:PT1H\nEND:VEVENT\n";
    assert_eq!(busy(&format!("{fixed}{once}")), "0315T0330/0315T0430");
    assert_eq!(busy(once), "0315T0800/0315T0900", "nobody explains it, so it is the owner's");
}

#[test]
fn a_published_free_busy_list_counts_without_what_is_free() {
    let list = "BEGIN:VFREEBUSY\nFREEBUSY:20270302T090000Z/PT1H,20270303T090000Z/20270303T093000Z\n\
        FREEBUSY;FBTYPE=FREE:20270304T090000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20270305T090000Z/PT1H\n\
        END:VFREEBUSY\n";
    assert_eq!(busy(list), "0302T0900/0302T1000 0303T0900/0303T0930 0305T0900/0305T1000");
}

#[test]
fn one_entry_that_cannot_be_understood_loses_no_other() {
    let good = event("DTSTART:20270302T090000Z DURATION:PT1H");
    for odd in [
        "DTSTART:tomorrow DURATION:PT1H",
        "DTSTART:20270302T090000Z DURATION:-PT1H",
        "DTSTART:20270302T090000Z DTEND:20270301T090000Z",
        "DTSTART:20270302T090000Z DURATION:PT1H RRULE:FREQ=SECONDLY",
        "DTSTART:20270302T090000Z DURATION:PT1H RRULE:FREQ=MINUTELY;COUNT=999999999",
        "DTSTART:20270302T090000Z DURATION:PT1H RRULE:FREQ=DAILY;INTERVAL=x",
        "DTSTART:20270302T090000Z DURATION:PT1H RRULE:nonsense",
        "DTSTART:20270302T090000Z DURATION:PT1H EXDATE:nonsense",
        "DTSTART:99990302T090000Z DURATION:PT1H",
        "DTEND:20270302T090000Z",
    ] {
        let (found, skipped) = shown(&format!("{}{good}", event(odd)));
        assert_eq!((found.as_str(), skipped), ("0302T0900/0302T1000", 1), "{odd}");
    }
}

#[test]
fn what_is_odd_about_how_an_entry_recurs_never_frees_the_time_that_is_clear() {
    for (odd, busy) in [
        ("RRULE:FREQ=HOURLY", "0302T0900/0302T1000"),
        ("RRULE:FREQ=DAILY;COUNT=2 EXDATE:", "0302T0900/0302T1000 0303T0900/0303T1000"),
        ("RRULE:FREQ=DAILY;COUNT=2 EXDATE:20270303T090000Z,", "0302T0900/0302T1000"),
        ("RDATE:20270304T090000Z,later", "0302T0900/0302T1000 0304T0900/0304T1000"),
    ] {
        let (found, skipped) = shown(&event(&format!("DTSTART:20270302T090000Z DURATION:PT1H {odd}")));
        assert_eq!((found.as_str(), skipped), (busy, 1), "{odd}");
    }
}

#[test]
fn a_rule_without_end_or_with_a_huge_count_costs_no_more_than_the_window() {
    for rule in [
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;INTERVAL=1;WKST=MO;X-ODD=1",
        "FREQ=DAILY;UNTIL=99991231T235959Z",
    ] {
        let lines = format!("DTSTART:16010101T090000Z DURATION:PT1H RRULE:{rule}");
        let calendar = reader().read(file(&event(&lines)).as_bytes(), &|| true).unwrap();
        assert_eq!(calendar.busy.len(), 61, "{rule}");
    }
    let impossible = "DTSTART:20270201T090000Z DURATION:PT1H RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
    assert_eq!(read(&event(impossible)).unwrap().busy, []);
}

#[test]
fn a_calendar_that_asks_for_too_much_is_refused() {
    let counted = event("DTSTART:19000101T090000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=999999999");
    assert_eq!(read(&counted.repeat(10)), Err(FeedFault::TooMuch));
    let late = reader().read(file(&counted).as_bytes(), &|| false);
    assert_eq!(late, Err(FeedFault::TooMuch));
    let every_second = (0..=59).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let rule = format!("RRULE:FREQ=DAILY;BYSECOND={every_second};BYMINUTE={every_second}");
    let times = event(&format!("DTSTART:20270301T000000Z DURATION:PT0S {rule}"));
    assert_eq!(read(&times), Err(FeedFault::TooMuch));
}

proptest! {
    #[test]
    fn a_rule_gives_the_same_times_from_nearby_as_from_its_beginning(
        rule in "FREQ=(DAILY|WEEKLY);INTERVAL=[1-9](;WKST=(SU|MO|TH))?(;BYDAY=(MO|WE,SU|TU,FR,SA))?(;BYMONTH=3,4)?",
        day in 1_u32..28, month in 1_u32..12, year in 2_015_u32..2_028,
    ) {
        let lines = format!("DTSTART;TZID=Europe/Amsterdam:{year}{month:02}{day:02}T093000 DURATION:PT1H RRULE:{rule}");
        // A rule with a number of times has to be followed from its beginning.
        let counted = format!("{lines};COUNT=99999");
        prop_assert_eq!(busy(&event(&lines)), busy(&event(&counted)));
    }

    #[test]
    fn no_text_makes_the_reader_stumble(
        name in "(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|FREEBUSY)(;TZID=[A-Z/+]{0,6}|;VALUE=DATE)?",
        value in "(FREQ=[A-Z]{4,7}|BY[A-Z]{3,8}=-?[0-9]{1,3}|[-+]?P?[0-9TZWDHMS,/]{0,20}|\\PC{0,20})(;(INTERVAL|COUNT|UNTIL|BYMONTH|BYDAY)=[0-9A-Z]{1,5})?",
    ) {
        let lines = format!("DTSTART:20270302T090000Z\nRRULE:FREQ=DAILY;COUNT=2\n{name}:{value}");
        let read = reader().read(file(&format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT")).as_bytes(), &|| true);
        if let Ok(calendar) = read {
            prop_assert!(calendar.busy.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
