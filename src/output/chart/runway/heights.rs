//! Which amounts a runway chart spans, and whether the limit is among them.

use super::view::RunwayView;
use crate::output::chart::theme::ABOVE_LIMIT;

/// A limit so many times above everything else would press the history flat.
const FAR_ABOVE: f64 = 2.5;
/// A fan may rise to so many times what is expected before it is cut.
const WILD: f64 = 2.0;
/// If all that is shown lies within this share of the highest, the axis does not start at zero.
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

/// The amounts that are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Heights {
    pub low: f64,
    pub high: f64,
    pub limit: LimitPlace,
}

impl Heights {
    /// The amounts of a view for a plot so many pixels high.
    pub(super) fn new(view: &RunwayView, height: f64) -> Heights {
        let ceiling = view.ceiling().unwrap_or(f64::INFINITY);
        let used = |of: fn(f64, f64) -> f64, start| view.history.iter().map(|sample| sample.used).fold(start, of);
        let in_view = || view.fan.iter().filter(|fan| fan.day <= view.to).map(|fan| fan.used);
        let known = in_view().map(|used| used.p50.min(ceiling)).fold(used(f64::max, 0.0), f64::max);
        let possible = in_view().map(|used| used.p90.min(ceiling)).fold(known, f64::max);
        let highest = possible.min(known * WILD);
        let limit = match view.limit {
            None => LimitPlace::Nowhere,
            Some(limit) if limit <= highest * FAR_ABOVE || highest <= 0.0 => LimitPlace::Line(limit),
            Some(limit) => LimitPlace::FarAbove(limit),
        };
        let to_come = view.ceiling().unwrap_or(0.0);
        let top = if let LimitPlace::Line(limit) = limit { highest.max(limit).max(to_come) } else { highest };
        let bottom = in_view().map(|used| used.p10.min(ceiling)).fold(used(f64::min, f64::INFINITY), f64::min);
        let spread = top - bottom.clamp(0.0, top);
        let low = if spread < FLAT * top && spread > 1e-6 * top { (bottom - 0.35 * spread).max(0.0) } else { 0.0 };
        let on_top = matches!(limit, LimitPlace::Line(limit) if limit.max(to_come) == top);
        let room = if on_top { height / (height - ABOVE_LIMIT).max(height / 2.0) } else { 1.12 };
        let high = low + (top - low) * room;
        Heights { low, high: if high > low { high } else { low + 1.0 }, limit }
    }
}
