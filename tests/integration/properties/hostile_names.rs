//! Hostile names of mailboxes, folders, domains, hosts, stores, volumes and files are inert in every output format.

mod comparison;
mod generator;
mod markdown;
mod markup;
mod message;
mod sample_history;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use mailrunway::model::bytes::{Bytes, Units};
use mailrunway::model::escape::{brief, printable};
use mailrunway::model::json;
use mailrunway::output::chart;
use mailrunway::output::chart::{BacktestFigure, Canvas, Format};
use mailrunway::output::json::{whatif as whatif_json, window as window_json};
use mailrunway::output::mail::{Address, MailHead, MailPicture, message as mail};
use mailrunway::output::picture::{Drawing, Picture};
use mailrunway::output::view::{
    forecast as forecast_view, report as report_view, scan as scan_view, whatif as whatif_view, window as window_view,
};
use mailrunway::output::{html, markdown as markdown_form, text};
use mailrunway::planning::report::Report;
use mailrunway::planning::window::answer::{Answer, BackupTarget, Question, WindowSeries, answer};
use mailrunway::planning::window::contents::{Amount, StoreContents};
use mailrunway::planning::window::times::{Window, WindowStart};
use mailrunway::planning::window::work::Work;
use proptest::prelude::*;
use serde_json::Value;

use self::comparison::{assert_harmless, assert_same_letters};
use self::generator::{Names, any_names};
use self::sample_history::GeneratedHistory;
use super::series::{FORECASTER, cases};

/// Fewer than elsewhere: every case writes two histories and renders two reports.
const CASES: u32 = 12;

fn report_to(address: &Address, report: &Report, pictures: &mut [Vec<Picture>]) -> String {
    // The pixels do not matter here and are slow to draw.
    for picture in pictures.iter_mut().flatten() {
        let name = picture.kind.word();
        picture.drawing = Drawing::Png(MailPicture::new(name, &picture.description, vec![0, 1, 2]));
    }
    let head = MailHead {
        to: vec![address.clone()],
        from: "mailrunway@mail01.example.org".parse().expect("it is an address"),
        subject: report.subject_line(),
        date: Timestamp::UNIX_EPOCH,
        host: report.hosts[0].clone(),
    };
    let parts: Vec<MailPicture> = pictures.iter().flatten().filter_map(|picture| picture.png()).cloned().collect();
    let document = report_view::document(report, pictures);
    let page = html::letter(&document).expect("the template is right");
    let bytes = mail(&head, &text::plain(&document), &page, &parts).expect("there is somebody to send it to");
    String::from_utf8(bytes).expect("a message is ASCII")
}

/// A window on the first subject of a report, with a backup elsewhere.
fn asked(scanned: &GeneratedHistory, names: &Names) -> Answer {
    let series = scanned.series()[0].clone();
    let not_before = series.observations.last().expect("it was scanned").time;
    let begin = date(2025, 7, 1).at(2, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).expect("it is a time");
    let question = Question {
        window: Window::new(
            &WindowStart::Zoned(Box::new(begin)),
            "4h".parse().expect("it is a length"),
            &TimeZone::UTC,
        )
        .expect("it lies inside the calendar"),
        works: vec![Work::Size(Bytes(1 << 45))],
        rolls_back: true,
        confidence: 0.95,
        target: Some(BackupTarget {
            mount: names.mount().to_owned(),
            need: Amount { bytes: 1 << 40, inodes: 7 },
            available: (1, None),
        }),
        not_before,
    };
    answer(
        &question,
        &[WindowSeries { series, holding: StoreContents::default(), is_volume: true, only_backup: false }],
        &FORECASTER,
    )
}

/// Every document as text and Markdown, with the name of its command.
fn texts(scanned: &GeneratedHistory, report: &Report, names: &Names) -> Vec<(&'static str, String, String)> {
    let options = scanned.context.view_options();
    let forecasts: Vec<_> = report.lines().map(|line| line.forecast.clone()).collect();
    let answer = asked(scanned, names);
    let steps = window_view::checklist::steps(&answer, Units::Iec);
    let mut documents = vec![
        ("report", report_view::document(report, &[])),
        ("forecast", forecast_view::document(&forecasts, &options, true)),
        ("window", window_view::document(&answer, &steps, &options)),
        ("scan", scan_view::document(&scanned.newest, Units::Iec)),
    ];
    let what_ifs = report.subjects.iter().map(|subject| whatif_view::document(&subject.what_ifs, &options));
    documents.extend(what_ifs.map(|document| ("whatif", document)));
    let forms = |(what, document)| (what, text::plain(&document), markdown_form::render(&document));
    documents.into_iter().map(forms).collect()
}

/// Every JSON output, a line each.
fn lines(scanned: &GeneratedHistory, report: &Report, names: &Names) -> Vec<String> {
    let answer = asked(scanned, names);
    let steps = window_view::checklist::steps(&answer, Units::Iec);
    let mut lines = vec![json::line(report), window_json::line(&answer, &steps), json::line(&scanned.newest)];
    lines.extend(report.lines().map(|line| json::line(&line.forecast)));
    let what_ifs = report.subjects.iter().flat_map(|subject| &subject.what_ifs);
    let lead_time = report.policy.lead_time;
    let of_one = |one| whatif_json::lines(one, lead_time).lines().map(str::to_owned).collect::<Vec<_>>();
    lines.extend(what_ifs.flat_map(of_one));
    lines
}

/// Every string of a value, with its path without list indexes.
fn strings(value: &Value, way: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((way.to_owned(), text.clone())),
        Value::Array(values) => values.iter().for_each(|value| strings(value, &format!("{way}[]"), found)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| strings(value, &format!("{way}.{key}"), found)),
        _ => found.push((way.to_owned(), String::new())),
    }
}

fn assert_json(line: &str, tame: &str) -> Vec<String> {
    assert_harmless("json", line.trim_end_matches('\n'));
    let parsed = [line, tame].map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"));
    let [found, expected] = parsed.map(|value| {
        let mut found = Vec::new();
        strings(&value, "", &mut found);
        found
    });
    let ways = |all: &[(String, String)]| {
        let mut ways: Vec<String> = all.iter().map(|(way, _)| way.clone()).collect();
        ways.sort();
        ways
    };
    assert_eq!(ways(&found), ways(&expected), "{line}");
    found.into_iter().map(|(_, text)| text).collect()
}

fn assert_svg(svg: &str, tame: &markup::Vocabulary) {
    assert_harmless("svg", &svg.replace('\n', ""));
    let pieces = markup::read(svg).unwrap_or_else(|why| panic!("{why}: {svg}"));
    tame.assert_holds(&pieces);
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn names_are_shown_and_inert_in_every_format(names in any_names()) {
        let tame_names = names.tamed();
        let (scanned, tame) = (GeneratedHistory::new(&names), GeneratedHistory::new(&tame_names));
        let ((report, mut pictures), (tame_report, mut tame_pictures)) = (scanned.report(), tame.report());

        let shown = texts(&scanned, &report, &names);
        for ((what, text, shown), (_, tame, tame_shown)) in shown.iter().zip(texts(&tame, &tame_report, &tame_names)) {
            assert_same_letters(what, text, &tame);
            markdown::assert_alike(shown, &tame_shown);
        }
        let text = text::plain(&report_view::document(&report, &[]));
        for shown in names.shown() {
            // Long names are shortened in tables, and broken at blanks.
            let is_there = |shown: &str| shown.split(' ').all(|word| text.contains(word));
            prop_assert!(is_there(&printable(&shown)) || is_there(&brief(&shown)), "{shown:?} is not in {text}");
        }

        let page = html::render(&report_view::document(&report, &pictures)).expect("the template is right");
        let tame_page = html::render(&report_view::document(&tame_report, &tame_pictures)).expect("the template is right");
        markup::assert_alike("html", &page, &tame_page);
        let vocabulary = markup::Vocabulary::from_markup(&tame_page);
        for picture in pictures.iter().flatten() {
            let Drawing::Svg { wide, narrow } = &picture.drawing else { panic!("a page has no other pictures") };
            [wide, narrow].into_iter().for_each(|svg| assert_svg(svg, &vocabulary));
        }

        let reader = sample_history::reader();
        message::assert_alike(
            &report_to(&reader, &report, &mut pictures),
            &report_to(&reader, &tame_report, &mut tame_pictures),
        );

        let mut actual = Vec::new();
        for (line, tame) in lines(&scanned, &report, &names).iter().zip(lines(&tame, &tame_report, &tame_names)) {
            actual.extend(assert_json(line, &tame));
        }
        for name in names.whole() {
            prop_assert!(actual.contains(&name), "{name:?} is not in {actual:?}");
        }
    }

    #[test]
    fn hostile_chart_titles_are_inert([title, subtitle] in [generator::hostile(), generator::hostile()]) {
        let draw = |title: &str, subtitle: &str| {
            let (errors, line_errors) = ([0, 1, 0, 0, 0], [0, 0, 0, 1, 0]);
            let (dates, levels) = Default::default();
            let figure = BacktestFigure { title, subtitle, errors, line_errors, dates, levels };
            let bytes = chart::draw(&figure, Format::Svg, Canvas::default()).expect("it can be drawn");
            String::from_utf8(bytes).expect("SVG is UTF-8")
        };
        assert_svg(&draw(&title, &subtitle), &markup::Vocabulary::from_markup(&draw("title", "subtitle")));
    }
}
