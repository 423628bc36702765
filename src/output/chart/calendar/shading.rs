//! Five even steps of lightness for amounts, distinct in grey print.

use crate::model::bytes::Units;
use crate::model::series::Resource;
use crate::output::chart::axes::amounts;
use crate::output::chart::legend::Sign;
use crate::output::chart::theme;
use crate::output::chart::theme::{Rgb, SHADES};

/// The percentile of the weeks at the top of the scale. Weeks above, mostly imports, have the darkest shade.
const WITHIN: usize = 97;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Shading {
    /// Bytes from shade to shade.
    step: f64,
    units: Units,
}

impl Shading {
    pub(super) fn new(amounts: impl Iterator<Item = u64>, units: Units) -> Shading {
        let mut amounts: Vec<u64> = amounts.filter(|&amount| amount > 0).collect();
        amounts.sort_unstable();
        let high = amounts.get((amounts.len() * WITHIN / 100).min(amounts.len().saturating_sub(1)));
        let high = high.map_or(1.0, |&amount| amount as f64);
        Shading { step: amounts::step((0.0, high), Resource::Bytes, units, SHADES.len()), units }
    }

    /// The fill and the edge of a week.
    pub(super) fn shade(&self, amount: u64) -> (Rgb, Rgb) {
        if amount == 0 {
            return (theme::PAPER, theme::AXIS);
        }
        let shade = SHADES[((amount as f64 / self.step).ceil() as usize).clamp(1, SHADES.len()) - 1];
        (shade, shade)
    }

    /// The legend.
    pub(super) fn signs(&self) -> Vec<(Sign, String)> {
        let high = self.step * SHADES.len() as f64;
        let named = amounts::ticks((0.0, high), Resource::Bytes, self.units, SHADES.len());
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
    fn zero_has_a_different_shade_than_one() {
        let shading = Shading::new([0, 1, 900, 1_000].into_iter(), Units::Plain);
        assert_eq!(shading.step, 200.0);
        let shades = [0, 1, 200, 201, 1_000, u64::MAX].map(|amount| shading.shade(amount).0);
        assert_eq!(shades, [theme::PAPER, SHADES[0], SHADES[0], SHADES[1], SHADES[4], SHADES[4]]);
    }
}
