//! What a browser does beside reading one page after the other: it loses its connection, and has more than one window.

use serde_json::json;
use thirtyfour::prelude::*;

use super::{Chromium, GLANCE, PATIENCE};

impl Chromium {
    /// Types behind what a field holds.
    #[track_caller]
    pub fn add(&self, selector: &str, text: &str) -> &Self {
        self.wait(async { self.web.find(By::Css(selector)).await?.send_keys(text).await });
        self
    }

    /// Presses Enter in a field, and waits for the page that this leads to.
    #[track_caller]
    pub fn enter(&self, selector: &str) -> &Self {
        self.wait(async {
            let field = self.web.find(By::Css(selector)).await?;
            field.send_keys(Key::Enter).await?;
            field.wait_until().wait(PATIENCE, GLANCE).stale().await
        });
        self
    }

    /// Reads on in a language that was chosen on the page at hand.
    pub fn speak_on(&self, language: &'static str) -> &Self {
        *self.language.borrow_mut() = language;
        self
    }

    /// Waits until a script finds something true.
    #[track_caller]
    pub fn until(&self, truth: &str) -> &Self {
        let begun = std::time::Instant::now();
        while self.ask(&format!("return Boolean({truth})")) != true {
            assert!(begun.elapsed() < PATIENCE, "never true: {truth}\n{}", self.text());
            std::thread::sleep(GLANCE);
        }
        self
    }

    /// Cuts the connection of the window at hand, or mends it.
    pub fn connect(&self, is_up: bool) -> &Self {
        let network =
            json!({ "offline": !is_up, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.wait(async { self.web.cdp().send_raw("Network.emulateNetworkConditions", network).await });
        self
    }

    /// Leaves for a page of nobody, as who closes a window does.
    pub fn leave(&self) {
        self.wait(self.web.goto("about:blank"));
    }

    /// Opens a second window and looks through it from now on.
    pub fn open_another(&self) {
        self.wait(async {
            let window = self.web.new_tab().await?;
            self.web.switch_to_window(window).await
        });
    }

    /// Looks through another of the windows, counted from 0 in the order in which they were opened.
    pub fn turn_to(&self, window: usize) {
        self.wait(async {
            let windows = self.web.windows().await?;
            self.web.switch_to_window(windows[window].clone()).await
        });
    }

    /// What the console says of the network: what was asked for and did not come, or was refused.
    pub fn complaints(&self) -> Vec<String> {
        let said = self.wait(self.web.browser_log());
        let (network, rest): (Vec<_>, Vec<_>) =
            said.into_iter().partition(|entry| entry.source.as_deref() == Some("network"));
        assert!(rest.is_empty(), "the console says {rest:?}");
        network.into_iter().map(|entry| entry.message).collect()
    }
}
