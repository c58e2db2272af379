//! The time that a researcher keeps free in all their studies.

use rocket::{Route, State, delete, get, post};
use utoipa::{OpenApi, ToSchema};

use crate::actions::block_time::{block_time, unblock_time};
use crate::clock::Instant;
use crate::id::BlockId;
use crate::problem::{Outcome, Problem};
use crate::queries::blocks;
use crate::queries::page::Page;
use crate::store::blocks::Block;
use crate::store::idempotency::Made;
use crate::web::App;
use crate::web::answers::Answer;
use crate::web::guards::{Id, RepeatKey, Researcher};
use crate::web::input::{self, Body, Fields};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    rocket::routes![list, block, unblock]
}

/// What the reference says of the routes of this file.
#[derive(OpenApi)]
#[openapi(paths(list, block, unblock))]
pub struct Reference;

/// The time that one keeps free in all one's studies, as far as it has not passed.
#[utoipa::path(
    responses((status = 200, description = "The blocks, soonest first; nothing follows.", body = Page<Block>)),
)]
#[get("/me/blocks")]
async fn list(app: &State<App>, who: Researcher) -> Result<Answer, Problem> {
    let now = app.clock.now();
    Answer::ok(Page::whole(app.store.read(move |tx| blocks::ahead(tx, who.user, now)).await?))
}

/// Keeps a stretch of one's own time free in all one's studies.
///
/// No interview is planned into it any more, by whomever. What is booked already stays booked. At most 200 at a time.
#[utoipa::path(
    params(RepeatKey),
    request_body = NewBlock,
    responses((status = 201, description = "The block.", body = Block)),
)]
#[post("/me/blocks", data = "<body>")]
async fn block(app: &State<App>, who: Researcher, key: RepeatKey, body: Body) -> Result<Answer, Problem> {
    let (now, user) = (app.clock.now(), who.user);
    let span = read(body.fields())?;
    let made = app
        .store
        .write_once(key.once(user, &body.raw, now), move |tx| {
            Ok(block_time(tx, now, user, span)?.map(|id| Made::new(201, id)))
        })
        .await?;
    let id = made.resource;
    let item = app.store.read(move |tx| blocks::get(tx, user, id)).await?;
    Answer::made(&made, item)
}

/// Gives a stretch of one's own time back.
#[utoipa::path(responses((status = 204, description = "Given back.")))]
#[delete("/me/blocks/<block>")]
async fn unblock(app: &State<App>, who: Researcher, block: Id<BlockId>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    app.store.write(move |tx| unblock_time(tx, now, who.user, block.0)).await?;
    Answer::with_status(204, ())
}

/// What is to be kept free.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
struct NewBlock {
    /// When it begins.
    from: Instant,
    /// When it has ended; later.
    until: Instant,
}

fn read(mut fields: Fields) -> Outcome<(Instant, Instant)> {
    let from = fields.required("from", input::instant);
    let until = fields.required("until", input::instant);
    fields.finish(|| Some((from?, until?)))
}
