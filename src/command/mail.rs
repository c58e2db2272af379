//! `veldwerk mail`: messages that come in.

use std::io::Read as _;

use clap::Subcommand;

use crate::actions::receive_mail::Taken;
use crate::clock::Clock;
use crate::domain::incoming::MESSAGE_LIMIT;
use crate::problem::{Outcome, Problem};
use crate::settings::Settings;
use crate::store::{accounts, incoming_mail};
use crate::worker::incoming;

/// What a mail server takes for "try again later" (`EX_TEMPFAIL` of `sysexits.h`). Whatever keeps a message from being
/// taken is no fault of the message.
pub(super) const LATER: u8 = 75;

/// Messages that come in.
#[derive(Subcommand)]
pub(super) enum Mail {
    /// Take one message from standard input, as a mail server pipes it. Ends with 0 when it was taken, also when it
    /// waits for a person, and with 75 when it has to be brought again later.
    Receive,
    /// List the messages that wait and belong to no study, for whoever looks after the machine.
    Waiting,
}

pub(super) async fn mail(command: Mail) -> Outcome<()> {
    match command {
        Mail::Receive => receive().await,
        Mail::Waiting => waiting().await,
    }
}

async fn receive() -> Outcome<()> {
    let mut raw = Vec::new();
    // One octet more than is kept tells that there was more. The rest is read too, so that no pipe breaks.
    let limit = u64::try_from(MESSAGE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let mut input = std::io::stdin().take(limit);
    input.read_to_end(&mut raw).map_err(Problem::internal)?;
    std::io::copy(&mut input.into_inner(), &mut std::io::sink()).map_err(Problem::internal)?;
    let server = Settings::read()?.mail_in_server;
    let store = super::open_beside().await?;
    // A place where nobody works would keep the message for nobody, as when the environment of the service is not set.
    if !store.read(accounts::any).await? {
        return Err(Problem::internal(
            "there is no account in this database: is the environment that of the service?",
        ));
    }
    match incoming::take(&store, &Clock::system(), server.as_deref(), raw).await? {
        Taken::Waits(id, doubt) => tracing::info!(message = %id, why = doubt.as_str(), "a message waits"),
        Taken::Before => tracing::info!("the message was taken before"),
        Taken::Done => tracing::info!("the message was taken"),
    }
    Ok(())
}

/// How many messages are listed.
const LISTED: i64 = 200;

#[expect(clippy::print_stdout, reason = "the list is what was asked for")]
async fn waiting() -> Outcome<()> {
    let store = super::open_beside().await?;
    let found = store
        .read(|tx| {
            let found = incoming_mail::page(tx, None, None, LISTED)?;
            found
                .into_iter()
                .map(|item| item.letter(tx).map(|letter| (item, letter)))
                .collect::<Outcome<Vec<_>>>()
        })
        .await?;
    for (item, letter) in found {
        let why = item.doubt.map_or("", |doubt| doubt.as_str());
        println!("{}\t{}\t{why}\t{}\t{}", item.id, item.received_at, letter.sender, letter.subject);
    }
    Ok(())
}
