//! `veldwerk demo`: a copy of the study that Veldwerk grew from, with invented officials, in a data directory of its
//! own. Everything is done by the same actions that people use, at moments of the past six weeks.

mod story;

use std::path::PathBuf;

use self::story::Story;
use super::serve;
use crate::actions::sign_in::offer_link;
use crate::clock::Clock;
use crate::id::random_name;
use crate::keys::fresh_token;
use crate::problem::Outcome;
use crate::settings::Settings;
use crate::store::{Migrate, Store};

/// How long the printed sign-in link works.
const LINK_HOURS: i64 = 24;

/// Seeds the demo and serves it until asked to stop.
///
/// # Errors
/// What keeps it from starting.
#[expect(clippy::print_stdout, reason = "the links are the result of the command")]
pub(super) async fn demo() -> Outcome<()> {
    let own = Settings::read()?;
    let directory: PathBuf = std::env::temp_dir().join(format!("veldwerk-demo-{}", random_name()));
    let mut settings = Settings::local(&directory, own.port, &fresh_token());
    settings.address = own.address;
    settings.mailbox_page = true;
    serve::check_port(&settings)?;
    settings.prepare_data_dir()?;
    let clock = Clock::system();
    let store = Store::open(settings.database.clone(), settings.keys()?, Migrate::Yes).await?;
    let now = clock.now();
    let told = Story::new(store.clone(), now, settings.mail_domain()).tell().await?;
    let token = store.write(move |tx| offer_link(tx, now, told.researcher, LINK_HOURS)).await?;
    let base = &settings.base_url;
    println!("Veldwerk demo, in {}", directory.display());
    println!();
    println!("  researcher   {base}/sign-in/{token}");
    println!("  respondent   {base}/p/{}", told.link);
    println!("  mailbox      {base}/mailbox");
    println!();
    println!("All names are invented. Stop with Ctrl-C; the directory can then be deleted.");
    serve::run(settings, clock, store).await
}
