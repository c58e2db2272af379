//! Moments that respondents propose: what waits, and accepting or declining it.

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};

use super::desk::{At, base, done};
use super::interviews::{is_about_time, page_of as interview_page};
use super::respondents::page_of as respondent_page;
use crate::actions::accept_proposal::{Acceptance, accept_proposal};
use crate::actions::decline_proposal::decline_proposal;
use crate::actions::note_view::View;
use crate::domain::access::Right;
use crate::domain::language::Language;
use crate::domain::proposal::ProposalSource;
use crate::id::{ProposalId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::{self, Place};
use crate::queries::page::{Page, one_more};
use crate::queries::proposals::{self, ProposalDetail};
use crate::queries::why_not::Verdict;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::pages::researcher::{
    Holder, ProposalCard, ProposalList, ProposalPage, ProposedMoment, Section, VerdictRow, WhyNotAnswer,
};
use crate::words::pages::shared::Deed;
use crate::words::{dates, problem_sentence};

/// So many are shown at once: what each of their moments comes to is looked up.
const SHOWN: usize = 20;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, accept, decline]
}

fn page_of(id: ProposalId) -> String {
    format!("/proposals/{id}")
}

#[get("/studies/<study>/proposals")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (now, user, study) = (app.clock.now(), who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Interviews).await?;
    let mut fields = query.fields(&["cursor", "limit"]);
    let asked = listing::<ProposalId>(&mut fields);
    let after = fields.finish(|| Some(asked.after))?;
    let part = Listing { after, limit: SHOWN };
    let page = app
        .store
        .read(move |tx| {
            let rows = proposals::waiting(tx, user, study, after, one_more(SHOWN), now)?;
            Ok(Page::cut(rows, SHOWN, |last| last.proposal.id.to_string()))
        })
        .await?;
    if page.items.iter().any(tells_a_person) {
        app.note_view(user, View::Respondents(study)).await?;
    }
    let zone = item.study.rules.time_zone;
    let Ways { first, next } = part.ways(&format!("{}/proposals", base(study)), &[], page.next.as_deref());
    let shown = ProposalList {
        desk,
        cards: page.items.iter().map(|detail| card(at.language, zone, detail)).collect(),
        zone: dates::zone_name(at.language, zone, now),
        first,
        next,
    };
    Html::page(at.language, shown)
}

#[get("/proposals/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<ProposalId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, id.0, None).await?)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    id: ProposalId,
    problem: Option<String>,
) -> Outcome<ProposalPage> {
    let (now, user) = (app.clock.now(), who.user);
    let (study, detail) = app
        .store
        .read(move |tx| Ok((proposals::study_of(tx, id)?, proposals::one(tx, user, id, now)?)))
        .await?;
    if tells_a_person(&detail) {
        app.note_view(user, View::Respondent(detail.proposal.respondent)).await?;
    }
    let (desk, item) = at.study(app, who, study, Section::Interviews).await?;
    let zone = item.study.rules.time_zone;
    let (card, zone) = (card(at.language, zone, &detail), dates::zone_name(at.language, zone, now));
    Ok(ProposalPage { desk, card, zone, problem })
}

const fn tells_a_person(detail: &ProposalDetail) -> bool {
    detail.proposal.place.is_some() || detail.proposal.remark.is_some()
}

/// A proposal as pages show it.
#[must_use]
pub fn card(language: Language, zone: Tz, detail: &ProposalDetail) -> ProposalCard {
    let proposal = &detail.proposal;
    let moments = if detail.verdicts.is_empty() {
        let bare = |moment| ProposedMoment {
            starts_at: String::new(),
            label: dates::moment(language, zone, moment),
            free: Vec::new(),
            rows: Vec::new(),
        };
        proposal.moments.iter().copied().map(bare).collect()
    } else {
        detail.verdicts.iter().map(|moment| judged(language, zone, detail, moment)).collect()
    };
    ProposalCard {
        base: page_of(proposal.id),
        respondent: respondent_page(proposal.respondent),
        code: proposal.code.clone(),
        state: proposal.state.as_str().to_owned(),
        made_at: dates::stamp(language, zone, proposal.made_at),
        by_mail: proposal.source == ProposalSource::Mail,
        mode: proposal.mode,
        place: proposal.place.clone(),
        remark: proposal.remark.clone(),
        moves: proposal.interview.map(interview_page),
        obstacles: detail.obstacles.iter().map(|it| WhyNotAnswer::obstacle(language, it.as_str())).collect(),
        moments,
    }
}

/// A moment with who is free, the usual one first, and all that speaks against it.
fn judged(
    language: Language,
    zone: Tz,
    detail: &ProposalDetail,
    moment: &proposals::ProposedMoment,
) -> ProposedMoment {
    let mut free: Vec<&Verdict> = moment.interviewers.iter().filter(|verdict| verdict.free).collect();
    free.sort_by_key(|verdict| Some(verdict.interviewer) != detail.interviewer);
    let holder =
        |verdict: &Verdict| Holder { id: verdict.interviewer.to_string(), name: verdict.name.clone() };
    let told = moment.interviewers.iter().filter(|verdict| !verdict.reasons.is_empty());
    ProposedMoment {
        starts_at: moment.starts_at.to_string(),
        label: dates::moment(language, zone, moment.starts_at),
        free: free.into_iter().map(holder).collect(),
        rows: told.map(|verdict| VerdictRow::new(language, verdict.name.clone(), &verdict.reasons)).collect(),
    }
}

#[post("/proposals/<id>/accept", data = "<form>")]
async fn accept(
    app: &State<App>,
    at: At,
    id: Id<ProposalId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let read = read(&form.given);
    let acceptance = app.told(read, Place::Proposal(id), user, Right::Interviews).await?;
    let (once, domain) = (form.once(now), app.settings.mail_domain().to_owned());
    let accepted =
        app.store.write_once(once, move |tx| accept_proposal(tx, now, user, id, acceptance, &domain));
    match accepted.await {
        Ok(made) => Ok(Either::Left(done(&interview_page(made.resource), Deed::ProposalAccepted))),
        Err(problem) => again(app, &form.who, at, id, problem).await.map(Either::Right),
    }
}

fn read(given: &Given) -> Outcome<Acceptance> {
    let mut fields = given.fields();
    let starts_at = fields.required("starts_at", input::instant);
    let interviewer = fields.optional("interviewer", input::id);
    fields.finish(|| Some(Acceptance { starts_at: starts_at?, interviewer }))
}

/// The proposal again, with why it could not be and what stands in the way now.
async fn again(app: &App, who: &Researcher, at: At, id: ProposalId, problem: Problem) -> Outcome<Html> {
    let is_shown = is_about_time(&problem)
        || matches!(
            problem,
            Problem::ProposalOver
                | Problem::ModeNotOffered
                | Problem::SecondInterviewerTaken
                | Problem::SecondInterviewerAway
                | Problem::QuotaFull
                | Problem::AlreadyBooked
                | Problem::ConsentMissing
        );
    if !is_shown {
        return Err(problem);
    }
    let user = who.user;
    app.store.read(move |tx| access::require(tx, Place::Proposal(id), user, Right::Interviews)).await?;
    let (language, at) = (at.language, at.on(page_of(id)));
    let page = page(app, who, &at, id, Some(problem_sentence(language, &problem))).await?;
    Html::again(language, &problem, page)
}

#[post("/proposals/<id>/decline", data = "<form>")]
async fn decline(
    app: &State<App>,
    at: At,
    id: Id<ProposalId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let once = form.once(now);
    let declined = app.store.write_once(once, move |tx| decline_proposal(tx, now, user, id)).await;
    match declined {
        Ok(_) => Ok(Either::Left(done(&page_of(id), Deed::ProposalDeclined))),
        Err(problem) => again(app, &form.who, at, id, problem).await.map(Either::Right),
    }
}
