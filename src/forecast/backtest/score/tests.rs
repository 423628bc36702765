//! Four cases worked by hand; the scores agree to six digits with the reference scorer of the accuracy benchmark.

use jiff::ToSpan;
use jiff::civil::date;

use super::super::case::{DateAnswer, LevelCase};
use super::*;
use crate::model::series::Resource;

const HORIZON: f64 = 1_095.0;

fn answer(days: [f64; 7], within: [f64; 3]) -> DateAnswer {
    let mut days = days.into_iter();
    DateAnswer { days: Some(Quantiles::from_fn(|_| days.next().unwrap())), within }
}

fn point(days: f64) -> DateAnswer {
    answer([days; 7], PROBABILITY_DAYS.map(|within| f64::from(u8::from(days <= f64::from(within)))))
}

fn case(lead: Option<f64>, end: f64, ours: DateAnswer, line: DateAnswer, recent: f64) -> DateCase {
    DateCase { origin: date(2026, 1, 1), lead, end, answers: [ours, line, point(recent)] }
}

/// A case with its origin `origin` days after 1 January, `days` ahead, always with the same forecast.
pub(crate) fn level(origin: i32, days: u32, used: f64) -> LevelCase {
    let mut values = [91.0, 94.0, 99.0, 103.0, 105.0, 107.0, 109.0].into_iter();
    let answer = Some(Quantiles::from_fn(|_| values.next().unwrap()));
    let origin = date(2026, 1, 1) + origin.days();
    LevelCase { origin, days, used, growth: f64::from(days), answers: [answer, None, None] }
}

/// One limit reached late, one not reached, one reached soon, and one forecast never to be reached.
pub(crate) fn backtest() -> Backtest {
    let never = DateAnswer { days: None, within: [0.0; 3] };
    let dates = vec![
        case(
            Some(40.0),
            100.0,
            answer([20.0, 25.0, 30.0, 50.0, 60.0, 70.0, 80.0], [0.2, 0.97, 1.0]),
            point(36.0),
            20.0,
        ),
        case(
            None,
            200.0,
            answer([50.0, 60.0, 100.0, 150.0, 250.0, 400.0, 500.0], [0.0, 0.2, 0.6]),
            point(HORIZON),
            220.0,
        ),
        case(Some(15.0), 30.0, answer([10.0, 12.0, 16.0, 20.0, 25.0, 35.0, 40.0], [0.8, 1.0, 1.0]), point(30.0), 15.0),
        case(None, 365.0, answer([HORIZON; 7], [0.0; 3]), never, 400.0),
    ];
    let mut values = [110.0, 112.0, 120.0, 126.0, 131.0, 140.0, 150.0].into_iter();
    let quantiles = Quantiles::from_fn(|_| values.next().unwrap());
    let answers = [Some(quantiles), Some(Quantiles::from_fn(|_| 128.0)), Some(Quantiles::from_fn(|_| 100.0))];
    let level = |used| LevelCase { origin: date(2026, 1, 1), days: 28, used, growth: 28.0, answers };
    let origins = vec![date(2026, 1, 1)];
    Backtest {
        series: "s".into(),
        identity: Default::default(),
        resource: Resource::Bytes,
        origins,
        dates,
        levels: vec![level(130.0), level(100.0)],
    }
}

fn near(actual: Option<f64>, expected: f64) {
    assert!((actual.unwrap() - expected).abs() < 5e-7, "{actual:?} for {expected}");
}

#[test]
fn all_scores_match_the_reference_scorer() {
    let backtest = backtest();
    let score = |who| Score::pool(&[&backtest], who);
    let of = |score: Score| {
        [score.log_pinball, score.date_error, score.late, score.early, score.cover80, score.cover90, score.under10]
            .into_iter()
            .chain([score.level_loss, score.brier])
    };
    let expected = [
        (Who::Mailrunway, [0.102178, 0.291667, 0.5, 0.0, 1.0, 1.0, 0.0, 0.367857, 0.053433], 0),
        (Who::Line, [0.199627, 0.55, 0.5, 0.0, 0.0, 0.0, 0.0, 0.535714, 0.0], 1),
        (Who::RecentLine, [0.173287, 0.25, 0.0, 0.5, 0.0, 0.0, 0.5, 0.535714, 0.111111], 0),
    ];
    for (who, expected, none) in expected {
        of(score(who)).zip(expected).for_each(|(actual, expected)| near(actual, expected));
        assert_eq!((score(who).none, score(who).n), (none, 4));
    }
}

#[test]
fn the_log_pinball_loss_of_point_forecasts_matches_a_hand_calculation() {
    // |ln 20/40| + |ln 200/200| + 0 + |ln 365/365|, over four.
    near(Score::pool(&[&backtest()], Who::RecentLine).log_pinball, 2.0_f64.ln() / 4.0);
    // ln 40/36 + 0 + ln 30/15 + 0.
    near(Score::pool(&[&backtest()], Who::Line).log_pinball, ((40.0 / 36.0_f64).ln() + 2.0_f64.ln()) / 4.0);
}

#[test]
fn the_pinball_loss_matches_a_hand_calculation() {
    let quantiles = Quantiles { p05: 1.0, p10: 2.0, p25: 3.0, p50: 4.0, p75: 5.0, p90: 6.0, p95: 7.0 };
    // Below the truth of 4: 0.05 × 3 + 0.1 × 2 + 0.25 × 1; above it as much, mirrored; twice the mean of seven.
    near(Some(pinball_of(&quantiles, 4.0)), 2.0 * 2.0 * 0.6 / 7.0);
}

#[test]
fn errors_are_counted_by_their_size() {
    let backtest = backtest();
    assert_eq!(resolved(&[&backtest, &backtest]), 4);
    let errors = |who| date_errors(&[&backtest], who);
    // 50 for 40 days is a quarter too late, 20 for 15 a third.
    assert_eq!(errors(Who::Mailrunway), [0, 0, 1, 1, 0]);
    // 36 for 40 days, and 30 for 15.
    assert_eq!(errors(Who::Line), [0, 0, 1, 1, 0]);
    // 20 for 40 days, and 15 for 15.
    assert_eq!(errors(Who::RecentLine), [0, 1, 1, 0, 0]);
    let mut silent = backtest.clone();
    silent.dates[0].answers[0].days = None;
    assert_eq!(date_errors(&[&silent], Who::Mailrunway), [0, 0, 0, 1, 1], "no answer means never");
}

#[test]
fn the_loss_of_an_absurd_level_is_capped_at_twenty() {
    let mut backtest = backtest();
    backtest.levels[0].used = 1e9;
    near(Score::pool(&[&backtest], Who::RecentLine).level_loss, (20.0 + 0.0) / 2.0);
}

#[test]
fn scores_without_cases_are_none() {
    let empty = Backtest { dates: Vec::new(), levels: Vec::new(), ..backtest() };
    let score = Score::pool(&[&empty], Who::Mailrunway);
    assert_eq!((score.log_pinball, score.date_error, score.cover80, score.n), (None, None, None, 0));
}
