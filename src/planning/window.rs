//! A maintenance window: the room that the work needs, and the chance that it is there.
//!
//! From the top: [`holding`] says what stores hold, [`work`] what each work needs of it, [`room`] how probably a series has
//! that much room until the window ends; [`answer`] puts them together, [`safe`] says on which other days it would be so,
//! [`checklist`] what to do, and [`text`] and [`json`] show it.

pub mod answer;
pub mod holding;
pub(crate) mod room;
pub mod safe;
pub mod times;
pub mod work;
