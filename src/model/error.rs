//! Errors that say what failed, where, why, and what to do next.

use std::fmt;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use signal_hook::low_level::signal_name;

use crate::model::escape;

/// Exit statuses.
const FAILED: u8 = 1;
const USED_WRONGLY: u8 = 2;

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, where, why, and what to do next.
///
/// ```
/// use mailrunway::model::error::Error;
/// let error = Error::new("no such store").at("/var/vmail").hint("mount it first");
/// assert_eq!(error.to_string(), "no such store: /var/vmail");
/// assert_eq!(error.advice(), Some("mount it first"));
/// ```
#[derive(Debug)]
pub struct Error {
    what: String,
    path: Option<PathBuf>,
    hint: Option<String>,
    status: u8,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Something failed.
    pub fn new(what: impl Into<String>) -> Self {
        Error { what: what.into(), path: None, hint: None, status: FAILED, source: None }
    }

    /// The command was used wrongly: exit status 2.
    pub fn usage(what: impl Into<String>) -> Self {
        Error { status: USED_WRONGLY, ..Error::new(what) }
    }

    /// A signal stopped the work before it had an effect. The exit status is 128 plus the number of the signal, as in shells.
    ///
    /// ```
    /// use mailrunway::model::error::Error;
    /// let error = Error::stopped(15);
    /// assert_eq!(error.to_string(), "stopped by SIGTERM; the history is as it was before");
    /// assert_eq!(error.exit_status(), 143);
    /// ```
    pub fn stopped(signal: i32) -> Self {
        let name = signal_name(signal).map_or_else(|| format!("signal {signal}"), str::to_owned);
        let status = u8::try_from(128 + signal.clamp(0, 127)).unwrap_or(FAILED);
        Error { status, ..Error::new(format!("stopped by {name}; the history is as it was before")) }
    }

    /// An operation on a path failed.
    pub fn io(what: impl Into<String>, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Error::new(what).at(path).because(source)
    }

    /// Adds where it failed.
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.path = Some(path.as_ref().to_owned());
        self
    }

    /// Adds the cause.
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what to do next, unless it is said already.
    pub(crate) fn or_hint(self, hint: &str) -> Self {
        if self.hint.is_some() { self } else { self.hint(hint) }
    }

    /// Adds where it failed, unless it is said already.
    pub(crate) fn or_at(self, path: &Path) -> Self {
        if self.path.is_some() { self } else { self.at(path) }
    }

    /// The hint.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The number of the system's error that caused it, if one did.
    pub(crate) fn system_error(&self) -> Option<i32> {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        causes.filter_map(|cause| cause.downcast_ref::<std::io::Error>()?.raw_os_error()).last()
    }

    /// Whether the volume or the user's quota is full.
    pub(crate) fn is_full(&self) -> bool {
        [Errno::NOSPC, Errno::DQUOT].iter().any(|full| self.system_error() == Some(full.raw_os_error()))
    }

    /// Whether the user lacks the right, or the volume is mounted read-only.
    pub(crate) fn is_denied(&self) -> bool {
        [Errno::ACCESS, Errno::PERM, Errno::ROFS]
            .iter()
            .any(|denied| self.system_error() == Some(denied.raw_os_error()))
    }

    /// The exit status of a program that fails with this error.
    pub fn exit_status(&self) -> u8 {
        self.status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(path) = &self.path {
            write!(f, ": {}", escape::path(path))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
