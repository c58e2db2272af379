//! A team with full agendas: what it costs to find their free times.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::json;

use crate::http::{load, request};
use crate::process::{Letters, Server};
use crate::report::Report;
use crate::study::Desk;
use crate::{Limits, measured};

/// How many interviewers plan interviews in the study.
const INTERVIEWERS: u16 = 10;
/// How many busy times each of them has within the days that are asked about.
const BUSY: i32 = 500;
/// The days of the long question, the most that there may be (E8), and of the short one.
const DAYS: [i32; 2] = [31, 7];
/// Questions of one round.
const QUESTIONS: usize = 100;

/// Asks for the free times of everybody, without busy times and with them.
pub fn run(report: &mut Report, limits: &Limits, rounds: usize) {
    let veldwerk = Server::veldwerk(None, Letters::Wait);
    let mut desk = Desk::of(&veldwerk, None, 0);
    let study = desk.study();
    let made = desk.ask("GET", &study, None);
    let made: DateTime<Utc> = made["created_at"].as_str().unwrap().parse().unwrap();
    let from = made + Duration::hours(1);
    let team = team(&veldwerk, &mut desk, &study);
    let mut cost = |days: i32| {
        let told = |moment: DateTime<Utc>| moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let path =
            format!("{study}/slots?from={}&until={}", told(from), told(from + Duration::days(days.into())));
        let asked = request("GET", &path, Some(desk.token()), None);
        let questions = vec![asked; QUESTIONS];
        measured(&veldwerk, rounds, |_| load(veldwerk.address, 4, &questions, 200)).1
    };
    let free = cost(DAYS[0]);
    fill(&veldwerk, &team, from);
    let [long, short] = DAYS.map(&mut cost);
    let each = long / f64::from(INTERVIEWERS) / limits.rocket_cpu;
    let what = format!(
        "CPU of free times, {INTERVIEWERS} interviewers × {} days with {} busy times, per interviewer / of a bare \
         request",
        DAYS[0],
        i32::from(INTERVIEWERS) * BUSY
    );
    report.at_most(&what, each, 20.0);
    let [long_day, short_day] = [long / f64::from(DAYS[0]), short / f64::from(DAYS[1])];
    let what = format!("the same per day, of {} days / of {} days", DAYS[0], DAYS[1]);
    report.at_most(&what, long_day / short_day, 1.2);
    report
        .note("CPU of the same question with full agendas / with empty ones", format!("{:.2}", long / free));
}

/// Colleagues with the same hours; the ids of all.
fn team(veldwerk: &Server, desk: &mut Desk<'_>, study: &str) -> Vec<String> {
    let mut team = vec![desk.ask("GET", "/api/v1/me", None)["id"].as_str().unwrap().to_owned()];
    for number in 1..INTERVIEWERS {
        Desk::of(veldwerk, None, number.into());
        let member = json!({ "email": format!("researcher{number}@example.org"), "role": "interviewer" });
        let made = desk.ask("POST", &format!("{study}/members"), Some(&member.to_string()));
        team.push(made["user"].as_str().unwrap().to_owned());
    }
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let rule = |who: &String, day: &str| json!({ "interviewer": who, "weekday": day, "from": "09:00", "until": "17:00" });
    let rules: Vec<_> = team.iter().flat_map(|who| days.iter().map(move |day| rule(who, day))).collect();
    desk.ask("PUT", &format!("{study}/availability"), Some(&json!({ "rules": rules }).to_string()));
    team
}

/// Fills their agendas, as if they had been read somewhere: a third of an hour, again and again.
fn fill(veldwerk: &Server, team: &[String], from: DateTime<Utc>) {
    let mut conn = SqliteConnection::establish(veldwerk.database().to_str().unwrap()).unwrap();
    let step = i64::from(DAYS[0]) * 86_400 / i64::from(BUSY);
    let mut sql = "PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;".to_owned();
    for (number, who) in team.iter().enumerate() {
        let calendar = format!("00000000-0000-7000-8000-{number:012}");
        // Not due for a century.
        let due = from.timestamp() + 3_155_760_000;
        let _ = write!(
            sql,
            "INSERT INTO calendars (id, user_id, name, host, address_sealed, time_zone, created_at, due_at, fence, \
             failures, skipped) VALUES ('{calendar}', '{who}', 'x', 'x', x'00', 'UTC', 0, {due}, 0, 0, 0);"
        );
        for busy in 0..i64::from(BUSY) {
            let begins = from.timestamp() + busy * step;
            let ends = begins + 1_200;
            let _ = write!(sql, "INSERT INTO busy_times VALUES ('{calendar}', '{who}', {begins}, {ends});");
        }
    }
    conn.batch_execute(&(sql + "COMMIT;")).unwrap();
}
