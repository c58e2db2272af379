//! The consent forms of a study: their versions, writing one, publishing it.

use rocket::response::Redirect;
use rocket::{Either, Route, State, get, post};
use serde_json::{Map, Value, json};

use super::desk::{At, base, demand, done};
use crate::actions::draft_consent_form::{draft_consent_form, redraft_consent_form};
use crate::actions::publish_consent_form::publish_consent_form;
use crate::domain::access::Right;
use crate::domain::bilingual::Bilingual;
use crate::domain::consent::{ConsentForm, ConsentItem};
use crate::domain::language::Language;
use crate::id::{ConsentFormId, StudyId};
use crate::problem::{Outcome, Problem};
use crate::queries::consent_forms::{self, FormView, Replacing, VersionView};
use crate::queries::studies::StudyItem;
use crate::store::Tx;
use crate::web::App;
use crate::web::api::consent_forms::read;
use crate::web::guards::{Id, Researcher, content_etag};
use crate::web::input::Fields;
use crate::web::pages::Html;
use crate::web::pages::forms::{Given, SignedForm};
use crate::web::query::{Query, Ways, listing};
use crate::words::dates;
use crate::words::pages::researcher::{
    ConsentEditor, ConsentFormRow, ConsentForms, ConsentItemRow, ConsentView, PointRow, ReplacingNotice,
    Section, consent_messages,
};
use crate::words::pages::shared::{Deed, Seen};

/// How many empty items stand ready to be filled in.
const EMPTY_ITEMS: usize = 3;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, blank, draft, show, edit, redraft, publish]
}

#[get("/studies/<study>/consent-forms")]
async fn list(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>, query: Query) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["cursor", "limit"]);
    let part = listing::<ConsentFormId>(&mut fields);
    let part = fields.finish(|| Some(part))?;
    let (desk, item) = at.study(app, &who, study, Section::Consent).await?;
    let ask = move |tx: &mut Tx<'_>| consent_forms::versions(tx, user, study, part.after, part.limit);
    let page = app.store.read(ask).await?;
    let here = format!("{}/consent-forms", base(study));
    let Ways { first, next } = part.ways(&here, &[], page.next.as_deref());
    let rows = page.items.iter().map(|version| row(at.language, &item, version)).collect();
    let list = ConsentForms { desk, rows, first, next };
    Html::page(at.language, list)
}

fn row(language: Language, study: &StudyItem, version: &VersionView) -> ConsentFormRow {
    let FormView { shown, published_at, .. } = &version.form;
    ConsentFormRow {
        href: page_of(shown.id),
        version: number(shown.version),
        status: if shown.version.is_some() { "published" } else { "draft" }.to_owned(),
        published_at: published_at.map(|at| dates::stamp(language, study.study.rules.time_zone, at)),
        given: u64::try_from(version.given).unwrap_or_default(),
        current: version.is_current,
    }
}

/// The number of a version as pages count.
pub(super) fn number(version: Option<i32>) -> Option<u64> {
    version.and_then(|number| u64::try_from(number).ok())
}

pub(super) fn page_of(id: ConsentFormId) -> String {
    format!("/consent-forms/{id}")
}

#[get("/studies/<study>/consent-forms/new")]
async fn blank(app: &State<App>, who: Researcher, at: At, study: Id<StudyId>) -> Outcome<Html> {
    let (user, study) = (who.user, study.0);
    let current = app.store.read(move |tx| consent_forms::current(tx, user, study)).await?;
    let words = current.as_ref().map_or_else(Words::first, Words::kept);
    let page = editor(app, &who, &at, (study, None), words).await?;
    let copied = current.and_then(|form| number(form.shown.version));
    Html::page(at.language, ConsentEditor { copied, ..page })
}

/// A form as it is being written.
#[derive(Default)]
struct Words {
    intro: Bilingual,
    items: Vec<ConsentItemRow>,
}

impl Words {
    /// A first form, whose first question is the one that everybody has to say yes to.
    fn first() -> Self {
        let mut items = vec![ConsentItemRow::default(); EMPTY_ITEMS];
        if let Some(first) = items.first_mut() {
            first.required = true;
        }
        Self { items, ..Self::default() }
    }

    /// What was typed.
    fn typed(given: &Given) -> Self {
        let items = given.rows("items.").into_iter().map(|row| ConsentItemRow {
            key: row.text("key"),
            required: row.text("required") == "true",
            text: row.bilingual("text"),
        });
        Self { intro: given.bilingual("intro"), items: items.collect() }
    }

    /// The same without the items of which nothing was filled in.
    fn tidied(mut self) -> Self {
        self.items.retain(|item| !is_empty(item));
        self
    }

    /// What is kept.
    fn kept(form: &FormView) -> Self {
        Self { intro: form.shown.intro.clone(), items: form.shown.items.iter().map(item_row).collect() }
    }

    /// The form as it stands, sound or not.
    fn form(&self) -> ConsentForm {
        let item = |row: &ConsentItemRow| ConsentItem {
            key: row.key.clone(),
            required: row.required,
            text: row.text.clone(),
        };
        ConsentForm { intro: self.intro.clone(), items: self.items.iter().map(item).collect() }
    }

    /// The body that the API takes.
    fn fields(&self) -> Fields {
        let body = json!({ "intro": self.intro, "items": self.items });
        Fields::new(if let Value::Object(body) = body { body } else { Map::new() })
    }
}

/// Whether nothing was filled in; a tick alone says nothing.
fn is_empty(item: &ConsentItemRow) -> bool {
    [&item.key, &item.text.nl, &item.text.en].into_iter().all(|text| text.trim().is_empty())
}

fn item_row(item: &ConsentItem) -> ConsentItemRow {
    ConsentItemRow { key: item.key.clone(), required: item.required, text: item.text.clone() }
}

async fn editor(
    app: &App,
    who: &Researcher,
    at: &At,
    (study, id): (StudyId, Option<ConsentFormId>),
    mut words: Words,
) -> Outcome<ConsentEditor> {
    let (desk, item) = at.study(app, who, study, Section::Consent).await?;
    demand(&item, Right::PublishConsent)?;
    let form = words.form();
    let points = PointRow::all(at.language, &item.study, &form);
    if !words.items.iter().any(is_empty) {
        words.items.extend(vec![ConsentItemRow::default(); EMPTY_ITEMS]);
    }
    Ok(ConsentEditor {
        desk,
        action: id
            .map_or_else(|| format!("{}/consent-forms", base(study)), |id| format!("{}/edit", page_of(id))),
        base: id.map(page_of),
        seen: Seen { tag: content_etag(&form)?, now: None },
        intro: words.intro,
        items: words.items,
        points,
        copied: None,
        focus: None,
        unsaved: false,
        errors: Vec::new(),
    })
}

#[post("/studies/<study>/consent-forms", data = "<form>")]
async fn draft(
    app: &State<App>,
    at: At,
    study: Id<StudyId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, study) = (app.clock.now(), form.who.user, study.0);
    let at = at.on(format!("{}/consent-forms/new", base(study)));
    let body = match asked(&form.given) {
        Asked::Keep(body) => body,
        Asked::Again(words, why) => return again(app, &form, &at, (study, None), (words, why)).await,
    };
    let made = app
        .store
        .write_once(form.once(now), move |tx| draft_consent_form(tx, now, user, study, &body))
        .await?;
    Ok(Either::Left(done(&page_of(made.resource), Deed::Drafted)))
}

/// What a press of a button of the editor asks for.
enum Asked {
    /// To keep the form.
    Keep(ConsentForm),
    /// To show it again.
    Again(Words, Why),
}

/// Why a form is shown again.
enum Why {
    /// For more items: the id of the control at which one goes on.
    More(String),
    /// For another look at it.
    Check,
    /// Because of what is wrong with it.
    Wrong(Problem),
}

fn asked(given: &Given) -> Asked {
    let mut words = Words::typed(given);
    match given.text("act").as_str() {
        "more" => {
            let focus = format!("items.{}.key", words.items.len());
            words.items.extend(vec![ConsentItemRow::default(); EMPTY_ITEMS]);
            return Asked::Again(words, Why::More(focus));
        }
        "check" => return Asked::Again(words, Why::Check),
        _ => words = words.tidied(),
    }
    match read(words.fields()) {
        Ok(body) => Asked::Keep(body),
        Err(problem) => Asked::Again(words, Why::Wrong(problem)),
    }
}

async fn again(
    app: &App,
    form: &SignedForm,
    at: &At,
    (study, id): (StudyId, Option<ConsentFormId>),
    (words, why): (Words, Why),
) -> Outcome<Either<Redirect, Html>> {
    let page = editor(app, &form.who, at, (study, id), words).await?;
    let page = ConsentEditor { unsaved: true, seen: form.seen(), ..page };
    let problem = match why {
        Why::More(focus) => {
            let page = ConsentEditor { focus: Some(focus), ..page };
            return Html::page(at.language, page).map(Either::Right);
        }
        Why::Check => return Html::page(at.language, page).map(Either::Right),
        Why::Wrong(problem) => problem,
    };
    let page = match (&problem, id) {
        (Problem::Invalid(problems), _) => {
            ConsentEditor { errors: consent_messages(at.language, problems), ..page }
        }
        (Problem::PreconditionFailed, Some(id)) => {
            let user = form.who.user;
            let held = app.store.read(move |tx| consent_forms::one(tx, user, id)).await?;
            let tag = content_etag(&Words::kept(&held).form())?;
            ConsentEditor { seen: Seen { tag, now: Some(Vec::new()) }, ..page }
        }
        _ => return Err(problem),
    };
    Html::again(at.language, &problem, page).map(Either::Right)
}

#[get("/consent-forms/<id>")]
async fn show(app: &State<App>, who: Researcher, at: At, id: Id<ConsentFormId>) -> Outcome<Html> {
    let user = who.user;
    let ask = move |tx: &mut Tx<'_>| {
        let version = consent_forms::version(tx, user, id.0)?;
        let replacing = consent_forms::replacing(tx, user, version.form.study)?;
        Ok((version, replacing))
    };
    let (version, replacing) = app.store.read(ask).await?;
    let (desk, item) = at.study(app, &who, version.form.study, Section::Consent).await?;
    let shown = &version.form.shown;
    let form = ConsentForm { intro: shown.intro.clone(), items: shown.items.clone() };
    let page = ConsentView {
        desk,
        base: page_of(shown.id),
        form: row(at.language, &item, &version),
        intro: shown.intro.clone(),
        items: shown.items.iter().map(item_row).collect(),
        sha256: Bilingual { nl: form.sha256(Language::Nl), en: form.sha256(Language::En) },
        points: PointRow::all(at.language, &item.study, &form),
        comparable: shown.version.map_or(replacing.is_some(), |version| version > 1),
        replacing: replacing.filter(|_| shown.version.is_none()).as_ref().map(notice),
    };
    Html::page(at.language, page)
}

fn notice(replacing: &Replacing) -> ReplacingNotice {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    ReplacingNotice {
        version: number(replacing.form.shown.version).unwrap_or_default(),
        agreed: count(replacing.agreed),
        asked_again: count(replacing.asked_again),
        planned: count(replacing.planned),
    }
}

#[get("/consent-forms/<id>/edit")]
async fn edit(app: &State<App>, who: Researcher, at: At, id: Id<ConsentFormId>) -> Outcome<Html> {
    let user = who.user;
    let form = app.store.read(move |tx| consent_forms::one(tx, user, id.0)).await?;
    if form.shown.version.is_some() {
        return Err(Problem::Published);
    }
    let page = editor(app, &who, &at, (form.study, Some(id.0)), Words::kept(&form)).await?;
    Html::page(at.language, page)
}

#[post("/consent-forms/<id>/edit", data = "<form>")]
async fn redraft(
    app: &State<App>,
    at: At,
    id: Id<ConsentFormId>,
    form: SignedForm,
) -> Outcome<Either<Redirect, Html>> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let study = app.store.read(move |tx| consent_forms::one(tx, user, id)).await?.study;
    let body = match asked(&form.given) {
        Asked::Keep(body) => body,
        Asked::Again(words, why) => return again(app, &form, &at, (study, Some(id)), (words, why)).await,
    };
    let condition = form.if_as_seen();
    let fits = move |found: &ConsentForm| condition.check_content(found);
    let outcome = app.store.write(move |tx| redraft_consent_form(tx, now, user, id, &body, &fits)).await;
    let Err(problem) = outcome else { return Ok(Either::Left(done(&page_of(id), Deed::Drafted))) };
    let typed = Words::typed(&form.given).tidied();
    again(app, &form, &at, (study, Some(id)), (typed, Why::Wrong(problem))).await
}

/// Publishes a form. One to which nobody has to say yes is only published by the button that says so.
#[post("/consent-forms/<id>/publish", data = "<form>")]
async fn publish(app: &State<App>, id: Id<ConsentFormId>, form: SignedForm) -> Outcome<Redirect> {
    let (now, user, id) = (app.clock.now(), form.who.user, id.0);
    let draft = app.store.read(move |tx| consent_forms::one(tx, user, id)).await?;
    if !draft.shown.items.iter().any(|item| item.required) && !form.given.has("nobody_must") {
        return Ok(Redirect::to(page_of(id)));
    }
    app.store
        .write_once(form.once(now), move |tx| publish_consent_form(tx, now, user, id, |_| Ok(())))
        .await?;
    Ok(done(&page_of(id), Deed::Published))
}
