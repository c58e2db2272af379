//! A letter on its way: whoever hands it over keeps hold of it for as long as the mail server takes.

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, interval_at, sleep};

use crate::problem::Outcome;
use crate::worker::closing;

/// How often a postman gives a sign of life while a letter is on its way.
const HEARTBEAT: Duration = Duration::from_secs(8);
/// How long a letter that is on its way may still take when the house closes.
const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// Sends a letter, and tells by `extend` again and again that it is still being sent. `None` when somebody else has it
/// by now, which `extend` finds out, or the house closes too soon: nothing is known of it then, and the next one sends
/// the same again.
pub(super) async fn with_signs_of_life<T, F: Future<Output = Outcome<bool>>>(
    stopping: &mut watch::Receiver<bool>,
    mut sending: Pin<&mut impl Future<Output = T>>,
    extend: impl Fn() -> F,
) -> Option<T> {
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    let mut end = pin!(async {
        closing(stopping).await;
        sleep(LAST_MOMENTS).await;
    });
    loop {
        tokio::select! {
            biased;
            answer = &mut sending => return Some(answer),
            () = &mut end => return None,
            _ = heartbeat.tick() => {
                if extend().await.is_ok_and(|is_held| !is_held) {
                    return None;
                }
            }
        }
    }
}
