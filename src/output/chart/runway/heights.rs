//! The amounts that a runway shows, and whether the limit is among them.

use super::view::RunwayView;
use crate::output::chart::levels;
use crate::output::chart::theme::ABOVE_LIMIT;

/// A limit above this multiple of everything else would flatten the history.
const FAR_ABOVE: f64 = 2.5;
/// The fan is cut at this multiple of the highest measured level or median.
const WILD: f64 = 2.0;
/// The axis does not start at zero if the spread is below this share of the highest amount.
const FLAT: f64 = 0.15;

/// Where the limit is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LimitPlace {
    /// There is none.
    Nowhere,
    /// As a line at this amount.
    Line(f64),
    /// As a note: it is too far above.
    FarAbove(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Heights {
    /// The lowest and the highest amount.
    pub amounts: (f64, f64),
    pub limit: LimitPlace,
}

impl Heights {
    /// `height` is that of the plot, in pixels.
    pub(super) fn new(view: &RunwayView, height: f64) -> Heights {
        let ceiling = view.ceiling().unwrap_or(f64::INFINITY);
        let used = || view.history.iter().map(|(_, used)| *used);
        let in_view = || view.fan.iter().filter(|(day, _)| *day <= view.to).map(|(_, used)| used);
        let known = used().chain(in_view().map(|used| used.p50.min(ceiling))).fold(0.0, f64::max);
        let possible = in_view().map(|used| used.p90.min(ceiling)).fold(known, f64::max);
        let highest = possible.min(known * WILD);
        let limit = match view.limit {
            None => LimitPlace::Nowhere,
            Some(limit) if limit <= highest * FAR_ABOVE || highest <= 0.0 => LimitPlace::Line(limit),
            Some(limit) => LimitPlace::FarAbove(limit),
        };
        let to_come = view.ceiling().unwrap_or(0.0);
        let top = if let LimitPlace::Line(limit) = limit { highest.max(limit).max(to_come) } else { highest };
        let lowest = used().chain(in_view().map(|used| used.p10.min(ceiling))).fold(f64::INFINITY, f64::min);
        let low = levels::axis_start(lowest, top, FLAT, 0.35);
        let on_top = matches!(limit, LimitPlace::Line(limit) if limit.max(to_come) == top);
        let room = if on_top { height / (height - ABOVE_LIMIT).max(height / 2.0) } else { 1.12 };
        Heights { amounts: (low, low + (top - low) * room), limit }
    }
}
