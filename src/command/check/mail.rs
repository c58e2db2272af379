//! Whether the mail server takes letters.

use super::Finding;
use crate::clock::Clock;
use crate::domain::language::Language;
use crate::domain::text::EmailAddress;
use crate::id::LetterId;
use crate::mail::{Calendar, Mail, Mailbox, Outgoing, SmtpSettings, Step, Transport, rehearse};
use crate::problem::{FieldProblem, Outcome, Problem};
use crate::settings::{Settings, takes};
use crate::words::operator;

/// What no server can be asked.
const NOT_CHECKED: &str = "not looked at: SPF, DKIM and DMARC of the domain of the sender. Ask whoever keeps its DNS; without \
                           them invites end up as spam";

pub(super) async fn look(settings: &Settings, to: Option<&str>) -> Outcome<Vec<Finding>> {
    let from: Mailbox = settings.mail_from.parse().map_err(|_| takes("mail_from"))?;
    let to = to.map(EmailAddress::parse).transpose();
    let to = to.map_err(|code| Problem::Invalid(vec![FieldProblem::new("to", code)]))?;
    let Some(url) = &settings.smtp_url else {
        return Ok(vec![Finding::missing(format!(
            "SMTP_URL is not set: letters are written as files into {} and reach nobody",
            settings.mail_dir().display()
        ))]);
    };
    let authority = settings.smtp_authority()?;
    let server = match SmtpSettings::parse(url.expose(), authority.as_deref()) {
        Ok(server) => server,
        Err(invalid) => return Ok(vec![Finding::missing(invalid.to_string())]),
    };
    let mut findings = steps(&server, &from.address, to.as_ref().unwrap_or(&from.address)).await;
    if let Some(to) = to.filter(|_| !findings.iter().any(Finding::is_missing)) {
        findings.push(send(&server, &from, &to).await?);
    }
    findings.push(sender(&from));
    findings.push(Finding::note(NOT_CHECKED));
    Ok(findings)
}

/// Each step up to the first that fails.
async fn steps(server: &SmtpSettings, from: &EmailAddress, to: &EmailAddress) -> Vec<Finding> {
    let outcome = rehearse(server, from, to).await;
    let place = server.place();
    let mut findings = Vec::new();
    for step in [Step::Connect, Step::SignIn, Step::Sender, Step::Recipient] {
        let (well, badly) = match step {
            Step::Connect => (format!("{place} answers"), format!("{place} can't be reached or trusted")),
            Step::SignIn if !server.signs_in() => {
                findings.push(Finding::right("no user and password are set, so nobody signs in"));
                continue;
            }
            Step::SignIn => ("user and password are taken".into(), "user and password are not taken".into()),
            Step::Sender => (
                format!("letters from {} are taken", from.as_str()),
                format!("letters from {} are not taken", from.as_str()),
            ),
            Step::Recipient => (
                format!("letters to {} are taken", to.as_str()),
                format!("letters to {} are not taken", to.as_str()),
            ),
        };
        match &outcome {
            Err(stumble) if stumble.step == step => {
                findings.push(Finding::missing(format!("{badly}: {}", stumble.said)));
                return findings;
            }
            _ => findings.push(Finding::right(well)),
        }
    }
    findings
}

/// Whether the sender can be what it has to be.
fn sender(from: &Mailbox) -> Finding {
    let address = from.address.as_str();
    if from.address.domain().ends_with(".localdomain") || from.address.domain() == "localhost" {
        return Finding::missing(format!("{address} is nobody's: set VELDWERK_MAIL_FROM to a real mailbox"));
    }
    Finding::right(format!(
        "{address} is both the sender and the organizer of invites; the mail server must not rewrite it, and \
         somebody should read what arrives there"
    ))
}

/// Sends a test letter.
async fn send(server: &SmtpSettings, from: &Mailbox, to: &EmailAddress) -> Outcome<Finding> {
    let (letter, now) = (LetterId::new(), Clock::system().now());
    let words = operator::test_letter(Language::default())?;
    let mail = Mail {
        from: from.clone(),
        reply_to: None,
        to: Mailbox { name: String::new(), address: to.clone() },
        subject: words.subject,
        text: words.text,
        html: words.html,
        date: now,
        message_id: format!("{letter}@{}", from.address.domain()),
        in_reply_to: None,
        unsubscribe: None,
        calendar: Calendar::None,
    };
    let message = mail.to_bytes().map_err(Problem::internal)?;
    let outgoing = Outgoing { letter, from: &from.address, to, message: &message };
    let mut sender = Transport::Smtp(server.clone()).sender();
    let sent = sender.send(&outgoing).await;
    sender.close().await;
    Ok(match sent {
        Ok(_) => Finding::right(format!("a test letter to {} was handed over", to.as_str())),
        Err(refused) => Finding::missing(format!("a test letter was not taken: {}", refused.said)),
    })
}
