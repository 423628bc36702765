//! How amounts are shaded: in five even steps of lightness, which grey print keeps apart.

use crate::model::bytes::Units;
use crate::model::series::Resource;
use crate::output::chart::axes::amounts;
use crate::output::chart::legend::Sign;
use crate::output::chart::theme;
use crate::output::chart::theme::{Rgb, SHADES};

/// Of a hundred weeks, so many keep within the scale; the rest, imports for the most part, have its darkest shade.
const WITHIN: usize = 97;

/// The steps from shade to shade.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    step: f64,
    resource: Resource,
    units: Units,
}

impl Scale {
    /// Round steps for these amounts.
    pub(super) fn of(amounts: impl Iterator<Item = u64>, resource: Resource, units: Units) -> Scale {
        let mut amounts: Vec<u64> = amounts.filter(|&amount| amount > 0).collect();
        amounts.sort_unstable();
        let high = amounts.get((amounts.len() * WITHIN / 100).min(amounts.len().saturating_sub(1)));
        let high = high.map_or(1.0, |&amount| amount as f64);
        Scale { step: amounts::step((0.0, high), resource, units, SHADES.len()), resource, units }
    }

    /// The fill of an amount and its edge.
    pub(super) fn shade(&self, amount: u64) -> (Rgb, Rgb) {
        if amount == 0 {
            return (theme::PAPER, theme::AXIS);
        }
        let shade = SHADES[((amount as f64 / self.step).ceil() as usize).clamp(1, SHADES.len()) - 1];
        (shade, shade)
    }

    /// What the shades mean.
    pub(super) fn signs(&self) -> Vec<(Sign, String)> {
        let high = self.step * SHADES.len() as f64;
        let named = amounts::ticks((0.0, high), self.resource, self.units, SHADES.len());
        let mut signs = vec![
            (Sign::Dot { color: theme::AXIS, radius: 1.4 }, "not known".to_owned()),
            (Sign::Box { fill: theme::PAPER, edge: theme::AXIS }, "none".to_owned()),
        ];
        for (i, &shade) in SHADES.iter().enumerate() {
            let words = match named.get(i + 1) {
                Some(bound) if i == 0 => format!("up to {}", bound.label),
                Some(bound) if i + 1 < SHADES.len() => bound.label.clone(),
                _ => "more".to_owned(),
            };
            signs.push((Sign::filled(shade), words));
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_another_shade_than_little() {
        let scale = Scale::of([0, 1, 900, 1_000].into_iter(), Resource::Messages, Units::Iec);
        assert_eq!(scale.step, 200.0);
        let shades = [0, 1, 200, 201, 1_000, u64::MAX].map(|amount| scale.shade(amount).0);
        assert_eq!(shades, [theme::PAPER, SHADES[0], SHADES[0], SHADES[1], SHADES[4], SHADES[4]]);
    }
}
