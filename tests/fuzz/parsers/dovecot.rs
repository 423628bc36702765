//! Files of Dovecot.

#[path = "../../../src/store/dovecot/dbox.rs"]
pub mod dbox;
#[path = "../../../src/store/dovecot/extensions.rs"]
pub mod extensions;
#[path = "../../../src/store/dovecot/index.rs"]
pub mod index;
#[path = "../../../src/store/dovecot/index_file.rs"]
pub mod index_file;
#[path = "../../../src/store/dovecot/log.rs"]
pub mod log;
#[path = "../../../src/store/dovecot/map.rs"]
pub mod map;
#[path = "../../../src/store/dovecot/order.rs"]
pub mod order;
#[path = "../../../src/store/dovecot/replay.rs"]
pub mod replay;
#[path = "../../../src/store/dovecot/window.rs"]
pub mod window;
