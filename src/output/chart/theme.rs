//! The look of every picture: colours, letter sizes, line widths and distances, in logical pixels.

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub u8, pub u8, pub u8);

// Blue against vermilion stays apart in every common colour blindness (Okabe and Ito 2008), and the steps of lightness
// keep the bands apart in grey. No meaning hangs on colour alone: each line also has a shape and a label of its own.
pub(crate) const PAPER: Rgb = Rgb(255, 255, 255);
pub(crate) const INK: Rgb = Rgb(24, 33, 45);
pub(crate) const SOFT_INK: Rgb = Rgb(82, 94, 110);
pub(crate) const GRID: Rgb = Rgb(226, 231, 237);
pub(crate) const AXIS: Rgb = Rgb(140, 151, 165);
pub(crate) const HISTORY: Rgb = Rgb(11, 61, 112);
pub(crate) const MEDIAN: Rgb = Rgb(22, 91, 158);
pub(crate) const BAND_50: Rgb = Rgb(150, 190, 227);
pub(crate) const BAND_80: Rgb = Rgb(197, 219, 240);
pub(crate) const BAND_90: Rgb = Rgb(227, 238, 248);
pub(crate) const LIMIT: Rgb = Rgb(196, 56, 22);
pub(crate) const ORDER_BY: Rgb = Rgb(201, 137, 0);
/// Amber is too light for letters on white; this is its dark sister with a contrast above 5:1.
pub(crate) const ORDER_BY_INK: Rgb = Rgb(138, 88, 0);
pub(crate) const EVENT: Rgb = Rgb(70, 82, 97);
/// What is there to compare with: grey, and lighter than what is compared.
pub(crate) const PEER: Rgb = Rgb(158, 167, 179);

/// Layers that lie on one another, from below: each lighter than the one before, from navy over green to straw.
pub(crate) const LAYERS: [Rgb; 6] =
    [Rgb(11, 61, 112), Rgb(22, 100, 168), Rgb(30, 138, 178), Rgb(70, 174, 158), Rgb(138, 207, 160), Rgb(244, 223, 139)];
/// What came, above the line, and what went, below it.
pub(crate) const ARRIVED: Rgb = Rgb(22, 91, 158);
pub(crate) const DELETED: Rgb = Rgb(230, 159, 0);
/// Amounts in a calendar, from little to much, in even steps of lightness.
pub(crate) const SHADES: [Rgb; 5] =
    [Rgb(214, 232, 246), Rgb(160, 200, 230), Rgb(96, 158, 205), Rgb(32, 104, 166), Rgb(9, 48, 92)];
/// The first two forecasts of a series of them, and so on in turn: the second is warm, and as light as the first.
pub(crate) const FANS: [Rgb; 2] = [Rgb(205, 224, 242), Rgb(247, 224, 190)];
pub(crate) const FAN_EDGES: [Rgb; 2] = [Rgb(112, 160, 204), Rgb(206, 148, 62)];
pub(crate) const FAN_MEDIANS: [Rgb; 2] = [Rgb(22, 91, 158), Rgb(138, 88, 0)];
/// Scenarios, that in which all goes on first: told apart by their dashes, the colour only helps.
pub(crate) const SCENARIOS: [Rgb; 8] = [
    Rgb(11, 61, 112),
    Rgb(0, 122, 90),
    Rgb(156, 91, 0),
    Rgb(122, 62, 107),
    Rgb(46, 134, 193),
    Rgb(24, 33, 45),
    Rgb(30, 150, 120),
    Rgb(110, 120, 134),
];

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextStyle {
    pub size: f64,
    pub weight: Weight,
    pub color: Rgb,
}

const fn style(size: f64, weight: Weight, color: Rgb) -> TextStyle {
    TextStyle { size, weight, color }
}

pub(crate) const TITLE: TextStyle = style(26.0, Weight::SemiBold, INK);
pub(crate) const SUBTITLE: TextStyle = style(18.0, Weight::Regular, SOFT_INK);
pub(crate) const LONG_TITLE: TextStyle = style(21.0, Weight::SemiBold, INK);
pub(crate) const LONG_SUBTITLE: TextStyle = style(13.5, Weight::Regular, SOFT_INK);
pub(crate) const PANEL_TITLE: TextStyle = style(17.0, Weight::SemiBold, INK);
pub(crate) const PANEL_NOTE: TextStyle = style(14.5, Weight::Regular, SOFT_INK);
pub(crate) const OURS_LABEL: TextStyle = style(15.0, Weight::SemiBold, HISTORY);
pub(crate) const PEER_LABEL: TextStyle = style(15.0, Weight::SemiBold, EVENT);
pub(crate) const TICK: TextStyle = style(15.0, Weight::Regular, SOFT_INK);
pub(crate) const LEGEND: TextStyle = style(14.5, Weight::Regular, SOFT_INK);
pub(crate) const NOTE: TextStyle = style(16.0, Weight::Regular, SOFT_INK);
pub(crate) const AS_OF_LABEL: TextStyle = style(15.0, Weight::Regular, SOFT_INK);
pub(crate) const ORDER_BY_LABEL: TextStyle = style(15.0, Weight::SemiBold, ORDER_BY_INK);
pub(crate) const LIMIT_LABEL: TextStyle = style(16.0, Weight::SemiBold, LIMIT);
pub(crate) const EXHAUSTION_DATE: TextStyle = style(20.0, Weight::SemiBold, LIMIT);
pub(crate) const EXHAUSTION_RANGE: TextStyle = style(15.0, Weight::Regular, LIMIT);
pub(crate) const NAME: TextStyle = style(14.5, Weight::SemiBold, INK);
pub(crate) const FIGURES: TextStyle = style(14.5, Weight::Regular, SOFT_INK);
pub(crate) const VALUE: TextStyle = style(15.0, Weight::Regular, INK);
pub(crate) const ROW_LABEL: TextStyle = style(15.0, Weight::Regular, INK);
pub(crate) const EVENT_LABEL: TextStyle = style(14.0, Weight::Regular, EVENT);

pub(crate) const HISTORY_WIDTH: f64 = 2.6;
pub(crate) const HISTORY_DOT: f64 = 3.4;
pub(crate) const MEDIAN_WIDTH: f64 = 2.2;
pub(crate) const MEDIAN_DASH: Dash = Dash(&[8.0, 5.0]);
pub(crate) const RELIABILITY_DOT: f64 = 4.6;
pub(crate) const IDEAL_DASH: Dash = Dash(&[5.0, 4.0]);
pub(crate) const LIMIT_WIDTH: f64 = 2.4;
pub(crate) const WINDOW_WIDTH: f64 = 7.0;
pub(crate) const HAIRLINE: f64 = 1.0;
pub(crate) const AXIS_WIDTH: f64 = 1.2;
pub(crate) const MARK_WIDTH: f64 = 1.8;
pub(crate) const LEAD_TIME_DASH: Dash = Dash(&[2.5, 3.5]);
/// Between layers and bars that touch, so that they stay apart where their colours do not.
pub(crate) const SEAM: f64 = 1.4;
pub(crate) const FAN_DASHES: [Dash; 2] = [Dash(&[8.0, 4.0]), Dash(&[3.0, 3.0])];
pub(crate) const ISSUED_DOT: f64 = 5.2;
pub(crate) const SCENARIO_WIDTH: f64 = 2.4;
/// The dashes of scenarios, in the order of their colours; the first is whole.
pub(crate) const SCENARIO_DASHES: [Option<Dash>; 8] = [
    None,
    Some(Dash(&[11.0, 4.0])),
    Some(Dash(&[2.5, 3.5])),
    Some(Dash(&[11.0, 4.0, 2.5, 4.0])),
    Some(Dash(&[5.5, 3.5])),
    Some(Dash(&[11.0, 4.0, 2.5, 4.0, 2.5, 4.0])),
    Some(Dash(&[20.0, 6.0])),
    Some(Dash(&[2.5, 7.0])),
];

/// The strokes and gaps of a broken line in turn, beginning with a stroke; as many of the one as of the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dash(pub &'static [f64]);

/// Between the picture's edge and whatever stands next to it.
pub(crate) const MARGIN: f64 = 28.0;
pub(crate) const TITLE_BASELINE: f64 = 46.0;
pub(crate) const SUBTITLE_BASELINE: f64 = 75.0;
/// The strip of mark labels between the verdict and the plot.
pub(crate) const STRIP_TOP: f64 = 92.0;
pub(crate) const STRIP_ROW: f64 = 21.0;
pub(crate) const DATE_ROW: f64 = 19.0;
/// Below the plot: two rows of dates and the legend.
pub(crate) const BELOW_PLOT: f64 = 98.0;
pub(crate) const LEGEND_ABOVE_EDGE: f64 = 24.0;
/// What stays free above the limit line for the exhaustion date.
pub(crate) const ABOVE_LIMIT: f64 = 70.0;
/// Where a plot without a strip begins.
pub(crate) const PLOT_TOP: f64 = 100.0;
/// Below a plot without a legend: two rows of dates.
pub(crate) const BELOW_DATES: f64 = 70.0;
/// Below a plot without dates: the legend.
pub(crate) const BELOW_ROWS: f64 = 56.0;
/// Between the strip and the plot.
pub(crate) const STRIP_GAP: f64 = 6.0;
/// Between two entries of the legend.
pub(crate) const LEGEND_GAP: f64 = 24.0;
/// Half the height of a capital, in sizes of the letter: what centres a line of text.
pub(crate) const HALF_CAPITAL: f64 = 0.36;
/// Between a label and its neighbours.
pub(crate) const LABEL_GAP: f64 = 7.0;
