//! Every kind of invite mail, read by programs that are not ours and held to the checklist of what mail programs and
//! calendars are known to need: `tests/invite_checklist.py`, whose functions are the list (E20–E22, R5, R8, R10).

use crate::invite_ways::{Collection, INTERVIEWER, LINK, ORGANIZER, at, at_town_hall, online};
use crate::readers::Python;

/// All ways, in a house in winter.
fn every_way(interviewer: &'static str) -> Collection {
    let mut all = Collection::open("2027-01-10T08:00:00Z", interviewer);
    let amsterdam = ("nl", "Europe/Amsterdam");
    let hall = "Stadhuis, Coolsingel 40; \"Rotterdam\": kamer \\3 😀 <i>, achter de hal en dan links, tweede verdieping";
    // Winter to summer, Teams to an address and back, called off.
    all.books("seasons", amsterdam, Some(LINK), online("2027-02-08T09:00:00Z"))
        .moves(at("2027-07-05T08:00:00Z", hall))
        .moves(online("2027-07-06T08:00:00Z"))
        .cancels();
    // Across the hour that does not exist, and through the one that comes twice.
    all.books("changes", amsterdam, Some(LINK), online("2027-03-28T00:30:00Z"))
        .moves(online("2027-10-31T00:30:00Z"))
        .moves(online("2027-10-31T02:00:00Z"))
        .moves(online("2027-10-30T23:30:00Z"))
        .cancels();
    all.books(
        "town hall long",
        ("nl", "Europe/Amsterdam"),
        None,
        at_town_hall("2027-02-09T09:00:00Z", "Gemeentehuis van Ede"),
    )
    .moves(at_town_hall("2027-02-10T09:00:00Z", "Gemeentehuis van Ede"))
    .withdraws();
    all.books("link follows", ("en", "Europe/London"), None, online("2027-06-09T09:00:00Z"))
        .gets_a_link()
        .cancels();
    for (name, zone, starts_at, moved) in [
        ("new york", "America/New_York", "2027-03-14T06:30:00Z", "2027-11-07T05:30:00Z"),
        ("sydney", "Australia/Sydney", "2027-04-03T15:30:00Z", "2027-10-02T15:30:00Z"),
        ("dublin", "Europe/Dublin", "2027-02-15T10:00:00Z", "2027-08-16T10:00:00Z"),
        ("casablanca", "Africa/Casablanca", "2027-02-20T10:00:00Z", "2027-08-21T10:00:00Z"),
        ("kolkata", "Asia/Kolkata", "2027-02-22T04:30:00Z", "2027-08-23T04:30:00Z"),
        ("curacao", "America/Curacao", "2027-02-23T14:00:00Z", "2027-08-24T14:00:00Z"),
        ("utc", "UTC", "2027-02-25T10:00:00Z", "2027-08-26T10:00:00Z"),
    ] {
        all.books(name, ("en", zone), Some(LINK), online(starts_at)).moves(online(moved)).cancels();
    }
    all.books("company", amsterdam, Some(LINK), online("2027-02-15T09:00:00Z").by_joke())
        .carl_joins()
        .counters_in_vain()
        .moves(at("2027-02-16T09:00:00Z", hall))
        .gets_another_address()
        .cancels();
    all.books("erased", ("en", "Europe/Amsterdam"), Some(LINK), online("2027-02-26T09:00:00Z")).erased();
    all
}

#[test]
fn no_invite_mail_has_a_defect_on_the_checklist() {
    let Some(python) = Python::find() else { return };
    let winter = every_way(INTERVIEWER);
    let said = winter.check(&python, &[]);
    assert!(said.contains(&format!("{} mails", winter.cases.len())) && winter.cases.len() > 60, "{said}");
    // What is planned in summer for the winter.
    let mut summer = Collection::open("2027-07-10T08:00:00Z", INTERVIEWER);
    let amsterdam = ("nl", "Europe/Amsterdam");
    summer.books("winter", amsterdam, Some(LINK), online("2027-12-06T09:00:00Z")).cancels();
    summer.check(&python, &[]);
}

#[test]
fn no_notice_to_the_organizer_has_a_defect_on_the_checklist() {
    let Some(python) = Python::find() else { return };
    every_way(ORGANIZER).check(&python, &[]);
}

#[test]
fn the_checklist_finds_every_defect_that_is_planted() {
    let Some(python) = Python::find() else { return };
    let mut few = Collection::open("2027-01-10T08:00:00Z", INTERVIEWER);
    let amsterdam = ("nl", "Europe/Amsterdam");
    few.books("a", amsterdam, Some(LINK), online("2027-02-08T09:00:00Z"))
        .moves(at("2027-07-05T08:00:00Z", "Stadhuis"))
        .moves(online("2027-10-31T00:30:00Z"))
        .cancels();
    few.check(&python, &["--spoilt"]);
}
