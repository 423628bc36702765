//! A maintenance window: the room that the work needs, and the chance that it is there.
//!
//! From the top: [`contents`] says what stores hold, [`work`] what each work needs of it, [`headroom`] how probably a series has
//! that much room until the window ends; [`answer`] puts them together, [`safe`] says on which other days it would be so,
//! [`checklist`] what to do, and [`text`] and [`json`] show it.

pub mod answer;
pub mod contents;
pub(crate) mod headroom;
pub mod safe;
pub mod times;
pub mod work;
