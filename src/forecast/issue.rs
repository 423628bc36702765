//! The part of a forecast that the history keeps.

use jiff::civil::Date;

use crate::forecast::{Forecast, Level, MODEL};
use crate::history::issued::{IssuedForecast, IssuedLevel, LEVEL_DAYS};
use crate::model::quantiles::Quantiles;

/// The record of a forecast with levels up to its horizon; `None` without a distribution or a reached limit.
pub fn issued(forecast: &Forecast, horizon_days: u32) -> Option<IssuedForecast> {
    let without_limit = || forecast.outlook.as_ref().map(|_| Quantiles::default());
    let exhaustion = forecast.exhaustion().or_else(without_limit)?;
    let levels = forecast.outlook.as_ref().map_or(&[][..], |outlook| &outlook.level);
    let level = |days: u32| level_at(levels, forecast.as_of, days).map(|used| IssuedLevel { days, used });
    let days_to = |date: Date| u32::try_from((date - forecast.as_of).get_days()).ok();
    Some(IssuedForecast {
        series: forecast.series.clone(),
        resource: forecast.resource,
        as_of: forecast.as_of,
        model: MODEL.to_owned(),
        used: forecast.used,
        limit: forecast.limit,
        horizon_days,
        spread: forecast.spread,
        exhaustion_days: exhaustion.map(|date| date.and_then(days_to)),
        levels: LEVEL_DAYS.into_iter().filter(|&days| days <= horizon_days).filter_map(level).collect(),
    })
}

/// The level `days` ahead, interpolated linearly.
fn level_at(levels: &[Level], as_of: Date, days: u32) -> Option<Quantiles<f64>> {
    let days_ahead = |level: &Level| f64::from((level.date - as_of).get_days());
    let days = f64::from(days);
    let after = levels.iter().position(|level| days_ahead(level) >= days)?;
    if days_ahead(&levels[after]) == days {
        return Some(levels[after].used);
    }
    let (low, high) = (&levels[after.checked_sub(1)?], &levels[after]);
    let share = (days - days_ahead(low)) / (days_ahead(high) - days_ahead(low));
    let (low, high) = (low.used.values(), high.used.values());
    Some(Quantiles::from_values(std::array::from_fn(|index| low[index] + (high[index] - low[index]) * share)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Trend;
    use crate::forecast::{Growth, HistoryLength, Outlook, Passage, State, passage::Grid};
    use crate::model::series::Resource;
    use jiff::ToSpan;
    use jiff::civil::date;

    const AS_OF: Date = date(2026, 11, 23);

    /// A forecast whose level `days` ahead is `days + 100 p` at quantile `p`.
    fn forecast(days: &[i32]) -> Forecast {
        let level = |&days: &i32| Level {
            date: AS_OF.saturating_add(days.days()),
            used: Quantiles::from_fn(|p| f64::from(days) + 100.0 * p),
        };
        let mut dates = [5, 6, 7, 8].map(|days| Some(AS_OF.saturating_add(days.days()))).into_iter();
        let outlook = Outlook {
            exhaustion: Quantiles::from_fn(|_| dates.next().flatten()),
            passage: Passage::never(&Grid::up_to(1)),
            probability: Vec::new(),
            level: days.iter().map(level).collect(),
            growth_per_day: Growth { p10: 1.0, p50: 1.0, p90: 1.0 },
            trend: Trend::Grows,
            has_dates: true,
            left_out: Vec::new(),
            clear_outs: None,
            events: Vec::new(),
            reason: None,
        };
        Forecast {
            identity: Default::default(),
            series: "vmail".into(),
            resource: Resource::Bytes,
            as_of: AS_OF,
            observations: 9,
            history_days: 364,
            used: 0.0,
            limit: Some(8.0),
            announced: Vec::new(),
            size_moves: false,
            measured_now: false,
            imported: 0,
            spread: 1.0,
            either: None,
            state: State::Expected,
            outlook: Some(outlook),
        }
    }

    #[test]
    fn issued_levels_are_forecast_levels_or_interpolated() {
        let levels = |days: &[i32]| -> Vec<(u32, f64)> {
            let kept = issued(&forecast(days), 100).expect("it says something");
            kept.levels.iter().map(|level| (level.days, level.used.p50)).collect()
        };
        assert_eq!(
            levels(&[7, 14, 21, 28, 91, 182]),
            [(7, 57.0), (28, 78.0), (91, 141.0)],
            "182 is beyond the horizon"
        );
        assert_eq!(levels(&[8, 18, 48]), [(28, 78.0)], "levels are not extrapolated");
    }

    #[test]
    fn days_to_exhaustion_count_from_the_last_observation() {
        let kept = issued(&forecast(&[7]), 1_095).expect("it says something");
        let days = kept.exhaustion_days;
        assert_eq!([days.p05, days.p50, days.p75, days.p95], [Some(5), Some(8), None, None]);
    }

    #[test]
    fn a_forecast_without_an_outlook_is_not_issued() {
        let length = HistoryLength { observations: 1, days: 0 };
        let state = State::NotEnoughHistory { have: length, need: length };
        let silent = Forecast { state, outlook: None, ..forecast(&[]) };
        assert_eq!(issued(&silent, 1_095), None);
        let full = issued(&Forecast { state: State::Already, ..silent }, 1_095).expect("it says something");
        assert_eq!((full.exhaustion_days.p05, full.levels.len()), (Some(0), 0));
    }
}
