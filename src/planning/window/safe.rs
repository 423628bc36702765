//! The days on which the same window is GO.

use jiff::civil::Date;

use super::{headroom::Headroom, times::Window};

/// The days on which the same window is GO, by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safe {
    /// GO until a day.
    Until(Date),
    /// GO until the horizon.
    Throughout,
    /// NO-GO.
    Not {
        /// The last earlier day on which it is GO, if not past.
        earlier: Option<Date>,
        /// The first later day on which it is GO because of announced events.
        later: Option<Date>,
    },
}

/// Shifts the window day by day, `back` and `ahead` days at most. A window is GO if it is GO for every series.
pub fn safe(rooms: &[Headroom], window: &Window, back: i32, ahead: i32) -> Safe {
    let mut chances: Vec<_> = rooms.iter().map(Headroom::chances).collect();
    let mut is_go = |days: i32| {
        // Nothing is GO outside of the calendar.
        window.shifted(days).is_some_and(|window| chances.iter_mut().all(|chances| chances.is_go(&window)))
    };
    let begins = |days: i32| window.shifted(days).map(|window| window.from.date());
    if is_go(0) {
        return match (1..=ahead).find(|&days| !is_go(days)) {
            Some(days) => Safe::Until(begins(days - 1).unwrap_or(window.from.date())),
            None => Safe::Throughout,
        };
    }
    let earlier = (1..=back).find(|&days| is_go(-days)).and_then(|days| begins(-days));
    let later = (1..=ahead).find(|&days| is_go(days)).and_then(begins);
    Safe::Not { earlier, later }
}
