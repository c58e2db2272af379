//! When a study reminds of its interviews, as its researchers set it up.

use super::{StudyPatch, StudyRules, edit_text, set};
use crate::domain::findings::Findings;
use crate::domain::reminder::{LEAD_RANGE, LEADS_LIMIT, QuietHours, Reminding};
use crate::problem::FieldCode;

impl StudyRules {
    /// The rules by which both sides are reminded of an interview.
    #[must_use]
    pub fn reminding(&self) -> Reminding {
        let quiet = self.quiet_from.zip(self.quiet_until);
        Reminding {
            zone: self.time_zone,
            leads: self.reminder_lead_minutes.clone(),
            quiet: quiet.and_then(|(from, until)| QuietHours::new(from, until)),
        }
    }

    pub(super) fn apply_reminders(&mut self, patch: &StudyPatch, findings: &mut Findings) {
        set(&mut self.reminder_lead_minutes, patch.reminder_lead_minutes.as_ref(), |leads| {
            read_leads(leads, findings)
        });
        for (field, time, given) in [
            ("quiet_from", &mut self.quiet_from, &patch.quiet_from),
            ("quiet_until", &mut self.quiet_until, &patch.quiet_until),
        ] {
            edit_text(time, given, |text| findings.value(field, text, "00:00–24:00", |t| t.parse().ok()));
        }
        match (self.quiet_from, self.quiet_until) {
            (Some(_), None) => findings.add("quiet_until", FieldCode::Required),
            (None, Some(_)) => findings.add("quiet_from", FieldCode::Required),
            (Some(from), Some(until)) if QuietHours::new(from, until).is_none() => {
                findings.add("quiet_until", FieldCode::Duplicate);
            }
            _ => {}
        }
    }
}

/// The leads, the longest first.
fn read_leads(given: &[i64], findings: &mut Findings) -> Option<Vec<i32>> {
    if !findings.count("reminder_lead_minutes", given.len(), LEADS_LIMIT) {
        return None;
    }
    let mut leads = Vec::new();
    for (i, minutes) in given.iter().enumerate() {
        let field = format!("reminder_lead_minutes.{i}");
        match findings.range(field.as_str(), *minutes, LEAD_RANGE) {
            Some(lead) if leads.contains(&lead) => findings.add(field, FieldCode::Duplicate),
            lead => leads.extend(lead),
        }
    }
    leads.sort_unstable_by(|a, b| b.cmp(a));
    Some(leads)
}
