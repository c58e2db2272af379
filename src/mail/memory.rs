//! Letters kept in memory, for tests and for looking at what would have been sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::refusal::{Delivered, Refusal};
use super::transport::Outgoing;
use crate::domain::text::EmailAddress;
use crate::id::LetterId;

/// A letter that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which letter it is.
    pub letter: LetterId,
    /// Who sent it, on the envelope.
    pub from: EmailAddress,
    /// Who receives it, on the envelope.
    pub to: EmailAddress,
    /// The whole message.
    pub message: Vec<u8>,
}

/// Keeps every letter. Clones share what is kept.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    kept: Vec<Kept>,
    refusals: VecDeque<Refusal>,
}

impl Memory {
    /// All letters so far, in the order of sending.
    #[must_use]
    pub fn letters(&self) -> Vec<Kept> {
        self.state().kept.clone()
    }

    /// Refuses the next letter that has no earlier refusal waiting for it.
    pub fn refuse_next(&self, refusal: Refusal) {
        self.state().refusals.push_back(refusal);
    }

    pub(super) fn send(&self, outgoing: &Outgoing<'_>) -> Result<Delivered, Refusal> {
        let mut state = self.state();
        if let Some(refusal) = state.refusals.pop_front() {
            return Err(refusal);
        }
        state.kept.push(Kept {
            letter: outgoing.letter,
            from: outgoing.from.clone(),
            to: outgoing.to.clone(),
            message: outgoing.message.to_vec(),
        });
        Ok(Delivered { said: "kept in memory".to_owned() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing here can be left half done, so a panic elsewhere does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
