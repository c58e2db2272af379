//! The outbox of a study.

use rocket::{Route, State, get, post};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::actions::retry_letter::retry_letter;
use crate::clock::Instant;
use crate::domain::access::Right;
use crate::domain::delivery::LetterState;
use crate::domain::letter::LetterKind;
use crate::id::{InterviewId, LetterId, RespondentId, StudyId, UserId};
use crate::problem::{Outcome, Problem};
use crate::queries::access::Place;
use crate::queries::letters;
use crate::queries::page::{Page, one_more};
use crate::store::letters::{Filter, LetterItem};
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body};
use crate::web::openapi::{Nothing, Paged};
use crate::web::query::{Listing, Query, listing};

/// The states of a letter, for the sentence about another one.
pub(in crate::web) const STATES: &str = "queued, sent, failed, cancelled";
const KINDS: &str = "invitation, reminder, consent_receipt, confirmation, appointment_reminder, moved, cancelled, \
    withdrawn, study_closed, link_update, company_changed, address_left, new_link, proposal_declined, \
    interviewer_booked, interviewer_moved, interviewer_cancelled, interviewer_proposal, interviewer_reminder, delegate_invited, \
    delegate_cancelled";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, show, retry]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, show, retry))]
pub struct Reference;

/// A letter of the outbox (E3).
#[derive(Serialize, ToSchema)]
#[schema(as = Letter)]
pub(super) struct Item {
    id: LetterId,
    /// What it is about.
    kind: LetterKind,
    /// To whom it goes, or about whom.
    respondent: Option<RespondentId>,
    /// The interview that it is about.
    interview: Option<InterviewId>,
    /// `respondent`; `researcher` when it goes to a researcher, about the respondent where one is named; `delegate`
    /// when it goes to whoever made the appointment for the respondent.
    to: &'static str,
    /// Where it stands.
    state: LetterState,
    /// How often it was tried.
    attempts: i32,
    /// What the mail server said last, or the code of why it was called off.
    last_error: Option<String>,
    created_at: Instant,
    /// When it is tried next.
    due_at: Instant,
    sent_at: Option<Instant>,
    /// When a mail server told that a letter that was sent has not arrived; it counts as failed since.
    bounced_at: Option<Instant>,
    /// Until when a failed letter can be sent again; null when it can't, or not any more.
    retry_until: Option<Instant>,
}

impl From<LetterItem> for Item {
    fn from(letter: LetterItem) -> Self {
        Self {
            id: letter.id,
            kind: letter.kind,
            respondent: letter.respondent,
            interview: letter.interview,
            to: match letter.user {
                Some(_) => "researcher",
                None if letter.kind.is_for_delegate() => "delegate",
                None => "respondent",
            },
            state: letter.state,
            attempts: letter.attempts,
            retry_until: letter.retry_until(),
            last_error: letter.last_error,
            created_at: letter.created_at,
            due_at: letter.due_at,
            sent_at: letter.sent_at,
            bounced_at: letter.bounced_at,
        }
    }
}

/// The outbox of a study, newest first.
///
/// No addresses: whom a letter goes to is told by the respondent.
#[utoipa::path(
    params(
        ("state" = Option<LetterState>, Query, description = "Only in this state."),
        ("kind" = Option<LetterKind>, Query, description = "Only of this kind."),
        ("respondent" = Option<RespondentId>, Query, description = "Only to or about this respondent."),
        Paged,
    ),
    responses((status = 200, description = "The letters.", body = Page<Item>)),
)]
#[get("/studies/<study>/letters")]
async fn list(
    app: &State<App>,
    who: Researcher,
    study: Id<StudyId>,
    query: Query,
) -> Result<Answer, Problem> {
    let (user, study) = (who.user, study.0);
    let mut fields = query.fields(&["state", "kind", "respondent", "cursor", "limit"]);
    let state = fields.optional("state", input::word::<LetterState>(STATES));
    let kind = fields.optional("kind", input::word::<LetterKind>(KINDS));
    let respondent = fields.optional("respondent", input::id::<RespondentId>);
    let Listing { after: before, limit } = listing(&mut fields);
    let filter = fields.finish(|| Some(Filter { state, kind, respondent, before }));
    let filter = app.told(filter, Place::Study(study), user, Right::View).await?;
    let rows = app.store.read(move |tx| letters::page(tx, user, study, filter, one_more(limit))).await?;
    let page = Page::cut(rows, limit, |letter| letter.id.to_string());
    Answer::ok(Page { items: page.items.into_iter().map(Item::from).collect(), next: page.next })
}

/// One letter of the outbox.
#[utoipa::path(responses((status = 200, description = "The letter.", body = Item)))]
#[get("/letters/<id>")]
async fn show(app: &State<App>, who: Researcher, id: Id<LetterId>) -> Result<Answer, Problem> {
    Answer::ok(find(app, who.user, id.0).await?)
}

/// Sends a letter that has failed once more.
#[utoipa::path(
    params(RepeatKey),
    request_body = Option<Nothing>,
    responses((status = 200, description = "The letter, queued again.", body = Item)),
    extensions(("x-problems" = json!(["wrong_state"]))),
)]
#[post("/letters/<id>/retry", data = "<body>")]
async fn retry(
    app: &State<App>,
    who: Researcher,
    id: Id<LetterId>,
    key: RepeatKey,
    body: Body,
) -> Result<Answer, Problem> {
    let (now, user, id) = (app.clock.now(), who.user, id.0);
    app.told(body.fields().finish(|| Some(())), Place::Letter(id), user, Right::Letters).await?;
    let once = key.once(user, &body.raw, now);
    let made = app.store.write_once(once, move |tx| retry_letter(tx, now, user, id)).await?;
    Answer::made(&made, find(app, user, made.resource).await?)
}

/// A letter, as its study's members see it.
pub(super) async fn find(app: &App, user: UserId, id: LetterId) -> Outcome<Item> {
    app.store.read(move |tx| letters::detail(tx, user, id)).await.map(Item::from)
}
