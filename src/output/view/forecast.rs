//! Forecasts: the verdict of each, and its figures.

use super::ViewOptions;
use crate::forecast::{Forecast, Growth, Level, Trend};
use crate::model::numbers::{in_use, probability};
use crate::model::{dates::day, escape, series::Resource};
use crate::output::document::{self, Block, Document, Table};
use crate::planning::verdict::{self, Verdict};

/// The forecasts in their order, with a table of the levels if they were asked for by date.
pub fn document(forecasts: &[Forecast], options: &ViewOptions, with_levels: bool) -> Document<'static> {
    let of_one = |forecast| {
        let levels = with_levels.then(|| levels(forecast, options).block()).flatten();
        [one(forecast, options)].into_iter().chain(levels)
    };
    Document::short(forecasts.iter().flat_map(of_one).collect())
}

/// The growth of a week with its 80 % range, or the change of the room that is left.
fn growth(forecast: &Forecast, growth: &Growth, options: &ViewOptions) -> String {
    let Growth { p10, p50, p90 } = *growth;
    let (what, [low, median, high]) = match (forecast.size_moves, p50 < 0.0) {
        (false, false) => ("grows", [p10, p50, p90]),
        (false, true) => ("shrinks", [-p90, -p50, -p10]),
        (true, false) => ("room shrinks", [p10, p50, p90]),
        (true, true) => ("room grows", [-p90, -p50, -p10]),
    };
    let weekly = |a_day: f64| forecast.resource.show(a_day * 7.0, options.units);
    format!("{what} by {} a week (80 %: {} to {})", weekly(median), weekly(low), weekly(high))
}

/// The median and the 80 % range of the level on each date, beside the limit.
pub(crate) fn levels(forecast: &Forecast, options: &ViewOptions) -> Table {
    let table = Table::new(&["date", "median", "80 % range", "limit"]);
    let levels = forecast.outlook.iter().flat_map(|outlook| &outlook.level);
    table.with(levels.map(|level| [vec![day(level.date)], level_cells(forecast, level, options)].concat()))
}

/// The median, the 80 % range and the limit.
pub(crate) fn level_cells(forecast: &Forecast, level: &Level, options: &ViewOptions) -> Vec<String> {
    // With more room than its present size a volume is empty.
    let show = |amount: f64| forecast.resource.show_number(amount.max(0.0), options.units);
    let range = format!("{} to {}", show(level.used.p10), show(level.used.p90));
    let limit = forecast.limit_on(level.date).map_or_else(|| "none".to_owned(), show);
    vec![show(level.used.p50), range, limit]
}

fn one(forecast: &Forecast, options: &ViewOptions) -> Block<'static> {
    let verdict = verdict::judge(forecast, &options.policy, options.today);
    let headline = verdict::headline(forecast, &verdict, options.horizon, options.units);
    let text = format!("{}, {}: {headline}", escape::printable(&forecast.series), forecast.resource);
    document::verdict(verdict.status, text, details(forecast, &verdict, options))
}

fn details(forecast: &Forecast, verdict: &Verdict, options: &ViewOptions) -> Vec<String> {
    let mut details = Vec::new();
    if let Some((limit, share)) = forecast.limit.zip(verdict.used_share) {
        let used = forecast.resource.show_of(forecast.used, limit, options.units);
        let as_of = day(forecast.as_of);
        details.push(format!("{used} in use ({}) on {as_of}; {}", in_use(share), verdict.reason));
    }
    details.extend(verdict::notes(forecast, options.units));
    let Some(outlook) = &forecast.outlook else { return details };
    if let Some(reason) = &outlook.reason {
        details.push(format!("judged by the ages of the mail in one scan. {reason}"));
    }
    let lead_time = options.policy.lead_time;
    let within = |p: f64| format!("; P(full within {lead_time}) is {}", probability(p));
    let full = verdict.full_within_lead_time.map(within).unwrap_or_default();
    let still = match outlook.clear_outs {
        Some(_) => "its peaks have not grown",
        None => "has not grown since the first scan",
    };
    details.push(match outlook.trend {
        Trend::Grows | Trend::Shrinks => growth(forecast, &outlook.growth_per_day, options) + &full,
        Trend::StandsStill if outlook.has_dates => format!("{still}: dates by other stores as full as this one{full}"),
        Trend::StandsStill => format!("{still}{full}"),
    });
    // Both resources have this figure: it is shown with the last one.
    if let Some(full) = forecast.either.as_ref().filter(|_| forecast.resource == Resource::Inodes) {
        let age = (options.today - forecast.as_of).get_days().max(0) as u32;
        let when = verdict::when(&full.exhaustion, options.horizon);
        let within = within(full.passage.share_within(f64::from(age + lead_time.0)));
        details.push(format!("by bytes or inodes: {when}{within}"));
    }
    details
}
