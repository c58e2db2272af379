//! Tells the head of the log of changes once a day, so that a copy of it stands outside the database: whoever cuts off
//! the log's end or writes it anew cannot reach a mail that has left, nor what the machine's own log has passed on
//! (R7).

use chrono::NaiveDate;

use super::post::Post;
use crate::clock::Instant;
use crate::domain::audit::Done;
use crate::domain::language::Language;
use crate::domain::text::EmailAddress;
use crate::id::LetterId;
use crate::mail::{Calendar, Mail, Mailbox, Outgoing};
use crate::problem::{Outcome, Problem};
use crate::queries::audit_trail;
use crate::store::{Store, audit};
use crate::words::operator;

/// Remembers on which day the head was told last.
#[derive(Debug, Default)]
pub struct DailyHead {
    told_on: Option<NaiveDate>,
}

impl DailyHead {
    /// Tells the head if it was not told on this day (UTC) yet, by mail where there is an operator to write to; an
    /// empty log has none. Of two servers that tell it at once both may write: they say the same.
    ///
    /// # Errors
    /// When the database fails or the mail server takes no letter; the next call tries again.
    pub async fn tell(&mut self, now: Instant, store: &Store, post: &Post) -> Outcome<()> {
        let today = now.utc().date_naive();
        if self.told_on == Some(today) {
            return Ok(());
        }
        let Some((position, hash)) = store.read(audit_trail::head).await? else { return Ok(()) };
        let head = format!("{position}:{hash}");
        if store.read(audit::told_on).await? != Some(today) {
            tracing::info!(target: "veldwerk::audit", %head, "head of the log");
            if let Some(operator) = &post.operator {
                write(post, operator, &head, now).await?;
            }
            store.write(move |tx| audit::note_told(tx, today).map(Done::housekeeping)).await?;
        }
        self.told_on = Some(today);
        Ok(())
    }
}

async fn write(post: &Post, operator: &EmailAddress, head: &str, now: Instant) -> Outcome<()> {
    let letter = LetterId::new();
    let words = operator::audit_head(Language::default(), head)?;
    let mail = Mail {
        from: post.from.clone(),
        reply_to: None,
        to: Mailbox { name: String::new(), address: operator.clone() },
        subject: words.subject,
        text: words.text,
        html: words.html,
        date: now,
        message_id: format!("{letter}@{}", post.domain),
        in_reply_to: None,
        unsubscribe: None,
        calendar: Calendar::None,
    };
    let message = mail.to_bytes().map_err(Problem::internal)?;
    let outgoing = Outgoing { letter, from: &post.from.address, to: operator, message: &message };
    let mut sender = post.transport.sender();
    let sent = sender.send(&outgoing).await;
    sender.close().await;
    sent.map(drop).map_err(|refusal| Problem::internal(format!("the mail server said: {}", refusal.said)))
}
