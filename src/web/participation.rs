//! What every button of a respondent goes through, on the pages and in the API alike: the link is looked at first,
//! then what was sent, then the change is made, counted and, where it was refused for a taken time, helped along.

use super::App;
use super::answers::Refused;
use super::guards::{LinkToken, RepeatKey};
use crate::actions::Wish;
use crate::actions::press::{count_refused, demand_taking_part, press_found};
use crate::clock::Instant;
use crate::domain::audit::Done;
use crate::domain::interview::Asker;
use crate::mail::Mailbox;
use crate::problem::{FieldCode, Outcome, Problem, Wanted};
use crate::queries::participation::{admit, behind};
use crate::queries::slots::near;
use crate::store::Tx;
use crate::store::idempotency::{Made, once_only};
use crate::store::respondents::Respondent;

/// Who may press a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Those who still take part.
    TakingPart,
    /// Those who have withdrawn as well (E14).
    Everybody,
}

impl Door {
    fn admit(self, tx: &mut Tx<'_>, link: &str) -> Outcome<Respondent> {
        match self {
            Self::TakingPart => admit(tx, link),
            Self::Everybody => behind(tx, link),
        }
    }

    fn press(self, tx: &mut Tx<'_>, now: Instant, link: &str, found: &Respondent) -> Outcome<Respondent> {
        let respondent = press_found(tx, now, link, found.clone())?;
        if self == Self::TakingPart {
            demand_taking_part(&respondent)?;
        }
        Ok(respondent)
    }
}

/// A button that was pressed: by which link, when, and with which key to recognise a repeat.
#[derive(Clone, Copy)]
pub struct Pressed<'r> {
    /// The house.
    pub app: &'r App,
    /// The link.
    pub token: &'r LinkToken,
    /// What a repeat is recognised by.
    pub key: &'r RepeatKey,
    /// Who may press it.
    pub door: Door,
    /// The body as it came.
    pub raw: &'r [u8],
    /// When.
    pub now: Instant,
}

impl Pressed<'_> {
    /// What was read from the body, or why it was refused; an unknown or withdrawn link is refused before that (E11).
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::Withdrawn`], then the refusal itself.
    pub async fn told<T>(&self, read: Outcome<T>) -> Outcome<T> {
        if read.is_err() {
            let (digest, door) = (self.token.digest(), self.door);
            self.app.store.read(move |tx| door.admit(tx, &digest).map(drop)).await?;
        }
        read
    }

    /// Makes the change that the button asks for, with the respondent locked. A write that is refused counts as well.
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::Throttled`], [`Problem::Withdrawn`], and what the change refuses.
    pub async fn change<R, F>(&self, change: F) -> Outcome<Made<R>>
    where
        R: std::fmt::Display + std::str::FromStr + Send + 'static,
        F: Fn(&mut Tx<'_>, &Respondent) -> Outcome<Done<Made<R>>> + Send + 'static,
    {
        self.change_and_show(change, |_, _| Ok(())).await.map(|(made, ())| made)
    }

    /// As [`Pressed::change`], with what is shown of the result read in the same transaction: a second one would cost
    /// more than the reading.
    ///
    /// # Errors
    /// Those of [`Pressed::change`], and those of what is read.
    pub async fn change_and_show<R, V, F, S>(&self, change: F, show: S) -> Outcome<(Made<R>, V)>
    where
        R: std::fmt::Display + std::str::FromStr + Send + 'static,
        V: Send + 'static,
        F: Fn(&mut Tx<'_>, &Respondent) -> Outcome<Done<Made<R>>> + Send + 'static,
        S: Fn(&mut Tx<'_>, &R) -> Outcome<V> + Send + 'static,
    {
        let (digest, now) = (self.token.digest(), self.now);
        let (door, once) = (self.door, self.key.once(&digest, self.raw, now));
        let link = digest.clone();
        let outcome = self
            .app
            .store
            .write(move |tx| {
                // A repeat is answered with what is known now: whose link was replaced or who has withdrawn since then
                // is refused before that.
                let found = door.admit(tx, &link)?;
                let done = once_only(tx, once.as_ref(), |tx| {
                    let respondent = door.press(tx, now, &link, &found)?;
                    change(tx, &respondent)
                })?;
                let (made, entries) = done.into_parts();
                let shown = show(tx, &made.resource)?;
                Ok(Done::noted((made, shown), entries))
            })
            .await;
        if outcome.as_ref().is_err_and(is_refusal) {
            // The refusal is what the caller is told, whatever becomes of the counting.
            let _ = self.app.store.write(move |tx| count_refused(tx, now, &digest)).await;
        }
        outcome
    }
}

/// Whether a problem is the caller's doing, and counts.
const fn is_refusal(problem: &Problem) -> bool {
    !matches!(problem, Problem::NotFound | Problem::Throttled(_) | Problem::Busy(_) | Problem::Internal(_))
}

/// The refusal with the free slots near the time that was taken.
///
/// # Errors
/// None of its own; where the slots cannot be read, the refusal stands without them.
pub async fn with_alternatives(app: &App, problem: Problem, asker: Asker, now: Instant) -> Refused {
    let Problem::SlotTaken { wanted: Some(wanted) } = problem else { return problem.into() };
    let near = alternatives(app, wanted, asker, now).await;
    match near {
        Ok(near) => Refused::from(problem).with("alternatives", near),
        Err(_) => problem.into(),
    }
}

async fn alternatives(app: &App, wanted: Wanted, asker: Asker, now: Instant) -> Outcome<serde_json::Value> {
    let slots = app.store.read(move |tx| near(tx, wanted, asker, now)).await?;
    serde_json::to_value(slots).map_err(Problem::internal)
}

/// A wish whose delegate is not this installation itself: its mailbox sends the invites, and would answer its own.
///
/// # Errors
/// A problem with the field `delegate.email`.
pub fn not_ourselves(app: &App, wish: Wish) -> Outcome<Wish> {
    let from = app.settings.mail_from.parse::<Mailbox>().ok().map(|own| own.address.folded());
    let into = app.settings.mail_in_address.as_ref().map(|own| own.to_lowercase());
    let own = [from, into];
    match &wish.delegate {
        Some(delegate) if own.contains(&Some(delegate.email.folded())) => {
            Err(Problem::field("delegate.email", FieldCode::EmailDuplicate))
        }
        _ => Ok(wish),
    }
}
