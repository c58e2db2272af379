//! Inviting and reminding: whom, what would happen to each, and what happened.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand};
use super::invitation_form::{Choices, FURTHEST, KINDS, Kind, Whom};
use crate::actions::note_view::View;
use crate::domain::access::Right;
use crate::domain::respondent::{RespondentStatus, SkipReason};
use crate::domain::wave::WaveKind;
use crate::id::{RespondentId, StudyId, UserId, WaveId};
use crate::problem::Outcome;
use crate::queries::respondents::Asked;
use crate::queries::{consent_forms, municipalities, respondents, strata, wave};
use crate::store::Tx;
use crate::store::waves::WaveOutcome;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::Query;
use crate::web::waves::Wanted;
use crate::words::pages::researcher::{self as pages, Candidate, Choice, Invitations, Section, Skipped};

/// How many people can be ticked.
const CANDIDATES: usize = 100;
/// Up to how many who wait are counted; a larger number is told as more than this.
const COUNTED: i64 = 500;
/// How many people of each side of an outcome are shown at once.
const SHOWN: usize = 100;

/// How long a request writes letters before it leaves the rest to the worker and shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![choose, send]
}

#[get("/studies/<study>/invitations")]
async fn choose(
    app: &State<App>,
    who: Researcher,
    at: At,
    study: Id<StudyId>,
    query: Query,
) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["wave", "kind", "from"]);
    let sent = fields.optional("wave", input::id);
    let kind = fields.optional("kind", input::word(KINDS));
    let from = fields.optional("from", input::integer(0, FURTHEST)).unwrap_or(0);
    let (sent, Kind(kind)) = fields.finish(|| Some((sent, kind.unwrap_or(Kind(WaveKind::Invitations)))))?;
    let from = usize::try_from(from).unwrap_or_default();
    let (kind, outcome) = match sent {
        None => (kind, None),
        Some(sent) => {
            let (kind, is_under_way) = app.store.read(move |tx| wave::kind(tx, user, study, sent)).await?;
            let told = told_of(app, (user, study), sent, from).await?;
            (kind, Some(pages::Outcome { is_under_way, ..told }))
        }
    };
    let choice = Choices::of(kind);
    Html::page(at.language, Invitations { outcome, ..page(app, &who, &at, study, &choice).await? })
}

#[post("/studies/<study>/invitations", data = "<form>")]
async fn send(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (user, study) = (form.who.user, study.0);
    let choice = Choices::read(&form.given)?;
    let (selection, strangers) = choice.selection();
    let wanted = Wanted { user, study, kind: choice.kind, selection };
    let here = format!("{}/invitations", base(study));
    if !form.given.text("send").is_empty() {
        let made = wanted.send_for(app, form.once(app.clock.now()), Some(PATIENCE)).await?;
        return Ok(Either::Left(Redirect::to(format!("{here}?wave={}", made.resource))));
    }
    let outcomes = wanted.foresee(app).await?;
    let outcome = Some(told(app, (user, study), outcomes, strangers, choice.from).await?);
    let at = at.on(here);
    let page = Invitations { outcome, ..page(app, &form.who, &at, study, &choice).await? };
    Ok(Either::Right(Html::page(at.language, page)?))
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    study: StudyId,
    choice: &Choices,
) -> Outcome<Invitations> {
    let user = who.user;
    let (desk, item) = at.study(app, who, study, Section::Invitations).await?;
    demand(&item, Right::Letters)?;
    let status = match choice.kind {
        WaveKind::Invitations => RespondentStatus::Listed,
        WaveKind::Reminders => RespondentStatus::Invited,
    };
    let asked = Asked { status: Some(status), ..Asked::default() };
    let (found, waiting, labels, missing) = app
        .store
        .read(move |tx| {
            let found = respondents::page(tx, user, study, &asked, CANDIDATES)?;
            let waiting = respondents::count_up_to(tx, user, study, &asked, COUNTED)?;
            Ok((found, waiting, strata::labels(tx, user, study)?, missing(tx, user, study)?))
        })
        .await?;
    app.note_view(user, View::Respondents(study)).await?;
    let places = app.store.read(municipalities::places).await?;
    let choices = labels.iter().map(|(value, label)| Choice { value: value.clone(), label: label.clone() });
    let choices: Vec<Choice> = choices.collect();
    let labels: HashMap<String, String> = labels.into_iter().collect();
    let shown: HashSet<String> = found.items.iter().map(|person| person.id.to_string()).collect();
    let candidates = found.items.into_iter().map(|person| {
        let id = person.id.to_string();
        Candidate {
            ticked: choice.ticked.contains(&id),
            id,
            code: person.code,
            name: person.name.unwrap_or_default(),
            municipality: person.municipality.name,
            stratum: person.stratum.and_then(|key| labels.get(&key).cloned()).unwrap_or_default(),
        }
    });
    Ok(Invitations {
        desk,
        kind: choice.kind.letter().as_str().to_owned(),
        who: choice.whom.as_str().to_owned(),
        others: choice.ticked.iter().filter(|id| !shown.contains(*id)).cloned().collect(),
        fitting: (choice.whom == Whom::Fitting).then(|| pages::FilterOfList {
            status: choice.fitting.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            stratum_label: labels.get(&choice.fitting_stratum).cloned().unwrap_or_default(),
            stratum: choice.fitting_stratum.clone(),
            municipality_name: choice.fitting.municipality.map(|code| places.name(code)).unwrap_or_default(),
            municipality: choice.fitting.municipality.map(|code| code.to_string()).unwrap_or_default(),
            wave: choice.fitting.wave.map(|wave| wave.to_string()).unwrap_or_default(),
        }),
        strata: choices,
        stratum: choice.stratum.clone(),
        candidates: candidates.collect(),
        waiting: waiting.unwrap_or_default().unsigned_abs(),
        is_more: waiting.is_some_and(|waiting| waiting >= COUNTED),
        outcome: None,
        missing: missing.into_iter().map(str::to_owned).collect(),
    })
}

/// What has to be done before anybody can be invited.
fn missing(tx: &mut Tx<'_>, user: UserId, study: StudyId) -> Outcome<Vec<&'static str>> {
    let nobody = respondents::count_up_to(tx, user, study, &Asked::default(), 1)? == Some(0);
    let formless = consent_forms::current(tx, user, study)?.is_none();
    Ok([(nobody, "respondents"), (formless, "consent")]
        .into_iter()
        .filter_map(|(is_missing, task)| is_missing.then_some(task))
        .collect())
}

/// What would happen, with the codes of those who are shown: the first who get a letter, and a part of those who do
/// not.
async fn told(
    app: &App,
    (user, study): (UserId, StudyId),
    outcomes: Vec<WaveOutcome>,
    strangers: Vec<String>,
    from: usize,
) -> Outcome<pages::Outcome> {
    let (queued, skipped): (Vec<WaveOutcome>, Vec<WaveOutcome>) =
        outcomes.into_iter().partition(|(_, reason)| reason.is_none());
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    let unknown = strangers.iter().map(|_| SkipReason::Unknown);
    for reason in skipped.iter().filter_map(|(_, reason)| *reason).chain(unknown) {
        *reasons.entry(reason.as_str()).or_default() += 1;
    }
    let getting: Vec<WaveOutcome> = queued.iter().take(SHOWN).copied().collect();
    let shown: Vec<WaveOutcome> = skipped.iter().skip(from).take(SHOWN).copied().collect();
    let ids: Vec<RespondentId> = getting.iter().chain(&shown).map(|(id, _)| *id).collect();
    let codes = app.store.read(move |tx| respondents::codes(tx, user, study, &ids)).await?;
    let stranger =
        |code: String| Skipped { href: None, code, reason: SkipReason::Unknown.as_str().to_owned() };
    let passed_over = skipped.len() + strangers.len();
    let until = from.saturating_add(SHOWN);
    let known = shown.into_iter().filter_map(|outcome| passed(&codes, outcome));
    let strangers = strangers.into_iter().skip(from.saturating_sub(skipped.len()));
    Ok(pages::Outcome {
        dry_run: true,
        queued: getting.iter().filter_map(|(id, _)| codes.get(id).cloned()).collect(),
        letters: u64::try_from(queued.len()).unwrap_or(u64::MAX),
        skipped: known.chain(strangers.map(stranger)).take(SHOWN).collect(),
        passed_over: u64::try_from(passed_over).unwrap_or(u64::MAX),
        reasons: reasons.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect(),
        is_first: from == 0,
        next: (until < passed_over).then_some(until),
        more: None,
        wave: None,
        is_under_way: false,
    })
}

/// What a wave came to that was sent.
async fn told_of(
    app: &App,
    (user, study): (UserId, StudyId),
    sent: WaveId,
    from: usize,
) -> Outcome<pages::Outcome> {
    let after = i64::try_from(from).unwrap_or(i64::MAX);
    let (summary, codes) = app
        .store
        .read(move |tx| {
            let summary = wave::summary(tx, (user, study), sent, (after, SHOWN))?;
            let passed = summary.skipped.iter().map(|(id, _)| *id);
            let ids: Vec<RespondentId> = summary.written_to.iter().copied().chain(passed).collect();
            let codes = respondents::codes(tx, user, study, &ids)?;
            Ok((summary, codes))
        })
        .await?;
    let passed_over: i64 = summary.reasons.iter().map(|(_, count)| *count).sum();
    Ok(pages::Outcome {
        dry_run: false,
        queued: summary.written_to.iter().filter_map(|id| codes.get(id).cloned()).collect(),
        letters: summary.letters.unsigned_abs(),
        skipped: summary.skipped.into_iter().filter_map(|outcome| passed(&codes, outcome)).collect(),
        passed_over: passed_over.unsigned_abs(),
        reasons: summary
            .reasons
            .into_iter()
            .map(|(reason, count)| (reason.as_str().to_owned(), count.unsigned_abs()))
            .collect(),
        is_first: from == 0,
        next: summary.next.and_then(|place| usize::try_from(place).ok()),
        more: Some(format!("{}/invitations?wave={sent}", base(study))),
        wave: Some(sent.to_string()),
        is_under_way: false,
    })
}

/// Somebody who gets no letter, with the reason.
fn passed(codes: &HashMap<RespondentId, String>, (id, reason): WaveOutcome) -> Option<Skipped> {
    let reason = reason?.as_str().to_owned();
    let code = codes.get(&id);
    let href = code.map(|_| format!("/respondents/{id}"));
    Some(Skipped { href, code: code.cloned().unwrap_or_else(|| id.to_string()), reason })
}
