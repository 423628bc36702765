//! A maintenance window: the room that the work needs, and the chance that it is there.
