//! What was done with somebody's data, in plain words, and what each export holds.

use crate::browser::Browser;
use crate::fieldwork::{Fieldwork, guide};
use crate::panel::Panel;
use serde_json::json;

#[test]
fn the_log_of_a_respondent_tells_changes_and_looks_and_goes_on_after_the_person_is_erased() {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": [panel.people[0]], "dry_run": false })).expect(200);
    panel.book(0);
    let page = format!("/respondents/{}", panel.people[0]);
    let browser = Browser::of(&panel.house, &panel.owner);
    assert!(browser.get(&page).expect(200).text.contains(&format!("{page}/log")), "the page leads there");
    let change = json!({ "phone": "0612345678" });
    panel.house.patch(&panel.owner, &format!("/api/v1{page}"), &change).expect(200);
    let log = browser.get(&format!("{page}/log?lang=en")).expect(200).text;
    for told in
        ["Looked at the data", "Chose an interview", "Gave consent", "Prepared a letter", "the respondent"]
    {
        assert!(log.contains(told), "{told}: {log}");
    }
    assert!(log.contains("Changed the data") && !log.contains("0612345678"), "names of fields, never values");
    assert!(!log.contains("Something else"), "every deed has words: {log}");
    let part = browser.get(&format!("{page}/log?limit=1")).expect(200).text;
    let next = part.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    assert!(browser.get(&next).expect(200).text.contains("<tbody>"));
    let other = browser.get(&format!("/respondents/{}/log?lang=en", panel.people[1])).expect(200).text;
    assert!(!other.contains("Chose an interview"), "of this one only");
    panel.house.delete(&panel.owner, &format!("/api/v1{page}")).expect(204);
    let after = browser.get(&format!("{page}/log?lang=en")).expect(200).text;
    assert!(
        after.contains("Erased the personal data") && !after.contains(&format!("href=\"{page}\"")),
        "{after}"
    );
}

#[test]
fn the_log_of_an_interview_tells_what_was_done_with_it_and_with_no_other() {
    let panel = Panel::of(1);
    let first = panel.book(0);
    panel.press(0, "interview/cancel", &json!({})).expect(200);
    let second =
        panel.press(0, "interview", &json!({ "starts_at": "2027-03-08T10:00:00Z", "mode": "teams" }));
    let second = second.expect(201).json();
    let browser = Browser::of(&panel.house, &panel.owner);
    let log = |interview: &serde_json::Value| {
        let id = interview["id"].as_str().unwrap();
        browser.get(&format!("/interviews/{id}/log?lang=en")).expect(200).text
    };
    assert!(log(&first).contains("Cancelled the interview"));
    let second_log = log(&second);
    assert!(second_log.contains("Chose an interview") && !second_log.contains("Cancelled the interview"));
    let id = second["id"].as_str().unwrap();
    browser.get(&format!("/interviews/{id}")).expect(200);
    assert!(
        log(&second).contains("Looked at the interview") && !log(&first).contains("Looked at the interview")
    );
}

#[test]
fn only_an_owner_reads_the_log_of_a_subject() {
    let f = Fieldwork::begin();
    let respondent = f.respondent("R01", "booked");
    let interview = f.interview(respondent, "2027-03-02T09:00:00Z", "booked");
    for path in [format!("/respondents/{respondent}/log"), format!("/interviews/{interview}/log")] {
        for (who, status) in [(&f.owner, 200), (&f.interviewer, 403), (&f.reader, 403), (&f.stranger, 404)] {
            assert_eq!(Browser::of(&f.house, who).get(&path).status, status, "{path}");
        }
    }
}

#[test]
fn every_export_says_what_is_in_it_whether_it_names_people_and_what_its_columns_mean() {
    let f = Fieldwork::begin();
    f.respondent("R01", "booked");
    f.publish(&guide());
    let path = format!("/studies/{}/exports", f.study);
    let owner = Browser::of(&f.house, &f.owner).get(&format!("{path}?lang=en")).expect(200).text;
    for told in ["Table under codes", "Table with notes", "Guide (Markdown)", "Log of changes", "1 row"] {
        assert!(owner.contains(told), "{told}: {owner}");
    }
    assert!(owner.contains("consent_take_part, consent_recording") && owner.contains("note_role"));
    assert!(!owner.contains("exports.column."), "every column has its words: {owner}");
    let csv = f.house.get(&f.owner, &f.path("export?format=csv")).expect(200).text;
    for column in csv.lines().next().unwrap().split(',') {
        assert!(owner.contains(column), "{column}");
    }
    let reader = Browser::of(&f.house, &f.reader).get(&format!("{path}?lang=en")).expect(200).text;
    assert!(
        reader.contains("Table under codes") && !reader.contains("Table with notes"),
        "no notes for a reader"
    );
    assert!(!reader.contains("/audit"));
    assert_eq!(Browser::of(&f.house, &f.stranger).get(&path).status, 404);
}
