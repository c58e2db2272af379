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
