//! Pictures of the pages of `veldwerk demo`, to be looked at by people. They say nothing by themselves, so they are
//! made on request only:
//!
//! ```sh
//! cargo test --test system -- --ignored pictures
//! ```
//!
//! They are put into `target/pictures/`.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::browsing_researchers::{is_file, shape};
use crate::chromium::Chromium;

const GLANCE: Duration = Duration::from_millis(50);

/// A demo that serves until it is dropped, and the paths that it offers.
pub struct Demo {
    process: Child,
    pub base: String,
    pub researcher: String,
    pub respondent: String,
    _directory: TempDir,
}

impl Demo {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_veldwerk"))
            .arg("demo")
            .env("VELDWERK_PORT", port.to_string())
            .env("TMPDIR", directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let base = format!("http://localhost:{port}");
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut offered = |who: &str| {
            let line = said.find(|line| line.trim_start().starts_with(who)).expect(who);
            line.split_once(&base).expect("an address").1.to_owned()
        };
        let (researcher, respondent) = (offered("researcher"), offered("respondent"));
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(GLANCE);
        }
        Self { process, base, researcher, respondent, _directory: directory }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The respondent's road, one picture of each page on it.
fn respondent(browser: &Chromium, into: &Path, link: &str) {
    let take = |name: &str| browser.picture(into, &format!("respondent-{name}"), &browser.path());
    browser.visit(link);
    take("1-information");
    browser.paper(into, "paper-information", link);
    browser.press("main .card .button");
    take("2-consent");
    browser.press("main form .button").still(into, "respondent-2-consent-wrong");
    for item in ["take_part", "recording", "quotes", "archive"] {
        browser.press(&format!("[name='items.{item}'][value=yes]"));
    }
    browser.press("main form .button");
    take("3-consented");
    browser.press(".door");
    take("4-moments");
    browser.press(".slot").still(into, "respondent-4-moment-chosen");
    browser.press("main form .button");
    take("5-confirm");
    browser.press("main form .button");
    take("6-booked");
    browser.paper(into, "paper-confirmation", link);
    for way in ["move", "move?mode=in_person", "cancel", "withdraw", "opt-out", "propose", "colleague"] {
        let name = format!("respondent-7-{}", way.replace(['?', '='], "-"));
        browser.picture(into, &name, &format!("{link}/{way}"));
    }
}

/// Every kind of page to which a researcher's links lead, once; the path of each.
fn researcher(browser: &Chromium, into: &Path) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    let mut ahead = VecDeque::from(["/".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        let kind = shape(&path);
        if path.contains("lang=")
            || is_file(&path)
            || kind.starts_with("/mailbox")
            || seen.contains_key(&kind)
        {
            continue;
        }
        seen.insert(kind.clone(), path.clone());
        let name = kind.trim_matches('/').replace("*/", "").replace(['/', '*'], "-");
        browser.picture(into, &format!("researcher-{}", if name.is_empty() { "home" } else { &name }), &path);
        ahead.extend(browser.links());
    }
    seen
}

/// What is printed, in black and white.
fn papers(browser: &Chromium, into: &Path, seen: &BTreeMap<String, String>) {
    for (name, kind) in [
        ("overview", "/studies/*"),
        ("agenda", "/studies/*/agenda"),
        ("guide", "/guides/*"),
        ("sheet", "/interviews/*/sheet"),
    ] {
        browser.paper(into, &format!("paper-{name}"), &seen[kind]);
    }
}

/// What nobody is led to: emptiness, mistakes, a list on its way in, a closed study, and what does not exist.
fn states(browser: &Chromium, into: &Path) {
    browser.picture(into, "state-unknown-page", "/studies/nowhere");
    browser.picture(into, "state-unknown-link", "/p/nobody");
    browser.visit("/studies/new");
    browser.press("main form > .actions .button").still(into, "state-wrong-study");
    browser.fill("#title", "Leeg onderzoek").press("main form > .actions .button");
    let path = browser.path();
    let study = path.split('?').next().unwrap();
    for section in
        ["", "/respondents", "/invitations", "/letters", "/interviews", "/guides", "/consent-forms"]
    {
        let name = format!("state-empty{}", section.replace('/', "-"));
        browser.picture(into, &name, &format!("{study}{section}"));
    }
    browser.visit(&format!("{study}/import"));
    let list = "naam;email;gemeente\nSanne de Vries;sanne@gemeente.example;Enschede\nBram;bram;Nergens";
    browser.fill("#csv", list).press("form.sheet p.actions .button").still(into, "state-import-columns");
    browser.press("form.sheet p.actions .button").still(into, "state-import-preview");
    browser.visit(&format!("{study}/closing"));
    browser.press("main form .button-end").still(into, "state-closed");
}

#[test]
#[ignore = "makes pictures for people, in a minute or two"]
fn pictures_of_all_pages() {
    let into = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    let _ = std::fs::remove_dir_all(&into);
    std::fs::create_dir_all(&into).unwrap();
    let demo = Demo::start();
    let browser = Chromium::before(demo.base.clone()).expect("a browser");
    respondent(&browser, &into, &demo.respondent);
    browser.visit(&demo.researcher);
    browser.press("main form .button");
    let seen = researcher(&browser, &into);
    papers(&browser, &into, &seen);
    states(&browser, &into);
}
