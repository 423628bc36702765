//! Dovecot's own files, read without Dovecot: dbox files, and the indexes that say what is in them.
//!
//! What is in here takes bytes and gives values, and knows nothing of the rest of this program.

pub mod dbox;
pub mod extensions;
pub mod index;
pub mod index_file;
pub mod log;
pub mod map;
pub mod order;
pub mod replay;
pub mod window;
