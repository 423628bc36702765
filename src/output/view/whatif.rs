//! Scenarios side by side: a table for each series, and how its rows were computed.

use super::ViewOptions;
use crate::forecast::PLANNING_DAYS;
use crate::model::numbers::{counted, probability};
use crate::model::{days::Days, escape};
use crate::output::document::{Block, Document, Table, section};
use crate::planning::verdict::day_and_range;
use crate::planning::whatif::{Comparison, Delay, ScenarioForecast};

/// A section for each series.
pub fn document(compared: &[Comparison], options: &ViewOptions) -> Document<'static> {
    let one = |comparison: &Comparison| {
        let base = &comparison.base.forecast;
        let heading = format!("{}, {}", escape::printable(&base.series), base.resource);
        let table = Block::Table(table(comparison, options));
        section(heading, [table].into_iter().chain(reasons(comparison)).collect())
    };
    Document::short(compared.iter().map(one).collect())
}

/// The series without changes, then under each scenario. A scenario that could not be computed has no row.
pub(crate) fn table(comparison: &Comparison, options: &ViewOptions) -> Table {
    let within = format!("P(full in {})", options.policy.lead_time);
    let columns = ["", "full on", "80 % range", &within, "buys", "frees at once"];
    Table { left: 3, ..Table::new(&columns).with(comparison.computed().map(|row| cells(row, options))) }
}

/// The basis of each row, a line for each change, and why other scenarios were left out.
pub(crate) fn reasons(comparison: &Comparison) -> Option<Block<'static>> {
    let of_row = |row: &ScenarioForecast| -> Vec<String> {
        row.basis.iter().map(|basis| format!("{}: {basis}", escape::printable(row.name()))).collect()
    };
    let failed = comparison.rows.iter().filter_map(|row| row.as_ref().err());
    let failed = failed.map(|error| match error.advice() {
        Some(advice) => format!("left out: {error} ({advice})"),
        None => format!("left out: {error}"),
    });
    let items: Vec<String> = comparison.computed().flat_map(of_row).chain(failed).collect();
    (!items.is_empty()).then_some(Block::List { items })
}

fn cells(row: &ScenarioForecast, options: &ViewOptions) -> [String; 6] {
    let horizon = options.horizon;
    let reach = Days(horizon.0.max(PLANNING_DAYS));
    let exhaustion = row.forecast.exhaustion().filter(|_| row.forecast.limit.is_some());
    let [full, range] = match &exhaustion {
        None if row.forecast.limit.is_none() => ["no limit is set", ""].map(str::to_owned),
        None => ["too little history", ""].map(str::to_owned),
        Some(_) if row.is_full() => ["full now", ""].map(str::to_owned),
        Some(exhaustion) => day_and_range(exhaustion, horizon),
    };
    let [buys, frees] = match row.scenario {
        None => [String::new(), String::new()],
        Some(_) if row.at_once > 0.0 => [buys(row, reach), row.forecast.resource.show(row.at_once, options.units)],
        Some(_) => [buys(row, reach), "-".to_owned()],
    };
    [
        escape::printable(row.name()).into_owned(),
        full,
        range,
        row.verdict.full_within_lead_time.map_or_else(|| "-".to_owned(), probability),
        buys,
        frees,
    ]
}

/// The time that a scenario buys by the median date or, if both medians lie beyond `reach`, by the early end.
fn buys(row: &ScenarioForecast, reach: Days) -> String {
    match (row.delay, row.delay_p10) {
        (Delay::Beyond, early) if early != Delay::Beyond => format!("early end: {}", bought(early, reach)),
        (median, _) => bought(median, reach),
    }
}

fn bought(bought: Delay, reach: Days) -> String {
    let time = |weeks: f64| match weeks.abs() < 1.0 {
        true => counted((7.0 * weeks.abs()).round() as u64, "day"),
        false => counted(weeks.abs().round() as u64, "week"),
    };
    match bought {
        Delay::Weeks(0.0) => "nothing".to_owned(),
        Delay::Weeks(amount) if amount < 0.0 => format!("{} less", time(amount)),
        Delay::Weeks(amount) => time(amount),
        Delay::AtLeast(amount) => format!("at least {}", time(amount)),
        Delay::EarlierByAtLeast(amount) => format!("at least {} less", time(amount)),
        Delay::Beyond => format!("not within {reach} either way"),
        Delay::Unknown => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gained_time_is_shown_in_weeks_or_days() {
        let shown = |what| bought(what, Days(1_095));
        for (weeks, words) in [
            (0.0, "nothing"),
            (2.0 / 7.0, "2 days"),
            (-1.0 / 7.0, "1 day less"),
            (1.0, "1 week"),
            (-12.4, "12 weeks less"),
        ] {
            assert_eq!(shown(Delay::Weeks(weeks)), words);
        }
        assert_eq!(shown(Delay::AtLeast(1.2)), "at least 1 week");
        assert_eq!(shown(Delay::Beyond), "not within 3 years either way");
    }
}
