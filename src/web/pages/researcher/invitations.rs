//! Inviting and reminding: whom, what would happen to each, and what happened.

use std::collections::HashMap;

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, demand};
use crate::actions::note_view::View;
use crate::domain::access::Right;
use crate::domain::respondent::{RespondentStatus, SkipReason};
use crate::domain::wave::{Selection, WaveKind};
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::respondents::Asked;
use crate::queries::{overview, respondents, strata, wave};
use crate::store::waves::WaveOutcome;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::Query;
use crate::web::waves::{self, Wanted};
use crate::words::pages::researcher::{self as pages, Candidate, Choice, Invitations, Section, Skipped};

/// How many people can be ticked.
const CANDIDATES: usize = 200;
/// How many people of each side of an outcome are shown.
const SHOWN: usize = 1_000;

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
    let mut fields = query.fields(&["wave", "kind"]);
    let sent = fields.optional("wave", input::id);
    let kind = fields.optional("kind", input::word(KINDS));
    let (sent, Kind(kind)) = fields.finish(|| Some((sent, kind.unwrap_or(Kind(WaveKind::Invitations)))))?;
    let (kind, outcome) = match sent {
        None => (kind, None),
        Some(sent) => {
            let kind = app.store.read(move |tx| wave::kind(tx, user, study, sent)).await?;
            let outcomes = waves::outcomes(app, sent).await?;
            (kind, Some(told(app, (user, study), false, outcomes, Vec::new()).await?))
        }
    };
    let choice = Choices { kind, whom: Whom::All, stratum: String::new(), ticked: Vec::new() };
    Html::page(at.language, Invitations { outcome, ..page(app, &who, &at, study, &choice).await? })
}

const KINDS: &str = "invitation, reminder";

/// A kind of wave by the name of its letter.
struct Kind(WaveKind);

impl std::str::FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let kind = WaveKind::ALL.into_iter().find(|kind| kind.letter().as_str() == text);
        kind.map(Self).ok_or(())
    }
}

/// Whom the letters are meant for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whom {
    All,
    Stratum,
    Ticked,
}

impl Whom {
    const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stratum => "stratum",
            Self::Ticked => "ticked",
        }
    }
}

impl std::str::FromStr for Whom {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::All, Self::Stratum, Self::Ticked].into_iter().find(|whom| whom.as_str() == text).ok_or(())
    }
}

/// What is chosen in the form.
struct Choices {
    kind: WaveKind,
    whom: Whom,
    stratum: String,
    ticked: Vec<String>,
}

impl Choices {
    fn read(given: &Given) -> Outcome<Self> {
        let ticked = given.all("respondents").to_vec();
        let mut fields = given.without(|name| matches!(name, "respondents" | "send")).fields();
        let kind = fields.required("kind", input::word(KINDS));
        let whom = fields.required("who", input::word("all, stratum, ticked"));
        let stratum = fields.optional("stratum", input::line).unwrap_or_default();
        fields.finish(|| {
            let Kind(kind) = kind?;
            Some(Self { kind, whom: whom?, stratum, ticked })
        })
    }

    /// The selection, and what is ticked without being an id: unknown like any other (E29).
    fn selection(&self) -> (Selection, Vec<String>) {
        match self.whom {
            Whom::All => (Selection::new(None, None), Vec::new()),
            Whom::Stratum => (Selection::new(None, Some(self.stratum.clone())), Vec::new()),
            Whom::Ticked => {
                let (known, strange): (Vec<&String>, Vec<&String>) =
                    self.ticked.iter().partition(|text| text.parse::<RespondentId>().is_ok());
                let ids = known.into_iter().filter_map(|text| text.parse().ok()).collect();
                (Selection::new(Some(ids), None), strange.into_iter().cloned().collect())
            }
        }
    }
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
        let made = wanted.send(app, form.once(app.clock.now())).await?;
        return Ok(Either::Left(Redirect::to(format!("{here}?wave={}", made.resource))));
    }
    let outcomes = wanted.foresee(app).await?;
    let outcome = Some(told(app, (user, study), true, outcomes, strangers).await?);
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
    let (now, user) = (app.clock.now(), who.user);
    let (desk, item) = at.study(app, who, study, Section::Invitations).await?;
    demand(&item, Right::Letters)?;
    let status = match choice.kind {
        WaveKind::Invitations => RespondentStatus::Listed,
        WaveKind::Reminders => RespondentStatus::Invited,
    };
    let asked = Asked { status: Some(status), ..Asked::default() };
    let (found, counts, plans) = app
        .store
        .read(move |tx| {
            let found = respondents::page(tx, user, study, &asked, CANDIDATES)?;
            Ok((
                found,
                overview::of(tx, user, study, now)?.standing.statuses,
                strata::all(tx, user, study)?.items,
            ))
        })
        .await?;
    app.note_view(user, View::Respondents(study)).await?;
    let labels: HashMap<String, String> =
        plans.iter().map(|item| (item.plan.key.clone(), item.plan.label.clone())).collect();
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
    let waiting = counts.get(status.as_str()).copied().unwrap_or_default();
    Ok(Invitations {
        desk,
        kind: choice.kind.letter().as_str().to_owned(),
        who: choice.whom.as_str().to_owned(),
        strata: plans
            .into_iter()
            .map(|item| Choice { value: item.plan.key, label: item.plan.label })
            .collect(),
        stratum: choice.stratum.clone(),
        candidates: candidates.collect(),
        waiting: u64::try_from(waiting).unwrap_or_default(),
        outcome: None,
    })
}

/// An outcome with the codes of those who are shown.
async fn told(
    app: &App,
    (user, study): (UserId, StudyId),
    dry_run: bool,
    outcomes: Vec<WaveOutcome>,
    strangers: Vec<String>,
) -> Outcome<pages::Outcome> {
    let (queued, skipped): (Vec<WaveOutcome>, Vec<WaveOutcome>) =
        outcomes.into_iter().partition(|(_, reason)| reason.is_none());
    let shown = |rows: &[WaveOutcome]| -> Vec<WaveOutcome> { rows.iter().take(SHOWN).copied().collect() };
    let (getting, passed) = (shown(&queued), shown(&skipped));
    let ids: Vec<RespondentId> = getting.iter().chain(&passed).map(|(id, _)| *id).collect();
    let codes = app.store.read(move |tx| respondents::codes(tx, user, study, &ids)).await?;
    let stranger =
        |code: String| Skipped { href: None, code, reason: SkipReason::Unknown.as_str().to_owned() };
    let passed_over = skipped.len() + strangers.len();
    let known = passed.into_iter().filter_map(|(id, reason)| {
        let reason = reason?.as_str().to_owned();
        let code = codes.get(&id);
        let href = code.map(|_| format!("/respondents/{id}"));
        Some(Skipped { href, code: code.cloned().unwrap_or_else(|| id.to_string()), reason })
    });
    Ok(pages::Outcome {
        dry_run,
        queued: getting.iter().filter_map(|(id, _)| codes.get(id).cloned()).collect(),
        letters: u64::try_from(queued.len()).unwrap_or(u64::MAX),
        skipped: known.chain(strangers.into_iter().map(stranger)).take(SHOWN).collect(),
        passed_over: u64::try_from(passed_over).unwrap_or(u64::MAX),
    })
}
