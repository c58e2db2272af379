//! The outbox of a study, one letter of it, and trying one again.

use std::collections::HashMap;

use chrono_tz::Tz;
use rocket::response::Redirect;
use rocket::{Route, State, get, post};

use super::desk::{At, base, demand_sight, done};
use super::wording_frames;
use crate::actions::note_view::View;
use crate::actions::retry_letter::retry_letter;
use crate::domain::access::Right;
use crate::domain::delivery::LetterState;
use crate::domain::language::Language;
use crate::id::{LetterId, RespondentId, StudyId};
use crate::problem::Outcome;
use crate::queries::page::{Page, one_more};
use crate::queries::{letters, respondents};
use crate::store::letters::{Filter, LetterItem};
use crate::web::App;
use crate::web::api::letters::STATES;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::pages::forms::SignedForm;
use crate::web::query::{Query, Ways, listing};
use crate::words::pages::researcher::{LetterDetail, LetterList, LetterRow, Section};
use crate::words::pages::shared::Deed;
use crate::words::{dates, word};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, retry]
}

#[get("/studies/<study>/letters")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["state", "cursor", "limit"]);
    let state = fields.optional("state", input::word::<LetterState>(STATES));
    let part = listing(&mut fields);
    let filter = fields.finish(|| Some(Filter { state, before: part.after, ..Filter::default() }))?;
    let (desk, item) = at.study(app, &who, study, Section::Letters).await?;
    demand_sight(&item, Right::Letters)?;
    let (page, codes, names) = app
        .store
        .read(move |tx| {
            let rows = letters::page(tx, user, study, filter, one_more(part.limit))?;
            let page = Page::cut(rows, part.limit, |letter| letter.id.to_string());
            let about: Vec<RespondentId> = page.items.iter().filter_map(|item| item.respondent).collect();
            let names = respondents::names(tx, user, study, &about)?;
            Ok((page, respondents::codes(tx, user, study, &about)?, names))
        })
        .await?;
    app.note_view(user, View::Respondents(study)).await?;
    let zone = item.study.rules.time_zone;
    let here = format!("{}/letters", base(study));
    let chosen = state.map_or("", LetterState::as_str);
    let Ways { first, next } = part.ways(&here, &[("state", chosen)], page.next.as_deref());
    let as_row = |item: LetterItem| {
        let name = item.respondent.and_then(|about| names.get(&about).cloned());
        LetterRow { name, ..row(at.language, zone, item, &codes) }
    };
    let list = LetterList {
        desk,
        rows: page.items.into_iter().map(as_row).collect(),
        state: chosen.to_owned(),
        first,
        next,
    };
    Html::page(at.language, list)
}

/// A letter as a row of a list.
pub(super) fn row(
    language: Language,
    zone: Tz,
    item: LetterItem,
    codes: &HashMap<RespondentId, String>,
) -> LetterRow {
    let at = match item.state {
        LetterState::Queued => item.due_at,
        LetterState::Sent | LetterState::Failed | LetterState::Cancelled => {
            item.sent_at.unwrap_or(item.created_at)
        }
    };
    let said = match item.state {
        LetterState::Cancelled => item.last_error.map(|why| word(language, &format!("dropped.{why}"))),
        LetterState::Queued | LetterState::Sent | LetterState::Failed => item.last_error,
    };
    LetterRow {
        href: page_of(item.id),
        kind: item.kind,
        code: item.respondent.and_then(|respondent| codes.get(&respondent).cloned()),
        name: None,
        state: item.state.as_str().to_owned(),
        at: dates::stamp(language, zone, at),
        attempts: u64::try_from(item.attempts).unwrap_or_default(),
        last_error: said,
        bounced_at: item.bounced_at.map(|at| dates::stamp(language, zone, at)),
    }
}

fn page_of(id: LetterId) -> String {
    format!("/letters/{id}")
}

#[get("/letters/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<LetterId>) -> Outcome<Html> {
    let user = who.user;
    let (letter, codes) = app
        .store
        .read(move |tx| {
            let letter = letters::detail(tx, user, id.0)?;
            let about: Vec<RespondentId> = letter.respondent.into_iter().collect();
            let codes = respondents::codes(tx, user, letter.study, &about)?;
            Ok((letter, codes))
        })
        .await?;
    let (desk, item) = at.study(app, &who, letter.study, Section::Letters).await?;
    demand_sight(&item, Right::Letters)?;
    let zone = item.study.rules.time_zone;
    let wording = wording_frames::page_of(letter.study, letter.kind);
    let page = LetterDetail {
        desk,
        created_at: dates::stamp(at.language, zone, letter.created_at),
        retry_until: letter
            .retry_until()
            .filter(|until| app.clock.now() < *until)
            .map(|until| dates::stamp(at.language, zone, until)),
        wording: Some(wording).filter(|_| letter.kind.is_editable()),
        letter: row(at.language, zone, letter, &codes),
    };
    Html::page(at.language, page)
}

#[post("/letters/<id>/retry", data = "<form>")]
async fn retry(app: &State<App>, id: Id<LetterId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user) = (app.clock.now(), form.who.user);
    app.store.write_once(form.once(now), move |tx| retry_letter(tx, now, user, id.0)).await?;
    Ok(done(&page_of(id.0), Deed::Retried))
}
