//! A volume is full when it runs out of bytes or inodes, which grow by the same mail.

use std::collections::HashMap;

use super::{Forecast, Passage, grid};
use crate::forecast::outliers;
use crate::model::series::{Resource, Series};

/// The prior correlation of bytes and inodes, and its weight in weeks.
const USUAL_CORRELATION: f64 = 0.8;
const USUAL_WEEKS: f64 = 8.0;

/// For each series, the earlier passage of bytes and inodes of that name, if both have a limit and a forecast. Both lists
/// are in the same order.
pub(super) fn passages(series: &[&Series], forecasts: &[Forecast]) -> Vec<Option<Passage>> {
    let passage = |index: usize| {
        let outlook = forecasts[index].outlook.as_ref();
        outlook.filter(|_| forecasts[index].limit.is_some()).map(|outlook| &outlook.passage)
    };
    let inodes = (0..series.len()).filter(|&index| series[index].resource == Resource::Inodes);
    let inodes: HashMap<&str, usize> = inodes.map(|index| (series[index].name.as_str(), index)).collect();
    let mut either = vec![None; series.len()];
    for bytes in (0..series.len()).filter(|&index| series[index].resource == Resource::Bytes) {
        let Some(&inodes) = inodes.get(series[bytes].name.as_str()) else { continue };
        if let (Some(of_bytes), Some(of_inodes)) = (passage(bytes), passage(inodes)) {
            let both = of_bytes.or(of_inodes, correlation(series[bytes], series[inodes]));
            either[bytes] = Some(both.clone());
            either[inodes] = Some(both);
        }
    }
    either
}

/// The correlation of the weekly changes of two series, from 0 to nearly 1.
fn correlation(one: &Series, other: &Series) -> f64 {
    let weeks = |series: &Series| {
        let (samples, _) = outliers::believable(&series.above_zero().observations);
        grid::increments(&grid::levels(&samples, grid::step(&samples)))
    };
    let (one, other) = (weeks(one), weeks(other));
    let n = one.len().min(other.len());
    let (one, other) = (&one[one.len() - n..], &other[other.len() - n..]);
    let count = n as f64;
    let mean = |weeks: &[f64]| weeks.iter().sum::<f64>() / count.max(1.0);
    let (mean_one, mean_other) = (mean(one), mean(other));
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        one.iter().zip(other).map(|(a, b)| of(a - mean_one, b - mean_other)).sum::<f64>()
    };
    let product = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    let seen = if product > 0.0 { sum(&|a, b| a * b) / product } else { USUAL_CORRELATION };
    ((count * seen + USUAL_WEEKS * USUAL_CORRELATION) / (count + USUAL_WEEKS)).clamp(0.0, MOST_CORRELATION)
}

/// Upper bound: perfectly correlated series may still diverge.
const MOST_CORRELATION: f64 = 0.98;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Forecaster, Options};
    use crate::model::series::Observation;
    use jiff::Timestamp;

    fn series(name: &str, resource: Resource, week: impl Fn(f64) -> f64, limit: f64) -> Series {
        let observation = |n: i32| Observation {
            time: Timestamp::from_second(i64::from(n) * 7 * 86_400).unwrap(),
            used: week(f64::from(n)),
        };
        Series::new(name.into(), resource, (0..40).map(observation).collect(), Some(limit))
    }

    #[test]
    fn a_volume_is_full_when_bytes_or_inodes_run_out() {
        let all = [
            series("/var", Resource::Bytes, |n| 1e9 + 1e7 * (n + (n * 1.7).sin()), 1.8e9),
            series("/var", Resource::Inodes, |n| 1e6 + 1e4 * (n + (n * 1.7).sin()), 1.7e6),
            series("/srv", Resource::Bytes, |n| 1e9 + 1e7 * (n + (n * 2.9).cos()), 1.8e9),
        ];
        let forecasts = Forecaster::new(Options::default()).forecast_all(&all);
        let either = passages(&all.iter().collect::<Vec<_>>(), &forecasts);
        assert!(
            either[0] == either[1] && either[2].is_none(),
            "a volume with both resources has one, a volume with one resource has none"
        );
        let full = either[0].as_ref().unwrap();
        let of = |index: usize| &forecasts[index].outlook.as_ref().unwrap().passage;
        for days in [30.0, 150.0, 220.0, 400.0] {
            let (a, b) = (of(0).share_within(days), of(1).share_within(days));
            let share = full.share_within(days);
            assert!(share >= a.max(b) - 1e-9 && share <= a + b - a * b + 1e-3, "{days}: {share} of {a} and {b}");
        }
        assert!(correlation(&all[0], &all[1]) > 0.9);
        assert!(correlation(&all[0], &all[2]) < 0.5);
    }
}
