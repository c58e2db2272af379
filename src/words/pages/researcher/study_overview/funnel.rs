//! The funnel from invited to held: a drawing of the whole study, and every stratum in numbers.

use serde::Serialize;

use super::{percent, share};
use crate::domain::recruitment::Funnel;

/// The height of a step in the drawing, and of the bar in it; the rest leads over to the next step.
const STEP: u64 = 20;
const BAR: u64 = 13;

/// The funnel of a study.
#[derive(Debug, Clone, Serialize)]
pub struct FunnelView {
    /// Respondents on the list.
    pub listed: u64,
    /// The steps from invited to held.
    pub steps: Vec<Step>,
    /// The height of the drawing, whose width is 100.
    pub height: u64,
    /// The steps of each stratum, and of what lies outside them if anybody does.
    pub rows: Vec<Row>,
    /// Those who stopped on the way: the name of a status and how many.
    pub stopped: Vec<(String, u64)>,
}

/// A step of the funnel: `funnel.<kind>` in the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `invited`, `opened`, `consented`, `booked` or `held`.
    pub kind: String,
    /// Who came at least so far.
    pub count: u64,
    /// In per cent of the invited; none where nobody is invited.
    pub percent: Option<String>,
    /// Where the step begins in the drawing.
    pub y: u64,
    /// The width of its bar.
    pub width: String,
    /// The height of its bar.
    pub height: u64,
    /// The corners of what leads over to the next step; none behind the last.
    pub slope: Option<String>,
}

/// A stratum in the funnel.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its name.
    pub label: String,
    /// Respondents on its list.
    pub listed: u64,
    /// Its steps.
    pub steps: Vec<Step>,
}

impl FunnelView {
    /// The funnel of a study with these strata, `None` while nobody is on the list. `stopped` are statuses with how
    /// many have them; those that nobody has are left out.
    #[must_use]
    pub fn new(whole: Funnel, strata: Vec<(String, Funnel)>, stopped: Vec<(String, u64)>) -> Option<Self> {
        let row = |(label, funnel): (String, Funnel)| Row {
            label,
            listed: funnel.listed.unsigned_abs(),
            steps: steps(funnel),
        };
        let steps = steps(whole);
        (whole.listed > 0).then(|| Self {
            listed: whole.listed.unsigned_abs(),
            height: STEP * 4 + BAR,
            steps,
            rows: strata.into_iter().map(row).collect(),
            stopped: stopped.into_iter().filter(|(_, count)| *count > 0).collect(),
        })
    }
}

fn steps(funnel: Funnel) -> Vec<Step> {
    let counts = [
        ("invited", funnel.invited),
        ("opened", funnel.opened),
        ("consented", funnel.consented),
        ("booked", funnel.booked),
        ("held", funnel.held),
    ];
    let invited = funnel.invited.unsigned_abs();
    let width = |count: i64| share(count.unsigned_abs(), invited);
    let following = counts.iter().skip(1).map(|(_, count)| Some(width(*count))).chain([None]);
    (0..)
        .zip(counts)
        .zip(following)
        .map(|((place, (kind, count)), next)| {
            let (y, bar) = (place * STEP, width(count));
            Step {
                kind: kind.to_owned(),
                count: count.unsigned_abs(),
                percent: percent(count.unsigned_abs(), invited),
                y,
                height: BAR,
                slope: next.map(|next| format!("0,{0} {bar},{0} {next},{1} 0,{1}", y + BAR, y + STEP)),
                width: bar,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_count_its_share_of_the_invited_and_leads_over_to_the_next() {
        let whole = Funnel { listed: 13, invited: 10, opened: 8, consented: 8, booked: 5, held: 0 };
        let view = FunnelView::new(whole, Vec::new(), vec![("declined".to_owned(), 0)]).expect("people");
        let told: Vec<_> = view.steps.iter().map(|step| (step.count, step.percent.as_deref())).collect();
        let expected =
            [(10, "100%"), (8, "80%"), (8, "80%"), (5, "50%"), (0, "0%")].map(|(n, p)| (n, Some(p)));
        assert_eq!(told, expected);
        assert_eq!(view.steps[0].slope.as_deref(), Some("0,13 100,13 80,20 0,20"));
        assert_eq!((view.steps[4].slope.as_deref(), view.height, view.stopped.len()), (None, 93, 0));
    }

    #[test]
    fn nobody_on_the_list_is_no_funnel_and_nobody_invited_has_no_share() {
        assert!(FunnelView::new(Funnel::default(), Vec::new(), Vec::new()).is_none());
        let listed = Funnel { listed: 3, ..Funnel::default() };
        let view = FunnelView::new(listed, Vec::new(), Vec::new()).expect("people");
        assert!(view.steps.iter().all(|step| step.percent.is_none() && step.width == "0"));
    }
}
