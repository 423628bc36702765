//! Dovecot's own files, read without Dovecot: dbox files, and the indexes that say what is in them.
//!
//! What is in here takes bytes and gives values, and knows nothing of the rest of this program.

mod byte_order;
pub(crate) mod dbox_file;
mod extensions;
pub(crate) mod index;
mod index_file;
mod index_reader;
pub(crate) mod log;
pub(crate) mod map;
mod read_buffer;
mod replay;
