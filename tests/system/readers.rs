//! Programs that are not ours, to read what is ours: Python with the packages of `.ci/requirements.txt`, and ical.js.
//!
//! `VELDWERK_TEST_PYTHON` names the Python, `VELDWERK_TEST_ICAL_JS` the module.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::database::skip;

/// The Python that has the readers.
pub struct Python(String);

impl Python {
    /// The named one; `None`, said loudly, where something is not named that reading needs.
    pub fn find() -> Option<Self> {
        let reason = match (std::env::var("VELDWERK_TEST_PYTHON"), std::env::var("VELDWERK_TEST_ICAL_JS")) {
            (Ok(python), Ok(_)) => return Some(Self(python)),
            (Err(_), _) => "VELDWERK_TEST_PYTHON names no Python",
            (_, Err(_)) => "VELDWERK_TEST_ICAL_JS names no module",
        };
        skip("calendars by other programs", reason);
        None
    }

    /// A run of one of the programs in `tests/` with a folder, not begun yet.
    pub fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(&self.0);
        // No compiled copies beside the sources.
        command.arg("-B").arg(script(program)).arg(folder);
        command
    }

    /// Runs one of the programs in `tests/` over a folder and demands that it finds nothing wrong; answers what it
    /// said.
    #[track_caller]
    pub fn run(&self, program: &str, folder: &Path, more: &[impl AsRef<OsStr>]) -> String {
        let run = self.command(program, folder).args(more).output().unwrap();
        let said = [run.stdout, run.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(run.status.success(), "{said}");
        said
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}
