//! A postman: claims letters, writes those that are new, hands them over one after the other, and writes down what
//! became of each.
//!
//! Nothing is lost by a crash at any point: an attempt is counted before it is made, the message is kept before it is
//! handed over, and a letter whose postman died is claimed by another with the very same message (R2).

mod accounts;
mod marks;
mod signs_of_life;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use self::marks::{Marks, Taken};
use self::signs_of_life::with_signs_of_life;
use super::message::{self, Message};
use super::post::Post;
use crate::clock::{Clock, Instant};
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::{Dropped, is_given_up};
use crate::id::{LetterId, StudyId};
use crate::mail::{Delivered, Outgoing, Refusal, RefusalKind, Sender};
use crate::problem::{Outcome, Problem};
use crate::queries::correspondence::{self, Next};
use crate::store::letters::{self, Claimed, Hold};
use crate::store::{Store, Tx};

/// How many letters are claimed at once to begin with: few, since those that wait behind one that the mail server
/// dwells on are in nobody else's hands.
const FEWEST: i64 = 8;
/// How many are claimed at once when they leave quickly.
const MOST: i64 = 64;
/// A round that takes no longer lets the next one claim twice as many.
const QUICK: Duration = Duration::from_secs(1);
/// How often what became of a letter is written down again when the database is away.
const NOTING_TRIES: u32 = 5;

/// One sender of letters with its own connection.
pub(super) struct Postman {
    post: Arc<Post>,
    clock: Clock,
    store: Store,
    sender: Sender,
    batch: i64,
}

/// What came of a round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// How many letters were claimed.
    pub(super) claimed: usize,
    /// Whether there may be more at once.
    pub(super) full: bool,
    /// Whether the mail server takes no letters now.
    pub(super) away: bool,
}

/// A letter that is ready to leave.
struct Ready {
    hold: Hold,
    study: StudyId,
    message: Message,
    attempts: i32,
    first_tried: Instant,
    made: Instant,
    to_erased: bool,
}

/// What is to be written down before letters leave.
#[derive(Clone)]
enum Step {
    Drop(Hold, StudyId, Dropped),
    Fail(Hold, StudyId, String),
    Keep { hold: Hold, identifier: String, stamp: Instant, message: Vec<u8> },
}

impl Postman {
    pub(super) fn new(post: Arc<Post>, clock: Clock, store: Store) -> Self {
        let sender = post.transport.sender();
        Self { post, clock, store, sender, batch: FEWEST }
    }

    /// Takes leave of the mail server.
    pub(super) async fn rest(&mut self) {
        self.sender.close().await;
    }

    /// Claims some letters that are due and brings them away.
    ///
    /// # Errors
    /// When the database fails; what was claimed is free again when its lease ends.
    pub(super) async fn round(&mut self, stopping: &mut watch::Receiver<bool>) -> Outcome<Round> {
        let accounts = self.bring_account_letters(stopping).await?;
        if accounts.away {
            return Ok(accounts);
        }
        let (now, batch) = (self.clock.now(), self.batch);
        let began = tokio::time::Instant::now();
        let claimed =
            self.store.write(move |tx| letters::claim(tx, now, batch).map(Done::housekeeping)).await?;
        let full = i64::try_from(claimed.len()).is_ok_and(|claimed| claimed == batch);
        let count = accounts.claimed + claimed.len();
        let mut away = false;
        if !claimed.is_empty() {
            let ready = self.prepare(claimed, now).await?;
            let mut marks = Marks::new(self.store.clone());
            let brought = self.bring_away(ready, &mut marks, stopping).await;
            // Whatever came of the others.
            marks.finish().await?;
            away = brought?;
        }
        self.batch = if full && began.elapsed() < QUICK { MOST.min(2 * batch) } else { FEWEST };
        Ok(Round { claimed: count, full, away })
    }

    /// Hands letters over, one after the other; true when the mail server takes none now.
    async fn bring_away(
        &mut self,
        mut ready: Vec<Ready>,
        marks: &mut Marks,
        stopping: &mut watch::Receiver<bool>,
    ) -> Outcome<bool> {
        ready.reverse();
        while let Some(letter) = ready.pop() {
            let mut holds: Vec<Hold> = ready.iter().map(|other| other.hold).collect();
            if *stopping.borrow() {
                holds.push(letter.hold);
                self.release(holds).await?;
                return Ok(false);
            }
            match self.hand_over(&letter, &holds, stopping).await {
                None => {}
                Some(Ok(_)) => {
                    let Ready { hold, study, .. } = letter;
                    marks.add(Taken { hold, study, at: self.clock.now() }).await?;
                }
                Some(Err(refusal)) => {
                    // In the order in which it came: whether the mail server is away is told by the last of them.
                    marks.finish().await?;
                    let away = refusal.kind == RefusalKind::Away;
                    self.note(&letter, refusal).await?;
                    if away {
                        self.release(holds).await?;
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Writes what is not written yet and keeps it; what is not to be sent, or can't be written, ends here.
    async fn prepare(&self, claimed: Vec<Claimed>, now: Instant) -> Outcome<Vec<Ready>> {
        let asked = claimed.clone();
        let nexts = self.store.read(move |tx| asked.iter().map(|l| look_up(tx, l, now)).collect()).await?;
        let mut steps = Vec::new();
        let mut ready = Vec::new();
        let nexts: Vec<Outcome<(Next, bool)>> = nexts;
        for (letter, next) in claimed.iter().zip(nexts) {
            let (hold, study) = (letter.hold(), letter.study);
            let mut leave = |message: Message, first_tried: Instant, to_erased: bool| {
                let (attempts, made) = (letter.attempts, letter.created_at);
                ready.push(Ready { hold, study, message, attempts, first_tried, made, to_erased });
            };
            let done = match next {
                Ok((Next::Dropped(why), _)) => {
                    steps.push(Step::Drop(hold, study, why));
                    Ok(())
                }
                // Nobody fetches letters from a folder within moments, and there it would name the person in clear.
                Ok((_, true)) if self.post.folder().is_some() => {
                    steps.push(Step::Drop(hold, study, Dropped::Erased));
                    Ok(())
                }
                Ok((Next::Ready(kept), erased)) => Message::from_kept(&kept)
                    .map(|message| leave(message, letter.stamped_at.unwrap_or(now), erased)),
                Ok((Next::Write(from), erased)) => {
                    let identifier = message::identifier(&self.post, letter.id, hold.fence);
                    message::write(&self.post, self.store.keys(), &identifier, &from).map(|message| {
                        let kept = message.kept();
                        steps.push(Step::Keep { hold, identifier, stamp: from.stamp, message: kept });
                        leave(message, from.stamp, erased);
                    })
                }
                Err(problem) => Err(problem),
            };
            match done {
                Ok(()) => {}
                Err(Problem::Busy(seconds)) => return Err(Problem::Busy(seconds)),
                Err(problem) => {
                    tracing::error!(letter = %letter.id, cause = %cause(&problem), "a letter cannot be written");
                    steps.push(Step::Fail(hold, study, "the letter could not be written".to_owned()));
                }
            }
        }
        if !steps.is_empty() {
            // A message that could not be kept is another postman's by now.
            let lost = self.store.write(move |tx| take(tx, &steps, now)).await?;
            ready.retain(|letter| !lost.contains(&letter.hold.letter));
        }
        Ok(ready)
    }

    /// Hands one letter over, with signs of life for it and for those that wait.
    async fn hand_over(
        &mut self,
        letter: &Ready,
        others: &[Hold],
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<Result<Delivered, Refusal>> {
        let Message { to, return_path, bytes } = &letter.message;
        let from = return_path.as_ref().unwrap_or(&self.post.from.address);
        let outgoing = Outgoing { letter: letter.hold.letter, from, to, message: bytes };
        let holds: Vec<Hold> = others.iter().copied().chain([letter.hold]).collect();
        let (clock, store, this) = (&self.clock, &self.store, letter.hold.letter);
        let extend = || async {
            let (now, holds) = (clock.now(), holds.clone());
            let still =
                store.write(move |tx| letters::extend(tx, now, &holds).map(Done::housekeeping)).await?;
            Ok(still.contains(&this))
        };
        with_signs_of_life(stopping, pin!(self.sender.send(&outgoing)), extend).await
    }

    /// Writes down that a letter was refused.
    async fn note(&self, letter: &Ready, refusal: Refusal) -> Outcome<()> {
        let now = self.clock.now();
        let (hold, study) = (letter.hold, letter.study);
        let given_up = is_given_up(letter.first_tried, letter.made, letter.to_erased, now);
        let due_at = now.plus_seconds(self.post.retry_wait(letter.attempts));
        let change = move |tx: &mut Tx<'_>| -> Outcome<Done<()>> {
            let Refusal { kind, said, in_doubt } = &refusal;
            if *kind == RefusalKind::Away {
                letters::mail_is_away(tx, now)?;
            } else {
                letters::mail_works(tx)?;
            }
            if *kind == RefusalKind::Final || given_up {
                letters::fail(tx, hold, said, *in_doubt)?;
                let entry = Entry::new(now, Actor::System, "letter.failed").study(study);
                return Ok(entry.subject(hold.letter).with(()));
            }
            letters::later(tx, hold, due_at, said, *in_doubt).map(Done::housekeeping)
        };
        let change = Arc::new(change);
        let mut tried = 0;
        loop {
            let again = Arc::clone(&change);
            match self.store.write(move |tx| again(tx)).await {
                Err(Problem::Busy(_)) if tried < NOTING_TRIES => sleep(Duration::from_secs(1)).await,
                outcome => return outcome,
            }
            tried += 1;
        }
    }

    async fn release(&self, holds: Vec<Hold>) -> Outcome<()> {
        if holds.is_empty() {
            return Ok(());
        }
        self.store.write(move |tx| letters::release(tx, &holds).map(Done::housekeeping)).await
    }
}

/// What a claimed letter is written from, and whether its recipient is erased. A fault is that of this letter alone.
fn look_up(tx: &mut Tx<'_>, letter: &Claimed, now: Instant) -> Outcome<Outcome<(Next, bool)>> {
    match correspondence::next(tx, letter, now) {
        Err(Problem::Busy(seconds)) => Err(Problem::Busy(seconds)),
        Err(problem) => Ok(Err(problem)),
        Ok(Next::Dropped(why)) => Ok(Ok((Next::Dropped(why), false))),
        Ok(next) => Ok(correspondence::is_to_erased(tx, letter).map(|erased| (next, erased))),
    }
}

/// Writes the steps down; answers the letters whose message could not be kept.
fn take(tx: &mut Tx<'_>, steps: &[Step], now: Instant) -> Outcome<Done<Vec<LetterId>>> {
    let mut lost = Vec::new();
    let mut done = Done::housekeeping(());
    for step in steps {
        match step {
            Step::Keep { hold, identifier, stamp, message } => {
                if !letters::keep_message(tx, *hold, identifier, *stamp, message)? {
                    lost.push(hold.letter);
                }
            }
            Step::Drop(hold, study, why) => {
                letters::cancel(tx, *hold, *why)?;
                let entry = Entry::new(now, Actor::System, "letter.cancelled").study(*study);
                done = done.and(entry.subject(hold.letter).result(why.as_str()));
            }
            Step::Fail(hold, study, said) => {
                letters::fail(tx, *hold, said, false)?;
                let entry = Entry::new(now, Actor::System, "letter.failed").study(*study);
                done = done.and(entry.subject(hold.letter));
            }
        }
    }
    Ok(done.map(|()| lost))
}

fn cause(problem: &Problem) -> String {
    match problem {
        Problem::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
