//! The look of every picture: colours, letter sizes, line widths and distances, in logical pixels.

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub u8, pub u8, pub u8);

// Blue against vermilion stays apart in every common colour blindness (Okabe and Ito 2008), and the steps of lightness
// keep the bands apart in grey. No meaning depends on colour alone: each line also has a shape and a label of its own.
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
/// A dark amber for letters: its contrast on white is above 5:1, that of [`ORDER_BY`] too low.
pub(crate) const ORDER_BY_INK: Rgb = Rgb(138, 88, 0);
pub(crate) const EVENT: Rgb = Rgb(70, 82, 97);
/// For comparison: the straight line, a year ago, all others.
pub(crate) const PEER: Rgb = Rgb(158, 167, 179);

/// Stacked layers from the lowest up, each lighter than the one below: navy, green, straw.
pub(crate) const LAYERS: [Rgb; 6] =
    [Rgb(11, 61, 112), Rgb(22, 100, 168), Rgb(30, 138, 178), Rgb(70, 174, 158), Rgb(138, 207, 160), Rgb(244, 223, 139)];
pub(crate) const ARRIVED: Rgb = MEDIAN;
pub(crate) const DELETED: Rgb = Rgb(230, 159, 0);
/// Amounts in a calendar, the smallest first, in even steps of lightness.
pub(crate) const SHADES: [Rgb; 5] =
    [Rgb(214, 232, 246), Rgb(160, 200, 230), Rgb(96, 158, 205), Rgb(32, 104, 166), Rgb(9, 48, 92)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

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
pub(crate) const ORDER_BY_LABEL: TextStyle = style(15.0, Weight::SemiBold, ORDER_BY_INK);
pub(crate) const LIMIT_LABEL: TextStyle = style(16.0, Weight::SemiBold, LIMIT);
pub(crate) const EXHAUSTION_DATE: TextStyle = style(20.0, Weight::SemiBold, LIMIT);
pub(crate) const EXHAUSTION_RANGE: TextStyle = style(15.0, Weight::Regular, LIMIT);
pub(crate) const NAME: TextStyle = style(14.5, Weight::SemiBold, INK);
pub(crate) const FIGURES: TextStyle = style(14.5, Weight::Regular, SOFT_INK);
pub(crate) const VALUE: TextStyle = style(15.0, Weight::Regular, INK);
pub(crate) const ROW_LABEL: TextStyle = style(15.0, Weight::Regular, INK);
pub(crate) const EVENT_LABEL: TextStyle = style(14.0, Weight::Regular, EVENT);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub color: Rgb,
    pub width: f64,
    /// The lengths of dashes and gaps in turn, an even number; empty for a solid line.
    pub dashes: &'static [f64],
}

impl Stroke {
    pub(super) const fn solid(color: Rgb, width: f64) -> Stroke {
        Stroke { color, width, dashes: &[] }
    }

    const fn dashed(color: Rgb, width: f64, dashes: &'static [f64]) -> Stroke {
        Stroke { color, width, dashes }
    }

    /// The white line behind this one, a seam wider on each side.
    pub(super) fn halo(self) -> Stroke {
        Stroke::solid(PAPER, self.width + 2.0 * SEAM)
    }
}

pub(crate) const GRID_LINE: Stroke = Stroke::solid(GRID, HAIRLINE);
pub(crate) const AXIS_LINE: Stroke = Stroke::solid(AXIS, AXIS_WIDTH);
pub(crate) const THIN_LINE: Stroke = Stroke::solid(AXIS, HAIRLINE);
pub(crate) const SEAM_LINE: Stroke = Stroke::solid(PAPER, SEAM);
pub(crate) const HISTORY_LINE: Stroke = Stroke::solid(HISTORY, 2.6);
pub(crate) const MEDIAN_LINE: Stroke = Stroke::dashed(MEDIAN, 2.2, &[8.0, 5.0]);
pub(crate) const NET_LINE: Stroke = Stroke::solid(INK, 2.2);
pub(crate) const IDEAL_LINE: Stroke = Stroke::dashed(SOFT_INK, AXIS_WIDTH, &[5.0, 4.0]);
pub(crate) const LIMIT_LINE: Stroke = Stroke::solid(LIMIT, 2.4);
pub(crate) const SCENARIO_LIMIT_LINE: Stroke = Stroke::dashed(LIMIT, 1.8, &[5.0, 4.0]);
pub(crate) const EXHAUSTION_LINE: Stroke = Stroke::solid(LIMIT, 7.0);
pub(crate) const ORDER_BY_LINE: Stroke = Stroke::solid(ORDER_BY, 1.8);
pub(crate) const LEAD_TIME_LINE: Stroke = Stroke::dashed(SOFT_INK, 1.8, &[2.5, 3.5]);
pub(crate) const EVENT_LINE: Stroke = Stroke::dashed(EVENT, HAIRLINE, &[2.5, 3.5]);
pub(crate) const RANGE_EDGE: Stroke = Stroke::solid(Rgb(112, 160, 204), HAIRLINE);
/// The unchanged forecast, then the scenarios: the dashes tell them apart, the colour only helps.
pub(crate) const SCENARIOS: [Stroke; 8] = [
    Stroke::solid(HISTORY, 2.4),
    Stroke::dashed(Rgb(0, 122, 90), 2.4, &[11.0, 4.0]),
    Stroke::dashed(Rgb(156, 91, 0), 2.4, &[2.5, 3.5]),
    Stroke::dashed(Rgb(122, 62, 107), 2.4, &[11.0, 4.0, 2.5, 4.0]),
    Stroke::dashed(Rgb(46, 134, 193), 2.4, &[5.5, 3.5]),
    Stroke::dashed(INK, 2.4, &[11.0, 4.0, 2.5, 4.0, 2.5, 4.0]),
    Stroke::dashed(Rgb(30, 150, 120), 2.4, &[20.0, 6.0]),
    Stroke::dashed(Rgb(110, 120, 134), 2.4, &[2.5, 7.0]),
];

pub(crate) const HAIRLINE: f64 = 1.0;
pub(crate) const AXIS_WIDTH: f64 = 1.2;
/// Between layers and bars that touch, so that they stay apart where their colours do not.
pub(crate) const SEAM: f64 = 1.4;
pub(crate) const HISTORY_DOT: f64 = 3.4;
/// The outer and the inner radius of a ring.
pub(crate) const RING: (f64, f64) = (6.5, 3.8);
pub(crate) const LIMIT_RING: (f64, f64) = (8.5, 5.0);

/// Between the edge of the picture and its content.
pub(crate) const MARGIN: f64 = 28.0;
pub(crate) const TITLE_BASELINE: f64 = 46.0;
pub(crate) const SUBTITLE_BASELINE: f64 = 75.0;
/// The strip of labels between the subtitle and the plot.
pub(crate) const STRIP_TOP: f64 = 92.0;
pub(crate) const STRIP_ROW: f64 = 21.0;
pub(crate) const DATE_ROW: f64 = 19.0;
/// Below the plot: two rows of dates and the legend.
pub(crate) const BELOW_PLOT: f64 = 98.0;
pub(crate) const LEGEND_ABOVE_EDGE: f64 = 24.0;
/// The room above the limit line for the exhaustion date.
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
/// Half the height of a capital, as a share of the letter size.
pub(crate) const HALF_CAPITAL: f64 = 0.36;
/// Between a label and its neighbours.
pub(crate) const LABEL_GAP: f64 = 7.0;
