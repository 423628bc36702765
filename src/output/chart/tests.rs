//! Whole pictures: their text, that nothing overlaps, and that odd input can be drawn.

mod gallery;
mod kinds;
mod scenarios;
mod words;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use super::axes::dates::midnight;
use super::scene::{Rect, Scene, Shape, Text};
use super::*;
use crate::forecast::{
    Event, Forecast, Growth, HistoryLength, Level, Outlook, Passage, Quantiles, State, Trend, passage::Grid,
};
use crate::model::bytes::Units;
use crate::model::series::{EventKind, Observation, Resource, Series};

const AS_OF: Date = date(2026, 11, 14);
const GIB: f64 = 1_073_741_824.0;

fn step(date: Date, size: f64) -> Event {
    Event { date, size, kind: EventKind::Step, source: None }
}

/// The data of a runway.
struct Sample {
    series: Series,
    forecast: Forecast,
    lead_time_ends: Option<Date>,
    order_by: Option<Date>,
}

impl Sample {
    /// Weekly observations that grow by a GiB a day towards a limit.
    fn new(weeks: i32, limit: Option<f64>) -> Sample {
        let day = |days: i32| AS_OF.saturating_add(days.days());
        let seconds = |days: i32| midnight(day(days)) as i64 * 86_400;
        let time = |days: i32| Timestamp::from_second(seconds(days)).unwrap();
        let observation = |week: i32| Observation {
            time: time((week + 1 - weeks) * 7),
            used: (1_000 + 7 * week + 2 * (week % 3)) as f64 * GIB,
        };
        let series =
            Series::new("mail01: /var/vmail".into(), Resource::Bytes, (0..weeks).map(observation).collect(), limit);
        let used = series.used().unwrap_or(0.0);
        let level = |days: i32, p: f64| used + GIB * f64::from(days) * (0.6 + 0.8 * p);
        let reached =
            |p: f64| (0..1_095).find(|&days| limit.is_some_and(|limit| level(days, 1.0 - p) >= limit)).map(day);
        let exhaustion = Quantiles::from_fn(reached);
        let levels = (1..=156)
            .map(|week| week * 7)
            .map(|days| Level { date: day(days), used: Quantiles::from_fn(|p| level(days, p)) });
        let outlook = Outlook {
            exhaustion,
            passage: Passage::never(&Grid::up_to(1)),
            probability: Vec::new(),
            level: levels.collect(),
            growth_per_day: Growth { p10: 0.7 * GIB, p50: GIB, p90: 1.3 * GIB },
            trend: Trend::Grows,
            has_dates: true,
            left_out: Vec::new(),
            clear_outs: None,
            events: vec![step(day(-70), 31.0 * GIB), step(day(-140), -25.0 * GIB)],
            reason: None,
        };
        let state = if exhaustion.p50.is_some() { State::Expected } else { State::Beyond };
        let forecast = Forecast {
            identity: Default::default(),
            series: "mail01".into(),
            resource: Resource::Bytes,
            as_of: AS_OF,
            observations: series.observations.len(),
            history_days: 364,
            used,
            limit,
            announced: Vec::new(),
            size_moves: false,
            measured_now: false,
            imported: 0,
            spread: 1.0,
            either: None,
            state,
            outlook: Some(outlook),
        };
        Sample { series, forecast, lead_time_ends: Some(day(90)), order_by: Some(day(40)) }
    }

    fn outlook(&mut self) -> &mut Outlook {
        self.forecast.outlook.as_mut().unwrap()
    }

    fn figure(&self) -> RunwayFigure<'_> {
        RunwayFigure {
            headline: "Full 12 May 2027 (80%: 2 Apr to 19 Jul 2027); order by 27 Nov 2026".into(),
            series: &self.series,
            forecast: &self.forecast,
            lead_time_ends: self.lead_time_ends,
            order_by: self.order_by,
            units: Units::Iec,
        }
    }

    fn texts(&self, canvas: Canvas) -> Vec<Text> {
        let Scene { shapes } = self.figure().scene(canvas);
        shapes.into_iter().filter_map(|shape| if let Shape::Text(text) = shape { Some(text) } else { None }).collect()
    }

    fn words(&self) -> Vec<String> {
        self.texts(Canvas::default()).into_iter().map(|text| text.text).collect()
    }

    fn draw(&self, format: Format, canvas: Canvas) -> Vec<u8> {
        draw(&self.figure(), format, canvas).unwrap()
    }
}

/// Runways of every state, with odd values too.
fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = [Some(2_000.0), Some(1_900.0), Some(1_760.0), Some(9_000.0), Some(90_000.0), None]
        .into_iter()
        .flat_map(|limit| [0, 1, 3, 30, 104, 520].map(|weeks| Sample::new(weeks, limit.map(|limit| limit * GIB))))
        .collect();
    let odd: [fn(&mut Sample); 12] = [
        |s| s.forecast.state = State::Already,
        |s| s.forecast.outlook = None,
        |s| s.series.limit = Some(f64::NAN),
        |s| s.series.limit = Some(f64::INFINITY),
        |s| s.series.limit = Some(-1.0),
        |s| s.series.observations.iter_mut().for_each(|o| o.used = 0.0),
        |s| s.series.observations.iter_mut().for_each(|o| o.used = f64::MAX),
        |s| s.series.observations[3].used = f64::NAN,
        |s| s.outlook().level.iter_mut().for_each(|level| level.used.p95 = f64::INFINITY),
        |s| s.outlook().level.iter_mut().for_each(|level| level.used = level.used.map(|used| -used)),
        |s| s.outlook().exhaustion = Quantiles::from_fn(|p| (p < 0.3).then_some(Date::MIN)),
        |s| (s.order_by, s.lead_time_ends) = (Some(Date::MIN), Some(Date::MAX)),
    ];
    for change in odd {
        let mut sample = Sample::new(104, Some(2_000.0 * GIB));
        change(&mut sample);
        samples.push(sample);
    }
    samples
}

#[test]
fn the_picture_shows_the_figures_of_the_forecast() {
    let sample = Sample::new(104, Some(2_000.0 * GIB));
    let svg = String::from_utf8(sample.draw(Format::Svg, Canvas::default())).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\"") && svg.contains("viewBox=\"0 0 12000 6750\""));
    assert!(svg.contains("<title>mail01: /var/vmail, bytes</title>") && !svg.contains(" id="));
    let words = sample.words();
    let dates = sample.forecast.outlook.unwrap().exhaustion;
    let range = format!("80 %: {}", crate::model::dates::days(dates.p10.unwrap(), dates.p90.unwrap()));
    let expected = [
        "limit 1.95 TiB",
        "as of 14 Nov 2026",
        "order by 24 Dec 2026",
        "lead time ends 12 Feb 2027",
        "+31.0 GiB",
        "0",
        "1.5 TiB",
    ];
    for expected in expected.map(str::to_owned).into_iter().chain([crate::model::dates::day(dates.p50.unwrap()), range])
    {
        assert!(words.contains(&expected), "{expected}: {words:?}");
        assert!(svg.contains(&expected), "{expected}");
    }
}

#[test]
fn every_state_is_shown() {
    let shows = |words: &str, sample: &Sample| assert!(sample.words().iter().any(|w| w.contains(words)), "{words}");
    shows("not reached within the horizon", &Sample::new(104, Some(3_500.0 * GIB)));
    shows("far above", &Sample::new(104, Some(90_000.0 * GIB)));
    shows("no limit is known", &Sample::new(104, None));
    let mut sample = Sample::new(3, Some(2_000.0 * GIB));
    sample.forecast.outlook = None;
    let (have, need) = (HistoryLength { observations: 3, days: 14 }, HistoryLength { observations: 4, days: 21 });
    sample.forecast.state = State::NotEnoughHistory { have, need };
    shows("collecting: 3 of 4 scans, 14 of 21 days", &sample);
    let mut sample = Sample::new(104, Some(1_700.0 * GIB));
    sample.forecast.state = State::Already;
    shows("limit reached", &sample);
    let mut sample = Sample::new(104, Some(2_000.0 * GIB));
    sample.outlook().exhaustion.p90 = None;
    shows("to beyond the horizon", &sample);
    sample.outlook().exhaustion.p50 = None;
    shows("10 % chance by", &sample);
    sample.order_by = Some(date(2020, 1, 1));
    shows("← order by 1 Jan 2020", &sample);
}

#[test]
fn no_text_overlaps_or_leaves_the_picture() {
    for (width, height) in [(520, 400), (640, 400), (900, 500), (1_200, 675), (4_000, 1_000)] {
        let canvas = Canvas { width, height, scale: 1 };
        let picture = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
        for (number, sample) in samples().iter().enumerate() {
            let texts = sample.texts(canvas);
            for (i, text) in texts.iter().enumerate() {
                assert!(picture.contains(text.bounds()), "{number} at {width}: {text:?}");
                let other = texts[..i].iter().find(|other| other.bounds().overlaps(text.bounds()));
                assert_eq!(other.map(|other| &other.text), None, "{number} at {width}: {text:?}");
            }
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let mut sample = Sample::new(104, Some(2_000.0 * GIB));
    sample.series.name = "</title><script>alert('&')</script>\x1b[31m\0\n\u{202e}\u{ffff}]]>\"".repeat(9);
    let svg = String::from_utf8(sample.draw(Format::Svg, Canvas::default())).unwrap();
    assert!(!svg.contains("<script"));
    assert!(svg.chars().all(|c| (c >= ' ' || c == '\n') && !matches!(c, '\u{202e}' | '\u{ffff}')));
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("every tag ends");
        assert!(!text.contains('>'), "{text}");
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        for entity in text.split('&').skip(1) {
            assert!(["lt;", "gt;", "amp;", "quot;", "apos;"].iter().any(|known| entity.starts_with(known)), "{entity}");
        }
    }
    assert!(open.is_empty());
    sample.draw(Format::Png, Canvas::default());
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let sample = Sample::new(104, Some(2_000.0 * GIB));
    for format in [Format::Png, Format::Svg] {
        assert!(sample.draw(format, Canvas::default()) == sample.draw(format, Canvas::default()));
    }
}

#[test]
fn a_png_has_the_expected_size_and_colours() {
    let sample = Sample::new(104, Some(2_000.0 * GIB));
    let bytes = sample.draw(Format::Png, Canvas { width: 800, height: 450, scale: 2 });
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let (width, height) = reader.info().size();
    assert_eq!((width, height), (1_600, 900));
    assert_eq!(reader.info().pixel_dims.map(|dims| dims.xppu), Some(7_559)); // 192 dots an inch
    let count = |theme::Rgb(r, g, b)| pixels.chunks_exact(3).filter(|pixel| *pixel == [r, g, b]).count();
    assert_eq!(pixels[..3], [255, 255, 255]);
    assert!(count(theme::LIMIT) > 1_000 && count(theme::HISTORY) > 500 && count(theme::BAND_50) > 100);
}

#[test]
fn invalid_canvases_are_refused() {
    let sample = Sample::new(4, None);
    for (width, height, scale) in
        [(0, 0, 0), (100, 675, 1), (1_200, 675, 0), (u32::MAX, u32::MAX, 4), (4_000, 3_000, 2)]
    {
        let canvas = Canvas { width, height, scale };
        assert!(matches!(draw(&sample.figure(), Format::Svg, canvas), Err(ChartError::Canvas(_))), "{canvas:?}");
    }
}

#[test]
fn the_format_follows_the_extension() {
    let format = |name: &str| Format::from_path(Path::new(name));
    assert_eq!(
        [format("a/b.svg"), format("b.PNG"), format("b.gif"), format("png")],
        [Some(Format::Svg), Some(Format::Png), None, None]
    );
}
