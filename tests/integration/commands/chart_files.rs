//! `chart`: PNG and SVG files.

use std::fs;

use super::series_tables::measured;

/// The width and height in the header of a PNG.
fn png(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "the magic of a PNG");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert!(bytes.len() > 10_000, "{} bytes are too few for a chart", bytes.len());
    (number(16), number(20))
}

#[test]
fn a_png_has_the_requested_size() {
    let machine = measured();
    let chart = |options: &str| {
        machine
            .run(&format!("chart --input in.csv -o chart.png --today 2026-03-09 {options}"))
            .succeeds()
            .keeps_silent();
        png(&fs::read(machine.path("chart.png")).expect("the chart is there"))
    };
    assert_eq!(chart(""), (1200, 675));
    assert_eq!(chart("--size 800x500"), (800, 500));
    assert_eq!(chart("--size 800x500 --scale 2"), (1600, 1000));
}

#[test]
fn an_svg_has_the_requested_size_and_the_title() {
    let machine = measured();
    machine.run("chart --input in.csv -o chart.svg --size 800x500 --today 2026-03-09").succeeds().keeps_silent();
    let chart = fs::read_to_string(machine.path("chart.svg")).expect("the chart is there");
    assert!(chart.starts_with("<svg ") && chart.trim_end().ends_with("</svg>"), "{}", &chart[..200]);
    assert!(chart.contains("width=\"800\" height=\"500\""), "{}", &chart[..400]);
    assert!(chart.contains("vmail, bytes"), "the title");
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let machine = measured();
    for file in ["chart.png", "chart.svg"] {
        let draw = || {
            machine.run(&format!("chart --input in.csv -o {file} --today 2026-03-09")).succeeds();
            fs::read(machine.path(file)).expect("the chart is there")
        };
        assert!(draw() == draw(), "{file}");
    }
}

#[test]
fn a_directory_gets_a_chart_of_each_series() {
    let machine = measured();
    fs::create_dir(machine.path("charts")).expect("a directory can be made");
    machine.write("in.csv", "series,time,used,limit\na/../b,2026-01-01,1,10\n/var/vmail,2026-01-01,1,10\n");
    machine.run("chart --input in.csv -o charts").succeeds().keeps_silent();
    let mut names: Vec<_> = fs::read_dir(machine.path("charts")).expect("it can be listed").flatten().collect();
    names.sort_by_key(fs::DirEntry::file_name);
    let names: Vec<_> = names.iter().map(fs::DirEntry::file_name).collect();
    assert_eq!(names, ["a-..-b-bytes.png", "var-vmail-bytes.png"]);
}
