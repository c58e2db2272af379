//! Letters about accounts, which a postman brings away before all others: somebody waits for them to get in.

use std::pin::pin;

use tokio::sync::watch;

use super::signs_of_life::with_signs_of_life;
use super::{Postman, Round};
use crate::clock::Instant;
use crate::domain::audit::{Actor, Done, Entry};
use crate::domain::delivery::LetterState;
use crate::domain::text::EmailAddress;
use crate::mail::{Calendar, Delivered, Mail, Mailbox, Outgoing, Refusal, RefusalKind};
use crate::problem::{Outcome, Problem};
use crate::store::account_letters::{self, Claimed};
use crate::store::letters::{self, Hold};
use crate::words;
use crate::worker::message::Message;

impl Postman {
    /// Brings every letter about an account away that is due.
    ///
    /// # Errors
    /// When the database fails; what was claimed is free again when its lease ends.
    pub(super) async fn bring_account_letters(
        &mut self,
        stopping: &mut watch::Receiver<bool>,
    ) -> Outcome<Round> {
        let mut round = Round { claimed: 0, full: false, away: false };
        while !*stopping.borrow() && !round.away {
            let now = self.clock.now();
            if !self.store.read(move |tx| account_letters::any_due(tx, now)).await? {
                break;
            }
            let claimed =
                self.store.write(move |tx| account_letters::claim(tx, now).map(Done::housekeeping)).await?;
            let Some(claimed) = claimed else { break };
            round.claimed += 1;
            if claimed.pointless_at <= now {
                self.end(claimed.hold, LetterState::Cancelled, "expired").await?;
                continue;
            }
            let Some(message) = self.message(&claimed, now).await? else { continue };
            let Some(answer) = self.hand_account_letter_over(claimed.hold, &message, stopping).await else {
                continue;
            };
            round.away = self.note_account_letter(&claimed, answer).await?;
        }
        Ok(round)
    }

    /// The message, written and kept now where it was not yet. `None` when it can't be written, or somebody else has
    /// the letter by now.
    async fn message(&self, claimed: &Claimed, now: Instant) -> Outcome<Option<Message>> {
        let hold = claimed.hold;
        let kept = claimed.message.as_deref().map(Message::from_kept);
        let is_kept = kept.is_some();
        let message = match kept.unwrap_or_else(|| self.write(claimed, now)) {
            Ok(message) if is_kept => return Ok(Some(message)),
            Ok(message) => message,
            Err(problem) => {
                tracing::error!(letter = %hold.letter, %problem, "a letter about an account cannot be written");
                self.end(hold, LetterState::Failed, "the letter could not be written").await?;
                return Ok(None);
            }
        };
        let kept = message.kept();
        let is_held = self
            .store
            .write(move |tx| account_letters::keep_message(tx, hold, &kept).map(Done::housekeeping))
            .await?;
        Ok(is_held.then_some(message))
    }

    fn write(&self, claimed: &Claimed, now: Instant) -> Outcome<Message> {
        let words = words::account_letters::write(&claimed.letter, &self.post.base_url)?;
        let to = &claimed.letter.to;
        let address = EmailAddress::parse(&to.email).map_err(|_| Problem::internal("no mail address"))?;
        let mail = Mail {
            from: self.post.from.clone(),
            reply_to: None,
            to: Mailbox { name: to.name.clone(), address: address.clone() },
            subject: words.subject,
            text: words.text,
            html: words.html,
            date: now,
            message_id: format!("{}@{}", claimed.hold.letter, self.post.domain),
            in_reply_to: None,
            unsubscribe: None,
            calendar: Calendar::None,
        };
        Ok(Message { to: address, return_path: None, bytes: mail.to_bytes().map_err(Problem::internal)? })
    }

    /// Hands a letter over, with signs of life for it.
    async fn hand_account_letter_over(
        &mut self,
        hold: Hold,
        message: &Message,
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<Result<Delivered, Refusal>> {
        let from = &self.post.from.address;
        let outgoing = Outgoing { letter: hold.letter, from, to: &message.to, message: &message.bytes };
        let (clock, store) = (&self.clock, &self.store);
        let extend = || async {
            let now = clock.now();
            store.write(move |tx| account_letters::extend(tx, now, hold).map(Done::housekeeping)).await
        };
        with_signs_of_life(stopping, pin!(self.sender.send(&outgoing)), extend).await
    }

    /// Writes down what became of a letter; true when the mail server takes none now.
    async fn note_account_letter(
        &self,
        claimed: &Claimed,
        answer: Result<Delivered, Refusal>,
    ) -> Outcome<bool> {
        let (hold, now) = (claimed.hold, self.clock.now());
        let Err(Refusal { kind, said, .. }) = answer else {
            self.end(hold, LetterState::Sent, "").await?;
            return Ok(false);
        };
        if kind == RefusalKind::Final {
            self.end(hold, LetterState::Failed, &said).await?;
            return Ok(false);
        }
        let is_away = kind == RefusalKind::Away;
        let due_at = now.plus_seconds(self.post.retry_wait(claimed.attempts));
        let change = move |tx: &mut crate::store::Tx<'_>| {
            if is_away {
                letters::mail_is_away(tx, now)?;
            } else {
                letters::mail_works(tx)?;
            }
            account_letters::later(tx, hold, due_at, &said).map(Done::housekeeping)
        };
        self.store.write(change).await?;
        Ok(is_away)
    }

    async fn end(&self, hold: Hold, state: LetterState, why: &str) -> Outcome<()> {
        let (now, why) = (self.clock.now(), why.to_owned());
        let action = match state {
            LetterState::Sent => "account_letter.sent",
            LetterState::Failed => "account_letter.failed",
            _ => "account_letter.cancelled",
        };
        self.store
            .write(move |tx| {
                if state != LetterState::Cancelled {
                    letters::mail_works(tx)?;
                }
                let why = Some(why.as_str()).filter(|why| !why.is_empty());
                account_letters::end(tx, hold, state, why)?;
                Ok(Entry::new(now, Actor::System, action).subject(hold.letter).with(()))
            })
            .await
    }
}
