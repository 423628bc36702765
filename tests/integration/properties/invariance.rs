//! Equivalent series get the same forecast: shifted times, other units, another order of rows.

use jiff::ToSpan;
use mailrunway::forecast::Forecast;
use proptest::prelude::*;

use super::series::{CASES, DAY, cases, forecast, growing, outlook, series};

/// The forecast with every date moved.
fn shifted(mut forecast: Forecast, days: i64) -> Forecast {
    let shift = |date: jiff::civil::Date| date.saturating_add(days.days());
    forecast.as_of = shift(forecast.as_of);
    if let Some(outlook) = &mut forecast.outlook {
        outlook.exhaustion = outlook.exhaustion.map(|date| date.map(shift));
        outlook.level.iter_mut().for_each(|level| level.date = shift(level.date));
        outlook.events.iter_mut().for_each(|event| event.date = shift(event.date));
    }
    forecast
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn shifting_all_times_shifts_every_date((points, limit) in growing(), days in -5_000..5_000_i64) {
        let later: Vec<_> = points.iter().map(|&(time, used)| (time + days * DAY, used)).collect();
        let here = forecast(&series(&points, Some(limit)));
        prop_assert_eq!(shifted(here, days), forecast(&series(&later, Some(limit))));
    }

    #[test]
    fn sizes_in_other_units_change_no_date((points, limit) in growing(), power in -8..20_i32) {
        // A power of two, so that not even the last bit is rounded differently.
        let unit = 2.0_f64.powi(power);
        let scaled: Vec<_> = points.iter().map(|&(time, used)| (time, used * unit)).collect();
        let (here, there) = (outlook(&series(&points, Some(limit))), outlook(&series(&scaled, Some(limit * unit))));
        prop_assert_eq!(here.exhaustion, there.exhaustion);
        prop_assert_eq!(here.probability, there.probability);
        prop_assert_eq!(here.growth_per_day.p50 * unit, there.growth_per_day.p50);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (points, limit) in growing(), order in prop::collection::vec(any::<u64>(), 60),
    ) {
        let mut mixed: Vec<_> = points.iter().zip(order).collect();
        mixed.sort_by_key(|(_, place)| *place);
        let mixed: Vec<_> = mixed.into_iter().map(|(point, _)| *point).collect();
        prop_assert_eq!(forecast(&series(&points, Some(limit))), forecast(&series(&mixed, Some(limit))));
    }
}
