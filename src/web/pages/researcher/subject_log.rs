//! What was done with the data of a respondent, or with an interview: the log of changes in plain words.

use rocket::{Route, State, get};

use super::desk::At;
use crate::id::{InterviewId, RespondentId};
use crate::problem::Outcome;
use crate::queries::audit_trail::{self, SubjectTrail, TrailActor, TrailItem};
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::pages::Html;
use crate::web::query::{Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{LogRow, Section, SubjectLog};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![of_respondent, of_interview]
}

#[get("/respondents/<id>/log")]
async fn of_respondent(
    app: &State<App>,
    who: Researcher,
    at: At,
    id: Id<RespondentId>,
    query: Query,
) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing::<i64>(&mut fields);
    let part = fields.finish(|| Some(part))?;
    let trail =
        app.store.read(move |tx| audit_trail::of_respondent(tx, user, id, part.after, part.limit)).await?;
    let back = format!("/respondents/{id}");
    let ways = part.ways(&format!("{back}/log"), &[], trail.items.next.as_deref());
    let page = page(app, &who, &at, trail, (Section::Respondents, back), ways).await?;
    Html::page(at.language, page)
}

#[get("/interviews/<id>/log")]
async fn of_interview(app: &State<App>, who: Researcher, at: At, id: Id<InterviewId>) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let trail = app.store.read(move |tx| audit_trail::of_interview(tx, user, id)).await?;
    let ways = Ways { first: None, next: None };
    let back = format!("/interviews/{id}");
    let page = page(app, &who, &at, trail, (Section::Interviews, back), ways).await?;
    Html::page(at.language, page)
}

async fn page(
    app: &App,
    who: &Researcher,
    at: &At,
    trail: SubjectTrail,
    (section, back): (Section, String),
    Ways { first, next }: Ways,
) -> Outcome<SubjectLog> {
    let (desk, item) = at.study(app, who, trail.study, section).await?;
    let zone = item.study.rules.time_zone;
    let row = |item: TrailItem| {
        let TrailActor { kind, name, .. } = item.by;
        LogRow::new(
            at.language,
            dates::stamp(at.language, zone, item.at),
            &item.action,
            (&kind, name),
            &item.fields,
        )
    };
    Ok(SubjectLog {
        desk,
        about: if section == Section::Interviews { "interview" } else { "respondent" }.to_owned(),
        back: (!trail.is_erased).then_some(back),
        code: trail.code,
        rows: trail.items.items.into_iter().map(row).collect(),
        first,
        next,
    })
}
