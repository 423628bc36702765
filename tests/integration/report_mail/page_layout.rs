//! The page on a phone, on a desktop and in print, light and dark.

use std::fs;
use std::path::PathBuf;

use crate::support::browser::Browser;
use crate::support::machine::Machine;
use crate::support::page::{Look, sheets};

/// The directory for the screenshots; without it they go to a temporary directory:
/// `MAILRUNWAY_PICTURES=DIR cargo test --release --locked --test integration screenshots_and_print -- --ignored`
const PICTURES: &str = "MAILRUNWAY_PICTURES";

/// Every look, and the name of its picture.
const LOOKS: [(&str, Look); 5] = [
    ("phone", Look::PHONE),
    ("phone-dark", Look::PHONE.dark()),
    ("desk", Look::DESK),
    ("desk-dark", Look::DESK.dark()),
    ("paper", Look::PAPER),
];

/// A machine with the demo's history, and its page.
fn demo() -> (Machine, PathBuf) {
    let machine = Machine::new();
    machine.run("-q demo demo").succeeds();
    machine.run("-c demo/mailrunway.toml --history demo/history report --format html -o page.html").succeeds();
    let page = machine.path("page.html");
    (machine, page)
}

#[test]
#[ignore = "needs Chromium: run tests/run"]
fn the_page_has_no_overlaps_or_sideways_scrolling() {
    let (_machine, file) = demo();
    let browser = Browser::start();
    let mut findings = Vec::new();
    for (name, look) in LOOKS {
        let page = browser.open(&file, look);
        findings.extend(page.findings().into_iter().map(|finding| format!("{name}: {finding}")));
        page.unfold();
        findings.extend(page.findings().into_iter().map(|finding| format!("{name}, unfolded: {finding}")));
    }
    findings.dedup();
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), findings.join("\n"));
}

#[test]
#[ignore = "needs Chromium: run tests/run"]
fn screenshots_and_print_have_the_expected_sizes() {
    let (machine, file) = demo();
    let browser = Browser::start();
    let directory = std::env::var_os(PICTURES).map_or_else(|| machine.path("pictures"), PathBuf::from);
    fs::create_dir_all(&directory).expect("a directory can be made");
    let mut shown = Vec::new();
    for (name, look) in LOOKS {
        let picture = browser.open(&file, look).picture();
        let (width, height) = png_size(&picture);
        let least = [look.width, look.height].map(|pixels| (f64::from(pixels) * look.scale) as u32);
        assert_eq!(width, least[0], "{name}: the page is as wide as the screen");
        assert!(height >= least[1], "{name}: the whole page is shown");
        fs::write(directory.join(format!("report-{name}.png")), &picture).expect("a file can be written");
        shown.push(picture);
    }
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), LOOKS.len(), "all looks differ");

    let pdf = browser.open(&file, Look::DESK).pdf();
    fs::write(directory.join("report.pdf"), &pdf).expect("a file can be written");
    let sheets = sheets(&pdf);
    assert_eq!(sheets.len(), 1, "one store is one sheet");
    for (width, height) in sheets {
        let is_a4 = (width - 841.9).abs() < 1.0 && (height - 595.3).abs() < 1.0;
        assert!(is_a4, "{width} by {height} points is not A4 across");
    }
}

/// The width and height in the header of a PNG.
fn png_size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "it is not a PNG");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}
