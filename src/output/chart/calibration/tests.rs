//! Whole pictures: nothing overlaps, and odd input can be drawn.

use super::*;
use crate::forecast::backtest::reliability::Reliability;
use crate::model::quantiles::PROBABILITIES;
use crate::output::chart::scene::{Rect, Shape, Text};
use crate::output::chart::{Format, draw};

/// Reliabilities whose observed share is `more` above the forecast probability.
fn points(cases: usize, more: f64) -> Vec<Reliability> {
    let point = |p: f64| {
        let share = (p + more).clamp(0.0, 1.0);
        Reliability { p, share, cases, apart: cases / 3, chance: ((p - 0.1).max(0.0), (p + 0.1).min(1.0)) }
    };
    PROBABILITIES.map(point).to_vec()
}

fn texts(figure: &CalibrationFigure, canvas: Canvas) -> Vec<Text> {
    let shapes = figure.scene(canvas).shapes;
    shapes.into_iter().filter_map(|shape| if let Shape::Text(text) = shape { Some(text) } else { None }).collect()
}

/// Calls `look` with usual and odd figures.
fn each(mut look: impl FnMut(&CalibrationFigure)) {
    let errors: Vec<f64> = (0..3_000).map(|i| f64::from(i % 37) / 12.0 - 1.5).collect();
    for (cases, more, errors) in [(40, 0.04, &errors[..40]), (123_456, -0.3, &errors[..]), (1, 1.0, &errors[..1])] {
        let (dates, levels) = (points(cases, more), points(cases * 2, -more));
        look(&CalibrationFigure {
            title: "How good the forecasts were: /var/vmail, bytes",
            subtitle: "The dates were off by 18 % in the median, the straight line's by 45 %.",
            dates: &dates,
            levels: &levels[1..],
            errors,
            line_errors: errors,
        });
    }
    let nothing = CalibrationFigure { title: "", subtitle: "", dates: &[], levels: &[], errors: &[], line_errors: &[] };
    look(&nothing);
    look(&CalibrationFigure {
        errors: &[f64::NAN, f64::INFINITY, -50.0],
        title: &"w\u{202e}\n".repeat(900),
        ..nothing
    });
}

#[test]
fn no_text_overlaps_or_leaves_the_picture() {
    for (width, height) in [(520, 400), (900, 500), (1_200, 560), (4_000, 1_000)] {
        let canvas = Canvas { width, height, scale: 1 };
        let picture = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
        each(|figure| {
            let texts = texts(figure, canvas);
            for (i, text) in texts.iter().enumerate().filter(|(_, text)| !text.text.is_empty()) {
                assert!(picture.contains(text.bounds()), "at {width}: {text:?}");
                let overlaps = |other: &&Text| !other.text.is_empty() && other.bounds().overlaps(text.bounds());
                let other = texts[..i].iter().find(overlaps);
                assert_eq!(other.map(|other| &other.text), None, "at {width}: {text:?}");
            }
        });
    }
}

#[test]
fn the_picture_shows_the_number_of_cases() {
    let mut seen = Vec::new();
    each(|figure| seen.push(texts(figure, Canvas::default()).into_iter().map(|text| text.text).collect::<Vec<_>>()));
    let says =
        |number: usize, words: &str| assert!(seen[number].iter().any(|t| t.contains(words)), "{:?}", seen[number]);
    says(0, "40 cases, 13 apart in time");
    says(0, "80 cases, 26 apart in time");
    says(0, "40 limits reached");
    says(3, "nothing to compare yet");
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    for format in [Format::Png, Format::Svg] {
        each(|figure| {
            let drawn = || draw(figure, format, Canvas::default()).unwrap();
            assert!(drawn() == drawn());
        });
    }
}
