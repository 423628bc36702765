//! A maintenance window: the space that the work needs, and the probability that it is free.
//!
//! [`contents`] are the files that work affects, [`work`] derives the needs, `headroom` gives the probability that
//! they fit, [`answer`] combines them, and [`safe`] finds the days on which the same window is GO.

pub mod answer;
pub mod contents;
pub(crate) mod headroom;
pub mod safe;
pub mod times;
pub mod work;
