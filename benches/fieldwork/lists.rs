//! The lists that a researcher opens, in a study with many respondents against the same in one with few.

use std::fmt::Write as _;

use crate::process::Server;
use crate::report::Report;
use crate::study::Desk;

/// How many respondents are few.
const FEW: usize = 100;
/// Pages of one round.
const PAGES: usize = 400;
/// How many respondents one request imports.
const AT_ONCE: usize = 10_000;

/// The pages, below a study: what each is, and the rest of its address.
const LISTS: [(&str, &str); 7] = [
    ("list of respondents", "respondents"),
    ("the same by status", "respondents?status=listed"),
    ("the same by stratum", "respondents?stratum=large"),
    ("the same by stratum and status", "respondents?stratum=large&status=withdrawn"),
    ("the same by municipality", "respondents?municipality=Enschede"),
    ("a respondent by code", "respondents?q=R7"),
    ("whom to invite", "invitations"),
];

/// What a list costs in a study with so many people against one with few.
pub fn compare(report: &mut Report, server: &Server, number: usize, people: usize, rounds: usize) {
    let mut desk = Desk::of(server, None, number);
    let (few, many) = (desk.study(), desk.study());
    desk.import(&few, &csv("few-listed", FEW));
    for part in 0..people.div_ceil(AT_ONCE) {
        let prefix = format!("listed{part}x");
        desk.import(&many, &csv(&prefix, AT_ONCE.min(people - part * AT_ONCE)));
    }
    for (what, rest) in LISTS {
        let rate = |study: &str| desk.pages(&format!("{}/{rest}", page_of(study)), PAGES, rounds);
        let what = format!("{what}: with {people} respondents / with {FEW} (time)");
        report.at_most(&what, rate(&few) / rate(&many), 1.5);
    }
}

/// People of whom every other one works in Enschede, and all in large municipalities, so that a page of either is as
/// full with few people as with many: what is compared is looking for them, not showing more of them.
fn csv(prefix: &str, people: usize) -> String {
    let mut csv = "name;email;municipality\n".to_owned();
    for number in 0..people {
        let place = ["Enschede", "Ede"][number % 2];
        let _ = writeln!(csv, "S. de Vries {number};{prefix}.{number}@gemeente.example;{place}");
    }
    csv
}

/// The page of a study whose path in the API is known.
fn page_of(study: &str) -> &str {
    study.strip_prefix("/api/v1").unwrap()
}
