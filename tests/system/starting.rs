//! What whoever starts the program reads when it can't start.

use std::net::TcpListener;
use std::process::Command;

use crate::house::SECRET;

#[test]
fn a_port_that_is_taken_is_told_in_words_before_any_link_is_shown_or_anything_is_made() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    for verb in ["serve", "demo"] {
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_veldwerk"))
            .arg(verb)
            .current_dir(home.path())
            .env("VELDWERK_PORT", port.to_string())
            .env("VELDWERK_SECRET_KEY", SECRET)
            .env("VELDWERK_DATA_DIR", home.path().join("data"))
            .env("TMPDIR", home.path())
            .env_remove("DATABASE_URL")
            .output()
            .unwrap();
        let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!output.status.success(), "{verb}: {said}");
        assert!(log.contains(&format!("127.0.0.1 port {port} can't be listened on")), "{verb}: {log}");
        assert!(log.contains("VELDWERK_PORT"), "{verb}: {log}");
        assert_eq!(said, "", "{verb}");
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "{verb} made something");
    }
}
