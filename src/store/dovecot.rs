//! Parsers of Dovecot's files: dbox files, indexes and their logs.
//!
//! They take bytes, return values, and use nothing else of this program.

mod byte_order;
pub(crate) mod dbox_file;
mod extensions;
pub(crate) mod index;
mod index_reader;
pub(crate) mod log;
pub(crate) mod map;
pub(crate) mod read_buffer;
mod replay;
