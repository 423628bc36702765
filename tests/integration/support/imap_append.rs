//! Appends a message to a folder over IMAP.

/// A message for IMAP APPEND, which alone can set flags and the date of arrival.
pub struct Upload<'a> {
    /// The folder as IMAP writes it: in modified UTF-7.
    pub folder: &'a str,
    /// Flags, such as `\Seen`, with blanks between them.
    pub flags: &'a str,
    /// The arrival as IMAP writes it: `04-Jul-1999 23:59:59 -0700`.
    pub arrival: &'a str,
    /// The message itself; Cyrus wants all its lines to end in CRLF.
    pub message: &'a [u8],
}
