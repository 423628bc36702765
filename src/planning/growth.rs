//! What grows and why: between two scans, by whom, and by age. Everything here is exact sums over what scans found; nothing
//! is forecast.
//!
//! [`change`] splits what a volume or a store grew by between two scans, so that the parts are all of it; [`mailboxes`] and
//! [`large_messages`] name whose mail it is. [`timeline`] is one store over two years, of which [`flows`], [`ages`], [`calendar`] and
//! [`domains`] each draw one picture.

pub mod load;

pub mod ages;
pub mod calendar;
pub mod change;
pub mod domains;
mod flow;
pub mod flows;
pub mod large_messages;
pub mod mailboxes;
pub mod summary;
pub(crate) mod timeline;
