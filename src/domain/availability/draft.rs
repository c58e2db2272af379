//! Availability as somebody wrote it, and all that is wrong with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::rules::{Availability, Change, Exception, Rule, Stretch};
use super::wall::{WallTime, Weekday, parse_date};
use crate::domain::findings::Findings;
use crate::id::UserId;
use crate::problem::{FieldCode, FieldProblem};

/// The greatest number of rules that are put at once.
pub const RULES_LIMIT: usize = 200;
/// The greatest number of exceptions that are put at once.
pub const EXCEPTIONS_LIMIT: usize = 1_000;

/// The hours of the interviewers that it names; those of others stay as they are.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityDraft {
    /// Hours that return every week.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub rules: Vec<RuleDraft>,
    /// What differs on single dates.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    pub exceptions: Vec<ExceptionDraft>,
}

/// Hours that return every week.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AvailabilityRuleDraft)]
pub struct RuleDraft {
    /// The id of the interviewer; the caller when left out (E6).
    #[schema(value_type = Option<UserId>)]
    pub interviewer: Option<String>,
    /// The day of the week.
    #[serde(default)]
    #[schema(required, value_type = Weekday)]
    pub weekday: String,
    /// When they begin.
    #[serde(default)]
    #[schema(required, value_type = WallTime)]
    pub from: String,
    /// When they end.
    #[serde(default)]
    #[schema(required, value_type = WallTime)]
    pub until: String,
}

/// What differs from the weekly rules on one date.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AvailabilityExceptionDraft)]
pub struct ExceptionDraft {
    /// The id of the interviewer; the caller when left out (E6).
    #[schema(value_type = Option<UserId>)]
    pub interviewer: Option<String>,
    /// The date in the study's zone.
    #[serde(default)]
    #[schema(required, value_type = chrono::NaiveDate)]
    pub date: String,
    /// Whether hours are added or cut out.
    #[schema(required, nullable = false)]
    pub open: Option<bool>,
    /// From when; left out together with `until` to close the whole day.
    #[schema(value_type = Option<WallTime>)]
    pub from: Option<String>,
    /// Until when.
    #[schema(value_type = Option<WallTime>)]
    pub until: Option<String>,
}

impl AvailabilityDraft {
    /// Reads every rule and exception; those without an interviewer are the caller's. Order and number stay the
    /// same, so that whoever looks the interviewers up can name the field of one who is unknown.
    ///
    /// # Errors
    /// Everything that is wrong, with the path of each field, for example `rules.2.from`.
    pub fn check(&self, caller: UserId) -> Result<Availability, Vec<FieldProblem>> {
        let mut findings = Findings::default();
        findings.count("rules", self.rules.len(), RULES_LIMIT);
        findings.count("exceptions", self.exceptions.len(), EXCEPTIONS_LIMIT);
        if !findings.is_empty() {
            return Err(findings.into_problems());
        }
        let rules: Vec<Option<Rule>> = self
            .rules
            .iter()
            .enumerate()
            .map(|(i, rule)| read_rule(&mut findings, i, rule, caller))
            .collect();
        let exceptions: Vec<Option<Exception>> = self
            .exceptions
            .iter()
            .enumerate()
            .map(|(i, e)| read_exception(&mut findings, i, e, caller))
            .collect();

        let weekly = rules.iter().enumerate().filter_map(|(i, rule)| {
            rule.map(|rule| ((rule.interviewer, rule.weekday), rule.stretch, format!("rules.{i}.from")))
        });
        find_overlaps(&mut findings, weekly);
        let opened = exceptions.iter().enumerate().filter_map(|(i, exception)| match exception {
            Some(Exception { interviewer, date, change: Change::Open(stretch) }) => {
                Some(((*interviewer, *date), *stretch, format!("exceptions.{i}.from")))
            }
            _ => None,
        });
        find_overlaps(&mut findings, opened);

        findings.outcome(Availability {
            rules: rules.into_iter().flatten().collect(),
            exceptions: exceptions.into_iter().flatten().collect(),
        })
    }
}

fn read_rule(findings: &mut Findings, index: usize, draft: &RuleDraft, caller: UserId) -> Option<Rule> {
    let path = format!("rules.{index}");
    let interviewer = read_interviewer(findings, &path, draft.interviewer.as_deref(), caller);
    let days = "mon, tue, wed, thu, fri, sat, sun";
    let weekday = findings.value(format!("{path}.weekday"), &draft.weekday, days, |text| text.parse().ok());
    let stretch = read_stretch(findings, &path, &draft.from, &draft.until);
    Some(Rule { interviewer: interviewer?, weekday: weekday?, stretch: stretch? })
}

fn read_exception(
    findings: &mut Findings,
    index: usize,
    draft: &ExceptionDraft,
    caller: UserId,
) -> Option<Exception> {
    let path = format!("exceptions.{index}");
    let interviewer = read_interviewer(findings, &path, draft.interviewer.as_deref(), caller);
    let date = findings.value(format!("{path}.date"), &draft.date, "YYYY-MM-DD", parse_date);
    if draft.open.is_none() {
        findings.add(format!("{path}.open"), FieldCode::Required);
    }
    let change = if draft.open == Some(false) && draft.from.is_none() && draft.until.is_none() {
        Some(Change::Closed(None))
    } else {
        let (from, until) = (draft.from.as_deref(), draft.until.as_deref());
        let stretch = read_stretch(findings, &path, from.unwrap_or_default(), until.unwrap_or_default());
        draft.open.zip(stretch).and_then(|(open, stretch)| Change::from_parts(open, Some(stretch)))
    };
    Some(Exception { interviewer: interviewer?, date: date?, change: change? })
}

fn read_interviewer(findings: &mut Findings, path: &str, id: Option<&str>, caller: UserId) -> Option<UserId> {
    let Some(id) = id else { return Some(caller) };
    let parsed = id.parse().ok();
    if parsed.is_none() {
        findings.add(format!("{path}.interviewer"), FieldCode::UnknownReference);
    }
    parsed
}

fn read_stretch(findings: &mut Findings, path: &str, from: &str, until: &str) -> Option<Stretch> {
    let mut time = |name, text: &str| {
        findings.value(format!("{path}.{name}"), text, "00:00–24:00", |t| t.parse::<WallTime>().ok())
    };
    let (from, until) = (time("from", from), time("until", until));
    let (from, until) = (from?, until?);
    let stretch = Stretch::new(from, until);
    if stretch.is_none() {
        findings.add(format!("{path}.until"), FieldCode::Order);
    }
    stretch
}

/// Names the field of each stretch that begins before an earlier one of the same owner and day has ended.
fn find_overlaps<K: Ord>(findings: &mut Findings, stretches: impl Iterator<Item = (K, Stretch, String)>) {
    let mut groups: BTreeMap<K, Vec<(Stretch, String)>> = BTreeMap::new();
    for (key, stretch, field) in stretches {
        groups.entry(key).or_default().push((stretch, field));
    }
    for mut group in groups.into_values() {
        group.sort_by_key(|(stretch, _)| *stretch);
        let mut ended = WallTime::START_OF_DAY;
        for (stretch, field) in group {
            if stretch.from() < ended {
                findings.add(field, FieldCode::Overlap);
            }
            ended = ended.max(stretch.until());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wall::Weekday;
    use super::*;

    fn check(body: Value) -> Result<Availability, Vec<(String, &'static str)>> {
        let draft: AvailabilityDraft = serde_json::from_value(body).unwrap();
        draft.check(UserId::new()).map_err(|problems| {
            problems.into_iter().map(|problem| (problem.field, problem.code.as_str())).collect()
        })
    }

    fn errors(body: Value) -> Vec<(String, &'static str)> {
        check(body).unwrap_err()
    }

    fn at(field: &str, code: &'static str) -> (String, &'static str) {
        (field.to_owned(), code)
    }

    #[test]
    fn what_is_well_written_comes_through_in_its_order() {
        let other = UserId::new();
        let availability = check(json!({
            "rules": [
                { "weekday": "tue", "from": "13:00", "until": "24:00", "interviewer": other },
                { "weekday": "mon", "from": "09:00", "until": "12:00" },
            ],
            "exceptions": [
                { "date": "2027-04-27", "open": false },
                { "date": "2027-04-28", "open": false, "from": "12:00", "until": "13:00" },
                { "date": "2027-04-28", "open": true, "from": "19:00", "until": "21:00" },
            ],
        }))
        .unwrap();
        assert_eq!(
            availability.rules.iter().map(|r| r.weekday).collect::<Vec<_>>(),
            [Weekday::Tue, Weekday::Mon]
        );
        assert_eq!(availability.rules.first().unwrap().interviewer, other);
        assert_eq!(availability.exceptions.first().unwrap().change, Change::Closed(None));
        assert!(availability.exceptions.last().unwrap().change.is_open());
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(
            errors(json!({
                "rules": [
                    { "weekday": "monday", "from": "9:00", "until": "24:01", "interviewer": "me" },
                    {},
                    { "weekday": "mon", "from": "12:00", "until": "12:00" },
                ],
                "exceptions": [
                    { "date": "2027-02-29", "open": true },
                    { "date": "2027-03-01", "open": false, "from": "10:00" },
                    { "date": "2027-03-01", "from": "10:00", "until": "09:00" },
                ],
            })),
            [
                at("rules.0.interviewer", "unknown_reference"),
                at("rules.0.weekday", "value"),
                at("rules.0.from", "value"),
                at("rules.0.until", "value"),
                at("rules.1.weekday", "required"),
                at("rules.1.from", "required"),
                at("rules.1.until", "required"),
                at("rules.2.until", "order"),
                at("exceptions.0.date", "value"),
                at("exceptions.0.from", "required"),
                at("exceptions.0.until", "required"),
                at("exceptions.1.until", "required"),
                at("exceptions.2.open", "required"),
                at("exceptions.2.until", "order"),
            ]
        );
    }

    #[test]
    fn rules_of_one_interviewer_on_one_weekday_may_touch_but_not_overlap() {
        let rule = |weekday, from, until| json!({ "weekday": weekday, "from": from, "until": until });
        let touching =
            [rule("mon", "12:00", "17:00"), rule("mon", "09:00", "12:00"), rule("tue", "09:00", "17:00")];
        assert!(check(json!({ "rules": touching })).is_ok());

        let inside =
            [rule("mon", "09:00", "17:00"), rule("mon", "10:00", "11:00"), rule("mon", "16:45", "18:00")];
        assert_eq!(
            errors(json!({ "rules": inside })),
            [at("rules.1.from", "overlap"), at("rules.2.from", "overlap")]
        );
        let mut of_another = rule("mon", "10:00", "11:00");
        of_another["interviewer"] = json!(UserId::new());
        assert!(check(json!({ "rules": [rule("mon", "09:00", "17:00"), of_another] })).is_ok());
    }

    #[test]
    fn hours_opened_twice_on_one_date_overlap_while_closing_twice_does_no_harm() {
        let exception =
            |open, from, until| json!({ "date": "2027-03-01", "open": open, "from": from, "until": until });
        assert_eq!(
            errors(
                json!({ "exceptions": [exception(true, "09:00", "12:00"), exception(true, "11:00", "13:00")] })
            ),
            [at("exceptions.1.from", "overlap")]
        );
        let closed = [exception(false, "09:00", "12:00"), exception(false, "11:00", "13:00")];
        assert!(check(json!({ "exceptions": closed })).is_ok());
    }

    #[test]
    fn more_than_200_rules_or_1000_exceptions_are_refused_unread() {
        let rules = vec![json!({}); 201];
        let exceptions = vec![json!({}); 1_001];
        assert_eq!(
            errors(json!({ "rules": rules, "exceptions": exceptions })),
            [at("rules", "value"), at("exceptions", "value")]
        );
    }
}
