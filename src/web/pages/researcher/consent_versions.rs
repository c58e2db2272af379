//! What changed between two versions of a consent form, and who agreed to one.

use rocket::{Route, State, get};

use super::consent_forms::{number, page_of};
use super::desk::At;
use super::guides::{in_words, spoken_in};
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::language::Language;
use crate::id::{ConsentFormId, ConsentId};
use crate::problem::{Outcome, Problem};
use crate::queries::consent_forms::{self, Compared, FormView, GivenView, Standing};
use crate::store::Tx;
use crate::web::App;
use crate::web::guards::{Id, Researcher};
use crate::web::input;
use crate::web::pages::Html;
use crate::web::query::{Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{
    AskedItem, ChangedSide, ConsentChanges, GivenList, GivenRow, OtherForm, Section,
};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![changes, given]
}

#[get("/consent-forms/<id>/changes")]
async fn changes(
    app: &State<App>,
    who: Researcher,
    at: At,
    id: Id<ConsentFormId>,
    query: Query,
) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["from"]);
    let from = fields.optional("from", input::id::<ConsentFormId>);
    let from = fields.finish(|| Some(from))?;
    let Compared { before, after, others } =
        app.store.read(move |tx| consent_forms::compared(tx, user, id, from)).await?;
    let (desk, item) = at.study(app, &who, after.study, Section::Consent).await?;
    let zone = item.study.rules.time_zone;
    let other = |form: &FormView| OtherForm {
        id: form.shown.id.to_string(),
        version: number(form.shown.version),
        at: dates::stamp(at.language, zone, form.published_at.unwrap_or(form.created_at)),
        chosen: form.shown.id == before.shown.id,
    };
    let page = ConsentChanges {
        desk,
        base: page_of(id),
        before: number(before.shown.version),
        after: number(after.shown.version),
        others: others.iter().map(other).collect(),
        sides: ChangedSide::all(&words(&before), &words(&after)),
    };
    Html::page(at.language, page)
}

fn words(form: &FormView) -> ConsentForm {
    ConsentForm { intro: form.shown.intro.clone(), items: form.shown.items.clone() }
}

#[get("/consent-forms/<id>/given")]
async fn given(
    app: &State<App>,
    who: Researcher,
    at: At,
    id: Id<ConsentFormId>,
    query: Query,
) -> Outcome<Html> {
    let (user, id) = (who.user, id.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing::<ConsentId>(&mut fields);
    let part = fields.finish(|| Some(part))?;
    let ask = move |tx: &mut Tx<'_>| {
        let version = consent_forms::version(tx, user, id)?;
        Ok((version, consent_forms::given(tx, user, id, part.after, part.limit)?))
    };
    let (version, page) = app.store.read(ask).await?;
    let (desk, item) = at.study(app, &who, version.form.study, Section::Consent).await?;
    let zone = item.study.rules.time_zone;
    let Ways { first, next } = part.ways(&format!("{}/given", page_of(id)), &[], page.next.as_deref());
    let items = &version.form.shown.items;
    let row = |GivenView { given, standing }: GivenView| -> Outcome<GivenRow> {
        let agreed = given.items()?;
        let agreed = |item: &ConsentItem| agreed.get(&item.key).copied().unwrap_or(false);
        Ok(GivenRow {
            href: given.erased_at.is_none().then(|| format!("/respondents/{}", given.respondent)),
            at: dates::stamp(at.language, zone, given.given_at),
            language: given.language,
            standing: name(standing).to_owned(),
            withdrawn_at: given.withdrawn_at.map(|moment| dates::stamp(at.language, zone, moment)),
            answers: items.iter().map(agreed).collect(),
            code: given.code,
        })
    };
    let page = GivenList {
        desk,
        base: page_of(id),
        version: number(version.form.shown.version).ok_or(Problem::NotFound)?,
        stand: u64::try_from(version.given).unwrap_or_default(),
        questions: items.iter().map(|item| asked(at.language, item)).collect(),
        rows: page.items.into_iter().map(row).collect::<Outcome<_>>()?,
        first,
        next,
    };
    Html::page(at.language, page)
}

fn asked(language: Language, item: &ConsentItem) -> AskedItem {
    AskedItem { text: in_words(language, &item.text), language: spoken_in(language, &item.text) }
}

/// What the words call where a consent stands.
const fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Holds => "holds",
        Standing::Replaced => "replaced",
        Standing::Withdrawn => "withdrawn",
    }
}
