//! The respondents of a study: the list, and all about one of them.

use std::collections::HashMap;

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::desk::{At, base, done};
use super::interviews::row as interview_row;
use super::letters::row as letter_row;
use crate::actions::choose_interviewer::choose_interviewer;
use crate::actions::note_view::View;
use crate::actions::renew_link::renew_link;
use crate::domain::access::Right;
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::respondent::RespondentStatus;
use crate::id::{RespondentId, StudyId, UserId};
use crate::problem::Outcome;
use crate::queries::dossier::{self, Dossier};
use crate::queries::respondents::{self, RespondentItem};
use crate::queries::strata;
use crate::store::consents::Consent;
use crate::store::respondents::Step;
use crate::web::api::respondents::asked;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Query, Ways};
use crate::web::{App, input};
use crate::words::letters::EvidenceItem;
use crate::words::pages::researcher::{
    Choice, ConsentGiven, Contact, HistoryRow, RespondentDetail, RespondentList, RespondentRow, Section,
    outside_strata,
};
use crate::words::pages::shared::Deed;
use crate::words::{dates, word};

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
    let (desk, _) = at.study(app, &who, study, Section::Respondents).await?;
    let (asked, part) = asked(&query)?;
    let wanted = asked.clone();
    let (page, total, strata) = app
        .store
        .read(move |tx| {
            let page = respondents::page(tx, user, study, &wanted, part.limit)?;
            let total = respondents::count(tx, user, study, &wanted)?;
            Ok((page, total, strata::all(tx, user, study)?.items))
        })
        .await?;
    app.note_view(user, View::Respondents(study)).await?;
    let labels: HashMap<String, String> =
        strata.into_iter().map(|item| (item.plan.key, item.plan.label)).collect();
    let status = asked.status.map(|status| status.as_str().to_owned()).unwrap_or_default();
    let stratum = asked.stratum.unwrap_or_default();
    let filters = [("status", status.as_str()), ("stratum", stratum.as_str())];
    let Ways { first, next } = part.ways(&list_of(study), &filters, page.next.as_deref());
    let row = |item: RespondentItem| RespondentRow {
        href: page_of(item.id),
        stratum: stratum_label(&at, &labels, item.stratum.as_deref()),
        code: item.code,
        name: item.name,
        municipality: item.municipality.name,
        status: item.status.as_str().to_owned(),
    };
    let mut choices: Vec<Choice> =
        labels.iter().map(|(value, label)| Choice { value: value.clone(), label: label.clone() }).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    let shown = RespondentList {
        desk,
        rows: page.items.into_iter().map(row).collect(),
        total: total.unsigned_abs(),
        statuses: RespondentStatus::ALL.iter().map(|status| status.as_str().to_owned()).collect(),
        strata: choices,
        first,
        next,
        status,
        stratum,
    };
    Html::page(at.language, shown)
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
    let user = who.user;
    let (study, dossier, strata) = app
        .store
        .read(move |tx| {
            let study = respondents::study_of(tx, user, id, Right::View)?;
            Ok((study, dossier::of(tx, user, id)?, strata::all(tx, user, study)?.items))
        })
        .await?;
    app.note_view(user, View::Respondent(id)).await?;
    let (desk, item) = at.study(app, who, study, Section::Respondents).await?;
    let zone = item.study.rules.time_zone;
    let Dossier { respondent, consent, interviews, letters, history, interviewers } = dossier;
    let choice = |(id, label): (UserId, String)| Choice { value: id.to_string(), label };
    let labels = strata.into_iter().map(|item| (item.plan.key, item.plan.label)).collect();
    let codes = HashMap::from([(id, respondent.code.clone())]);
    let contact = respondent.name.zip(respondent.email);
    let step = |step: &Step| HistoryRow {
        at: dates::stamp(at.language, zone, step.at),
        status: step.to.as_str().to_owned(),
    };
    Ok(RespondentDetail {
        desk,
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
        }),
        new_link: None,
        consent: consent.map(|(consent, form)| given(at, zone, consent, &form)),
        interviews: interviews.iter().map(|item| interview_row(at.language, zone, item)).collect(),
        letters: letters.into_iter().map(|letter| letter_row(at.language, zone, letter, &codes)).collect(),
        history: history.iter().map(step).collect(),
        code: respondent.code,
    })
}

fn given(at: &At, zone: Tz, consent: Consent, form: &ConsentForm) -> ConsentGiven {
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
    }
}
