//! The days on which a window of the same kind is GO.

use jiff::civil::Date;

use super::headroom::Headroom;
use super::times::Window;

/// Until when, or from when, a window of this kind is GO. Days are those on which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safe {
    /// It is GO, and stays so until that day.
    Until(Date),
    /// It is GO, and stays so as far as is looked ahead.
    Throughout,
    /// It is NO-GO.
    Not {
        /// The last day before on which it is GO, if it is not past.
        earlier: Option<Date>,
        /// The first day after on which it is GO, by what is announced.
        later: Option<Date>,
    },
}

/// Looks at the window day by day: back to the first that begins so many days earlier, and on to the last that ends
/// within so many days after it. A window is GO if it is so in all rooms.
pub fn safe(rooms: &[Headroom], window: &Window, back: i32, ahead: i32) -> Safe {
    let mut chances: Vec<_> = rooms.iter().map(Headroom::chances).collect();
    let mut is_go = |days: i32| {
        // Outside of the calendar nothing is safe.
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
