//! `veldwerk check`: whether what the installation leans on is set up, said in words: what is right, and what is
//! missing.

mod mail;
mod mail_in;
mod teams;

use clap::Subcommand;

use crate::problem::{Outcome, Problem};
use crate::settings::Settings;

#[derive(Subcommand)]
pub(super) enum Check {
    /// Whether Microsoft lets this installation make Teams meetings, and for whom.
    ///
    /// For each interviewer with a Microsoft object id a meeting is made and deleted at once: only that shows that it
    /// works. It stands in nobody's calendar, and nobody is invited to it.
    Teams,
    /// Whether the mail server takes letters from this installation, and how mail comes in.
    ///
    /// Goes as far as a letter would before its text, so nothing is sent, unless `--to` is given. Of the folder that
    /// mail comes into only how much lies in it is asked.
    Mail {
        /// Send a test letter to this address.
        #[arg(long)]
        to: Option<String>,
    },
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    verdict: Verdict,
    sentence: String,
}

/// What comes of looking at one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is as it has to be.
    Right,
    /// It must be mended.
    Missing,
    /// It can stay so; somebody should know.
    Note,
}

impl Finding {
    fn right(sentence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Right, sentence: sentence.into() }
    }

    fn missing(sentence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Missing, sentence: sentence.into() }
    }

    fn note(sentence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Note, sentence: sentence.into() }
    }

    fn is_missing(&self) -> bool {
        self.verdict == Verdict::Missing
    }
}

/// Looks, and says what was found.
///
/// # Errors
/// When something is missing.
#[expect(clippy::print_stdout, reason = "the findings are the result of the command")]
pub(super) async fn check(command: Check) -> Outcome<()> {
    let settings = Settings::read()?;
    let findings = match command {
        Check::Teams => teams::look(&settings).await?,
        Check::Mail { to } => {
            [mail::look(&settings, to.as_deref()).await?, mail_in::look(&settings).await?].concat()
        }
    };
    for Finding { verdict, sentence } in &findings {
        let word = match verdict {
            Verdict::Right => "right:  ",
            Verdict::Missing => "missing:",
            Verdict::Note => "note:   ",
        };
        println!("{word} {sentence}");
    }
    let missing = findings.iter().filter(|finding| finding.is_missing()).count();
    if missing == 0 { Ok(()) } else { Err(Problem::internal(format!("{missing} of these must be mended"))) }
}
