//! The shape of the house (ARCHITECTURE.md), read from the source as text: who may know whom, which room alone knows
//! which library, and how big and how named a file may be.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file beyond this many lines is two files.
const LONGEST: usize = 400;

/// A comment beyond this many characters is two lines. The formatter leaves comments alone.
const WIDEST: usize = 120;

/// What every room rests on.
const FLOOR: &[&str] = &["clock", "id", "keys", "problem"];

/// Which rooms each room may know beside itself and the floor. Imports go down only.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("id", &[]),
    ("keys", &[]),
    ("problem", &[]),
    ("settings", &[]),
    ("domain", &[]),
    ("store", &["domain", "settings"]),
    ("archive", &["settings", "store"]),
    ("actions", &["domain", "store"]),
    ("queries", &["domain", "store"]),
    ("calendar", &["domain"]),
    ("words", &["domain"]),
    ("mail", &["domain"]),
    ("outbound", &["domain"]),
    (
        "worker",
        &[
            "actions", "archive", "calendar", "domain", "mail", "outbound", "queries", "settings", "store",
            "words",
        ],
    ),
    ("web", &["actions", "calendar", "domain", "mail", "outbound", "queries", "settings", "store", "words"]),
    (
        "command",
        &[
            "actions", "archive", "calendar", "domain", "mail", "outbound", "queries", "settings", "store",
            "web", "words", "worker",
        ],
    ),
    ("main", &["command"]),
];

/// Which rooms alone may name a library.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("aead_stream", &["archive"]),
    ("clap", &["command"]),
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("flate2", &["archive", "web"]),
    ("icalendar", &["calendar"]),
    ("ics", &["calendar"]),
    ("lettre", &["mail"]),
    ("mail_parser", &["mail"]),
    ("minijinja", &["words"]),
    ("qrcode", &["words"]),
    ("rrule", &["calendar"]),
    ("ureq", &["outbound"]),
    // The settings are read with the reader that Rocket has for `Rocket.toml`.
    ("rocket", &["web", "settings"]),
    ("tracing_subscriber", &["command"]),
    // What is asked and answered looks like is derived where it is defined, as its JSON is.
    ("utoipa", &["web", "actions", "queries", "store", "domain"]),
];

/// A file of the library or the binary, without its comments.
struct Source {
    path: PathBuf,
    room: String,
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn rust_files(folders: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders.iter().map(|folder| root().join(folder)).filter(|folder| folder.is_dir()) {
        files_under(&folder, &mut found);
    }
    found.sort();
    assert!(found.len() > 3, "the files were found");
    found
}

fn sources() -> Vec<Source> {
    let source = |path: PathBuf| {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        Source { room: room.to_owned(), code: code.join("\n"), path: inside.to_owned() }
    };
    rust_files(&["src"]).into_iter().map(source).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_at(text: &str) -> &str {
    text.split(|c| !is_word(c)).next().unwrap_or_default()
}

/// The rooms that code names by a path from the crate's root, in braces or not.
fn rooms_named(code: &str, root: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let rest = &code[at + root.len()..];
        if code[..at].ends_with(|c: char| is_word(c) || c == ':') {
            continue;
        }
        let Some(list) = rest.strip_prefix('{') else {
            named.insert(word_at(rest).to_owned());
            continue;
        };
        let mut depth = 1;
        let mut begins = true;
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => begins = depth == 1,
                c if begins && is_word(c) => {
                    named.insert(word_at(&list[at..]).to_owned());
                    begins = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    named
}

/// Whether code names something of a library: `library::…`, at the start of a path.
fn names_library(code: &str, library: &str) -> bool {
    let path = format!("{library}::");
    let whole = |at: usize| !code[..at].ends_with(|c: char| is_word(c) || c == ':');
    code.match_indices(&path).any(|(at, _)| whole(at)) || code.contains(&format!("use {library} as"))
}

fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}

#[test]
fn imports_go_down_only() {
    let mut climbers = Vec::new();
    for source in sources().iter().filter(|source| source.room != "lib") {
        let row = MAY_KNOW.iter().find(|(room, _)| *room == source.room);
        let (_, allowed) = row.unwrap_or_else(|| panic!("`{}` has no place in the table above", source.room));
        let from_root = if source.room == "main" { "veldwerk::" } else { "crate::" };
        for room in rooms_named(&source.code, from_root) {
            let known = room == source.room
                || allowed.contains(&room.as_str())
                || (FLOOR.contains(&room.as_str()) && source.room != "main");
            if !known && MAY_KNOW.iter().any(|(other, _)| *other == room) {
                climbers.push(format!("{} knows {room}", source.path.display()));
            }
        }
    }
    assert_none(&climbers, "These know a room that they may not know:");
}

#[test]
fn no_room_leaves_by_the_back_door() {
    let mut leavers = Vec::new();
    for source in sources() {
        let inside = source.path.components().count() - 1;
        let is_folder = source.path.file_name().is_some_and(|name| name == "mod.rs");
        let depth = if is_folder { inside } else { inside + 1 };
        let code = source.code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let to_the_root = "super::".repeat(depth);
        if code.contains(&to_the_root) {
            leavers.push(source.path.display().to_string());
        }
    }
    assert_none(&leavers, "Another room is named by `crate::`, not by `super::`:");
}

#[test]
fn a_library_is_known_to_its_own_room_only() {
    let mut strangers = Vec::new();
    for source in sources() {
        for (library, rooms) in LIBRARIES {
            if !rooms.contains(&source.room.as_str()) && names_library(&source.code, library) {
                strangers.push(format!("{} knows {library}", source.path.display()));
            }
        }
    }
    assert_none(&strangers, "These know a library that belongs to another room:");
}

#[test]
fn only_the_clock_reads_the_time() {
    let asks = ["Utc::now", "Local::now", "SystemTime::now"];
    let found: Vec<String> = sources()
        .iter()
        .filter(|source| source.room != "clock" && asks.iter().any(|ask| source.code.contains(ask)))
        .map(|source| source.path.display().to_string())
        .collect();
    assert_none(&found, "`now` is a parameter (R8), but these ask for it:");
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    let found: Vec<String> = rust_files(&["src", "tests", "benches"])
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{}: {lines} lines", path.strip_prefix(root()).unwrap().display()))
        .collect();
    assert_none(&found, "These have more than one reason to change:");
}

#[test]
fn no_line_of_a_comment_is_too_wide_to_read() {
    let mut found = Vec::new();
    for path in rust_files(&["src", "tests", "benches"]) {
        let shown = path.strip_prefix(root()).unwrap();
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let width = line.chars().count();
            if line.trim_start().starts_with("//") && width > WIDEST {
                found.push(format!("{}:{}: {width} characters", shown.display(), number + 1));
            }
        }
    }
    assert_none(&found, "These lines of comments are too wide:");
}

#[test]
fn nothing_has_a_name_that_says_nothing() {
    let empty = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];
    let mut found = Vec::new();
    for path in rust_files(&["src", "tests", "benches"]) {
        let shown = path.strip_prefix(root()).unwrap().to_path_buf();
        let parts = shown.components().map(|part| part.as_os_str().to_str().unwrap().trim_end_matches(".rs"));
        if parts.clone().any(|part| part.split('_').any(|word| empty.contains(&word))) {
            found.push(shown.display().to_string());
        }
        let text = fs::read_to_string(&path).unwrap();
        for keyword in ["struct ", "enum ", "trait ", "mod "] {
            for (at, _) in text.match_indices(keyword) {
                let name = word_at(&text[at + keyword.len()..]).to_ascii_lowercase();
                let begins = text[..at].chars().next_back().is_none_or(|c| !is_word(c));
                if begins && empty.iter().any(|word| name.ends_with(word)) {
                    found.push(format!("{}: {name}", shown.display()));
                }
            }
        }
    }
    assert_none(&found, "Name it by what it is:");
}

#[test]
fn the_maps_show_every_room() {
    let rooms: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".rs").to_owned())
        .collect();
    for (map, text) in
        ["src/lib.rs", "ARCHITECTURE.md"].map(|map| (map, fs::read_to_string(root().join(map))))
    {
        let text = text.unwrap_or_else(|error| panic!("{map}: {error}"));
        for room in rooms.iter().filter(|room| *room != "lib" && *room != "main") {
            let shown = if map == "src/lib.rs" {
                text.contains(&format!("//! - [`{room}`]"))
            } else {
                text.split(|c| !is_word(c)).any(|word| word == room)
            };
            assert!(shown, "{map} does not mention the room `{room}`");
        }
    }
}

#[test]
fn the_reader_of_imports_sees_what_it_must() {
    let code = "use crate::domain::a; fn f() { crate::web::b() } use crate::{store::{c, d}, words};";
    let rooms: Vec<String> = rooms_named(code, "crate::").into_iter().collect();
    assert_eq!(rooms, ["domain", "store", "web", "words"]);
    assert!(names_library("use diesel::prelude::*;", "diesel") && names_library("x: ics::Event", "ics"));
    assert!(!names_library("super::ics::x", "ics") && !names_library("topics::x", "ics"));
}
