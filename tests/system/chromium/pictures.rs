//! Pictures of pages as people see them: whole pages, on a phone and at a desk, by day and by night.

use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Chromium, Scripts};

/// A name, a language, a width and a height in CSS pixels, and day or night. Each language is seen on both.
const SCREENS: [(&str, &str, u32, u32, &str); 4] = [
    ("phone-day", "nl", 390, 844, "light"),
    ("phone-night", "en", 390, 844, "dark"),
    ("desk-day", "en", 1280, 900, "light"),
    ("desk-night", "nl", 1280, 900, "dark"),
];
/// A picture ends here, however long the page.
const LONGEST: f64 = 6_000.0;

impl Chromium {
    /// A browser in front of an installation that serves at an address already.
    pub fn before(base: String) -> Result<Self, String> {
        // Nothing is checked here, so nothing is needed to check it.
        let mut browser = Self::start(Scripts::On, String::new())?;
        browser.base = base;
        Ok(browser)
    }

    /// Looks from now on at a screen of this size in CSS pixels, by day or by night.
    pub(super) fn sit_at(&self, width: u32, height: u32, scheme: &str) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        // Colours that are on their way from one to another are not what the page looks like.
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.wait(async {
            let browser = self.web.cdp();
            browser.send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
            browser.send_raw("Emulation.setEmulatedMedia", media).await
        });
    }

    /// Goes somewhere without looking whether the page is sound.
    pub fn visit(&self, path: &str) -> u16 {
        self.go(path)
    }

    /// Takes the page at a path on every screen, into files `NAME-SCREEN.png` of a directory.
    pub fn picture(&self, directory: &Path, name: &str, path: &str) {
        for (screen, language, width, height, scheme) in SCREENS {
            self.sit_at(width, height, scheme);
            let _ = self.go(&format!("/sign-in?lang={language}"));
            let _ = self.go(path);
            self.take(&directory.join(format!("{name}-{screen}.png")), width);
        }
    }

    /// Takes the page at hand as it stands, which no address leads to, on the same screens in the language it is in.
    pub fn still(&self, directory: &Path, name: &str) {
        for (screen, _, width, height, scheme) in SCREENS {
            self.sit_at(width, height, scheme);
            self.take(&directory.join(format!("{name}-{screen}.png")), width);
        }
    }

    /// Prints the page at a path as a printer without colours of the background does, into `NAME.pdf`.
    pub fn paper(&self, directory: &Path, name: &str, path: &str) {
        let _ = self.go(path);
        // A4, in inches.
        let wish = json!({ "preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69 });
        self.keep(&directory.join(format!("{name}.pdf")), "Page.printToPDF", wish);
    }

    fn take(&self, file: &Path, width: u32) {
        let length = self.ask("return document.documentElement.scrollHeight").as_f64().unwrap();
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": length.min(LONGEST), "scale": 1 });
        let wish = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        self.keep(file, "Page.captureScreenshot", wish);
    }

    fn keep(&self, file: &Path, command: &str, wish: Value) {
        let taken = self.wait(async { self.web.cdp().send_raw(command, wish).await });
        let bytes = BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
