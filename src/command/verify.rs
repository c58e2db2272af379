//! `veldwerk verify`: whether what is kept is still what was written.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Subcommand;

use super::{backup, open_beside};
use crate::problem::{Outcome, Problem};
use crate::queries::audit_trail::{self, Verdict};

#[derive(Subcommand)]
pub(super) enum Verify {
    /// Follow the chain of the log of changes from its beginning to its head.
    ///
    /// The chain shows every row that was changed, removed or moved. That its end was cut off shows only against a
    /// head that was kept elsewhere: the server mails one a day to `VELDWERK_OPERATOR_EMAIL` and logs it under
    /// `veldwerk::audit`.
    Audit {
        /// A head that was noted before, as POSITION:HASH.
        #[arg(long, value_name = "POSITION:HASH")]
        head: Option<Head>,
    },
    /// Read a backup to its end: whether it is whole, and what it holds.
    Backup {
        /// The file.
        file: PathBuf,
    },
}

/// A place in the chain and the hash that stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head(i64, String);

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once(':').and_then(|(position, hash)| {
            let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            let position: i64 = position.parse().ok().filter(|position| *position > 0)?;
            is_hash.then(|| Self(position, hash.to_ascii_lowercase()))
        });
        parsed.ok_or_else(|| "a head is a position, a colon and 64 hexadecimal digits".to_owned())
    }
}

/// Checks and says what was found.
///
/// # Errors
/// When something does not fit.
#[expect(clippy::print_stdout, reason = "the findings are the result of the command")]
pub(super) async fn verify(command: Verify) -> Outcome<()> {
    let head = match command {
        Verify::Audit { head } => head,
        Verify::Backup { file } => return backup::verify(file).await,
    };
    let store = open_beside().await?;
    if head.is_none() {
        tracing::warn!("no head was given, so a log whose end was cut off would not show");
    }
    let noted = head.map(|Head(position, hash)| (position, hash));
    let verdict = store.read(move |tx| audit_trail::verify(tx, noted.as_ref())).await?;
    println!("{}", report(&verdict));
    judge(&verdict)
}

fn report(verdict: &Verdict) -> String {
    let Verdict { sealed, unsealed, head, broken, known_head } = verdict;
    let head = if head.is_empty() { "none".to_owned() } else { format!("{sealed}:{head}") };
    let broken = broken.map_or("none".to_owned(), |(position, how)| format!("{position} ({how})"));
    let known = match known_head {
        None => "",
        Some(true) => "\nnoted head: found",
        Some(false) => "\nnoted head: not found",
    };
    format!("sealed: {sealed}\nhead: {head}\nunsealed: {unsealed}\nfirst break: {broken}{known}")
}

fn judge(verdict: &Verdict) -> Outcome<()> {
    if let Some((position, how)) = verdict.broken {
        return Err(Problem::internal(format!("the log is broken: row {position} is {how}")));
    }
    if verdict.known_head == Some(false) {
        return Err(Problem::internal(
            "the noted head is not in the log: its end was cut off or written anew",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        Verdict { sealed: 2, unsealed: 1, head: "ab".to_owned(), broken: None, known_head: None }
    }

    #[test]
    fn what_was_found_stands_on_lines_of_its_own() {
        assert_eq!(report(&verdict()), "sealed: 2\nhead: 2:ab\nunsealed: 1\nfirst break: none");
        let broken = Verdict { broken: Some((3, "missing")), known_head: Some(false), ..verdict() };
        assert!(report(&broken).ends_with("first break: 3 (missing)\nnoted head: not found"));
    }

    #[test]
    fn a_break_and_an_unknown_head_fail_and_an_unsealed_tail_does_not() {
        assert!(judge(&verdict()).is_ok());
        assert!(judge(&Verdict { known_head: Some(true), ..verdict() }).is_ok());
        assert!(judge(&Verdict { known_head: Some(false), ..verdict() }).is_err());
        assert!(judge(&Verdict { broken: Some((1, "changed")), ..verdict() }).is_err());
    }

    #[test]
    fn a_head_is_read_as_it_was_logged() {
        let hash = "0a".repeat(32);
        assert_eq!(format!("12:{hash}").parse(), Ok(Head(12, hash.clone())));
        for bad in ["", "12", "x:00", &format!("0:{hash}"), &format!("-1:{hash}"), "1:zz"] {
            assert!(bad.parse::<Head>().is_err(), "{bad}");
        }
    }
}
