//! A page in the browser: layout problems, screenshots and print.

use std::path::Path;

use serde_json::{Value, json};

use super::base64;
use super::browser::Browser;

/// Returns all layout problems as a list of sentences.
const LAYOUT: &str = include_str!("browser/layout.js");

/// Runs before the scripts of the page.
const WATCH: &str = "globalThis.violations = [];
addEventListener('securitypolicyviolation', e =>
  violations.push(`${e.effectiveDirective} forbids ${e.blockedURI} ${e.sample}`));";

/// The maximum number of findings that a failing test prints.
const MOST_FINDINGS: usize = 30;

/// A screen or paper.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// CSS pixels.
    pub width: u32,
    pub height: u32,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    pub is_phone: bool,
    pub is_printed: bool,
    pub is_dark: bool,
    /// Whether the browser ignores the Content-Security-Policy.
    pub is_lawless: bool,
}

impl Look {
    /// A phone.
    pub const PHONE: Look = Look {
        width: 360,
        height: 740,
        scale: 2.0,
        is_phone: true,
        is_printed: false,
        is_dark: false,
        is_lawless: false,
    };
    /// A screen on a desk.
    pub const DESK: Look = Look {
        width: 1280,
        height: 800,
        scale: 1.0,
        is_phone: false,
        is_printed: false,
        is_dark: false,
        is_lawless: false,
    };
    /// A4 landscape with margins of 12 mm, at 96 pixels an inch.
    pub const PAPER: Look = Look {
        width: 1032,
        height: 703,
        scale: 1.0,
        is_phone: false,
        is_printed: true,
        is_dark: false,
        is_lawless: false,
    };

    /// With a dark colour scheme.
    pub const fn dark(self) -> Look {
        Look { is_dark: true, ..self }
    }

    /// Without the Content-Security-Policy, so that any script in the page would run.
    pub const fn lawless(self) -> Look {
        Look { is_lawless: true, ..self }
    }
}

/// A page that has loaded.
pub struct Page<'a> {
    browser: &'a Browser,
    session: String,
    url: String,
}

impl<'a> Page<'a> {
    pub(super) fn open(browser: &'a Browser, file: &Path, look: Look) -> Page<'a> {
        let target = browser.call(None, "Target.createTarget", json!({"url": "about:blank"}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call(None, "Target.attachToTarget", attached)["sessionId"].clone();
        let session = session.as_str().expect("a session has a name").to_owned();
        let page = Page { browser, session, url: format!("file://{}", file.display()) };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH}));
        page.call("Page.setBypassCSP", json!({"enabled": look.is_lawless}));
        page.become_seen(look);
        page.call("Page.navigate", json!({"url": page.url}));
        browser.wait(&page.session, "Page.loadEventFired");
        page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => done(true))))");
        page
    }

    fn become_seen(&self, look: Look) {
        let Look { width, height, scale, is_phone, .. } = look;
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone});
        self.call("Emulation.setDeviceMetricsOverride", screen);
        let scheme = if look.is_dark { "dark" } else { "light" };
        let medium = if look.is_printed { "print" } else { "screen" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": medium, "features": features}));
    }

    /// Evaluates a JavaScript expression, whatever the policy of the page.
    #[track_caller]
    pub fn evaluate(&self, expression: &str) -> Value {
        let order = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", order);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Opens all folded sections.
    pub fn unfold(&self) {
        self.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })");
    }

    /// All problems of the page: text that overlaps, is cut off, overflows or has too little contrast, sideways scrolling,
    /// missing pictures, messages of the console, violations of its policy, scripts, dialogs, and requests for other
    /// files than those of the directory.
    pub fn findings(&self) -> Vec<String> {
        let sentences = |value: Value| -> Vec<String> { serde_json::from_value(value).expect("a list of sentences") };
        let mut findings = sentences(self.evaluate(LAYOUT));
        findings.extend(sentences(self.evaluate("violations")));
        let directory = self.url.rsplit_once('/').map_or("", |(directory, _)| directory);
        for event in self.browser.events(&self.session) {
            let parameters = &event["params"];
            findings.extend(match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => Some(format!("an exception: {parameters}")),
                "Runtime.consoleAPICalled" => Some(format!("the console: {parameters}")),
                "Log.entryAdded" => Some(format!("the log: {}", parameters["entry"]["text"])),
                "Page.javascriptDialogOpening" => Some(format!("a dialog: {}", parameters["message"])),
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str().unwrap_or_default();
                    let is_own = url.starts_with(&format!("{directory}/")) || url.starts_with("data:");
                    (!is_own).then(|| format!("fetched: {url}"))
                }
                _ => None,
            });
        }
        findings
    }

    /// Checks that the page has no problems.
    #[track_caller]
    pub fn assert_flawless(&self, name: &str) {
        let findings = self.findings();
        let first = findings.iter().take(MOST_FINDINGS).map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(findings.is_empty(), "{name}: {} findings\n{first}", findings.len());
    }

    /// The whole page as a PNG.
    pub fn picture(&self) -> Vec<u8> {
        let size = self.call("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let order = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        bytes(&self.call("Page.captureScreenshot", order)["data"])
    }

    /// The printed page as a PDF, on the paper size that it sets.
    pub fn pdf(&self) -> Vec<u8> {
        // Otherwise it would be printed with the screen layout.
        self.call("Emulation.setEmulatedMedia", json!({"media": "print"}));
        let order = json!({"preferCSSPageSize": true, "printBackground": true});
        bytes(&self.call("Page.printToPDF", order)["data"])
    }

    fn call(&self, method: &str, parameters: Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        // A failing call would panic during the unwinding of a failed test.
        if !std::thread::panicking() {
            self.call("Page.close", json!({}));
        }
    }
}

/// Decodes Base64 from the browser.
fn bytes(value: &Value) -> Vec<u8> {
    base64::decoded(value.as_str().expect("bytes come as Base64"))
}

/// The sizes of the sheets of a PDF of Chromium's, in points.
pub fn sheets(pdf: &[u8]) -> Vec<(f64, f64)> {
    let text = String::from_utf8_lossy(pdf);
    let boxes = text.split("/MediaBox [").skip(1).filter_map(|rest| rest.split_once(']'));
    let size = |(numbers, _): (&str, &str)| {
        let numbers: Vec<f64> = numbers.split_whitespace().map(|number| number.parse().expect("a number")).collect();
        (numbers[2], numbers[3])
    };
    boxes.map(size).collect()
}
