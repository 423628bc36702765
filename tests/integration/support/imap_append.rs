//! Appends a message to a folder over IMAP.

/// A message for IMAP APPEND, which can set flags and the arrival.
pub struct Upload<'a> {
    /// The folder in modified UTF-7.
    pub folder: &'a str,
    /// Flags, such as `\Seen`, separated by blanks.
    pub flags: &'a str,
    /// The arrival in IMAP syntax: `04-Jul-1999 23:59:59 -0700`.
    pub arrival: &'a str,
    /// The message; Cyrus requires CRLF line ends.
    pub message: &'a [u8],
}
