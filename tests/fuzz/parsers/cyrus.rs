//! Parsers of Cyrus files.

#[path = "../../../src/store/cyrus/header.rs"]
pub mod header;
#[path = "../../../src/store/cyrus/index.rs"]
pub mod index;
#[path = "../../../src/store/cyrus/name.rs"]
pub mod name;
#[path = "../../../src/store/cyrus/place.rs"]
pub mod place;
