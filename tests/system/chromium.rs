//! A real browser in front of a house: Debian's chromium, driven over `WebDriver`, against the real router on a port.
//!
//! Every page that is looked at is held to the same rules: nothing in the console, no request to another host, nothing
//! wider than the screen, and no violation that axe-core finds. Dutch is read on a narrow phone in daylight, English on
//! a desk at night, so that a page that is looked at in both languages is looked at on both.

mod pictures;
mod windows;

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};
use tokio::runtime::Runtime;

use crate::database::skip;
use crate::house::House;
use crate::street::Street;

/// What axe-core holds a page to: WCAG 2.2 A and AA, and its own advice.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/// The screen on which a language is read: a narrow phone in daylight, and a desk at night.
const SCREENS: [(&str, u32, u32, &str); 2] = [("nl", 320, 800, "light"), ("en", 1280, 900, "dark")];
/// The most presses of Tab that any page may need.
const TABS: usize = 120;

/// chromedriver, which ends with the test.
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    fn start() -> Result<Self, String> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn();
        let mut process = started.map_err(|error| format!("chromedriver: {error}"))?;
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = said.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.ok_or("chromedriver names no port")?;
        Ok(Self { process, address: format!("http://localhost:{port}") })
    }
}

/// The source of axe-core.
fn axe() -> Result<String, String> {
    let file = std::env::var_os("VELDWERK_TEST_AXE").ok_or("VELDWERK_TEST_AXE is not set")?;
    std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
}

/// How long a page may take to come, and how often it is looked for.
const PATIENCE: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(20);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// A browser in front of a house.
pub struct Chromium {
    runtime: Runtime,
    web: WebDriver,
    axe: String,
    language: RefCell<&'static str>,
    scripts: Scripts,
    base: String,
    street: Option<Street>,
    _driver: Driver,
    _profile: TempDir,
}

impl Chromium {
    /// A browser that was never here; `None`, said loudly, where there is none or axe-core is missing.
    pub fn of(house: &House, scripts: Scripts) -> Option<Self> {
        let started = axe().and_then(|axe| Self::start(scripts, axe));
        let mut browser = started.inspect_err(|why| skip("the pages in a browser", why)).ok()?;
        let street = Street::of(house);
        browser.base.clone_from(&street.base);
        browser.street = Some(street);
        Some(browser)
    }

    /// `axe` is the source of axe-core.
    fn start(scripts: Scripts, axe: String) -> Result<Self, String> {
        let driver = Driver::start()?;
        let profile = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let wanted = capabilities(&profile, scripts).map_err(|error| error.to_string())?;
        let opened = runtime.block_on(WebDriver::new(driver.address.clone(), wanted));
        let web = opened.map_err(|error| format!("chromium: {error}"))?;
        let language = RefCell::new("nl");
        let (base, street) = (String::new(), None);
        Ok(Self { runtime, web, axe, language, scripts, base, street, _driver: driver, _profile: profile })
    }

    fn wait<T>(&self, work: impl Future<Output = WebDriverResult<T>>) -> T {
        self.runtime.block_on(work).unwrap_or_else(|error| panic!("{error}\nat {}", self.path()))
    }

    /// The path that the browser is at.
    pub fn path(&self) -> String {
        let url = self.runtime.block_on(self.web.current_url()).unwrap();
        url.as_str().trim_start_matches(&self.base).to_owned()
    }

    /// Reads from now on in a language, on its screen.
    pub fn speak(&self, language: &'static str) {
        *self.language.borrow_mut() = language;
        let (_, width, height, scheme) = SCREENS.into_iter().find(|screen| screen.0 == language).unwrap();
        self.sit_at(width, height, scheme);
        let _ = self.go(&format!("/sign-in?lang={language}"));
    }

    /// Opens a page and looks at it; its status.
    #[track_caller]
    pub fn open(&self, path: &str) -> u16 {
        let status = self.go(path);
        self.look();
        status
    }

    fn go(&self, path: &str) -> u16 {
        self.wait(self.web.goto(format!("{}{path}", self.base)));
        self.status()
    }

    /// The status of the page at hand.
    pub fn status(&self) -> u16 {
        let status = self.ask("return performance.getEntriesByType('navigation')[0].responseStatus");
        status.as_u64().and_then(|status| u16::try_from(status).ok()).unwrap()
    }

    /// What a script says of the page; it runs even where the page's own may not.
    pub fn ask(&self, script: &str) -> Value {
        self.wait(async { Ok(self.web.execute(script, Vec::new()).await?.json().clone()) })
    }

    /// The text of the page.
    pub fn text(&self) -> String {
        self.ask("return document.body.innerText").as_str().unwrap().to_owned()
    }

    /// Demands that the page says something.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(words), "{} does not say {words:?}:\n{text}", self.path());
        self
    }

    /// Presses what a selector finds first. Behind a link or a button lies another page, which is waited for: a slow
    /// answer begins to arrive only after the press.
    #[track_caller]
    pub fn press(&self, selector: &str) -> &Self {
        self.wait(async {
            let element = self.web.find(By::Css(selector)).await?;
            let leads_on = ["a", "button"].contains(&element.tag_name().await?.as_str());
            element.scroll_into_view().await?;
            element.click().await?;
            if leads_on { element.wait_until().wait(PATIENCE, GLANCE).stale().await } else { Ok(()) }
        });
        self
    }

    /// Presses what a selector finds first and stays on the page.
    #[track_caller]
    pub fn tap(&self, selector: &str) -> &Self {
        self.wait(async {
            let element = self.web.find(By::Css(selector)).await?;
            element.scroll_into_view().await?;
            element.click().await
        });
        self
    }

    /// Demands that the document in a frame comes to say something.
    #[track_caller]
    pub fn frame_says(&self, selector: &str, words: &str) -> &Self {
        let says = self.wait(async {
            self.web.query(By::Css(selector)).wait(PATIENCE, GLANCE).first().await?.enter_frame().await?;
            let body = By::XPath(format!("//body[contains(., \"{words}\")]"));
            let says = self.web.query(body).wait(PATIENCE, GLANCE).exists().await;
            self.web.enter_default_frame().await?;
            says
        });
        assert!(says, "{selector} of {} does not say {words:?}", self.path());
        self
    }

    /// Types into a field, over what it holds.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) -> &Self {
        self.wait(async {
            let field = self.web.find(By::Css(selector)).await?;
            field.clear().await?;
            field.send_keys(text).await
        });
        self
    }

    /// How many elements a selector finds.
    pub fn count(&self, selector: &str) -> usize {
        self.wait(self.web.find_all(By::Css(selector))).len()
    }

    /// The addresses of this house to which the page leads, without what follows a `#`.
    pub fn links(&self) -> Vec<String> {
        let found = self.ask(
            "return [...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])
                .filter(href => href.startsWith(location.origin)).map(href => href.slice(location.origin.length))",
        );
        serde_json::from_value(found).unwrap()
    }

    /// What the browser gets from an address without going there, such as a file: its status and text.
    pub fn fetch(&self, path: &str) -> (u64, String) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             fetch({}).then(async answer => done([answer.status, await answer.text()]))",
            json!(path)
        );
        let got = self.wait(async { Ok(self.web.execute_async(script, Vec::new()).await?.json().clone()) });
        (got[0].as_u64().unwrap(), got[1].as_str().unwrap().to_owned())
    }

    /// Moves by Tab to a control whose words or label hold a text, seeing at each stop where the focus is.
    #[track_caller]
    pub fn tab_to(&self, words: &str) -> &Self {
        for _ in 0..TABS {
            self.key(Key::Tab);
            let stop = self.ask(
                "const e = document.activeElement, style = getComputedStyle(e);
                 const label = e.labels?.length ? [...e.labels].map(l => l.innerText).join(' ') : '';
                 return [`${e.innerText ?? ''} ${label}`, style.outlineStyle !== 'none', e.tagName]",
            );
            assert!(stop[1] == true || stop[2] == "BODY", "nothing shows that the focus is on {stop}");
            if stop[0].as_str().is_some_and(|said| said.contains(words)) {
                return self;
            }
        }
        panic!("{TABS} times Tab do not lead to {words:?}:\n{}", self.text());
    }

    /// Presses a key where the focus is.
    pub fn key(&self, key: Key) -> &Self {
        self.wait(self.web.action_chain().send_keys(key).perform());
        self
    }

    /// Types where the focus is.
    pub fn write(&self, text: &str) -> &Self {
        self.wait(self.web.action_chain().send_keys(text).perform());
        self
    }

    /// Holds the page at hand to the rules of all pages.
    #[track_caller]
    pub fn look(&self) -> &Self {
        let path = self.path();
        assert_eq!(self.ask("return document.documentElement.lang"), *self.language.borrow(), "{path}");
        let over = self.ask("return document.documentElement.scrollWidth - innerWidth").as_i64().unwrap();
        assert!(over <= 0, "{path} is {over} pixels wider than its screen");
        // axe-core is a script too; a page is the same without.
        if self.scripts == Scripts::On {
            let found = self.violations();
            assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
        }
        self.is_quiet(&path);
        self
    }

    /// What axe-core finds wrong with the page.
    fn violations(&self) -> Vec<String> {
        let script = format!(
            "{}\nconst done = arguments[arguments.length - 1];
             axe.run(document, {{ runOnly: {}, iframes: false, resultTypes: ['violations'] }}).then(
                 found => done(found.violations.flatMap(v => v.nodes.map(n => `${{v.id}}: ${{n.failureSummary}} ${{n.html}}`))),
                 fault => done([String(fault)]))",
            self.axe,
            json!(RULES)
        );
        self.wait(async { self.web.execute_async(script, Vec::new()).await?.convert() })
    }

    /// Nothing was said in the console, not by the content policy either, and nothing was asked of another host.
    fn is_quiet(&self, path: &str) {
        let said = self.wait(self.web.browser_log());
        // That a page was refused is what the page is about; the browser says so too.
        let said: Vec<_> = said.iter().filter(|entry| entry.source.as_deref() != Some("network")).collect();
        assert!(said.is_empty(), "{path} says in the console: {said:?}");
        for entry in self.wait(self.web.get_log("performance")) {
            let event: Value = serde_json::from_str(&entry.message).unwrap();
            if event["message"]["method"] == "Network.requestWillBeSent" {
                let asked = event["message"]["params"]["request"]["url"].as_str().unwrap().to_owned();
                let leaves_the_browser = asked.starts_with("http") || asked.starts_with("ws");
                assert!(!leaves_the_browser || asked.starts_with(&self.base), "{path} asks {asked}");
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.web.clone().quit());
    }
}

fn capabilities(profile: &TempDir, scripts: Scripts) -> WebDriverResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ] {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    if scripts == Scripts::Off {
        let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
        wanted.add_experimental_option("prefs", off)?;
    }
    wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}
