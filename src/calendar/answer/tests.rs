use super::*;

fn answer(event: &str) -> Result<Answer, Doubt> {
    read_answer(&format!(
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u@x\r\nDTSTAMP:20270302T091503Z\r\n\
         {event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ))
}

#[test]
fn somebody_may_answer_for_somebody_else_by_name() {
    let said =
        answer("ATTENDEE;SENT-BY=\"mailto:Secretariaat@x.example\";PARTSTAT=declined:MAILTO:s@x.example");
    let Ok(Answer::Reply(reply)) = said else { panic!("{said:?}") };
    assert_eq!(reply.sent_by.as_deref(), Some("Secretariaat@x.example"));
    assert_eq!((reply.attendee.as_str(), reply.attendance), ("s@x.example", Attendance::Declined));
}

#[test]
fn blank_lines_and_a_mark_before_the_object_do_no_harm() {
    let text = "\u{FEFF}\r\nBEGIN:VCALENDAR\r\nMETHOD:reply\r\n\r\nBEGIN:VEVENT\r\nUID:u@x\r\n\r\nDTSTAMP:20270302T091503Z\r\n\
                ATTENDEE;PARTSTAT=ACCEPTED:mailto:s@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n\r\n";
    assert!(read_answer(text).is_ok());
}

#[test]
fn a_comment_is_read_without_its_escapes() {
    let said = answer(
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:s@x.example\r\nCOMMENT:Tot dan\\, graag\\; echt\\nSanne\\\\",
    );
    let Ok(Answer::Reply(reply)) = said else { panic!("{said:?}") };
    assert_eq!(reply.comment.as_deref(), Some("Tot dan, graag; echt\nSanne\\"));
}

#[test]
fn a_zone_of_any_name_is_understood_when_the_message_describes_it() {
    for name in ["Customized Time Zone", "\"(UTC+01:00) Amsterdam, Berlijn, Bern\""] {
        let text = format!(
            "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nBEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:STANDARD\r\n\
             DTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n\
             RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n\
             DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n\
             RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n\
             BEGIN:VEVENT\r\nUID:u@x\r\nDTSTAMP:20270302T091503Z\r\nATTENDEE:mailto:s@x.example\r\n\
             DTSTART;TZID={name}:20270608T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            name.trim_matches('"')
        );
        let Ok(Answer::Counter(counter)) = read_answer(&text) else { panic!("{name}") };
        assert_eq!(counter.starts_at.to_string(), "2027-06-08T08:00:00Z", "{name}");
    }
    let far = "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nBEGIN:VEVENT\r\nUID:u@x\r\nDTSTAMP:20270302T091503Z\r\n\
               ATTENDEE:mailto:s@x.example\r\nDTSTART;TZID=Pacific Standard Time:20270308T000000\r\nEND:VEVENT\r\n\
               END:VCALENDAR\r\n";
    let Ok(Answer::Counter(counter)) = read_answer(far) else { panic!("a name of Windows") };
    assert_eq!(counter.starts_at.to_string(), "2027-03-08T08:00:00Z");
}

#[test]
fn a_time_that_names_no_known_zone_says_no_moment() {
    let counter = |start: &str| {
        read_answer(&format!(
            "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nBEGIN:VEVENT\r\nUID:u@x\r\nDTSTAMP:20270302T091503Z\r\n\
             ATTENDEE:mailto:s@x.example\r\n{start}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ))
    };
    assert!(counter("DTSTART:20270308T080000Z").is_ok());
    assert!(counter("DTSTART;TZID=Europe/Amsterdam:20270308T090000").is_ok());
    for start in [
        "DTSTART:20270308T090000",
        "DTSTART;TZID=Mars:20270308T090000",
        "DTSTART;TZID=Europe/Amsterdam:20270328T023000",
        "DTSTART;VALUE=DATE:20270308",
    ] {
        assert_eq!(counter(start), Err(Doubt::CalendarBroken), "{start}");
    }
}
