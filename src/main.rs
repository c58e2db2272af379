//! The command line: reads what is asked, opens the house and does it. Results go to standard output, logs to
//! standard error; the exit status is 0 or 1.

use std::process::ExitCode;

fn main() -> ExitCode {
    veldwerk::command::run()
}
