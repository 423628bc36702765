//! Comparisons for a reader: a table of the scenarios, and below it from what each was computed.

use crate::model::bytes::Units;
use crate::model::days::Days;
use crate::model::error::Error;
use crate::model::escape;
use crate::model::series::counted;
use crate::output::columns;
use crate::planning::verdict::{day_and_range, percent};
use crate::planning::whatif::{Comparison, Delay, ScenarioForecast};

/// A comparison as a table, with what it rests on below; ends in a new line. What could not be computed is left out.
pub fn of(comparison: &Comparison, units: Units, horizon: Days, lead_time: Days) -> String {
    let columns = columns(lead_time);
    let mut text = columns::plain(&columns.each_ref().map(String::as_str), &rows(comparison, units, horizon), LEFT);
    for basis in bases(comparison) {
        text += &format!("  {basis}\n");
    }
    text
}

/// Columns of words; those after them hold figures.
pub const LEFT: usize = 3;

/// The heads of the columns.
pub fn columns(lead_time: Days) -> [String; 6] {
    let within = format!("P(full in {lead_time})");
    ["", "full on", "80 % range", &within, "buys", "frees at once"].map(str::to_owned)
}

/// The cells of a comparison, as it goes on first; what could not be computed is left out.
pub fn rows(comparison: &Comparison, units: Units, horizon: Days) -> Vec<Vec<String>> {
    comparison.computed().enumerate().map(|(index, row)| cells(row, index > 0, units, horizon)).collect()
}

/// From what each row was computed, a line a change.
pub fn bases(comparison: &Comparison) -> Vec<String> {
    let of_row = |row: &ScenarioForecast| -> Vec<String> {
        row.basis.iter().map(|basis| format!("{}: {basis}", escape::printable(&row.name))).collect()
    };
    comparison.computed().flat_map(of_row).collect()
}

/// The cells of a row: scenario, date, range, probability, what it buys, what it frees.
fn cells(row: &ScenarioForecast, is_scenario: bool, units: Units, horizon: Days) -> Vec<String> {
    let exhaustion = row.forecast.exhaustion().filter(|_| row.forecast.limit.is_some());
    let [full, range] = match &exhaustion {
        None if row.forecast.limit.is_none() => ["no limit is set", ""].map(str::to_owned),
        None => ["too little history", ""].map(str::to_owned),
        Some(_) if row.is_full() => ["full now", ""].map(str::to_owned),
        Some(exhaustion) => day_and_range(exhaustion, horizon),
    };
    let frees = if row.at_once > 0.0 { row.forecast.resource.show(row.at_once, units) } else { "-".to_owned() };
    vec![
        escape::printable(&row.name).into_owned(),
        full,
        range,
        row.full_within_lead_time.map_or_else(|| "-".to_owned(), percent),
        if is_scenario { buys(row, horizon) } else { String::new() },
        if is_scenario { frees } else { String::new() },
    ]
}

/// What a row delay: by its median date, or where that lies beyond the horizon either way by the begin of its range.
fn buys(row: &ScenarioForecast, horizon: Days) -> String {
    match (row.delay, row.delay_p10) {
        (Delay::Beyond, early) if early != Delay::Beyond => format!("early end: {}", bought(early, horizon)),
        (median, _) => bought(median, horizon),
    }
}

/// What is bought, for a reader.
pub fn bought(bought: Delay, horizon: Days) -> String {
    let time = |weeks: f64| match weeks.abs() < 1.0 {
        true => counted((7.0 * weeks.abs()).round(), "day", "days"),
        false => counted(weeks.abs().round(), "week", "weeks"),
    };
    match bought {
        Delay::Weeks(0.0) => "nothing".to_owned(),
        Delay::Weeks(amount) if amount < 0.0 => format!("{} less", time(amount)),
        Delay::Weeks(amount) => time(amount),
        Delay::AtLeast(amount) => format!("at least {}", time(amount)),
        Delay::EarlierByAtLeast(amount) => format!("at least {} less", time(amount)),
        Delay::Beyond => format!("not within {horizon} either way"),
        Delay::Unknown => "-".to_owned(),
    }
}

/// Why a row could not be computed, in one line for a report.
pub fn why_not(error: &Error) -> String {
    match error.advice() {
        Some(advice) => format!("{error} ({advice})"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bought_is_told_in_weeks_and_less_than_one_in_days() {
        let told = |what| bought(what, Days(1_095));
        for (weeks, words) in [
            (0.0, "nothing"),
            (2.0 / 7.0, "2 days"),
            (-1.0 / 7.0, "1 day less"),
            (1.0, "1 week"),
            (-12.4, "12 weeks less"),
        ] {
            assert_eq!(told(Delay::Weeks(weeks)), words);
        }
        assert_eq!(told(Delay::AtLeast(1.2)), "at least 1 week");
        assert_eq!(told(Delay::Beyond), "not within 3 years either way");
    }
}
