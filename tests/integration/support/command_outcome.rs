//! The outcome of a command, and assertions about it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;

/// The outcome of a command.
pub struct Outcome {
    pub(super) words: Vec<OsString>,
    pub(super) output: Output,
    /// Files and directories that were added, removed or changed.
    pub(super) changed: Vec<PathBuf>,
}

impl Outcome {
    /// Checks for exit status 0.
    #[track_caller]
    pub fn succeeds(self) -> Outcome {
        self.exits_with(0)
    }

    /// Checks the exit status and that there was no panic.
    #[track_caller]
    pub fn exits_with(self, status: i32) -> Outcome {
        assert_eq!(self.output.status.code(), Some(status), "{}", self.describe());
        assert!(!self.stderr().contains("panicked"), "{}", self.describe());
        self
    }

    /// Checks for a refusal: this status, an error with these words and a hint, nothing on standard output, and no change
    /// on the disk.
    #[track_caller]
    pub fn fails(self, status: i32, saying: &[&str]) -> Outcome {
        let this = self.exits_with(status);
        let (words, raw) = (joined(&this.stderr()), this.stderr());
        assert!(words.contains("error: "), "there is no error in {}", this.describe());
        // clap has its own form of hint.
        let advises = raw.contains("\n  hint: ") || raw.contains("try '--help'");
        assert!(advises, "there is no hint in {}", this.describe());
        for what in saying {
            assert!(words.contains(what), "`{what}` is missing from {}", this.describe());
        }
        assert!(this.output.stdout.is_empty(), "there is output in {}", this.describe());
        assert!(this.changed.is_empty(), "{:?} changed by {}", this.changed, this.describe());
        this
    }

    /// Checks that standard error has these words, whatever the lines.
    #[track_caller]
    pub fn warns(self, saying: &[&str]) -> Outcome {
        for what in saying {
            assert!(joined(&self.stderr()).contains(what), "`{what}` is missing from {}", self.describe());
        }
        self
    }

    /// Checks that standard error is empty.
    #[track_caller]
    pub fn keeps_silent(self) -> Outcome {
        assert_eq!(self.stderr(), "", "{}", self.describe());
        self
    }

    /// Files and directories that were added, removed or changed.
    pub fn changed(&self) -> &[PathBuf] {
        &self.changed
    }

    /// Standard output as text.
    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap_or_else(|error| panic!("{error} in {}", self.describe()))
    }

    /// Standard output as bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.output.stdout
    }

    /// Standard output with every run of white space as one blank: long lines are wrapped.
    #[track_caller]
    pub fn words(&self) -> String {
        joined(&self.text())
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{error} in {}", self.describe()))
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let value = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {}", self.describe()));
        self.text().lines().map(value).collect()
    }

    /// Standard error as text.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The exit status, standard output and standard error, whatever they are. A signal is a status of -1.
    pub fn parts(&self) -> (i32, String, String) {
        (self.output.status.code().unwrap_or(-1), self.text(), self.stderr())
    }

    fn describe(&self) -> String {
        let stdout = String::from_utf8_lossy(&self.output.stdout);
        format!("{:?} ({})\nstdout: {stdout}\nstderr: {}", self.words, self.output.status, self.stderr())
    }
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
