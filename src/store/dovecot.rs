//! Dovecot's own files, read without Dovecot: dbox files, and the indexes that say what is in them.
//!
//! What is in here takes bytes and gives values, and knows nothing of the rest of this program.

pub(crate) mod dbox;
mod extensions;
pub(crate) mod index;
mod index_file;
pub(crate) mod log;
pub(crate) mod map;
mod order;
mod replay;
mod window;
