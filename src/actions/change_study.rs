//! Changes what a study says of itself and how its interviews are planned.

use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::study::{Study, StudyPatch, StudyRules};
use crate::id::{StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::store::studies::StudyRow;
use crate::store::{Tx, members, municipalities, reminders, studies};

use super::announce_link::announce_link;
use super::assign_strata::assign_strata;
use super::create_study::check_date;

/// Changes a study. Another date for the inhabitants moves every respondent to the right stratum (E15); another
/// meeting link is told to those who wait for it; other rules of reminding hold for what is planned from now on. `fits`
/// judges the study that is found (If-Match).
///
/// # Errors
/// [`Problem::Invalid`] with everything that is wrong; what `fits` says.
pub fn change_study(
    tx: &mut Tx<'_>,
    now: Instant,
    user: UserId,
    id: StudyId,
    patch: &StudyPatch,
    fits: impl Fn(&StudyRow) -> Outcome<()>,
) -> Outcome<Done<()>> {
    studies::lock(tx, id)?;
    members::require(tx, id, user, Right::ChangeStudy)?;
    let before = studies::get(tx, id)?;
    fits(&before)?;
    let study = before.study.change(patch).map_err(Problem::Invalid)?;
    if study == before.study {
        return Ok(Done::housekeeping(()));
    }
    let places = municipalities::places(tx)?;
    check_date(&places, &study)?;
    studies::update(tx, id, &study)?;
    if study.rules.population_on != before.study.rules.population_on {
        assign_strata(tx, id, study.rules.population_on, &[])?;
    }
    if study.rules.reminding() != before.study.rules.reminding() {
        reminders::look_again(tx, id, now)?;
    }
    let entry = Entry::new(now, Actor::User(user), "study.changed").study(id).subject(id);
    let done = changes(entry, &before.study, &study).with(());
    let link = |study: &Study| (study.rules.teams_link.clone(), study.rules.teams_link_source);
    if link(&study) == link(&before.study) {
        return Ok(done);
    }
    let (_, told) = announce_link(tx, now, id, None)?.into_parts();
    Ok(Done::noted((), told).after(done.into_parts().1))
}

/// Notes each field that changed, by its name.
fn changes(mut entry: Entry, before: &Study, after: &Study) -> Entry {
    let (old, new) = (&before.rules, &after.rules);
    let mut note = |name: &'static str, changed: bool, value: String| {
        if changed {
            entry.fields.insert(name, value);
        }
    };
    note("title", before.title != after.title, after.title.clone());
    note("organisation", before.organisation != after.organisation, after.organisation.clone());
    note(
        "contact_email",
        before.contact_email != after.contact_email,
        after.contact_email.as_str().to_owned(),
    );
    for ((field, told), (_, now)) in
        before.privacy_notice.texts().into_iter().zip(after.privacy_notice.texts())
    {
        note(field, told != now, format!("{} / {}", now.nl, now.en));
    }
    note("population_on", old.population_on != new.population_on, new.population_on.to_string());
    note("teams_link", old.teams_link != new.teams_link, new.teams_link.clone().unwrap_or_default());
    let sources = (old.teams_link_source, new.teams_link_source);
    note("teams_link_source", sources.0 != sources.1, sources.1.to_string());
    note("ethics", old.ethics != new.ethics, new.ethics.clone().unwrap_or_default());
    note("language", old.language != new.language, new.language.to_string());
    note("max_reminders", old.max_reminders != new.max_reminders, new.max_reminders.to_string());
    let min_days = (old.min_reminder_days, new.min_reminder_days);
    note("min_reminder_days", min_days.0 != min_days.1, min_days.1.to_string());
    note("reminding", old.reminding() != new.reminding(), format!("{:?}", new.reminding()));
    note("planning", old.timing() != new.timing() || old.modes != new.modes, format!("{:?}", new.timing()));
    note("notice", notices(old) != notices(new), format!("{:?}", notices(new)));
    entry
}

/// Minutes in which a respondent can no longer move, and cancel.
const fn notices(rules: &StudyRules) -> (i32, i32) {
    (rules.move_notice_minutes, rules.cancel_notice_minutes)
}
