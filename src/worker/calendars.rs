//! Looks at the calendars that interviewers publish elsewhere, for when they are busy. A look waits for a stranger's
//! server, so this is a loop of its own, which keeps nothing else waiting.

use std::time::{Duration, Instant as Tick};

use chrono_tz::Tz;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::actions::take_busy_times::{Sight, take_busy_times};
use crate::calendar::busy::Reader;
use crate::clock::{Clock, Instant};
use crate::domain::audit::Done;
use crate::domain::calendar_feed::{FeedFault, window};
use crate::outbound::published::{Document, OwnHosts, Published, Reply};
use crate::problem::{Outcome, Problem};
use crate::settings::{Settings, takes};
use crate::store::Store;
use crate::store::calendar_looks::{self, Look, Marks};

/// How often it is looked whether a calendar is due.
const EVERY: Duration = Duration::from_secs(2);
/// How many calendars are looked at side by side.
const AT_ONCE: usize = 4;
/// How long reading one calendar may take, once it is there.
const READING: Duration = Duration::from_secs(5);
/// After how many hours a calendar is asked for as a whole, though it did not change: what recurs comes nearer.
const WHOLE_HOURS: i64 = 24;

/// Whoever looks at calendars.
#[derive(Debug, Clone)]
pub struct Calendars {
    client: Published,
    /// The domain of our own meetings.
    own_domain: String,
}

impl Calendars {
    /// As the operator set it.
    ///
    /// # Errors
    /// When the certificates of the hosts of one's own can't be read.
    pub fn of(settings: &Settings) -> Outcome<Self> {
        let own =
            OwnHosts { names: settings.calendar_hosts.clone(), authority: settings.calendar_authority()? };
        let client = Published::new(own).map_err(|_| takes("calendar_ca_file"))?;
        Ok(Self::with(client, settings))
    }

    /// With another client.
    #[must_use]
    pub fn with(client: Published, settings: &Settings) -> Self {
        Self { client, own_domain: settings.mail_domain().to_owned() }
    }

    /// Looks at the calendars that are due, a few at once; answers at how many.
    ///
    /// # Errors
    /// When the database fails; a later round tries again.
    pub async fn round(&self, clock: &Clock, store: &Store) -> Outcome<usize> {
        let now = clock.now();
        if !store.read(move |tx| calendar_looks::any_due(tx, now)).await? {
            return Ok(0);
        }
        let mut looks = JoinSet::new();
        while looks.len() < AT_ONCE {
            let claimed =
                store.write(move |tx| calendar_looks::claim(tx, now).map(Done::housekeeping)).await?;
            let Some(look) = claimed else { break };
            looks.spawn(self.clone().look(look, clock.clone(), store.clone()));
        }
        let mut looked = 0;
        while let Some(ended) = looks.join_next().await {
            ended.map_err(Problem::internal)??;
            looked += 1;
        }
        Ok(looked)
    }

    /// Looks at one calendar and writes down what was seen. Neither the address nor anything of the calendar is logged.
    async fn look(self, look: Look, clock: Clock, store: Store) -> Outcome<()> {
        let (asked, now) = (look.clone(), clock.now());
        let (tell, told) = oneshot::channel();
        // A thread of its own: when the house closes, nobody waits for a stranger's server.
        let begun = std::thread::Builder::new().name("calendar".to_owned()).spawn(move || {
            let _ = tell.send(self.see(&asked, now));
        });
        begun.map_err(Problem::internal)?;
        let sight = told.await.unwrap_or_else(|_| {
            tracing::error!(calendar = %look.calendar, "reading a calendar ended badly");
            Sight::Fault(FeedFault::NotACalendar)
        });
        let (now, spread) = (clock.now(), rand::random());
        store.write(move |tx| take_busy_times(tx, now, &look, &sight, spread)).await
    }

    fn see(&self, look: &Look, now: Instant) -> Sight {
        let is_fresh = look.whole_at.is_some_and(|at| now < at.plus_minutes(60 * WHOLE_HOURS));
        let known = if is_fresh { look.marks.clone() } else { Marks::default() };
        let (etag, last_modified) = (known.etag.as_deref(), known.last_modified.as_deref());
        match self.client.fetch(look.address.expose(), etag, last_modified) {
            Ok(Reply::Unchanged) => Sight::Unchanged,
            Ok(Reply::Whole(document)) => self.read(look, document, now),
            Err(fault) => Sight::Fault(fault),
        }
    }

    fn read(&self, look: &Look, document: Document, now: Instant) -> Sight {
        let zone = look.time_zone.parse().unwrap_or(Tz::UTC);
        let reader = Reader { zone, window: window(now), own_domain: &self.own_domain };
        let ends = Tick::now() + READING;
        match reader.read(&document.body, &|| Tick::now() < ends) {
            Ok(calendar) => {
                let Document { etag, last_modified, .. } = document;
                let marks = Marks { etag, last_modified };
                Sight::Whole { busy: calendar.busy, skipped: calendar.skipped, marks }
            }
            Err(fault) => Sight::Fault(fault),
        }
    }
}

/// Looks at calendars until the house closes.
pub(super) async fn keep(
    calendars: Calendars,
    clock: Clock,
    store: Store,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let round = async {
            match calendars.round(&clock, &store).await {
                Ok(0) => tokio::time::sleep(EVERY).await,
                Ok(_) => {}
                Err(problem) => {
                    tracing::warn!(%problem, "a round of looking at calendars failed");
                    tokio::time::sleep(EVERY).await;
                }
            }
        };
        tokio::select! {
            () = super::closing(&mut stopping) => return,
            () = round => {}
        }
    }
}
