//! Whether mail comes in: the answers of calendars, what mail servers report, and objections.

use super::Finding;
use crate::clock::Clock;
use crate::mail::incoming::{Folder as Mailbox, ImapFault, ImapSettings};
use crate::mail::{Folder, Transport};
use crate::problem::Outcome;
use crate::settings::Settings;
use crate::worker::Post;

/// For how many days back messages are counted.
const DAYS_BACK: i64 = 30;

pub(super) async fn look(settings: &Settings) -> Outcome<Vec<Finding>> {
    // What the service itself would refuse to start with.
    Post::through(Transport::Folder(Folder::new(settings.mail_dir())), settings)?;
    let comes_in = settings.imap_url.is_some() || settings.mail_in_address.is_some();
    let mut findings = vec![way_in(settings).await?];
    match &settings.bounce_address {
        Some(address) if comes_in => findings.push(Finding::right(format!(
            "reports of mail servers are asked for at {address}, with a tag for each letter"
        ))),
        Some(address) => findings.push(Finding::missing(format!(
            "reports of mail servers are asked for at {address}, and no mail comes in: they reach nobody"
        ))),
        None if comes_in => findings.push(Finding::note(
            "VELDWERK_BOUNCE_ADDRESS is not set, so a report is known only where it quotes the letter",
        )),
        None => {}
    }
    if comes_in {
        findings.push(match &settings.mail_in_server {
            Some(server) => Finding::right(format!(
                "who is not proven by {server} in Authentication-Results is not believed, and their mail waits"
            )),
            None => Finding::note("VELDWERK_MAIL_IN_SERVER is not set, so From is believed, which is easily forged"),
        });
    }
    Ok(findings)
}

/// How mail comes in, if it does.
async fn way_in(settings: &Settings) -> Outcome<Finding> {
    let Some(url) = &settings.imap_url else {
        return Ok(Finding::note(match &settings.mail_in_address {
            Some(address) => {
                format!("mail to {address} comes in if a mail server hands it to `veldwerk mail receive`")
            }
            None => {
                "no mail comes in: answers of calendars, returned letters and objections by mail are for \
                     somebody to read. VELDWERK_IMAP_URL or VELDWERK_MAIL_IN_ADDRESS would change that"
                    .to_owned()
            }
        }));
    };
    let authority = settings.imap_authority()?;
    let folder = match ImapSettings::parse(url.expose(), authority.as_deref()) {
        Ok(folder) => folder,
        Err(invalid) => return Ok(Finding::missing(invalid.to_string())),
    };
    Ok(match count(&folder).await {
        Ok(count) => Finding::right(format!(
            "{} can be read and holds {count} messages of the last {DAYS_BACK} days",
            folder.told()
        )),
        Err(fault) => Finding::missing(format!("{} can't be read: {}", folder.told(), reason(fault))),
    })
}

async fn count(folder: &ImapSettings) -> Result<usize, ImapFault> {
    let mut folder = Mailbox::open(folder).await?;
    let since = Clock::system().now().plus_days(-DAYS_BACK).utc().date_naive();
    let found = folder.after(0, since).await?.len();
    folder.close().await;
    Ok(found)
}

const fn reason(fault: ImapFault) -> &'static str {
    match fault {
        ImapFault::Unreachable => "the server does not answer",
        ImapFault::Certificate => {
            "the server shows no certificate that is trusted. VELDWERK_IMAP_CA_FILE may name another"
        }
        ImapFault::SignIn => "the server does not take user and password",
        ImapFault::Folder => "the server has no such folder",
        ImapFault::Protocol => "the server answers in a way that is not understood",
        ImapFault::Withheld => "the server does not hand out its messages",
    }
}
