//! Growth between scans: by cause, mailbox, age and domain. All numbers are exact sums over scans, no forecasts.
//!
//! [`change`] splits the growth of a volume or store between two scans into parts that sum to the whole. [`mailboxes`]
//! and [`large_messages`] name the owners. `timeline` is a store over two years, the source of [`flows`], [`ages`],
//! [`calendar`] and [`domains`].

pub mod load;

pub mod ages;
pub mod calendar;
pub mod change;
pub mod domains;
pub(crate) mod flow;
pub mod flows;
pub mod large_messages;
pub mod mailboxes;
pub mod summary;
pub mod timeline;
