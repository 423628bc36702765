//! Files of Dovecot.

#[path = "../../../src/store/dovecot/dbox.rs"]
pub mod dbox;
#[path = "../../../src/store/dovecot/index.rs"]
pub mod index;
#[path = "../../../src/store/dovecot/log.rs"]
pub mod log;
#[path = "../../../src/store/dovecot/map.rs"]
pub mod map;
#[path = "../../../src/store/dovecot/order.rs"]
pub mod order;
#[path = "../../../src/store/dovecot/replay.rs"]
pub mod replay;
