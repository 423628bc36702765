//! A backtest: how far off the dates were, and where the outcomes lay in their forecasts.

use super::legend::{self, Sign};
use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, Rgb, TextStyle};
use super::{Canvas, Figure, fonts, text};
use crate::forecast::backtest::outcomes::{EXPECTED, Outcomes};
use crate::model::numbers::{counted, percent};

/// The errors of the dates, and how often the ranges held.
#[derive(Clone, Copy, Debug)]
pub struct BacktestFigure<'a> {
    /// The subject.
    pub title: &'a str,
    /// The main point in one sentence.
    pub subtitle: &'a str,
    /// The numbers of reached limits, from far too early to far too late.
    pub errors: [usize; 5],
    /// The same for the straight line.
    pub line_errors: [usize; 5],
    /// The outcomes of dates.
    pub dates: Outcomes,
    /// The outcomes of levels.
    pub levels: Outcomes,
}

const ERRORS: [&str; 5] =
    ["far too early: under half", "too early", "right within a quarter", "too late", "far too late: over double"];
const DATES: [&str; 4] = ["before it", "in its early half", "in its late half", "after it"];
const LEVELS: [&str; 4] = ["below it", "in its lower half", "in its upper half", "above it"];

/// Between two panels.
const GAP: f64 = 34.0;
/// From the top of a panel to the baselines of its title and note and to its bars.
const TITLE: f64 = 22.0;
const NOTE: f64 = 44.0;
const ROWS: f64 = 56.0;
/// The baseline of a row's words, the top of its bars, and the room below them.
const WORDS: f64 = 16.0;
const BARS: f64 = 22.0;
const BELOW: f64 = 8.0;
/// The greatest height of a row's bars, and the share of it that they fill.
const HIGHEST: f64 = 52.0;
const FILLED: f64 = 0.6;

/// Shares of the cases, as rows of bars.
struct Panel {
    title: String,
    note: String,
    /// Empty without cases.
    rows: Vec<Row>,
}

struct Row {
    words: &'static str,
    /// The shares in words, the longest form first.
    shares: [String; 2],
    bars: Vec<(f64, Rgb)>,
    right: Option<Right>,
}

/// The share that a right forecast has, and the interval of its share by chance.
struct Right {
    share: f64,
    chance: (f64, f64),
}

impl BacktestFigure<'_> {
    fn panels(&self) -> [Panel; 3] {
        [self.errors(), outcomes("dates", DATES, &self.dates), outcomes("levels", LEVELS, &self.levels)]
    }

    fn errors(&self) -> Panel {
        let [ours, line] = [self.errors, self.line_errors].map(shares);
        let row = |(words, (ours, line)): (&'static str, (f64, f64))| {
            let (short, line_too) = (percent(ours), format!("{}, line {}", percent(ours), percent(line)));
            let bars = vec![(ours, theme::MEDIAN), (line, theme::PEER)];
            Row { words, shares: [line_too, short], bars, right: None }
        };
        let limits: usize = self.errors.iter().sum();
        let rows = ERRORS.into_iter().zip(ours.into_iter().zip(line)).map(row);
        Panel {
            title: "How far off the dates were".to_owned(),
            note: format!("time forecast against true time, {} reached", counted(limits as u64, "limit")),
            rows: rows.filter(|_| limits > 0).collect(),
        }
    }
}

/// The outcomes in and around the 80 % range.
fn outcomes(what: &str, parts: [&'static str; 4], outcomes: &Outcomes) -> Panel {
    let (all, held, apart) = (outcomes.all(), outcomes.held(), outcomes.apart);
    let chance = outcomes.chance();
    let rows = parts.into_iter().zip(shares(outcomes.parts())).zip(EXPECTED.into_iter().zip(chance));
    let row = |((words, share), (expected, chance))| {
        let (short, expected_too) = (percent(share), format!("{}, expected {}", percent(share), percent(expected)));
        let right = Some(Right { share: expected, chance });
        Row { words, shares: [expected_too, short], bars: vec![(share, theme::MEDIAN)], right }
    };
    Panel {
        title: format!("80 % range of {what} held {held} of {all}"),
        note: format!("outcomes against the range, {apart} apart in time"),
        rows: rows.map(row).filter(|_| all > 0).collect(),
    }
}

/// The share of each count; zeros without any.
fn shares<const N: usize>(counts: [usize; N]) -> [f64; N] {
    let all: usize = counts.iter().sum();
    counts.map(|count| count as f64 / all.max(1) as f64)
}

impl Figure for BacktestFigure<'_> {
    fn title(&self) -> String {
        self.title.to_owned()
    }

    fn subtitle(&self) -> String {
        self.subtitle.to_owned()
    }

    fn in_words(&self) -> String {
        let row = |row: &Row| format!("{}: {}", row.words, row.shares[0]);
        let panel = |panel: &Panel| {
            let rows: Vec<String> = panel.rows.iter().map(row).collect();
            format!("{} ({}): {}.", panel.title, panel.note, rows.join("; "))
        };
        self.panels().iter().filter(|panel| !panel.rows.is_empty()).map(panel).collect::<Vec<_>>().join(" ")
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let room = canvas.room(theme::STRIP_TOP, theme::BELOW_ROWS);
        let panels = self.panels();
        for (i, panel) in panels.iter().enumerate() {
            panel.draw(scene, room.column(i, panels.len(), GAP));
        }
        let chance = "bars that end here are what chance alone gives a right forecast (9 in 10)";
        let signs = [
            (Sign::filled(theme::MEDIAN), "mailrunway"),
            (Sign::filled(theme::PEER), "straight line"),
            (Sign::filled(theme::BAND_80), chance),
            (Sign::line(theme::IDEAL_LINE), "expected"),
        ];
        legend::row(scene, (MARGIN, room.right), canvas.legend_baseline(), &signs, legend::CLOSE, &[]);
    }
}

impl Panel {
    fn draw(&self, scene: &mut Scene, area: Rect) {
        let line = |scene: &mut Scene, below: f64, style: TextStyle, words: &str| {
            let words = text::shortened(words, style, area.width());
            scene.text(Text::new(at(area.left, area.top + below), Anchor::Start, style, words));
        };
        line(scene, TITLE, theme::PANEL_TITLE, &self.title);
        line(scene, NOTE, theme::PANEL_NOTE, &self.note);
        let rows = Rect { top: area.top + ROWS, ..area };
        if self.rows.is_empty() {
            return text::note(scene, rows, "nothing to compare yet");
        }
        let ends = self.rows.iter().flat_map(|row| {
            row.bars.iter().map(|(share, _)| *share).chain(row.right.iter().map(|right| right.chance.1))
        });
        let most = ends.fold(0.0, f64::max);
        for (i, row) in self.rows.iter().enumerate() {
            row.draw(scene, rows.row(i, self.rows.len()), most);
        }
    }
}

impl Row {
    /// Draws the words, and the bars below them. `most` is the share that fills the width.
    fn draw(&self, scene: &mut Scene, area: Rect, most: f64) {
        let room = |shares: &str| area.width() - fonts::width(shares, theme::FIGURES) - theme::LABEL_GAP;
        let fits = |shares: &&String| fonts::width(self.words, theme::NAME) <= room(shares);
        let shares = self.shares.iter().find(fits).unwrap_or(&self.shares[1]);
        let words = text::shortened(self.words, theme::NAME, room(shares));
        let baseline = area.top + WORDS;
        scene.text(Text::new(at(area.left, baseline), Anchor::Start, theme::NAME, words));
        scene.text(Text::new(at(area.right, baseline), Anchor::End, theme::FIGURES, shares));

        let x = |share: f64| area.left + share / most * area.width();
        let top = area.top + BARS;
        let bottom = (area.bottom - BELOW).min(top + HIGHEST);
        if let Some(Right { chance: (low, high), .. }) = self.right {
            scene.rect(Rect { left: x(low), top, right: x(high), bottom }, theme::BAND_80);
        }
        let air = (1.0 - FILLED) / 2.0 * (bottom - top);
        let bars = Rect { top: top + air, bottom: bottom - air, ..area };
        for (i, &(share, color)) in self.bars.iter().enumerate() {
            scene.rect(Rect { right: x(share), ..bars.row(i, self.bars.len()) }, color);
        }
        if let Some(Right { share, .. }) = self.right {
            scene.segment(at(x(share), top), at(x(share), bottom), theme::IDEAL_LINE);
        }
        scene.segment(at(area.left, top), at(area.left, bottom), theme::AXIS_LINE);
    }
}
