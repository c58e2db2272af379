//! Whether mail comes in: the answers of calendars, what mail servers report, and objections.

use super::Finding;
use crate::clock::Clock;
use crate::mail::incoming::{Folder, ImapFault, ImapSettings};
use crate::problem::Outcome;
use crate::settings::Settings;

/// For how many days back messages are counted.
const DAYS_BACK: i64 = 30;

pub(super) async fn look(settings: &Settings) -> Outcome<Vec<Finding>> {
    let mut findings = vec![way_in(settings).await?];
    if settings.imap_url.is_none() && settings.mail_in_address.is_none() {
        return Ok(findings);
    }
    findings.push(Finding::right(match &settings.mail_in_server {
        Some(server) => {
            format!("who is not proven by {server} in Authentication-Results is not believed, and their mail waits")
        }
        None => "VELDWERK_MAIL_IN_SERVER is not set, so From is believed, which is easily forged".to_owned(),
    }));
    findings.push(Finding::right(match &settings.bounce_address {
        Some(address) => {
            format!("reports of mail servers are asked for at {address}, with a tag for each letter")
        }
        None => "VELDWERK_BOUNCE_ADDRESS is not set, so a report is known only where it quotes the letter"
            .to_owned(),
    }));
    Ok(findings)
}

/// How mail comes in, if it does.
async fn way_in(settings: &Settings) -> Outcome<Finding> {
    let Some(url) = &settings.imap_url else {
        return Ok(Finding::right(match &settings.mail_in_address {
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
    let mut folder = Folder::open(folder).await?;
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
