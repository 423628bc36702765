//! A backtest: the scores beside those of straight lines, and a conclusion in words.

use crate::forecast::backtest::outcomes::Outcomes;
use crate::forecast::backtest::score::{Score, resolved};
use crate::forecast::backtest::{Backtest, TooShort, Who, span};
use crate::model::numbers::{counted, percent, plural};
use crate::model::{dates, escape};
use crate::output::document::{Block, Document, Table, say, section};

/// Fewer cases are too few to judge.
const FEW: usize = 10;

/// Errors that differ by less than this share of the larger are alike.
const ALIKE: f64 = 0.1;

/// The backtest of one series, or of several pooled under one name.
pub(crate) fn document(name: &str, backtests: &[&Backtest]) -> Document<'static> {
    let origins: usize = backtests.iter().map(|backtest| backtest.origins.len()).sum();
    let asked: usize = backtests.iter().map(|backtest| backtest.dates.len()).sum();
    let days = span(backtests).map_or(String::new(), |(first, last)| format!(" made {}", dates::days(first, last)));
    let (name, reached) = (escape::printable(name), resolved(backtests));
    let (forecasts, limits) = (plural(origins as u64, "forecast"), plural(asked as u64, "limit"));
    let heading = format!("{name}: {origins} {forecasts}{days}; {asked} {limits} asked for, {reached} reached since");
    let table = Block::Table(scores(backtests));
    Document::short(vec![section(heading, vec![table, Block::List { items: sentences(backtests) }])])
}

/// Why a series has no backtest.
pub(crate) fn too_short(series: &TooShort) -> Document<'static> {
    let name = escape::printable(&series.series);
    Document::short(vec![say(format!("{name}, {}: too short to look back: {}", series.resource, missing(series)))])
}

/// The name of a series with its resource.
pub(crate) fn name(backtest: &Backtest) -> String {
    format!("{}, {}", backtest.series, backtest.resource)
}

/// The history that a series has, and that it needs.
pub(crate) fn missing(series: &TooShort) -> String {
    let TooShort { have, need, .. } = series;
    let have = [counted(have.observations as u64, "observation"), counted(have.days.into(), "day")].join(" over ");
    format!("{have}, and it takes {} over {} days", need.observations, need.days)
}

/// The error of the dates and that of the straight line; or that too few limits were reached.
pub(crate) fn worth(backtests: &[&Backtest]) -> String {
    let reached = resolved(backtests);
    let error = |who| Score::pool(backtests, who).date_error;
    match (error(Who::Mailrunway), error(Who::Line)) {
        _ if reached < FEW => {
            let were = if reached == 1 { "was" } else { "were" };
            format!("Only {} {were} reached: too few to judge the dates.", counted(reached as u64, "limit"))
        }
        (Some(ours), Some(line)) => {
            let verdict = if (ours - line).abs() <= ALIKE * ours.max(line) {
                ": neither is nearer"
            } else if ours > line {
                ": the line was nearer"
            } else {
                ""
            };
            let [ours, line] = [ours, line].map(percent);
            format!("The dates were off by {ours} in the median, the straight line's by {line}{verdict}.")
        }
        _ => String::new(),
    }
}

/// The loss of the dates' ranges and that of the straight line, if enough limits were reached.
fn worth_of_ranges(backtests: &[&Backtest]) -> Option<String> {
    let loss = |who| Score::pool(backtests, who).log_pinball.filter(|_| resolved(backtests) >= FEW);
    let (ours, line) = (loss(Who::Mailrunway)?, loss(Who::Line).filter(|&line| line > 0.0)?);
    let side = if ours <= line { "below" } else { "above" };
    Some(format!("With their ranges, their loss is {} {side} that of the line.", percent((ours / line - 1.0).abs())))
}

/// How often the outcome lay within the 80 % range.
pub(crate) fn coverage(backtests: &[&Backtest]) -> Option<String> {
    let ranges = [("dates", Outcomes::dates(backtests)), ("levels", Outcomes::levels(backtests))];
    let ranges = ranges.into_iter().filter(|(_, range)| range.all() > 0);
    let parts: Vec<String> =
        ranges.map(|(what, range)| format!("of {what} in {} of {}", range.held(), range.all())).collect();
    (!parts.is_empty()).then(|| format!("The 80 % range held: {}.", parts.join(", ")))
}

fn sentences(backtests: &[&Backtest]) -> Vec<String> {
    let few = |what: &str, outcomes: Outcomes| {
        let all = outcomes.all();
        let (ranges, are) = (counted(all as u64, "range"), if all == 1 { "is" } else { "are" });
        (1..FEW).contains(&all).then(|| format!("Only {ranges} of {what} {are} decided: too few to judge."))
    };
    let mut sentences: Vec<String> = coverage(backtests).into_iter().collect();
    sentences.extend(few("dates", Outcomes::dates(backtests)));
    sentences.extend(few("levels", Outcomes::levels(backtests)));
    sentences.push(worth(backtests));
    sentences.extend(worth_of_ranges(backtests));
    sentences
}

fn scores(backtests: &[&Backtest]) -> Table {
    let percent = |share: Option<f64>| share.map_or_else(dash, percent);
    let loss = |loss: Option<f64>| loss.map_or_else(dash, |loss| format!("{loss:.3}"));
    let row = |who: Who| {
        let score = Score::pool(backtests, who);
        let shares = [score.date_error, score.late, score.early].map(percent);
        let losses = [score.log_pinball, score.level_loss, score.brier].map(loss);
        [vec![who.name().to_owned()], shares.to_vec(), losses.to_vec()].concat()
    };
    let header = ["", "date off by", "late", "early", "date loss", "level loss", "Brier"];
    Table::new(&header).with(Who::ALL.map(row))
}

fn dash() -> String {
    "–".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::backtest::score::tests::backtest;
    use crate::output::text;

    #[test]
    fn few_cases_are_reported_as_too_few() {
        let backtest = backtest();
        let text = text::plain(&document("mail\u{1b}[2J", &[&backtest]));
        let expected = "mail\\u{1b}[2J: 1 forecast made 1 Jan 2026; 4 limits asked for, 2 reached since
                   date off by  late  early  date loss  level loss  Brier
  mailrunway              29 %  50 %    0 %      0.102       0.368  0.053
  straight line           55 %  50 %    0 %      0.200       0.536  0.000
  line of 30 days         25 %   0 %   50 %      0.173       0.536  0.111

  The 80 % range held: of dates in 1 of 1, of levels in 1 of 2.
  Only 1 range of dates is decided: too few to judge.
  Only 2 ranges of levels are decided: too few to judge.
  Only 2 limits were reached: too few to judge the dates.
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_comparison_names_the_nearer_dates() {
        let one = backtest();
        let many: Vec<&Backtest> = (0..5).map(|_| &one).collect();
        let sentence = worth(&many);
        assert_eq!(sentence, "The dates were off by 29 % in the median, the straight line's by 55 %.");
        let ranges = worth_of_ranges(&many).unwrap();
        assert_eq!(ranges, "With their ranges, their loss is 49 % below that of the line.");
        assert_eq!(worth_of_ranges(&many[..4]), None, "eight limits are few");
        let mut worse = backtest();
        worse.dates.iter_mut().for_each(|case| case.answers.swap(0, 1));
        let many: Vec<&Backtest> = (0..5).map(|_| &worse).collect();
        assert!(worth(&many).ends_with("the straight line's by 29 %: the line was nearer."), "{}", worth(&many));
        let mut alike = backtest();
        alike.dates.iter_mut().for_each(|case| case.answers[1] = case.answers[0].clone());
        let many: Vec<&Backtest> = (0..5).map(|_| &alike).collect();
        assert!(worth(&many).ends_with(": neither is nearer."), "{}", worth(&many));
    }
}
