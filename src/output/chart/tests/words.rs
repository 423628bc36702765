//! Pictures of each kind: no text overlaps or leaves the picture, and odd input can be drawn.

use super::kinds::each;
use crate::output::chart::scene::{Point, Rect, Shape, Text};
use crate::output::chart::{Canvas, Figure, Format, draw};

const SIZES: [(u32, u32); 7] =
    [(520, 400), (520, 3_000), (640, 400), (900, 500), (1_200, 675), (4_000, 400), (4_000, 3_000)];

fn texts(picture: &dyn Figure, canvas: Canvas) -> Vec<Text> {
    let shapes = picture.scene(canvas).shapes;
    let text = |shape| if let Shape::Text(text) = shape { Some(text) } else { None };
    shapes.into_iter().filter_map(text).filter(|text| !text.text.is_empty()).collect()
}

#[test]
fn no_text_overlaps_or_leaves_the_picture() {
    for (width, height) in SIZES {
        let canvas = Canvas { width, height, scale: 1 };
        let edge = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
        each(&mut |name, picture| {
            let texts = texts(picture, canvas);
            let bounds: Vec<Rect> = texts.iter().map(Text::bounds).collect();
            for (i, text) in texts.iter().enumerate() {
                assert!(edge.contains(bounds[i]), "{name} at {width}x{height}: {text:?}");
                let other = (0..i).find(|&other| bounds[other].overlaps(bounds[i]));
                assert_eq!(other.map(|other| &texts[other].text), None, "{name} at {width}x{height}: {text:?}");
            }
        });
    }
}

#[test]
fn no_shape_leaves_the_picture() {
    let canvas = Canvas::NARROW;
    let edge = Rect { left: -1.0, top: -1.0, right: 521.0, bottom: 401.0 };
    let within = |point: &Point| edge.contains(Rect { left: point.x, right: point.x, top: point.y, bottom: point.y });
    each(&mut |name, picture| {
        for shape in picture.scene(canvas).shapes {
            let (Shape::Line { ref points, .. } | Shape::Area { ref points, .. }) = shape else { continue };
            assert!(points.iter().all(within), "{name}: {shape:?}");
        }
    });
}

#[test]
fn the_same_picture_gives_the_same_bytes_and_escapes_names() {
    each(&mut |name, picture| {
        let svg = draw(picture, Format::Svg, Canvas::default()).expect("it can be drawn");
        assert!(svg == draw(picture, Format::Svg, Canvas::default()).expect("it can be drawn"), "{name}");
        let svg = String::from_utf8(svg).expect("it is text");
        assert!(svg.contains("<title>") && svg.contains("<desc>"), "{name}");
        assert!(!svg.contains("<script") && !svg.contains("<img"), "{name}");
        let is_plain = |c: char| (c >= ' ' || c == '\n') && !matches!(c, '\u{202e}' | '\u{200f}' | '\u{ffff}');
        assert!(svg.chars().all(is_plain), "{name}");
    });
}

#[test]
fn an_empty_figure_says_why_it_is_empty() {
    let mut explained = 0;
    each(&mut |name, picture| {
        let says = |words: &str| texts(picture, Canvas::default()).iter().any(|text| text.text.starts_with(words));
        let empty = ["-empty", "-none", "-no-days"].iter().any(|ending| name.ends_with(ending));
        assert_eq!(says("nothing yet"), empty || name == "whatif-wild" || name == "past-wild", "{name}");
        explained += usize::from(empty);
    });
    assert_eq!(explained, 10);
}

#[test]
fn each_picture_has_its_labels() {
    let said = [
        ("ages", &["24 Nov 2025: 1.81 TiB", "23 Nov 2026: 2.34 TiB", "under 1 week", "18.0 GiB, 0.8 %"][..]),
        ("ages-many", &["older", "14 B, 35 %"]),
        ("domains", &["example.org", "other", "2.0 TiB", "Jan"]),
        ("flows", &["arrived", "deleted", "net", "−10 GiB"]),
        ("flows-wild", &["↑ 900 GiB", "↑ 400 GiB", "↓ 700 GiB"]),
        ("flows-uneven", &["heights: bytes per week"]),
        ("flows-long", &["heights: bytes per week"]),
        ("largest", &["anna.mustermann@example.org", "48.0 GiB, 2.0 %", "these 10: 194 GiB, 8.1 %"]),
        ("largest", &["all 4802 others: 2.15 TiB, 92 %"]),
        ("largest-one", &["there are no others"]),
        (
            "past",
            &["4 weeks before: 80 % range held 96 of 96", "1 year before: 80 % range held 40 of 48", "outside it"],
        ),
        ("past-one", &["1 week before: 80 % range held 1 of 1"]),
        (
            "backtest",
            &["far too early: under half", "7 %, line 33 %", "time forecast against true time, 60 limits reached"],
        ),
        ("backtest", &["80 % range of dates held 38 of 43", "before it", "5 %, expected 10 %", "7 %, expected 10 %"]),
        ("backtest", &["outcomes against the range, 21 apart in time", "in its upper half", "51 %, expected 40 %"]),
        ("backtest-nothing", &["nothing to compare yet"]),
        ("calendar", &["2022", "2026", "in all", "not known", "none", "up to 5 GiB", "more", "Jan", "Dec"]),
        ("whatif", &["as of 23 Nov 2026", "no change", "retain=Trash:30d", "limit 2.34 TiB"]),
        ("whatif", &["23 Aug 2027 (80 %: 20 Jun to 26 Oct 2027)", "limit 2.83 TiB"]),
        ("whatif-beyond", &["↑ limit 9.18 TiB", "beyond the horizon"]),
        ("whatif-no-limit", &["no limit is known"]),
    ];
    let mut seen = 0;
    each(&mut |name, picture| {
        let texts = texts(picture, Canvas::default());
        for (_, words) in said.iter().filter(|(of, _)| *of == name) {
            seen += 1;
            for word in *words {
                assert!(texts.iter().any(|text| text.text == *word), "{name}: {word}: {texts:#?}");
            }
        }
    });
    assert_eq!(seen, said.len());
}

#[test]
fn the_description_has_the_figures() {
    let expected = [
        ("ages", "under 1 week: 18.0 GiB, before 50.0 GiB; 1 to 4 weeks:"),
        ("flows", "Week by week, 24 Nov 2025 to 23 Nov 2026: "),
        ("largest", "The largest of 4812 mailboxes, which hold 2.34 TiB. anna.mustermann@example.org: 48.0 GiB;"),
        ("past", "forecast that long before. 4 weeks before: 80 % range held 96 of 96; 3 months before: "),
        (
            "backtest",
            "by 45 %. How far off the dates were (time forecast against true time, 60 limits reached): far too early: ",
        ),
        ("backtest", "too early: 15 %, line 13 %; right within a quarter: 50 %, line 20 %; "),
        (
            "backtest",
            "80 % range of levels held 74 of 82 (outcomes against the range, 21 apart in time): below it: 4 %, expec",
        ),
        ("calendar", "In all: 2022: "),
        ("domains", "size now, and growth. example.org: "),
        ("whatif", "retain=Trash:30d: 10 Jan 2028 (80 %: 7 Nov 2027 to 14 Mar 2028);"),
        ("largest-odd", "a\\r\\nBcc: b\\u{1b}[31m: "),
    ];
    let mut seen = 0;
    each(&mut |name, picture| {
        for (_, words) in expected.iter().filter(|(of, _)| *of == name) {
            seen += 1;
            let svg = String::from_utf8(draw(picture, Format::Svg, Canvas::default()).expect("it can be drawn"))
                .expect("it is text");
            let described =
                svg.split_once("<desc>").and_then(|(_, rest)| rest.split_once("</desc>")).expect("it has one");
            assert!(described.0.contains(words), "{name}: {}", described.0);
        }
    });
    assert_eq!(seen, expected.len());
}

#[test]
fn the_panels_of_a_picture_have_titles_of_one_form() {
    each(&mut |name, picture| {
        let texts = texts(picture, Canvas::NARROW);
        let titles = texts.iter().filter(|text| name.starts_with("past") && text.text.contains(" of "));
        let (long, short): (Vec<&Text>, Vec<&Text>) = titles.partition(|title| title.text.contains(" before: "));
        assert!(long.is_empty() || short.is_empty(), "{name}: {long:?} {short:?}");
    });
}
