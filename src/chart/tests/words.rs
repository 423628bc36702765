//! Pictures of each kind: that no words overlap or leave the picture, and that nothing is too odd to be drawn.

use super::gallery::Picture;
use super::kinds::each;
use crate::chart::scene::{Point, Rect, Shape, Text};
use crate::chart::{Canvas, Format};

const SIZES: [(u32, u32); 6] = [(640, 400), (640, 3_000), (900, 500), (1_200, 675), (4_000, 400), (4_000, 3_000)];

fn texts(picture: &Picture, canvas: Canvas) -> Vec<Text> {
    let shapes = picture.scene(canvas).shapes;
    let text = |shape| if let Shape::Text(text) = shape { Some(text) } else { None };
    shapes.into_iter().filter_map(text).filter(|text| !text.text.is_empty()).collect()
}

#[test]
fn no_words_overlap_or_leave_the_picture() {
    for (width, height) in SIZES {
        let canvas = Canvas { width, height, scale: 1 };
        let edge = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
        each(&mut |name, picture| {
            let texts = texts(picture, canvas);
            let bounds: Vec<Rect> = texts.iter().map(Text::bounds).collect();
            for (i, text) in texts.iter().enumerate() {
                assert!(edge.holds(bounds[i]), "{name} at {width}x{height}: {text:?}");
                let other = (0..i).find(|&other| bounds[other].overlaps(bounds[i]));
                assert_eq!(other.map(|other| &texts[other].text), None, "{name} at {width}x{height}: {text:?}");
            }
        });
    }
}

#[test]
fn no_shape_leaves_the_picture() {
    let canvas = Canvas { width: 640, height: 400, scale: 1 };
    let edge = Rect { left: -1.0, top: -1.0, right: 641.0, bottom: 401.0 };
    let within = |point: &Point| edge.holds(Rect { left: point.x, right: point.x, top: point.y, bottom: point.y });
    each(&mut |name, picture| {
        for shape in picture.scene(canvas).shapes {
            let (Shape::Line { ref points, .. } | Shape::Area { ref points, .. }) = shape else { continue };
            assert!(points.iter().all(within), "{name}: {shape:?}");
        }
    });
}

#[test]
fn the_same_picture_gives_the_same_bytes_and_names_stay_text() {
    each(&mut |name, picture| {
        let svg = picture.draw(Format::Svg, Canvas::default());
        assert!(svg == picture.draw(Format::Svg, Canvas::default()), "{name}");
        let svg = String::from_utf8(svg).expect("it is text");
        assert!(svg.contains("<title>") && svg.contains("<desc>"), "{name}");
        assert!(!svg.contains("<script") && !svg.contains("<img"), "{name}");
        let is_plain = |c: char| (c >= ' ' || c == '\n') && !matches!(c, '\u{202e}' | '\u{200f}' | '\u{ffff}');
        assert!(svg.chars().all(is_plain), "{name}");
    });
}

#[test]
fn what_is_not_known_yet_is_said_calmly() {
    let mut calm = 0;
    each(&mut |name, picture| {
        let says = |words: &str| texts(picture, Canvas::default()).iter().any(|text| text.text.starts_with(words));
        let empty = ["-empty", "-none", "-no-days"].iter().any(|ending| name.ends_with(ending));
        assert_eq!(says("nothing yet"), empty || name == "whatif-wild" || name == "past-wild", "{name}");
        calm += usize::from(empty);
    });
    assert_eq!(calm, 9);
}
