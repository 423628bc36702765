//! A private headless Chromium, controlled with the DevTools protocol over two pipes.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::page::{Look, Page};

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The protocol uses descriptors 3 and 4; a shell sets them up from standard input and output.
const LAUNCH: &str = r#"exec chromium "$@" 3<&0 4>&1 </dev/null >/dev/null"#;

/// Options for the same result on every machine. Without a sandbox as root; it opens only files of this test.
const OPTIONS: [&str; 14] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--log-level=3",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND",
];

/// A running browser. It is stopped and its profile removed when it goes out of scope, also on a panic.
pub struct Browser {
    process: Child,
    orders: RefCell<ChildStdin>,
    answers: Receiver<Value>,
    number: Cell<u64>,
    events: RefCell<Vec<Value>>,
    profile: TempDir,
}

impl Browser {
    pub fn start() -> Browser {
        let profile = tempfile::tempdir().expect("a temporary directory can be made");
        let words = fs::File::create(profile.path().join("words")).expect("a file can be made");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", LAUNCH, "sh"]).args(OPTIONS).arg(format!("--user-data-dir={}", profile.path().display()));
        shell.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", profile.path()).env("LANG", "C.UTF-8");
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(words);
        let mut process = shell.spawn().expect("there is a shell");
        let orders = RefCell::new(process.stdin.take().expect("it is piped"));
        let output = process.stdout.take().expect("it is piped");
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for answer in BufReader::new(output).split(0).map_while(Result::ok) {
                let answer = serde_json::from_slice(&answer).expect("the protocol is JSON");
                if sender.send(answer).is_err() {
                    break;
                }
            }
        });
        let browser = Browser { process, orders, answers, number: Cell::new(0), events: RefCell::default(), profile };
        browser.call(None, "Browser.getVersion", json!({}));
        browser
    }

    /// Opens a file on this screen.
    pub fn open(&self, file: &Path, look: Look) -> Page<'_> {
        Page::open(self, file, look)
    }

    /// Calls a method, in the session of a page or of the browser, and waits for the answer.
    pub(super) fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let number = self.order(session, method, parameters);
        loop {
            let answer = self.next(method);
            if answer["id"] == number {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.borrow_mut().push(answer);
        }
    }

    /// Calls a method without waiting, and returns the id of the answer.
    fn order(&self, session: Option<&str>, method: &str, parameters: Value) -> u64 {
        let number = self.number.get() + 1;
        self.number.set(number);
        let mut order = json!({"id": number, "method": method, "params": parameters});
        if let Some(session) = session {
            order["sessionId"] = session.into();
        }
        let sent = self.orders.borrow_mut().write_all(format!("{order}\0").as_bytes());
        sent.unwrap_or_else(|error| panic!("{method}: {error}\n{}", self.words()));
        number
    }

    /// Waits for an event of a session.
    pub(super) fn wait(&self, session: &str, method: &str) {
        let is_it = |event: &Value| event["sessionId"] == session && event["method"] == method;
        while !self.events.borrow().iter().any(is_it) {
            let event = self.next(method);
            self.events.borrow_mut().push(event);
        }
    }

    /// All events of a session so far.
    pub(super) fn events(&self, session: &str) -> Vec<Value> {
        let events = self.events.borrow();
        events.iter().filter(|event| event["sessionId"] == session).cloned().collect()
    }

    fn next(&self, waiting_for: &str) -> Value {
        let answer = self.answers.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!("Chromium does not answer {waiting_for} ({error}); tests/run installs it\n{}", self.words())
        });
        if answer["method"] == "Page.javascriptDialogOpening" {
            // A page with a dialog does not load further until it is answered.
            self.order(answer["sessionId"].as_str(), "Page.handleJavaScriptDialog", json!({"accept": false}));
        }
        answer
    }

    fn words(&self) -> String {
        fs::read_to_string(self.profile.path().join("words")).unwrap_or_default()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let closing = self.orders.borrow_mut().write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let begun = Instant::now();
        // It must not write to its profile while that is removed.
        while closing.is_ok() && begun.elapsed() < Duration::from_secs(5) {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
