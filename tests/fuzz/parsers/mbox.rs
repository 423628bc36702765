//! Parser of mbox files.

#[path = "../../../src/store/mbox/date.rs"]
pub mod date;
#[path = "../../../src/store/mbox/from_line.rs"]
pub mod from_line;
#[path = "../../../src/store/mbox/headers.rs"]
pub mod headers;
#[path = "../../../src/store/mbox/messages.rs"]
pub mod messages;
