//! Parsers of Dovecot files.

#[path = "../../../src/store/dovecot/byte_order.rs"]
pub mod byte_order;
#[path = "../../../src/store/dovecot/dbox_file.rs"]
pub mod dbox_file;
#[path = "../../../src/store/dovecot/extensions.rs"]
pub mod extensions;
#[path = "../../../src/store/dovecot/index.rs"]
pub mod index;
#[path = "../../../src/store/dovecot/index_reader.rs"]
pub mod index_reader;
#[path = "../../../src/store/dovecot/log.rs"]
pub mod log;
#[path = "../../../src/store/dovecot/map.rs"]
pub mod map;
#[path = "../../../src/store/dovecot/replay.rs"]
pub mod replay;
#[path = "../../../src/store/dovecot/read_buffer.rs"]
pub mod read_buffer;
