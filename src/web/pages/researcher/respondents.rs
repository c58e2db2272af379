//! The respondents of a study: the list, and all about one of them.

use std::collections::HashMap;

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::desk::{At, base, done};
use super::interviews::row as interview_row;
use super::letters::row as letter_row;
use super::proposals::card as proposal_card;
use crate::actions::choose_interviewer::choose_interviewer;
use crate::actions::note_view::View;
use crate::actions::renew_link::renew_link;
use crate::domain::access::Right;
use crate::domain::batch::Act;
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::municipality::Places;
use crate::domain::respondent::RespondentStatus;
use crate::id::{ConsentFormId, RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::dossier::{self, Dossier};
use crate::queries::municipalities;
use crate::queries::page::Page;
use crate::queries::respondents::{self, Asked, RespondentItem};
use crate::queries::studies::StudyItem;
use crate::queries::{batches, proposals, referrals, strata};
use crate::store::consents::Consent;
use crate::store::respondents::Step;
use crate::web::App;
use crate::web::api::respondents::STATUSES;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Listing, Query, Ways, listing};
use crate::words::letters::EvidenceItem;
use crate::words::pages::researcher::{
    Choice, ConsentGiven, Contact, HistoryRow, RespondentDetail, RespondentList, RespondentRow, Section,
    outside_strata,
};
use crate::words::pages::shared::Deed;
use crate::words::{dates, word};

/// Up to how many respondents are counted; a larger number is told as more than this.
const COUNTED: i64 = 1_000;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, renew, choose]
}

/// The list of a study.
#[must_use]
pub fn list_of(study: StudyId) -> String {
    format!("{}/respondents", base(study))
}

/// The page about a respondent.
#[must_use]
pub fn page_of(id: RespondentId) -> String {
    format!("/respondents/{id}")
}

#[get("/studies/<study>/respondents")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let (desk, item) = at.study(app, &who, study, Section::Respondents).await?;
    let places = app.store.read(municipalities::places).await?;
    let (asked, part, unknown) = wanted(&query, &places)?;
    let (wish, nobody) = (asked.clone(), unknown.is_some());
    let (page, total, strata) = app
        .store
        .read(move |tx| {
            let strata = strata::labels(tx, user, study)?;
            if nobody {
                return Ok((Page::whole(Vec::new()), Some(0), strata));
            }
            let page = respondents::page(tx, user, study, &wish, part.limit)?;
            let total = respondents::count_up_to(tx, user, study, &wish, COUNTED)?;
            Ok((page, total, strata))
        })
        .await?;
    app.note_view(user, View::Respondents(study)).await?;
    let choices: Vec<Choice> =
        strata.iter().map(|(value, label)| Choice { value: value.clone(), label: label.clone() }).collect();
    let labels: HashMap<String, String> = strata.into_iter().collect();
    let status = asked.status.map(|status| status.as_str().to_owned()).unwrap_or_default();
    let stratum = asked.stratum.unwrap_or_default();
    let municipality = asked.municipality.map(|code| places.name(code)).or(unknown).unwrap_or_default();
    let wave = asked.wave.map(|wave| wave.to_string()).unwrap_or_default();
    let text = asked.text.unwrap_or_default();
    let filters = [
        ("q", text.as_str()),
        ("status", &status),
        ("stratum", &stratum),
        ("municipality", &municipality),
        ("wave", &wave),
    ];
    let Ways { first, next } = part.ways(&list_of(study), &filters, page.next.as_deref());
    let (acts, interviewers) = offered(app, user, &item).await?;
    let row = |item: RespondentItem| RespondentRow {
        id: item.id.to_string(),
        href: page_of(item.id),
        stratum: stratum_label(&at, &labels, item.stratum.as_deref()),
        code: item.code,
        name: item.name,
        is_contact_removed: item.contact_removed_at.is_some(),
        municipality: item.municipality.name,
        status: item.status.as_str().to_owned(),
    };
    let shown = RespondentList {
        desk,
        rows: page.items.into_iter().map(row).collect(),
        total: total.map(i64::unsigned_abs),
        is_more: total.is_some_and(|total| total >= COUNTED),
        statuses: RespondentStatus::ALL.iter().map(|status| status.as_str().to_owned()).collect(),
        strata: choices,
        letters: item.role.may(Right::Letters) && item.archived_at.is_none(),
        acts,
        interviewers,
        first,
        next,
        q: text,
        status,
        stratum,
        municipality_code: asked.municipality.map(|code| code.to_string()).unwrap_or_default(),
        municipality,
        wave,
    };
    Html::page(at.language, shown)
}

/// What can be done to several respondents by somebody in a study, and who can be chosen to interview them. There is a
/// choice only between several.
async fn offered(app: &App, user: UserId, item: &StudyItem) -> Outcome<(Vec<String>, Vec<Choice>)> {
    let id = item.id;
    let can =
        |act: &Act| item.role.may(act.right()) && (item.archived_at.is_none() || act.works_in_archive());
    let mut acts: Vec<Act> = Act::CHOSEN.into_iter().filter(can).collect();
    let mut interviewers = Vec::new();
    if acts.contains(&Act::ChooseInterviewer) {
        interviewers = app.store.read(move |tx| batches::interviewers(tx, user, id)).await?;
    }
    if interviewers.len() < 2 {
        acts.retain(|act| *act != Act::ChooseInterviewer);
    }
    let choice = |(id, label): (UserId, String)| Choice { value: id.to_string(), label };
    Ok((
        acts.into_iter().map(|act| act.as_str().to_owned()).collect(),
        interviewers.into_iter().map(choice).collect(),
    ))
}

/// Reads which part of the list is wanted. A municipality may be named as in a contact list; what names none, or
/// several, is answered too, since nobody fits it.
fn wanted(query: &Query, places: &Places) -> Outcome<(Asked, Listing<RespondentId>, Option<String>)> {
    let mut fields = query.fields(&["q", "status", "stratum", "municipality", "wave", "cursor", "limit"]);
    let text = fields.optional("q", input::line);
    let status = fields.optional("status", input::word::<RespondentStatus>(STATUSES));
    let stratum = fields.optional("stratum", input::text);
    let named = fields.optional("municipality", input::line);
    let wave = fields.optional("wave", input::id);
    let part = listing(&mut fields);
    let municipality = named.as_deref().and_then(|name| places.index.resolve(name).or_problem("").ok());
    let unknown = named.filter(|_| municipality.is_none());
    let asked = Asked { status, stratum, municipality, wave, text, after: part.after };
    fields.finish(|| Some((asked, part, unknown)))
}

fn stratum_label(at: &At, labels: &HashMap<String, String>, key: Option<&str>) -> String {
    let label = key.and_then(|key| labels.get(key)).cloned();
    label.unwrap_or_else(|| outside_strata(at.language))
}

#[get("/respondents/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<RespondentId>) -> Outcome<Html> {
    Html::page(at.language, page(app, &who, &at, id.0).await?)
}

/// A new link is stored nowhere and must not stand in an address, so this answers with the page itself.
#[post("/respondents/<id>/link", data = "<form>")]
async fn renew(app: &State<App>, at: At, id: Id<RespondentId>, form: SignedForm) -> Outcome<Html> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let token = app.store.write(move |tx| renew_link(tx, now, user, id)).await?;
    let at = at.on(page_of(id)).after(Deed::LinkMade);
    let new_link = Some(format!("{}/p/{token}", app.settings.base_url));
    Html::page(at.language, RespondentDetail { new_link, ..page(app, &form.who, &at, id).await? })
}

/// Chooses who is to interview somebody; nobody in particular where the field is empty.
#[post("/respondents/<id>/interviewer", data = "<form>")]
async fn choose(app: &State<App>, id: Id<RespondentId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let mut fields = form.given.fields();
    let chosen = fields.optional("interviewer", input::id);
    let chosen = fields.finish(|| Some(chosen))?;
    app.store.write(move |tx| choose_interviewer(tx, now, user, id, chosen)).await?;
    Ok(done(&page_of(id), Deed::Saved))
}

async fn page(app: &App, who: &Researcher, at: &At, id: RespondentId) -> Outcome<RespondentDetail> {
    let (now, user) = (app.clock.now(), who.user);
    let (study, dossier, (proposal, came), strata) = app
        .store
        .read(move |tx| {
            let study = respondents::study_of(tx, user, id, Right::View)?;
            let seen = (proposals::about(tx, user, id, now)?, referrals::of(tx, user, id)?);
            Ok((study, dossier::of(tx, user, id)?, seen, strata::all(tx, user, study)?.items))
        })
        .await?;
    app.note_view(user, View::Respondent(id)).await?;
    let (desk, item) = at.study(app, who, study, Section::Respondents).await?;
    let zone = item.study.rules.time_zone;
    let Dossier {
        respondent,
        consent,
        asked,
        interviews,
        letters,
        history,
        bounced_at,
        auto_reply_at,
        interviewers,
    } = dossier;
    let choice = |(id, label): (UserId, String)| Choice { value: id.to_string(), label };
    let labels = strata.into_iter().map(|item| (item.plan.key, item.plan.label)).collect();
    let codes = HashMap::from([(id, respondent.code.clone())]);
    let contact = respondent.name.zip(respondent.email);
    let told = |moment| dates::stamp(at.language, zone, moment);
    let step = |step: &Step| HistoryRow {
        at: dates::stamp(at.language, zone, step.at),
        status: step.to.as_str().to_owned(),
    };
    Ok(RespondentDetail {
        desk,
        id: id.to_string(),
        base: page_of(id),
        status: respondent.status.as_str().to_owned(),
        municipality: respondent.municipality.name,
        stratum: stratum_label(at, &labels, respondent.stratum.as_deref()),
        language: respondent.language.to_string(),
        interviewers: interviewers.into_iter().map(choice).collect(),
        interviewer: respondent.interviewer.map(|who| who.to_string()).unwrap_or_default(),
        contact: contact.map(|(name, email)| Contact {
            name,
            email,
            role: respondent.role,
            phone: respondent.phone,
            bounced_at: bounced_at.map(told),
            auto_reply_at: auto_reply_at.map(told),
        }),
        contact_removed_at: respondent.contact_removed_at.map(told),
        new_link: None,
        consent: consent.map(|(consent, form)| given(at, zone, consent, &form, asked)),
        referred_by: came.referred_by.zip(came.referrer.map(page_of)),
        referred: came.named.into_iter().map(|one| one.code.zip(one.colleague.map(page_of))).collect(),
        proposal: proposal.map(|detail| proposal_card(at.language, zone, &detail)),
        interviews: interviews.iter().map(|item| interview_row(at.language, zone, item)).collect(),
        letters: letters.into_iter().map(|letter| letter_row(at.language, zone, letter, &codes)).collect(),
        history: history.iter().map(step).collect(),
        code: respondent.code,
    })
}

fn given(
    at: &At,
    zone: Tz,
    consent: Consent,
    form: &ConsentForm,
    asked: Option<(ConsentFormId, i32)>,
) -> ConsentGiven {
    let item = |item: &ConsentItem| EvidenceItem {
        text: item.text.text(consent.language).to_owned(),
        agreed: consent.items.get(&item.key).copied().unwrap_or_default(),
    };
    ConsentGiven {
        version: consent.version.to_string(),
        given_at: dates::stamp(at.language, zone, consent.given_at),
        read_in: word(at.language, &format!("language.{}", consent.language)),
        items: form.items.iter().map(item).collect(),
        sha256: consent.sha256,
        asked: asked.map(|(id, version)| (version.to_string(), format!("/consent-forms/{id}/changes"))),
    }
}
